"""Sessions remembered for a moment, so that a phone's burst of requests doesn't ask the database each time.

A sign-out and a change of post are honoured at once, here and through other processes (``api.hearing``); while these aren't
heard, nothing is remembered. An expiry is honoured within ``KEEP_S``.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass
from uuid import UUID

from gis.flows.sign_in import hashed
from gis.words import Actor

KEEP_S = 4.0
MOST = 4096


@dataclass(frozen=True, slots=True)
class Known:
    """Who a token belongs to, the secret of its forms, and until when this may be believed."""

    actor: Actor
    csrf: str
    until: float


class SessionCache:
    """Tokens checked a moment ago."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Known] = OrderedDict()
        self._sign_outs = 0
        self._believed = True

    def find(self, token: str) -> Known | None:
        """Return what is known of a token, or None."""
        known = self._known.get(token)
        if not self._believed:
            return None
        if known is None or known.until <= time.monotonic():
            self._known.pop(token, None)
            return None
        return known

    def mark(self) -> int:
        """Return a mark to hand to ``keep``: what was read before a sign-out isn't kept after it."""
        return self._sign_outs

    def keep(self, token: str, actor: Actor, csrf: str, *, mark: int) -> None:
        """Remember a token that the database has just confirmed."""
        if mark != self._sign_outs or not self._believed:
            return
        self._known[token] = Known(actor, csrf, time.monotonic() + KEEP_S)
        while len(self._known) > MOST:
            self._known.popitem(last=False)

    def forget_person(self, person_id: UUID) -> None:
        """Forget all tokens of somebody whose post was changed or ended."""
        self._sign_outs += 1
        for token in [token for token, known in self._known.items() if known.actor.person_id == person_id]:
            del self._known[token]

    def forget_community(self, community_id: str) -> None:
        """Forget all tokens of a community: who is responsible for what was changed."""
        self._sign_outs += 1
        for token in [one for one, known in self._known.items() if known.actor.community_id == community_id]:
            del self._known[token]

    def forget_hash(self, token_hash: str) -> list[str]:
        """Forget the token of a session that ended elsewhere, known by its hash; return it if it was remembered."""
        self._sign_outs += 1
        gone = [token for token in self._known if hashed(token).hex() == token_hash]
        for token in gone:
            del self._known[token]
        return gone

    def believe(self, hears: bool) -> None:
        """Take up or leave off remembering, with nothing kept from before."""
        self._sign_outs += 1
        self._believed = hears
        self._known.clear()

    def forget(self, token: str) -> None:
        """Forget a token at sign-out."""
        self._sign_outs += 1
        self._known.pop(token, None)
