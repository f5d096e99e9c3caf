"""The log: one line an event on the error stream, coloured for people, JSON for machines."""

from __future__ import annotations

import logging
import sys

import structlog


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
            structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
            if people
            else structlog.processors.dict_tracebacks,
            *([] if people else [structlog.processors.JSONRenderer(ensure_ascii=False)]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
