"""Codes and names of cells that were just drawn."""

from __future__ import annotations

DIGITS = "零一二三四五六七八九"
UNITS = ("", "十", "百", "千")
SHORTEST = 2


def chinese_number(number: int) -> str:
    """Return a number from 1 to 9999 as people write it: 十五, 一百零一."""
    text, zero = "", False
    for place, digit in zip(range(len(str(number)) - 1, -1, -1), map(int, str(number)), strict=True):
        if digit:
            text += ("零" if zero else "") + DIGITS[digit] + UNITS[place]
        zero = bool(text) and not digit
    return text.removeprefix("一") if text.startswith("一十") else text


def grid_code(row: int, count: int) -> str:
    """Return the code of a grid by its place in geographic order, counted from 0."""
    return str(row + 1).zfill(max(SHORTEST, len(str(count))))


def grid_names(row: int) -> tuple[str, str]:
    """Return a grid's Chinese and English name."""
    return f"第{chinese_number(row + 1)}网格", f"Grid {row + 1}"


def cell_names(grid_row: int, row: int, code: str) -> tuple[str, str]:
    """Return a micro-grid's Chinese and English name; ``row`` counts within its grid."""
    return f"{grid_names(grid_row)[0]}第{chinese_number(row + 1)}微网格", f"Micro-grid {code}"
