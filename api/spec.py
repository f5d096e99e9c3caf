"""Pieces of the OpenAPI document: the errors of a route, bodies that are read by hand."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from api.errors import PROBLEM

_MEANINGS = {
    400: "something in the request is missing, unknown or out of range",
    401: "nobody is signed in, or the session has ended",
    403: "not allowed to this role, or the request doesn't come from our own pages",
    404: "no such thing, or none inside the reader's areas",
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
    409: ("illegal_transition", "案件当前的状态不能这样操作。"),
    413: ("photo_too_large", "照片太大了。"),
    415: ("unsupported_media", "不支持这种文件，请上传 JPEG、PNG、WebP 或 HEIC 照片。"),
    429: ("too_many_attempts", "尝试太多次了，请 60 秒后再试。"),
    503: ("unavailable", "服务暂时没有响应，请稍后再试。"),
    507: ("storage_full", "服务器磁盘已满，请联系管理员。"),
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
    return {
        status: {
            "description": _MEANINGS[status],
            "model": Problem,
            "content": {
                PROBLEM: {
                    "schema": {"$ref": "#/components/schemas/Problem"},
                    "example": {
                        "type": f"/docs/errors#{_EXAMPLES[status][0]}",
                        "title": _EXAMPLES[status][0],
                        "status": status,
                        "code": _EXAMPLES[status][0],
                        "detail": _EXAMPLES[status][1],
                        "errors": [],
                    },
                }
            },
        }
        for status in dict.fromkeys((*statuses, 429, 503))
    }


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
