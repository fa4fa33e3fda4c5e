"""The flagship case covers its source, keeps to its cut-off, and answers from its judgements."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from runpy import run_path

import numpy as np
import pytest

from foedus import forecast
from foedus.case.edit import with_value
from foedus.case.fingerprint import case_hash
from foedus.case.model import Case, Evidence, Support, Worth
from foedus.case.questions import ChanceAsked
from foedus.case.reading import parse_case, read_case
from foedus.forecasting.most_likely import most_likely
from foedus.preferences.games import Game, game_of
from foedus.process.consent import Consent, Consents
from foedus.process.model import Process

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
POLITICAL = (
    "belarus-option",
    "union-post",
    "union-president-and-premier",
    "union-president-and-council",
    "union-president-and-state-council",
    "union-by-office",
    "union-state-agreed",
    "confederation",
    "confederation-foreign",
    "full-integration-region",
    "full-integration-district",
    "beyond-economic",
)


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
    assert case.issues["term-law"].pace.of("kept", "amended") == "domestic-amendments"
    assert case.issues["shift"].pace.of("kept", "shifted") == "domestic-amendments"


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
        case.issues["term-law"].decided_by.of("kept", "amended"),
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


def test_the_law_is_not_yet_the_office(game: Game) -> None:
    """An amended term makes him president again at the end of the term, and only if left so."""
    space = game.space
    assert space.today is not None

    def falls(**changes: str) -> str:
        given = {name.replace("_", "-"): position for name, position in changes.items()}
        state = space.find({**space.positions(space.today or 0), **given})
        assert state is not None
        return space.positions(int(space.fall[state]))["post"]

    assert falls() == "out"
    assert falls(term_law="amended") == "again"
    assert falls(term_law="amended", post="council") == "council"


def test_a_new_state_may_begin_the_count_anew(case: Case, game: Game) -> None:
    """This is what a merger would be for; as president of Russia as it is he needs an amendment."""
    reset = game.space.matches("belarus-option") & game.space.matches("full-integration")
    assert reset.any()
    broken, anew = (_worth(case, "putin", name) for name in ("term-broken", "count-begun-anew"))
    assert broken < anew <= 0


def test_a_region_and_a_district_are_told_apart(case: Case, game: Game) -> None:
    """To Moscow they are one; to Lukashenka a republic is the lesser loss."""
    region, district = (
        game.space.matches(f"full-integration-{each}") & game.space.settled
        for each in ("region", "district")
    )
    for actor, apart in (("putin", False), ("elite", False), ("lukashenka", True)):
        values = game.views[actor].values
        assert bool(values[region].max() > values[district].max()) is apart, actor


def _worth(case: Case, actor: str, name: str) -> float:
    preference = case.preferences[actor]
    assert isinstance(preference, Worth)
    (value,) = [item.value.mode for item in preference.items if item.id == name]
    return value


# --- what the author asks -------------------------------------------------------------------------


def test_every_question_of_the_source_is_asked_with_the_author_s_answer(case: Case) -> None:
    """P1 asks one, P6 eight; P8 and P9 put two as statements. Each has the author's own answer."""
    assert len(case.questions) >= 11
    covered = {label for question in case.questions.values() for label in question.refs}
    assert {"Q", "A7", "A8a", "A8b", "A8c", "A8d", "A9", "A10", "A11"} <= covered
    assert all(question.verdict is not None for question in case.questions.values())


def test_no_word_of_likelihood_is_put_in_the_author_s_mouth(case: Case) -> None:
    """The text has one such word, "unlikely", and says it of what goes beyond the economy."""
    for question in case.questions.values():
        if question.verdict is not None and question.verdict.word is not None:
            assert question.verdict.word == "unlikely"
            assert isinstance(question.about, ChanceAsked)
            assert question.about.arrangement in (*POLITICAL, "full-integration")


@pytest.mark.parametrize(
    "words",
    [
        "abundantly clear",
        "overwhelming majority",
        "vexingly difficult",
        "nearly insurmountable",
        "few if any advantages",
        "little to no",
        "nothing in it",
        "more likely",
    ],
)
def test_the_author_s_strong_words_are_kept(case: Case, words: str) -> None:
    assert any(f"“{words}”" in item.claim for item in case.evidence.values())


def test_base_rates_are_of_leaders_whose_term_was_ending(case: Case) -> None:
    about = {each.id: each for each in case.reference_classes.values()}
    assert about["leaders-held-by-a-union"].cases == 234
    assert about["mergers-that-held-a-leader"].cases == 17
    assert all(each.occurred == 0 for each in about.values() if each.about == "belarus-option")


# --- what the page of the case says of the answers ------------------------------------------------


def judged(**changes: float) -> Case:
    """The case with some judgements set otherwise; ``putin__president_again=53``, for example."""
    text = FILE.read_text(encoding="utf-8")
    for name, value in changes.items():
        actor, _, item = name.replace("_", "-").partition("--")
        kind = "support" if actor == "belarusians" else "worth"
        text = with_value(text, ("preferences", actor, kind, item), value)
    return parse_case(text)


@cache
def unchanged() -> Process:
    """The process of the case as it is: with other judgements its changes are the same."""
    return Process.of(read_case(FILE))


@pytest.fixture(scope="module")
def consents() -> dict[str, Consent]:
    asked = Consents(unchanged())
    return {name: asked.of(name) for name in unchanged().case.arrangements}


def refusing(consent: Consent) -> tuple[str, ...]:
    """Who of those asked is not better off with the form that would most easily come about."""
    assert consent.headline is not None
    assert consent.headline.best is not None
    return consent.headline.best.refuse


def refuses(case: Case, arrangement: str) -> tuple[str, ...]:
    return refusing(Consents(Process.of(case).sharing(unchanged())).of(arrangement))


@pytest.mark.parametrize("name", POLITICAL)
def test_putin_alone_wins_by_a_political_union(consents: dict[str, Consent], name: str) -> None:
    """He is better off with each; the elite and Lukashenka are worse off, and refuse."""
    headline = consents[name].headline
    assert headline is not None
    assert headline.gain["putin"] > 0
    assert headline.gain["elite"] < 0
    assert headline.gain["lukashenka"] < 0
    often = consents[name].refusals.refuses
    assert often["putin"] < 0.5
    assert often["elite"] > 0.8
    assert often["lukashenka"] > 0.99


def test_the_people_refuse_what_they_are_asked_but_a_loose_confederation(
    consents: dict[str, Consent],
) -> None:
    loose = {name for name in POLITICAL if "belarusians" not in refusing(consents[name])}
    assert loose == {"confederation", "beyond-economic"}


def test_a_confederation_is_refused_by_the_people_below_one_half() -> None:
    assert "belarusians" in refuses(judged(belarusians__confederation_loose=49), "confederation")


@pytest.mark.parametrize("name", ["economic-union", "deeper-eeu", "loyal-president"])
def test_what_all_who_are_asked_agree_to(consents: dict[str, Consent], name: str) -> None:
    assert consents[name].acceptable
    assert refusing(consents[name]) == ()


def test_rivals_are_each_other_s_alternative(consents: dict[str, Consent]) -> None:
    """Each of the two exits at home leaves somebody worse off than the other, and one comes."""
    assert refusing(consents["terms-amended"]) == ("putin",)
    assert refusing(consents["powers-shifted"]) == ("elite",)


def test_lukashenka_s_refusal_of_a_merger_comes_from_his_judgements() -> None:
    for low, high, name in ((15, 16, "own-state"), (50, 49, "post-from-moscow")):
        item = f"lukashenka__{name.replace('-', '_')}"
        assert "lukashenka" not in refuses(judged(**{item: low}), "full-integration"), name
        assert "lukashenka" in refuses(judged(**{item: high}), "full-integration"), name


@pytest.mark.parametrize(
    ("name", "open_race", "shifted"),
    [
        ("elite__president_again", 17, 15),
        ("elite__ruler_with_powers", 16, 18),
    ],
)
def test_the_elite_s_judgements_end_the_race_between_the_exits(
    name: str, open_race: float, shifted: float
) -> None:
    """Both have the pace of an amendment: whichever is ready first, until the elite undoes one."""
    reached = most_likely(judged(**{name: open_race})).reached
    assert reached["terms-amended"] == pytest.approx(0.5, abs=0.02)
    assert most_likely(judged(**{name: shifted})).reached["powers-shifted"] > 0.85


def test_the_three_exits_in_a_short_forecast(case: Case) -> None:
    """The page has 1,000 draws; 300 must lie near it."""
    found = forecast(case, draws=300, seed=1, stability_draws=0, farsighted_draws=0, varied=False)
    assert found.probability("belarus-option").p < 0.001
    assert found.probability("terms-amended").p == pytest.approx(0.37, abs=0.07)
    assert found.probability("powers-shifted").p == pytest.approx(0.47, abs=0.07)


ROWS = {
    "Belarus option": "belarus-option",
    "union post (A7)": "union-post",
    "union post, Security Council (A8b)": "union-president-and-council",
    "by office, Lukashenka union premier (A8c)": "union-by-office",
    "confederation, military functions (A6)": "confederation",
    "confederation, foreign policy too (A6b)": "confederation-foreign",
    "union as agreed (A4)": "union-state-agreed",
    "one subject of Russia (A1)": "full-integration-region",
    "a federal district (A2)": "full-integration-district",
    "economic union (A5)": "economic-union",
    "deeper Eurasian union (A11)": "deeper-eeu",
    "terms amended (A10)": "terms-amended",
    "powers shifted (A10)": "powers-shifted",
    "a successor of Putin's choosing (A8d)": "loyal-president",
    "Belarus turns West (R6)": "belarus-turns-west",
}


@pytest.mark.parametrize("row", ROWS)
def test_the_veto_map_of_the_page_is_what_comes_out(consents: dict[str, Consent], row: str) -> None:
    page = (FILE.parent.parent / "docs" / "flagship.md").read_text(encoding="utf-8")
    told = page[: page.index("## What would have to change")].splitlines()
    (line,) = [each for each in told if each.startswith(f"| {row} |")]
    cells = [cell.strip().replace("−", "-") for cell in line.split("|")[2:6]]
    headline = consents[ROWS[row]].headline
    assert headline is not None
    gains = [headline.gain[a] for a in ("putin", "elite", "lukashenka", "eeu-partners")]
    assert [float(cell) for cell in cells] == pytest.approx(gains, abs=0.051)


# --- the what-ifs of the page ---------------------------------------------------------------------


@cache
def _what_ifs() -> dict[str, tuple[Callable[[str], str], ...]]:
    script = FILE.parent.parent / "benchmarks" / "flagship_what_ifs.py"
    found: dict[str, tuple[Callable[[str], str], ...]] = run_path(str(script))["WHAT_IFS"]
    return found


@pytest.mark.parametrize("name", _what_ifs())
def test_each_what_if_of_the_page_still_changes_the_case(case: Case, name: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    changed = text
    for change in _what_ifs()[name]:
        before, changed = changed, change(changed)
        assert changed != before
    assert (case_hash(parse_case(changed)) == case_hash(case)) is (name == "as it is")
    page = (FILE.parent.parent / "docs" / "flagship.md").read_text(encoding="utf-8")
    assert f"| {name[0].upper()}{name[1:]} |".replace("-40", "−40") in page
