"""The four acts over HTTP, as requests that can be sent again: what stands before each, and what it leaves behind."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any
from uuid import uuid4

from scripts.faults.crowd import PHOTO_BYTES, Promised
from scripts.faults.stand import Stand
from scripts.working_day.photos import another, form, picture
from tests.factories import at

JSON = "application/json"
WHERE = at(40.0, 20.0)
RICHEST = """SELECT person_id::text FROM account WHERE community_id = %s AND kind = 'person' AND balance > 0
    ORDER BY balance DESC LIMIT 1"""


@dataclass(frozen=True)
class Asked:
    """A request, whom it is about, and what is promised by its answer."""

    path: str
    body: bytes
    media_type: str
    token: str
    subject: str
    keep: Callable[[dict[str, Any]], None]


@dataclass
class Acts:
    """What people do to a service.

    Parameters
    ----------
    stand
        With its service running while something is asked.
    riders
        Tokens by person's id.
    desk, reward
        A token, and what points are spent on.
    """

    stand: Stand
    riders: dict[str, str]
    desk: str
    reward: str
    promised: Promised = field(default_factory=Promised)

    def __post_init__(self) -> None:
        self._picture = picture(1, PHOTO_BYTES)

    def send(self, asked: Asked, **headers: str) -> tuple[int, dict[str, Any]]:
        """Send a request and return status and answer; 0 where the connection was lost."""
        given = {"Authorization": f"Bearer {asked.token}", "Content-Type": asked.media_type, **headers}
        connection = HTTPConnection("127.0.0.1", self.stand.port, timeout=30)
        try:
            connection.request("POST", asked.path, asked.body, given)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"{}")
        except (OSError, HTTPException):
            return 0, {}
        finally:
            connection.close()

    def submit(self) -> Asked:
        """Report something, with a photo."""
        report_id, (photo, sha256) = str(uuid4()), another(self._picture)
        fields = {
            "id": report_id,
            "category": "sewer",
            "description": "试",
            "separate": "true",
            "accuracy_m": "5",
        }
        body, media_type = form(fields | {"lon": f"{WHERE[0]:.7f}", "lat": f"{WHERE[1]:.7f}"}, photo)

        def keep(told: dict[str, Any]) -> None:
            self.promised.reports[report_id] = told["case_id"], sha256

        token = next(iter(self.riders.values()))
        return Asked("/api/v1/reports", body, media_type, token, report_id, keep)

    def accept(self) -> Asked:
        """Take a case that one was asked for."""
        case_id, rider = self._offered()
        return self._act(
            case_id, "accept", self.riders[rider], lambda _: self.promised.accepted.update({case_id: rider})
        )

    def close(self) -> Asked:
        """Have somebody's work verified."""
        case_id, rider = self._offered()
        for verb in ("accept", "arrive", "done"):
            self.do(self._act(case_id, verb, self.riders[rider], lambda _: None))
        self.promised.accepted[case_id] = rider
        return self._act(case_id, "verify", self.desk, lambda _: self.promised.closed.add(case_id))

    def redeem(self) -> Asked:
        """Spend a point."""
        with self.stand.connect() as connection:
            found = connection.execute(RICHEST, [self.stand.community_id]).fetchone()
        (rider,) = found or ("",)
        redemption_id = str(uuid4())
        body = json.dumps({"id": redemption_id, "reward": self.reward}).encode()

        def keep(_: dict[str, Any]) -> None:
            self.promised.redeemed[redemption_id] = rider

        return Asked("/api/v1/redemptions", body, JSON, self.riders[rider], redemption_id, keep)

    def do(self, asked: Asked) -> dict[str, Any]:
        """Send a request that must be answered well, and return the answer.

        Raises
        ------
        RuntimeError
            It was refused.
        """
        status, told = self.send(asked)
        if status not in {200, 201}:
            raise RuntimeError(f"{asked.path}: {status} {told}")
        asked.keep(told)
        return told

    def _offered(self) -> tuple[str, str]:
        told = self.do(self.submit())
        return told["case_id"], told["offer"]["responder"]["id"]

    def _act(self, case_id: str, verb: str, token: str, keep: Callable[[dict[str, Any]], None]) -> Asked:
        body, media_type = b"{}", JSON
        if verb == "done":  # some work has to be shown
            body, media_type = form({"note": "好"}, another(self._picture)[0])
        elif verb == "verify":
            body = b'{"hours": 1.0}'
        return Asked(f"/api/v1/cases/{case_id}/{verb}", body, media_type, token, case_id, keep)
