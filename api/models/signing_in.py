"""Who signs in, and with what."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from api.models.fields import SHORT, Body, Word, storable


class SignInBody(Body):
    """Name and password."""

    username: Annotated[
        str, Field(min_length=1, max_length=SHORT, examples=["rider001"]), AfterValidator(storable)
    ]
    password: Annotated[
        str, Field(min_length=1, max_length=200, examples=["weiwang-demo"]), AfterValidator(storable)
    ]
    community_id: Word | None = None
    token: bool = Field(
        False, description="true for programs: a bearer token that lives for weeks, and no cookie"
    )


class CodeBody(Body):
    """A code that was given out, and the password chosen with it."""

    username: Annotated[str, Field(min_length=1, max_length=SHORT), AfterValidator(storable)]
    code: Annotated[str, Field(min_length=1, max_length=40), AfterValidator(storable)]
    password: Annotated[str, Field(min_length=8, max_length=200), AfterValidator(storable)]
    again: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(storable)]
    community_id: Word | None = None
