"""The parts of a GMCR+ file (``.gmcr``, JSON), checked and typed; nothing converted yet.

Everything wrong is gathered and told at once, each with its path in the file, such as
``decisionMakers[1].options[0]``. Keys that older versions do not write may be missing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from foedus.case.importers.strict_json import shown
from foedus.case.problems import CaseError, Problem

Pattern = tuple[tuple[int, bool], ...]
"""Options (by index) that are all set so: True for Y."""

Condition = tuple[Pattern, ...]
"""Patterns of which at least one is matched."""

Direction = Literal["fwd", "back", "both"]

OPTION_LIMIT = 1000
"""More options, or more decision makers, are refused."""

PROBLEM_LIMIT = 1000
"""After so many problems the reading ends."""

_KNOWN = frozenset(
    {
        "options",
        "decisionMakers",
        "infeasibles",
        "coalitions",
        "coalitionsFull",
        "program",
        "version",
        "useManualPreferenceRanking",
        "useManualPreferenceVectors",
    }
)
_KNOWN_OF_OPTION = frozenset({"name", "permittedDirection"})
_KNOWN_OF_MAKER = frozenset(
    {
        "name",
        "options",
        "preferences",
        "preferenceRanking",
        "preferenceVector",
        "misperceptions",
    }
)


@dataclass(frozen=True, slots=True)
class Option:
    """An option: ``fwd`` goes from N to Y only, ``back`` from Y to N only."""

    name: str
    direction: Direction = "both"


@dataclass(frozen=True, slots=True)
class DecisionMaker:
    """A decision maker: its options, its wishes (most important first), its ranking.

    ``ranking`` holds state numbers from 1, best first, each entry a tie; not yet compared with
    the number of states.
    """

    name: str
    options: tuple[int, ...] = ()
    wishes: tuple[Condition, ...] = ()
    ranking: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class GraphModel:
    """What a ``.gmcr`` file says.

    ``ranked``: the rankings count, not the wishes. ``groups`` are coalitions of two or more, as
    indexes of decision makers. ``unused`` maps the path of what was not understood, or is not
    used, to its JSON.
    """

    options: tuple[Option, ...]
    makers: tuple[DecisionMaker, ...]
    infeasible: tuple[Condition, ...] = ()
    groups: tuple[tuple[int, ...], ...] = ()
    ranked: bool = False
    unused: Mapping[str, str] = field(default_factory=dict)
    notices: tuple[str, ...] = ()


def graph_model(document: Any, *, file: str = "<gmcr>") -> GraphModel:
    """Check and type the parsed JSON of a ``.gmcr`` file.

    Raises CaseError with everything that is wrong, up to ``PROBLEM_LIMIT`` problems.
    """
    reader = _Reader(file)
    model = reader.model(document)
    if reader.problems:
        raise CaseError(reader.problems, file)
    return model


class _Reader:
    """Walks the JSON once, gathering problems, notices and what is not used."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.notices: list[str] = []
        self.unused: dict[str, str] = {}
        self.option_count = 0

    def refuse(self, where: str, message: str, expected: str | None = None) -> None:
        self.problems.append(Problem(f"{where}: {message}", expected=expected))
        if len(self.problems) >= PROBLEM_LIMIT:
            raise CaseError(self.problems, self.file)

    # --- plain values ---

    def items(self, holder: Mapping[str, Any], key: str, where: str) -> list[Any]:
        value = holder.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.refuse(f"{where}{key}", f"{shown(value)} is not a list", "a list")
            return []
        return value

    def name(self, holder: Mapping[str, Any], where: str, otherwise: str) -> str:
        value = holder.get("name")
        if isinstance(value, str) and value.strip():
            return value
        if value is None or isinstance(value, str):
            self.notices.append(f"{where} has no name; it is called {otherwise} here.")
        else:
            self.refuse(f"{where}.name", f"{shown(value)} is not a text", "a name in quotes")
        return otherwise

    def index(self, value: Any, size: int, what: str, where: str) -> int | None:
        if type(value) is not int:
            self.refuse(where, f"{shown(value)} is not the index of {what}", "a whole number")
        elif not 0 <= value < size:
            expected = f"0 to {size - 1}" if size else f"no index, as there is no {what}"
            self.refuse(where, f"there is no {what} with the index {shown(value)}", expected)
        else:
            return value
        return None

    def flag(self, document: Mapping[str, Any], *keys: str) -> bool:
        values = [document[key] for key in keys if document.get(key) is not None]
        for key in keys:
            if not isinstance(document.get(key, False), bool | None):
                self.refuse(key, f"{shown(document[key])} is not true or false", "true or false")
        return bool(values and values[0] is True)

    def keep(self, holder: Mapping[str, Any], known: frozenset[str], where: str) -> None:
        for key in holder:
            if key not in known:
                path = f"{where}{key}"
                self.unused[path] = json.dumps(holder[key], ensure_ascii=False)
                self.notices.append(f"{path} has no meaning here; it is kept but not used.")

    # --- patterns and rankings ---

    def conditions(self, values: list[Any], where: str) -> tuple[Condition, ...]:
        found = (self.condition(value, f"{where}[{k}]") for k, value in enumerate(values))
        return tuple(condition for condition in found if condition is not None)

    def condition(self, value: Any, where: str) -> Condition | None:
        if isinstance(value, dict):
            self.keep(value, frozenset({"compound", "members"}), f"{where}.")
            if value.get("compound") is not True:
                self.refuse(where, "an object that is not marked as compound", '"compound": true')
            members = self.items(value, "members", f"{where}.")
            found = [self.pattern(m, f"{where}.members[{k}]") for k, m in enumerate(members)]
            return tuple(pattern for pattern in found if pattern is not None)
        pattern = self.pattern(value, where)
        return None if pattern is None else (pattern,)

    def pattern(self, value: Any, where: str) -> Pattern | None:
        if not isinstance(value, list):
            expected = '[[option index, "Y" or "N"], ...]'
            self.refuse(where, f"{shown(value)} is not a pattern", expected)
            return None
        literals: dict[tuple[int, bool], None] = {}
        for k, literal in enumerate(value):
            place = f"{where}[{k}]"
            if not isinstance(literal, list) or len(literal) != 2:
                self.refuse(place, f"{shown(literal)} is not a pair", '[option index, "Y" or "N"]')
                continue
            option = self.index(literal[0], self.option_count, "option", place)
            if literal[1] not in ("Y", "N"):
                self.refuse(place, f"{shown(literal[1])} is neither Y nor N", '"Y" or "N"')
            elif option is not None:
                literals[option, literal[1] == "Y"] = None
        return tuple(literals)

    def ranking(self, values: list[Any], where: str) -> tuple[tuple[int, ...], ...]:
        tiers: list[tuple[int, ...]] = []
        for k, entry in enumerate(values):
            tier = entry if isinstance(entry, list) else [entry]
            for number in tier:
                if type(number) is not int or number < 1:
                    expected = "a state number, counting from 1"
                    self.refuse(f"{where}[{k}]", f"{shown(number)} is not a state number", expected)
            if tier:
                tiers.append(tuple(tier))
        return tuple(tiers)

    # --- the parts ---

    def model(self, document: Any) -> GraphModel:
        if not isinstance(document, dict):
            self.refuse("the file", f"{shown(document)} is not an object", "options and so on")
            return GraphModel((), ())
        raw_options = self.items(document, "options", "")
        raw_makers = self.items(document, "decisionMakers", "")
        for key, values in (("options", raw_options), ("decisionMakers", raw_makers)):
            if not values and not self.problems:
                self.refuse(key, "there is none", "at least one")
            if len(values) > OPTION_LIMIT:
                self.refuse(key, f"{len(values):,} of them", f"at most {OPTION_LIMIT:,}")
                return GraphModel((), ())
        self.option_count = len(raw_options)
        self.keep(document, _KNOWN, "")
        options = tuple(self.option(value, k) for k, value in enumerate(raw_options))
        ranked = self.flag(document, "useManualPreferenceRanking", "useManualPreferenceVectors")
        makers = tuple(self.maker(value, k, ranked) for k, value in enumerate(raw_makers))
        infeasible = self.conditions(self.items(document, "infeasibles", ""), "infeasibles")
        groups = self.groups(document, makers)
        self.tell_misperceptions(raw_makers, makers)
        return GraphModel(
            options, makers, infeasible, groups, ranked, self.unused, tuple(self.notices)
        )

    def option(self, value: Any, k: int) -> Option:
        where = f"options[{k}]"
        if not isinstance(value, dict):
            self.refuse(where, f"{shown(value)} is not an object", '{"name": ...}')
            return Option("")
        self.keep(value, _KNOWN_OF_OPTION, f"{where}.")
        raw = value.get("permittedDirection")
        direction: Direction = "both"
        if raw in ("fwd", "back", "both"):
            direction = raw
        elif raw is not None:
            place = f"{where}.permittedDirection"
            self.refuse(place, f"{shown(raw)} is no direction", '"fwd", "back" or "both"')
        return Option(self.name(value, where, f"Option {k + 1}"), direction)

    def maker(self, value: Any, k: int, ranked: bool) -> DecisionMaker:
        where = f"decisionMakers[{k}]"
        if not isinstance(value, dict):
            self.refuse(where, f"{shown(value)} is not an object", '{"name": ...}')
            return DecisionMaker("")
        self.keep(value, _KNOWN_OF_MAKER, f"{where}.")
        name = self.name(value, where, f"Decision maker {k + 1}")
        raw = self.items(value, "options", f"{where}.")
        owned = [
            self.index(option, self.option_count, "option", f"{where}.options[{n}]")
            for n, option in enumerate(raw)
        ]
        wishes = self.conditions(
            self.items(value, "preferences", f"{where}."), f"{where}.preferences"
        )
        key = "preferenceRanking" if value.get("preferenceRanking") else "preferenceVector"
        raw_ranking = self.items(value, key, f"{where}.")
        ranking = self.ranking(raw_ranking, f"{where}.{key}") if ranked else ()
        if ranked and wishes:
            self.notices.append(
                f"{name}: the file's rankings count; its {len(wishes)} preference statements are "
                "not used."
            )
        if not ranked and raw_ranking and not wishes:
            self.notices.append(
                f"{name}: the file says that preference statements count, and there is none; its "
                "ranking is not used, and all states are equal to it."
            )
        distinct = dict.fromkeys(option for option in owned if option is not None)
        return DecisionMaker(name, tuple(distinct), wishes, ranking)

    def groups(
        self, document: Mapping[str, Any], makers: Sequence[DecisionMaker]
    ) -> tuple[tuple[int, ...], ...]:
        found: dict[tuple[int, ...], None] = {}
        for key in ("coalitions", "coalitionsFull"):
            for k, entry in enumerate(self.items(document, key, "")):
                where = f"{key}[{k}]"
                if isinstance(entry, dict):
                    indexes = self.spelt_group(entry, where, makers)
                else:
                    indexes = [
                        index
                        for value in _leaves(entry)
                        if (index := self.index(value, len(makers), "decision maker", where))
                        is not None
                    ]
                group = tuple(sorted(set(indexes)))
                if len(group) > 1:
                    found[group] = None
        return tuple(found)

    def spelt_group(
        self, entry: Mapping[str, Any], where: str, makers: Sequence[DecisionMaker]
    ) -> list[int]:
        """The members of a coalition that is written as an object.

        They are its ``members``, or else the decision makers whose options together are its own.
        """
        if "members" in entry:
            members = list(_leaves(self.items(entry, "members", f"{where}.")))
            indexes = [self.index(m, len(makers), "decision maker", where) for m in members]
            return [index for index in indexes if index is not None]
        raw = _leaves(self.items(entry, "options", f"{where}."))
        options = {self.index(value, self.option_count, "option", where) for value in raw}
        held = [
            k for k, maker in enumerate(makers) if maker.options and options >= {*maker.options}
        ]
        if options == {option for k in held for option in makers[k].options}:
            return held
        self.unused[where] = json.dumps(entry, ensure_ascii=False)
        self.notices.append(f"{where}: its options are not those of decision makers; not used.")
        return []

    def tell_misperceptions(
        self, raw_makers: Sequence[Any], makers: Sequence[DecisionMaker]
    ) -> None:
        for k, (raw, maker) in enumerate(zip(raw_makers, makers, strict=True)):
            seen = raw.get("misperceptions") if isinstance(raw, dict) else None
            if seen:
                path = f"decisionMakers[{k}].misperceptions"
                self.unused[path] = json.dumps(seen, ensure_ascii=False)
                self.notices.append(
                    f"{maker.name}: the file says which states it does not see (misperceptions); "
                    "this is not yet used, it is taken to see them all."
                )


def _leaves(entry: Any) -> Iterator[Any]:
    if isinstance(entry, list):
        for part in entry:
            yield from _leaves(part)
    else:
        yield entry
