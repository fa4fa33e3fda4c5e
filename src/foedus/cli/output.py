"""What commands print: answers on standard output, notices and errors beside it."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

from foedus.case.problems import CaseError, notice_lines
from foedus.whole_files import CannotWrite

if TYPE_CHECKING:
    from foedus.document import Block


def tell(blocks: Sequence[Block]) -> None:
    """Print blocks on standard output."""
    from rich.console import Console

    from foedus.render.console import show

    class Piped(Console):
        """A console that leaves it to the command line what a closed pipe means."""

        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    with _writing():
        show(blocks, Piped())
        sys.stdout.flush()


def tell_json(data: Any, indent: int | None = None) -> None:
    """Print plain data as one JSON document in UTF-8, whatever the terminal's encoding."""
    tell_text(json.dumps(data, ensure_ascii=False, allow_nan=False, indent=indent) + "\n")


def tell_text(text: str) -> None:
    """Print text as it is, in UTF-8."""
    with _writing():
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")
        sys.stdout.write(text)
        sys.stdout.flush()


@contextmanager
def _writing() -> Iterator[None]:
    """Turn what goes wrong with standard output, a closed pipe apart, into `CannotWrite`."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        stop_writing()
        raise CannotWrite(f"cannot write the answer: {error.strerror or error}") from error


def stop_writing() -> None:
    """Send what is still to be written nowhere, so that closing the output says nothing."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
    except (OSError, ValueError):
        return  # an output without a file behind it needs no closing


def tell_problems(error: CaseError) -> None:
    """Print everything that is wrong with a case, ``file:line:column: message``, on standard error.

    Unlike ``str(error)`` it stops at no number of problems.
    """
    file = error.file
    tell_beside(f"{file}:{p}" if p.place else f"{file}: {p}" for p in error.problems)
    tell_beside(notice_lines(error.notices, file))


def tell_beside(lines: Iterable[str]) -> None:
    """Print lines on standard error, so that what is piped on stays clean."""
    from foedus.render.text import shown

    for line in lines:
        typer.echo(shown(line), err=True)
