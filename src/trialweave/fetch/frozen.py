"""The rows of a store in a folder that takes no writing, such as a mounted image: read as they are."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from sqlite3 import Connection
from typing import NoReturn

from trialweave.fetch.disk import FILES, LOG, Damaged, connected, inspect


def is_frozen(directory: Path) -> bool:
    """Does a folder take no writing, by its permissions or its file system?"""
    return not os.access(directory, os.W_OK)


class FrozenCache:
    """What the store uses of diskcache, which cannot even open what it cannot write to; writing raises OSError.

    Raises Damaged for what is no store of ours, or was left with a log that has to be written back first.
    """

    def __init__(self, directory: Path) -> None:
        if os.path.lexists(directory / LOG) and (directory / LOG).lstat().st_size > 0:
            raise Damaged(LOG)
        inspect(directory, frozen=True)
        self._file = directory / FILES[0]
        self._database = connected(self._file, frozen=True)

    @property
    def _con(self) -> Connection:
        return self._database

    def __iter__(self) -> Iterator[object]:
        return (key for (key,) in self._database.execute("SELECT key FROM Cache WHERE raw = 1"))

    def volume(self) -> int:
        return self._file.stat().st_size

    def transact(self) -> AbstractContextManager[None]:
        self._refuse()

    def set(self, _key: str, _value: bytes) -> bool:
        self._refuse()

    def delete(self, _key: str) -> bool:
        self._refuse()

    def close(self) -> None:
        self._database.close()

    def _refuse(self) -> NoReturn:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(self._file))
