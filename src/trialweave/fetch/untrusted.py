"""Files of the cache directory, which is input from strangers: what is no plain file of ours is not opened.

A link leads anywhere, a pipe or a device is read for ever, and what is written to a second name of a file is written to
that file.
"""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path
from typing import BinaryIO

_NO_LINK_NO_WAIT = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)


def check_ours(status: os.stat_result, *, to_write: bool = False) -> None:
    """Raises OSError for what is no plain file or belongs to another user; `to_write`, for one with two names too."""
    if not stat.S_ISREG(status.st_mode) or (to_write and status.st_nlink != 1):
        raise OSError("this is no plain file")
    if hasattr(os, "getuid") and status.st_uid != os.getuid():
        raise OSError("this file belongs to another user")


def open_ours(path: Path) -> BinaryIO:
    """A file, opened for reading. Raises OSError."""
    handle = os.open(path, os.O_RDONLY | _NO_LINK_NO_WAIT)
    try:
        check_ours(os.fstat(handle))
        return os.fdopen(handle, "rb")
    except BaseException:
        os.close(handle)
        raise


def read_ours(path: Path, most: int) -> bytes:
    """The bytes of a file. Raises OSError, for one of more than `most` bytes too."""
    with open_ours(path) as stream:
        if os.fstat(stream.fileno()).st_size > most:
            raise OSError("this file is larger than it can be")
        return stream.read(most)


def take_away(path: Path) -> None:
    """Remove a folder with all that is in it, or a link in its place and nothing of what that leads to."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    else:
        shutil.rmtree(path, ignore_errors=True)
