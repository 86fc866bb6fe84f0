"""The stored definition: the same, cut off, revised, or about something else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from builders import concept_of, conflicts
from trialweave.core.checks.definitions import compare
from trialweave.core.concept import Definition

TEXT = (
    "An orally available Raf kinase inhibitor with potential antineoplastic activity. Encorafenib specifically inhibits"
    " Raf kinase, a serine/threonine enzyme in the signaling pathway."
)
ADC = (
    "An antibody-drug conjugate composed of an anti-CD22 antibody linked to a cleavable toxin, with potential activity."
)
CAR = (
    "A preparation of autologous T lymphocytes that are genetically engineered to express a chimeric antigen receptor"
    " specific for EGFR, with potential immunomodulating and antineoplastic activities."
)


def kinds(stored: str, current: str, name: str = "Encorafenib") -> list[tuple[str, str]]:
    found = conflicts(
        {"drug_name": name, "nci_thesaurus_definition": stored}, None, concept_of(name, definition=current)
    )
    return [(conflict.kind, conflict.severity) for conflict in found.values() if conflict.field != "drug_name"]


@pytest.mark.parametrize(
    "stored",
    [
        TEXT,
        f"{TEXT} (NCI04)",
        f"NCI|{TEXT}",
        TEXT.replace("/", " / "),
        TEXT.replace("-", "\N{NON-BREAKING HYPHEN}").upper(),
        f"<p>{TEXT}</p>",
        f"{TEXT} Check for active clinical trials using this agent.",
    ],
)
def test_texts_that_differ_by_typography_are_the_same(stored: str) -> None:
    assert kinds(stored, TEXT) == []


MARKED = "The drug's target is HER2, a receptor (HER2/neu) - it signals through beta-catenin in disease."


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("'", "&#39;"),
        ("/", "&#47;"),
        (" - ", " &ndash; "),
        ("HER2", "HER<sub>2</sub>"),
        (MARKED, f'"{MARKED}"'),
        (MARKED, f"\N{LEFT DOUBLE QUOTATION MARK}{MARKED}\N{RIGHT DOUBLE QUOTATION MARK}"),
        (",", " ,"),
        ("(HER2/neu)", "( HER2/neu )"),
        ("beta-catenin", "beta catenin"),
        ("beta-catenin", "betacatenin"),
        ("HER2", "HER-2"),
        ("is HER2", "isHER2"),
        (", a receptor", ",a receptor"),
    ],
)
def test_markup_quotes_and_stray_spaces_are_typography(old: str, new: str) -> None:
    assert compare(MARKED.replace(old, new), MARKED) == "same"


RAF = "A humanized inhibitor [of Raf kinase], with activity in leukemia and tumors, and signaling."


@pytest.mark.parametrize(
    "stored",
    [
        f"Definition: {TEXT}",
        f"NCI Thesaurus: {TEXT}",
        f"NCIt definition: {TEXT}",
        f"{TEXT} [NCI Thesaurus]",
        f"{TEXT} (NCIt)",
        f"{TEXT} (Source: NCI Thesaurus)",
        f"{TEXT} Source: NCI Thesaurus",
        f"{TEXT} NCI Thesaurus.",
        f"Encorafenib: {TEXT}",
        f"Encorafenib (LGX818) - {TEXT}",
        TEXT.replace(" with ", ", with "),
    ],
)
def test_labels_before_and_behind_are_typography(stored: str) -> None:
    assert kinds(stored, TEXT) == []


def test_british_spelling_and_the_shape_of_brackets_are_typography() -> None:
    british = "A humanised inhibitor (of Raf kinase) with activity in leukaemia & tumours, and signalling."
    assert compare(british, RAF) == "same"


def test_a_cut_may_part_a_word_that_the_two_spell_apart() -> None:
    text = "A cell product comprised of lymphocytes that recognise the antigen on leukaemia and kill what bears it."
    assert compare(text[:52], text) == "cut"
    assert compare(text[:73].replace("recognise", "recognize"), text) == "cut"


def test_a_word_before_the_current_text_that_is_no_label_is_a_revision() -> None:
    assert compare(f"Unlike {TEXT}", TEXT) == "revised"


def test_the_definition_of_another_source_is_no_revision() -> None:
    gloss = Definition(
        "A drug used to treat certain types of melanoma. Encorafenib is a type of inhibitor.", "GLOSS", "/d"
    )
    concept = replace(concept_of("Encorafenib", definition=TEXT), other_definitions=(gloss,))
    row = {"drug_name": "Encorafenib", "nci_thesaurus_definition": gloss.text}
    assert conflicts(row, None, concept) == {}


@pytest.mark.parametrize("behind", ["...", " [...]", " (truncated)", " (cont.)", "… "])
def test_marks_of_a_cut_text_are_no_words(behind: str) -> None:
    assert kinds(TEXT[:120] + behind, TEXT) == [("text_truncated", "info")]


def test_an_agonist_is_no_revised_antagonist() -> None:
    text = "A selective {} of the glucagon-like peptide receptor, with potential activity. Zebratide lowers glucose."
    stored, current = text.format("antagonist"), text.format("agonist")
    assert kinds(stored, current, "Zebratide") == [("definition_unrelated", "warning")]


def test_a_minus_behind_a_digit_is_no_typography() -> None:
    assert compare(f"{TEXT} Given with CD4- T cells.", f"{TEXT} Given with CD4 T cells.") != "same"
    assert compare(f"{TEXT} Given with CD4+ T cells.", f"{TEXT} Given with CD4- T cells.") != "same"
    assert compare(f"{TEXT} Given on days 1 12.", f"{TEXT} Given on days 11 2.") != "same"


@pytest.mark.parametrize("stored", [TEXT[:120], TEXT[:120] + "...", TEXT[:81] + "…"])
def test_a_beginning_is_cut_off_and_no_drift(stored: str) -> None:
    assert kinds(stored, TEXT) == [("text_truncated", "info")]


def test_a_revision_is_drift_and_the_current_text_is_proposed() -> None:
    stored = TEXT.replace("Encorafenib specifically", "LGX818 potently")
    assert kinds(stored, TEXT) == [("definition_drift", "info")]


def test_a_text_that_is_aimed_at_another_target_was_not_revised() -> None:
    text = (
        "A monoclonal antibody directed against {}, with potential antineoplastic activity. Upon administration,"
        " zebrumab binds to tumor cells and may induce an immune response against them."
    )
    stored, current = text.format("CD20"), text.format("HER2")
    assert compare(stored, current) == "revised"
    assert kinds(stored, current, "Zebrumab") == [("definition_unrelated", "warning")]
    row = {"drug_name": "ABC-1234", "nci_thesaurus_definition": stored}
    assert list(conflicts(row, None, concept_of("Zebrumab", definition=current))) == ["concept_different_drug"]


def test_a_text_with_words_left_out_is_a_revision() -> None:
    whole = (
        "A third-generation, orally available, irreversible, mutant-selective, epidermal growth factor receptor (EGFR)"
        " inhibitor, with potential antineoplastic activity. Upon oral administration, zebratinib covalently binds to"
        " and inhibits the activity of numerous mutant forms of EGFR, including the T790M mutant form."
    )
    short = (
        "A third-generation, orally available, irreversible, mutant-selective EGFR inhibitor with potential"
        " antineoplastic activity"
    )
    assert compare(short, whole) == "revised"
    assert (
        compare(short.replace("irreversible, mutant-selective EGFR", "reversible, selective MET"), whole) == "unrelated"
    )


def test_a_text_in_other_words_that_names_the_drug_is_drift() -> None:
    stored = "A pill against melanoma made of encorafenib, taken daily by adults whose tumors carry a mutation."
    assert compare(stored, TEXT) == "unrelated"
    assert kinds(stored, TEXT) == [("definition_drift", "info")]


def test_another_products_text_is_unrelated_and_an_error_where_it_contradicts() -> None:
    plain = "A substance isolated from the bark of a tree that was used to treat fever in the eighteenth century."
    assert kinds(plain, TEXT) == [("definition_unrelated", "warning")]
    assert kinds(ADC, CAR, "Zeta-cel") == [("definition_unrelated", "error")]


def test_beside_a_name_conflict_it_is_evidence_and_no_conflict_of_its_own() -> None:
    row = {"drug_name": "Venetoclax", "nci_thesaurus_definition": "A bark, once used to treat fever in many countries."}
    assert "definition_unrelated" not in conflicts(row, None, concept_of("Encorafenib", definition=TEXT))


DISITAMAB = "An antibody-drug conjugate directed against HER2. Upon administration of {}, the antibody binds to HER2."


def test_a_definition_that_names_another_drug_as_its_own_is_noted() -> None:
    concept = concept_of("Disitamab Vedotin", "RC48-ADC", definition=DISITAMAB.format("trastuzumab vedotin"))
    conflict = conflicts({"drug_name": "Disitamab vedotin"}, None, concept)["concept_definition_names_other_drug"]
    assert conflict.severity == "info"
    assert [claim.value for claim in conflict.claims] == ["Disitamab Vedotin", "trastuzumab vedotin"]


@pytest.mark.parametrize("subject", ["disitamab vedotin", "RC48-ADC", "the agent", "disitamab", "disitamib vedotin"])
def test_a_definition_that_names_its_own_drug_or_class_words_is_silent(subject: str) -> None:
    concept = concept_of("Disitamab Vedotin", "RC48-ADC", definition=DISITAMAB.format(subject))
    assert conflicts({"drug_name": "Disitamab vedotin"}, None, concept) == {}


def test_a_comparison_with_another_drug_is_silent() -> None:
    text = "A taxane. Ortataxel binds to tubulin. Compared to paclitaxel it is orally available."
    assert conflicts({"drug_name": "Ortataxel"}, None, concept_of("Ortataxel", definition=text)) == {}


def test_words_left_out_of_a_definition_are_looked_for_where_that_takes_no_hours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words = [f"word{number}" for number in range(60)]
    stored, current = (
        " ".join(words[:12]),
        " ".join([word for at, word in enumerate(words) for word in (f"x{at}", word)]),
    )
    assert compare(stored, current) == "revised"
    monkeypatch.setattr("trialweave.core.text._MOST_TO_ALIGN", 0)
    assert compare(stored, f"{current} more") == "unrelated"
