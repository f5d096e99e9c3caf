"""Static files by URL with a hash of their content, and the graph of ES modules a page needs.

There is no build: the browser loads the modules as they are written. An import map gives each module its hashed
URL, so that all can be cached for good; a browser that knows no import maps asks for the plain URLs instead.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.extract import extract_javascript

STATIC_FOLDER = Path(__file__).parent / "static"
STATIC_URL = "/static"
JS_KEYWORD = "t"
TRUSTED_S = 1.0
"""A page looks at two hundred files: each is looked at once a second at most, to see whether it was edited."""
_IMPORT = re.compile(
    r"""(?:^|[;}\n])\s*(?:import|export)\b[^"'();]*?["'](\.{1,2}/[^"']+)["']|import\(["'](\.{1,2}/[^"']+)["']\)"""
)

_SYMBOLS = re.compile(r"<symbol id=\"(\w+)\"")
_NAMES = re.compile(r"page\.names\??\.(\w+)")


@dataclass(frozen=True, slots=True)
class _Module:
    """What was read of one file, and the state of the file it was read in."""

    stamp: tuple[int, int]
    digest: str
    imports: tuple[str, ...]
    later: tuple[str, ...]
    """What it imports only when it is wanted."""
    strings: tuple[str, ...]
    names: tuple[str, ...]
    """The tables of names that a module reads; the drawings in an SVG file."""


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
        self._looked_at: dict[str, float] = {}

    def url(self, path: str) -> str:
        """Return the URL of a file, which changes with its content."""
        return f"{STATIC_URL}/{path}?v={self._module(path).digest}"

    def sheet(self, names: Iterable[str]) -> str:
        """Return the URL of style sheets that are sent as one file, in this order."""
        chosen = tuple(names)
        if len(chosen) == 1:
            return self.url(f"css/{chosen[0]}.css")
        digests = "".join(self._module(f"css/{name}.css").digest for name in chosen)
        mark = hashlib.sha256(digests.encode()).hexdigest()[:12]
        return f"{STATIC_URL}/css/{'+'.join(chosen)}.css?v={mark}"

    def text(self, path: str) -> str:
        """Return what a text file holds, for documents that carry it inside."""
        return (self.folder / path).read_text(encoding="utf-8")

    def graph(self, entry: str) -> tuple[str, ...]:
        """Return the paths of a module and of all it imports, now or later, the entry first."""
        return self._reached(entry, later=True)

    def at_once(self, entry: str) -> tuple[str, ...]:
        """Return the paths of a module and of what it can't begin without."""
        return self._reached(entry, later=False)

    def soon(self, entry: str, next_ones: Iterable[str]) -> tuple[str, ...]:
        """Return the paths of modules that a page loads right behind what it begins with, and of all that comes with them."""
        first = self.at_once(entry)
        found = dict.fromkeys(path for one in next_ones for path in self.at_once(one) if path not in first)
        return tuple(found)

    def _reached(self, entry: str, *, later: bool) -> tuple[str, ...]:
        found: dict[str, None] = {}
        waiting = [entry]
        while waiting:
            path = waiting.pop()
            if path not in found:
                found[path] = None
                module = self._module(path)
                waiting.extend((*module.imports, *module.later) if later else module.imports)
        return tuple(found)

    def import_map(self, entry: str) -> dict[str, dict[str, str]]:
        """Return the import map that leads each module of a page to its hashed URL."""
        return {"imports": {f"{STATIC_URL}/{path}": self.url(path) for path in self.graph(entry)}}

    def strings(self, entry: str) -> tuple[str, ...]:
        """Return the sentences that the modules of a page show."""
        return tuple(dict.fromkeys(text for path in self.graph(entry) for text in self._module(path).strings))

    def symbols(self, path: str) -> frozenset[str]:
        """Return the names of the drawings in an SVG file."""
        return frozenset(self._module(path).names)

    def names(self, entry: str) -> frozenset[str]:
        """Return which tables of names the modules of a page read."""
        return frozenset(name for path in self.graph(entry) for name in self._module(path).names)

    def _module(self, path: str) -> _Module:
        known, now = self._read.get(path), time.monotonic()
        if known is not None and now - self._looked_at[path] < TRUSTED_S:
            return known
        file = self.folder / path
        status = file.stat()
        stamp = (status.st_mtime_ns, status.st_size)
        self._looked_at[path] = now
        if known is None or known.stamp != stamp:
            known = self._read[path] = _read(file, path, stamp)
        return known


def _read(file: Path, path: str, stamp: tuple[int, int]) -> _Module:
    data = file.read_bytes()
    digest = hashlib.sha256(data).hexdigest()[:12]
    if not path.startswith("js/"):
        return _Module(
            stamp, digest, (), (), (), tuple(_SYMBOLS.findall(data.decode())) if path.endswith(".svg") else ()
        )
    source = data.decode()
    return _Module(
        stamp,
        digest,
        tuple(_imports(path, source, now=True)),
        tuple(_imports(path, source, now=False)),
        tuple(_strings(file)),
        tuple(_NAMES.findall(source)),
    )


def _imports(path: str, source: str, *, now: bool) -> Iterator[str]:
    for match in _IMPORT.finditer(source):
        if found := match[1] if now else match[2]:
            yield posixpath.normpath(posixpath.join(posixpath.dirname(path), found))


def _strings(file: Path) -> Iterator[str]:
    options: Any = {"template_string": False}
    with file.open("rb") as opened:
        found: Any = extract_javascript(opened, {JS_KEYWORD: None}, (), options)
        for _, _, text, _ in found:
            yield text if isinstance(text, str) else text[0]
