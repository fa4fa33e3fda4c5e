"""KTAB's XML: a Scenario with Dimensions and Actors.

Each Actor has a name, a capability, a Position with one dCoord for each dName, and a Salience with
one dSal for each. Declarations of document types and entities are refused.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, SubElement, indent, tostring
from xml.parsers import expat

from foedus.bargaining.issue import OrderedIssue
from foedus.bargaining.tables.ktab_csv import same_actors
from foedus.bargaining.tables.stances import SCALE, IssueFacts, Stance, issues_of, own_capability
from foedus.case.places import Place
from foedus.case.problems import CaseError, Problem
from foedus.case.spelling import composed
from foedus.sheets.cells import Line, full, number_in

DEEPEST = 20


@dataclass(slots=True)
class _Node:
    name: str
    place: Place
    text: str = ""
    children: list[_Node] = field(default_factory=list)

    def all(self, name: str) -> Iterator[_Node]:
        return (child for child in self.children if child.name == name)

    def value(self, name: str) -> str:
        return next((composed(child.text.strip()) for child in self.all(name)), "")


class _Refused(ValueError):
    """Something that a file of KTAB has no use for."""


def _tree(text: str, file: str) -> _Node:
    """The elements of XML text. Raises CaseError."""
    parser = expat.ParserCreate()
    root = _Node("", Place(1, 1))
    open_ = [root]

    def start(name: str, _: dict[str, str]) -> None:
        if len(open_) > DEEPEST:
            raise _Refused("elements stand too deep in each other")
        place = Place(parser.CurrentLineNumber, parser.CurrentColumnNumber + 1)
        open_[-1].children.append(_Node(name.rpartition(":")[2], place))
        open_.append(open_[-1].children[-1])

    def end(_: str) -> None:
        open_.pop()

    def told(data: str) -> None:
        open_[-1].text += data

    def refuse(*_: object) -> None:
        raise _Refused("a declaration of a document type, which is not read")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = told
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        message = f"this is no XML: {expat.ErrorString(error.code)}"
        raise CaseError([Problem(message, Place(error.lineno, error.offset + 1))], file) from None
    except _Refused as error:
        place = Place(parser.CurrentLineNumber, parser.CurrentColumnNumber + 1)
        raise CaseError([Problem(str(error), place)], file) from None
    return root.children[0]


def read_ktab_xml(
    text: str, file: str, scale: tuple[float, float] = SCALE
) -> tuple[OrderedIssue, ...]:
    """The issues of a file of KTAB. Raises CaseError with all that is wrong."""
    scenario = _tree(text, file)
    problems: list[Problem] = []
    names = [
        composed(each.text.strip())
        for dimensions in scenario.all("Dimensions")
        for each in dimensions.all("dName")
    ]
    if not names:
        problems.append(
            Problem("there are no Dimensions", scenario.place, "a dName for each issue")
        )
    proposal = scenario.value("name")
    stances = [
        stance
        for actors in scenario.all("Actors")
        for actor in actors.all("Actor")
        for stance in _actor(actor, proposal, names, problems)
    ]
    facts = {(proposal, name): IssueFacts(*scale) for name in names}
    return issues_of(stances, facts, own_capability, file, problems)


def _actor(
    actor: _Node, proposal: str, names: Sequence[str], problems: list[Problem]
) -> Iterator[Stance]:
    """An actor's stances; none where something is wrong with it."""
    before = len(problems)
    name = actor.value("name")
    if not name:
        problems.append(Problem("an Actor has no name", actor.place))
    strength = Line({"capability": actor.value("capability")}, actor.place)
    capability = number_in(strength, "capability", problems, 0.0)
    lists = {}
    for outer, inner, least in (("Position", "dCoord", -math.inf), ("Salience", "dSal", 0.0)):
        cells = [each for one in actor.all(outer) for each in one.all(inner)]
        if len(cells) != len(names):
            message = f"{len(cells)} {inner} for {len(names)} dimensions"
            problems.append(Problem(message, actor.place))
        most = 100.0 if outer == "Salience" else math.inf
        lists[outer] = [
            number_in(Line({inner: each.text.strip()}, each.place), inner, problems, least, most)
            for each in cells
        ]
    if len(problems) > before:
        return
    for issue, position, salience in zip(names, lists["Position"], lists["Salience"], strict=True):
        yield Stance((proposal, issue), name, position, salience, actor.place, capability)


def write_ktab_xml(issues: Sequence[OrderedIssue]) -> str:
    """All issues as a file of KTAB. Raises ValueError where actors differ between issues."""
    same_actors(issues)
    first = issues[0]
    scenario = Element("Scenario")
    SubElement(scenario, "name").text = first.proposal or first.issue
    SubElement(scenario, "desc").text = ""
    SubElement(scenario, "prngSeed").text = "0"
    dimensions = SubElement(scenario, "Dimensions")
    for issue in issues:
        SubElement(dimensions, "dName").text = issue.issue
    actors = SubElement(scenario, "Actors")
    for k, name in enumerate(first.actors):
        actor = SubElement(actors, "Actor")
        SubElement(actor, "name").text = name
        SubElement(actor, "description").text = ""
        SubElement(actor, "capability").text = full(float(first.capability[k]))
        position, salience = SubElement(actor, "Position"), SubElement(actor, "Salience")
        for issue in issues:
            SubElement(position, "dCoord").text = full(float(issue.position[k]))
            SubElement(salience, "dSal").text = full(float(issue.salience[k]))
    indent(scenario)
    return tostring(scenario, encoding="unicode", xml_declaration=True) + "\n"
