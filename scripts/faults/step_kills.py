"""kill -9 at every named step of reporting, taking, closing and redeeming: of a real service, and of the database under it."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

from scripts.bench.service import ROOT
from scripts.faults.audit import missing, sweep
from scripts.faults.checks import CHECKS
from scripts.faults.doomed import AT, SERVER, SERVICE, WHO
from scripts.faults.processes import children_of, postmaster_of
from scripts.faults.stand import FREE, START_S, Stand
from scripts.faults.step_acts import Acts, Asked

MOST_STEPS = 120
BACK = 3
GOOD, CONFLICT = (200, 201), 409
SOON_S = 0.2
TRACES = {
    "submit": "SELECT count(*) FROM photo WHERE community_id = %s AND report_id = %s",
    "accept": "SELECT count(*) FROM event WHERE community_id = %s AND case_id = %s AND verb = 'accept'",
    "close": "SELECT count(*) FROM service WHERE community_id = %s AND case_id = %s",
    "redeem": "SELECT count(*) FROM ledger WHERE community_id = %s AND redemption_id = %s",
}


class StepKills:
    """A service where somebody is killed when it is told so.

    Parameters
    ----------
    stand
        Drawn, with its database running and no service.
    """

    def __init__(self, stand: Stand) -> None:
        self.stand = stand
        self.wrong: list[str] = []
        self.again_s: dict[str, list[float]] = {SERVICE: [], SERVER: []}
        words = os.environ | FREE | {"PYTHONPATH": str(ROOT)}
        with (stand.state / "service.log").open("ab") as log:
            self._doomed = subprocess.Popen(
                [sys.executable, "-m", "scripts.faults.doomed", str(stand.state), str(stand.port)],
                cwd=ROOT, env=words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
            )  # fmt: skip
        self._start()
        self.acts = Acts(stand, stand.riders(), stand.sign_in("desk"), stand.reward())

    def run(self) -> list[str]:
        """Kill at every step of every act and return what was wrong afterwards."""
        asked: dict[str, Callable[[], Asked]] = {
            "submit": self.acts.submit,
            "accept": self.acts.accept,
            "close": self.acts.close,
            "redeem": self.acts.redeem,
        }
        for who in (SERVICE, SERVER):
            for name, prepare in asked.items():
                seen = self._every_step(who, name, prepare)
                ready_s = sorted(self.again_s[who])
                print(
                    f"{who:8} {name:7} killed {seen.total():3d} times, ready again after {ready_s[len(ready_s) // 2]:.1f} s"
                    f" (median): {dict(seen)}",
                    flush=True,
                )
        self.wrong += missing(self.stand, self.acts.promised, self.acts.desk)
        gone, left = sweep(self.stand)
        self.wrong += [f"left over after the sweep: {one}" for one in left]
        print(f"{gone} photos without a row were taken away; {len(self.wrong)} things wrong", flush=True)
        return self.wrong

    def end(self) -> None:
        """End the service with the program that forks it."""
        for number in (*children_of(self._doomed.pid), self._doomed.pid):
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGTERM)
        self._doomed.wait(30)

    def _every_step(self, who: str, name: str, prepare: Callable[[], Asked]) -> Counter[str]:
        seen: Counter[str] = Counter()
        at = whole = 0
        for _ in range(MOST_STEPS):
            at += 1
            asked, server = prepare(), postmaster_of(self.stand.cluster)
            status, told = self.acts.send(asked, **{AT: str(at), WHO: who})
            if status in GOOD:
                asked.keep(told)
            step = self._said()
            if not step and status in GOOD:
                if whole:
                    return seen
                at = max(0, at - BACK)  # it had fewer steps than those before
                continue
            self._heal(who, server)
            whole += self._look(f"{who}, {name} at {step or status}", name, asked, known=status in GOOD)
            seen[step or str(status)] += 1
        self.wrong.append(f"{name} never came to its end")
        return seen

    def _look(self, where: str, name: str, asked: Asked, *, known: bool) -> int:
        """Look what a kill has left, send the request again as a phone does, and return whether it had been done."""
        left = self._traces(name, asked)
        if left not in {0, 1} or left < known:
            self.wrong.append(f"{where}: there {left} times")
        self._check(where)
        status, told = self.acts.send(asked)
        if status in GOOD:
            asked.keep(told)
        elif status != CONFLICT or not left:  # a case that was taken or closed is told so
            self.wrong.append(f"{where}, again: {status} {told}")
        if self._traces(name, asked) != 1:
            self.wrong.append(f"{where}, again: not there once")
        return left

    def _traces(self, name: str, asked: Asked) -> int:
        with self.stand.connect() as connection:
            found = connection.execute(TRACES[name], [self.stand.community_id, asked.subject]).fetchone()
        return int((found or (0,))[0])

    def _check(self, where: str) -> None:
        with self.stand.connect() as connection:
            for what, query in CHECKS.items():
                (count,) = connection.execute(query).fetchone() or (0,)
                self.wrong += [f"{where}: {what}"] if count else []

    def _heal(self, who: str, server: int) -> None:
        """Have the killed one back, and note how long that took."""
        begun = time.monotonic()
        if who == SERVICE:
            self._start()
        else:
            self._await_another(server)
            self.stand.ready_after_s()
        self.again_s[who].append(time.monotonic() - begun)

    def _await_another(self, server: int) -> None:
        until = time.monotonic() + START_S
        while time.monotonic() < until:
            with suppress(ProcessLookupError):
                if postmaster_of(self.stand.cluster) != server:
                    return
            time.sleep(0.05)
        raise TimeoutError("the database was not started again")

    def _start(self) -> None:
        assert self._doomed.stdin is not None  # noqa: S101 - it is a pipe
        self._doomed.stdin.write(b"\n")
        self._doomed.stdin.flush()
        self.stand.ready_after_s()

    def _said(self) -> str:
        """Return the step at which somebody was killed; empty: nobody was."""
        assert self._doomed.stdout is not None  # noqa: S101 - it is a pipe
        ready, _, _ = select.select([self._doomed.stdout], [], [], SOON_S)
        return self._doomed.stdout.readline().decode().strip() if ready else ""
