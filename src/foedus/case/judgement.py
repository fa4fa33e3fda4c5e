"""A judgement, and what it is: its role, from which its unit and its bounds follow.

The reader sets role and owner, since it knows where it reads; nothing later has to look at a path
or an id to tell a share from a worth.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Literal, NamedTuple

from immutabledict import immutabledict

from foedus.case.places import Path


class Bounds(NamedTuple):
    """Between what a unit's values lie."""

    least: float = -math.inf
    most: float = math.inf


FREE = Bounds()
SHARES = Bounds(0.0, 100.0)
PROBABILITIES = Bounds(0.0, 1.0)
NOT_NEGATIVE = Bounds(0.0)

Unit = Literal[
    "points",
    "per cent",
    "probability",
    "weight",
    "days",
    "place on the scale",
    "units paid",
    "points a unit paid",
    "times a year",
    "number",
]
"""In what a judgement is stated: points are on the owner's own scale, weights on any positive one,
and units paid in the unit of the transfer."""


class Role(Enum):
    """What a judgement is of."""

    CAPABILITY = "capability"
    THRESHOLD = "threshold"
    WORTH = "worth"
    PRIORITY = "priority"
    SUPPORT = "support"
    STANCE_POSITION = "stance position"
    STANCE_SALIENCE = "stance salience"
    TAKES = "issue takes"
    TRANSFER_MOST = "transfer most"
    TRANSFER_WORTH = "transfer worth"
    LIKELIHOOD = "likelihood"
    EVENT_RATE = "event rate"
    EVENT_CHANCE = "event chance"
    EVENT_SHARE = "event share"
    NUMBER = "number"


class RoleFacts(NamedTuple):
    """What follows from a role.

    ``above_least`` says that the lower bound itself is not allowed; ``words`` whether a probability
    word may stand for the number; ``played`` whether the process that is forecast uses it.
    """

    unit: Unit
    bounds: Bounds = FREE
    above_least: bool = False
    words: bool = False
    played: bool = False

    def allows(self, value: float) -> bool:
        """Whether a number in its unit may stand for it."""
        least, most = self.bounds
        return least < value <= most if self.above_least else least <= value <= most


ROLES: Mapping[Role, RoleFacts] = immutabledict(
    {
        Role.CAPABILITY: RoleFacts("weight", NOT_NEGATIVE, above_least=True),
        Role.THRESHOLD: RoleFacts("per cent", SHARES, played=True),
        Role.WORTH: RoleFacts("points", played=True),
        Role.PRIORITY: RoleFacts("probability", PROBABILITIES, words=True, played=True),
        Role.SUPPORT: RoleFacts("per cent", SHARES, played=True),
        Role.STANCE_POSITION: RoleFacts("place on the scale"),
        Role.STANCE_SALIENCE: RoleFacts("weight", NOT_NEGATIVE, above_least=True),
        Role.TAKES: RoleFacts("days", NOT_NEGATIVE, played=True),
        Role.TRANSFER_MOST: RoleFacts("units paid", NOT_NEGATIVE, above_least=True),
        Role.TRANSFER_WORTH: RoleFacts("points a unit paid"),
        Role.LIKELIHOOD: RoleFacts("probability", PROBABILITIES, words=True),
        Role.EVENT_RATE: RoleFacts("times a year", NOT_NEGATIVE, played=True),
        Role.EVENT_CHANCE: RoleFacts("probability", PROBABILITIES, words=True, played=True),
        Role.EVENT_SHARE: RoleFacts("probability", PROBABILITIES, words=True, played=True),
        Role.NUMBER: RoleFacts("number"),
    }
)
"""Every role, once; ``Role.NUMBER`` is a number tried, which stands in no case."""


@dataclass(frozen=True, slots=True)
class Together:
    """The ``with:`` group that a judgement moves with, and its loading on it, from -1 to 1.

    1: it stands where the group does; -1: at the mirrored point; in between, the correlation of
    its normal score with the group's.
    """

    group: str
    loading: float = 1.0

    @property
    def own(self) -> float:
        """The loading on what is its own: the squares of the two add up to 1."""
        return math.sqrt(1 - self.loading**2)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A number that an analyst put in, with its range and its reasons.

    ``low``, ``mode``, ``high`` are the 5 % point, the most likely value and the 95 % point, in the
    unit of its role; all three are equal when the analyst is sure. ``word`` is the probability word
    it was written as, if it was. ``because`` names evidence or polls; ``together`` is the ``with:``
    group that it moves with, and how much. ``owner`` is the id of the actor whose it is, None where
    it is nobody's.
    """

    low: float
    mode: float
    high: float
    path: Path = ()
    word: str | None = None
    because: tuple[str, ...] = ()
    note: str | None = None
    together: Together | None = None
    role: Role = Role.NUMBER
    owner: str | None = None

    @property
    def sure(self) -> bool:
        """Whether no range was given."""
        return self.low == self.high

    @property
    def name(self) -> str:
        """The dotted name by which commands refer to it, such as ``preferences.north.worth.x``."""
        return ".".join(str(step) for step in self.path)

    @property
    def unit(self) -> Unit:
        """In what it is stated."""
        return ROLES[self.role].unit

    @property
    def bounds(self) -> Bounds:
        """Between what its values lie, in its unit."""
        return ROLES[self.role].bounds

    @property
    def words(self) -> bool:
        """Whether a probability word may stand for it."""
        return ROLES[self.role].words

    @property
    def played(self) -> bool:
        """Whether the process that is forecast uses it."""
        return ROLES[self.role].played

    def of(self, owner: str) -> Judgement:
        """The same judgement as one of this actor's."""
        return replace(self, owner=owner)

    def bare(self, low: float, mode: float, high: float) -> Judgement:
        """A judgement in the same place with other numbers, and without reasons or a group."""
        return Judgement(low, mode, high, self.path, role=self.role, owner=self.owner)
