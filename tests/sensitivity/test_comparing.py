"""Comparing two cases: the edits, the hybrids, effects that add up, and the smallest set."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from itertools import chain, combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.case.fingerprint import case_hash
from foedus.case.problems import CaseError
from foedus.case.reading import case_from_data, parse_case
from foedus.case.source import read_source
from foedus.document import Explanation
from foedus.forecasting.solve import forecast
from foedus.forecasting.streams import BLOCK
from foedus.sensitivity.comparing.edits import Edits, edits
from foedus.sensitivity.comparing.hybrids import Hybrids, answer_key, bundled
from foedus.sensitivity.comparing.results import Comparison, smallest_set
from foedus.sensitivity.comparing.solve import compare

TOWNS = Path("cases/two-towns.yaml").read_text(encoding="utf-8")
FLAGSHIP = Path("cases/belarus-2024.yaml").read_text(encoding="utf-8")

# North alone may act, and acts when its worth of acting is above 0; five values add up to it.
ACTING = """
foedus: 1
title: To act or not
as_of: 2020-01-01
deadline: 2021-01-01
today: {deed: undone}
actors: {north: {name: North}}
issues:
  deed: {positions: {undone: Undone, done: Done}, decided_by: north, takes: {days: 10}}
arrangements:
  acted: {name: It is done, when: deed = done}
hypotheses: [acted]
preferences:
  north:
    worth:
      a: {when: deed = done, value: A}
      b: {when: deed = done, value: B}
      c: {when: deed = done, value: C}
      d: {when: deed = done, value: D}
      e: {when: deed = done, value: E}
"""


def acting(*values: float | str) -> str:
    """The case of one deed with these five values."""
    text = ACTING
    for name, value in zip("ABCDE", values, strict=True):
        text = text.replace(f"value: {name}", f"value: {value}")
    return text


def towns(*changes: tuple[str, str]) -> str:
    text = TOWNS
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def found(old: str, new: str) -> Edits:
    a, b = read_source(old, "old"), read_source(new, "new")
    return edits(a.data, b.data, (a.place, b.place))


def names(old: str, new: str) -> dict[str, str]:
    return {edit.name: edit.kind for edit in found(old, new).edits}


THREE = (
    ("value: 10", "value: -5"),
    ("probability: likely", "probability: very likely"),
    ("agreed: 9, done: 3", "agreed: 9, done: 7"),
)


# --- edits ------------------------------------------------------------------------------------


def test_each_entry_that_differs_is_one_edit_of_its_kind() -> None:
    new = towns(
        *THREE,
        ("name: North Town", "name: Northtown"),
        ("capability: 60", "capability: [50, 55, 60]"),
        ("when: bridge != none", "when: bridge = wide"),
        ("merged: north and south and voters", "merged: north and voters"),
        ("why: A toll needs a bridge", "why: No bridge, no toll"),
        ("deadline: 2024-03-17", "deadline: 2025-03-17"),
        ("n: 800", "n: 900"),
        ("toll: free, mayor: in-office", "toll: free, mayor: extended"),
        ("occurred: 4", "occurred: 5"),
        ("credibility: 3", "credibility: 2"),
        ("4,000 cars a day", "5,000 cars a day"),
        ("because: [merger-survey]", "because: [merger-survey, traffic-count]"),
        ("when: bridge in narrow | wide and toll = free", "when: bridge != none and toll = free"),
    )
    assert names(TOWNS, new) == {
        "deadline": "date",
        "today.mayor": "today",
        "actors.north.name": "text only",
        "actors.north.capability": "judgement",
        "issues.status.decided_by.merged": "right",
        "rules.not (bridge = none and toll = charged)": "text only",
        "arrangements.free-bridge": "arrangement",
        "preferences.north.worth.toll-income": "judgement",
        "preferences.south.priorities.any-bridge": "preference statement",
        "polls.bridge-poll": "poll",
        "records.town-deals": "record",
        "reference_classes.town-mergers": "reference class",
        "evidence.traffic-count": "text only",
        "evidence.mayor-speech": "evidence",
    }
    (record,) = (e for e in found(TOWNS, new).edits if e.name == "records.town-deals")
    assert record.told == ("done: 3", "done: 7")
    line = 1 + TOWNS[: TOWNS.index("town-deals: {since")].count("\n")
    assert [place[0] for place in record.places if place] == [line, line]


def test_a_changed_order_of_wishes_is_one_edit() -> None:
    first = "      - {id: no-toll, when: toll = free}\n"
    second = "      - {id: any-bridge, when: bridge != none, probability: likely,"
    second += " because: [mayor-speech]}\n"
    assert first + second in TOWNS
    new = TOWNS.replace(first + second, second + first)
    assert names(TOWNS, new) == {"preferences.south.priorities.(order)": "order"}
    assert found(TOWNS, new).edits[0].told == ("no-toll, any-bridge", "any-bridge, no-toll")


def test_entries_without_an_id_are_matched_by_what_they_say() -> None:
    new = towns(
        (
            "      - {when: status = merged",
            "      - {when: status = league, share: 70}\n      - {when: status = merged",
        ),
        ("default: 55", "default: 50"),
        ("rules:\n", "rules:\n  - {rule: mayor = gone -> bridge = none | toll = free, why: So}\n"),
    )
    assert names(TOWNS, new) == {
        "rules.mayor = gone -> bridge = none | toll = free": "rule",
        "preferences.voters.support.status = league": "preference statement",
        "preferences.voters.support.default": "judgement",
    }


@pytest.mark.parametrize("text", [TOWNS, FLAGSHIP, acting(1, 1, 1, 1, 1)])
def test_a_case_differs_from_itself_in_nothing(text: str) -> None:
    assert found(text, text).edits == ()


@pytest.mark.parametrize(("old", "new"), [(TOWNS, FLAGSHIP), (FLAGSHIP, TOWNS)])
def test_all_edits_between_two_quite_different_cases_give_the_new_one(old: str, new: str) -> None:
    between = found(old, new)
    made = between.applied(range(len(between.edits)))
    assert case_hash(case_from_data(made)) == case_hash(parse_case(new))
    assert case_hash(case_from_data(between.applied(()))) == case_hash(parse_case(old))


LINES = (
    ("value: 10", "value: 30"),
    ("value: [20, 35, 50]", "value: 12"),
    ("probability: likely", "probability: unlikely"),
    ("- {default: 55}", "- {when: status = league, share: 70}\n      - {default: 45}"),
    ("      - {id: no-toll, when: toll = free}\n", ""),
    ("toll-income: {when: toll = charged, value: 10}", "tolls: {when: toll = charged, value: 9}"),
    ("rules:\n", "rules:\n  - {rule: not (mayor = gone and toll = charged), why: So}\n"),
    ("  one-town: {", "  league: {name: A league, when: status = league}\n  one-town: {"),
    ("deadline: 2024-03-17", "deadline: 2023-03-17"),
    ("north: {name: North Town, capability: 60}\n  south: {name: South Town, capability: 40}",
     "south: {name: South Town, capability: 40}\n  north: {name: North Town, capability: 60}"),
    ("decided_by: north or (south and voters)", "decided_by: {free: north, default: south}"),
    ("because: [traffic-count]", "because: [mayor-speech, traffic-count]"),
    ("shares: {merge: 24,", "shares: {merge: 22.5,"),
)  # fmt: skip


@given(st.sets(st.integers(0, len(LINES) - 1)), st.sets(st.integers(0, len(LINES) - 1)))
@settings(max_examples=60)
def test_all_edits_applied_to_the_old_give_the_new(one: set[int], other: set[int]) -> None:
    old, new = TOWNS, TOWNS
    for k, (before, after) in enumerate(LINES):
        old = old.replace(before, after, 1) if k in one else old
        new = new.replace(before, after, 1) if k in other else new
    between = found(old, new)
    whole = between.applied(range(len(between.edits)))
    assert case_hash(case_from_data(whole)) == case_hash(parse_case(new))
    assert case_hash(case_from_data(between.applied(()))) == case_hash(parse_case(old))
    bundles = bundled(Hybrids(between))
    assert sorted(k for b in bundles for k in b.numbers) == list(range(len(between.edits)))


# --- bundles ----------------------------------------------------------------------------------


def test_what_makes_no_valid_case_alone_is_bundled_with_what_it_needs() -> None:
    new = towns(
        ("wide: Wide bridge}", "wide: Wide bridge, double: Two bridges}"),
        ("wide: 100}", "wide: 100, double: 150}"),
        ("value: 10", "value: 20"),
        ("wide-bridge: {when: bridge = wide,", "wide-bridge: {when: bridge in wide | double,"),
        ("done: 3", "done: 4"),
    )
    hybrids = Hybrids(found(TOWNS, new))
    told = [bundle.name for bundle in bundled(hybrids)]
    assert told == [
        "issues.bridge.positions + issues.bridge.scale + preferences.north.worth.wide-bridge",
        "preferences.north.worth.toll-income",
        "records.town-deals",
    ]
    for bundle in bundled(hybrids):
        assert hybrids.fits(bundle.numbers)
    assert hybrids.case([0]) is None


def test_a_judgement_goes_with_the_item_that_it_rests_on() -> None:
    new = towns(
        ("value: 10}", "value: 20, because: [letter]}"),
        ("  merger-survey:", "  letter: {kind: assumption, claim: So it is}\n  merger-survey:"),
    )
    (bundle,) = bundled(Hybrids(found(TOWNS, new)))
    assert bundle.name == "preferences.north.worth.toll-income + evidence.letter"


# --- effects ----------------------------------------------------------------------------------


DRAWS = 60
near = partial(pytest.approx, abs=1e-9)


def compared(old: str, new: str, **more: int) -> Comparison:
    return compare(old, new, draws=DRAWS, **more)


def test_parts_and_interaction_add_up_exactly_and_are_those_of_forecasts() -> None:
    new = towns(*THREE)
    result = compared(TOWNS, new, seed=3)
    for each in result.moved:
        assert sum(p.alone for p in each.parts) + each.interaction == pytest.approx(
            each.total, abs=1e-12
        )
        assert sum(p.extra for p in each.pairs) + each.rest == pytest.approx(
            each.interaction, abs=1e-12
        )

    def share(*changes: tuple[str, str]) -> float:
        case = parse_case(towns(*changes))
        told = forecast(case, draws=DRAWS, seed=3, stability_draws=0, varied=False)
        return told.probability("free-bridge").p

    moved = result.movement("free-bridge", "inside")
    assert (moved.before, moved.after) == near((share(), share(*THREE)))
    assert moved.total > 0.1
    assert moved.pairs
    assert result.smallest is not None  # the hypothesis does not move: it is the arrangement's
    assert result.smallest.closed >= 0.8
    assert result.smallest.whole == near(moved.total)
    for k, part in enumerate(moved.parts):
        rest = [change for j, change in enumerate(THREE) if j != k]
        assert part.alone == near(share(THREE[k]) - share())
        assert part.last == near(share(*THREE) - share(*rest))
    json.dumps(result.to_dict(), allow_nan=False)


def test_two_that_move_nothing_alone_and_all_together() -> None:
    result = compared(acting(-3, 0, 0, 0, 0), acting(-3, 2, 2, 0, 0))
    moved = result.movement("acted", "inside")
    assert [part.alone for part in moved.parts] == near([0, 0])
    assert [part.last for part in moved.parts] == near([moved.total] * 2)
    assert [moved.interaction, moved.pairs[0].extra] == near([moved.total] * 2)
    assert moved.total > 0.9
    assert moved.rest == near(0)
    assert result.smallest is not None
    assert result.smallest.members == (0, 1)
    told = str(Explanation(result.blocks()))
    assert "together, 1. preferences.north.worth.b and 2. preferences.north.worth.c do +" in told
    assert "No smaller set accounts for 80%" in told
    assert "100 alone" not in str(result.explain("acted"))


def test_one_of_five_edits_does_everything() -> None:
    result = compared(acting(-3, 0, 0, 0, 0), acting(-3.5, 0.5, 9, -0.5, 0.25))
    assert len(result.bundles) == 5
    assert result.smallest is not None
    assert result.smallest.members == (2,)
    assert result.smallest.proven
    (turned,) = result.turned
    assert (turned.before.status, turned.after.status) == ("opposed", "acceptable")
    assert (turned.before.refuse, turned.after.refuse) == (("north",), ())
    assert turned.by == (2,)


def test_who_refuses_is_told_with_what_alone_changes_it() -> None:
    result = compared(acting(-3, 0, 0, 0, 0), acting(-3, 4, 0.5, 0, 0))
    told = str(Explanation(result.blocks()))
    assert "refused by North" in told
    assert "all who are asked are better off" in told
    plain = result.to_dict()["consent"]["acted"]
    assert (plain["before"]["worse_off"], plain["by"]) == (["north"], [0])
    assert plain["before"]["gains"]["north"] == near(-3)


def test_text_only_is_not_solved() -> None:
    new = towns(
        ("name: North Town", "name: Northtown"),
        ("4,000 cars a day", "5,000 cars a day"),
        ("because: [traffic-count]", "because: [mayor-speech]"),
        ("not (bridge = none and toll = charged)", "not ((bridge = none) and toll = charged)"),
        ("value: 10", "value: [10, 10, 10]"),
    )
    result = compared(TOWNS, new)
    assert found(TOWNS, new).edits
    assert result.idle == tuple(range(len(result.bundles)))
    assert result.solved <= 2
    assert all(each.total == 0 for each in result.moved)
    assert result.smallest is None
    assert result.turned == ()
    case = parse_case(TOWNS)
    assert answer_key(case) == answer_key(parse_case(towns(("Wide bridge", "Wide one"))))
    assert answer_key(case) != answer_key(parse_case(towns(("value: 10", "value: 11"))))


def test_the_same_case_twice() -> None:
    result = compared(TOWNS, TOWNS + "# a remark\n")
    assert str(Explanation(result.blocks())) == "old and new say the same."
    assert all(each.total == 0 for each in result.moved)


def test_hypotheses_that_one_case_has_alone_are_named() -> None:
    new = towns(("hypotheses: [one-town]", "hypotheses: [one-town, free-bridge]"),
                ("status = merged}", "status = merged and toll = charged}"))  # fmt: skip
    result = compared(TOWNS, new)
    assert result.only_new == ("free-bridge",)
    assert result.main == ("one-town",)
    assert "cannot be compared" in str(Explanation(result.blocks()))


def test_cases_without_a_common_arrangement() -> None:
    new = acting(0, 0, 0, 0, 0).replace("acted", "deed-done")
    result = compare(acting(0, 0, 0, 0, 1), new, draws=20)
    assert (result.moved, result.smallest) == ((), None)
    assert "no arrangement in common" in str(Explanation(result.blocks()))


def test_the_same_seed_gives_the_same_answer_however_many_work() -> None:
    new = towns(THREE[0])
    draws = BLOCK + 50  # more than one block, or there is nothing to share out
    one, two = (compare(TOWNS, new, draws=draws, workers=workers) for workers in (1, 2))
    assert one.to_dict() == two.to_dict()
    assert one.movement("free-bridge").total > 0


def test_without_a_forecast_only_what_differs_is_said() -> None:
    short = TOWNS.replace("deadline: 2024-03-17\n", "")
    result = compare(short, short.replace("value: 10", "value: 11"), draws=0)
    assert (len(result.edits), result.moved, result.solved) == (1, (), 0)
    with pytest.raises(CaseError, match=r"new: there is no forecast to compare: .* deadline"):
        compare(TOWNS, short, draws=50)


def test_a_file_that_is_no_case_is_named() -> None:
    with pytest.raises(CaseError, match=r"new\.yaml:\d+:\d+: no position 'wyde'"):
        compare(TOWNS, towns(("bridge = wide", "bridge = wyde")), names=("old.yaml", "new.yaml"))


@pytest.mark.parametrize("more", [{"draws": -1}, {"share": 0}, {"share": 1.2}, {"budget": -1}])
def test_numbers_that_make_no_sense(more: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=next(iter(more))):
        compare(TOWNS, TOWNS, **more)


# --- the smallest set -------------------------------------------------------------------------


def slowest(count: int, left: Callable[[frozenset[int]], float | None], most: float) -> int | None:
    """The size of the smallest set that is enough, from all subsets."""
    every = chain.from_iterable(combinations(range(count), k) for k in range(count + 1))
    enough = [len(s) for s in every if (r := left(frozenset(s))) is not None and r <= most + 1e-12]
    return min(enough, default=None)


@given(st.integers(0, 2**32), st.integers(1, 6), st.integers(0, 70), st.floats(0.3, 1))
@settings(max_examples=150)
def test_the_smallest_set_is_that_of_all_subsets(
    seed: int, count: int, budget: int, share: float
) -> None:
    random = np.random.default_rng(seed)
    steps = random.normal(size=(count, 2)).round(1)
    joint = random.normal(size=(count, count)).round(1) * (random.random((count, count)) < 0.3)
    invalid = {frozenset([k]) for k in range(count) if count > 1 and random.random() < 0.2}

    def at(chosen: frozenset[int]) -> np.ndarray:
        picked = sorted(chosen)
        both = sum(joint[i, j] for i in picked for j in picked if i < j)
        return steps[picked].sum(axis=0) + np.array([both, 0.0])

    goal = at(frozenset(range(count)))
    whole = float(np.abs(goal).sum())

    def left(chosen: frozenset[int]) -> float | None:
        return None if chosen in invalid else float(np.abs(goal - at(chosen)).sum())

    result = smallest_set(range(count), left, whole, share, budget)
    size = slowest(count, left, (1 - share) * whole)
    assert size is not None
    if result.members is None:
        assert not result.proven
        return
    assert left(frozenset(result.members)) == pytest.approx(result.left)
    assert result.left <= (1 - share) * whole + 1e-9
    assert len(result.members) >= size
    if result.proven:
        assert len(result.members) == size
    if budget >= 2**count:
        assert result.proven


@pytest.mark.parametrize("held", ["0.5", "[0.4, 0.5, 0.6]"])
def test_a_group_is_a_difference_also_of_judgements_that_are_sure(held: str) -> None:
    """Two wishes held by a sure chance fall out alike only in one group."""
    text = """
foedus: 1
title: Two moods
actors: {ann: {name: Ann}, bob: {name: Bob}}
issues: {pact: {positions: {none: None, made: Made}, decided_by: ann and bob}}
arrangements: {pact: {when: pact = made}}
preferences:
  ann: {priorities: [{when: pact = made, probability: HELD, with: mood}]}
  bob: {priorities: [{when: pact = made, probability: HELD, with: mood}]}
""".replace("HELD", held)
    apart = text.replace("with: mood}]}\n  bob", "with: whim}]}\n  bob")
    assert apart != text
    assert answer_key(parse_case(apart)) != answer_key(parse_case(text))
