"""What commands print: answers on standard output, notices and errors beside it."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

import typer

from foedus.case.problems import CaseError, Problem, notice_lines
from foedus.whole_files import AlreadyThere, CannotWrite, refuse_no_file, write_whole

if TYPE_CHECKING:
    from foedus.document import Block

STANDARD_OUTPUT = ("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")
"""What stands for standard output where a file is named."""

FOUND = 1
"""The exit code when what --fail-on names was found."""


class Answer(Protocol):
    """What an analysis found."""

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        ...

    def blocks(self) -> Sequence[Block]:
        """For a reader."""
        ...


def tell_answer(found: Answer, *, as_json: bool) -> None:
    """Print what was found, for a reader or as one JSON document."""
    if as_json:
        tell_json(found.to_dict())
    else:
        tell(found.blocks())


class Output:
    """Where an option such as ``--output`` has its answer written: a file, or standard output.

    It is made before the work, so that what cannot be written is said at once. Raises `CannotWrite`
    for what is no file, for one of the ``inputs``, and for a file that is there already, unless
    ``replace``; CaseError where standard output would get two answers.
    """

    def __init__(
        self, name: str, option: str, inputs: Sequence[str], *, replace: bool, as_json: bool
    ) -> None:
        self._name, self._option, self._inputs, self._replace = name, option, inputs, replace
        self.printed = name in STANDARD_OUTPUT
        if not self.printed:
            with self._named():
                refuse_no_file(name, inputs=inputs, replace=replace)
        elif as_json:
            problem = Problem(f"`{option} {name}` and `--json` would print two answers")
            raise CaseError([problem], option)

    def write(self, content: str | bytes) -> None:
        """Print the text, or write text or bytes whole and say so. Raises `CannotWrite`.

        Bytes are never printed: TypeError.
        """
        if self.printed:
            if isinstance(content, bytes):
                raise TypeError("bytes are written to files alone")
            tell_text(content)
            return
        with self._named():
            write_whole(self._name, content, inputs=self._inputs, replace=self._replace)
        tell_beside([f"written: {self._name}"])

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Name the option in what goes wrong."""
        try:
            yield
        except CannotWrite as error:
            more = "; --force writes over it" if isinstance(error, AlreadyThere) else ""
            raise CannotWrite(f"{self._option}: {error}{more}") from error


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
