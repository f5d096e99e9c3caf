"""Figures of a run for whoever asked for the long form; see scripts/abuse.py."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

LONG = "WEIWANG_ABUSE_LONG"
FILE = "WEIWANG_ABUSE_FIGURES"
EXAMPLES = "WEIWANG_ABUSE_EXAMPLES"


def long_form() -> bool:
    """Tell whether the long form was asked for."""
    return bool(os.environ.get(LONG))


def examples() -> int:
    """Return how many examples of a request are asked for: one, or in the long form as many as was said."""
    return int(os.environ.get(EXAMPLES, "40")) if long_form() else 1


def tell(what: str, **figures: Any) -> None:
    """Write figures down where somebody asked for them."""
    if file := os.environ.get(FILE):
        with Path(file).open("a") as written:
            written.write(json.dumps({"what": what, **figures}, ensure_ascii=False) + "\n")
