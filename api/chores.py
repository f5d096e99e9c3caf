"""What is done without anybody asking: the tasks of the queue, and which of them come round by themselves."""

from __future__ import annotations

from api.exporting import SAY
from api.parts import Parts
from gis.flows import (
    blurring,
    count_indicators,
    deliver,
    hotline,
    months,
    musters,
    order_keeping,
    photo_keeping,
    tasks,
)
from gis.flows.audit import chaining
from gis.flows.exports import jobs as export_jobs
from gis.flows.exports.layers import Source
from gis.flows.hotline_files import bind_hotline_files
from gis.flows.meals import closing
from gis.flows.mediation import reminders
from gis.flows.missing import erasing as searches
from gis.flows.residents import erasing as residents
from gis.flows.retention import running as retention
from gis.flows.service import expiring
from gis.flows.teams import certificates, places
from gis.store.jobs import JobRunner, Task
from web.notices import robot_text

EVERY_MINUTE: tuple[str, ...] = (
    *tasks.EVERY_MINUTE,
    *musters.EVERY_MINUTE,
    *order_keeping.EVERY_MINUTE,
    *residents.EVERY_MINUTE,
    *searches.EVERY_MINUTE,
    *closing.EVERY_MINUTE,
    *certificates.EVERY_MINUTE,
    *places.EVERY_MINUTE,
    *reminders.EVERY_MINUTE,
    *expiring.EVERY_MINUTE,
    *hotline.EVERY_MINUTE,
    *count_indicators.EVERY_MINUTE,
    *chaining.EVERY_MINUTE,
    *blurring.EVERY_MINUTE,
    *retention.EVERY_MINUTE,
    *months.EVERY_MINUTE,
    *deliver.EVERY_MINUTE,
    *export_jobs.EVERY_MINUTE,
)


def job_runner(parts: Parts, url: str) -> JobRunner:
    """Return the worker of the service's queue.

    Parameters
    ----------
    parts, url
        What the tasks work with, and the database of the queue.
    """
    return JobRunner(
        url,
        tasks_of(parts),
        every_minute=EVERY_MINUTE,
        hourly=photo_keeping.HOURLY,
        observe=parts.metrics.job,
    )


def tasks_of(parts: Parts) -> dict[str, Task]:
    """Return what each name of a task does.

    Parameters
    ----------
    parts
        What the tasks work with.
    """
    work = parts.work
    return {
        **tasks.bind(work),
        **musters.bind_musters(work),
        **order_keeping.bind_orders(work),
        **residents.bind_residents(work),
        **searches.bind_missing(work),
        **closing.bind_meals(work),
        **certificates.bind_certificates(work),
        **places.bind_activities(work),
        **reminders.bind_mediation(work),
        **expiring.bind_rewards(work),
        **hotline.bind_hotline(work),
        **bind_hotline_files(work),
        **count_indicators.bind_indicators(work),
        **chaining.bind_audit(work),
        **blurring.bind_blurring(work),
        **retention.bind_retention(work),
        **months.bind_months(work),
        **deliver.bind_notices(work, robot_text),
        **photo_keeping.bind_photos(work),
        **export_jobs.bind_exports(work, Source(parts.recent, parts.streets), SAY),
    }
