"""Everything that trialweave raises, as one tree. Standard library only.

    TrialweaveError
    ├── UsageError (ValueError)          wrong usage, settings or input: exit 2
    │   ├── SettingsError
    │   └── InputError                   no row could be read, or the input cannot be opened
    ├── SourceError                      one source could not be used
    │   ├── SourceUnavailable            it did not answer within the tries and the deadline
    │   ├── SourceBlocked                it answered 403: asking again does not help
    │   ├── PayloadError (ValueError)    it answered something that is not what was asked for
    │   ├── ReleaseChanged               it answered from another release than the one pinned for this run
    │   └── NeverRecorded (LookupError)  the replay folder, or the store when offline, has nothing about this id
    └── RunError                         the run as a whole failed: exit 1
        ├── RunLocked                    another run holds the lock
        └── GateFailed                   a gate of the nightly job failed, nothing was published: exit 4

"Not found" is an outcome and not an error; "could not ask" is always a `SourceError`.
"""

from __future__ import annotations


class TrialweaveError(Exception):
    """Base of everything that trialweave raises on purpose. `exit_code` is what the command line ends with."""

    exit_code = 1


class UsageError(TrialweaveError, ValueError):
    """The caller has to change something: an option, a settings file, an input."""

    exit_code = 2


class SettingsError(UsageError):
    """A settings file, an environment variable or a flag holds something that cannot be used."""


class InputError(UsageError):
    """An input as a whole cannot be read. A single bad row is refused instead, and the rest goes on."""


class SourceError(TrialweaveError):
    """One source could not be used for one request."""


class SourceUnavailable(SourceError):
    """The source did not give a usable answer within the tries and the deadline."""


class SourceBlocked(SourceError):
    """The source answered 403. It is never retried blindly and never remembered."""


class PayloadError(SourceError, ValueError):
    """The answer is not what the request asked for: wrong type, wrong id, no JSON, too large."""


class ReleaseChanged(SourceError):
    """The source answered from another release or dataset than the one this run is pinned to."""


class NeverRecorded(SourceError, LookupError):
    """Nothing is known about this id here: it was never recorded, or never fetched before going offline."""


class RunError(TrialweaveError):
    """The run failed as a whole and published nothing."""


class RunLocked(RunError):
    """Another run of the same runs folder is under way."""


class GateFailed(RunError):
    """A gate stopped the run before publishing."""

    exit_code = 4
