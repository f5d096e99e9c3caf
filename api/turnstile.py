"""So many at once and no more: who would only wait is sent away at once, told when to come again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from gis.errors import UnavailableError

AGAIN_S = 2


class Turnstile:
    """Lets photos in, as many at once as are answered within a second or two.

    Without it everybody would wait for the others until they gave up, while the service went on with what nobody waits for any
    more. Phones keep what is refused and send it again by themselves. Slow uploads don't count: only what has come is counted.

    Parameters
    ----------
    most
        How many may be inside.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.inside = 0

    def check(self) -> None:
        """Send away who comes while all places are taken; asked before anything is read, so that it costs next to nothing.

        Raises
        ------
        UnavailableError
            ``photo_busy``.
        """
        if self.inside >= self.most:
            raise UnavailableError("too many photos at once", code="photo_busy", retry_after_s=AGAIN_S)

    @contextmanager
    def passed(self) -> Iterator[None]:
        """Be inside until the block ends.

        Raises
        ------
        UnavailableError
            ``photo_busy``.
        """
        self.check()
        self.inside += 1
        try:
            yield
        finally:
            self.inside -= 1
