"""Acceptance on small cases worked by hand, on the example of the docs, and on the flagship."""

from __future__ import annotations

import json
from dataclasses import replace
from math import sqrt
from pathlib import Path

import pytest
from immutabledict import immutabledict

import foedus
from foedus.case.model import And, Case, In, Judgement, Not, Rule, Statement, Worth
from foedus.case.problems import CaseError
from foedus.case.reading import parse_case, read_case
from foedus.document import Grid, Section, Table, plain_lines
from foedus.process.acceptance.coalitions import COALITION_LIMIT, TooManyCoalitions
from foedus.process.acceptance.results import Finding
from foedus.process.acceptance.solve import Acceptance, acceptance
from foedus.reporting.acceptance_tables import arrangement_table

CASES = Path(__file__).parent.parent / "cases"


def solved(text: str, **options: str) -> Acceptance:
    return acceptance(parse_case(text, file="small.yaml"), **options)


def positions(found: Acceptance, index: int) -> str:
    """The positions of a state, joined: ``wide/free``."""
    return "/".join(found.game.space.positions(index).values())


def form(found: Acceptance, arrangement: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The package: its positions, who is asked and who refuses."""
    package = found[arrangement].package
    assert package is not None
    choice = package.choice
    return positions(found, choice.state), choice.coalition, choice.refusing


def no_deal(found: Acceptance, arrangement: str) -> str:
    end = found[arrangement].no_deal
    assert end is not None
    return positions(found, end.state)


# --- who makes it --------------------------------------------------------------------------------

STAGES = """
foedus: 1
title: Signed, then ratified
today: {treaty: none}
actors: {leader: {name: Leader}, house: {name: House}, third: {name: Third}}
issues:
  treaty:
    positions: {none: None, signed: Signed, ratified: Ratified}
    decided_by: {none -> signed: leader, signed -> ratified: house, default: nobody}
  side:
    positions: {unmade: Unmade, made: Made}
    decided_by: {made: third, unmade: nobody}
arrangements:
  signed: {name: Signed, when: treaty = signed}
  ratified: {name: Ratified, when: treaty = ratified}
  either: {name: Ratified or a side deal, when: treaty = ratified or side = made}
  as-it-is: {name: As it is, when: treaty = none and side = unmade}
preferences:
  leader: {worth: {treaty: {when: treaty = ratified, value: 2}}}
  house: {worth: {treaty: {when: treaty = ratified, value: 1}}}
  third: {worth: {side: {when: side = made, value: 1}}}
"""


def test_stages_that_no_mover_passes_alone_are_made_by_the_union() -> None:
    found = solved(STAGES)
    assert found["signed"].makers == (("leader",),)
    assert found["ratified"].makers == (("leader", "house"),)
    assert (found["ratified"].states, found["ratified"].made) == (2, 2)


def test_an_arrangement_is_made_by_those_that_contain_no_other_maker() -> None:
    assert solved(STAGES)["either"].makers == (("third",), ("leader", "house"))


def test_standing_still_makes_what_today_falls_to() -> None:
    finding = solved(STAGES)["as-it-is"]
    assert finding.makers == ((),)
    assert not finding.needs_consent
    assert finding.acceptable
    assert finding.package is not None
    assert finding.package.choice.coalition == ()
    assert finding.package.choice.joint_gain is None
    assert finding.bare == finding.package.choice


def test_those_who_together_make_it_do_not_sit_out_alone() -> None:
    """Nobody makes `ratified` alone, so the leader is free to sign, and gains nothing by it."""
    end = solved(STAGES)["ratified"].no_deal
    assert end is not None
    assert end.sitting_out == ()
    assert [step.mover for step in end.steps] == ["third"]


OVERLAP = """
foedus: 1
title: Two rights that share a member
today: {left: n, right: n}
actors: {a: {name: A}, b: {name: B}, c: {name: C}}
issues:
  left: {positions: {n: "No", y: "Yes"}, decided_by: a and b}
  right: {positions: {n: "No", y: "Yes"}, decided_by: b and c}
  both: {positions: {n: "No", y: "Yes"}, decided_by: a and b and c}
arrangements:
  two: {name: Left and right, when: left = y and right = y and both = n}
  all: {name: All, when: left = y and right = y and both = y}
preferences:
  a: {worth: {left: {when: left = y, value: 1}, cost: {when: both = y, value: -3}}}
  b: {worth: {left: {when: left = y, value: 1}, right: {when: right = y, value: 1}}}
  c: {worth: {right: {when: right = y, value: 4}}}
"""


def test_a_coalition_has_all_movers_it_contains_as_parts() -> None:
    found = solved(OVERLAP)
    assert found["two"].makers == (("a", "b", "c"),)
    assert found["all"].makers == (("a", "b", "c"),)


def test_a_mover_that_makes_it_sits_out_and_its_parts_do_not() -> None:
    """A, B and C together make `all`; A with B, and B with C, go on by themselves."""
    found = solved(OVERLAP)
    end = found["all"].no_deal
    assert end is not None
    assert end.sitting_out == ("a+b+c",)
    assert no_deal(found, "all") == "y/y/n"
    # From there A loses 3 by `all`, and neither B nor C gains.
    assert form(found, "all") == ("y/y/y", ("a", "b", "c"), ("a", "b", "c"))


def test_no_move_into_the_arrangement_is_made() -> None:
    """`two` is one step from left = y; B and C would like that step, and it is not made."""
    found = solved(OVERLAP)
    assert no_deal(found, "two") == "y/n/n"
    assert form(found, "two") == ("y/y/n", ("a", "b", "c"), ("a",))


def test_too_many_coalitions_are_refused() -> None:
    names = [f"a{k}" for k in range(13)]
    actors = "".join(f"  {name}: {{name: {name}}}\n" for name in names)
    issues = "".join(
        f"  i{name}: {{positions: {{n: No, yes-: Yes}}, decided_by: {name}}}\n".replace("yes-", "x")
        for name in names
    )
    wants = "".join(f"  {name}: {{ranking: [i{name} = x]}}\n" for name in names)
    text = f"foedus: 1\ntitle: Many\ntoday: {{}}\nactors:\n{actors}issues:\n{issues}"
    with pytest.raises(TooManyCoalitions, match=f"{COALITION_LIMIT:,}"):
        solved(f"{text}preferences:\n{wants}")


# --- impossible, lapsing, nobody's right ---------------------------------------------------------

RULED = """
foedus: 1
title: Rules and rights
today: {a: n, post: now}
actors: {x: {name: X}}
issues:
  a: {positions: {n: "No", y: "Yes"}, decided_by: x}
  b: {positions: {n: "No", y: "Yes"}, decided_by: nobody}
  post: {positions: {now: Now, gone: Gone}, decided_by: nobody, otherwise: {now: gone}}
rules:
  - {rule: not (a = y and b = y), why: Both cannot be had}
  - {rule: a = n -> b = n, why: The one needs the other}
arrangements:
  excluded: {name: Both, when: a = y and b = y}
  contradiction: {name: Nonsense, when: a = y and a = n}
  lapsing: {name: Still in office, when: post = now}
  b-alone: {name: B, when: b = y and a = n}
  a-alone: {name: A, when: a = y}
preferences:
  x: {worth: {a: {when: a = y, value: 3}, post: {when: post = now, value: 5}}}
"""


def test_what_the_rules_exclude_is_told_with_a_smallest_set_of_them() -> None:
    found = solved(RULED)
    assert found["excluded"].status == "impossible"
    assert [rule.why for rule in found["excluded"].conflict or ()] == ["Both cannot be had"]
    assert "Both cannot be had" in str(found.explain("excluded"))
    assert [rule.why for rule in found["b-alone"].conflict or ()] == ["The one needs the other"]
    assert found["contradiction"].conflict == ()


def test_what_lapses_at_the_deadline_is_told_apart_from_the_impossible() -> None:
    found = solved(RULED)
    assert found["lapsing"].status == "lapses"
    assert found["lapsing"].conflict is None
    assert "deadline" in str(found.explain("lapsing"))


def test_nobody_has_the_right() -> None:
    text = RULED.replace("  - {rule: not (a = y and b = y), why: Both cannot be had}\n", "")
    finding = solved(text)["excluded"]
    assert finding.status == "no-right"
    assert (finding.states, finding.made, finding.makers) == (1, 0, ())
    assert finding.package is finding.bare is finding.no_deal is None
    assert "nobody has the right" in str(solved(text).explain("excluded"))


def test_today_counts_as_if_it_lasted_and_the_fall_as_it_is() -> None:
    package = solved(RULED)["a-alone"].package
    assert package is not None
    effect = package.effect("x")
    assert (effect.at.today, effect.at.bare_fall, effect.at.no_deal, effect.value) == (5, 0, 0, 3)
    assert effect.against_today == -2
    assert effect.against_bare_fall == effect.against_no_deal == 3
    assert effect.agrees


# --- no deal -------------------------------------------------------------------------------------

ORDERS = """
foedus: 1
title: Who is first
today: {seat: none, deal: n}
actors: {a: {name: A}, b: {name: B}, c: {name: C}}
issues:
  seat:
    positions: {none: Nobody, a: A sits, b: B sits}
    decided_by: {none -> a: a, none -> b: b, default: nobody}
  deal: {positions: {n: "No", y: "Yes"}, decided_by: c}
arrangements: {deal: {name: Deal, when: deal = y}}
preferences:
  a: {worth: {seat: {when: seat = a, value: 1}}}
  b: {worth: {seat: {when: seat = b, value: 1}}}
  c: {worth: {a: {when: seat = a, value: 2}, deal: {when: deal = y, value: 1}}}
"""


def test_the_order_of_turns_is_an_option() -> None:
    assert no_deal(solved(ORDERS), "deal") == "a/n"
    assert no_deal(solved(ORDERS, order="reverse"), "deal") == "b/n"
    with pytest.raises(ValueError, match="no order 'random'; there are: file, reverse"):
        solved(ORDERS, order="random")


PURSUIT = """
foedus: 1
title: A wants to differ and B to be like A
today: {a: n, b: n}
actors: {a: {name: A}, b: {name: B}, c: {name: C}}
issues:
  a: {positions: {n: "No", y: "Yes"}, decided_by: a}
  b: {positions: {n: "No", y: "Yes"}, decided_by: b}
  deal: {positions: {n: "No", y: "Yes"}, decided_by: c}
arrangements: {deal: {name: Deal, when: deal = y}}
preferences:
  a: {worth: {differ: {when: not (a = y <-> b = y), value: 1}}}
  b: {worth: {alike: {when: a = y <-> b = y, value: 1}}}
  c: {worth: {deal: {when: deal = y, value: 1}}}
"""


def test_a_return_is_refused_and_reported_with_its_cycle() -> None:
    """n/n, A to y/n, B to y/y, A to n/y; B would go back to n/n, where it all began."""
    found = solved(PURSUIT)
    end = found["deal"].no_deal
    assert end is not None
    assert [(s.mover, positions(found, s.target)) for s in end.steps] == [
        ("a", "y/n/n"),
        ("b", "y/y/n"),
        ("a", "n/y/n"),
    ]
    assert not end.settled
    (refused,) = end.refused
    assert refused.mover == "b"
    assert positions(found, refused.target) == "n/n/n"
    assert end.cycle(refused) == end.steps
    assert "The BATNA is not settled" in str(found.explain("deal"))


def test_the_best_improvement_is_by_geometric_mean_then_fewest_changes() -> None:
    """Of 9 and 1, 4 and 4, 8 and 2: the product 16 twice, and `even` in fewer changes."""
    found = solved(
        """
foedus: 1
title: A choice of two
today: {x: none, deal: n}
actors: {a: {name: A}, b: {name: B}, c: {name: C}}
issues:
  x: {positions: {none: None, first: First, skew: Skew, even: Even}, decided_by: a and b}
  y: {positions: {n: "No", y: "Yes"}, decided_by: a and b}
  deal: {positions: {n: "No", y: "Yes"}, decided_by: c}
rules:
  - {rule: x = skew <-> y = y, why: Skew comes with y}
arrangements: {deal: {name: Deal, when: deal = y}}
preferences:
  a:
    worth:
      first: {when: x = first, value: 9}
      skew: {when: x = skew, value: 8}
      even: {when: x = even, value: 4}
  b:
    worth:
      first: {when: x = first, value: 1}
      skew: {when: x = skew, value: 2}
      even: {when: x = even, value: 4}
  c: {worth: {deal: {when: deal = y, value: 1}}}
"""
    )
    assert no_deal(found, "deal") == "even/n/n"


# --- package, bare form, shortfall ---------------------------------------------------------------

SPLIT = """
foedus: 1
title: How to share
today: {deal: none}
actors: {a: {name: A}, b: {name: B}, v: {name: V, kind: electorate, threshold: 60}}
issues:
  deal:
    positions: {none: No deal, mean: Mean, fair: Fair, rich: Rich, grand: Grand}
    decided_by: {grand: a and b and v, default: a and b}
arrangements:
  any: {name: Any deal, when: deal != none}
  mean: {name: The mean one, when: deal = mean}
  grand: {name: The grand one, when: deal = grand}
  small: {name: Mean or fair, when: deal in mean | fair}
preferences:
  a:
    worth:
      mean: {when: deal = mean, value: 9}
      fair: {when: deal = fair, value: 5}
      rich: {when: deal = rich, value: 10}
      grand: {when: deal = grand, value: 9.5}
  b:
    worth:
      mean: {when: deal = mean, value: [-5, -2, 0]}
      fair: {when: deal = fair, value: 20}
      rich: {when: deal = rich, value: 2}
      grand: {when: deal = grand, value: 38}
  v: {support: [{when: deal = grand, share: [40, 55, 70]}, {default: 80}]}
"""


def test_the_package_is_the_greatest_mean_of_shares_of_the_range() -> None:
    """A's range is 10 and B's 40: fair gives 0.5 and 0.5, rich 1 and 0.05; grand fails with V."""
    found = solved(SPLIT)
    assert form(found, "any") == ("fair", ("a", "b"), ())
    package = found["any"].package
    assert package is not None
    assert package.choice.joint_gain == pytest.approx(0.5)
    assert (found["any"].states, found["any"].made, found["any"].passing) == (4, 4, 2)


def test_the_bare_form_stands_beside_the_package() -> None:
    """All deals are one change from today: the lowest number counts, and B refuses it."""
    bare = solved(SPLIT)["any"].bare
    assert bare is not None
    assert (bare.state, bare.changes, bare.refusing) == (1, 1, ("b",))
    assert not bare.passes


def test_a_shortfall_is_in_the_blocker_s_own_units() -> None:
    found = solved(SPLIT)
    mean, grand = found["mean"].package, found["grand"].package
    assert mean is not None
    assert grand is not None
    assert [(e.actor, e.change, e.shortfall) for e in mean.blockers] == [("b", "loses", 2)]
    assert [(e.actor, e.change, e.shortfall) for e in grand.blockers] == [("v", "disapproves", 5)]
    assert mean.effect("v").change == "approves"
    assert not mean.effect("v").asked


def test_what_one_judgement_would_have_to_be() -> None:
    found = solved(SPLIT)
    for name, item, bound, within in (("mean", "mean", 0, False), ("grand", "s1", 60, True)):
        finding = found[name]
        assert finding.package is not None
        assert finding.no_deal is not None
        (blocker,) = finding.package.blockers
        (need,) = blocker.needs
        assert (need.item, need.more, need.bound, need.within) == (item, True, bound, within)
        assert need.no_deal_stays is (True if within else None)


def test_ordinal_members_are_counted_in_ranks() -> None:
    """With B ordinal, A's 9, 5, 10, 9.5 count as ranks 2, 1, 4, 3 of 4."""
    text = SPLIT.replace(
        SPLIT[SPLIT.index("  b:\n    worth:") : SPLIT.index("  v: {support")],
        "  b: {ranking: [deal = grand, deal = fair, deal = rich, deal = none, deal = mean]}\n",
    )
    found = solved(text)
    package = found["any"].package
    assert package is not None
    # Rich: A 4/4, B from rank 1 to 2, so 1/4. Fair: A 1/4, B 2/4.
    assert form(found, "any") == ("rich", ("a", "b"), ())
    assert package.choice.joint_gain == pytest.approx(sqrt(1 / 4))
    mean = found["mean"].package
    assert mean is not None
    assert [(e.actor, e.shortfall) for e in mean.blockers] == [("b", 2)]


def test_who_refuses_every_form_is_told_apart() -> None:
    found = solved(
        SPLIT.replace("fair: {when: deal = fair, value: 20}", "f: {when: deal = fair, value: 0}")
    )
    (stubborn,) = found["small"].always
    assert (stubborn.actor, stubborn.effect.shortfall) == ("b", 0)
    assert positions(found, stubborn.state) == "fair"
    assert stubborn.effect.change == "indifferent"
    assert [refusal.members for refusal in found["small"].refusals] == [("b",)]
    assert found["any"].always == ()


def test_dominated_arrangements_are_told_with_what_is_better() -> None:
    """Grand gives A 9.5 and B 38; mean gives them 9 and -2: but V approves mean and not grand."""
    found = solved(SPLIT)
    assert found.dominated_by["mean"] == ()
    assert set(found.undominated) == {"any", "mean", "grand", "small"}
    asked = SPLIT.replace("share: [40, 55, 70]", "share: 60")
    assert solved(asked).dominated_by["mean"] == ("any", "grand")


# --- errors --------------------------------------------------------------------------------------


def test_without_today_there_is_nothing_to_compare_with() -> None:
    case = read_case(CASES / "library" / "elmira.yaml")
    first = {issue.id: issue.positions[0].id for issue in case.issues.values()}
    barred = Not(And(tuple(In(i, frozenset({p})) for i, p in first.items())))
    rule = Rule(Statement("not the first positions", barred), why="For this test")
    with pytest.raises(CaseError, match="today"):
        acceptance(replace(case, today=None, rules=(*case.rules, rule)))


def test_today_is_each_issue_s_first_position_where_the_case_does_not_say() -> None:
    case = parse_case(SPLIT, file="x")
    first = immutabledict({i.id: i.positions[0].id for i in case.issues.values()})
    unsaid, said = acceptance(replace(case, today=None)), acceptance(replace(case, today=first))
    assert unsaid.to_dict() == said.to_dict()


def test_an_unknown_arrangement_is_told_with_the_nearest() -> None:
    with pytest.raises(KeyError, match="did you mean 'grand'"):
        solved(SPLIT).explain("grant")


def test_a_case_without_arrangements_says_so() -> None:
    found = acceptance(replace(parse_case(SPLIT, file="x"), arrangements=immutabledict()))
    assert "no arrangements" in text_of(found)
    assert found.to_dict()["arrangements"] == {}


def text_of(found: Acceptance) -> str:
    return "\n".join(
        line
        for block in (*found.blocks(), *arrangement_table(found))
        for line in plain_lines(block)
    )


# --- the example of the docs ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def towns() -> Acceptance:
    return foedus.acceptance(foedus.load(CASES / "two-towns.yaml"))


def test_a_free_bridge_is_a_wide_one(towns: Acceptance) -> None:
    """In ranks: North goes from 0 to 2 of 0, 10, 35, 45; South from 1 to 2 of 0, 1, 2."""
    assert form(towns, "free-bridge") == ("wide/free/gone/apart", ("north", "south"), ())
    package = towns["free-bridge"].package
    assert package is not None
    assert package.choice.joint_gain == pytest.approx(sqrt(2 / 3 * 1 / 2))
    assert no_deal(towns, "free-bridge") == "none/free/gone/apart"


def test_without_a_merger_the_towns_build_and_north_charges(towns: Acceptance) -> None:
    end = towns["one-town"].no_deal
    assert end is not None
    assert [step.mover for step in end.steps] == ["north+south", "north"]
    assert no_deal(towns, "one-town") == "wide/charged/gone/apart"
    assert [refused.mover for refused in end.refused] == ["south+voters"]
    assert end.sitting_out == ("north+south+voters",)
    assert [each.actor for each in towns["one-town"].always] == ["north", "voters"]


# --- the flagship --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def belarus() -> Case:
    return read_case(CASES / "belarus-2024.yaml")


@pytest.fixture(scope="module")
def flagship(belarus: Case) -> Acceptance:
    return acceptance(belarus)


def blockers(finding: Finding) -> list[str]:
    assert finding.package is not None
    return [effect.actor for effect in finding.package.blockers]


def changed(case: Case, actor: str, item: str, value: float) -> Case:
    """The case with one worth judged otherwise."""
    preference = case.preferences[actor]
    assert isinstance(preference, Worth)
    assert item in {each.id for each in preference.items}
    items = tuple(
        replace(each, value=Judgement(value, value, value)) if each.id == item else each
        for each in preference.items
    )
    return replace(case, preferences=immutabledict({**case.preferences, actor: Worth(items)}))


def test_which_arrangements_are_acceptable(flagship: Acceptance) -> None:
    assert set(flagship.acceptable) == {
        "status-quo-union",
        "economic-union",
        "loyal-president",
        "terms-amended",
        "powers-shifted",
        "deeper-eeu",
        "putin-without-post",
    }


def test_the_exits_within_russia_ask_putin_and_the_elite_alone(flagship: Acceptance) -> None:
    for name in ("terms-amended", "powers-shifted"):
        package = flagship[name].package
        assert package is not None
        assert package.choice.coalition == ("putin", "elite")


def test_lukashenka_refuses_every_form_of_a_merger_and_of_the_option(flagship: Acceptance) -> None:
    for name in ("full-integration", "belarus-option", "confederation", "union-state-agreed"):
        assert "lukashenka" in [each.actor for each in flagship[name].always], name
    assert blockers(flagship["belarus-option"]) == ["elite", "lukashenka", "belarusians"]
    assert blockers(flagship["full-integration"]) == ["putin", "elite", "lukashenka", "belarusians"]


def test_in_a_merger_either_putin_or_the_partners_refuse_as_well(flagship: Acceptance) -> None:
    sets = {frozenset(refusal.members) for refusal in flagship["full-integration"].refusals}
    three = {"elite", "lukashenka", "belarusians"}
    assert sets == {frozenset({*three, "putin"}), frozenset({*three, "eeu-partners"})}


def test_in_a_confederation_either_putin_or_the_people_refuse_as_well(flagship: Acceptance) -> None:
    sets = {frozenset(refusal.members) for refusal in flagship["confederation"].refusals}
    two = {"elite", "lukashenka"}
    assert sets == {frozenset({*two, "putin"}), frozenset({*two, "belarusians"})}


def test_putin_s_no_deal_is_an_exit_that_needs_no_lukashenka(flagship: Acceptance) -> None:
    for name in ("belarus-option", "full-integration"):
        end = flagship[name].no_deal
        assert end is not None
        reached = flagship.game.space.positions(end.state)
        assert (reached["post"], reached["shift"], reached["successor"]) == (
            "council",
            "shifted",
            "loyal",
        )
        assert (reached["union"], reached["eeu"]) == ("economic", "deeper")
        assert end.settled
        assert end.steps[0].mover == "putin+elite"


@pytest.mark.parametrize(
    ("item", "refused", "agreed"), [("own-state", 4, 3.9), ("post-from-moscow", 61, 61.1)]
)
def test_one_judgement_that_would_turn_lukashenka_on_a_merger(
    belarus: Case, flagship: Acceptance, item: str, refused: float, agreed: float
) -> None:
    """The bound told with the shortfall is where the whole computation flips."""
    stubborn = flagship["full-integration"].stubborn("lukashenka")
    end = flagship["full-integration"].no_deal
    assert stubborn is not None
    assert end is not None
    bounds = {need.item: need.bound for need in stubborn.effect.needs}
    assert bounds[item] == pytest.approx(refused)
    for value, refuses in ((refused, True), (agreed, False)):
        finding = acceptance(changed(belarus, "lukashenka", item, value))["full-integration"]
        assert (finding.stubborn("lukashenka") is not None) is refuses


def test_a_judgement_that_would_change_no_deal_too_is_marked(flagship: Acceptance) -> None:
    """From 21.3 on, president again is the elite's and Putin's exit: 36 x 21.4 > 48 x 16."""
    stubborn = flagship["full-integration"].stubborn("elite")
    assert stubborn is not None
    again = next(need for need in stubborn.effect.needs if need.item == "president-again")
    assert (again.bound, again.within, again.no_deal_stays) == (22, True, False)
    assert (
        "president-again more than 22 (judged 18, 8 to 28), though the BATNA would then be"
        in str(flagship.explain("full-integration"))
    )


def test_the_result_is_plain_data(flagship: Acceptance) -> None:
    told = json.loads(json.dumps(flagship.to_dict()))
    assert told["states"] == 1098
    option = told["arrangements"]["belarus-option"]
    assert option["status"] == "blocked"
    lukashenka = option["package"]["actors"]["lukashenka"]
    assert (lukashenka["blocks"], lukashenka["shortfall"]) == (True, 48)
    assert option["no_deal"]["state"]["positions"]["post"] == "council"


def test_the_explanation_comes_down_to_judgements_and_their_grounds(flagship: Acceptance) -> None:
    told = str(flagship.explain("full-integration"))
    assert "−60 points: no longer own-state, judged 60 (40 to 80), because of no-state-left" in told
    assert "own-state less than 4" in told
    assert "8% in favour, 50% needed" in told


def test_the_blocks_hold_the_veto_map_and_what_is_lacking(flagship: Acceptance) -> None:
    blocks = flagship.blocks()
    (grid,) = [block for block in blocks if isinstance(block, Grid)]
    assert len(grid.rows) == len(flagship.findings)
    assert len(grid.columns) == len(flagship.game.views)
    row = grid.rows.index("Belarus turns to the West")
    by_actor = dict(zip(grid.columns, grid.cells[row], strict=True))
    assert by_actor["Alyaksandr Lukashenka"].text == "loses"
    assert by_actor["Vladimir Putin"].text == "not asked (loses)"
    assert [block.title for block in blocks if isinstance(block, Section)] == [
        "What happens without a deal",
        "What each actor would need",
        "Gains against three points",
    ]
    tables = [block.caption for block in blocks if isinstance(block, Table)]
    assert tables == ["The arrangements", "What could be paid"]
