"""A synthetic world shaped like the real one, the same on every machine: records, studies of 1.4 to 20 kB, concepts.

Shape: for N records 0.26 N studies and 0.05 N concepts. Names are invented from syllables; 96 % of the records agree
with both sides, in other spellings; the rest names another drug, another study, a retired or missing concept, no id.
Every value follows from the seed and its own number, so that nothing has to be held in memory.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

_HEADS = (
    "abe ado alo ane axi beva bosu cabo cero cilo dara deno dova elo emi enza fila gali gemi ibru ixa keto lena lipo"
)
_MIDDLES = "bro ci do fa gli ka li lo mi mu ni po ra re ri ro sa so ta ti tu va vi xi zo"
_TAILS = "mab nib tinib parib ciclib zomib limus platin taxel rubicin lisib degib fusp cel leucel statin vir"
_PROSE = (
    "patients received study treatment until disease progression or unacceptable toxicity with follow up every three "
    "months participants tumor response assessed according to criteria version dose escalation cohort expansion arm "
    "primary endpoint overall survival safety tolerability pharmacokinetics adverse events laboratory values organ "
    "function adequate bone marrow prior therapy systemic metastatic advanced refractory relapsed carcinoma lymphoma "
    "leukemia myeloma melanoma informed consent age years performance status measurable lesion imaging baseline cycle "
    "days weeks infusion tablet daily intravenous oral administration randomized open label blinded placebo control"
)
_WORDS = _PROSE.split()
_ROUTES = ("Oral", "Intravenous", "Subcutaneous", "Intramuscular")
_TYPES = ("DRUG", "DRUG", "DRUG", "BIOLOGICAL")
_STATUSES = ("COMPLETED", "RECRUITING", "ACTIVE_NOT_RECRUITING", "TERMINATED", "UNKNOWN", "COMPLETED", "RECRUITING")
_CLASSES = ("Small Molecule", "Monoclonal Antibody", "Cellular Therapy")

TIMESTAMP = "2026-11-20T09:00:04"
RELEASE = "26.10d"


@dataclass(frozen=True)
class Drug:
    name: str
    code_name: str
    synonyms: tuple[str, ...]
    route: str
    type: str


@dataclass(frozen=True)
class World:
    """`day` counts changes: on day 1 one study in a hundred differs from day 0.

    An `even` world has a study and a concept for each record, and each record links to its own: for cold runs.
    """

    records: int
    seed: int = 20261123
    day: int = 0
    even: bool = False

    @property
    def studies(self) -> int:
        return self.records if self.even else max(1, self.records * 26 // 100)

    @property
    def concepts(self) -> int:
        return self.records if self.even else max(2, self.records * 5 // 100)

    def _random(self, *what: object) -> random.Random:
        return random.Random(f"{self.seed}/{'/'.join(map(str, what))}")

    # ------------------------------------------------------------ ids

    def nct(self, number: int) -> str:
        return f"NCT{1_000_000 + number * 17:08}"

    def code(self, number: int) -> str:
        return f"C{10_000 + number * 3}"

    @cached_property
    def nct_ids(self) -> list[str]:
        return [self.nct(number) for number in range(self.studies)]

    @cached_property
    def codes(self) -> list[str]:
        return [self.code(number) for number in range(self.concepts)]

    # ------------------------------------------------------------ drugs

    def drug(self, number: int) -> Drug:
        chance = self._random("drug", number)
        name = "".join(chance.choice(part.split()) for part in (_HEADS, _MIDDLES, _MIDDLES, _TAILS)).capitalize()
        letters = "".join(chance.choice("ABCDEFGHKLMNPRSTVXYZ") for _ in range(3))
        code_name = f"{letters}-{1000 + number}"
        brand = "".join(chance.choice(part.split()) for part in (_HEADS, _MIDDLES, _MIDDLES)).capitalize()
        others = (f"{name} Hydrochloride", f"{brand}", f"{letters}{1000 + number}", code_name)
        return Drug(name, code_name, others, chance.choice(_ROUTES), chance.choice(_TYPES))

    def drugs_of(self, study: int) -> list[int]:
        """The drugs that a study gives: its own and up to three partners."""
        if self.even:
            return [study]
        chance = self._random("given", study)
        return list(dict.fromkeys(chance.randrange(self.concepts) for _ in range(chance.choice((1, 1, 2, 2, 3, 4)))))

    # ------------------------------------------------------------ payloads

    def study(self, number: int) -> dict[str, Any]:
        """A study in the shape of API v2, as the projection gives it."""
        chance = self._random("study", number)
        drugs = [self.drug(given) for given in self.drugs_of(number)]
        conditions = [" ".join(chance.sample(_WORDS, 2)).title() for _ in range(chance.randint(1, 3))]
        title = f"A Study of {drugs[0].name} in {conditions[0]}"
        arms = chance.randint(1, 3)
        # Sizes as the registry has them: a median near 7 kB, a few at 20.
        prose = chance.choice((200, 500, 900, 2000, 3000, 4500, 7000, 15000))
        changed = self.day > 0 and number % 100 == self.day % 100
        return {
            "protocolSection": {
                "identificationModule": {
                    "nctId": self.nct(number),
                    "orgStudyIdInfo": {"id": f"{drugs[0].code_name}-{number:03}"},
                    "organization": {"fullName": "Sponsor", "class": "INDUSTRY"},
                    "briefTitle": title,
                    "officialTitle": f"{title}: a Phase 2 {' '.join(chance.sample(_WORDS, 12))}",
                },
                "statusModule": {
                    "statusVerifiedDate": "2026-09",
                    "overallStatus": "SUSPENDED" if changed else chance.choice(_STATUSES),
                    "startDateStruct": {
                        "date": f"{chance.randint(2005, 2026)}-0{chance.randint(1, 9)}",
                        "type": "ACTUAL",
                    },
                    "primaryCompletionDateStruct": {"date": "2027-03-31", "type": "ESTIMATED"},
                    "completionDateStruct": {"date": "2028-03-31", "type": "ESTIMATED"},
                    "studyFirstPostDateStruct": {"date": "2020-01-15", "type": "ACTUAL"},
                    "lastUpdatePostDateStruct": {"date": "2026-10-01", "type": "ACTUAL"},
                },
                "sponsorCollaboratorsModule": {"leadSponsor": {"name": f"Sponsor {number % 997}", "class": "INDUSTRY"}},
                "descriptionModule": {
                    "briefSummary": self._prose(chance, 300, drugs[0].name),
                    "detailedDescription": self._prose(chance, prose, drugs[-1].name),
                },
                "conditionsModule": {"conditions": conditions, "keywords": chance.sample(_WORDS, 4)},
                "designModule": {
                    "studyType": "INTERVENTIONAL",
                    "phases": [chance.choice(("PHASE1", "PHASE2", "PHASE3"))],
                    "designInfo": {
                        "allocation": "RANDOMIZED",
                        "interventionModel": "PARALLEL",
                        "primaryPurpose": "TREATMENT",
                        "maskingInfo": {"masking": "NONE"},
                    },
                    "enrollmentInfo": {"count": chance.randint(10, 900), "type": "ESTIMATED"},
                },
                "armsInterventionsModule": {
                    "armGroups": [
                        {
                            "label": f"Arm {arm + 1}",
                            "type": "EXPERIMENTAL" if arm == 0 else "ACTIVE_COMPARATOR",
                            "description": self._prose(chance, 150, drugs[arm % len(drugs)].name),
                            "interventionNames": [f"Drug: {drug.name}" for drug in drugs],
                        }
                        for arm in range(arms)
                    ],
                    "interventions": [
                        {
                            "type": drug.type,
                            "name": chance.choice((drug.name, drug.name, drug.code_name, drug.name.upper())),
                            "description": f"{drug.name} given by {drug.route.lower()} administration",
                            "armGroupLabels": [f"Arm {arm + 1}" for arm in range(arms)],
                            "otherNames": [drug.code_name, drug.synonyms[1]],
                        }
                        for drug in drugs
                    ],
                },
                "outcomesModule": {
                    "primaryOutcomes": [{"measure": " ".join(chance.sample(_WORDS, 6)), "timeFrame": "24 months"}]
                },
                "eligibilityModule": {
                    "eligibilityCriteria": self._prose(chance, prose // 3 + 200, None),
                    "sex": "ALL",
                    "minimumAge": "18 Years",
                    "stdAges": ["ADULT", "OLDER_ADULT"],
                },
                "contactsLocationsModule": {"locations": [{"country": "United States"}] * chance.randint(1, 30)},
            },
            "derivedSection": {
                "miscInfoModule": {"versionHolder": TIMESTAMP[:10]},
                "conditionBrowseModule": {"meshes": [{"id": f"D{number:06}", "term": conditions[0]}]},
                "interventionBrowseModule": {"meshes": [{"id": f"D{number + 7:06}", "term": drugs[0].name}]},
            },
            "hasResults": False,
        }

    def concept(self, number: int) -> dict[str, Any]:
        """A concept in the shape of the EVS REST API. One in fifty is retired."""
        chance = self._random("concept", number)
        drug = self.drug(number)
        rows: list[dict[str, Any]] = [
            {"name": drug.name, "termType": "PT", "type": "FULL_SYN", "source": "NCI"},
            *({"name": name, "termType": "SY", "type": "FULL_SYN", "source": "NCI"} for name in drug.synonyms[:2]),
            *({"name": name, "termType": "CN", "type": "FULL_SYN", "source": "NCI"} for name in drug.synonyms[2:]),
            {"name": drug.name.upper(), "termType": "PT", "type": "FULL_SYN", "source": "FDA"},
            {"name": drug.name, "type": "Display_Name"},
            {"name": drug.name, "type": "Preferred_Name"},
        ]
        retired = self.retired(number)
        return {
            "code": self.code(number),
            "name": drug.name,
            "terminology": "ncit",
            "version": RELEASE,
            "conceptStatus": "Retired_Concept" if retired else "DEFAULT",
            "leaf": True,
            "active": not retired,
            "synonyms": rows,
            "definitions": [
                {
                    "definition": self.definition(number),
                    "type": "DEFINITION",
                    "source": "NCI",
                }
            ],
            "properties": [
                {"code": "P106", "type": "Semantic_Type", "value": "Pharmacologic Substance"},
                {"code": "P207", "type": "UMLS_CUI", "value": f"C{chance.randrange(10**7):07}"},
                {"code": "P319", "type": "FDA_UNII_Code", "value": f"{chance.randrange(16**10):010X}"},
                {"code": "P210", "type": "CAS_Registry", "value": f"{chance.randrange(10**6)}-12-3"},
            ],
            "parents": [{"code": "C1909", "name": "Pharmacologic Substance"}],
            "roles": [
                {
                    "code": "R124",
                    "type": "Chemical_Or_Drug_Has_Mechanism_Of_Action",
                    "relatedCode": "C1111",
                    "relatedName": "Kinase Inhibition",
                }
            ],
            "associations": [
                {
                    "code": "A8",
                    "type": "Concept_In_Subset",
                    "relatedCode": "C116978",
                    "relatedName": "CTRP Agent Terminology",
                }
            ],
        }

    def retired(self, number: int) -> bool:
        return not self.even and number % 50 == 49

    def replacements(self, number: int) -> list[dict[str, Any]]:
        """The rows of a retired concept: its neighbour stands in for it."""
        successor = self.code((number + 1) % self.concepts)
        return [
            {"code": self.code(number), "action": "merge", "replacementCode": successor, "replacementName": "Successor"}
        ]

    def definition(self, number: int) -> str:
        chance = self._random("definition", number)
        drug = self.drug(number)
        return (
            f"An agent with potential antineoplastic activity. Upon administration, {drug.name} binds to its target, "
            f"which may {' '.join(chance.sample(_WORDS, 30))}."
        )

    def _prose(self, chance: random.Random, length: int, name: str | None) -> str:
        """Sentences of fourteen words; the name stands in one of them."""
        words = chance.choices(_WORDS, k=max(4, length // 8))
        if name is not None:
            words[len(words) // 2] = name
        sentences = (" ".join(words[at : at + 14]) for at in range(0, len(words), 14))
        return " ".join(f"{sentence[:1].upper()}{sentence[1:]}." for sentence in sentences)

    # ------------------------------------------------------------ records

    def record(self, number: int) -> dict[str, str]:
        """One row; its number decides study and drug. Four in a hundred are wrong in some way."""
        chance = self._random("record", number)
        study = number if self.even else chance.randrange(self.studies)
        concept = chance.choice(self.drugs_of(study))
        drug = self.drug(concept)
        row = {
            "drug_type": "RELEVANT_DRUG",
            "intervention_type": "Drug" if drug.type == "DRUG" else "Biological",
            "drug_description": self._prose(chance, 250, drug.name),
            "nci_thesaurus_concept_id": self.code(concept),
            "nci_thesaurus_preferred_term": drug.name,
            "nci_thesaurus_definition": self.definition(concept),
            "drug_mesh_term": drug.name,
            "drug_category": "Targeted Therapy",
            "drug_class": chance.choice(_CLASSES),
            "drug_delivery_route": drug.route,
            "drug_mechanism_of_action": self._prose(chance, 200, None),
            "drug_name": chance.choice((drug.name, drug.name.lower(), drug.code_name, drug.synonyms[2])),
            "nct_id_drug_ref": self.nct(study),
        }
        match None if self.even else number % 100:
            case 7:
                row["drug_name"] = self.drug((concept + 1) % self.concepts).name
            case 29:
                row["nct_id_drug_ref"] = self.nct(chance.randrange(self.studies))
            case 53:
                row["nci_thesaurus_concept_id"] = ""
            case 77:
                row["nct_id_drug_ref"] = row["nct_id_drug_ref"][:-1]
        return row

    def rows(self) -> Iterator[dict[str, str]]:
        return map(self.record, range(self.records))

    def payloads(self) -> Iterator[tuple[str, str, bytes]]:
        """(source, id, body) of everything."""
        for number in range(self.studies):
            yield "ctgov", self.nct(number), _encoded(self.study(number))
        for number in range(self.concepts):
            yield "ncit", self.code(number), _encoded(self.concept(number))
            if self.retired(number):
                yield "ncit", f"{self.code(number)}.replacements", _encoded(self.replacements(number))


def _encoded(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
