"""Communities side by side: what the columns are called, on the screen and in files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from gis.exports.sheets import Column, Kind, Sheet
from gis.store.district import CommunityRow
from web.i18n import N_, translate

TITLE = N_("各社区")
COLUMNS: tuple[tuple[str, str, Kind], ...] = (
    ("community_id", N_("编号"), "text"),
    ("name", N_("社区"), "text"),
    ("households", N_("户数"), "integer"),
    ("open", N_("未办结"), "integer"),
    ("late", N_("已超时"), "integer"),
    ("opened", N_("新发生"), "integer"),
    ("closed", N_("已办结"), "integer"),
    ("closing_rate", N_("办结率"), "percent"),
    ("in_time_rate", N_("按时率"), "percent"),
    ("responders", N_("在岗"), "integer"),
)


def boards_sheet(language: str, rows: Sequence[CommunityRow]) -> Sheet:
    """Return communities as a sheet, in the order in which they come.

    Parameters
    ----------
    language, rows
        Of whoever reads it, and what is shown.
    """
    columns = [Column(key, translate(language, title), kind) for key, title, kind in COLUMNS]
    return Sheet(translate(language, TITLE), columns, _values(language, rows))


def _values(language: str, rows: Sequence[CommunityRow]) -> Iterator[list[Any]]:
    for row in rows:
        name = (row.name_en or row.name) if language == "en" else row.name
        yield [name if key == "name" else getattr(row, key) for key, _, _ in COLUMNS]
