"""The log: one line an event on the error stream, coloured for people, JSON for machines.

Every line that is written while a request is answered, or a job is carried out, has the request's id, which error pages show; a
job has that of the request that asked for it. Lines of libraries take the same form.
"""

from __future__ import annotations

import logging
import sys

import structlog
from structlog.typing import Processor

# values of local variables stay out of tracebacks: among them are passwords and positions
_FOR_PEOPLE: tuple[Processor, ...] = (
    structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
)
_FOR_MACHINES: tuple[Processor, ...] = (
    structlog.processors.ExceptionRenderer(
        structlog.tracebacks.ExceptionDictTransformer(show_locals=False, max_frames=20)
    ),
    structlog.processors.JSONRenderer(ensure_ascii=False),
)
_SHARED: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


def configure_logging(*, level: str = "info") -> None:
    """Set the log up for this process.

    Parameters
    ----------
    level
        What is left out below; libraries tell of warnings at least.
    """
    shown = _FOR_PEOPLE if sys.stderr.isatty() else _FOR_MACHINES
    least = getattr(logging, level.upper())
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*_SHARED, structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *shown],
        )
    )
    logging.basicConfig(level=max(least, logging.WARNING), handlers=[handler])
    structlog.configure(
        processors=[*_SHARED, *shown],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
