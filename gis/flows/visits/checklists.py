"""A community's checklists: written down when they are first needed, changed by the office."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID, uuid4

from gis.cases.categories import category
from gis.errors import InvalidInputError, NotFoundError
from gis.flows.office.record import differences, record
from gis.flows.texts import plain, required
from gis.flows.work import Work
from gis.people.permissions import require
from gis.store import checklists
from gis.store.checklists import ListRow
from gis.store.session import WriteSession
from gis.visits.checklists import BEGINNING, MOST_ITEMS, MOST_LISTS, Checklist, lists_of
from gis.words import Actor

NAME = 30
WORDS = 80
CODE = re.compile(r"[a-z][a-z0-9_]{1,29}")


@dataclass(frozen=True, slots=True)
class ItemDraft:
    """An item as it is wanted; without an id it is new."""

    item_id: UUID | None
    words: str
    words_en: str
    category: str


@dataclass(frozen=True, slots=True)
class ListDraft:
    """A list as it is wanted."""

    name: str
    name_en: str
    active: bool
    items: tuple[ItemDraft, ...]


async def ensure_checklists(session: WriteSession, community_id: str) -> None:
    """Write down what a community begins with, unless it has lists of its own: answers refer to them.

    Parameters
    ----------
    session, community_id
        Where.
    """
    if not await checklists.has_lists(session, community_id):
        for number, one in enumerate(BEGINNING):
            await checklists.put_checklist(session, community_id, _row(one), number)


async def set_checklist(work: Work, actor: Actor, code: str, draft: ListDraft, *, new: bool = False) -> bool:
    """Change a list, or make a new one; tell whether anything is different. What was answered stays.

    Parameters
    ----------
    work, actor, code, draft
        Who sets which to what.
    new
        Whether it is made.

    Raises
    ------
    NotFoundError
        ``checklist_not_found``.
    InvalidInputError
        ``checklist_code``, ``checklist_items``, ``too_many_checklists``, ``category_unknown``, ``text_needed``,
        ``text_too_long``.
    """
    require(actor, "administer")
    session, community_id = work.session, actor.community_id
    await ensure_checklists(session, community_id)
    lists = lists_of(await checklists.item_rows(session, community_id))
    found = {one.code: (sort, one) for sort, one in enumerate(lists)}
    _check_code(code, set(found), new=new)
    sort, before = found.get(code, (len(lists), Checklist(code, "", "", ())))
    after = _checked(code, draft, before)
    changed = differences(_said(_row(before)), _said(after)) if not new else _said(after)
    if not changed:
        return False
    await checklists.put_checklist(session, community_id, after, sort)
    await record(
        work,
        actor,
        "checklist",
        code,
        "added" if new else "changed",
        name=after.name,
        data=changed if not new else {},
    )
    return True


def _check_code(code: str, known: set[str], *, new: bool) -> None:
    there = code in known
    if not new and not there:
        raise NotFoundError("no such list", code="checklist_not_found")
    if new and (there or not CODE.fullmatch(code)):
        raise InvalidInputError("small letters, and not used yet", code="checklist_code", field="code")
    if new and len(known) >= MOST_LISTS:
        raise InvalidInputError(
            f"at most {MOST_LISTS}", code="too_many_checklists", field="code", limit=MOST_LISTS
        )


def _checked(code: str, draft: ListDraft, before: Checklist) -> ListRow:
    if not 1 <= len(draft.items) <= MOST_ITEMS:
        raise InvalidInputError(
            f"1 to {MOST_ITEMS} items", code="checklist_items", field="items", limit=MOST_ITEMS
        )
    known = {one.item_id for one in before.items}
    items = []
    for one in draft.items:
        category(one.category)
        words = required(one.words, "items", limit=WORDS)
        words_en = plain(one.words_en, "items", limit=WORDS * 2)
        items.append((one.item_id if one.item_id in known else uuid4(), words, words_en, one.category))
    name = required(draft.name, "name", limit=NAME)
    return ListRow(code, name, plain(draft.name_en, "name_en", limit=NAME * 2), draft.active, items)


def _row(one: Checklist) -> ListRow:
    items = [(item.item_id, item.words, item.words_en, item.category) for item in one.items if item.active]
    return ListRow(one.code, one.name, one.name_en, one.active, items)


def _said(row: ListRow) -> dict[str, object]:
    """Return a list as plain values, as the office's record keeps them."""
    return {
        "name": row.name,
        "name_en": row.name_en,
        "active": row.active,
        "items": ["|".join(filter(None, (words, words_en, code))) for _, words, words_en, code in row.items],
    }
