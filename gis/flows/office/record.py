"""Writing down what the office changes about itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gis.flows.work import Work
from gis.store import changes
from gis.words import Actor


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return the fields that differ, each as it was and as it is.

    Parameters
    ----------
    before, after
        Plain values; a field that is missing was or is nothing.
    """
    return {
        name: [before.get(name), after.get(name)]
        for name in [*before, *(name for name in after if name not in before)]
        if before.get(name) != after.get(name)
    }


async def record(
    work: Work,
    actor: Actor,
    subject: str,
    key: str,
    verb: str,
    *,
    name: str = "",
    data: Mapping[str, Any] | None = None,
) -> None:
    """Write down a change in the transaction that makes it.

    Parameters
    ----------
    work, actor
        Who.
    subject, key, name
        Of what: its kind, its key, and what it is called.
    verb
        added, changed, deactivated, activated, removed, imported, code_given.
    data
        Fields as ``differences`` gives them; never a secret.
    """
    await changes.append(
        work.session,
        actor.community_id,
        at=work.clock.now(),
        person_id=actor.person_id,
        subject=subject,
        key=key,
        name=name,
        verb=verb,
        data=data or {},
    )
