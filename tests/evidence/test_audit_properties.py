"""The audit over random evidence, against the definitions read literally."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from foedus.case.as_of import is_late
from foedus.case.judgement import Judgement, Role
from foedus.case.model import Actor, Case, Evidence, Named, Statement, Worth, WorthItem
from foedus.evidence.audit import audit

AS_OF = date(2020, 1, 14)
KINDS = ("fact", "report", "assumption", "inference")
WHEN = Statement("x", Named("x"))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Up to eight items, each inference resting on earlier ones, and up to five judgements."""
    names = [f"e{k}" for k in range(draw(st.integers(0, 8)))]
    some_text = st.sampled_from((None, "x", "y"))
    evidence = {}
    for k, name in enumerate(names):
        kind = draw(st.sampled_from(KINDS))
        rests = draw(st.lists(st.sampled_from(names[:k]), unique=True)) if k else []
        days = draw(st.none() | st.integers(-4000, 400))
        evidence[name] = Evidence(
            name,
            kind,  # type: ignore[arg-type]
            "claim",
            source=draw(some_text),
            locator=draw(some_text),
            origin=draw(some_text),
            date=None if days is None else AS_OF + timedelta(days=days),
            rests_on=tuple(rests) if kind == "inference" else (),
            marks=draw(st.sampled_from(({}, {"a": "C"}))),
            note=draw(st.sampled_from((None, "note"))),
        )
    reasons = st.lists(st.sampled_from(names), unique=True) if names else st.just([])
    wants = []
    for k in range(draw(st.integers(0, 5))):
        path = ("preferences", "north", "worth", f"w{k}")
        value = Judgement(
            1, 2, 3, path, because=tuple(draw(reasons)), role=Role.WORTH, owner="north"
        )
        wants.append(WorthItem(f"w{k}", WHEN, value))
    return Case(
        "t", {"north": Actor("north", "North")}, {}, {"north": Worth(tuple(wants))},
        as_of=draw(st.sampled_from((None, AS_OF))), hypotheses=("a",), evidence=evidence,
    )  # fmt: skip


def stands_on_evidence(case: Case, name: str) -> bool:
    """Whether an item is evidence or rests on some, read off the definition."""
    item = case.evidence[name]
    return item.kind in ("fact", "report") or any(
        stands_on_evidence(case, below) for below in item.rests_on
    )


@given(cases())
def test_what_rests_on_nothing_is_what_the_definition_says(case: Case) -> None:
    found = audit(case)
    hollow = {
        e.id for e in case.evidence.values()
        if e.kind == "inference" and not stands_on_evidence(case, e.id)
    }  # fmt: skip
    assert {f.path[1] for f in found.by_kind("rests-on-nothing")} == hollow
    wants = case.preferences["north"]
    assert isinstance(wants, Worth)
    by_name = {item.value.name: item.value.because for item in wants.items}
    bare = {name for name, because in by_name.items() if not because}
    alone = {
        name for name, because in by_name.items()
        if because and not any(stands_on_evidence(case, each) for each in because)
    }  # fmt: skip
    assert {f.name for f in found.by_kind("no-reason")} == bare
    assert {f.name for f in found.by_kind("only-assumptions")} == alone
    named = {n for because in by_name.values() for n in because}
    named |= {n for e in case.evidence.values() for n in e.rests_on}
    idle = {
        e.id for e in case.evidence.values()
        if e.id not in named and not e.marks and not is_late(case, e)
    }  # fmt: skip
    assert {f.path[1] for f in found.by_kind("unused")} == idle


@given(cases())
def test_dates_are_held_against_the_day_of_the_case(case: Case) -> None:
    found = audit(case, stale_after=5)
    dated = [e for e in case.evidence.values() if e.date is not None and case.as_of]
    late = {e.id for e in dated if e.date and e.date > AS_OF}
    old = {e.id for e in dated if e.date and e.date < date(2015, 1, 14) and e.kind == "report"}
    assert (
        {f.path[1] for f in found.by_kind("after-as-of")}
        == late
        == {f.path[1] for f in found.errors}
    )
    assert {f.path[1] for f in found.by_kind("stale")} == old


@given(cases())
def test_notes_everywhere_leave_errors_alone_open(case: Case) -> None:
    wants = case.preferences["north"]
    assert isinstance(wants, Worth)
    noted = tuple(replace(w, value=replace(w.value, note="n")) for w in wants.items)
    told = replace(
        case,
        evidence={name: replace(e, note="n") for name, e in case.evidence.items()},
        preferences={"north": Worth(noted)},
    )
    before, after = audit(case), audit(told)
    assert after.open == after.errors
    assert [replace(f, explained=None) for f in after.findings] == [
        replace(f, explained=None) for f in before.findings
    ]


@given(cases())
def test_an_origin_of_each_ones_own_leaves_no_finding_of_one_origin(case: Case) -> None:
    apart = {name: replace(e, origin=f"of {name}") for name, e in case.evidence.items()}
    assert not audit(replace(case, evidence=apart)).by_kind("one-origin")
    as_one = audit(
        replace(case, evidence={n: replace(e, origin="one") for n, e in case.evidence.items()})
    )
    for each in as_one.by_kind("one-origin"):
        assert len(each.items) > 1
        # with one origin for all, nothing of another stands beside, so none is a lesser matter
        assert each.severity == ("warning" if each.path else "note")
