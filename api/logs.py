"""The log: one line an event on the error stream, coloured for people, JSON for machines."""

from __future__ import annotations

import logging
import sys

import structlog

# values of local variables stay out of tracebacks: among them are passwords and positions
_FOR_PEOPLE = (structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),)
_FOR_MACHINES = (
    structlog.processors.ExceptionRenderer(
        structlog.tracebacks.ExceptionDictTransformer(show_locals=False, max_frames=20)
    ),
    structlog.processors.JSONRenderer(ensure_ascii=False),
)


def configure_logging(*, level: int = logging.INFO) -> None:
    """Set the log up for this process.

    Parameters
    ----------
    level
        What is left out below.
    """
    people = sys.stderr.isatty()
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *(_FOR_PEOPLE if people else _FOR_MACHINES),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
