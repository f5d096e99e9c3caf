#!/usr/bin/env python3
"""All benchmarks and one table: see ``scripts/bench/together.py``, or ``--help``."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.bench.together import main

if __name__ == "__main__":
    sys.exit(main())
