"""The command line: one group of commands, and one place where failures become messages and exit codes."""

from __future__ import annotations

import atexit
import errno
import gc
import os
import signal
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from trialweave import __version__
from trialweave.commands.cache import cache
from trialweave.commands.catalogue import catalogue
from trialweave.commands.common import EXIT_FAILED, EXIT_INTERRUPTED, EXIT_USAGE, Commands, complain, messages
from trialweave.commands.completion import completion
from trialweave.commands.enrich import enrich
from trialweave.commands.explain import explain
from trialweave.commands.fixtures import fixtures
from trialweave.commands.nightly import acknowledge, diff, nightly, show
from trialweave.errors import TrialweaveError


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="trialweave %(version)s")
def cli() -> None:
    """Lay drug records beside their ClinicalTrials.gov studies and NCI Thesaurus concepts.

    Exit codes: 0 done, 1 failed, 2 wrong usage, settings or input, 3 --fail-on was reached, 4 a gate failed,
    5 done but links are stale or unavailable, 130 interrupted.
    """


for command in (enrich, explain, nightly, show, diff, acknowledge, fixtures, cache, catalogue, completion):
    cli.add_command(command)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; the answer is the exit code (DESIGN 5.4)."""
    try:
        result = cli.main(args=None if argv is None else list(argv), prog_name="trialweave", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.exceptions.Abort:
        return complain("interrupted", EXIT_INTERRUPTED)
    except KeyboardInterrupt:
        return complain("interrupted", EXIT_INTERRUPTED)
    except click.ClickException as error:
        with messages():
            error.show()
        return EXIT_USAGE
    except TrialweaveError as error:
        return complain(str(error), error.exit_code)
    except BrokenPipeError:
        # The reader of our output went away; a second complaint while Python shuts down would help nobody.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_FAILED
    except OSError as error:
        return complain(f"{error.filename or _whose(error)}: {error.strerror or error}", EXIT_FAILED)


def _whose(error: OSError) -> str:
    """Where to look, where writing failed: the system says only why."""
    from tempfile import gettempdir

    if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return "a file or standard output"
    return f"standard output, a result, the cache or a temporary file in {gettempdir()} cannot be written"


_STREAMS = (("stdin", os.O_RDONLY, "r"), ("stdout", os.O_RDONLY, "w"), ("stderr", os.O_WRONLY, "w"))


def entry() -> NoReturn:
    """The installed `trialweave` command. Being told to end (by systemd, a scheduler) is an interruption: exit 130."""
    gc.set_threshold(50_000)  # what is imported stays: looking through it for garbage took a sixth of starting
    for told in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(told, _interrupt)
    _stand_in_for_closed_streams()
    _leave(main())


def _leave(code: int) -> NoReturn:
    """End at once. Results are closed by now, and taking apart all that a run remembers took a tenth of its time."""
    atexit._run_exitfuncs()  # noqa: SLF001  # what Python calls first itself: logs, processes, temporary folders
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):
        sys.exit(code)  # Python tells of it in its own way
    os._exit(code)


def _stand_in_for_closed_streams() -> None:
    """Of a stream that is closed (`2>&-` of a cron job) Python makes None, and its number goes to the next file.

    Reading then meets an end, messages go nowhere, and writing data fails: that stream is open for reading alone.
    """
    for name, flags, mode in _STREAMS:
        if getattr(sys, name) is None:
            opened = os.open(os.devnull, flags)
            os.set_inheritable(opened, True)
            setattr(sys, name, os.fdopen(opened, mode, closefd=False))


def _interrupt(_number: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt
