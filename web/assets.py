"""Static files by URL with a hash of their content, and the graph of ES modules a page needs.

There is no build: the browser loads the modules as they are written. An import map gives each module its hashed
URL, so that all can be cached for good; a browser that knows no import maps asks for the plain URLs instead.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.extract import extract_javascript

STATIC_FOLDER = Path(__file__).parent / "static"
STATIC_URL = "/static"
JS_KEYWORD = "t"
_IMPORT = re.compile(
    r"""(?:^|[;}\n])\s*(?:import|export)\b[^"'();]*?["'](\.{1,2}/[^"']+)["']|import\(["'](\.{1,2}/[^"']+)["']\)"""
)


@dataclass(frozen=True, slots=True)
class _Module:
    """What was read of one file, and the state of the file it was read in."""

    stamp: tuple[int, int]
    digest: str
    imports: tuple[str, ...]
    strings: tuple[str, ...]


class Assets:
    """The static files of the pages.

    Parameters
    ----------
    folder
        Where they lie; URLs are relative to it.
    """

    def __init__(self, folder: Path = STATIC_FOLDER) -> None:
        self.folder = folder
        self._read: dict[str, _Module] = {}

    def url(self, path: str) -> str:
        """Return the URL of a file, which changes with its content."""
        return f"{STATIC_URL}/{path}?v={self._module(path).digest}"

    def graph(self, entry: str) -> tuple[str, ...]:
        """Return the paths of a module and of all it imports, the entry first."""
        found: dict[str, None] = {}
        waiting = [entry]
        while waiting:
            path = waiting.pop()
            if path not in found:
                found[path] = None
                waiting.extend(self._module(path).imports)
        return tuple(found)

    def import_map(self, entry: str) -> dict[str, dict[str, str]]:
        """Return the import map that leads each module of a page to its hashed URL."""
        return {"imports": {f"{STATIC_URL}/{path}": self.url(path) for path in self.graph(entry)}}

    def strings(self, entry: str) -> tuple[str, ...]:
        """Return the sentences that the modules of a page show."""
        return tuple(dict.fromkeys(text for path in self.graph(entry) for text in self._module(path).strings))

    def _module(self, path: str) -> _Module:
        file = self.folder / path
        status = file.stat()
        stamp = (status.st_mtime_ns, status.st_size)
        known = self._read.get(path)
        if known is None or known.stamp != stamp:
            known = self._read[path] = _read(file, path, stamp)
        return known


def _read(file: Path, path: str, stamp: tuple[int, int]) -> _Module:
    data = file.read_bytes()
    digest = hashlib.sha256(data).hexdigest()[:12]
    if not path.startswith("js/"):
        return _Module(stamp, digest, (), ())
    return _Module(stamp, digest, tuple(_imports(path, data.decode())), tuple(_strings(file)))


def _imports(path: str, source: str) -> Iterator[str]:
    for match in _IMPORT.finditer(source):
        yield posixpath.normpath(posixpath.join(posixpath.dirname(path), match[1] or match[2]))


def _strings(file: Path) -> Iterator[str]:
    options: Any = {"template_string": False}
    with file.open("rb") as opened:
        found: Any = extract_javascript(opened, {JS_KEYWORD: None}, (), options)
        for _, _, text, _ in found:
            yield text if isinstance(text, str) else text[0]
