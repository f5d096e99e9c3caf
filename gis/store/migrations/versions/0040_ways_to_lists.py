"""Each way by which somebody finds cases in a list has an index in the list's order."""

from __future__ import annotations

from alembic import op

from gis.store.migrations.online import create_index_online

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

NAMES = ("micro_grid", "reporter", "status", "category", "agency", "escalated")


def upgrade() -> None:
    """Add the indexes."""
    create_index_online("ix_case_micro_grid", '"case"', "community_id, micro_grid_code, opened_at desc")
    create_index_online("ix_case_reporter", '"case"', "community_id, reporter_id")
    create_index_online("ix_case_status", '"case"', "community_id, status, opened_at desc")
    create_index_online("ix_case_category", '"case"', "community_id, category, opened_at desc")
    create_index_online(
        "ix_case_agency",
        '"case"',
        "community_id, agency_code, opened_at desc",
        where="agency_code is not null",
    )
    create_index_online(
        "ix_case_escalated", '"case"', "community_id, opened_at desc", where="escalation >= 4"
    )
    create_index_online("ix_report_received", "report", "community_id, received_at desc, report_id")
    create_index_online("ix_referral_referred", "referral", "community_id, referred_at desc, referral_id")
    create_index_online("ix_access_kind", "access", "community_id, kind, access_id")
    create_index_online(
        "ix_referral_waiting", "referral", "community_id, agency_code", where="ended_at is null"
    )
    create_index_online(
        "ix_referral_from",
        "referral",
        "community_id, from_agency, referred_at desc",
        where="from_agency is not null",
    )


def downgrade() -> None:
    """Take them away again."""
    op.drop_index("ix_referral_from", "referral")
    op.drop_index("ix_referral_waiting", "referral")
    op.drop_index("ix_access_kind", "access")
    op.drop_index("ix_referral_referred", "referral")
    op.drop_index("ix_report_received", "report")
    for name in reversed(NAMES):
        op.drop_index(f"ix_case_{name}", "case")
