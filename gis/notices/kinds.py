"""The kinds of notice; a chat group's robot may be told of any of them."""

from __future__ import annotations

KINDS = (
    "offered",
    "offer_withdrawn",
    "escalated",
    "due_soon",
    "overdue",
    "paused",
    "resumed",
    "pause_asked",
    "pause_refused",
    "referred",
    "referral_returned",
    "referral_unanswered",
    "referral_progress",
    "help_asked",
    "hand_over_asked",
    "hand_over_answered",
    "muster_called",
    "muster_stood_down",
    "task_ordered",
    "reopened",
    "to_verify",
    "to_rate",
    "cancelled",
    "order_cancelled",
    "order_missed",
)
