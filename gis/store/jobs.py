"""Background jobs in PostgreSQL: enqueued in the caller's own transaction, run by a worker inside the service.

The queue is procrastinate's. A job is a task's name and plain arguments; what a task does is given to the worker by
``gis.flows.tasks``, so that the store knows no flow. Every task may run late, twice, or again after a crash.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString, Protocol

import psycopg
import structlog
from procrastinate import App, JobContext, PsycopgConnector, RetryStrategy, exceptions
from procrastinate.worker import Worker
from structlog.contextvars import bound_contextvars, get_contextvars

from gis.store.job_lines import Lines
from gis.store.session import WriteSession

Task = Callable[..., Awaitable[None]]
Observe = Callable[[str, str, float], None]
QUEUE: LiteralString = "weiwang"
KEEP_H = 24
POLL_S = 1.0
HEARTBEAT_S = 5.0
STALLED_S = 20.0
GIVE_UP_S = 6.0
EVERY_MINUTE = "* * * * *"
HOURLY = "17 * * * *"
REQUEST = "request_id"
"""The argument of a job that names the request that asked for it."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Later:
    """A task to be enqueued by the very statement that files a report; ``offered``: only if an offer was made, or not."""

    task: str
    at: datetime
    args: Mapping[str, str]
    offered: bool


# The part of that statement which enqueues, by procrastinate's own function, what ``filed`` reports have in ``later``;
# ``made`` are the offers. It has to be read for it to happen.
ENQUEUE: LiteralString = f"""
enqueued AS (
    SELECT procrastinate_defer_jobs_v1(array_agg(
        ROW('{QUEUE}', j.task, 0, NULL, NULL, j.args, j.at)::procrastinate_job_to_defer_v1 ORDER BY f.place)) AS jobs
    FROM filed f LEFT JOIN made ON made.case_id = f.case_id
    CROSS JOIN LATERAL jsonb_to_recordset(f.later) AS j(task text, args jsonb, at timestamptz, offered boolean)
    WHERE j.offered = (made.offer_id IS NOT NULL) HAVING count(*) > 0
)
"""  # noqa: S608 - only constants are joined


class Jobs(Protocol):
    """Whatever can be asked to do something later."""

    by_statement: bool
    """Whether what is given to the store as ``Later`` is enqueued by its statement; else ``defer`` must be asked."""

    async def defer(
        self, session: WriteSession, task: str, *, at: datetime | None = None, **args: str
    ) -> None:
        """Enqueue a task in the session's transaction.

        Parameters
        ----------
        session
            The job exists if, and only if, this transaction commits.
        task
            A name known to ``gis.flows.tasks``.
        at
            Not before this moment; None: as soon as possible.
        **args
            Passed to the task.
        """
        ...


async def absorb(session: WriteSession, task: str, community_id: str) -> None:
    """Take waiting jobs of a task and community away: whoever is carrying the task out does what they were for.

    Each was committed before, so that its cause is seen by the statements that follow. That is why jobs that pile up
    are removed when one of them runs, instead of being refused when they are enqueued (procrastinate's queueing lock):
    a refusal would end the caller's transaction, and would trust a job that may already be looking.
    """
    await session.direct(
        """
        DELETE FROM procrastinate_jobs WHERE id IN (
            SELECT id FROM procrastinate_jobs WHERE status = 'todo' AND task_name = %(task)s
            AND args->>'community_id' = %(community)s FOR UPDATE SKIP LOCKED)
        """,
        {"task": task, "community": community_id},
    )


class ProcrastinateJobs:
    """Enqueues on the session's own connection; needs no connection of its own."""

    by_statement = True

    def __init__(self) -> None:
        self._app = App(connector=PsycopgConnector())

    async def defer(
        self, session: WriteSession, task: str, *, at: datetime | None = None, **args: str
    ) -> None:
        """Enqueue a task in the session's transaction."""
        connection = await session.driver()
        asked_by = get_contextvars().get(REQUEST)
        if asked_by:
            args[REQUEST] = asked_by
        await self._app.configure_task(task, queue=QUEUE, schedule_at=at, connection=connection).defer_async(
            **args
        )


class JobRunner:
    """The worker: fetches due jobs and carries them out in the service's own event loop.

    Parameters
    ----------
    url
        The database of the queue.
    tasks
        What each name does.
    every_minute
        Names of tasks, among them, that are also run once a minute by one of all workers.
    hourly
        The same, once an hour.
    concurrency
        Jobs under way at the same time.
    give_up_s
        How long the worker waits for a connection before it says that there is none; it tries again each second.
    observe
        Told of each run: the task's name, ``done`` or ``failed``, and the seconds.
    """

    def __init__(
        self,
        url: str,
        tasks: Mapping[str, Task],
        *,
        every_minute: tuple[str, ...] = (),
        hourly: tuple[str, ...] = (),
        concurrency: int = 2,
        give_up_s: float = GIVE_UP_S,
        observe: Observe | None = None,
    ) -> None:
        self._lines = Lines()
        connector = PsycopgConnector(
            conninfo=url,
            pool_factory=self._lines.pool,
            min_size=1,
            max_size=concurrency + 2,
            timeout=give_up_s,
        )
        self._app = App(connector=connector)
        self._concurrency = concurrency
        self._observe = observe or (lambda _task, _result, _seconds: None)
        self._worker: Worker | None = None
        self._stopping = asyncio.Event()
        self.begun = asyncio.Event()
        """Set from when jobs are looked for the first time."""
        for name, task in tasks.items():
            self._register(name, task)
            for cron, names in ((EVERY_MINUTE, every_minute), (HOURLY, hourly)):
                if name in names:
                    self._register_periodic(name, task, cron)
        self._register_housekeeping()

    async def run(self) -> None:
        """Run jobs until ``stop``; a database that went away is waited for."""
        while not self._stopping.is_set():
            try:
                async with self._app.open_async():
                    self._worker = self._new_worker()
                    self.begun.set()
                    await self._worker.run()  # type: ignore[no-untyped-call]
            except (exceptions.ConnectorException, psycopg.OperationalError, OSError) as error:
                log.warning("jobs_wait_for_database", error=str(error))
            finally:
                self._worker = None
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), timeout=POLL_S)

    def stop(self) -> None:
        """Ask ``run`` to end once the jobs under way are done."""
        self._stopping.set()
        if self._worker is not None:
            self._worker.stop()  # type: ignore[no-untyped-call]

    def abandon(self) -> None:
        """End although the database doesn't answer: what is under way is done later, by another worker."""
        self._lines.give_up()
        self.stop()

    def _new_worker(self) -> Worker:
        return Worker(
            self._app,
            queues=[QUEUE, "builtin"],
            name="weiwang",
            concurrency=self._concurrency,
            fetch_job_polling_interval=POLL_S,
            shutdown_graceful_timeout=10,
            install_signal_handlers=False,
            update_heartbeat_interval=HEARTBEAT_S,
            stalled_worker_timeout=STALLED_S,
        )

    def _register(self, name: str, task: Task) -> None:
        retry = RetryStrategy(max_attempts=8, exponential_wait=2)

        async def on_demand(context: JobContext, /, **args: Any) -> None:
            await self._carry_out(name, task, context, args)

        self._app.task(name=name, queue=QUEUE, retry=retry, pass_context=True)(on_demand)

    def _register_periodic(self, name: str, task: Task, cron: str) -> None:
        async def on_time(context: JobContext, timestamp: int) -> None:
            _ = timestamp
            await self._carry_out(name, task, context, {})

        often = "minute" if cron == EVERY_MINUTE else "hour"
        registered = self._app.task(name=f"{name}_each_{often}", queue=QUEUE, pass_context=True)(on_time)
        self._app.periodic(cron=cron)(registered)

    async def _carry_out(self, name: str, task: Task, context: JobContext, args: dict[str, Any]) -> None:
        """Carry a job out, counted; what the log says meanwhile has the job's number and the id of the request behind it."""
        known = {"task": name, "job": context.job.id, REQUEST: args.pop(REQUEST, None)}
        started, result = time.perf_counter(), "failed"
        with bound_contextvars(**{key: value for key, value in known.items() if value is not None}):
            try:
                await task(**args)
                result = "done"
            except Exception as error:
                log.warning("job_failed", attempt=context.job.attempts, error=type(error).__name__)
                raise
            finally:
                self._observe(name, result, time.perf_counter() - started)

    def _register_housekeeping(self) -> None:
        """Old jobs are removed, and jobs of a worker that died are given to another."""

        async def take_over(timestamp: int) -> None:
            _ = timestamp
            manager = self._app.job_manager
            for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_S):
                await manager.retry_job(job)

        async def forget(timestamp: int) -> None:
            _ = timestamp
            await self._app.job_manager.delete_old_jobs(
                nb_hours=KEEP_H, include_failed=True, include_aborted=True
            )

        self._app.periodic(cron=EVERY_MINUTE)(self._app.task(name="take_over", queue=QUEUE)(take_over))
        self._app.periodic(cron=HOURLY)(self._app.task(name="forget", queue=QUEUE)(forget))
