"""Arguments and options that several commands share: each is defined here once."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from foedus.case.problems import notice_lines
from foedus.cli.output import tell_beside
from foedus.cli.values import day, scheduler_address, whole_number
from foedus.equilibria.registry import CONCEPTS
from foedus.machine import cores

if TYPE_CHECKING:
    from collections.abc import Collection

    from foedus.case.model import Case
    from foedus.case.places import Notice
    from foedus.preferences.games import Game

MOST_COUNTED = 100_000_000
MOST_WORKERS = 1_000

ConceptId = Literal[*CONCEPTS]  # type: ignore[valid-type]

BehaviourId = Annotated[
    Literal["myopic", "farsighted"],
    typer.Option(
        "--behaviour",
        help="What actors go by: what they would have if nothing else happened, or what they "
        "expect at the deadline.",
    ),
]

CaseFile = Annotated[
    str,
    typer.Argument(
        metavar="CASE",
        help="A case file (YAML), or a file that foedus imports.",
        show_default=False,
    ),
]

AsJson = Annotated[
    bool, typer.Option("--json", metavar="", help="Print the answer as one JSON document.")
]

OnDay = Annotated[
    Any,
    typer.Option(
        "--on",
        metavar="DATE",
        parser=day,
        help="With the rights as they are on this day. [default: the case's as_of]",
        show_default=False,
    ),
]

Force = Annotated[
    bool, typer.Option("--force", metavar="", help="Write over a file that is there already.")
]

NoForecast = Annotated[
    bool, typer.Option("--no-forecast", metavar="", help="Leave out how likely it all is.")
]

Seed = Annotated[
    int,
    typer.Option(
        "--seed",
        metavar="K",
        parser=whole_number(0),
        help="Where the random numbers start: same seed, same answer.",
    ),
]

WorkerCount = Annotated[
    int | None,
    typer.Option(
        "--workers",
        metavar="W",
        parser=whole_number(1, MOST_WORKERS),
        help="So many processes share the work; the answer is the same. [default: all cores]",
        show_default=False,
    ),
]

Scheduler = Annotated[
    Any,
    typer.Option(
        "--scheduler",
        metavar="ADDRESS",
        parser=scheduler_address,
        help="The workers of a Dask cluster do the work instead, such as tcp://HOST:8786; the "
        "answer is the same.",
        show_default=False,
    ),
]

Quiet = Annotated[
    bool, typer.Option("--quiet", metavar="", help="Show no progress on standard error.")
]


def count(name: str, metavar: str, least: int, told: str, most: int = MOST_COUNTED) -> Any:
    """An option that counts something: a whole number, not under ``least``."""
    return typer.Option(name, metavar=metavar, parser=whole_number(least, most), help=told)


@dataclass(frozen=True, slots=True)
class Effort:
    """How much work a forecast may be, and where its random numbers start."""

    draws: int
    seed: int = 1
    workers: int | None = None
    scheduler: str | None = None
    quiet: bool = False

    @property
    def processes(self) -> int:
        """How many processes share the work."""
        return self.workers or cores()


def with_effort(
    draws: int = 1_000,
    *,
    least: int = 1,
    told: str = "So many times the judgements are drawn.",
    workers: bool = True,
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command ``--draws``, ``--seed`` and who does the work as one `Effort`.

    They stand where the command has its parameter ``effort``. ``draws`` is the default, ``least``
    the fewest that make sense, ``told`` what they are for; a command that works in this process
    alone takes neither ``workers`` nor ``scheduler``.
    """
    drawn = Annotated[int, count("--draws", "N", least, told)]
    offered = {"draws": (drawn, draws), "seed": (Seed, 1), "workers": (WorkerCount, None)}
    offered |= {"scheduler": (Scheduler, None), "quiet": (Quiet, False)}
    if not workers:
        del offered["workers"], offered["scheduler"]
    options = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
        for name, (kind, default) in offered.items()
    ]

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def run(*arguments: Any, **given: Any) -> None:
            effort = Effort(**{name: given.pop(name) for name in offered})
            command(*arguments, effort=effort, **given)

        own = inspect.signature(command, eval_str=True)
        parameters: list[inspect.Parameter] = []
        for each in own.parameters.values():
            parameters += options if each.name == "effort" else [each]
        taken: Any = run
        taken.__signature__ = own.replace(parameters=parameters)
        taken.__annotations__ = {each.name: each.annotation for each in parameters}
        return run

    return decorate


def game_in(path: str, on: date | None = None) -> Game:
    """Read a case, check all of it with the rights ``on`` a day, and say its notices.

    Raises CaseError.
    """
    from foedus.loading import read
    from foedus.preferences.games import game_of

    case = read(path)
    tell_notices(case)
    return game_of(case, on)


def case_in(path: str) -> Case:
    """Read a case, check all of it, and say its notices. Raises CaseError."""
    return game_in(path).case


def tell_notices(case: Case, known: Collection[Notice] = ()) -> None:
    """Say what the reader of a case should be told, and does not know yet, on standard error."""
    tell_beside(notice_lines((n for n in case.notices if n not in known), case.file))
