"""What people read for a key: names by kind, sentences of errors, ready reasons.

The tables are kept by theme in ``web/*_words.py`` and ``web/*_errors.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from web.case_words import CASE_KINDS, PHRASES
from web.error_messages import ERROR_MESSAGES
from web.i18n import translate, translate_names
from web.labels import field_label
from web.page_words import PAGE_KINDS
from web.people_words import DISPATCH_REASONS, PEOPLE_KINDS
from web.place_words import PLACE_KINDS


def error_sentence(
    language: str,
    code: str,
    values: Mapping[str, object] | None = None,
    fallback: str = "",
    *,
    labels: Mapping[str, str] | None = None,
) -> str:
    """Return the sentence for an error code; for an unknown code the fallback, else the general sentence.

    Parameters
    ----------
    language
        Of the reader.
    code, values
        What went wrong, and the figures of its sentence; a ``field`` is named as people know it.
    fallback
        For a code that nobody has written a sentence for.
    labels
        What the form in hand calls its fields.
    """
    source = ERROR_MESSAGES.get(code)
    if source is None:
        return fallback or translate(language, ERROR_MESSAGES["error"])
    shown = {name: value for name, value in (values or {}).items() if name != "text"}
    if "field" in shown:
        shown["field"] = field_label(language, str(shown["field"]), labels)
    return translate(language, source, **{"code": code, **shown})


def phrases(language: str, verb: str) -> list[str]:
    """Return ready reasons for an act, none for most."""
    return [translate(language, text) for text in PHRASES.get(verb, ())]


def dispatch_reason(language: str, code: str | None, values: Mapping[str, Any] | None = None) -> str:
    """Return why a candidate was or wasn't asked; an unknown reason is shown as it is."""
    if not code:
        return ""
    return translate(language, DISPATCH_REASONS.get(code, code), **{"code": code, **(values or {})})


def names(language: str) -> dict[str, dict[str, str]]:
    """Return all names of keys that templates and scripts show, by kind."""
    return translate_names(language, {**CASE_KINDS, **PEOPLE_KINDS, **PLACE_KINDS, **PAGE_KINDS})
