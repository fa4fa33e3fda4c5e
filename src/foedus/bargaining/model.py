"""What a bargaining model is: its name, its source, its options, and how it settles issues."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from foedus.bargaining.issue import Floats, OrderedIssue
from foedus.case.problems import UnknownName

Value = str | float


@dataclass(frozen=True, slots=True)
class Move:
    """In a round, an actor goes from one position to another because of an offer of another."""

    actor: str
    origin: float
    target: float
    kind: str
    partner: str


@dataclass(frozen=True, slots=True, eq=False)
class Round:
    """Where all stand after a round: positions (n,), their weighted mean and median, who moved."""

    positions: Floats
    mean: float
    median: float
    moves: tuple[Move, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """Where a model sees an issue end up.

    ``remark`` is a key for what is out of the ordinary: ``nobody-cares``, ``no-reference``,
    ``no-gain``. ``chances`` are those of held positions, where the model has them.
    """

    point: float
    rounds: tuple[Round, ...] = ()
    remark: str = ""
    chances: Mapping[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """What the papers leave open: its default, the other readings, where they are from, its effect.

    ``choices`` are words, or two numbers between which a number lies.
    """

    name: str
    default: Value
    choices: tuple[Value, ...]
    source: str
    effect: str

    def read(self, given: object) -> Value:
        """A value as given, checked. Raises ValueError with what was expected."""
        if isinstance(self.default, str):
            if given not in self.choices:
                raise ValueError(f"expected {' or '.join(map(str, self.choices))}")
            return str(given)
        low, high = (float(bound) for bound in self.choices)
        try:
            value = float(str(given))
        except ValueError:
            value = float("nan")
        if not low <= value <= high:
            raise ValueError(f"expected a number from {low:g} to {high:g}")
        return value


Chosen = Mapping[str, Value]
Settle = Callable[[Sequence[OrderedIssue], Chosen], tuple[Settled, ...]]


@dataclass(frozen=True, slots=True)
class BargainingModel:
    """A model: ``settle`` takes all issues of one proposal, since some trade between them.

    ``source`` is a key of the bibliography.
    """

    name: str
    title: str
    source: str
    settle: Settle
    options: tuple[Option, ...] = ()

    def chosen(self, given: Mapping[str, object] | None = None) -> dict[str, Value]:
        """All options with their values. Raises `UnknownName`, and ValueError for a wrong value."""
        known = {option.name: option for option in self.options}
        values = {name: option.default for name, option in known.items()}
        for name, value in (given or {}).items():
            if name not in known:
                raise UnknownName(f"option of {self.name}", name, known)
            try:
                values[name] = known[name].read(value)
            except ValueError as error:
                raise ValueError(f"{self.name}.{name} cannot be {value!r}; {error}") from None
        return values

    def settled(
        self, issues: Sequence[OrderedIssue], given: Mapping[str, object] | None = None
    ) -> tuple[Settled, ...]:
        """Settle the issues of one proposal. Raises as :meth:`chosen` does."""
        return self.settle(issues, self.chosen(given))


def one_by_one(rule: Callable[[OrderedIssue, Chosen], Settled]) -> Settle:
    """A model that takes each issue for itself."""

    def settle(issues: Sequence[OrderedIssue], chosen: Chosen) -> tuple[Settled, ...]:
        return tuple(rule(issue, chosen) for issue in issues)

    return settle


def remark_on(issue: OrderedIssue) -> str:
    """The remark on an issue on which nobody with capability cares."""
    return "nobody-cares" if issue.nobody_cares else ""


def as_typed(options: Sequence[Option], **changed: Any) -> tuple[Option, ...]:
    """The same options with other defaults, for a named variant of a model."""
    from dataclasses import replace

    return tuple(
        replace(option, default=changed.get(option.name.replace("-", "_"), option.default))
        for option in options
    )
