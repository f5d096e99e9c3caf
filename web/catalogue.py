"""Keeping the English catalogue complete: which sentences are shown, which of them lack a translation.

``python -m web.catalogue`` rewrites the .po file in the order of the sources, with new sentences left empty.
"""

from __future__ import annotations

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from web.i18n import LOCALE_FOLDER

ROOT = Path(__file__).parents[1]
KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "N_": None, "t": None, "words": None}
HEADER = """# English of the pages; the Chinese sentence is the key.
msgid ""
msgstr ""
"Language: en\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
PO_FILE = LOCALE_FOLDER / "en" / "LC_MESSAGES" / "weiwang.po"


def shown_sentences() -> dict[str, list[tuple[str, int]]]:
    """Return every sentence that templates, modules and scripts show, with the places where."""
    with (ROOT / "web" / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found: dict[str, list[tuple[str, int]]] = {}
    extracted = extract_from_dir(str(ROOT), methods, options, keywords=KEYWORDS, directory_filter=_is_ours)
    for name, line, text, _, _ in extracted:
        if isinstance(text, str) and text:
            found.setdefault(text, []).append((name, line))
    return found


def _is_ours(folder: str) -> bool:
    """Return whether to look into a folder at all."""
    place = Path(folder).relative_to(ROOT).parts
    return not place or (place[0] in {"api", "web"} and "vendor" not in place)


def read_catalogue() -> Catalog:
    """Return the catalogue as it is on disk."""
    with PO_FILE.open("rb") as file:
        return read_po(file, locale="en")


def refresh() -> list[str]:
    """Rewrite the catalogue for the sentences that are shown now, and return those without a translation."""
    before = read_catalogue()
    after = Catalog(locale="en", charset="utf-8", fuzzy=False)
    missing = []
    for text, places in sorted(shown_sentences().items(), key=lambda item: item[1]):
        known = before.get(text)
        translation = known.string if known and isinstance(known.string, str) else ""
        after.add(
            text, translation, locations=[(name, 0) for name in dict.fromkeys(name for name, _ in places)]
        )
        if not translation:
            missing.append(text)
    with PO_FILE.open("wb") as file:
        file.write(HEADER.encode())
        write_po(file, after, width=0, omit_header=True, include_lineno=False)
    return missing


if __name__ == "__main__":
    for sentence in refresh():
        print(sentence)  # noqa: T201 - the tool's answer
