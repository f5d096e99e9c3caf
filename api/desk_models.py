"""What the dispatch desk may send: acts of its own, and acts on many cases at once."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field

from api.models import Body, Number, ReasonBody, Sentence, Word

MOST_AT_ONCE = 200
Act = Literal["refer", "verify", "cancel", "reject", "classify", "set_urgent", "merge", "undo"]


def _ids(value: object) -> object:
    """Take identifiers of a form, which come as one text with commas."""
    return [one for one in value.split(",") if one] if isinstance(value, str) else value


class AcceptBody(Body):
    """When an agency expects to be done; nobody else says so."""

    expected_at: Word | None = Field(
        None,
        examples=["2026-06-05T18:00"],
        description="a date (included) or a moment, in the community's time",
    )


class ClassifyBody(ReasonBody):
    """Into which category."""

    category: Word = Field(examples=["sewer"])


class UrgentBody(ReasonBody):
    """Urgent, or no longer."""

    urgent: bool = True


class AssignBody(ReasonBody):
    """Who is asked."""

    to: Word = Field(examples=["rider002"], description="name, username or id")


class UndoBody(Body):
    """What is taken back: the event, so that nothing else is."""

    event_id: Annotated[int, Field(ge=1, le=2**63 - 1)] | None = None


class BulkBody(Body):
    """One act on many cases: each is carried out, or refused, by itself."""

    act: Act
    case_ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST_AT_ONCE), BeforeValidator(_ids)]
    revisions: dict[UUID, Annotated[int, Field(ge=0, le=2**31 - 1)]] = Field(
        default_factory=dict,
        description="of the cases as they were looked at; one that was changed since is refused",
    )
    fields: dict[str, Any] = Field(
        default_factory=dict, description="as for the act on one case: reason, agency, category, urgent, into"
    )
    preview: bool = Field(False, description="true: nothing is done; says for which cases it is possible")


class CallBody(Body):
    """A call as the desk writes it down."""

    id: UUID | None = Field(None, description="made by the page; the same id again changes nothing")
    category: Word
    words: Sentence = ""
    address: Sentence = ""
    detail: Sentence = ""
    lon: Number = None
    lat: Number = None
    building_id: UUID | None = None
    received_at: Word = ""
    order_number: Word = ""
    due_at: Word = ""
    callback: Word = ""
    same_as: UUID | None = None
    separate: bool = False


class FilterBody(Body):
    """A filter to be kept."""

    name: Word
    query: Sentence = Field(
        "", examples=["status=open&light=red"], description="as in the address of the page"
    )
    shared: bool = False
    is_default: bool = False


class NoteBody(Body):
    """A note for who comes next; with a case it is pinned to that case."""

    id: UUID | None = Field(None, description="made by the client; the same id again changes nothing")
    words: Sentence
    case_id: UUID | None = None


class ShiftEndBody(Body):
    """What the next shift should know."""

    words: Sentence = ""
