"""The register of residents as a sheet: as much of each as stands in the list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from gis.exports.sheets import Column, Sheet
from gis.flows.residents.reading import Card
from web.i18n import N_, translate
from web.resident_words import PERSON_FIELDS, RELATION_NAMES
from web.romanise import place_name


def register_sheet(language: str, found: Sequence[Card], flag_names: Mapping[str, str]) -> Sheet:
    """Return residents as a sheet: no number of theirs, and only the flags that its reader may see.

    Parameters
    ----------
    language, found, flag_names
        In which words, who, and what flags are called.
    """
    t = partial(translate, language)
    titles = (
        ("name", PERSON_FIELDS["name"]),
        ("relation", PERSON_FIELDS["relation"]),
        ("address", N_("地址")),
        ("unit", N_("单元")),
        ("flat", N_("房号")),
        ("grid", N_("网格")),
        ("micro_grid", N_("微网格")),
        ("flags", PERSON_FIELDS["flags"]),
    )
    columns = [
        *(Column(key, t(title)) for key, title in titles),
        Column("moved_out_on", t(N_("迁出日期")), "date"),
    ]
    between = ", " if language == "en" else "、"
    rows = [
        (
            one.name,
            t(RELATION_NAMES.get(one.relation, one.relation)),
            place_name(language, one.address),
            one.unit,
            one.flat,
            one.grid_code or "",
            one.micro_grid_code or "",
            between.join(flag_names.get(flag, flag) for flag in one.flags),
            one.moved_out_on,
        )
        for one in found
    ]
    return Sheet(t(N_("居民名单")), columns, rows)
