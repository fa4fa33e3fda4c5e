"""The playout where the answer is known: by a formula, or because nothing is left to chance."""

from __future__ import annotations

import math

import numpy as np
import pytest

from foedus.case.model import Case
from foedus.case.reading import parse_case
from foedus.forecasting.options import PlayoutOptions
from foedus.forecasting.ranges import spread_of
from foedus.forecasting.setting import Plan, Setting
from foedus.forecasting.solve import forecast
from foedus.forecasting.streams import draw_blocks
from foedus.process.pace import all_settled, hazard_of, years_between

DRAWS = 10_000
ERRORS = 4.0
"""How many standard errors a frequency may lie from its probability."""

HEAD = """
foedus: 1
title: A case with a known answer
as_of: 2020-01-01
deadline: 2024-01-01
today: {}
records:
  deals: {since: 2000-01-01, until: 2020-01-01, agreed: 9, done: 3}
  forms: {since: 2010-01-01, until: 2020-01-01, agreed: 6, done: 5, willing: yes}
arrangements:
  done: {name: Done, when: DONE}
"""


def case_of(body: str, done: str) -> Case:
    """A case with the common head and this body; ``done`` is the arrangement asked about."""
    return parse_case(HEAD.replace("DONE", done) + body)


def frequency(case: Case, arrangement: str = "done", **options: str) -> float:
    """How often the arrangement is reached."""
    setting = Setting.of(Plan(case, PlayoutOptions(**options)))  # type: ignore[arg-type]
    matching = setting.matching[arrangement]
    count = 0
    for block in draw_blocks(DRAWS, seed=7):
        count += int(matching[setting.played(block, setting.sights(block)).reached].sum())
    return count / DRAWS


def assert_near(found: float, expected: float) -> None:
    """Within so many standard errors of the expected probability."""
    error = math.sqrt(expected * (1 - expected) / DRAWS)
    assert abs(found - expected) <= ERRORS * error, (found, expected, error)


def years(case: Case) -> float:
    assert case.as_of is not None
    assert case.deadline is not None
    return years_between(case.as_of, case.deadline)


ONE_MOVER = """
actors: {ann: {name: Ann}}
issues:
  bridge: {positions: {none: None, built: Built}, decided_by: ann, pace: deals}
preferences: {ann: {worth: {bridge: {when: bridge = built, value: 1}}}}
"""


def test_one_mover_and_one_issue_wait_as_lomax_says() -> None:
    case = case_of(ONE_MOVER, "bridge = built")
    hazard = hazard_of(case.records["deals"])
    lomax = 1 - (hazard.years / (hazard.years + years(case))) ** hazard.shape
    assert_near(frequency(case), lomax)
    assert lomax == pytest.approx(hazard.settled(1, years(case)))


def test_with_the_pace_off_it_is_done_at_once() -> None:
    setting = Setting.of(Plan(case_of(ONE_MOVER, "bridge = built"), pace_off=frozenset({"deals"})))
    block = next(draw_blocks(50, seed=1))
    outcomes = setting.played(block, setting.sights(block))
    assert setting.matching["done"][outcomes.reached].all()
    assert (outcomes.first_done[:, 1] == 0.0).all()


# --- chances of agreeing ----------------------------------------------------------------------

TWO = """
actors: {ann: {name: Ann}, bob: {name: Bob}}
issues:
  bridge: {positions: {none: None, built: Built}, decided_by: ann and bob}
preferences:
  ann: {worth: {bridge: {when: bridge = built, value: [-6, 2, 5]}}}
  bob: {worth: {bridge: {when: bridge = built, value: [-9, -2, 8]}}}
"""


def chances(case: Case) -> list[float]:
    """With what chance each actor is better off with what its one judgement is about."""
    values = [p.items[0].value for p in case.preferences.values()]  # type: ignore[union-attr]
    return [1 - float(spread_of(value).below_value(0.0)) for value in values]


def test_two_who_must_agree_do_so_with_the_product_of_their_chances() -> None:
    case = case_of(TWO, "bridge = built")
    ann, bob = chances(case)
    assert 0.3 < bob < ann < 0.8
    assert_near(frequency(case), ann * bob)


def test_judgements_of_one_group_move_together() -> None:
    grouped = TWO.replace("value: [-6, 2, 5]", "value: [-6, 2, 5], with: mood").replace(
        "value: [-9, -2, 8]", "value: [-9, -2, 8], with: mood"
    )
    case = case_of(grouped, "bridge = built")
    assert_near(frequency(case), min(chances(case)))


HELD = """
actors: {ann: {name: Ann}}
issues:
  bridge: {positions: {none: None, built: Built}, decided_by: ann}
preferences:
  ann:
    priorities:
"""


@pytest.mark.parametrize(
    ("wishes", "expected"),
    [
        ("- {when: bridge = built, probability: 0.3}", 0.3),
        ("- {when: bridge = none, probability: 0.4}\n      - {when: bridge = built}", 0.6),
        (
            "- {when: bridge = none, probability: 0.4}\n"
            "      - {when: bridge = built, probability: 0.3}",
            0.6 * 0.3,
        ),
        ("- {when: bridge = built, probability: unlikely}", 0.325),  # the middle of 20 to 45 %
    ],
)
def test_wishes_count_with_the_chance_that_they_are_held(wishes: str, expected: float) -> None:
    case = case_of(f"{HELD}      {wishes}\n", "bridge = built")
    assert_near(frequency(case), expected)


def test_an_electorate_passes_with_the_chance_that_its_support_reaches_the_threshold() -> None:
    body = """
actors: {ann: {name: Ann}, pub: {name: Public, kind: electorate, threshold: 50}}
issues:
  bridge: {positions: {none: None, built: Built}, decided_by: ann and pub}
preferences:
  ann: {worth: {bridge: {when: bridge = built, value: 1}}}
  pub: {support: [{when: bridge = built, share: [35, 48, 60]}, {default: 0}]}
"""
    case = case_of(body, "bridge = built")
    share = case.preferences["pub"].items[0].share  # type: ignore[union-attr]
    assert_near(frequency(case), 1 - float(spread_of(share).below_value(50.0)))


# --- several items ----------------------------------------------------------------------------

TOGETHER = """
actors: {ann: {name: Ann}}
issues:
  bridge: {positions: {none: None, built: Built}, decided_by: ann, pace: deals}
  toll: {positions: {free: Free, charged: Charged}, decided_by: ann, pace: PACE}
rules: [{rule: bridge = built <-> toll = charged, why: Bridge and toll come together}]
preferences: {ann: {worth: {both: {when: bridge = built and toll = charged, value: 1}}}}
"""


@pytest.mark.parametrize("waiting", ["parallel", "sequence"])
def test_two_items_of_one_pace_wait_for_the_longest_or_the_sum(waiting: str) -> None:
    case = case_of(TOGETHER.replace("PACE", "deals"), "bridge = built and toll = charged")
    hazard = hazard_of(case.records["deals"])
    expected = hazard.settled(2, years(case), waiting)  # type: ignore[arg-type]
    assert_near(frequency(case, waiting=waiting), expected)


@pytest.mark.parametrize("waiting", ["parallel", "sequence"])
def test_items_of_two_paces_run_beside_each_other(waiting: str) -> None:
    case = case_of(TOGETHER.replace("PACE", "forms"), "bridge = built and toll = charged")
    hazards = {name: hazard_of(record) for name, record in case.records.items()}
    expected = all_settled(hazards, {"deals": 1, "forms": 1}, years(case))
    assert_near(frequency(case, waiting=waiting), expected)


def test_of_two_who_race_at_one_pace_each_wins_half() -> None:
    """The first of two exponential times of one hazard is exponential of twice the hazard."""
    body = """
actors: {ann: {name: Ann}, bob: {name: Bob}}
issues:
  bridge:
    positions: {none: None, left: Left, right: Right}
    decided_by: {none -> left: ann, none -> right: bob, default: nobody}
    pace: deals
preferences:
  ann: {worth: {left: {when: bridge = left, value: 1}}}
  bob: {worth: {right: {when: bridge = right, value: 1}}}
"""
    hazard = hazard_of(case_of(body, "bridge != none").records["deals"])
    time = years(case_of(body, "bridge != none"))
    either = 1 - (hazard.years / (hazard.years + 2 * time)) ** hazard.shape
    assert_near(frequency(case_of(body, "bridge != none")), either)
    assert_near(frequency(case_of(body, "bridge = left")), either / 2)
    assert_near(frequency(case_of(body, "bridge = right")), either / 2)


# --- nothing left to chance -------------------------------------------------------------------


def days_done(body: str, **options: str) -> dict[str, float]:
    """On which day each item was first done, where nothing is drawn."""
    setting = Setting.of(Plan(case_of(body, "bridge = built"), PlayoutOptions(**options)))  # type: ignore[arg-type]
    block = next(draw_blocks(2, seed=3))
    first = setting.played(block, setting.sights(block)).first_done
    assert (first[0] == first[1]).all()
    names = [f"{i.id} = {p.id}" for i in setting.plan.case.issues.values() for p in i.positions]
    return {name: day for name, day in zip(names, first[0], strict=True) if np.isfinite(day)}


def test_what_is_still_wanted_keeps_the_time_it_has_run() -> None:
    """Bob's toll comes on day 60; Ann's bridge is ready on day 100 all the same."""
    body = """
actors: {ann: {name: Ann}, bob: {name: Bob}}
issues:
  bridge: {positions: {none: None, built: Built}, decided_by: ann, takes: {days: 100}}
  toll: {positions: {free: Free, charged: Charged}, decided_by: bob, takes: {days: 60}}
preferences:
  ann: {worth: {bridge: {when: bridge = built, value: 1}}}
  bob: {worth: {toll: {when: toll = charged, value: 1}}}
"""
    assert days_done(body) == {"toll = charged": 60.0, "bridge = built": 100.0}


def test_what_is_no_longer_wanted_is_forgotten() -> None:
    """Ann leaves her bridge while the toll is charged, days 60 to 120; then she begins anew.

    Unless she bargains with Cyd, who repeals the toll: for both together it stays wanted.
    """
    body = """
actors: {ann: {name: Ann}, bob: {name: Bob}, cyd: {name: Cyd}}
issues:
  bridge: {positions: {none: None, built: Built}, decided_by: ann, takes: {days: 100}}
  toll:
    positions: {free: Free, charged: Charged, repealed: Repealed}
    decided_by: {free -> charged: bob, charged -> repealed: cyd, default: nobody}
    takes: {days: 60}
preferences:
  ann: {worth: {bridge: {when: bridge = built and toll != charged, value: 1}}}
  bob: {worth: {toll: {when: toll = charged, value: 1}}}
  cyd: {worth: {toll: {when: toll = repealed, value: 1}}}
"""
    tolls = {"toll = charged": 60.0, "toll = repealed": 120.0}
    assert days_done(body, bargainers="movers") == {**tolls, "bridge = built": 220.0}
    assert days_done(body) == {**tolls, "bridge = built": 120.0}


@pytest.mark.parametrize("conflict", ["better", "soonest"])
def test_an_electorate_goes_with_the_first_in_order_not_the_soonest(conflict: str) -> None:
    """Both need the voters, who pursue one of two that exclude each other: Ann's, listed first."""
    body = """
actors: {ann: {name: Ann}, bob: {name: Bob}, pub: {name: Voters, kind: electorate, threshold: 50}}
issues:
  bridge: {positions: {none: None, built: Built}, decided_by: ann and pub, takes: {days: 100}}
  tunnel: {positions: {none: None, dug: Dug}, decided_by: bob and pub, takes: {days: 60}}
rules: [{rule: not (bridge = built and tunnel = dug), why: There is money for one}]
preferences:
  ann: {worth: {bridge: {when: bridge = built, value: 1}}}
  bob: {worth: {tunnel: {when: tunnel = dug, value: 1}}}
  pub: {support: [{default: 60}]}
"""
    done = days_done(body, bargainers="movers", conflict=conflict)
    assert done == {"bridge = built": 100.0}


def test_a_last_answer_is_one_quick_move() -> None:
    """A wide bridge takes long from none, but no time from one that is built.

    Where Ann wants it wide and it is not ready, she answers with a built one and no more; in other
    draws it is built already.
    """
    body = """
actors: {ann: {name: Ann}}
issues:
  bridge:
    positions: {none: None, built: Built, wide: Wide}
    decided_by: ann
    pace: {none -> wide: deals, default: at-once}
preferences:
  ann:
    worth:
      some: {when: bridge != none, value: 2}
      wide: {when: bridge = wide, value: [-3, 0, 3]}
"""
    case = case_of(body, "bridge = wide")
    setting = Setting.of(Plan(case))
    block = next(draw_blocks(500, seed=1))
    outcomes = setting.played(block, setting.sights(block))
    wide = setting.matching["done"][outcomes.reached]
    by_then = np.isfinite(outcomes.first_done[:, 2]) & (outcomes.first_done[:, 2] < setting.days)
    assert 0 < by_then.sum() < 250
    assert (wide == by_then).all()


@pytest.mark.parametrize(("days", "share"), [(366, 1.0), (367, 0.0), (365, 1.0)])
def test_what_is_done_on_the_last_day_is_done_in_time(days: int, share: float) -> None:
    text = f"""
foedus: 1
title: To the day
as_of: 2020-01-01
deadline: 2021-01-01
actors: {{ann: {{name: Ann}}}}
issues:
  bridge: {{positions: {{none: None, built: Built}}, decided_by: ann, takes: {{days: {days}}}}}
arrangements: {{bridge: {{when: bridge = built}}}}
preferences: {{ann: {{worth: {{bridge: {{when: bridge = built, value: 1}}}}}}}}
"""
    made = forecast(parse_case(text), draws=20, stability_draws=0, range_draws=20)
    assert made.probability("bridge").p == share


VOTES = """
foedus: 1
title: Two votes
as_of: 2020-01-01
deadline: 2022-01-01
actors:
  gov: {name: Government}
  east: {name: East, kind: electorate, threshold: 50}
  west: {name: West, kind: electorate, threshold: 50}
issues:
  union: {positions: {none: None, made: Made}, decided_by: gov and east and west}
arrangements: {union: {when: union = made}}
preferences:
  gov: {worth: {union: {when: union = made, value: 1}}}
  east: {support: [{when: union = made, share: 50, because: [poll]GROUP}, {default: 0}]}
  west: {support: [{when: union = made, share: 50, because: [poll]GROUP}, {default: 0}]}
polls: {poll: {asked: approval, n: 400, shares: {for: 50}}}
"""

MOODS = """
foedus: 1
title: Two moods
as_of: 2020-01-01
deadline: 2022-01-01
actors: {ann: {name: Ann}, bob: {name: Bob}}
issues: {pact: {positions: {none: None, made: Made}, decided_by: ann and bob}}
arrangements: {pact: {when: pact = made}}
preferences:
  ann: {priorities: [{when: pact = made, probability: 0.5GROUP}]}
  bob: {priorities: [{when: pact = made, probability: 0.5GROUP}]}
"""


@pytest.mark.parametrize(("text", "name"), [(VOTES, "union"), (MOODS, "pact")])
def test_sure_judgements_of_a_group_fall_out_alike(text: str, name: str) -> None:
    """What is drawn by a sure chance, or a poll's figure, is in doubt: one half, not a quarter."""
    for group, share in ((", with: mood", 0.5), ("", 0.25)):
        case = parse_case(text.replace("GROUP", group))
        made = forecast(case, draws=2000, stability_draws=0, range_draws=20)
        assert made.probability(name).p == pytest.approx(share, abs=0.05)
