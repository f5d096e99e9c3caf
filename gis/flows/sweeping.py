"""What a sweep does with all that it has found: one after the other, so that none holds up the rest."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import structlog

from gis.errors import UnavailableError
from gis.flows.work import OpenWork

log = structlog.get_logger(__name__)


async def each(
    open_work: OpenWork, found: Iterable[tuple[Any, ...]], act: Callable[..., Awaitable[object]]
) -> None:
    """Do something with all that was found, each in a transaction of its own.

    One that fails is written to the log and found again by the next sweep; the others are done all the same.

    Parameters
    ----------
    open_work
        Opens a unit of work that is committed when its block ends without an error.
    found
        What `act` is given after the unit of work.
    act
        A flow that does no harm when it comes twice.

    Raises
    ------
    UnavailableError
        The database doesn't answer: nothing else would go either.
    """
    for given in found:
        try:
            async with open_work() as work:
                await act(work, *given)
        except UnavailableError:
            raise
        except Exception:  # whatever it is, it is about this one alone
            log.exception("sweep_failed", act=act.__name__, about=[str(one) for one in given])
