"""The program: its commands, and what becomes of errors.

Whatever is wrong with what the user gave is told in plain lines on standard error, with exit code
2 (:mod:`foedus.cli.commands`). The analyses are imported inside the commands, so that
``foedus --help`` starts at once.
"""

from __future__ import annotations

from typing import Annotated, Any

import typer

from foedus.cli import (
    answering,
    bargaining,
    batching,
    beginning,
    casework,
    changing,
    evidence,
    forecasting,
    governing,
    judging,
    serving,
    tracing,
)
from foedus.cli.commands import Command, Commands


class _InOrder(Commands):
    """The commands in the order in which they stand below, groups among them."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Give the names of the commands."""
        return [name for name, _ in _PARTS]


app = typer.Typer(
    cls=_InOrder,
    name="foedus",
    help="A workbench for political scenarios: what is possible, who the veto players are, what "
    "would be stable, how likely it is, and why.",
    epilog="A CASE is a YAML file, or a file of another program; `foedus import --formats` lists "
    "which are read.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
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
    ("new", beginning.new),
    ("check", casework.check),
    ("space", casework.space),
    ("arrangements", casework.arrangements),
    ("accept", answering.accept),
    ("stability", answering.stability),
    ("explain", answering.explain),
    ("forecast", forecasting.forecast),
    ("paths", forecasting.paths),
    ("drivers", forecasting.drivers),
    ("indicators", forecasting.indicators),
    ("observe", forecasting.observe),
    ("whatif", changing.whatif),
    ("batch", batching.batch),
    ("require", changing.require),
    ("diff", changing.diff),
    ("judges", judging.judges),
    ("coalition", governing.coalition),
    ("bargain", bargaining.bargain),
    ("evidence", evidence.app),
    ("trace", tracing.trace),
    ("report", answering.report),
    ("brief", answering.brief),
    ("serve", serving.serve),
    ("import", casework.import_),
    ("upgrade", casework.upgrade),
    ("schema", casework.schema),
)

for _name, _part in _PARTS:
    if isinstance(_part, typer.Typer):
        app.add_typer(_part, name=_name)
    else:
        app.command(_name, cls=Command)(_part)
