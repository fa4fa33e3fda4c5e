"""One definition of origin: whoever counts evidence counts what came from one place once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marked import case_of

from foedus.case.judgement import Judgement, Role
from foedus.case.model import Case, Evidence, Poll
from foedus.case.origins import by_origin, origin_names, origins_in
from foedus.evidence.audit import audit
from foedus.evidence.competing import ach
from foedus.evidence.concordance import concordance
from foedus.evidence.left_out import items_by_origin
from foedus.evidence.scoring import RULES
from foedus.evidence.updating import Bayes, bayes

SIDES = ("a", "b", "c", "other")
MARKS = ("CC", "C", "N", "I", "II")


def report(name: str, marks: dict[str, str], chances: dict[str, Any], **more: Any) -> Evidence:
    likelihood = {
        h: Judgement(*chance, path=("evidence", name, "likelihood", h), role=Role.LIKELIHOOD)
        for h, chance in chances.items()
    }
    return Evidence(name, "report", "c", marks=marks, likelihood=likelihood, **more)


def again(item: Evidence, name: str, **more: Any) -> Evidence:
    """The same report told again: all that it says, under an id of its own."""
    chances = {h: (j.low, j.mode, j.high) for h, j in item.likelihood.items()}
    told = report(name, dict(item.marks), chances, source=item.source, origin=item.origin)
    return replace(told, **more)


@st.composite
def reports(draw: st.DrawFn) -> list[Evidence]:
    found = []
    for k in range(draw(st.integers(1, 6))):
        marks = {
            h: draw(st.sampled_from(MARKS)) for h in draw(st.lists(st.sampled_from(SIDES[:3])))
        }
        ranges = {
            h: tuple(sorted(draw(st.tuples(*[st.floats(0.05, 0.95)] * 3))))
            for h in draw(st.lists(st.sampled_from(SIDES)))
        }
        where = draw(st.sampled_from([{}, {"source": "S"}, {"source": "T"}, {"origin": "s"}]))
        found.append(report(f"i{k}", marks, ranges, **where))
    return found


def close(one: Bayes, other: Bayes) -> None:
    for h, share in one.posterior.items():
        theirs = other.posterior[h]
        assert share.p == pytest.approx(theirs.p, rel=1e-9)
        assert (share.low, share.high) == pytest.approx((theirs.low, theirs.high), rel=1e-9)


@settings(max_examples=25)
@given(reports(), st.data())
def test_what_is_told_again_under_its_source_changes_nothing(
    items: list[Evidence], data: st.DataObject
) -> None:
    told = data.draw(st.lists(st.sampled_from(items), min_size=1, max_size=4))
    named = [replace(e, source=e.source or e.origin or f"the {e.id}") for e in items]
    sources = {e.id: e for e in named}
    copies = [again(sources[e.id], f"z{k}") for k, e in enumerate(told)]
    once, more = case_of(*named), case_of(*named, *copies)
    shuffled = case_of(*data.draw(st.permutations([*named, *copies])))
    close(bayes(once), bayes(more))
    close(bayes(once), bayes(shuffled))
    for rule in RULES:
        alone = ach(once, scoring=rule)
        for case in (more, shuffled):
            found = ach(case, scoring=rule)
            assert found.ranking == alone.ranking
            for h, score in alone.scores.items():
                assert found.scores[h].weighted == pytest.approx(score.weighted, abs=1e-12)
    views = [concordance(c, ach(c), bayes(c), dict.fromkeys(SIDES, 0.25)) for c in (once, more)]
    assert views[0].orders == views[1].orders
    assert views[0].pairings == views[1].pairings
    assert len(set(origins_in(more).values())) == len(set(origins_in(once).values()))


def test_two_reports_of_one_source_are_one_in_the_posterior_as_in_the_audit() -> None:
    """Four to one by one report: 0.8 and not 0.94, however often its paper prints it."""
    chances = {"a": (0.8, 0.8, 0.8), "other": (0.2, 0.2, 0.2)}
    one = report("one", {"a": "C"}, chances, source="Valley Herald")
    for other in (
        again(one, "two"),
        again(one, "two", source="VALLEY  Herald "),
        again(one, "two", source="Gazette", origin="valley herald"),
    ):
        found = bayes(case_of(one, other, hypotheses="a"))
        assert found.posterior["a"].p == pytest.approx(0.8)
        assert list(found.weights) == ["Valley Herald"]
        (remark, _) = audit(case_of(one, other, hypotheses="a")).by_kind("one-origin")
        assert remark.items == ("one", "two")
        assert "Valley Herald" in remark.message


def test_a_case_may_say_that_one_source_tells_of_two_things() -> None:
    chances = {"a": (0.8, 0.8, 0.8), "other": (0.2, 0.2, 0.2)}
    one = report("one", {"a": "I"}, chances, source="Yearbook", origin="Yearbook, table 2")
    two = again(one, "two", origin="Yearbook, table 9")
    case = case_of(one, two, hypotheses="a")
    assert bayes(case).posterior["a"].p == pytest.approx(16 / 17)
    assert ach(case).scores["a"].weighted == 2
    assert not audit(case).by_kind("one-origin")


def test_different_sayings_of_one_origin_are_averaged_and_a_copy_of_one_adds_nothing() -> None:
    """0.9 and 0.4 against 0.1: their geometric mean is 0.6, not 0.9^(2/3) 0.4^(1/3)."""
    high = report("high", {}, {"a": (0.9, 0.9, 0.9), "other": (0.1, 0.1, 0.1)}, source="S")
    low = report("low", {}, {"a": (0.4, 0.4, 0.4), "other": (0.1, 0.1, 0.1)}, source="S")
    case = case_of(high, low, again(high, "again"), hypotheses="a")
    assert bayes(case).posterior["a"].p == pytest.approx(6 / 7)


def test_what_names_neither_is_its_own_and_told_apart_from_a_text_like_its_id() -> None:
    letter, other = Evidence("letter", "fact", "c"), Evidence("other", "fact", "c", source=" ")
    quote = Evidence("quote", "fact", "c", origin="letter")
    names = origin_names([quote, letter, other])
    assert names == {"quote": "origin letter", "letter": "letter", "other": "other"}


def test_polls_have_origins_too() -> None:
    poll = Poll("p", "choice", {}, source="Valley survey")
    item = Evidence("e", "report", "c", source="Herald", origin="Valley Survey")
    case = replace(case_of(item), polls={"p": poll})
    assert items_by_origin(case) == {"Valley Survey": ("e", "p")}
    assert by_origin(["p", "e"], origins_in(case)) == {"Valley Survey": ("p", "e")}


def test_a_text_is_read_as_people_see_it() -> None:
    written = ("Le Monde\u00a0Zürich\n", "le monde  Zu\u0308rich", "Le Monde Zurich")
    items = [Evidence(f"e{k}", "fact", "c", source=text) for k, text in enumerate(written)]
    first, second, third = origin_names(items).values()
    assert first == second == "Le Monde\u00a0Zürich" != third == "e2"


def test_a_lone_item_goes_by_its_id_unless_it_states_an_origin() -> None:
    lone = Evidence("lone", "fact", "c", source="A long title; another, of 2019")
    stated = Evidence("stated", "fact", "c", source="Gazette", origin="ministry")
    assert origin_names([lone, stated]) == {"lone": "lone", "stated": "ministry"}
    again_ = Evidence("again", "fact", "c", source="a long title; another, of 2019")
    assert set(origin_names([lone, again_]).values()) == {"A long title; another, of 2019"}


def test_the_share_of_origins_and_not_of_items_parts_what_is_level() -> None:
    """Two of three origins are marked for a, one for b: the copies of b's are no more coverage."""
    items = [
        report("one", {"a": "N", "c": "I"}, {}, source="S"),
        report("two", {"a": "N", "c": "I"}, {}, source="T"),
        report("three", {"b": "N", "c": "I"}, {}, source="U"),
    ]
    copies = [again(items[2], f"three-{k}") for k in range(3)]
    for case in (case_of(*items), case_of(*items, *copies)):
        assert ach(case, scoring="open-synthesis").ranking == (("a",), ("b",), ("c",))
    each = ach(case_of(*items, *copies), scoring="open-synthesis", origins="each")
    assert each.ranking == (("b",), ("a",), ("c",))


def test_an_empty_case_has_no_origins() -> None:
    assert origins_in(Case("t", {}, {}, {})) == {}
