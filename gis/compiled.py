"""Functions compiled for the processor on their first call, and kept on disk for the next start."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """Return a function of numbers and arrays as machine code that holds no lock of the interpreter.

    Where neither the package's folder nor the user's cache can be written to, it is compiled at every start.
    """
    # no array is made inside, so none is counted: counting references doubled the time of a position
    options: dict[str, Any] = {
        "nogil": True,
        "error_model": "numpy",
        "fastmath": {"contract"},
        "_nrt": False,
    }
    try:
        made = njit(cache=True, **options)(function)
    except RuntimeError:
        made = njit(**options)(function)
    return cast("Function", made)
