"""The OpenAPI document stands by itself."""

from collections.abc import Iterator
from typing import Any

from api.app import create_app
from gis.settings import Settings


def references(schema: Any) -> Iterator[str]:
    """Yield what a document refers to."""
    if isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"]
        for value in schema.values():
            yield from references(value)
    elif isinstance(schema, list):
        for one in schema:
            yield from references(one)


def test_the_document_refers_to_nothing_that_is_not_there() -> None:
    document = create_app(Settings()).openapi()
    there = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert set(references(document["paths"])) - there == set()
    assert set(references(document["components"])) - there == set()
