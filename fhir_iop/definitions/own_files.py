"""Files that this user's processes write for each other, read only where nobody else can have written them.

They hold code, so that whoever may write one may run anything as this user. What can't be read, written or trusted is
as if it weren't there: nothing here raises, and nothing here is needed.
"""

from __future__ import annotations

import contextlib
import os
import stat
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_OTHERS_MAY_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH
_DAY: Final = 86_400.0
_UNFINISHED: Final = ".unfinished"
# Windows says in other ways whose a file is: nothing is kept there.
_TELLS_OWNERS: Final = hasattr(os, "geteuid")


def read(path: Path, largest: int) -> bytes | None:
    """Return what lies at ``path``; None where nothing does, it isn't ours alone or is too large."""
    if not _is_ours_alone(path.parent):
        return None
    try:
        # A link could lead to a file of ours that was never meant to be run; a pipe would never end.
        opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    with contextlib.suppress(OSError), os.fdopen(opened, "rb") as file:
        said = os.fstat(opened)
        if stat.S_ISREG(said.st_mode) and _says_ours_alone(said) and said.st_size <= largest:
            if time.time() - said.st_mtime > _DAY:
                os.utime(opened)  # so that what is in use isn't the oldest
            return file.read()
    return None


def write(path: Path, content: bytes) -> bool:
    """Put ``content`` at ``path``, all at once: who reads sees what was there before, or this. Whether it was done."""
    if not _TELLS_OWNERS:
        return False
    unfinished = path.with_name(f"{path.name}.{os.getpid()}-{time.monotonic_ns()}{_UNFINISHED}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _is_ours_alone(path.parent):
            return False
        opened = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with os.fdopen(opened, "wb") as file:
            file.write(content)
        unfinished.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)
        return False
    return True


def tidy(folder: Path, suffix: str, most: int) -> None:
    """Leave the ``most`` files of a ``suffix`` that were used last, and none that a process died over."""
    with contextlib.suppress(OSError):
        found = sorted((path.lstat().st_mtime, path) for path in folder.iterdir())
        finished = [path for _, path in found if path.name.endswith(suffix)]
        left = [path for at, path in found if path.name.endswith(_UNFINISHED) and time.time() - at > _DAY]
        for path in (*finished[: max(0, len(finished) - most)], *left):
            path.unlink(missing_ok=True)


def _is_ours_alone(folder: Path) -> bool:
    try:
        # What another's link leads to may be ours, and yet hold files that others have sent.
        return _TELLS_OWNERS and _says_ours_alone(folder.lstat())
    except OSError:
        return False


def _says_ours_alone(said: os.stat_result) -> bool:
    return said.st_uid == os.geteuid() and not said.st_mode & _OTHERS_MAY_WRITE
