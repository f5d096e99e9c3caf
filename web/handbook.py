"""The mutual-help handbook: the articles that the service brings along, and Markdown as safe HTML.

Of Markdown only what text needs is taken: no HTML, no pictures, links to pages of the service and telephone numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from web.i18n import LANGUAGES

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

FOLDER = Path(__file__).parent / "handbook"
ORDER = ("gas_leak", "fire", "burst_pipe", "power_cut", "elderly_fall", "missing_person", "heat", "ice")
"""What the service brings along, in the order in which it is shown."""
_ALLOWED = re.compile(r"(?:/(?!/)[\w\-./?=&#%]*|#[\w-]+|tel:[\d+\- ]{3,20})")


@dataclass(frozen=True, slots=True)
class Article:
    """An article in both languages; ``revision`` 0: as the service brings it along."""

    slug: str
    title: str
    title_en: str
    body: str
    body_en: str
    position: int
    revision: int = 0
    shown: bool = True
    shipped: bool = False

    def name(self, language: str) -> str:
        """Return its title in a language, in Chinese where there is no other."""
        return (self.title_en if language == "en" else "") or self.title

    def words(self, language: str) -> str:
        """Return its text in a language, in Chinese where there is no other."""
        return (self.body_en if language == "en" else "") or self.body

    def holds(self, wanted: str) -> bool:
        """Tell whether all words that somebody looks for are in it, in either language."""
        text = f"{self.title}\n{self.title_en}\n{self.body}\n{self.body_en}".casefold()
        return all(word in text for word in wanted.casefold().split())


@cache
def shipped() -> tuple[Article, ...]:
    """Return the articles that the service brings along."""
    return tuple(_shipped(slug, number) for number, slug in enumerate(ORDER))


def _shipped(slug: str, number: int) -> Article:
    texts = {
        language: (FOLDER / f"{slug}.{language}.md").read_text(encoding="utf-8") for language in LANGUAGES
    }
    (title, body), (title_en, body_en) = (_parted(texts[language]) for language in ("zh", "en"))
    return Article(slug, title, title_en, body, body_en, 10 * (number + 1), shipped=True)


def _parted(text: str) -> tuple[str, str]:
    title, _, body = text.partition("\n")
    return title.removeprefix("# ").strip(), body.strip()


def joined(own: Iterable[Article]) -> list[Article]:
    """Return the handbook: the office's own articles in the place of those of the same name, in order.

    Parameters
    ----------
    own
        The office's.
    """
    brought = {one.slug for one in shipped()}
    found = {one.slug: one for one in shipped()}
    for one in own:
        found[one.slug] = Article(
            one.slug,
            one.title,
            one.title_en,
            one.body,
            one.body_en,
            one.position,
            one.revision,
            one.shown,
            shipped=one.slug in brought,
        )
    return sorted(found.values(), key=lambda one: (one.position, one.slug))


def searched(articles: Sequence[Article], wanted: str) -> list[Article]:
    """Return the articles in which somebody finds what they look for.

    Parameters
    ----------
    articles, wanted
        Where, and which words; none: all of them.
    """
    return [one for one in articles if one.holds(wanted)]


def as_html(text: str) -> Markup:
    """Return Markdown as HTML that can do no harm.

    Parameters
    ----------
    text
        As the office has written it.
    """
    return Markup(_parser().render(text))  # noqa: S704 - the parser escapes HTML and knows no pictures


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    made = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(
        ["image", "html_block", "html_inline"]
    )
    made.validateLink = lambda url: _ALLOWED.fullmatch(url) is not None  # type: ignore[method-assign]
    return made
