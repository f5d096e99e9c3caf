"""Bodies as they come: forms with files, or JSON; read once, within limits."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from api.parts import parts_of
from gis.errors import InvalidInputError, TooLargeError, UnsupportedMediaError

FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")
MOST_FIELDS = 240
"""Two hundred ticks, and the rest of a form."""
MOST_FIELD_BYTES = 64_000
Model = TypeVar("Model", bound=BaseModel)


def media_type(request: Request) -> str:
    """Return the type of a request's body, without parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def is_form(request: Request) -> bool:
    """Tell whether a body is a form."""
    return media_type(request) in FORMS


async def form_of(request: Request) -> FormData:
    """Return a request's form; read once, whoever asks first."""
    most = parts_of(request).settings.photo.max_per_report
    form = await request.form(max_files=most + 1, max_fields=MOST_FIELDS, max_part_size=MOST_FIELD_BYTES)
    request.state.form = form  # closed by api.frame when the answer has been sent
    return form


async def body_of(request: Request) -> dict[str, Any]:
    """Return the fields of a body, JSON or form; files are left to ``photos_of``."""
    if is_form(request):
        form = await form_of(request)
        return {name: value for name, value in form.items() if isinstance(value, str) and name != "csrf"}
    kind = media_type(request)
    body = await request.body()
    if not body and kind in ("", "application/json"):
        return {}
    if kind != "application/json":
        raise UnsupportedMediaError(
            "neither JSON nor a form",
            code="content_type_unknown",
            media_type=kind,
            expected="application/json, multipart/form-data",
        )
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        position = getattr(error, "pos", 0)
        raise InvalidInputError("not JSON", code="json_invalid", position=position) from error
    if not isinstance(found, dict):
        raise InvalidInputError("the body is not a JSON object", code="body_unreadable")
    return found


def parse(model: type[Model], fields: dict[str, Any]) -> Model:
    """Return the fields as a model; empty texts of a form count as not given.

    Raises
    ------
    RequestValidationError
        Answered field by field.
    """
    given = {name: value for name, value in fields.items() if value != ""}
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise RequestValidationError(error.errors(include_url=False)) from error


async def photos_of(request: Request, name: str = "photo") -> list[bytes]:
    """Return the photos of a form, none for JSON.

    Raises
    ------
    TooLargeError
        One is over the limit.
    InvalidInputError
        Too many, or a text where a file should be.
    """
    if not is_form(request):
        return []
    limits = parts_of(request).settings.photo
    files = [one for one in (await form_of(request)).getlist(name) if one != ""]
    if any(isinstance(one, str) for one in files):
        raise InvalidInputError("a photo must be a file", code="field_invalid", field=name)
    uploads = [one for one in files if isinstance(one, UploadFile) and (one.filename or one.size)]
    if len(uploads) > limits.max_per_report:
        raise InvalidInputError(
            "too many photos", code="too_many_photos", field=name, limit=limits.max_per_report
        )
    if any((one.size or 0) > limits.max_bytes for one in uploads):
        raise TooLargeError(
            "a photo is too large", code="photo_too_large", field=name, limit_mb=limits.max_bytes // 1_000_000
        )
    return [await one.read() for one in uploads]


async def raw_of(request: Request, limit: int) -> bytes:
    """Return a raw body of at most ``limit`` bytes."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > limit:
            raise HTTPException(413)
    return bytes(body)
