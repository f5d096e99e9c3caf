"""Compiled templates, kept beside compiled modules: what a process has compiled once no other compiles again."""

from __future__ import annotations

import sys
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path

from jinja2 import BytecodeCache, FileSystemBytecodeCache
from jinja2.bccache import Bucket


class CompiledTemplates(FileSystemBytecodeCache):
    """Jinja's files of compiled templates, where Python would keep a module of the folder (its ``__pycache__``)."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template; where nothing may be written it is compiled each time, as modules are."""
        with suppress(OSError):
            Path(self.directory).mkdir(parents=True, exist_ok=True)
            super().dump_bytecode(bucket)


def compiled_templates(folder: Path) -> BytecodeCache | None:
    """Return where the compiled templates of a folder are kept; None where Python keeps none either."""
    if sys.dont_write_bytecode:
        return None
    return CompiledTemplates(str(Path(cache_from_source(str(folder / "template.py"))).parent))
