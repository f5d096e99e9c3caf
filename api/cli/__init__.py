"""The command ``weiwang``: what an operator does from a shell."""

from __future__ import annotations

import os
import sys
from collections import UserDict
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.exceptions import Abort, Exit, TyperException

from api.cli.frame import BAD_INPUT, FAILED, INTERRUPTED, say
from gis.errors import ConflictError, InvalidInputError, NotFoundError, SetupError, WeiwangError

ROOMS = {
    "serve": ("serve",),
    "jobs": ("jobs",),
    "audit": ("audit",),
    "backup": ("backups",),
    "backup-key": ("backups",),
    "restore": ("backups",),
    "boards": ("boards",),
    "db": ("db", "scaling"),
    "doctor": ("doctor",),
    "import": ("community",),
    "migrate": ("community",),
    "dispatch": ("community",),
    "delineate": ("delineating",),
    "simulate": ("simulating",),
    "user": ("people",),
    "person": ("personal",),
    "locate": ("snapping",),
    "snap": ("snapping",),
    "heatmap": ("heatmap",),
    "hotspots": ("hotspots",),
    "export": ("exporting",),
    "hotline": ("hotline",),
    "apikey": ("keys",),
    "plates": ("plates",),
    "residents": ("residents",),
    "retention": ("retaining",),
    "robot": ("robots",),
    "calendar": ("calendars",),
}
"""The modules of each command. Only those of the one that is asked for are loaded: all of them take two seconds."""


class _Commands(UserDict[str, Any]):
    """The commands by name, each made when it is looked at."""

    def __getitem__(self, name: str) -> Any:
        modules, commands = self.data[name], typer.Typer()
        for module in modules:
            import_module(f"api.cli.{module}").add_to(commands)
        return typer.main.get_group(commands).commands[name]


class _Weiwang(TyperGroup):
    """All commands."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.commands = _Commands(ROOMS)


app = typer.Typer(
    name="weiwang",
    cls=_Weiwang,
    help="微网 Weiwang: grid management for an urban community office.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main(arguments: list[str] | None = None) -> None:
    """Run a command; every expected failure is one clear line and an exit code.

    Parameters
    ----------
    arguments
        Instead of the process's own.
    """
    sys.exit(run(arguments))


def run(arguments: list[str] | None = None) -> int:
    """Run a command and return its exit code: 0, 1 failed, 2 bad input, 130 interrupted."""
    try:
        result = typer.main.get_group(app).main(args=arguments, prog_name="weiwang", standalone_mode=False)
    except (WeiwangError, OSError, UnicodeEncodeError) as error:
        return _told(error)
    except Exit as error:
        return int(error.exit_code)
    except (
        TyperException
    ) as error:  # an unknown option, a value that is missing or wrong; empty: no command, help was shown
        message = " ".join(error.format_message().split())
        if message:
            sys.stderr.write(f"weiwang: {message}\n")
        return BAD_INPUT
    except (KeyboardInterrupt, Abort):
        return INTERRUPTED
    return result if isinstance(result, int) else 0


def _told(error: WeiwangError | OSError | UnicodeEncodeError) -> int:
    """Print an error that may be expected as one line and return the exit code."""
    if isinstance(error, UnicodeEncodeError):  # bytes of the command line that no text has
        error = InvalidInputError("not UTF-8", code="words_not_text")
    elif isinstance(error, OSError):  # no such file, a folder that may not be written to, a full disk
        where = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else ""
        error = SetupError(error.strerror or str(error), code="file_trouble", path=where)
    say(error)
    return BAD_INPUT if isinstance(error, InvalidInputError | ConflictError | NotFoundError) else FAILED


__all__ = ["app", "main", "run"]
