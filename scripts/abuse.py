"""The long form of the abuse tests, with figures: ``python scripts/abuse.py [PART ...] [--examples N] [--json]``.

Without a part all are run, one after the other, in a database server of their own: 10,000 malformed uploads; every
operation of the OpenAPI document 40 times (or N) as three people, right and wrong; every rubbish through every filter and every field of every form; the whole
role matrix. The tests are those of tests/abuse, which the suite runs in a short form. Exit 1 where one fails.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PARTS = {
    "uploads": ("test_uploads.py", "test_decoders.py"),
    "openapi": ("test_openapi.py",),
    "filters": ("test_filters.py",),
    "fields": ("test_fields.py",),
    "matrix": ("test_matrix.py",),
    "rest": (
        "test_forgery.py",
        "test_limits.py",
        "test_markup.py",
        "test_outside.py",
        "test_sign_ins.py",
        "test_stored_script.py",
    ),
}


def run(part: str, figures: Path, examples: int) -> tuple[int, float]:
    """Run a part in its long form and return its exit code and the processor time of all its processes, seconds."""
    files = [str(ROOT / "tests" / "abuse" / name) for name in PARTS[part]]
    words = {**os.environ, "WEIWANG_ABUSE_LONG": "1", "WEIWANG_ABUSE_FIGURES": str(figures)}
    words["WEIWANG_ABUSE_EXAMPLES"] = str(examples)
    before = os.times()
    found = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n0", "--timeout=7200", *files],
        cwd=ROOT, env=words, stdout=sys.stderr, check=False,
    )  # fmt: skip
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return found.returncode, spent


def shown(row: dict[str, Any]) -> str:
    """Return a line of figures."""
    rest = ", ".join(f"{name} {value}" for name, value in row.items() if name != "what")
    return f"{row['what']:28} {rest}"


def main() -> int:
    """Run what was asked for and print the figures."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("parts", nargs="*", choices=[[], *PARTS], metavar="PART", help=", ".join(PARTS))
    asked.add_argument(
        "--examples", type=int, default=40, metavar="N", help="how often openapi asks for an operation"
    )
    asked.add_argument("--json", action="store_true", help="one object a line, for programs")
    given = asked.parse_args()
    worst = 0
    with tempfile.TemporaryDirectory() as folder:
        figures = Path(folder) / "figures.jsonl"
        figures.touch()
        for part in given.parts or PARTS:
            begun = time.monotonic()
            code, spent_s = run(part, figures, given.examples)
            rows = [json.loads(line) for line in figures.read_text().splitlines()]
            figures.write_text("")
            rows.append(
                {"what": part, "passed": code == 0, "seconds": round(time.monotonic() - begun), "processor_s": round(spent_s)}
            )  # fmt: skip
            for row in rows:
                print(json.dumps(row, ensure_ascii=False) if given.json else shown(row), flush=True)
            worst = max(worst, code)
    return int(worst > 0)


if __name__ == "__main__":
    sys.exit(main())
