"""Pieces of the OpenAPI document: the errors of a route, bodies that are read by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel

from api.errors import PROBLEM

_MEANINGS = {
    400: "something in the request is missing, unknown or out of range",
    401: "nobody is signed in, or the session has ended",
    403: "not allowed to this role, or the request doesn't come from our own pages",
    404: "no such thing, or none inside the reader's areas",
    408: "the rest of the body didn't come in time",
    409: "the state of things doesn't allow it; `legal` names what it allows",
    413: "the body or a photo is too large",
    415: "a file or body of a kind that isn't accepted",
    429: "too many attempts or requests; Retry-After says when to come back",
    503: "a part of the service is not there at the moment; Retry-After says when to come back",
    507: "the disk is full",
}
_EXAMPLES = {
    400: ("position_swapped", "经纬度写反了。"),
    401: ("not_signed_in", "请先登录。"),
    403: ("not_allowed", "您没有权限这样做。"),
    404: ("not_found", "没有找到，或者不在您负责的范围内。"),
    408: ("body_stalled", "等了太久，内容没有传完，请重新发送。"),
    409: ("illegal_transition", "案件当前的状态不能这样操作。"),
    413: ("photo_too_large", "照片太大了。"),
    415: ("unsupported_media", "不支持这种文件，请上传 JPEG、PNG、WebP 或 HEIC 照片。"),
    429: ("too_many_attempts", "尝试太多次了，请 60 秒后再试。"),
    503: ("unavailable", "服务暂时没有响应，请稍后再试。"),
    507: ("storage_full", "服务器磁盘已满，请联系管理员。"),
}


SECURITY = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "of `POST /api/v1/session` with `token: true`",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "weiwang_session",
        "description": "of a browser; changes need `X-CSRF-Token` besides. Behind HTTPS its name begins with `__Host-`.",
    },
}


class FieldProblem(BaseModel):
    """One field at fault."""

    field: str | None
    code: str
    detail: str


class Problem(BaseModel):
    """What went wrong (RFC 9457), in the language asked for."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[FieldProblem]
    request_id: str | None = None
    legal: list[str] | None = None
    retry_after_s: float | None = None


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the documentation of the errors that a route may answer."""
    return {status: {**_error(status), "model": Problem} for status in dict.fromkeys((*statuses, 429, 503))}


def _error(status: int) -> dict[str, Any]:
    code, sentence = _EXAMPLES[status]
    example = {
        "type": f"/docs/errors#{code}",
        "title": code,
        "status": status,
        "code": code,
        "detail": sentence,
    }
    shape = {"schema": {"$ref": "#/components/schemas/Problem"}, "example": {**example, "errors": []}}
    return {"description": _MEANINGS[status], "content": {PROBLEM: shape}}


def documented(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """Return what gives an app's OpenAPI document: FastAPI's, with what every route of ours has in common.

    Parameters
    ----------
    app
        Its own ``openapi`` is to be replaced by what is returned.
    """
    plain = app.openapi

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            _complete(plain())
        return plain()

    return document


def _complete(document: dict[str, Any]) -> None:
    """Say in a document what the service answers wherever it is asked, and nothing that it never does."""
    parts = document["components"]
    for name in ("HTTPValidationError", "ValidationError"):  # FastAPI's own 422, which is a 400 here
        parts["schemas"].pop(name, None)
    parts["securitySchemes"] = SECURITY
    for methods in document["paths"].values():
        for operation in methods.values():
            answers = operation["responses"]
            answers.pop("422", None)
            for status in (400, *((408, 413, 415) if "requestBody" in operation else ())):
                answers.setdefault(str(status), _error(status))
            for status, answer in answers.items():
                if status >= "400":
                    answer["content"] = {PROBLEM: answer["content"][PROBLEM]}
            operation["responses"] = dict(sorted(answers.items()))
            operation["security"] = [{name: []} for name in SECURITY]
    document["paths"]["/api/v1/session"]["post"]["security"] = []


def _whole(schema: Any, definitions: dict[str, Any]) -> Any:
    """Return a schema with what it refers to in its place: the document's own parts hold none of these."""
    if isinstance(schema, list):
        return [_whole(one, definitions) for one in schema]
    if not isinstance(schema, dict):
        return schema
    rest = {name: _whole(value, definitions) for name, value in schema.items() if name != "$ref"}
    if "$ref" not in schema:
        return rest
    return _whole(definitions[schema["$ref"].rpartition("/")[2]], definitions) | rest


def body(model: type[BaseModel], *kinds: str, photo: bool = False, required: bool = True) -> dict[str, Any]:
    """Return the documentation of a body that a route reads by hand.

    Parameters
    ----------
    model
        Its fields.
    *kinds
        Content types that are understood.
    photo
        Whether multipart forms may carry `photo` parts.
    required
        False where an empty body will do.
    """
    plain = model.model_json_schema()
    plain = _whole(plain, plain.pop("$defs", {}))
    content: dict[str, Any] = {}
    for kind in kinds:
        schema = dict(plain)
        if kind == "multipart/form-data" and photo:
            files = {"type": "array", "items": {"type": "string", "format": "binary"}}
            schema = {**plain, "properties": {**plain.get("properties", {}), "photo": files}}
        content[kind] = {"schema": schema}
    return {"requestBody": {"required": required, "content": content}}
