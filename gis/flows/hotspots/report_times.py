"""Moments as cities write them: ISO, day or month first, am and pm, Chinese, spreadsheets' and computers' numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

NUMBERS = 0.9
"""With so many of the cells being plain numbers, a column counts something."""
FORMATS = 12
"""So many ways of writing are recognised in one column; what is left is read cell by cell."""
LOOKED_AT = 40
UNITS = ((1e8, 1e10, 1.0), (1e11, 1e13, 1e-3), (1e14, 1e16, 1e-6), (1e17, 1e19, 1e-9))
"""Since 1970: seconds, or thousandths, millionths, billionths of them."""
SERIAL_FROM, SERIAL_TO = 20_000.0, 80_000.0
"""Days since the end of 1899, as spreadsheets count: 1954 to 2119."""
_CALENDAR = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:\d{4}|\d{6})?")
_NUMBERED = re.compile(r"^\s*(\d{1,2})([./-])(\d{1,2})\2\d{2,4}")
_CHINESE = ((r"[年月]", "-"), (r"日", " "), (r"[时時点點分]", ":"), (r"秒", ""), (r":\s*$", ""))
_HALVES = re.compile(r"(上午|早上|凌晨|下午|晚上|中午)\s*([\d:.]+)")
MORNING = ("上午", "早上", "凌晨")
LAST_OF_A_MONTH, MONTHS = 31, 12


def moments_of(cells: pd.Series) -> pd.Series:
    """Return the moments of cells, NaT where one can't be read; what names no zone is read as UTC.

    Parameters
    ----------
    cells
        Texts, numbers, or moments already.
    """
    import pandas as pd

    if pd.api.types.is_datetime64_any_dtype(cells):
        return pd.to_datetime(cells, utc=True)
    text = cells.astype(str).str.normalize("NFKC").str.strip()
    rows, values = pd.factorize(text)
    distinct = pd.Series(values)
    filled = distinct[~distinct.str.lower().isin({"", "nan", "nat", "none", "null"})]
    found = pd.Series(pd.NaT, index=distinct.index, dtype="datetime64[us, UTC]")
    if len(filled):
        found.loc[filled.index] = _of_numbers(filled) if _counts(filled) else _of_texts(filled)
    return pd.Series(found.array.take(rows), index=cells.index)


def _counts(cells: pd.Series) -> bool:
    import pandas as pd

    return bool(pd.to_numeric(cells, errors="coerce").notna().mean() >= NUMBERS)


def _of_numbers(cells: pd.Series) -> pd.Series:
    """Return moments of 20160305, 20160305140500, a spreadsheet's days, or what passed since 1970."""
    import pandas as pd

    plain = cells.str.removesuffix(".0")
    calendar = plain.str.fullmatch(_CALENDAR.pattern)
    number = pd.to_numeric(cells, errors="coerce").where(~calendar)
    found = pd.Series(pd.NaT, index=cells.index, dtype="datetime64[us, UTC]")
    for length, form in ((8, "%Y%m%d"), (12, "%Y%m%d%H%M"), (14, "%Y%m%d%H%M%S")):
        at = calendar & (plain.str.len() == length)
        found[at] = pd.to_datetime(plain[at], format=form, errors="coerce", utc=True).dt.as_unit("us")
    for least, most, seconds in UNITS:
        at = (number >= least) & (number < most)
        found[at] = pd.to_datetime(number[at] * seconds, unit="s", errors="coerce", utc=True).dt.as_unit("us")
    at = (number >= SERIAL_FROM) & (number < SERIAL_TO)
    days = pd.to_datetime(number[at], unit="D", origin="1899-12-30", errors="coerce", utc=True)
    found[at] = days.dt.as_unit("us")
    return found


def _of_texts(cells: pd.Series) -> pd.Series:
    """Return moments of texts; where the year comes first the day comes last."""
    import pandas as pd

    shown = _without_chinese(cells)
    year_first = shown.str.match(r"\d{4}")
    parts = [_written_alike(shown[year_first], day_first=False)]
    parts.append(_written_alike(shown[~year_first], day_first=_day_first(shown)))
    found: pd.Series = pd.concat(parts).reindex(cells.index)
    return found


def _written_alike(cells: pd.Series, *, day_first: bool) -> pd.Series:
    """Return moments of texts: each way of writing that is met is read at once for all that are written so."""
    import pandas as pd

    found = pd.Series(pd.NaT, index=cells.index, dtype="datetime64[us, UTC]")
    left = cells
    for _ in range(FORMATS):
        form = _form_of(left, day_first=day_first)
        if form is None:
            break
        read = pd.to_datetime(left, format=form, errors="coerce", utc=True).dropna().dt.as_unit("us")
        found[read.index] = read
        left = left.drop(read.index)
        if not len(read):
            break
    if len(left):
        read = pd.to_datetime(left, errors="coerce", format="mixed", dayfirst=day_first, utc=True)
        found[left.index] = read.dt.as_unit("us")
    return found


def _form_of(cells: pd.Series, *, day_first: bool) -> str | None:
    """Return how the first of some cells is written whose writing is told by it alone: 01:05 PM could be many."""
    from pandas.tseries.api import guess_datetime_format

    some = cells.iloc[:: max(1, len(cells) // LOOKED_AT)]
    guessed = (guess_datetime_format(cell, dayfirst=day_first) for cell in some)
    return next((form for form in guessed if form), None)


def _without_chinese(cells: pd.Series) -> pd.Series:
    """Return 2016年3月5日 下午2时05分 as 2016-3-5 2:05 PM."""
    if not cells.str.contains(r"[一-鿿]").any():
        return cells
    shown = cells.str.replace(r"(星期|周)[一二三四五六日天]", " ", regex=True)
    for pattern, instead in _CHINESE:
        shown = shown.str.replace(pattern, instead, regex=True)
    return shown.str.replace(
        _HALVES, lambda half: f"{half[2]} {'AM' if half[1] in MORNING else 'PM'}", regex=True
    ).str.strip()


def _day_first(cells: pd.Series) -> bool:
    """Tell whether 05/12/2015 is in December: by those that can only be one of both, else by the sign between."""
    parts = cells.str.extract(_NUMBERED).dropna()
    if parts.empty:
        return False
    first, second = (parts[column].astype(np.int64) for column in (0, 2))
    days = int(((first > MONTHS) & (first <= LAST_OF_A_MONTH)).sum())
    months = int(((second > MONTHS) & (second <= LAST_OF_A_MONTH)).sum())
    if days == months:
        return bool((parts[1] == ".").mean() > 0.5)  # noqa: PLR2004 - most of them
    return days > months
