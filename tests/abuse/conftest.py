"""The service over HTTP, as the tests of its answers have it."""

from tests.http.conftest import problem, service

__all__ = ["problem", "service"]
