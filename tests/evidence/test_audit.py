"""The audit of sourcing: each criterion where it fires, and beside it a twin where it does not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from marked import item, likely

from foedus.case.judgement import Judgement, Role
from foedus.case.links import reasons_of
from foedus.case.model import (
    Actor,
    Case,
    Evidence,
    Named,
    Place,
    Poll,
    Priorities,
    Priority,
    Record,
    ReferenceClass,
    Rule,
    Statement,
    Worth,
    WorthItem,
)
from foedus.case.reading import parse_case
from foedus.document import plain_lines
from foedus.evidence.audit import FAIL_ON, Audit, audit
from foedus.evidence.audit_criteria import CRITERIA
from foedus.evidence.audit_findings import FINDING_KINDS, MEANINGS, links_of
from foedus.reporting.audit import MOST_SHOWN

CASES = Path(__file__).parents[2] / "cases"
FLAGSHIP = CASES / "belarus-2024.yaml"
AS_OF = date(2020, 1, 14)
LATELY = date(2019, 6, 1)
WHEN = Statement("x", Named("x"))


def whole(name: str, marks: str = "", **more: Any) -> Evidence:
    """A fact against which nothing can be said; ``more`` spoils it."""
    given: dict[str, Any] = {
        "source": f"source of {name}", "locator": "page 1", "date": LATELY,
        "reliability": "B", "credibility": 2,
    }  # fmt: skip
    return item(name, marks, **{**given, **more})


def inferred(name: str, *rests_on: str, **more: Any) -> Evidence:
    return item(name, kind="inference", rests_on=rests_on, **more)


def assumed(name: str, **more: Any) -> Evidence:
    return item(name, kind="assumption", **more)


def poll(name: str, **more: Any) -> Poll:
    given: dict[str, Any] = {"source": "Pollsters", "locator": "question 1", "date": LATELY}
    return Poll(name, "choice", {"yes": 60.0}, **{**given, **more})


def judged(*because: str, note: str | None = None, name: str = "v") -> WorthItem:
    path = ("preferences", "north", "worth", name, "value")
    value = Judgement(
        1, 2, 3, path=path, because=because, note=note, role=Role.WORTH, owner="north"
    )
    return WorthItem(name, WHEN, value)


def case_of(*evidence: Evidence, wants: Iterable[WorthItem] = (), **more: Any) -> Case:
    """A case of one actor with these wants; polls, records and classes may be given as lists."""
    for section in ("polls", "records", "reference_classes", "actors"):
        if section in more:
            more[section] = {each.id: each for each in more[section]}
    given: dict[str, Any] = {
        "actors": {"north": Actor("north", "North")}, "as_of": AS_OF,
        "preferences": {"north": Worth(tuple(wants))}, "hypotheses": ("a", "b", "c"),
    }  # fmt: skip
    case = Case("t", issues={}, **{**given, **more})
    return replace(case, evidence={e.id: e for e in evidence})


def kinds(case: Case, **options: Any) -> set[str]:
    return {each.kind for each in audit(case, **options).findings}


def text_of(found: Audit) -> str:
    return "\n".join(line for block in found.blocks() for line in plain_lines(block))


GOOD = case_of(whole("a"), wants=[judged("a")])


def test_a_case_with_nothing_wrong_has_no_finding() -> None:
    found = audit(GOOD)
    assert found.findings == ()
    assert found.clean
    assert "Nothing was found." in text_of(found)


def test_an_empty_case_has_nothing_to_look_at() -> None:
    found = audit(Case("t", {}, {}, {}))
    assert found.clean
    assert all(row.looked_at == row.found == 0 for row in found.card)
    assert "no `as_of`" in text_of(found)


WANTS = [judged("a")]
CLASS = ReferenceClass("often", 10, 3, "a", because=("survey",))
RULE = Rule(WHEN, "It cannot be", path=("rules", 0))
WISH = Priority("w", WHEN)

# kind, the case in which it is found, and the twin in which it is not
TWINS: list[tuple[str, Case, Case]] = [
    ("no-reason", case_of(whole("a", "+"), wants=[judged()]), GOOD),
    (
        "no-reason",
        case_of(whole("a", "+"), rules=(RULE,)),
        case_of(whole("a"), rules=(replace(RULE, because=("a",)),)),
    ),
    (
        "no-reason",
        case_of(whole("a", "+"), preferences={"north": Priorities((WISH,))}),
        case_of(whole("a"), preferences={"north": Priorities((replace(WISH, because=("a",)),))}),
    ),
    (
        "no-reason",
        case_of(records=[Record("r", date(2000, 1, 1), AS_OF, 3, 1)]),
        case_of(whole("a"), records=[Record("r", date(2000, 1, 1), AS_OF, 3, 1, because=("a",))]),
    ),
    (
        "no-reason",
        case_of(whole("survey", "+"), reference_classes=[replace(CLASS, because=())]),
        case_of(whole("survey"), reference_classes=[CLASS]),
    ),
    (
        "rests-on-nothing",
        case_of(whole("a"), inferred("i"), wants=[judged("a", "i")]),
        case_of(whole("a"), inferred("i", "a"), wants=[judged("i")]),
    ),
    (
        "rests-on-nothing",
        case_of(assumed("s"), inferred("i", "s"), inferred("j", "i"), wants=[judged("j")]),
        case_of(assumed("s"), inferred("i", "s", "a"), inferred("j", "i"), whole("a"),
                wants=[judged("j")]),
    ),
    (
        "only-assumptions",
        case_of(assumed("s"), wants=[judged("s")]),
        case_of(assumed("s"), polls=[poll("p")], wants=[judged("s", "p")]),
    ),
    ("unused", case_of(whole("a")), case_of(whole("a", "+ 0 -"))),
    ("unused", case_of(whole("a")), case_of(replace(likely("a", "ab", 0.2, 0.4)))),
    ("unused", case_of(polls=[poll("p")]), case_of(polls=[poll("p")], wants=[judged("p")])),
    ("no-source", case_of(whole("a", source=None), wants=WANTS), GOOD),
    (
        "no-source",
        case_of(polls=[poll("p", source=None)], wants=[judged("p")]),
        case_of(polls=[poll("p")], wants=[judged("p")]),
    ),
    ("no-source", case_of(whole("a", source="")), case_of(assumed("a"))),
    ("no-locator", case_of(whole("a", locator=None), wants=WANTS), GOOD),
    (
        "no-locator",
        case_of(whole("a", locator=None), wants=WANTS),
        case_of(whole("a", locator=None, source=None), wants=WANTS),
    ),
    ("no-grade", case_of(whole("a", reliability=None, credibility=None), wants=WANTS), GOOD),
    ("no-grade", case_of(whole("a", credibility=None), wants=WANTS), case_of(assumed("a"))),
    (
        "one-origin",
        case_of(whole("a", origin="o"), whole("b", origin="o"), wants=[judged("a", "b")]),
        case_of(whole("a", origin="o"), whole("b", origin="p"), wants=[judged("a", "b")]),
    ),
    (
        "one-origin",
        case_of(whole("a", source="Herald"), polls=[poll("p", source="Herald")],
                wants=[judged("a", "p")]),
        case_of(whole("a", origin="o"), inferred("i", "a", origin="o"), wants=[judged("a", "i")]),
    ),
    (
        "one-origin",
        case_of(whole("a", origin="o"), whole("b", origin="o"), inferred("i", "a", "b")),
        case_of(whole("a", origin="o"), whole("b", origin="p"), inferred("i", "a", "b")),
    ),
    (
        "one-origin",
        case_of(whole("a", "+ 0 -", origin="o"), whole("b", "+ 0 -", origin="o")),
        case_of(whole("a", "+ 0 -", origin="o"), whole("b", origin="o"), wants=[judged("b")]),
    ),
    (
        "one-origin",
        case_of(likely("a", "ab", 0.2, 0.4, origin="o"), likely("b", "ab", 0.2, 0.4, origin="o")),
        case_of(likely("a", "ab", 0.2, 0.4, origin="o"), likely("b", "ab", 0.2, 0.4, origin="p")),
    ),
    (
        "stale",
        case_of(whole("a", kind="report", date=date(2015, 1, 13)), wants=WANTS),
        case_of(whole("a", kind="report", date=date(2015, 1, 14)), wants=WANTS),
    ),
    (
        "stale",
        case_of(whole("a", kind="report", date=date(1999, 1, 1)), wants=WANTS),
        case_of(whole("a", kind="fact", date=date(1999, 1, 1)), wants=WANTS),
    ),
    (
        "stale",
        case_of(polls=[poll("p", date=date(2012, 1, 1))], wants=[judged("p")]),
        case_of(polls=[poll("p", date=date(2012, 1, 1))], wants=[judged("p")], as_of=None),
    ),
    ("undated", case_of(whole("a", date=None), wants=WANTS), GOOD),
    ("undated", case_of(polls=[poll("p", date=None)]), case_of(assumed("s"))),
    (
        "after-as-of",
        case_of(whole("a", date=date(2020, 1, 15)), wants=WANTS),
        case_of(whole("a", date=AS_OF), wants=WANTS),
    ),
    (
        "after-as-of",
        case_of(assumed("a", date=date(2020, 1, 15)), wants=WANTS),
        case_of(assumed("a", date=date(2020, 1, 15)), wants=WANTS, as_of=None),
    ),
    (
        "after-as-of",
        case_of(polls=[poll("p", date=date(2020, 2, 1))]),
        case_of(polls=[poll("p")]),
    ),
    (
        "after-as-of",
        case_of(records=[Record("r", date(2000, 1, 1), date(2021, 1, 1), 3, 1)]),
        case_of(records=[Record("r", date(2000, 1, 1), AS_OF, 3, 1)]),
    ),
    (
        "both-views",
        case_of(likely("a", "ab", 0.2, 0.4), wants=WANTS),
        case_of(likely("a", "ab", 0.2, 0.4)),
    ),
    (
        "both-views",
        case_of(whole("a", "+ 0 -"), inferred("i", "a"), wants=[judged("i")]),
        case_of(whole("a", "+ 0 -"), inferred("i", "a")),
    ),
    (
        "both-views",
        case_of(whole("survey"), reference_classes=[CLASS], wants=[judged("survey")]),
        case_of(whole("survey"), whole("a"), reference_classes=[CLASS], wants=WANTS),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "guilty", "twin"), TWINS)
def test_each_criterion_fires_and_its_twin_does_not(kind: str, guilty: Case, twin: Case) -> None:
    assert kind in kinds(guilty)
    assert kind not in kinds(twin)


def test_every_criterion_has_a_twin_a_meaning_and_a_function() -> None:
    assert {kind for kind, _, _ in TWINS} == set(FINDING_KINDS) == set(MEANINGS)
    assert len(CRITERIA) == len(FINDING_KINDS)
    assert tuple(row.kind for row in audit(GOOD).card) == FINDING_KINDS


def test_the_two_ways_of_resting_on_nothing_are_told_apart() -> None:
    bare = audit(case_of(inferred("i"))).by_kind("rests-on-nothing")
    chain = audit(case_of(assumed("s"), inferred("i", "s"))).by_kind("rests-on-nothing")
    assert "does not say" in bare[0].message
    assert "the assumption s" in chain[0].message
    assert chain[0].items == ("s",)


def test_a_note_explains_a_warning_and_no_error() -> None:
    late = date(2020, 2, 1)
    explained = audit(case_of(whole("a", "+", locator=None, note="Found on the card.")))
    assert explained.by_kind("no-locator")[0].explained == "Found on the card."
    assert explained.clean
    assert "Found on the card." in text_of(explained)
    later = audit(case_of(whole("a", "+", date=late, note="We know better.")))
    assert later.errors == later.open
    assert later.errors[0].explained is None
    assert not later.clean


@pytest.mark.parametrize(
    ("case", "note"),
    [
        (case_of(wants=[judged(note="mine")]), "mine"),
        (case_of(preferences={"north": Priorities((replace(WISH, note="mine"),))}), "mine"),
        (case_of(records=[Record("r", date(2000, 1, 1), AS_OF, 3, 1, note="mine")]), "mine"),
        (case_of(reference_classes=[replace(CLASS, because=(), note="mine")]), "mine"),
        (case_of(rules=(RULE,)), "It cannot be"),
        (
            case_of(
                actors=[
                    Actor(
                        "v", "V", "electorate", note="mine",
                        threshold=Judgement(
                            50, 50, 50, ("actors", "v", "threshold"), role=Role.THRESHOLD, owner="v"
                        ),
                    )
                ]
            ),
            "mine",
        ),
    ],
)  # fmt: skip
def test_whatever_can_carry_a_note_is_explained_by_it(case: Case, note: str) -> None:
    (found,) = audit(case).by_kind("no-reason")
    assert found.explained == note
    assert not found.open


def test_a_poll_is_explained_by_its_note() -> None:
    found = audit(case_of(polls=[poll("p", source=None, note="mine")], wants=[judged("p")]))
    assert found.by_kind("no-source")[0].explained == "mine"


@pytest.mark.parametrize(
    ("case", "severity"),
    [
        (case_of(whole("a", "+", locator=None)), "warning"),
        (case_of(whole("a", "+", kind="report", locator=None)), "note"),
        (case_of(whole("a", "+", kind="report", locator=None, date=None)), "warning"),
        (case_of(polls=[poll("p", locator=None)]), "note"),
    ],
)
def test_source_and_date_find_a_report_but_not_a_fact(case: Case, severity: str) -> None:
    assert audit(case).by_kind("no-locator")[0].severity == severity


def test_one_origin_weighs_more_when_nothing_else_is_named() -> None:
    same = [whole("a", origin="o"), whole("b", origin="o")]
    alone = audit(case_of(*same, wants=[judged("a", "b")])).by_kind("one-origin")
    beside = audit(case_of(*same, whole("c"), wants=[judged("a", "b", "c")])).by_kind("one-origin")
    assert [f.severity for f in alone] == ["warning"]
    assert [f.severity for f in beside] == ["note"]
    assert beside[0].items == ("a", "b")


def test_likelihoods_weigh_more_than_marks_where_both_views_share_an_item() -> None:
    marked = audit(case_of(whole("a", "+ 0 -"), wants=WANTS)).by_kind("both-views")
    chances = audit(case_of(likely("a", "ab", 0.2, 0.4), wants=WANTS)).by_kind("both-views")
    assert (marked[0].severity, chances[0].severity) == ("note", "warning")


def test_the_age_is_counted_in_calendar_years() -> None:
    leap = case_of(polls=[poll("p", date=date(2019, 2, 27))], as_of=date(2020, 2, 29))
    assert "stale" in kinds(leap, stale_after=1)
    there = case_of(polls=[poll("p", date=date(2019, 2, 28))], as_of=date(2020, 2, 29))
    assert "stale" not in kinds(there, stale_after=1)
    assert "stale" not in kinds(leap, stale_after=9999)
    with pytest.raises(ValueError, match="at least 1"):
        audit(leap, stale_after=0)


def test_what_a_check_fails_on() -> None:
    case = case_of(
        whole("a", date=None),
        whole("b", date=date(2020, 2, 1), note="late"),
        whole("c", "+", locator=None, note="why"),
        whole("d", "+"),
        wants=[judged("b")],
    )
    found = audit(case)

    def failed(*names: str) -> list[tuple[str, str]]:
        return [(f.kind, f.name) for f in found.failing(names)]

    error = ("after-as-of", "evidence.b")
    assert failed("error") == [error]
    assert failed("warning") == [("unused", "evidence.a"), error]
    assert failed("any") == [("unused", "evidence.a"), ("undated", "evidence.a"), error]
    assert failed("undated", "error") == [("undated", "evidence.a"), error]
    assert failed("no-locator") == []
    assert failed() == []
    with pytest.raises(ValueError, match=r"'stael'.*no-reason"):
        found.failing(["stael"])


def test_asking_by_an_unknown_name_is_an_error() -> None:
    found = audit(GOOD)
    for ask in (found.by_kind, found.explain):
        ask: Callable[[str], object]
        with pytest.raises(KeyError):
            ask("nonsense")


def test_an_item_a_judgement_and_a_criterion_are_explained() -> None:
    found = audit(
        case_of(whole("a", locator=None), whole("b"), wants=[judged("b"), judged(name="w")])
    )
    assert "does not say where" in str(found.explain("a"))
    assert str(found.explain("evidence.a")).count("does not say where") == 1
    assert "nothing" in str(found.explain("b"))
    assert "names no evidence" in str(found.explain("preferences.north.worth.w.value"))
    assert "Looked at 2, found 1" in str(found.explain("no-reason"))
    hollow = audit(case_of(inferred("i", "s"), assumed("s"), wants=[judged("i")]))
    assert "This inference rests on" in str(hollow.explain("i"))
    assert "This judgement rests on" in str(hollow.explain("i"))


def test_long_lists_are_cut_for_readers_and_whole_in_the_data() -> None:
    case = case_of(*(whole(f"i{k}") for k in range(MOST_SHOWN + 3)))
    found = audit(case)
    assert "and 3 more (all of them: --json)" in text_of(found)
    assert len(found.to_dict()["findings"]) == MOST_SHOWN + 3
    assert str(found.explain("unused")).count("Nothing names") == MOST_SHOWN + 3


def test_remarks_that_say_the_same_are_told_together() -> None:
    case = case_of(*(whole(f"i{k}", "+ 0 -", date=None) for k in range(MOST_SHOWN + 2)))
    text = text_of(audit(case))
    assert text.count("This fact has no date.") == 1
    assert "i10, i11 and 2 more (all of them: --json)" in text
    assert text_of(audit(case_of(whole("a", "+", date=None)))).count("evidence.a: This fact") == 1


def test_entries_of_a_list_are_named_by_their_ids() -> None:
    found = audit(parse_case((CASES / "two-towns.yaml").read_text(encoding="utf-8")))
    about = {each.path: each.name for each in found.findings}
    assert about["preferences", "south", "priorities", 0] == "preferences.south.priorities.no-toll"
    assert about["preferences", "voters", "support", 1] == "preferences.voters.support.s2"
    by_number = str(found.explain("preferences.south.priorities.0"))
    assert by_number == str(found.explain("preferences.south.priorities.no-toll"))
    assert "priorities.no-toll: This" in by_number


def test_findings_of_a_criterion_are_in_the_order_of_lines() -> None:
    case = case_of(*(whole(f"i{k}") for k in range(3)))
    places = {("evidence", f"i{k}"): Place(9 - k, 1) for k in range(3)}
    found = audit(replace(case, places=places))
    lines = [each["line"] for each in found.to_dict()["findings"] if each["kind"] == "unused"]
    assert lines == [7, 8, 9]
    text = text_of(found)
    assert text.index("evidence.i2:") < text.index("evidence.i1:") < text.index("evidence.i0:")


def test_a_finding_names_its_line() -> None:
    case = replace(case_of(whole("a")), places={("evidence", "a"): Place(7, 3)})
    found = audit(case)
    assert found.findings[0].place == Place(7, 3)
    assert "line 7" in text_of(found)
    assert found.to_dict()["findings"][0]["line"] == 7


@pytest.mark.parametrize("path", sorted(CASES.rglob("*.yaml")), ids=lambda path: path.stem)
def test_the_score_card_adds_up_in_every_case(path: Path) -> None:
    found = audit(parse_case(path.read_text(encoding="utf-8")))
    for row in found.card:
        mine = found.by_kind(row.kind)
        assert row.found == len(mine)
        assert row.open == sum(each.open for each in mine)
        assert {each.severity for each in mine} <= {"error", "warning", "note"}
    assert json.loads(json.dumps(found.to_dict()))["clean"] is found.clean
    assert [f for f in found.failing(["any"]) if f.severity != "note"] == list(found.open)
    assert all(each.place is not None for each in found.findings if each.path)
    for name in FAIL_ON:
        found.failing([name])


def test_what_is_behind_the_inside_view_is_what_the_forecast_takes_it_to_be() -> None:
    case = parse_case(FLAGSHIP.read_text(encoding="utf-8"))
    assert links_of(case, 5).behind_inside & case.evidence.keys() == reasons_of(case)


def test_a_long_chain_of_inferences_is_followed_to_its_end() -> None:
    chain = [inferred(f"i{k}", f"i{k + 1}") for k in range(3000)]
    hollow = audit(case_of(*chain, assumed("i3000"), wants=[judged("i0")]))
    assert len(hollow.by_kind("rests-on-nothing")) == 3000
    assert len(hollow.by_kind("only-assumptions")) == 1
    founded = audit(case_of(*chain, whole("i3000"), wants=[judged("i0")]))
    assert founded.findings == ()


def test_the_flagship_is_clean_and_its_notes_make_it_so() -> None:
    case = parse_case(FLAGSHIP.read_text(encoding="utf-8"))
    found = audit(case)
    assert found.clean
    assert all(each.explained for each in found.findings if each.severity == "warning")
    assert "Nothing stands open" in text_of(found)
    bare = {name: replace(each, note=None) for name, each in case.evidence.items()}
    stripped = audit(replace(case, evidence=bare))
    assert {each.kind for each in stripped.open} == {
        "rests-on-nothing", "unused", "no-locator", "one-origin", "stale",
    }  # fmt: skip


def test_the_page_on_the_audit_tells_of_the_flagship_what_is_found_there() -> None:
    found = audit(parse_case(FLAGSHIP.read_text(encoding="utf-8")))
    page = (CASES.parent / "docs" / "evidence-audit.md").read_text(encoding="utf-8")
    told = " ".join(page[page.index("## What the audit finds") :].split())
    severities = [each.severity for each in found.findings]
    assert "error" not in severities
    assert f"{severities.count('warning')} warnings" in told
    assert f"{severities.count('note')} remarks" in told
    assert f"{len(found.by_kind('both-views'))} items with marks" in told
    hahn = [f for f in found.by_kind("one-origin") if not f.path and "hahn" in f.message]
    assert len(hahn[0].items) == 10
    assert "ten of the marked items" in told
    unasked = {"nomenklatura", "russians", "nato-eu"}
    alone = found.by_kind("only-assumptions")
    assert (len(alone), sum(each.path[1] in unasked for each in alone)) == (13, 5)
    assert "13 judgements rest on assumptions alone, five of them" in told


def test_the_small_case_says_what_it_lacks() -> None:
    case = parse_case((CASES / "two-towns.yaml").read_text(encoding="utf-8"))
    found = audit(case)
    assert {each.kind for each in found.open} == {"no-reason", "no-locator"}
    assert not found.errors
