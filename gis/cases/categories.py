"""Finding a category by its code."""

from __future__ import annotations

from gis.categories import CATEGORIES, Category, Family
from gis.errors import InvalidInputError

__all__ = ["CATEGORIES", "Category", "Family", "category"]

_BY_CODE = {one.code: one for one in CATEGORIES}


def category(code: str) -> Category:
    """Return a category.

    Parameters
    ----------
    code
        As in ``CATEGORIES``.

    Raises
    ------
    InvalidInputError
        ``category_unknown``.
    """
    found = _BY_CODE.get(code)
    if found is None:
        raise InvalidInputError(
            f"no category {code!r}", code="category_unknown", field="category", category=code[:40]
        )
    return found
