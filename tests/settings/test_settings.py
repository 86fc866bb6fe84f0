"""Settings: whatever is written there, they are usable or refused with the place; secrets stay secret."""

from __future__ import annotations

import json
import pickle
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialweave.api import cache_dir_of, default_cache_dir
from trialweave.errors import SettingsError
from trialweave.settings import ENVIRONMENT, Settings, load_settings

SECRET = "Bearer hunter2"  # noqa: S105

names = st.sampled_from(
    ["ctgov", "evs", "url", "rate", "headers", "columns", "checks", "off", "severity", "gates", "now", "contact", "nct"]
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | names,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names | st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def refusal(flags: dict[str, Any], environ: dict[str, str] | None = None) -> str:
    with pytest.raises(SettingsError) as caught:
        load_settings(None, environ or {}, flags)
    return "".join(traceback.format_exception(caught.value))


def said(file: Path | None, environ: dict[str, str], flags: dict[str, Any] | None = None) -> str | None:
    """Why settings are refused, or None where they are not."""
    try:
        load_settings(file, environ, flags)
    except SettingsError as error:
        return str(error)
    return None


# ---------------------------------------------------------------- anything


@given(st.dictionaries(names | st.text(max_size=5), values, max_size=4))
def test_any_tree_is_settings_or_refused(tree: dict[str, Any]) -> None:
    assert said(None, {}, tree) != ""


@given(st.dictionaries(st.sampled_from(sorted(ENVIRONMENT)), st.text(max_size=30), max_size=4))
def test_any_environment_is_settings_or_refused(environ: dict[str, str]) -> None:
    refused = said(None, environ)
    assert refused is None or any(name in refused for name in environ)


@given(raw=st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_file_is_settings_or_refused(raw: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.getbasetemp() / "settings.toml"
    file.write_bytes(raw)
    refused = said(file, {})
    assert refused is None or "settings.toml" in refused


@pytest.mark.parametrize(
    "text",
    ["a = " + "[" * 5_000 + "]" * 5_000, "a = " + "{a=" * 5_000 + "1" + "}" * 5_000, "now = 1" + "0" * 10_000],
    ids=["lists", "tables", "digits"],
)
def test_a_file_that_the_reader_of_toml_gives_up_on_is_refused(tmp_path: Path, text: str) -> None:
    """RecursionError and ValueError, which ended in a traceback."""
    file = tmp_path / "settings.toml"
    file.write_text(text)
    assert "settings.toml: this is not TOML" in (said(file, {}) or "")


@pytest.mark.parametrize("name", ["cache_dir", "acknowledgements", "metrics", "inputs"])
def test_a_path_that_no_file_can_have_is_refused(name: str) -> None:
    for path in ("a\0b", ""):
        assert f"{name}" in (said(None, {}, {name: [path] if name == "inputs" else path}) or "")


def test_a_home_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container whose user has no entry anywhere."""
    with pytest.raises(SettingsError, match=r"cache_dir .*nobody-here"):
        cache_dir_of(Settings(cache_dir=Path("~nobody-here/cache")))

    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", homeless)
    with pytest.raises(SettingsError, match="XDG_CACHE_HOME"):
        default_cache_dir()


@pytest.mark.parametrize(
    ("variable", "near"),
    [
        ("TRIALWEAVE_CTGOV_URI", "TRIALWEAVE_CTGOV_URL"),
        ("TRIALWEAVE_CACHEDIR", "TRIALWEAVE_CACHE_DIR"),
        ("TRIALWEAVE_CACHE", "TRIALWEAVE_CACHE_DIR"),
        ("TRIALWEAVE_RUN", "TRIALWEAVE_RUNS"),
    ],
)
def test_a_misspelt_variable_is_refused_with_the_one_that_is_meant(variable: str, near: str) -> None:
    """A mirror under a name that nobody reads would leave the services themselves asked."""
    assert said(None, {variable: "x"}) == f"{variable}: there is no such variable; did you mean {near!r}?"


def test_variables_of_others_are_left_alone() -> None:
    assert (
        said(None, {"TRIALWEAVE_KILLS": "3", "TRIALWEAVE_RUNS": "runs", "TRIALWEAVE_CACHE": "", "CTGOV": "x"}) is None
    )


@pytest.mark.parametrize("tree", [{"evs": {"serches": 3}}, {"evs": "x"}, [], None, "x"])
def test_settings_of_a_program_are_refused_in_the_same_words(tree: Any) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.model_validate(tree)
    assert "pydantic" not in str(caught.value)
    assert str(caught.value) in (
        "settings: evs.serches: there is no such setting; did you mean 'searches'?",
        "settings: evs: this has to be a table, not 'x'",
        "settings: this has to be a table",
        "settings: this has to be a table, not None",
        "settings: this has to be a table, not 'x'",
    )


# ---------------------------------------------------------------- secrets


def with_header() -> Settings:
    return load_settings(None, {}, {"ctgov": {"headers": {"Authorization": SECRET, "X-Key": "hunter2"}}})


def test_headers_are_handed_out_to_the_one_who_sends_them() -> None:
    settings = with_header()
    assert settings.ctgov.sent_headers == {"Authorization": SECRET, "X-Key": "hunter2"}
    assert settings.evs.sent_headers == {}


def test_headers_are_in_no_form_in_which_settings_are_shown() -> None:
    settings = with_header()
    shown = (repr(settings), str(settings), settings.model_dump_json(), json.dumps(settings.model_dump(mode="json")))
    assert all("hunter2" not in text for text in (*shown, f"{settings.ctgov}", repr(settings.ctgov.headers)))
    assert pickle.loads(pickle.dumps(settings)) == settings  # noqa: S301


def test_headers_are_no_part_of_the_digest() -> None:
    assert with_header().digest == Settings().digest


@pytest.mark.parametrize(
    "service",
    [
        {"headers": SECRET},
        {"headers": [SECRET]},
        {"headers": {"Authorization": SECRET + "\r\nX-Other: 1"}},
        {"headers": {"Authorization": " " + SECRET}},
        {"headers": {"Authorization": SECRET + " \u00e9"}},
        {"headers": {"Authorization": ""}},
        {"headers": {"Authorization": {"Bearer": SECRET}}},
        {"headers": {"Host": SECRET}},
        {"headers": {"user-agent": SECRET}},
        {"headers": {"Bad Name": SECRET}},
        {"headers": {"": SECRET}},
        {"url": "https://me:hunter2@mirror.example/api/v2"},
        {"url": "ftp://me:hunter2@mirror.example/api/v2"},
        {"url": "https://me:hunter2@mirror.example:99999/api"},
        {"url": "https://me:hunter2@[::1/api"},
        {"url": "https://:80/hunter2"},
    ],
    ids=str,
)
def test_a_refused_header_or_address_is_not_repeated(service: dict[str, Any]) -> None:
    told = refusal({"ctgov": service})
    assert "ctgov" in told
    assert "hunter2" not in told


def test_a_refused_address_of_the_environment_is_not_repeated() -> None:
    told = refusal({}, {"TRIALWEAVE_EVS_URL": "https://me:hunter2@mirror.example/api/v1"})
    assert "TRIALWEAVE_EVS_URL" in told
    assert "headers" in told
    assert "hunter2" not in told


def test_a_secret_in_a_file_that_is_no_toml_is_not_repeated(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(f'[ctgov.headers]\nAuthorization = {SECRET}\n"x')
    with pytest.raises(SettingsError) as caught:
        load_settings(file, {})
    assert "hunter2" not in str(caught.value)
    assert "line 2" in str(caught.value)


@pytest.mark.parametrize("contact", ["müller@example.org", "a@example.org\r\nX-Evil: 1", "a@example.org\n"])
def test_a_contact_that_no_header_can_carry_is_refused_by_name(contact: str) -> None:
    with pytest.raises(SettingsError, match=r"TRIALWEAVE_CONTACT: the contact has to be printable ASCII on one line"):
        load_settings(None, {"TRIALWEAVE_CONTACT": contact})
    with pytest.raises(SettingsError, match="contact"):
        load_settings(None, {}, {"contact": contact})


def test_a_time_that_is_none_is_refused_with_an_example() -> None:
    with pytest.raises(SettingsError, match=r"TRIALWEAVE_NOW: the time has to be in ISO 8601, such as 2026-"):
        load_settings(None, {"TRIALWEAVE_NOW": "tomorrow"})


def test_a_byte_order_mark_is_no_part_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "t.toml"
    file.write_bytes(b'\xef\xbb\xbfcontact = "a@example.org"\n')
    assert load_settings(file, {}).contact == "a@example.org"


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("now = 5", "now: the time has to be in ISO 8601, such as 2026-11-23T04:00:00Z, not 5"),
        (
            "now = 9999-12-31T23:59:59Z",
            "now: the year has to lie between 1970 and 9000, not 9999-12-31T23:59:59+00:00",
        ),
        ("[ctgov]\nrate = true", "ctgov.rate: a number has to stand here, not true"),
        ("[gates]\nminimum_records = false", "gates.minimum_records: a number has to stand here, not false"),
        ('ctgov = "x"', "ctgov: this has to be a table, not 'x'"),
        ('inputs = "t.csv"', "inputs: this has to be a list, in brackets, not 't.csv'"),
        ('[columns]\ndrug_nam = "x"', "columns: there is no field called 'drug_nam'; did you mean 'drug_name'?"),
        (
            "[checks]\noff = ['study_stat']",
            "checks.off: there is no kind of conflict called 'study_stat'; did you mean 'study_state'?",
        ),
        (
            '[evs]\nurl = "http://h/v1?x=1"',
            "evs.url: this is no address; it starts with http:// or https:// and has no query",
        ),
    ],
)
def test_a_refusal_names_the_place_and_says_what_belongs_there(tmp_path: Path, toml: str, message: str) -> None:
    file = tmp_path / "t.toml"
    file.write_text(toml)
    assert said(file, {}) == f"{file}: {message}"


@pytest.mark.parametrize("now", ["2026-11-23T04:00:00", '"2026-11-23T04:00:00"', "2026-11-23T05:00:00+01:00"])
def test_a_time_without_an_offset_is_utc(tmp_path: Path, now: str) -> None:
    file = tmp_path / "t.toml"
    file.write_text(f"now = {now}")
    assert load_settings(file, {}).now == datetime(2026, 11, 23, 4, tzinfo=UTC)
