"""The program: its commands, and what becomes of errors.

Whatever is wrong with what the user gave is told in plain lines on standard error, with exit code
2. The analyses are imported inside the commands, so that ``foedus --help`` starts at once.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from foedus.case.problems import CaseError
from foedus.case.spelling import composed
from foedus.cli import (
    answering,
    casework,
    changing,
    comparing,
    evidence,
    forecasting,
    tracing,
)
from foedus.cli.output import stop_writing, tell_beside, tell_problems
from foedus.render.extra import MissingExtra
from foedus.whole_files import CannotWrite

WRONG_INPUT = 2
"""The exit code for a case that cannot be used, and for a command that cannot be understood."""

CLOSED_PIPE = 141
"""The exit code when nobody reads on, as of a program that SIGPIPE ended (128 + 13)."""

INTERRUPTED = 130
"""The exit code after Ctrl-C (128 + SIGINT)."""


class _Commands(TyperGroup):
    """The commands, with one answer to each kind of error for all of them."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except CaseError as error:
            tell_problems(error)
        except (CannotWrite, MissingExtra) as error:
            tell_beside([str(error)])
        except BrokenPipeError:
            stop_writing()
            raise typer.Exit(CLOSED_PIPE) from None
        raise typer.Exit(WRONG_INPUT)

    def list_commands(self, ctx: Any) -> list[str]:
        """Give the commands in the order in which they stand below, groups among them."""
        return [name for name, _ in _PARTS]


app = typer.Typer(
    cls=_Commands,
    name="foedus",
    help="A workbench for political scenarios: what is possible, who would say no, what would "
    "hold, how likely it is, and why.",
    epilog="A CASE is a YAML file, or a graph model of GMCR+ (.gmcr).",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"foedus {version('foedus')}")
        raise typer.Exit


@app.callback()
def _start(
    version: Annotated[
        bool,
        typer.Option(
            "--version", metavar="", help="Say the version.", callback=_version, is_eager=True
        ),
    ] = False,
) -> None:
    """Take the options that stand before a command."""


_PARTS: tuple[tuple[str, Any], ...] = (
    ("check", casework.check),
    ("arrangements", casework.arrangements),
    ("accept", answering.accept),
    ("stability", answering.stability),
    ("explain", answering.explain),
    ("forecast", forecasting.forecast),
    ("paths", forecasting.paths),
    ("drivers", forecasting.drivers),
    ("signposts", forecasting.signposts),
    ("observe", forecasting.observe),
    ("whatif", changing.whatif),
    ("require", changing.require),
    ("diff", comparing.diff),
    ("evidence", evidence.app),
    ("why", tracing.why),
    ("report", answering.report),
    ("import", casework.import_),
    ("schema", casework.schema),
)

for _name, _part in _PARTS:
    if isinstance(_part, typer.Typer):
        app.add_typer(_part, name=_name)
    else:
        app.command(_name)(_part)


def _composed(word: str) -> str:
    """A word as ids are compared; the name of a file that is there stays as it is."""
    known = any(os.path.lexists(name) for name in (word, word.partition("=")[2]))
    return word if known else composed(word)


def main() -> None:
    """Run the command line. This is the program ``foedus``."""
    try:
        app([_composed(word) for word in sys.argv[1:]], prog_name="foedus")
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
