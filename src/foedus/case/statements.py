"""The statement language: text to tree and back.

A grammar (``statements.lark``) says what a statement is; an LALR parser reads it without recursion.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import lark
import lark.visitors
from immutabledict import immutabledict

from foedus.case.model import (
    And,
    Expression,
    Iff,
    Implies,
    In,
    Issue,
    Named,
    Not,
    Or,
    Path,
    Statement,
)
from foedus.case.problems import CaseError, Problem, listed, nearest, shown
from foedus.case.spelling import composed
from foedus.case.traps import place_of

LONGEST = 20_000
"""How many characters a statement may have."""

DEEPEST = 100
"""How many levels the tree of a statement may have."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in a text, ``offset`` characters from its beginning."""

    offset: int
    message: str
    expected: str | None = None
    word: str | None = None
    known: Iterable[str] = ()


@dataclass(frozen=True, slots=True)
class Scale:
    """What a statement may say of an issue: its positions, and their numbers if it is ordered.

    Of an issue that could not be read, ``positions`` is None: anything may be said of it.
    """

    positions: tuple[str, ...] | None
    numbers: tuple[float, ...] | None = None


@dataclass(frozen=True)
class Vocabulary:
    """The ids that statements may use; None where there is no telling."""

    issues: Mapping[str, Scale] | None
    arrangements: frozenset[str] | None = frozenset()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """All of them, arrangements first."""
        return (*sorted(self.arrangements or ()), *(self.issues or ()))

    @classmethod
    def of(cls, issues: Mapping[str, Issue], arrangements: Iterable[str]) -> Vocabulary:
        """The vocabulary of a case's issues and arrangements."""
        scales = {i.id: Scale(tuple(p.id for p in i.positions), i.scale) for i in issues.values()}
        return cls(scales, frozenset(arrangements))


@dataclass(slots=True)
class _Part:
    """A part of the tree with its height, so that no tree too high is ever built."""

    tree: Expression
    height: int = 1


_ORDER: Mapping[str, Callable[[float, float], bool]] = immutabledict(
    {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
)


class _TooDeepError(Exception):
    pass


class _Builder(lark.visitors.Transformer_NonRecursive[lark.Token, _Part]):
    """Builds the tree from what the parser read, and collects the faults."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__(visit_tokens=False)
        self.vocabulary = vocabulary
        self.faults: list[Fault] = []

    def join(self, parts: list[Any], make: Callable[..., Expression]) -> _Part:
        height = 1 + max(part.height for part in parts)
        if height > DEEPEST:
            raise _TooDeepError
        return _Part(make(*(part.tree for part in parts)), height)

    def iff(self, children: list[Any]) -> _Part:
        left, *rest = (c for c in children if isinstance(c, _Part))
        for right in rest:
            left = self.join([left, right], Iff)
        return left

    def implies(self, children: list[Any]) -> _Part:
        parts = [c for c in children if isinstance(c, _Part)]
        return self.join(parts, Implies) if len(parts) == 2 else parts[0]

    def either(self, children: list[Any]) -> _Part:
        return self.join(children, lambda *trees: Or(trees))

    def both(self, children: list[Any]) -> _Part:
        return self.join(children, lambda *trees: And(trees))

    def denial(self, children: list[Any]) -> _Part:
        return self.join(children[1:], Not)

    def named(self, children: list[Any]) -> _Part:
        (token,) = children
        name = str(token)
        known = self.vocabulary
        if known.issues is not None and name in known.issues:
            positions = known.issues[name].positions or ("…",)
            self.fault(
                token, f"{name!r} is an issue: say which position, as in {name} = {positions[0]}"
            )
        elif known.arrangements is not None and name not in known.arrangements:
            self.faults.append(
                Fault(token.start_pos, f"no arrangement {name!r}", None, name, known.names)
            )
        return _Part(Named(name))

    def fault(self, token: lark.Token, message: str) -> None:
        self.faults.append(Fault(token.start_pos or 0, message))

    def among(self, children: list[Any]) -> _Part:
        issue, *positions = children
        scale = self.scale(issue)
        for token in positions:
            self.position(issue, scale, token)
        return _Part(In(str(issue), frozenset(str(p) for p in positions)))

    def compare(self, children: list[Any]) -> _Part:
        issue, sign, position = children
        scale = self.scale(issue)
        self.position(issue, scale, position)
        name, known = str(position), scale.positions or ()
        if sign == "=" or name not in known:
            return _Part(In(str(issue), frozenset({name})))
        if sign == "!=":
            return _Part(In(str(issue), frozenset(known) - {name}))
        if scale.numbers is None:
            self.fault(sign, f"issue {str(issue)!r} has no scale, so {sign} says nothing of it")
            return _Part(In(str(issue), frozenset()))
        mark = scale.numbers[known.index(name)]
        holds = _ORDER[str(sign)]
        chosen = (p for p, x in zip(known, scale.numbers, strict=True) if holds(x, mark))
        return _Part(In(str(issue), frozenset(chosen)))

    def scale(self, token: lark.Token) -> Scale:
        name = str(token)
        issues = self.vocabulary.issues
        if issues is None:
            return Scale(None)
        if name not in issues:
            self.faults.append(
                Fault(token.start_pos or 0, f"no issue {name!r}", None, name, issues)
            )
            return Scale(None)
        return issues[name]

    def position(self, issue: lark.Token, scale: Scale, token: lark.Token) -> None:
        if scale.positions is not None and str(token) not in scale.positions:
            self.faults.append(
                Fault(
                    token.start_pos or 0,
                    f"no position {str(token)!r} in issue {str(issue)!r}",
                    None,
                    str(token),
                    scale.positions,
                )
            )


@cache
def grammar() -> lark.Lark:
    """The parser of statements and rights, made when first needed."""
    return lark.Lark.open_from_package(
        "foedus.case",
        "statements.lark",
        parser="lalr",
        lexer="basic",
        start=["statement", "right"],
        maybe_placeholders=False,
    )


def read_statement(text: str, vocabulary: Vocabulary) -> tuple[Expression | None, list[Fault]]:
    """The tree of a statement and what is wrong with it; one of the two is empty."""
    read, faults = read_text(text, "statement")
    if read is None:
        return None, faults
    builder = _Builder(vocabulary)
    try:
        part = builder.transform(read)
    except lark.exceptions.VisitError as error:
        if not isinstance(error.orig_exc, _TooDeepError):
            raise
        return None, [Fault(0, f"the statement is nested more than {DEEPEST} deep")]
    return (None, builder.faults) if builder.faults else (part.tree, [])


def read_text(text: str, start: str) -> tuple[lark.Tree[lark.Token] | None, list[Fault]]:
    """Parse a statement or a right (``start``); what cannot be parsed is told in plain words."""
    if len(text) > LONGEST:
        return None, [
            Fault(0, f"a {start} may have {LONGEST:,} characters; this has {len(text):,}")
        ]
    try:
        return grammar().parse(text, start=start), []
    except lark.UnexpectedCharacters as error:
        return None, [_unreadable(text, error.pos_in_stream or 0, start)]
    except lark.UnexpectedToken as error:
        return None, [_unexpected(text, error, start)]


_HINTS = {
    "=": "one = is enough",
    "&": "write `and`",
    "|": "write `or` between statements; `|` stands between the positions of `in`",
    "!": "write `not`, or `!=` between an issue and a position",
    ",": "write `|` between positions, `and` between statements",
    "{": "write `in a | b`",
    "[": "write `in a | b`",
    "-": "a single - stands within an id, without spaces",
}
_QUOTA_IN_TEXT = "a quota is a map, without quotes; with other rights, {all: [quota, ...]}"
_HINTS_IN_RIGHTS = _HINTS | dict.fromkeys("{[", _QUOTA_IN_TEXT)


def _unreadable(text: str, offset: int, start: str) -> Fault:
    sign = text[offset]
    hint = (_HINTS_IN_RIGHTS if start == "right" else _HINTS).get(sign)
    return Fault(offset, f"{sign!r} has no meaning here" + (f": {hint}" if hint else ""))


def _unexpected(text: str, error: lark.UnexpectedToken, start: str) -> Fault:
    accepts = error.accepts or set()
    token = error.token
    words = [name for terminal, name in _NAMES.items() if terminal in accepts]
    if start == "right":
        words = [w.replace("an id", "an actor") for w in words if w != "in"]
    if token.type == "$END":
        if not text.strip():
            return Fault(0, f"the {start} is empty")
        return Fault(len(text.rstrip()), f"the {start} ends too early", listed(words))
    offset = token.start_pos or 0
    hint = _HINTS.get(str(token))
    message = f"{shown(token)} cannot stand here" + (f": {hint}" if hint else "")
    return Fault(offset, message, None if hint else listed(words))


_NAMES = {
    "ID": "an id",
    "NOT": "`not`",
    "LPAR": "`(`",
    "EQUAL": "`=`",
    "UNEQUAL": "`!=`",
    "IN": "`in`",
    "VBAR": "`|`",
    "AND": "`and`",
    "OR": "`or`",
    "IMPLIES": "`->`",
    "IFF": "`<->`",
    "RPAR": "`)`",
    "$END": "the end",
}


def parse_statement(
    text: str, issues: Mapping[str, Issue], arrangements: Iterable[str] = (), path: Path = ()
) -> Statement:
    """Parse a statement about a case's issues and arrangements.

    Raises CaseError, with the column in the text, where it cannot be understood.
    """
    text = composed(text)
    tree, faults = read_statement(text, Vocabulary.of(issues, arrangements))
    if tree is None:
        problems = [
            Problem(
                f.message,
                place_of(text, f.offset),
                f.expected,
                nearest(f.word, f.known) if f.word else None,
            )
            for f in faults
        ]
        raise CaseError(problems, "<statement>")
    return Statement(text, tree, path)


# --- back to text -----------------------------------------------------------------------------

_STRENGTH = {Iff: 1, Implies: 2, Or: 3, And: 4, Not: 5, In: 6, Named: 6}


def statement_text(tree: Expression) -> str:
    """A tree as a statement that reads back as one of the same meaning.

    An empty ``And`` (always) or ``Or`` (never), and an ``In`` without positions, have no writing
    of their own. Raises ValueError for them.

    >>> statement_text(Not(Or((In("toll", frozenset({"free"})), Named("merger")))))
    'not (toll = free or merger)'
    """
    written: list[str] = []
    waiting: list[Expression | str] = [tree]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            written.append(item)
        else:
            waiting += reversed(_pieces(item))
    return "".join(written)


def _pieces(tree: Expression) -> list[Expression | str]:
    """The tree one level taken apart: words, and parts that are still to be written."""
    match tree:
        case In(issue, positions):
            if not positions:
                raise ValueError(f"no position of {issue!r} is named")
            sign = "=" if len(positions) == 1 else "in"
            return [f"{issue} {sign} {' | '.join(sorted(positions))}"]
        case Named(arrangement):
            return [arrangement]
        case Not(part):
            return ["not ", *_within(part, 5)]
        case And(parts) | Or(parts):
            if not parts:
                raise ValueError("a statement of no parts cannot be written")
            word, strength = (" and ", 5) if isinstance(tree, And) else (" or ", 4)
            pieces = _within(parts[0], strength)
            for part in parts[1:]:
                pieces += [word, *_within(part, strength)]
            return pieces
        case Implies(left, right):
            return [*_within(left, 3), " -> ", *_within(right, 2)]
        case Iff(left, right):
            return [*_within(left, 1), " <-> ", *_within(right, 2)]


def _within(part: Expression, strength: int) -> list[Expression | str]:
    return [part] if _STRENGTH[type(part)] >= strength else ["(", part, ")"]
