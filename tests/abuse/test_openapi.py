"""Whatever the OpenAPI document allows, and what it doesn't: every operation is asked by schemathesis, every answer checked."""

import asyncio
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import product
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks, positive_data_acceptance
from schemathesis.core.errors import InvalidSchema
from schemathesis.core.failures import AcceptedNegativeData, FailureGroup
from schemathesis.core.result import Ok

from tests.abuse.figures import examples, long_form, tell
from tests.abuse.wire import listening
from tests.extent import part_of
from tests.http.conftest import Service

EXAMPLES = examples()
PEOPLE = ("desk", "rider1", None)
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
LEFT_OUT = ("GET /api/v1/events", "DELETE /api/v1/session")
"""One never ends, and one ends the session that all are asked with."""
QUIET = list(HealthCheck)
load_all_checks()
NOT_TOLD = [positive_data_acceptance]
"""A schema can't say that a category must exist or a day lie ahead: what is refused for such a reason is refused rightly."""


def spoken(schema: Any) -> Any:
    """Return a schema without lists of items by place: schemathesis 4.32 rewrites them and then refuses its own writing."""
    if isinstance(schema, list):
        return [spoken(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {name: spoken(value) for name, value in schema.items() if name != "prefixItems"}


def operations(document: dict[str, Any], base_url: str) -> Iterator[Any]:
    """Yield the operations of a document that end."""
    schema = schemathesis.openapi.from_dict(spoken(document))
    schema.config.update(base_url=base_url)
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found.err()
        operation = found.ok()
        if f"{operation.method.upper()} {operation.path}" not in LEFT_OUT:
            yield operation


def unsayable(query: Mapping[str, Any] | None) -> bool:
    """Tell whether a query has an object in it, or a list of other things than texts: on the wire all of it is texts like any others."""
    return any(
        isinstance(value, Mapping)
        or (isinstance(value, list) and not all(isinstance(one, str) for one in value))
        for value in (query or {}).values()
    )


def failures(operation: Any, headers: dict[str, str], mode: GenerationMode) -> list[str]:
    """Return what is wrong with the answers to examples of an operation."""
    wrong: list[str] = []
    name = f"{operation.method.upper()} {operation.path}"

    @seed(int(hashlib.sha256(name.encode()).hexdigest()[:8], 16))
    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        suppress_health_check=QUIET,
        phases=[Phase.generate],
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        try:
            case.call_and_validate(headers=headers, excluded_checks=NOT_TOLD, timeout=20)
        except InvalidSchema as error:
            wrong.append(f"{name}: {error}"[:600])
        except FailureGroup as group:
            wrong.extend(
                f"{name} {case.query or ''}: {type(one).__name__}: {one.title}: {one.message[:600]}"
                for one in group.exceptions
                if not (isinstance(one, AcceptedNegativeData) and unsayable(case.query))
            )

    with suppress(Unsatisfiable):  # nothing can be wrong about a request that has nothing in it
        ask()
    return wrong


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
async def test_every_operation_answers_as_it_says(service: Service) -> None:
    people = {name: (await service.person(name)).headers["Authorization"] for name in PEOPLE if name}
    document, wrong, asked = service.app.openapi(), [], 0
    async with listening(service.app) as port:
        for number, operation in enumerate(part_of([*operations(document, f"http://127.0.0.1:{port}")])):
            for name, mode in (
                product(PEOPLE, MODES) if long_form() else [(PEOPLE[number % 3], MODES[number % 2])]
            ):
                headers = {"Authorization": people[name]} if name else {}
                asked += EXAMPLES
                wrong += await asyncio.to_thread(failures, operation, headers, mode)
    tell("schemathesis", operations=number + 1, examples=asked, failures=len(wrong))
    assert not wrong, "\n".join(dict.fromkeys(wrong))
