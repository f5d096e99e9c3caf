"""What people type, everywhere: what the drawn world leaves out, and every free text of the tables, as markup."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import psycopg

from gis.store import certificates
from gis.store.sealed_columns import SEALED
from gis.store.tables import metadata
from tests.abuse.world import WEST, Drawer
from tests.http.conftest import API

TYPED = {
    "about", "address", "answer", "body_en", "called_by", "closed_why", "consent_by", "diet_note", "ended_reason", "file_name",
    "flat", "floor", "for_name", "housenumber", "memo", "name", "name_en", "note", "place_text", "purpose_en", "reason",
    "said_by", "settled_note", "summary", "title_en", "unit", "why", "words", "words_en",
}  # fmt: skip
"""Names of columns that hold what somebody wrote."""
OURS = {"category", "care_flag", "person"}
"""Tables whose words are ours, or are another markup already."""


async def more(drawer: Drawer) -> None:
    """Draw shops, rewards, causes, checklists, shifts and a mediation; their words are written over afterwards."""
    ask, words = drawer.ask, "几句话"
    short: dict[str, Any] = {"name": words, "name_en": "Words", "active": "yes"}
    shop, cause, reward = uuid4(), uuid4(), uuid4()
    await ask("desk", "POST", f"/admin/rewards/shops/{shop}", data=short | {"address": words})
    await ask("desk", "POST", f"/admin/rewards/causes/{cause}", data=short | {"about": words})
    fields = short | {"points": "3", "limit_period": "month", "shop": str(shop), "about": words}
    await ask("desk", "POST", f"/admin/rewards/{reward}", data=fields)
    stock = {"id": str(uuid4()), "amount": "5", "stock_reason": words}
    await ask("desk", "POST", f"/admin/rewards/{reward}/stock", data=stock)
    listed = short | {"code": "gas", "items": f"{words}|{words}|other"}
    await ask("admin", "POST", "/admin/checklists/gas", data=listed)
    await ask("desk", "POST", "/desk/shift")
    await ask("desk", "POST", "/desk/shift", data={"end": "1", "words": words})
    people = drawer.service.community
    async with drawer.service.app.state.parts.database.write() as session:
        await certificates.learn(session, people.community_id, [people.id("watcher01-01")], "mediation")
    markup = drawer.world.words[WEST]  # sealed, so that it is typed here
    dispute = await drawer.service.report(category="dispute", separate=True)
    case_id, party = dispute["case_id"], str(uuid4())
    await ask("desk", "POST", "mediations", json={"case_id": case_id, "mediator": "watcher01-01"})
    for act, said in (
        ("parties", {"id": party, "name": markup, "contact": markup, "words": markup}),
        ("sessions", {"starts_at": "2026-06-03T10:00+08:00", "place": markup, "present": [party], "words": markup}),
    ):  # fmt: skip
        await ask("watcher01-01", "POST", f"{API}/mediations/{case_id}/{act}", json=said)


def everywhere(database_url: str, words: str) -> list[str]:
    """Write the words into every free text of every row, and return the columns that hold them."""
    held, sealed = [], {(one.table.name, one.column) for one in SEALED}
    with psycopg.connect(database_url, autocommit=True) as connection:
        for table in metadata.sorted_tables:
            written_by_people = (
                {one.name for one in table.columns} & TYPED if table.name not in OURS else set()
            )
            for name in sorted(written_by_people - {name for of, name in sealed if of == table.name}):
                column = f'"{table.name}"."{name}"'
                try:
                    written = connection.execute(
                        f'UPDATE "{table.name}" SET "{name}" = %s WHERE "{name}" IS NOT NULL',
                        [words],
                    )
                except (
                    psycopg.IntegrityError,
                    psycopg.DataError,
                    psycopg.ProgrammingError,
                ):  # a word of ours
                    continue
                held += [column] if written.rowcount else []
    return held
