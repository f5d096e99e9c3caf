"""What a group robot says is made of these facts alone: no names, no positions, no words that people wrote."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Message:
    """One notice as a chat group may know it; the sentence is made elsewhere, in ``language``."""

    kind: str
    language: str
    number: str = ""
    category: str = ""
    category_en: str = ""
    grid_code: str = ""
    url: str = ""
    urgent: bool = False
    counts: Mapping[str, int] = field(default_factory=dict)


Say = Callable[[Message], str]
"""Makes the sentence."""
COUNTS = frozenset({"people", "vehicles", "level", "wave"})
"""The figures of a notice's data that a chat group may see; everything else stays inside."""
