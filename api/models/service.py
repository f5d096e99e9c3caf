"""What may be sent about points, rewards and hours."""

from __future__ import annotations

from uuid import UUID, uuid4

from pydantic import Field

from api.models.fields import Body, Sentence, Word


class RedeemBody(Body):
    """Which reward; the same id again changes nothing."""

    id: UUID = Field(default_factory=uuid4)
    reward: UUID
    points: int | None = Field(None, ge=1, le=1_000_000, description="what it cost as it was seen")


class ReasonBody(Body):
    """Why; and of a reward that comes back, whether it can be handed out again."""

    reason: Sentence = ""
    restock: bool = False


class CodeBody(Body):
    """A code as typed or scanned."""

    code: Sentence


class GiftBody(Body):
    """Points for a neighbour, by their code or whole name, or for a cause."""

    id: UUID = Field(default_factory=uuid4)
    to: Word = ""
    cause: UUID | None = None
    points: int = Field(ge=1, le=1_000_000)
    words: Sentence = ""


class CorrectBody(Body):
    """How many hours it was, and why that is right; none at all strikes them out."""

    id: UUID = Field(default_factory=uuid4)
    hours: float = Field(ge=0, le=100, allow_inf_nan=False)
    reason: Sentence = ""
