"""Answers in the two forms of GeoReport v2: bare JSON, and XML with the names that it prescribes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

import orjson
from starlette.responses import Response

XML, JSON = "text/xml; charset=utf-8", "application/json; charset=utf-8"
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# what the members of a list are called
_MEMBERS = {
    "services": "service",
    "service_requests": "request",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
    "attributes": "attribute",
    "values": "value",
}


def answer(
    kind: str, root: str, content: Any, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Return an answer.

    Parameters
    ----------
    kind
        ``xml`` or ``json``.
    root
        Name of the XML's outermost element; JSON has none.
    content
        A list or an object.
    status, headers
        Of the answer.
    """
    if kind == "json":
        body = orjson.dumps(content)
        return Response(body, status_code=status, media_type=JSON, headers=dict(headers or {}))
    text = f'<?xml version="1.0" encoding="utf-8"?>\n{_element(root, content)}\n'
    return Response(text, status_code=status, media_type=XML, headers=dict(headers or {}))


def failure(kind: str, status: int, descriptions: Sequence[str], headers: Mapping[str, str]) -> Response:
    """Return errors as the specification wants them: a code, which is the status, and a sentence.

    Parameters
    ----------
    kind, status, descriptions, headers
        Form, status, what is wrong, and more headers.
    """
    found = [{"code": str(status), "description": one} for one in descriptions]
    return answer(kind, "errors", found, status, headers)


def _element(name: str, content: Any) -> str:
    if content is None or content in ("", []):
        return f"<{name}/>"
    if isinstance(content, Mapping):
        inner = "".join(_element(key, value) for key, value in content.items())
    elif isinstance(content, (list, tuple)):
        inner = "".join(_element(_MEMBERS[name], one) for one in content)
    elif isinstance(content, bool):
        inner = "true" if content else "false"
    else:
        inner = escape(_NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", str(content)))
    return f"<{name}>{inner}</{name}>"
