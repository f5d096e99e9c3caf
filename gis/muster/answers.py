"""The one table of what may become of a call to a muster."""

from __future__ import annotations

from enum import StrEnum

from gis.errors import ConflictError

LIVE = frozenset({"called", "on_the_way", "arrived"})


class Act(StrEnum):
    """What somebody who was called may say, and what the desk says to all."""

    COMING = "coming"
    DECLINE = "decline"
    ARRIVE = "arrive"
    STAND_DOWN = "stand_down"


ANSWERS: dict[tuple[str, Act], str] = {
    ("called", Act.COMING): "on_the_way",
    ("called", Act.DECLINE): "declined",
    ("called", Act.ARRIVE): "arrived",
    ("called", Act.STAND_DOWN): "stood_down",
    ("no_answer", Act.COMING): "on_the_way",
    ("no_answer", Act.DECLINE): "declined",
    ("no_answer", Act.ARRIVE): "arrived",
    ("declined", Act.COMING): "on_the_way",
    ("on_the_way", Act.DECLINE): "declined",
    ("on_the_way", Act.ARRIVE): "arrived",
    ("on_the_way", Act.STAND_DOWN): "stood_down",
    ("arrived", Act.STAND_DOWN): "stood_down",
}
_SAID = {
    Act.COMING: "on_the_way",
    Act.DECLINE: "declined",
    Act.ARRIVE: "arrived",
    Act.STAND_DOWN: "stood_down",
}


def answered(status: str, act: Act) -> str:
    """Return what an act makes of a call; said again it changes nothing.

    Parameters
    ----------
    status
        How the call stands.
    act
        What is said.

    Raises
    ------
    ConflictError
        ``muster_call_over``: it was stood down, or they are there already.
    """
    if status == _SAID[act]:
        return status
    found = ANSWERS.get((status, act))
    if found is None:
        raise ConflictError(f"{act} is not possible for a call that is {status}", code="muster_call_over")
    return found
