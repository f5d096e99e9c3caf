"""What a state folder remembers of its last backup, so that one that wasn't made for long is noticed."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

NAME = "last-backup.json"


@dataclass(frozen=True, slots=True)
class LastBackup:
    """When the last backup was made, and where it is."""

    made_at: str
    folder: str
    sealed: bool

    @property
    def at(self) -> datetime:
        """When it was made."""
        return datetime.fromisoformat(self.made_at)


def remember_backup(state: Path, last: LastBackup) -> None:
    """Write it down.

    Parameters
    ----------
    state, last
        The state folder, and the backup.
    """
    beside = state / f"{NAME}.part"
    beside.write_text(json.dumps(asdict(last), ensure_ascii=False), "utf-8")
    beside.replace(state / NAME)


def last_backup(state: Path) -> LastBackup | None:
    """Return the last backup of a state folder, None where none was made or what is written of it can't be read."""
    try:
        return LastBackup(**json.loads((state / NAME).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None
