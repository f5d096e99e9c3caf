"""The list of a backup: which files it has, with their checksums, and its own."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from gis.errors import InvalidInputError

FORMAT = 1
DATABASE = "database.dump"


@dataclass(frozen=True, slots=True)
class Stored:
    """A file of a backup: where it belongs, and the content that is stored.

    ``stamp`` is the size and time of the file it was read from, by which an unchanged one is known without reading it.
    """

    path: str
    sha256: str
    bytes: int
    stored_sha256: str
    stamp: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """A backup."""

    made_at: str
    version: str
    migration: str
    postgresql: str
    sealed_by: str
    files: tuple[Stored, ...]
    format: int = FORMAT

    @property
    def database(self) -> Stored:
        """The dump."""
        return next(one for one in self.files if one.path == DATABASE)

    @property
    def bytes(self) -> int:
        """Of all files, as they were."""
        return sum(one.bytes for one in self.files)

    def as_text(self) -> str:
        """Return the list as it is written, with its checksum."""
        listed = {**asdict(self), "files": [asdict(one) for one in self.files]}
        told = {"sha256": _digest_of(listed), "backup": listed}
        return json.dumps(told, ensure_ascii=False, indent=1)


def read_manifest(path: Path) -> Manifest:
    """Return the backup of a list.

    Parameters
    ----------
    path
        Its file.

    Raises
    ------
    InvalidInputError
        ``backup_damaged``: it was changed; ``backup_format``: made by a newer version.
    """
    try:
        told = json.loads(path.read_text("utf-8"))
        digest, listed = told["sha256"], told["backup"]
        if digest != _digest_of(listed):
            raise damaged(path)
        if listed["format"] > FORMAT:
            raise InvalidInputError("made by a newer version", code="backup_format", path=str(path))
        return Manifest(**{**listed, "files": tuple(Stored(**one) for one in listed["files"])})
    except (ValueError, KeyError, TypeError) as error:
        raise damaged(path) from error


def damaged(path: Path) -> InvalidInputError:
    """Return the error that a file of a backup isn't what it was."""
    return InvalidInputError(f"{path} is damaged or gone", code="backup_damaged", path=str(path))


def _digest_of(listed: dict[str, object]) -> str:
    return hashlib.sha256(json.dumps(listed, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
