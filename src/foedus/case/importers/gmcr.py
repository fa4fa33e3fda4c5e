"""Cases from GMCR+ files (``.gmcr``): graph models of conflict in option form.

Each option becomes an issue with the positions ``N`` and ``Y``, in file order, so that states are
numbered as in GMCR+: over the feasible ones, the first option varying fastest. See
``docs/gmcr-plus.md`` for what is read and what is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from immutabledict import immutabledict

from foedus.case.importers.base import Imported, Importer
from foedus.case.importers.gmcr_format import Condition, GraphModel, Pattern, graph_model
from foedus.case.importers.gmcr_states import STATE_LIMIT, Words, bits_of, feasible_words
from foedus.case.importers.json_places import places_in, with_places
from foedus.case.importers.strict_json import read_json
from foedus.case.model import (
    And,
    Case,
    Expression,
    In,
    Not,
    Or,
    Place,
    Preference,
    Priorities,
    Priority,
    Ranking,
    Rule,
    Statement,
)
from foedus.case.model import (
    Path as CasePath,
)
from foedus.case.problems import CaseError, Problem
from foedus.case.reading import case_from_data
from foedus.case.slugs import slugs

SIZE_LIMIT = 16 << 20
"""Larger files (bytes) are refused."""

QUICK_LIMIT = 1 << 20
"""So many partial states are looked at only to see whether any state is feasible at all."""

QUICK_PATTERNS = 1000
"""With more infeasible patterns that is left to those who need the states."""

PLACED = 1 << 18
"""In files of so many bytes the places of options, makers and patterns are looked up."""

PLACED_WHEN_WRONG = 1 << 21
"""In files of so many bytes the places of problems are looked up."""

_TOLD = 8
_CHUNK = 4096


def read_gmcr(path: str | Path) -> Case:
    """Read a ``.gmcr`` file as a case.

    Raises CaseError, with all that is wrong, for a file that cannot be used. What is read otherwise
    than it is written, or not used, is told in ``Case.notices``.
    """
    file = str(path)
    document = read_json(path, limit=SIZE_LIMIT)
    try:
        made = _Conversion(graph_model(document, file=file), file)
        frame = made.data(Path(path).stem, spelt=False)
        case = case_from_data(frame, file=file, notices=made.notices)
    except CaseError as error:
        text = _text(path, PLACED_WHEN_WRONG)
        raise CaseError(with_places(error.problems, text), file, error.notices) from None
    return replace(
        case,
        rules=made.rules,
        preferences=immutabledict(made.preferences),
        places=immutabledict(made.places(_text(path, PLACED))),
    )


def _text(path: str | Path, limit: int) -> str:
    """The text of a file that has been read before; empty if it is larger, or has changed."""
    try:
        if Path(path).stat().st_size > limit:
            return ""
        return Path(path).read_text(encoding="utf-8-sig")
    except (OSError, ValueError):
        return ""


def gmcr_data(
    document: Any, *, title: str = "Imported graph model", file: str = "<gmcr>"
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Convert the parsed JSON of a ``.gmcr`` file to the plain data of a case file, and notices.

    Raises CaseError with all that is wrong.
    """
    made = _Conversion(graph_model(document, file=file), file)
    return made.data(title, spelt=True), tuple(made.notices)


class _Conversion:
    """One graph model on its way to a case: its ids, rules and preferences, and all as plain data.

    Statements are made as trees with their texts, so that many of them need not be parsed.
    """

    def __init__(self, model: GraphModel, file: str) -> None:
        self.model = model
        self.file = file
        self.notices = list(model.notices)
        self.issues = slugs([option.name for option in model.options], "option")
        self.names = dict(zip(self.issues, (option.name for option in model.options), strict=True))
        self.actors = slugs([maker.name for maker in model.makers], "actor", self.names)
        makers = zip(self.actors, (maker.name for maker in model.makers), strict=True)
        self.names |= dict(makers)
        self.literals = [(In(i, frozenset({"N"})), In(i, frozenset({"Y"}))) for i in self.issues]
        states = self._numbered()
        self.rules = tuple(self._rules())
        self.preferences: dict[str, Preference] = {}
        if states is not None and model.ranked:
            self._check_rankings(states.shape[1])
            self.preferences |= self._rankings(states)
        else:
            self.preferences |= self._priorities()

    def places(self, text: str) -> dict[CasePath, Place]:
        """Where the parts of the case stand in the text of the file."""
        parts: dict[CasePath, CasePath] = {
            ("issues",): ("options",),
            ("actors",): ("decisionMakers",),
            ("rules",): ("infeasibles",),
        }
        parts |= {("issues", name): ("options", k) for k, name in enumerate(self.issues)}
        parts |= {("actors", name): ("decisionMakers", k) for k, name in enumerate(self.actors)}
        parts |= {rule.path: ("infeasibles", rule.path[1]) for rule in self.rules}
        found = places_in(text, parts.values())
        return {path: found[there] for path, there in parts.items() if there in found}

    # --- states and rankings ---

    def _numbered(self) -> Words | None:
        """The feasible states in order; None when no ranking needs them and they are many."""
        if not self.model.ranked and len(self.model.infeasible) > QUICK_PATTERNS:
            return None
        try:
            limit = STATE_LIMIT if self.model.ranked else QUICK_LIMIT
            states = feasible_words(len(self.model.options), self.model.infeasible, limit)
        except OverflowError as error:
            if not self.model.ranked:
                return None
            message = f"too many states to number for the rankings: {error}"
            raise CaseError([Problem(message)], self.file) from None
        if not states.shape[1]:
            message = "the infeasible patterns exclude every state"
            raise CaseError([Problem(message, expected="at least one state")], self.file)
        return states

    def _check_rankings(self, count: int) -> None:
        problems = []
        for k, maker in enumerate(self.model.makers):
            where = f"decisionMakers[{k}]"
            numbers = [number for tier in maker.ranking for number in tier]
            beyond = [number for number in numbers if number > count]
            if beyond:
                message = f"{where}: its ranking names states that there are not: {_few(beyond)}"
                problems.append(Problem(message, expected=f"1 to {count}, the feasible states"))
                continue
            times = np.bincount(np.array(numbers, dtype=np.int64), minlength=count + 1)[1:]
            if (times > 1).any():
                repeated = (np.flatnonzero(times > 1) + 1).tolist()
                message = f"{where}: its ranking names states more than once: {_few(repeated)}"
                problems.append(Problem(message, expected="each state once"))
            missed = (np.flatnonzero(times == 0) + 1).tolist()
            if missed:
                self.notices.append(
                    f"{maker.name}: its ranking misses {len(missed):,} of {count:,} states "
                    f"({_few(missed)}); these come last, equal to each other."
                )
        if problems:
            raise CaseError(problems, self.file)

    def _rankings(self, states: Words) -> Iterator[tuple[str, Ranking]]:
        """Each actor's ranking, in statements of one state each, which the actors share."""
        wanted = {n for maker in self.model.makers for tier in maker.ranking for n in tier}
        known = dict(self._spelt(states, sorted(wanted)))
        for actor, maker in zip(self.actors, self.model.makers, strict=True):
            yield actor, Ranking(tuple(tuple(known[n] for n in tier) for tier in maker.ranking))

    def _spelt(self, states: Words, numbers: Sequence[int]) -> Iterator[tuple[int, Statement]]:
        texts = [(f"{i} = N", f"{i} = Y") for i in self.issues]
        for start in range(0, len(numbers), _CHUNK):
            chunk = numbers[start : start + _CHUNK]
            bits = bits_of(states[:, np.array(chunk) - 1], len(self.issues)).tolist()
            for number, row in zip(chunk, bits, strict=True):
                parts = tuple(pair[bit] for pair, bit in zip(self.literals, row, strict=True))
                text = " and ".join(pair[bit] for pair, bit in zip(texts, row, strict=True))
                yield number, Statement(text, And(parts) if len(parts) > 1 else parts[0])

    # --- patterns ---

    def _rules(self) -> Iterator[Rule]:
        for k, condition in enumerate(self.model.infeasible):
            if condition:
                text, tree = self._any_of(condition)
                path = ("rules", k)
                statement = Statement(f"not ({text})", Not(tree), (*path, "rule"))
                why = f"Excluded in the imported file (pattern {k + 1} of its infeasible states)"
                yield Rule(statement, why, path=path)
            else:
                self.notices.append(
                    f"infeasibles[{k}] is a compound without members: it excludes nothing."
                )

    def _priorities(self) -> Iterator[tuple[str, Priorities]]:
        for actor, maker in zip(self.actors, self.model.makers, strict=True):
            telling = [wish for wish in maker.wishes if wish and () not in wish]
            if len(telling) < len(maker.wishes):
                self.notices.append(
                    f"{maker.name}: {len(maker.wishes) - len(telling)} preference statements "
                    "without conditions hold everywhere or nowhere and are left out."
                )
            if not telling:
                self.notices.append(f"{maker.name} has no preferences: all states are equal to it.")
            path = ("preferences", actor, "priorities")
            statements = (
                Statement(*self._any_of(wish), (*path, k, "when")) for k, wish in enumerate(telling)
            )
            items = (Priority(f"p{k}", when) for k, when in enumerate(statements, start=1))
            yield actor, Priorities(tuple(items))

    def _any_of(self, condition: Condition) -> tuple[str, Expression]:
        parts = [self._all_of(pattern) for pattern in condition]
        if len(parts) == 1:
            return parts[0]
        texts = (f"({text})" if isinstance(tree, And) else text for text, tree in parts)
        return " or ".join(texts), Or(tuple(tree for _, tree in parts))

    def _all_of(self, pattern: Pattern) -> tuple[str, Expression]:
        text = " and ".join(f"{self.issues[k]} = {'Y' if yes else 'N'}" for k, yes in pattern)
        trees = tuple(self.literals[k][yes] for k, yes in pattern)
        return text, And(trees) if len(trees) > 1 else trees[0]

    # --- the case's data ---

    def data(self, title: str, *, spelt: bool) -> dict[str, Any]:
        """The plain data of a case file; unless ``spelt``, without rules and with no wishes."""
        model = self.model
        made: dict[str, Any] = {"foedus": 1, "title": title}
        made["note"] = (
            "Imported from a GMCR+ file. Each option is an issue with the positions N and Y; "
            "states are numbered as there."
        )
        if model.unused:
            made["left_out"] = dict(model.unused)
        made["names"] = self.names
        made["actors"] = {
            actor: {"name": maker.name}
            for actor, maker in zip(self.actors, model.makers, strict=True)
        }
        made["issues"] = {issue: self._issue(k) for k, issue in enumerate(self.issues)}
        groups = [[self.actors[k]] for k, maker in enumerate(model.makers) if not maker.options]
        groups += [[self.actors[k] for k in group] for group in model.groups]
        if groups:
            made["groups"] = groups
        if spelt and self.rules:
            made["rules"] = [{"rule": rule.statement.text, "why": rule.why} for rule in self.rules]
        made["preferences"] = {
            actor: _plain(preference) if spelt else {"priorities": []}
            for actor, preference in self.preferences.items()
        }
        return made

    def _issue(self, k: int) -> dict[str, Any]:
        option = self.model.options[k]
        owners = [
            actor
            for actor, maker in zip(self.actors, self.model.makers, strict=True)
            if k in maker.options
        ]
        right = " or ".join(owners) or "nobody"
        if not owners:
            self.notices.append(f"Nobody owns the option {option.name}; it never changes.")
        only = {"fwd": "Y", "back": "N"}.get(option.direction)
        return {
            "name": option.name,
            "positions": {"N": "No", "Y": "Yes"},
            "decided_by": {only: right} if only and owners else right,
        }


def _plain(preference: Preference) -> dict[str, Any]:
    match preference:
        case Ranking():
            tiers = [[statement.text for statement in tier] for tier in preference.tiers]
            return {"ranking": [tier[0] if len(tier) == 1 else tier for tier in tiers]}
        case Priorities():
            return {"priorities": [{"when": item.when.text} for item in preference.items]}
        case _:
            raise TypeError(f"{type(preference).__name__} does not come from a graph model")


def _few(numbers: Sequence[int]) -> str:
    told = ", ".join(
        f"{number:,}" if number < 10**12 else "a number of more than 12 digits"
        for number in numbers[:_TOLD]
    )
    return told if len(numbers) <= _TOLD else f"{told} and {len(numbers) - _TOLD:,} more"


def _recognised(head: str) -> bool:
    """Whether a text begins as JSON with keys that only graph models have."""
    keys = re.findall(r'"(decisionMakers|permittedDirection|gmcr-py)"', head)
    return head.lstrip().startswith("{") and bool(keys)


def _imported(path: Path) -> Imported:
    document = read_json(path, limit=SIZE_LIMIT)
    return Imported(*gmcr_data(document, title=path.stem or "Graph model", file=str(path)))


IMPORTER = Importer(
    name="gmcr",
    title="a graph model of GMCR+",
    suffixes=(".gmcr",),
    recognises=_recognised,
    read=_imported,
    read_case=read_gmcr,
    carries_over=(
        "options, as issues with the positions N and Y",
        "decision makers and coalitions, as actors and groups",
        "permitted directions, as rights",
        "infeasible states, as rules",
        "preference statements and rankings",
    ),
    leaves_out=("misperceptions", "keys without a meaning here, kept under left_out"),
)
"""The importer of GMCR+'s files."""
