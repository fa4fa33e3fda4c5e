"""The flagship case covers its source, keeps to its cut-off, and answers from its judgements."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from foedus import acceptance, forecast, paths
from foedus.case.edit import with_value
from foedus.case.model import Case, Evidence, Support, Worth
from foedus.case.reading import parse_case, read_case
from foedus.preferences.games import Game, game_of
from foedus.process.acceptance import Acceptance

FILE = Path(__file__).parent.parent / "cases" / "belarus-2024.yaml"

# The labels of the source's claims: the question, the arrangements it names, its reasons.
CLAIMS = (
    ["Q"]
    + [f"A{k}" for k in range(1, 12)]
    + ["A6b", "A8a", "A8b", "A8c", "A8d"]
    + [f"R{k}" for k in range(1, 16)]
)
UNION_LABELS = [f"A{k}" for k in range(1, 7)] + ["A6b", "A7", "A8a", "A8b", "A8c", "A8d"]
UNION_LABELS += ["A9", "A10", "A11"]
NO_LUKASHENKA = ("terms-amended", "powers-shifted")
DECIDING = ("putin", "elite", "lukashenka", "belarusians", "eeu-partners")


@pytest.fixture(scope="module")
def case() -> Case:
    return read_case(FILE)


@pytest.fixture(scope="module")
def game(case: Case) -> Game:
    return game_of(case)


def entries(case: Case) -> list[object]:
    """Every entry that may carry ``refs``."""
    listed: list[object] = [*case.rules]
    for part in (
        case.actors,
        case.issues,
        case.arrangements,
        case.evidence,
        case.polls,
        case.records,
        case.reference_classes,
        case.transfers,
    ):
        listed += part.values()
    for preference in case.preferences.values():
        listed += getattr(preference, "items", ())
    return listed


# --- the source is covered ----------------------------------------------------------------------


def test_every_claim_is_in_the_case_or_left_out_with_a_reason(case: Case) -> None:
    covered = {label for entry in entries(case) for label in entry.refs}  # type: ignore[attr-defined]
    missing = [label for label in CLAIMS if label not in covered | set(case.left_out)]
    assert not missing
    assert all(reason.strip() for reason in case.left_out.values())


def test_no_label_is_invented(case: Case) -> None:
    used = {label for entry in entries(case) for label in entry.refs}  # type: ignore[attr-defined]
    assert used <= set(CLAIMS)


def test_every_arrangement_of_the_source_is_named(case: Case) -> None:
    named = {label for arrangement in case.arrangements.values() for label in arrangement.refs}
    assert set(UNION_LABELS) <= named


@pytest.mark.parametrize("label", [f"R{k}" for k in range(1, 16)] + ["Q"])
def test_every_reason_is_an_item_of_evidence_with_its_paragraph(case: Case, label: str) -> None:
    items = [item for item in case.evidence.values() if label in item.refs]
    assert items
    own = [item for item in items if item.source and "Hahn" in item.source]
    assert own, "nothing stands for what the source itself says"
    assert all(item.locator and re.match(r"P[1-9]", item.locator) for item in own)


def test_what_the_source_leaves_open_is_named(case: Case) -> None:
    for topic in (
        "P1-references",
        "P2-reference",
        "P3-reference",
        "P5-references",
        "stated-probability",
        "three-years",
        "trade-in-2019",
        "dating-of-R14",
        "poll-wording",
        "baw-december-2019",
    ):
        assert topic in case.left_out


def test_the_source_is_named_and_the_numbers_are_not_laid_at_its_door(case: Case) -> None:
    assert case.source is not None
    assert "Gordon M. Hahn" in case.source
    assert "judgements of the case's authors" in case.source


# --- dates --------------------------------------------------------------------------------------


def test_the_dates_of_the_case(case: Case) -> None:
    assert case.as_of == date(2020, 1, 14)
    assert case.deadline == date(2024, 5, 7)
    assert case.evidence["term-ends"].grade == "B1"


def test_nothing_is_later_than_the_cut_off(case: Case) -> None:
    assert case.as_of is not None
    dated = [
        (entry.id, entry.date)
        for entry in (*case.evidence.values(), *case.polls.values())
        if entry.date is not None
    ]
    dated += [(record.id, record.until) for record in case.records.values()]
    dated += [(record.id, day) for record in case.records.values() for day in record.done_on]
    assert not [name for name, day in dated if day > case.as_of]


def test_no_later_event_is_spoken_of_outside_what_is_left_out(case: Case) -> None:
    kept = FILE.read_text(encoding="utf-8").split("\nleft_out:")[0]
    for later in ("128.5", "77.9", "2036", "Mishustin", "40.4", "74.6", "Tsikhanouskaya"):
        assert later not in kept


# --- how the judgements are written ---------------------------------------------------------------


def test_every_preference_is_a_range_with_a_reason(case: Case) -> None:
    for actor, preference in case.preferences.items():
        if not isinstance(preference, Worth | Support):
            continue
        for item in preference.items:
            judged = item.value if hasattr(item, "value") else item.share
            assert not judged.sure, f"{actor}.{item.id} is a single number"
            assert judged.because, f"{actor}.{item.id} gives no reason"


def test_every_transfer_is_a_range_with_a_reason(case: Case) -> None:
    assert case.transfers
    for transfer in case.transfers.values():
        for judged in (transfer.most, *transfer.worth.values()):
            assert not judged.sure
            assert judged.because
        assert "USD" in transfer.unit
        assert {"lukashenka", "putin", "elite"} <= set(transfer.worth)


def test_facts_and_reports_are_graded_and_sourced(case: Case) -> None:
    for item in case.evidence.values():
        if item.kind in ("fact", "report"):
            assert item.grade, f"{item.id} has no grade"
            assert item.source, f"{item.id} has no source"
        else:
            assert item.grade is None


def test_inferences_rest_on_something_and_never_on_themselves(case: Case) -> None:
    def below(item: Evidence, seen: tuple[str, ...] = ()) -> None:
        assert item.id not in seen, f"{item.id} rests on itself"
        for name in item.rests_on:
            if name in case.evidence:
                below(case.evidence[name], (*seen, item.id))

    for item in case.evidence.values():
        if item.kind == "inference":
            assert item.rests_on, f"{item.id} rests on nothing"
        below(item)


def test_the_author_s_conclusion_sets_no_judgement(case: Case) -> None:
    reasons = {
        name
        for preference in case.preferences.values()
        if isinstance(preference, Worth | Support)
        for item in preference.items
        for name in (item.value if hasattr(item, "value") else item.share).because
    }
    assert "headline" not in reasons


def test_choice_polls_are_marked_as_such(case: Case) -> None:
    assert {poll.asked for poll in case.polls.values()} == {"choice"}
    assert case.polls["baw-2019-08"].shares["independent and friendly with open borders"] == 75.6


def test_treaty_organs_and_amendments_have_records_of_their_own(case: Case) -> None:
    treaty, domestic = case.records["treaty-organs"], case.records["domestic-amendments"]
    assert (treaty.since, treaty.agreed, treaty.done) == (date(1997, 4, 2), 8, 1)
    assert domestic.done == domestic.agreed
    proposals = sum(r.agreed for r in case.records.values() if r.id != "treaty-organs")
    assert proposals == 3
    assert case.issues["union"].pace.of("paper", "agreed") == "treaty-organs"
    assert case.issues["post"].pace.of("in-office", "again") == "domestic-amendments"


# --- the space and the rights ---------------------------------------------------------------------


def test_the_size_of_the_case(case: Case, game: Game) -> None:
    assert 6 <= len(case.issues) <= 10
    assert len(case.actors) >= 6
    assert 500 <= len(game.space) <= 2000
    assert all(rule.why for rule in case.rules)


def test_today_is_possible_and_provisional_and_every_fall_is_possible(game: Game) -> None:
    today = game.space.today
    assert today is not None
    assert not game.space.settled[today]
    assert (game.space.fall >= 0).all()


def test_the_hypotheses_exclude_each_other_and_are_possible(case: Case, game: Game) -> None:
    assert case.hypotheses == ("belarus-option", "terms-amended", "powers-shifted")
    together = sum(game.space.matches(name).astype(int) for name in case.hypotheses)
    assert together.max() == 1
    assert all((game.space.matches(name) & game.space.settled).any() for name in case.hypotheses)


def test_every_arrangement_is_possible(case: Case, game: Game) -> None:
    for name in case.arrangements:
        assert (game.space.matches(name) & game.space.settled).any(), name


def test_what_a_mover_may_do_within_an_issue_is_transitive(case: Case, game: Game) -> None:
    issues = list(case.issues.values())
    for mover in game.movers:
        for k, allowed in mover.relations.items():
            twice = (allowed.astype(int) @ allowed.astype(int)) > 0
            gaps = np.argwhere(twice & ~allowed & ~np.eye(len(allowed), dtype=bool))
            assert not len(gaps), f"{mover.key} in {issues[k].id}"


def test_a_merger_asks_the_belarusian_people_and_is_not_undone(case: Case) -> None:
    union = case.issues["union"]
    for merged in ("region", "district"):
        for position in union.positions:
            if position.id in ("region", "district"):
                continue
            into = union.decided_by.of(position.id, merged)
            assert into.movers
            assert all({"lukashenka", "belarusians"} <= mover for mover in into.movers)
            assert not union.decided_by.of(merged, position.id).movers


def test_the_exits_within_russia_need_no_lukashenka(case: Case) -> None:
    rights = [
        case.issues["post"].decided_by.of("in-office", "again"),
        case.issues["post"].decided_by.of("in-office", "council"),
        case.issues["shift"].decided_by.of("kept", "shifted"),
    ]
    assert all(right.movers == (frozenset({"putin", "elite"}),) for right in rights)


def test_no_rule_forbids_a_union_or_a_merger(game: Game) -> None:
    """What he refuses is possible, and to him some of it is better than other."""
    lukashenka = game.views["lukashenka"]
    for name in ("full-integration", "belarus-option", "confederation"):
        states = np.flatnonzero(game.space.matches(name) & game.space.settled)
        assert len(states)
        assert lukashenka.values[states].min() < lukashenka.values[states].max()


# --- what the page of the case says of the answers ------------------------------------------------


def judged(**changes: float) -> Case:
    """The case with some judgements set otherwise; ``putin__president_again=53``, for example."""
    text = FILE.read_text(encoding="utf-8")
    for name, value in changes.items():
        actor, _, item = name.replace("_", "-").partition("--")
        kind = "support" if actor == "belarusians" else "worth"
        text = with_value(text, ("preferences", actor, kind, item), value)
    return parse_case(text)


UNION_POSTS = (
    "union-post",
    "union-president-and-premier",
    "union-president-and-council",
    "union-by-office",
)


@pytest.fixture(scope="module")
def accepted(case: Case) -> Acceptance:
    return acceptance(case)


def test_putin_is_the_chief_winner_of_a_union(accepted: Acceptance) -> None:
    """The text says so (R13): with a post in a union, or a confederation, he is better off."""
    for name in (*UNION_POSTS, "confederation", "full-integration"):
        finding = accepted[name]
        assert finding.form is not None
        assert finding.form.gain["putin"] > accepted.process.least["putin"]


def test_the_elite_and_lukashenka_lose_by_it_and_refuse(accepted: Acceptance) -> None:
    for name in (*UNION_POSTS, "confederation", "full-integration"):
        finding = accepted[name]
        assert finding.status == "blocked"
        assert finding.form is not None
        for actor in ("elite", "lukashenka"):
            assert finding.form.gain[actor] < 0
            assert actor in finding.blockers


def test_the_people_refuse_where_they_are_asked_but_a_loose_union(accepted: Acceptance) -> None:
    for name in ("union-post", "full-integration", "belarus-option"):
        assert accepted[name].consent.refusals.refuses["belarusians"] == 1
    assert accepted["confederation"].consent.refusals.refuses["belarusians"] == 0
    loose = acceptance(judged(belarusians__confederation_loose=49))["confederation"]
    assert loose.consent.refusals.refuses["belarusians"] == 1


def test_all_are_better_off_with_an_economic_union_and_a_deeper_eeu(accepted: Acceptance) -> None:
    for name in ("economic-union", "deeper-eeu"):
        finding = accepted[name]
        assert finding.acceptable
        assert finding.worse_off == ()
        assert set(finding.consent.refusals.refuses.values()) == {0}


def test_the_two_exits_are_rivals(accepted: Acceptance) -> None:
    amended, shifted = accepted["terms-amended"], accepted["powers-shifted"]
    assert amended.worse_off == ("putin",)
    assert shifted.worse_off == ("elite",)
    assert amended.status == shifted.status == "opposed"
    assert amended.chance + shifted.chance > 0.9


def test_the_model_explains_the_present_and_why(case: Case) -> None:
    assert paths(case).to_dict()["present"]["explained"]
    free = judged(putin__term_still_runs=0, elite__term_still_runs=0)
    assert not paths(free).to_dict()["present"]["explained"]


def test_the_three_exits_in_a_short_forecast(case: Case) -> None:
    """The page has 10,000 draws; 500 must lie near it."""
    found = forecast(case, draws=500, seed=1, stability_draws=0, range_draws=1)
    assert found.probability("belarus-option").p == 0
    assert found.probability("terms-amended").p == pytest.approx(0.31, abs=0.07)
    assert found.probability("powers-shifted").p == pytest.approx(0.57, abs=0.07)
