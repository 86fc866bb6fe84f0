"""The pages of `docs/` that are generated, so that they cannot rot: `python -m trialweave.reference docs` writes them.

A test holds each committed page against the generated one.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click
from pydantic import BaseModel

from trialweave.cli import cli
from trialweave.core.catalogue.page import catalogue_page
from trialweave.schema import schema_page
from trialweave.settings import ENVIRONMENT, Settings
from trialweave.sources.facts import fields_page

_WIDTH = 100
_COMMANDS = """\
# Command line

Data goes to standard output or to the file that `-o` names; messages go to standard error, and so does progress, on a
terminal only.

| exit code | means |
|---|---|
| 0 | done |
| 1 | failed, nothing was published |
| 2 | wrong usage, settings or input |
| 3 | done, and `--fail-on` was reached |
| 4 | a gate failed, nothing was published (nightly job) |
| 5 | done, but a source gave up: links are stale or unavailable |
| 130 | interrupted |

Where several hold, the first of 130, 2, 1, 4, 5, 3, 0 is the exit code.
"""


# ---------------------------------------------------------------- command line


def cli_page() -> str:
    """`docs/cli.md`: what `--help` says of every command."""
    helps = (f"\n## `{path}`\n\n```text\n{text}\n```\n" for path, text in _helps(cli, None, "trialweave"))
    return _COMMANDS + "".join(helps)


def _helps(command: click.Command, parent: click.Context | None, name: str) -> Iterator[tuple[str, str]]:
    """Each command's path and help, depth first."""
    with click.Context(command, parent, name, terminal_width=_WIDTH, max_content_width=_WIDTH) as context:
        context.help_option_names = cli.context_settings["help_option_names"]
        yield context.command_path, command.get_help(context)
        if isinstance(command, click.Group):
            for child in sorted(command.commands):
                yield from _helps(command.commands[child], context, child)


# ---------------------------------------------------------------- settings


def settings_page() -> str:
    """`docs/settings.md`: every setting with its environment variable, its default and its meaning."""
    variables = {path: variable for variable, path in ENVIRONMENT.items()}
    rows = [
        f"| `{'.'.join(path)}` | {_code(variables.get(path))} | {kind} | {_code(default)} | {meaning} |"
        for path, kind, default, meaning in _settings(Settings, ())
    ]
    table = "\n".join(["| setting | environment | kind | default | meaning |", "|---|---|---|---|---|", *rows])
    return _SETTINGS.format(table=table)


_SETTINGS = """\
# Settings

A TOML file, named with `--config FILE`; nothing is searched for. The environment beats the file, and flags
(`--cache-dir`) beat the environment. A name that is not in this table is refused, with the nearest one that is; so is
an environment variable that nearly has the name of one of these.

```toml
contact = "curators@example.org"

[ctgov]
rate = 0.5

[columns]
nct_id_drug_ref = "trial"
record_id = "row_id"

[checks]
off = ["definition_drift"]

[checks.severity]
study_state = "warning"
```

{table}

A setting with a dot is a key of a table: `ctgov.rate` is `rate` under `[ctgov]`. Files and folders are named from the
working directory. Fields are the thirteen of [a record](tables.md); kinds of conflict are those that
`trialweave conflicts` prints.

`evs.searches`: a record whose concept link is blank, or no code, may get a suggestion. The parts of its name are
searched for in the release of NCI Thesaurus that the run stands on, one request for each part, after everything else.
An answer is kept for as long as the release is the newest; names beyond the budget have their turn on later nights, and
a search that fails is asked again by the next run. `--offline` asks the cache alone, `--replay` all concepts of the
folder, and `--record` searches for nothing.
"""

_KINDS: Mapping[str, str] = {
    "string": "text",
    "number": "number",
    "integer": "whole number",
    "boolean": "true or false",
    "array": "list of text",
    "object": "table",
}


def _settings(model: type[BaseModel], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str, str | None, str]]:
    """Path, kind, default and meaning of every setting, those of tables among them."""
    properties = model.model_json_schema()["properties"]
    for name, field in model.model_fields.items():
        annotation = field.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            yield from _settings(annotation, (*path, name))
        else:
            default = None if field.default in (None, (), {}) else str(field.default)
            yield (*path, name), _kind(properties[name]), default, field.description or ""


def _kind(schema: Mapping[str, Any]) -> str:
    options = schema.get("anyOf", [schema])
    return " or ".join(_KINDS[option["type"]] for option in options if option["type"] != "null")


def _code(text: str | None) -> str:
    return f"`{text}`" if text else ""


# ---------------------------------------------------------------- writing

PAGES: Mapping[str, Callable[[], str]] = {
    "cli.md": cli_page,
    "conflicts.md": catalogue_page,
    "enriched.schema.json": schema_page,
    "fields.md": fields_page,
    "settings.md": settings_page,
}
"""Name below `docs/` -> what writes it."""


def main(folder: str) -> None:
    """Write every page into a folder."""
    for name, page in PAGES.items():
        (Path(folder) / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
