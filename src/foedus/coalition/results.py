"""What governments are likely: the results, as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from foedus.case.problems import UnknownName
from foedus.document import Explanation
from foedus.result import Result, data_of, explained


@dataclass(frozen=True, slots=True)
class AskedParty:
    """A party whose consent a coalition needs.

    ``outside``: it supports and does not govern. ``worth`` is what it expects over a caretaker, in
    logits, and ``agrees`` the chance that it agrees when it is asked. ``reasons`` are the parts
    that the worth adds up from, by name.
    """

    id: str
    name: str
    outside: bool
    worth: float
    agrees: float
    reasons: Mapping[str, float]

    @property
    def refuses(self) -> bool:
        """Whether it would rather not: that it expects to lose."""
        return self.worth < 0

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return data_of(self, "party=id outside worth agrees reasons")


@dataclass(frozen=True, slots=True)
class PossibleGovernment:
    """A coalition with its chance ``p``, and between what it lies as one thing is moved.

    Moved are a weight by its error, or a party's place by the experts' spread; ``low`` and ``high``
    are None for a case, which has its worths as they are. ``id`` names it by its members.
    """

    id: str
    asked: tuple[AskedParty, ...]
    p: float
    majority: bool
    low: float | None = None
    high: float | None = None

    @property
    def members(self) -> tuple[str, ...]:
        """The ids of the parties that govern."""
        return tuple(each.id for each in self.asked if not each.outside)

    @property
    def name(self) -> str:
        """Its members by name."""
        return " + ".join(each.name for each in self.asked if not each.outside)

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return data_of(self, "members p low high majority asked")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Governments(Result):
    """The likeliest coalitions of a chamber, likeliest first, and what is left for all others.

    ``rest`` is the chance of the ``others`` that are not listed. ``included`` is each party's
    chance to be in the government, ``premier`` its chance to have the prime minister (empty where
    nothing is known of that); both by id. ``columns`` says which column of the table was read as
    what.
    """

    names: Mapping[str, str]
    listed: tuple[PossibleGovernment, ...]
    rest: float
    others: int
    included: Mapping[str, float]
    premier: Mapping[str, float]
    columns: Mapping[str, str]
    notes: tuple[str, ...] = ()

    def government(self, members: Sequence[str] | str) -> PossibleGovernment:
        """The coalition of these members, or of this id. KeyError for one that is not listed."""
        for each in self.listed:
            if each.id == members or set(each.members) == set(members):
                return each
        raise UnknownName("coalition", "+".join(members), [each.id for each in self.listed])

    def explain(self, name: str) -> Explanation:
        """On a coalition, by its id: who would agree, who refuse, and why. KeyError for another."""
        return explained(self, self.government(name))

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "coalitions": [each.to_dict() for each in self.listed],
            **data_of(self, "rest others included pm=premier columns"),
        }
