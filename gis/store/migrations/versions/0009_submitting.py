"""What filing a report needs: cases that it may be about, and jobs for later that wake nobody."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_TRIGGER = "procrastinate_jobs_notify_queue_job_inserted_v1"
_FUNCTION = "procrastinate_notify_queue_job_inserted_v1"


def upgrade() -> None:
    """Add two indexes, and let only jobs that are due notify the worker.

    A transaction that notifies keeps all others that do from committing until it is on the disk itself, and every
    notification makes the worker look for work. For a job that isn't due there is none: the worker finds it by looking
    each second, as it did before.
    """
    op.execute(
        'CREATE INDEX ix_case_linkable ON "case" USING gist (community_id, geom)'
        " WHERE status in ('open','offered','accepted','on_site','referred')"
    )
    op.execute(
        'CREATE INDEX ix_case_mended ON "case" (community_id, category, coalesce(done_at, closed_at))'
        " WHERE status in ('done','closed')"
    )
    _notify_when("new.status = 'todo' AND (new.scheduled_at IS NULL OR new.scheduled_at <= now())")


def downgrade() -> None:
    """Take it away again."""
    _notify_when("new.status = 'todo'")
    op.drop_index("ix_case_mended")
    op.drop_index("ix_case_linkable")


def _notify_when(condition: str) -> None:
    op.execute(f"DROP TRIGGER {_TRIGGER} ON procrastinate_jobs")
    op.execute(
        f"CREATE TRIGGER {_TRIGGER} AFTER INSERT ON procrastinate_jobs"
        f" FOR EACH ROW WHEN ({condition}) EXECUTE PROCEDURE {_FUNCTION}()"
    )
