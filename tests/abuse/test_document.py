"""The OpenAPI document stands by itself."""

from collections.abc import Iterator
from typing import Any

from annotated_types import Le
from fastapi._compat import ModelField
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

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


def test_it_says_what_is_answered_wherever_one_asks() -> None:
    document = create_app(Settings()).openapi()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            answers = operation["responses"]
            assert "422" not in answers, path
            assert {"400", "429", "503"} <= answers.keys(), path
            assert "requestBody" not in operation or {"408", "413", "415"} <= answers.keys(), path
            for status, answer in answers.items():
                assert status < "400" or set(answer["content"]) == {"application/problem+json"}, (
                    path,
                    status,
                )
            assert (operation["security"] == []) == ((method, path) == ("post", "/api/v1/session"))
    assert not [name for name in document["components"]["schemas"] if "Validation" in name]


def numbers(dependant: Dependant) -> Iterator[ModelField]:
    """Yield the whole numbers that an address may hold."""
    for one in (*dependant.query_params, *dependant.path_params):
        if "int" in str(one.field_info.annotation):
            yield one
    for below in dependant.dependencies:
        yield from numbers(below)


def test_every_whole_number_of_an_address_has_bounds() -> None:
    """PostgreSQL refuses what is larger than its columns: such a number is refused before it gets there."""
    endless = [
        f"{route.path} {one.name}"
        for route in create_app(Settings()).router.routes
        if isinstance(route, APIRoute)
        for one in numbers(route.dependant)
        if not any(isinstance(bound, Le) for bound in one.field_info.metadata)
    ]
    assert endless == []
