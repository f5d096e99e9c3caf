"""Writing down what the office changes about rewards, shops and causes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from gis.flows.office.record import differences, record
from gis.flows.work import Work
from gis.words import Actor


async def note_change(  # noqa: PLR0917 - of what, which, how it was and is
    work: Work,
    actor: Actor,
    subject: str,
    key: UUID,
    name: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> None:
    """Write a change down, where there is one.

    Parameters
    ----------
    work, actor, subject, key, name
        Who changed which.
    before, after
        Its fields; none before: it is new.
    """
    skipped = {"points", f"{subject}_id"} if subject == "cause" else {f"{subject}_id"}
    was = {field: _said(value) for field, value in before.items() if field not in skipped}
    now = {field: _said(value) for field, value in after.items() if field not in skipped}
    if changed := differences(was, now):
        verb = "changed" if before else "added"
        await record(work, actor, subject, str(key), verb, name=name, data=changed)


def _said(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
