"""Languages: Chinese is the source, English the only catalogue.

A msgid is the Chinese sentence itself, so Chinese needs no catalogue. The .po file is read at start (a few
milliseconds), so that no compiled file has to be kept in step.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers
from babel.messages.pofile import read_po

from gis.words import COUNTED_TO

LANGUAGES = ("zh", "en")
DEFAULT_LANGUAGE = "zh"
LOCALE_FOLDER = Path(__file__).parent / "locale"
_LOCALES = {"zh": Locale.parse("zh_Hans_CN"), "en": Locale.parse("en_GB")}
_MOMENT = {"zh": "M月d日 HH:mm", "en": "d MMM, HH:mm"}
_DAY = {"zh": "M月d日", "en": "d MMM"}
_DAY_OF_YEAR = {"zh": "yyyy年M月d日", "en": "d MMM yyyy"}
_MONTH = {"zh": "yyyy年M月", "en": "MMMM yyyy"}
_MOMENT_OF_YEAR = {"zh": "yyyy年M月d日 HH:mm", "en": "d MMM yyyy, HH:mm"}


def N_(text: str) -> str:  # noqa: N802 - the name by which Babel finds strings translated elsewhere
    """Mark a sentence for the catalogue without translating it here."""
    return text


class _Shown(dict[str, object]):
    """Values for a sentence; one that was not given is shown as an ellipsis rather than failing the answer."""

    def __missing__(self, key: str) -> str:
        return "…"


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Return Chinese sentence -> sentence for a language; empty for Chinese itself."""
    if language == DEFAULT_LANGUAGE:
        return {}
    path = LOCALE_FOLDER / language / "LC_MESSAGES" / "weiwang.po"
    with path.open("rb") as file:
        return {
            message.id: message.string
            for message in read_po(file, locale=language)
            if isinstance(message.id, str)
            and isinstance(message.string, str)
            and message.id
            and message.string
        }


def translate(language: str, text: str, /, **values: object) -> str:
    """Return a Chinese sentence in a language, with ``{names}`` replaced by values.

    Parameters
    ----------
    language
        One of ``LANGUAGES``; any other is taken as Chinese.
    text
        The Chinese sentence.
    **values
        What to show in its placeholders.
    """
    sentence = catalogue(language).get(text, text) if language in LANGUAGES else text
    return sentence.format_map(_Shown(values)) if values else sentence


def translate_names(language: str, kinds: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Return tables of names, by kind and key, in a language."""
    return {
        kind: {str(key): translate(language, text) for key, text in table.items()}
        for kind, table in kinds.items()
    }


def choose_language(*wishes: str | None, accept: str = "") -> str:
    """Return the first supported wish (query, cookie, person), then the browser's, then Chinese."""
    for wish in wishes:
        if wish in LANGUAGES:
            return wish
    for part in accept.split(","):
        primary = part.split(";")[0].strip().lower().partition("-")[0]
        if primary in LANGUAGES:
            return primary
    return DEFAULT_LANGUAGE


def format_moment(language: str, moment: datetime | None, timezone: str, *, year: bool = False) -> str:
    """Return a moment in a community's own time, to the minute; an em dash for none."""
    if moment is None:
        return "—"
    pattern = (_MOMENT_OF_YEAR if year else _MOMENT)[language]
    return dates.format_datetime(moment, pattern, tzinfo=ZoneInfo(timezone), locale=_LOCALES[language])


def format_day(language: str, day: date | str | None, *, year: bool = False, weekday: bool = False) -> str:
    """Return a day, with its year or its weekday where asked for; an em dash for none.

    Parameters
    ----------
    language
        Of the reader.
    day
        A day; as text it is written like 2026-11-22, as answers and forms have it.
    year, weekday
        Whether to say these.
    """
    if not day:
        return "—"
    if isinstance(day, str):
        day = date.fromisoformat(day)
    found = dates.format_date(day, (_DAY_OF_YEAR if year else _DAY)[language], locale=_LOCALES[language])
    return f"{found} {dates.format_date(day, 'EEE', locale=_LOCALES[language])}" if weekday else found


def format_month(language: str, month: date) -> str:
    """Return a month with its year."""
    return dates.format_date(month, _MONTH[language], locale=_LOCALES[language])


def format_number(language: str, value: float, *, digits: int = 0, most: int = 0) -> str:
    """Return a number with separators and a fixed number of decimals, or with ``most`` decimals where they say something."""
    pattern = "#,##0" + ("." + "0" * digits + "#" * (most - digits) if digits or most else "")
    return numbers.format_decimal(value, format=pattern, locale=_LOCALES[language])


def format_counted(language: str, n: int) -> str:
    """Return how many of a list there are; it isn't counted further than ``COUNTED_TO``, and says so."""
    return format_number(language, n) + ("+" if n >= COUNTED_TO else "")


def format_duration(language: str, seconds: float) -> str:
    """Return a duration in the unit that people would say: minutes, hours or days."""
    minutes = max(1, round(seconds / 60))
    if minutes < 60:  # noqa: PLR2004 - minutes of an hour
        return translate(language, N_("{n} 分钟"), n=minutes)
    if minutes < 48 * 60:
        return translate(language, N_("{n} 小时"), n=format_number(language, minutes / 60, most=1))
    return translate(language, N_("{n} 天"), n=round(minutes / 1440))
