"""How commands behave, all alike: repeated options, help, and what becomes of errors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from foedus.case.problems import CaseError, Problem
from foedus.cli.old_names import command_now, options_now
from foedus.cli.output import stop_writing, tell_beside, tell_problems
from foedus.render.extra import MissingExtra
from foedus.whole_files import CannotWrite

WRONG_INPUT = 2
"""The exit code for a case that cannot be used, and for a command that cannot be understood."""

CLOSED_PIPE = 141
"""The exit code when nobody reads on, as of a program that SIGPIPE ended (128 + 13)."""

WRONG_ARGUMENTS: type[Any] = typer.BadParameter.__bases__[0]
"""What is raised for arguments that cannot be understood; it has no public name."""


class Command(TyperCommand):
    """A command that takes each option once; those that hold lists add up."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Refuse an option that is given twice, then parse as usual."""
        args = options_now(args, {name for each in self.params for name in each.opts})
        order: list[Any] = self.make_parser(ctx).parse_args(args=list(args))[2]
        for parameter, times in Counter(order).items():
            if times > 1 and parameter.param_type_name == "option" and not parameter.multiple:
                raise typer.BadParameter("it is given more than once", ctx, parameter)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run the command; what is wrong with ``<mover>`` is told as ``--mover``, if it has it."""
        try:
            return super().invoke(ctx)
        except CaseError as error:
            option = f"--{error.file[1:-1]}"
            named = error.file.startswith("<") and any(option in p.opts for p in self.params)
            raise CaseError(error.problems, option if named else error.file) from None
        except RuntimeError as error:
            from foedus.forecasting.crew import WorkerLost

            if not isinstance(error, WorkerLost):
                raise
            raise CaseError([Problem(str(error))], error.option) from error


class Commands(TyperGroup):
    """A group of commands, with one answer to each kind of error for all of them."""

    def make_context(self, *args: Any, **kwargs: Any) -> Any:
        """Parse what stands before the command."""
        with _errors_told():
            return super().make_context(*args, **kwargs)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command that is meant, also by its old name."""
        return super().resolve_command(ctx, command_now(args))

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        with _errors_told():
            return super().invoke(ctx)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the commands with all of what is said of each."""
        commands = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        rows = [(name, each.get_short_help_str(limit=1_000)) for name, each in commands if each]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


@contextmanager
def _errors_told() -> Iterator[None]:
    """Tell what is wrong in plain lines on standard error, and end with the code it has."""
    try:
        yield
        return
    except CaseError as error:
        tell_problems(error)
    except (CannotWrite, MissingExtra) as error:
        tell_beside([str(error)])
    except WRONG_ARGUMENTS as error:
        _tell_arguments(error)
    except BrokenPipeError:
        stop_writing()
        raise typer.Exit(CLOSED_PIPE) from None
    raise typer.Exit(WRONG_INPUT)


def _tell_arguments(error: Any) -> None:
    """Say what is wrong with the arguments, ``--option: message``."""
    parameter = getattr(error, "param", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        typer.echo(error.format_message(), err=True)
    elif parameter is not None and error.message:
        name = max(parameter.opts, key=len)
        if parameter.param_type_name == "argument":
            name = parameter.metavar or name
        # A reader's own CaseError reaches here as the text of a ValueError, told of the option.
        message = error.message.removeprefix("Value error, ").removeprefix(f"{name}: ")
        tell_beside([f"{name}: {message}"])
    else:
        where = f" (see {error.ctx.command_path} --help)" if error.ctx else ""
        tell_beside([f"{error.format_message().removesuffix('.')}{where}"])
