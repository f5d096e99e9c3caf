"""The file of keys in the state folder: made at first use, read again when it has changed, replaced as a whole."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from gis.errors import SetupError
from gis.sealing.keys import Key, fresh_key, parse_keys

NAME = "identity.keys"
HEAD = """# Keys that seal what is written of people, the newest first. Without them it can't be read by anybody.
# Keep a copy apart from the copies of the database.
"""
_read: dict[Path, tuple[tuple[int, int], tuple[Key, ...]]] = {}


def keys_in(folder: Path) -> tuple[Key, ...]:
    """Return the keys of a state folder, making the first where there is none.

    Parameters
    ----------
    folder
        The state folder.

    Raises
    ------
    SetupError
        ``sealing_key_invalid``, ``sealing_key_unreadable``.
    """
    path = folder / NAME
    try:
        found = _stamp(path)
        if found is None:
            _begin(path)
            found = _stamp(path)
        known = _read.get(path)
        if known is None or known[0] != found:
            known = (found or (0, 0), parse_keys(path.read_text(encoding="ascii").splitlines()))
            _read[path] = known
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(f"{path}: {error}", code="sealing_key_unreadable") from error
    return known[1]


def write_keys(folder: Path, keys: Sequence[Key]) -> None:
    """Replace the keys of a state folder, whole or not at all.

    Parameters
    ----------
    folder, keys
        Where, and which, the newest first.
    """
    path = folder / NAME
    beside = _beside(path, keys)
    beside.replace(path)
    _flush(folder)


def _begin(path: Path) -> None:
    """Make the first key; of two processes that do so at once, one makes it and both use it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = _beside(path, [fresh_key()])
    try:
        os.link(beside, path)
    except FileExistsError:
        pass
    finally:
        beside.unlink(missing_ok=True)
    _flush(path.parent)


def _beside(path: Path, keys: Sequence[Key]) -> Path:
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    with open(beside, "x", encoding="ascii", opener=_private) as file:
        file.write(HEAD + "".join(f"{key.text}\n" for key in keys))
        file.flush()
        os.fsync(file.fileno())
    return beside


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return (status.st_mtime_ns, status.st_size)
