"""Paths on the process: known answers, cases worked by hand, and laws on random cases."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import islice
from math import exp
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from reference.game import Spec
from strategies import PROCESSES, random_spec, specs

from foedus.case.problems import CaseError
from foedus.case.reading import parse_case, read_case
from foedus.document import Tree, as_table
from foedus.game.space import Space
from foedus.preferences.games import game_of
from foedus.process.drawn import MOST_LIKELY_PROCESS
from foedus.process.likeliest import LikeliestWays
from foedus.process.model import Process
from foedus.process.paths import Paths, Way, ways_from_today
from foedus.process.steps import Step
from foedus.reporting.findings import findings_on
from foedus.reporting.from_today import section

KNOWN = Path(__file__).parent / "process_cases"
CASES_FOLDER = Path(__file__).parent.parent / "cases"
YEAR = 365.25


def known(name: str) -> Paths:
    return ways_from_today(read_case(KNOWN / f"{name}.yaml"))


def seeker(text: str | Path) -> tuple[LikeliestWays, Space]:
    case = read_case(text) if isinstance(text, Path) else parse_case(text, file="t")
    process = Process.of(case)
    chain = process.myopic(process.drawn(MOST_LIKELY_PROCESS))
    return LikeliestWays(chain, process.game.space, process.today), process.game.space


def told(found: Paths, way: Way) -> list[str]:
    space = found.game.space
    return [space.describe(s.target, apart_from=s.origin) for s in way.steps]


def days(way: Way) -> list[float]:
    return [step.days for step in way.steps if step.days is not None]


# --- known answers ------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(KNOWN.glob("k*.yaml")), ids=lambda p: p.stem)
def test_the_chances_are_the_known_ones(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text())
    found = ways_from_today(read_case(path), "farsighted")
    for name, way in found.ways.items():
        assert way.reached == pytest.approx(expected["myopic"]["probability"][name], abs=1e-7)
        by_farsighted = expected["farsighted"]["probability"][name]
        assert way.farsighted == pytest.approx(by_farsighted, abs=1e-6)


@pytest.mark.parametrize(
    "name", ["k02-two", "k04-easy-hard", "k08-one-way", "k12-takes", "k16-jump-overlap"]
)
def test_all_ways_together_have_the_chance_of_the_arrangement(name: str) -> None:
    """Every course that ends in it enters it first by one of its ways."""
    ways, space = seeker(KNOWN / f"{name}.yaml")
    for arrangement in space.case.arrangements:
        inside = space.matches(arrangement)
        chances = [chance for _, chance in ways.each_to(inside)]
        assert sum(chances) == pytest.approx(ways.chance(inside), abs=1e-9)
        assert chances == sorted(chances, reverse=True)


def test_a_search_that_is_cut_short_finds_a_way_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert known("k12-takes").way("z-done").sure
    monkeypatch.setattr("foedus.process.likeliest.MOST_LOOKED_AT", 1)
    found = known("k12-takes")
    way = found.way("z-done")
    assert (way.status, way.sure) == ("open", False)
    assert "not all were compared" in str(found.explain("z-done"))


def truncated(hazard: float, days: float) -> tuple[float, float]:
    """Of an exponential time given that it is over by then: its mean, and the mean greater of 2."""
    end = 1 - exp(-hazard * days)
    mean = 1 / hazard - days * exp(-hazard * days) / end
    t = np.linspace(0, days, 200_001)
    over = 1 - ((1 - np.exp(-hazard * t)) / end) ** 2
    return mean, float(((over[1:] + over[:-1]) / 2 * np.diff(t)).sum())


def test_one_change_takes_the_mean_of_its_time_given_that_it_comes() -> None:
    found = known("k01-single")
    hazard = -np.log(1 - found.way("done").reached) / found.days
    assert days(found.way("done")) == pytest.approx([truncated(hazard, found.days)[0]], rel=1e-6)


def test_of_two_alike_the_first_and_the_second_share_the_time() -> None:
    found = known("k02-two")
    way = found.way("both")
    hazard = -np.log(1 - found.way("x-done").reached) / found.days
    mean, later = truncated(hazard, found.days)
    assert way.share == pytest.approx(0.5)
    assert days(way) == pytest.approx([2 * mean - later, 2 * later - 2 * mean], rel=1e-6)


def test_a_way_by_a_quick_change_has_what_the_slow_one_leaves() -> None:
    """With rates q and h: the slow change first has h / (q + h) (1 - exp(-(q + h) T))."""
    found = known("k09-fall")
    way, q = found.way("again"), 12 / YEAR
    h = -np.log(1 - way.reached) / found.days
    slow_first = h / (q + h) * (1 - exp(-(q + h) * found.days))
    assert told(found, way) == ["post: emeritus", "post: again"]
    assert way.share == pytest.approx(1 - slow_first / way.reached)


def test_what_takes_its_time_comes_on_its_day() -> None:
    found = known("k12-takes")
    assert days(found.way("x-done")) == pytest.approx([90])
    assert days(known("k04-easy-hard").way("easy-done")) == pytest.approx([10])


def test_a_step_that_the_way_does_not_need_is_marked() -> None:
    """Done x only happens to come before y is signed; a town may merge only with its mayor kept."""
    assert [step.aside for step in known("k12-takes").way("y-done").steps] == [True, False]
    assert [step.aside for step in known("k02-two").way("both").steps] == [False, False]
    assert [step.aside for step in found_in(towns()).way("merger").steps] == [False, False]


def test_what_takes_longer_than_is_left_is_too_late() -> None:
    way = known("k04-easy-hard").way("hard-done")
    assert (way.status, way.first_refused, way.days) == ("late", None, None)


def test_what_the_same_clock_brings_instead_is_named() -> None:
    found = known("k10-ordinal")
    way = found.way("small")
    assert way.status == "passed-over"
    (step,) = way.steps
    assert [found.game.space.positions(s)["x"] for s in step.instead] == ["big"]
    assert "taken for better: x: big" in str(found.explain("small"))


@pytest.mark.parametrize("name", ["k05-bundle-quick", "k06-bundle-timed"])
def test_a_bundle_of_which_a_part_is_taken_alone_does_not_excuse_the_harm(name: str) -> None:
    way = known(name).way("harm-done")
    assert way.status == "blocked"
    (refusal,) = [r for step in way.steps for r in step.refusals]
    assert (refusal.actor, refusal.gain) == ("b", -20)


def test_an_electorate_refuses_by_its_share() -> None:
    found = known("k07-veto")
    way = found.way("merger")
    assert way.first_refused is not None
    (refusal,) = way.first_refused.refusals
    assert (refusal.actor, refusal.share, refusal.threshold) == ("people", 40, 50)
    assert "refused by people (40% in favour, 50% needed)" in str(found.explain("merger"))


def test_an_old_order_that_is_left_and_not_returned_to() -> None:
    way = known("k08-one-way").way("old")
    assert way.status == "standing"
    assert way.reached == pytest.approx(exp(-12 / YEAR * 366))
    assert known("k08-one-way").way("mid").share == pytest.approx(1)


# --- by hand ------------------------------------------------------------------------------------

TOWNS = """
foedus: 1
title: Two towns
as_of: 2020-01-01
deadline: 2024-01-01
today: {bridge: none, toll: free, status: apart, mayor: in-office}
actors:
  north: {name: North}
  south: {name: South}
  voters: {name: Voters, kind: electorate}
issues:
  bridge:
    positions: {none: No bridge, built: A bridge}
    decided_by: {built: north, none: south}
  toll:
    positions: {free: Free, charged: Charged}
    decided_by: {charged: north and voters, free: south}
  status:
    positions: {apart: Apart, league: A league, merged: One town, sold: Sold}
    decided_by: {league: north and south, merged: north and south, default: nobody}
    pace: slow
  mayor:
    positions: {in-office: Still there, kept: Kept, gone: Gone}
    decided_by: {kept: south, default: nobody}
    otherwise: {in-office: gone}
records:
  slow: {since: 2000-01-01, until: 2010-01-01, agreed: 4, done: 1}
rules:
  - {rule: toll = charged -> bridge = built, why: A toll needs a bridge}
  - {rule: status = merged -> mayor = kept, why: One town needs its mayor}
arrangements:
  toll-bridge: {name: A toll bridge, when: toll = charged}
  league: {name: A league, when: status = league}
  merger: {name: A merger, when: status = merged}
  sold: {name: Sold off, when: status = sold}
  no-mayor: {name: No mayor, when: mayor = gone}
  ghost-toll: {name: A toll for nothing, when: toll = charged and bridge = none}
  still-there: {name: A mayor for ever, when: mayor = in-office}
preferences:
  north:
    worth:
      bridge-cost: {when: bridge = built, value: -10}
      toll-income: {when: toll = charged, value: 30}
      league-north: {when: status = league, value: 5}
      merger-north: {when: status = merged, value: 9}
  south:
    worth:
      mayor-kept: {when: mayor = kept, value: MAYOR}
      mayor-in-office: {when: mayor = in-office, value: OFFICE}
      league-south: {when: status = league, value: 5}
      merger-south: {when: status = merged, value: 6}
  voters:
    support:
      - {when: toll = charged, share: 40}
      - {default: 60}
"""


def towns(mayor: float = 3, office: float = 0) -> str:
    return TOWNS.replace("MAYOR", str(mayor)).replace("OFFICE", str(office))


def found_in(text: str, **changed: Any) -> Paths:
    return ways_from_today(parse_case(text, file="t"), **changed)


def test_the_statuses_by_hand() -> None:
    found = found_in(towns())
    assert {name: way.status for name, way in found.ways.items()} == {
        "toll-bridge": "blocked",
        "league": "open",
        "merger": "open",
        "sold": "barred",
        "no-mayor": "standing",
        "ghost-toll": "impossible",
        "still-there": "impossible",
    }
    assert found.blocks()
    assert json.loads(json.dumps(found.to_dict())) == found.to_dict()


def test_a_way_of_two_steps() -> None:
    """The mayor is kept first, at a meeting; a town that has kept it may merge."""
    found = found_in(towns())
    way = found.way("merger")
    assert [(step.by, text) for step, text in zip(way.steps, told(found, way), strict=True)] == [
        ("south", "mayor: Kept"),
        ("north+south", "status: One town"),
    ]
    quick, slow = days(way)
    assert quick == pytest.approx(YEAR / 12, rel=0.05)
    assert quick < slow < found.days
    assert [dict(step.gains) for step in way.steps] == [{"south": 3}, {"north": 9, "south": 6}]


def test_a_refusal_is_told_in_its_own_units() -> None:
    found = found_in(towns())
    (step,) = found.way("toll-bridge").steps
    assert step.by == "north+voters"
    assert found.game.space.positions(step.target)["bridge"] == "built"
    (refusal,) = step.refusals
    assert (refusal.actor, refusal.share, refusal.threshold) == ("voters", 40, 50)
    text = str(found.explain("toll-bridge"))
    assert "refused by Voters (40% in favour, 50% needed)" in text
    assert "+30: toll-income" in text


STAGES = """
foedus: 1
title: Three stages that nobody wants
as_of: 2020-01-01
deadline: 2021-01-01
today: {first: open, second: open, third: open}
actors: {ann: {name: Ann}, bob: {name: Bob}, cyd: {name: Cyd}}
issues:
  first: {positions: {open: Open, done: Done}, decided_by: ann}
  second: {positions: {open: Open, done: Done}, decided_by: bob}
  third: {positions: {open: Open, done: Done}, decided_by: cyd}
rules:
  - {rule: second = done -> first = done, why: The second comes after the first}
  - {rule: third = done -> second = done, why: The third comes after the second}
arrangements: {all: {name: All three, when: third = done}}
preferences:
  ann: {worth: {first: {when: first = done, value: -5}}}
  bob: {worth: {second: {when: second = done, value: -3}}}
  cyd: {worth: {third: {when: third = done, value: -1}}}
"""


def test_the_first_and_the_later_refusals() -> None:
    """No change makes all three at once, for the first can stand alone: two are refused."""
    found = found_in(STAGES)
    way = found.way("all")
    refused = [{r.actor: r.gain for r in step.refusals} for step in way.steps]
    assert refused in (
        [{"ann": -5, "bob": -3}, {"cyd": -1}],
        [{"ann": -5}, {"bob": -3, "cyd": -1}],
    )
    assert way.first_refused is way.steps[0]
    text = str(found.explain("all"))
    assert "takes 2 steps, 2 of them refused; the first refused is step 1" in text
    assert "Ann (5 points lost)" in text


def test_what_a_gain_lacks_is_told() -> None:
    """A gain of no more than half a per cent of the range moves nobody."""
    much = "value: 0.01}, more: {when: third = done, value: -9}"
    found = found_in(STAGES.replace("value: -5}", much))
    first = found.way("all").first_refused
    assert first is not None
    (refusal,) = [r for r in first.refusals if r.actor == "ann"]
    assert refusal.gain == 0.01
    assert refusal.least == pytest.approx(0.045)
    assert "gains 0.01 points, no more than the 0.045" in str(found.explain("all"))


def test_what_bars_an_arrangement() -> None:
    """Nobody may sell; and the town that would be sold needs its mayor, who can be kept alone."""
    found = found_in(towns())
    obstacle = found.way("sold").obstacle
    assert obstacle is not None
    assert [(b.issue, b.target, b.bar) for b in obstacle.barred] == [("status", "sold", "nobody")]
    assert "Nobody has the right" in str(found.explain("sold"))


def test_what_breaks_a_rule_by_itself() -> None:
    text = towns().replace("when: status = sold}", "when: status = sold and toll = charged}")
    text = text.replace("toll = charged ->", "toll = charged -> status = sold and")
    obstacle = found_in(text).way("sold").obstacle
    assert obstacle is not None
    bars = {b.issue: (b.bar, b.rules) for b in obstacle.barred}
    assert bars == {"status": ("nobody", ()), "toll": ("not-alone", (0,))}


def test_the_rules_that_exclude_an_arrangement() -> None:
    found = found_in(towns())
    conflict = found.way("ghost-toll").conflict
    assert conflict is not None
    assert [rule.why for rule in conflict] == ["A toll needs a bridge"]
    assert found.way("still-there").conflict == ()


def test_an_unknown_arrangement_names_the_nearest() -> None:
    with pytest.raises(KeyError, match="did you mean 'toll-bridge'"):
        found_in(towns()).explain("tollbridge")


@pytest.mark.parametrize("key", ["as_of", "deadline"])
def test_a_case_without_dates_is_told_what_it_lacks(key: str) -> None:
    lines = [line for line in towns().splitlines() if not line.startswith(key)]
    with pytest.raises(CaseError, match=key):
        found_in("\n".join(lines))


def test_a_case_without_dates_is_given_a_year() -> None:
    game = game_of(read_case(CASES_FOLDER / "library" / "elmira.yaml"))
    (told,) = section(findings_on(game))
    assert "a year is taken" in str(told)


def test_the_picture_has_every_way() -> None:
    found = found_in(towns())
    (picture,) = [block for block in found.blocks() if isinstance(block, Tree)]
    rows = {row[4].text: row for row in as_table(picture).rows}
    assert rows["A toll bridge"][3].text == "Voters (40% in favour, 50% needed)"
    assert rows["A merger"][3].text == ""
    assert rows["No mayor"][2].text == "if nobody moves, at the deadline"


# --- the present --------------------------------------------------------------------------------


def test_a_change_that_could_have_been_made_long_ago() -> None:
    found = found_in(towns())
    assert found.present.unexplained == ("south",)
    first = found.present.departures[0]
    assert (first.step.by, first.long_ago, first.silenced) == ("south", True, ())
    assert 0.98 < first.chance < found.present.left < 1
    assert "a judgement is wrong, or the case must say what has changed" in str(found.blocks())


def test_a_gain_that_comes_from_the_reversion_alone_is_explained_by_the_deadline() -> None:
    """What the office is worth may also be had when the town is sold: no worth of today alone."""
    text = towns(office=8).replace(
        "when: mayor = in-office,", "when: mayor = in-office or status = sold,"
    )
    found = found_in(text).present
    departure = next(d for d in found.departures if d.step.by == "south")
    assert (departure.long_ago, departure.silenced, found.unexplained) == (False, (), ())


def test_a_worth_put_in_to_silence_the_question_is_named() -> None:
    found = found_in(towns(mayor=3, office=8))
    assert found.present.unexplained == ()
    assert found.present.silenced == (("south", "mayor-in-office"),)
    assert "preferences.south.worth.mayor-in-office" in str(found.blocks())


@pytest.mark.parametrize(
    ("right", "recent"),
    [
        ("{from: 2019-12-01, by: south}", True),
        ("{from: 2018-12-01, by: south}", False),
        ("{until: 2019-12-01, by: south}, {by: south}", False),
        ("{until: 2019-12-01, by: nobody}, {by: south}", True),
        ("{until: 2019-12-01, by: north and south}, {by: south}", True),
        ("{until: 2019-12-01, by: north or south}, {by: south}", False),
    ],
)
def test_who_has_just_come_by_the_right_could_not_have_used_it_long_ago(
    right: str, recent: bool
) -> None:
    text = towns().replace("{kept: south,", f"{{kept: [{right}],")
    assert text != towns()
    found = found_in(text)
    first = found.present.departures[0]
    assert (first.step.by, first.long_ago, first.recent) == ("south", not recent, recent)
    assert found.present.unexplained == (() if recent else ("south",))
    assert (
        "The right to leave it is less than 12 months old (South)." in str(found.blocks())
    ) == recent


@pytest.mark.parametrize(("share", "passes"), [(49.9, False), (50, True)])
def test_voters_at_their_threshold_could_have_agreed_long_ago(share: float, passes: bool) -> None:
    text = f"""
foedus: 1
title: A vote
as_of: 2020-01-01
deadline: 2021-01-01
actors: {{a: {{}}, voters: {{kind: electorate, threshold: 50}}}}
issues:
  x: {{positions: {{old: old, new: new}}, decided_by: {{new: a and voters, default: nobody}}}}
today: {{x: old}}
arrangements: {{new: {{when: x = new}}}}
preferences:
  a: {{worth: {{new: {{when: x = new, value: 9}}}}}}
  voters: {{support: [{{when: x = new, share: {share}}}, {{default: 10}}]}}
"""
    told = [(d.step.by, d.long_ago) for d in found_in(text).present.departures]
    assert told == ([("a+voters", True)] if passes else [])


def test_a_slow_change_is_still_to_come() -> None:
    """A league waits for its pace: within a year it is less likely than not."""
    found = found_in(towns(mayor=0))
    assert found.present.unexplained == ()
    assert found.present.departures[0].long_ago
    assert 0 < found.present.left < 0.5


# --- laws ---------------------------------------------------------------------------------------


def started(spec: Spec) -> str:
    """The case with today written down."""
    return replace(spec, today=spec.start).to_yaml()


def timed(text: str, pace: int) -> dict[str, Any]:
    """A random case with dates, every other issue paced; a plain dictionary."""
    case: dict[str, Any] = yaml.safe_load(text)
    case |= {"as_of": "2020-01-01", "deadline": "2023-01-01"}
    case["records"] = {
        "slow": {"since": "2000-01-01", "until": "2010-01-01", "agreed": 9, "done": 7}
    }
    for number, issue in enumerate(case["issues"].values()):
        if (number + pace) % 2:
            issue["pace"] = "slow"
    return case


def written(case: dict[str, Any]) -> str:
    return yaml.safe_dump(case, sort_keys=False)


SLOW = settings(max_examples=PROCESSES, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def test_random_cases_are_of_every_kind() -> None:
    """The laws below mean something only if every status comes up, and long ways do."""
    found = [found_in(written(timed(started(random_spec(seed)), 0))) for seed in range(1, 61)]
    ways = [way for paths in found for way in paths.ways.values()]
    assert {way.status for way in ways} >= {"standing", "open", "blocked", "barred", "impossible"}
    assert max(len(way.steps) for way in ways if way.status == "open") >= 2


@given(specs())
@SLOW
def test_ways_are_what_they_claim(spec: Spec) -> None:
    text = written(timed(started(spec), 0))
    found = found_in(text)
    ways, space = seeker(text)
    for name, way in found.ways.items():
        inside = space.matches(name)
        some = list(islice(ways.each_to(inside), 8))
        assert sum(chance for _, chance in some) <= way.reached + 1e-9
        here = found.today
        for step in way.steps:
            assert step.origin == here
            here = step.target
        if way.steps or way.status == "standing":
            assert inside[here]
        if way.status == "open":
            assert not way.first_refused
            assert not all(step.aside for step in way.steps)
            assert sum(days(way)) <= found.days + 1e-6
            assert some[0][1] == pytest.approx((way.share or 0) * way.reached, rel=1e-6)
        elif way.status != "standing":
            assert way.reached == pytest.approx(0, abs=1e-12)
        assert (way.status == "blocked") == (way.first_refused is not None)
        assert str(found.explain(name))


def reordered(case: dict[str, Any]) -> dict[str, Any]:
    """The same case with everything in it that has a name in reverse order."""
    found = dict(case)
    for key in ("actors", "issues", "arrangements", "preferences"):
        found[key] = dict(reversed(case.get(key, {}).items()))
    return found


def in_names(found: Paths) -> dict[str, Any]:
    """What is found of each arrangement, by names alone."""
    space = found.game.space

    def step(each: Step) -> tuple[Any, ...]:
        states = tuple(space.positions(s) for s in (each.origin, each.target, *each.instead))
        refused = {r.actor: (r.gain, r.share) for r in each.refusals}
        return states[:2], set(each.coalition), dict(each.gains), refused, len(states)

    return {
        name: (way.status, [step(each) for each in way.steps], round(way.share or 0, 6))
        for name, way in found.ways.items()
    }


@given(specs())
@SLOW
def test_the_order_of_the_file_changes_nothing(spec: Spec) -> None:
    case = timed(started(spec), 1)
    # A list of states names positions by issue, and stays as it is.
    one, other = found_in(written(case)), found_in(written(reordered(case)))
    assert in_names(one) == in_names(other)
    for name, way in one.ways.items():
        assert way.reached == pytest.approx(other.way(name).reached, abs=1e-9)
        assert days(way) == pytest.approx(days(other.way(name)), rel=1e-6)
    assert one.present.left == pytest.approx(other.present.left, abs=1e-9)
    chances = [[round(d.chance, 9) for d in found.present.departures] for found in (one, other)]
    assert chances[0] == chances[1]


# --- a published question -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def flagship() -> Paths:
    return ways_from_today(read_case(CASES_FOLDER / "belarus-2024.yaml"))


def test_the_flagship_is_refused_by_lukashenka_and_the_people(flagship: Paths) -> None:
    first = flagship.way("full-integration").first_refused
    assert first is not None
    assert {"lukashenka", "belarusians"} <= {refusal.actor for refusal in first.refusals}
    for exit_ in ("terms-amended", "powers-shifted"):
        assert flagship.way(exit_).status == "open"
        assert {step.by for step in flagship.way(exit_).steps} == {"putin+elite"}


def test_that_nobody_has_acted_yet_is_not_explained(flagship: Paths) -> None:
    """The case no longer prices the term while it runs, and says so: why nobody acted is open."""
    assert flagship.present.unexplained == ("putin+elite",)
    assert not flagship.present.silenced
