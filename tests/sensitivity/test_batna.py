"""Changes that work only by making the BATNA worse are said to, and come last; edges are within."""

from __future__ import annotations

from dataclasses import replace

import pytest

from foedus.case.model import Judgement
from foedus.case.reading import parse_case
from foedus.document import Sentence, plain_lines
from foedus.sensitivity.changes import EDGE, Change
from foedus.sensitivity.turned import Turning
from foedus.sensitivity.turning import smallest_change

# Ann has the road (9) without the pact, and both cannot be had: 9 against 4 with it.
ROAD = """
foedus: 1
title: A pact or a road
today: {way: none}
actors: {ann: {name: Ann}, bob: {name: Bob}}
issues:
  way: {positions: {none: None, road: Road, pact: Pact}, decided_by: {road: ann, pact: ann and bob, none: nobody}}
arrangements: {pact: {name: The pact, when: way = pact}}
preferences:
  ann: {worth: {road: {when: way = road, value: ROAD}, pact: {when: way = pact, value: PACT}}}
  bob: {worth: {pact: {when: way = pact, value: 5}}}
"""  # noqa: E501


def turned(road: str, pact: str, measure: str = "sum") -> Turning:
    case = parse_case(ROAD.replace("ROAD", road).replace("PACT", pact))
    return smallest_change(case, "pact", "ann", measure=measure)  # type: ignore[arg-type]


def lines(turning: Turning) -> list[str]:
    return [line for block in turning.blocks() for line in plain_lines(block)]


def test_a_change_that_only_lowers_the_batna_says_so_and_comes_after_one_that_does_not() -> None:
    """Five are lacking: half a range of the road's, two and a half of the pact's."""
    found = turned("[-1, 9, 19]", "[2, 4, 6]")
    assert [c.name for c in found.changes] == ["preferences.ann.worth.road"]
    assert found.worsening == ("preferences.ann.worth.road",)
    assert found.size == pytest.approx(0.5, abs=1e-3)
    assert found.instead is not None
    assert [c.name for c in found.instead.changes] == ["preferences.ann.worth.pact"]
    assert found.instead.size == pytest.approx(2.5, abs=1e-3)
    assert found.instead.worsening == ()
    told = lines(found)
    first = next(k for k, line in enumerate(told) if "2.5 times half the judged range" in line)
    second = next(k for k, line in enumerate(told) if "making the BATNA worse" in line)
    last = next(
        k for k, line in enumerate(told) if "This works only by making worse what Ann" in line
    )
    assert first < second < last
    assert found.to_dict()["only_worsening_batna"] == ["preferences.ann.worth.road"]
    assert found.to_dict()["instead"]["changes"][0]["judgement"] == "preferences.ann.worth.pact"
    explained = [b.text for b in found.explain().blocks if isinstance(b, Sentence)]
    assert ["2.5" in text for text in explained] == [True, False]


def test_where_nothing_else_does_it_stands_alone_and_says_so() -> None:
    found = turned("[-1, 9, 19]", "4")
    assert found.worsening == ("preferences.ann.worth.road",)
    assert found.instead is None
    assert any("This works only by making worse what Ann" in line for line in lines(found))


def test_what_raises_the_arrangement_says_nothing_of_the_batna() -> None:
    found = turned("9", "[2, 4, 6]")
    assert (found.worsening, found.instead) == ((), None)
    assert not any("BATNA" in line for line in lines(found))


def test_of_several_changes_those_come_last() -> None:
    """The largest move is least when both move; the road stands first in the file and last here."""
    found = turned("[7, 9, 11]", "[2, 4, 6]", "largest")
    assert [c.name.rpartition(".")[2] for c in found.changes] == ["pact", "road"]
    assert found.worsening == ("preferences.ann.worth.road",)
    assert any("Of these, Ann's" in line and "works only by" in line for line in lines(found))


def test_a_value_at_the_edge_of_its_range_is_within_it() -> None:
    """Ann must have the pact above 9, which is the end of its range."""
    found = turned("9", "[1, 4, 9]")
    assert found.changes[0].after.mode > 9
    assert found.within
    assert found.to_dict()["within_ranges"]
    assert any("all within their ranges" in line for line in lines(found))
    assert not turned("9", "[1, 4, 8.9]").within
    assert turned("9", "[1, 4, 9.5]").within


@pytest.mark.parametrize("sign", [1, -1])
def test_the_edge_is_a_thousandth_of_a_half_range(sign: int) -> None:
    before = Judgement(-4, 0, 4)
    for over, within in ((0.5 * EDGE, True), (2 * EDGE, False)):
        at = sign * 4 * (1 + over)
        assert Change(before, Judgement(at, at, at), 1 + over).within == within
    sure = Judgement(2, 2, 2)
    assert not Change(sure, Judgement(2.001, 2.001, 2.001), 1).within


def test_a_smaller_change_is_ruled_out_only_by_what_every_change_measures() -> None:
    found = turned("9", "[2, 4, 6]")
    assert found.smallest
    assert not any("not ruled out" in line for line in lines(found))
    doubtful = replace(found, at_least=found.size - 0.1)
    assert not doubtful.smallest
    assert any("A smaller change is not ruled out" in line for line in lines(doubtful))
