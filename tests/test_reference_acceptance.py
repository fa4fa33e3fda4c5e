"""The reference for acceptance is right: on small cases worked by hand."""

from __future__ import annotations

from fractions import Fraction

from reference.acceptance import Acceptance, Mean
from reference.game import (
    Actor,
    Issue,
    Preference,
    Priorities,
    Ranking,
    Right,
    Spec,
    Support,
    Worth,
)
from reference.statements import And, Is, Not, Statement
from strategies import random_deals

A, B, C = (frozenset(name) for name in "abc")
BOTH = A | B


def at(issue: str, *positions: str) -> Is:
    return Is(issue, positions)


def worth(issue: str, **values: float) -> tuple[tuple[Statement, float], ...]:
    """What each position of one issue is worth."""
    return tuple((at(issue, position), value) for position, value in values.items())


def case(
    issues: list[Issue],
    preferences: dict[str, Preference],
    arrangements: dict[str, Statement],
    *,
    electorate: Actor | None = None,
    groups: tuple[tuple[str, ...], ...] = (),
    rules: tuple[Statement, ...] = (),
    today: tuple[str, ...] | None = None,
) -> Acceptance:
    actors = [Actor(name) for name in preferences if electorate is None or name != electorate.id]
    if electorate is not None:
        actors.append(electorate)
    return Acceptance(
        Spec(tuple(actors), tuple(issues), preferences, rules, groups, arrangements, today)
    )


def issue(name: str, positions: str, default: Right, **otherwise: str) -> Issue:
    return Issue(name, tuple(positions.split()), default, otherwise=otherwise)


def test_means_are_compared_without_roots() -> None:
    half, eighth = Fraction(1, 2), Fraction(1, 8)
    assert Mean((half,)) == Mean((half, half)) == Mean((Fraction(1), half, eighth * 2))
    assert Mean((half, eighth)) < Mean((Fraction(1, 3),)) < Mean((half,))
    assert float(Mean((half, eighth))) == 0.25


def test_two_divide_a_gain() -> None:
    """Shares of each range: keep .8 and .2, even .6 and .6, give .2 and 1: even is greatest."""
    acceptance = case(
        [issue("split", "none keep even give", (BOTH,))],
        {
            "a": Worth(worth("split", keep=8, even=6, give=2)),
            "b": Worth(worth("split", keep=1, even=3, give=5)),
        },
        {"deal": Not(at("split", "none")), "lopsided": at("split", "keep", "give")},
    )
    answer = acceptance.answer("deal")
    assert answer.makers == {BOTH}
    assert answer.candidates == {(2, BOTH), (3, BOTH), (4, BOTH)}
    assert answer.no_deal.result == 1
    assert answer.package == (3, BOTH)
    assert answer.bare_form == 2
    assert answer.acceptable
    assert answer.bare_form_passes
    assert answer.entries == {"a": "gains", "b": "gains"}
    assert answer.gains == {"a": (6, 6, 6), "b": (3, 3, 3)}
    assert float(acceptance.mean_gain(BOTH, 1, 3)) == (6 / 8 * 3 / 5) ** 0.5
    # keep: 8/8 * 1/5 = .2; give: 2/8 * 5/5 = .25
    assert acceptance.answer("lopsided").package == (4, BOTH)
    assert acceptance.undominated() == ["deal", "lopsided"]


def test_equal_means_go_to_fewest_changes_and_then_the_lowest_number() -> None:
    issues = [issue("x", "p q", (A,)), issue("y", "p q r", (A,))]
    wants = {"a": Worth(((Not(at("y", "p")), 4), (And((at("x", "q"), at("y", "p"))), 3)))}
    acceptance = case(issues, wants, {"new": Not(at("y", "p")), "any": at("x", "q")})
    # states: 1 pp 2 qp 3 pq 4 qq 5 pr 6 qr; 3 to 6 are worth 4
    assert acceptance.answer("new").package == (3, A)
    assert acceptance.answer("any").package == (4, A)
    assert acceptance.answer("any").bare_form == 2


def test_shares_of_ranges_compare_coalitions() -> None:
    """With c, a has less of its range than with b, though more of anything in plain units."""
    stay = issue("x", "none two three", ())
    by_change = {("none", "two"): (BOTH,), ("none", "three"): (A | C,)}
    stay = Issue("x", stay.positions, changes=by_change)
    acceptance = case(
        [stay],
        {
            "a": Worth(worth("x", two=9, three=10)),
            "b": Worth(worth("x", two=1)),
            "c": Worth(worth("x", three=50, two=100)),
        },
        {"some": Not(at("x", "none"))},
    )
    answer = acceptance.answer("some")
    assert answer.makers == {BOTH, A | C}
    # two: a .9, b 1; three: a 1, c .5
    assert answer.package == (2, BOTH)
    assert answer.entries == {"a": "gains", "b": "gains", "c": "not asked"}
    assert answer.gains["c"] == (100, 100, 100)


def test_with_an_ordinal_member_all_are_counted_in_ranks() -> None:
    """In utilities a's great loss from x to y would count; in ranks y is the middle for both."""
    stay = issue("deal", "none x y z", (BOTH,))
    tiers = tuple((at("deal", position),) for position in "zyx")
    acceptance = case(
        [stay],
        {"a": Worth(worth("deal", x=100, y=40, z=1)), "b": Ranking(tiers)},
        {"deal-made": Not(at("deal", "none"))},
    )
    answer = acceptance.answer("deal-made")
    assert answer.package == (3, BOTH)
    assert acceptance.mean_gain(BOTH, 1, 3).gains == (Fraction(2, 3), Fraction(2, 3))
    assert answer.gains == {"a": (40, 40, 40), "b": (2, 2, 2)}


def test_an_ordinal_refuser_lacks_ranks() -> None:
    acceptance = case(
        [issue("deal", "none x y z", (BOTH,))],
        {
            "a": Worth(worth("deal", x=1)),
            "b": Priorities(((at("deal", "none"), None), (at("deal", "y", "z"), None))),
        },
        {"x-made": at("deal", "x")},
    )
    answer = acceptance.answer("x-made")
    assert answer.package == (2, BOTH)
    assert not answer.acceptable
    assert answer.entries == {"a": "gains", "b": "loses"}
    assert answer.blockers == {"b": 3}  # from the lowest rank to the one above y and z and none


def test_nobody_has_the_right() -> None:
    acceptance = case(
        [issue("x", "p q", ()), issue("y", "p q", (A,))],
        {"a": Worth(worth("x", q=5))},
        {"dream": at("x", "q"), "impossible": And((at("x", "q"), at("x", "p")))},
    )
    for name in ("dream", "impossible"):
        answer = acceptance.answer(name)
        assert answer.makers == frozenset()
        assert answer.package is None
        assert answer.bare_form is None
        assert not answer.acceptable
        assert answer.needs_consent
    assert acceptance.undominated() == []


def test_what_comes_by_itself_needs_no_consent() -> None:
    acceptance = case(
        [issue("mayor", "sits stays gone", (A,), sits="gone"), issue("y", "p q", (B,))],
        {
            "a": Worth(worth("mayor", sits=7, stays=5)),
            "b": Worth(worth("y", q=1)),
        },
        {"mayor-gone": at("mayor", "gone"), "mayor-stays": at("mayor", "stays")},
    )
    # states: 1 sits p, 2 stays p, 3 gone p, 4 sits q, ... ; 1 falls to 3
    gone = acceptance.answer("mayor-gone")
    assert not gone.needs_consent
    assert gone.makers == {frozenset()}
    assert gone.no_deal.sits_out == (("a",), ("b",))
    assert gone.no_deal.result == 3
    assert gone.package == (3, frozenset())
    assert gone.acceptable
    assert gone.bare_form == 3
    assert set(gone.entries.values()) == {"not asked"}
    assert gone.gains["a"] == (-7, 0, 0)

    stays = acceptance.answer("mayor-stays")
    assert stays.makers == {A}
    assert stays.no_deal.sits_out == (("a",),)
    assert stays.no_deal.result == 6  # b has its y, and the mayor goes
    assert stays.package == (2, A)  # a makes 2 alone, 5 only with b
    assert (5, BOTH) in stays.candidates
    assert stays.gains["a"] == (-2, 5, 5)
    # b is asked about 5 alone, and gains nothing there that it would not have without a deal


def test_no_deal_moves_against_its_refuser() -> None:
    """The union is worse for b than today, and better than the squeeze that comes instead."""
    acceptance = case(
        [issue("gas", "cheap dear", (A,)), issue("status", "apart union", (BOTH,))],
        {
            "a": Worth((*worth("gas", dear=1), *worth("status", union=5))),
            "b": Worth((*worth("gas", dear=-4), *worth("status", union=-1))),
        },
        {"union": at("status", "union")},
    )
    answer = acceptance.answer("union")
    assert answer.no_deal.moves == ((("a",), 1, 2),)
    assert answer.no_deal.result == 2
    assert answer.no_deal.sits_out == (("a", "b"),)  # that group makes it; a by itself does not
    # union with cheap gas: a gains 4 of 6, b 3 of 5; with dear gas b would lose 1
    assert answer.package == (3, BOTH)
    assert answer.acceptable
    assert answer.gains == {"a": (5, 5, 4), "b": (-1, -1, 3)}


def test_no_deal_that_goes_round_is_refused_its_last_step() -> None:
    """Matching pennies: a wants the two to differ, b to be alike."""
    alike = [And((at("x", p), at("y", p))) for p in "pq"]
    acceptance = case(
        [issue(name, "p q", (maker,)) for name, maker in (("x", A), ("y", B))]
        + [issue("z", "p q", (BOTH,))],
        {
            "a": Worth(tuple((when, -1) for when in alike)),
            "b": Worth(tuple((when, 1) for when in alike)),
        },
        {"deal": at("z", "q")},
    )
    no_deal = acceptance.answer("deal").no_deal
    # states 1 pp, 2 qp, 3 pq, 4 qq
    assert no_deal.moves == ((("a",), 1, 2), (("b",), 2, 4), (("a",), 4, 3))
    assert no_deal.refused == ((("b",), 3, 1, (1, 2, 4, 3)),)
    assert no_deal.end == no_deal.result == 3
    deal = acceptance.answer("deal")
    # from 3, a is content and gains nowhere; any z = q state with x != y leaves it indifferent
    assert not deal.acceptable
    assert len(deal.blockers) == 1


def test_moves_into_the_arrangement_are_not_made_but_the_next_best_is() -> None:
    """Only a and b together make x = q; the group a, c has a way there that it may not take."""
    acceptance = case(
        [
            Issue("x", ("p", "q"), default=(A | C,)),
            issue("y", "p q", (A,)),
        ],
        {
            "a": Worth((*worth("x", q=9), *worth("y", q=1))),
            "c": Worth(worth("x", q=1)),
        },
        {"both": And((at("x", "q"), at("y", "q"))), "x": at("x", "q")},
    )
    both = acceptance.answer("both")
    assert both.makers == {A | C}
    assert both.no_deal.sits_out == (("a", "c"),)
    assert both.no_deal.moves == ((("a",), 1, 3),)
    assert both.package == (4, A | C)
    # c gains; a has y = q without a deal
    assert both.gains["a"] == (10, 10, 9)


def test_those_who_make_it_alone_sit_out_on_every_issue() -> None:
    acceptance = case(
        [issue("x", "p q", (A,)), issue("y", "p q", (A,)), issue("z", "p q", (A, B))],
        {"a": Worth((*worth("x", q=1), *worth("y", q=2))), "b": Worth(worth("z", q=1))},
        {"x": at("x", "q")},
        groups=(("a", "b"),),
    )
    no_deal = acceptance.answer("x").no_deal
    assert no_deal.sits_out == (("a",), ("a", "b"))
    assert no_deal.moves == ((("b",), 1, 5),)
    assert no_deal.result == 5
    # a alone can also set z, so it makes 6 (qpq) and 8 (qqq) by itself
    assert acceptance.answer("x").package == (4, A)


def test_turns_are_taken_by_all_before_anybody_has_another() -> None:
    """After a opens x, b opens y, and only then does a close x again."""
    x, y = at("x", "q"), at("y", "q")
    acceptance = case(
        [
            issue("x", "p q r", (A,)),
            issue("y", "p q", (B,)),
            issue("z", "p q", (BOTH,)),
        ],
        {
            "a": Worth(((And((x, Not(y))), 2), (And((at("x", "r"), y)), 1))),
            "b": Worth(((And((x, y)), 1), (And((at("x", "r"), y)), 3))),
        },
        {"deal": at("z", "q")},
    )
    # 1 ppp, 2 qpp, 3 rpp, 4 pqp, 5 qqp, 6 rqp
    assert acceptance.answer("deal").no_deal.moves == (
        (("a",), 1, 2),
        (("b",), 2, 5),
        (("a",), 5, 6),
    )


def test_an_electorate_blocks_by_what_it_lacks() -> None:
    voters = Actor("v", electorate=True, threshold=60)
    right = (frozenset("av"),)
    acceptance = case(
        [issue("status", "apart league merged", right)],
        {
            "a": Worth(worth("status", league=2, merged=3)),
            "v": Support(
                ((at("status", "merged"), (20, 30, 40)), (at("status", "league"), 60)), 90
            ),
        },
        {"merged": at("status", "merged"), "closer": Not(at("status", "apart"))},
        electorate=voters,
    )
    merged = acceptance.answer("merged")
    assert merged.package == (3, frozenset("av"))
    assert merged.entries == {"a": "gains", "v": "disapproves"}
    assert merged.blockers == {"v": 30}
    assert merged.gains["v"] == (-60, -60, -60)
    closer = acceptance.answer("closer")
    assert closer.package == (2, frozenset("av"))
    assert closer.acceptable
    assert closer.entries == {"a": "gains", "v": "approves"}  # 60 reaches 60, though 90 was more


def test_parts_move_one_after_another_through_feasible_states() -> None:
    """No union that is no mover makes two changes at once; as a group it does."""
    issues = [issue("x", "p q", (A,)), issue("y", "p q", (B,))]
    same = (Not(And((at("x", "p"), at("y", "q")))), Not(And((at("x", "q"), at("y", "p")))))
    wants: dict[str, Preference] = {
        "a": Worth(worth("x", q=1)),
        "b": Worth(worth("y", q=1)),
    }
    wish: dict[str, Statement] = {"moved": at("x", "q")}
    apart = case(issues, wants, wish, rules=same)
    assert apart.answer("moved").makers == frozenset()
    joined = case(issues, wants, wish, rules=same, groups=(("a", "b"),))
    assert joined.answer("moved").makers == {BOTH}
    one_way = case(issues, wants, wish, rules=same[:1])
    assert one_way.answer("moved").makers == {A}
    assert one_way.smallest_makers({3}) == [BOTH]  # a must go first


def test_if_no_pair_passes_the_fewest_refusing_count() -> None:
    by_change = {("p", "q"): (A | B | C,), ("p", "r"): (A | C,)}
    wants: dict[str, Preference] = {
        "a": Worth(worth("x", q=1, r=-1)),
        "b": Worth(worth("x", q=-1)),
        "c": Worth(worth("x", q=0, r=0)),
    }
    acceptance = case(
        [Issue("x", ("p", "q", "r"), changes=by_change)], wants, {"moved": Not(at("x", "p"))}
    )
    moved = acceptance.answer("moved")
    # q: b and c refuse; r: a and c refuse: the tie goes to the lower number
    assert moved.package == (2, A | B | C)
    assert moved.entries == {"a": "gains", "b": "loses", "c": "indifferent"}
    assert moved.blockers == {"b": 1, "c": 0}
    wants["c"] = Worth(worth("x", r=1))
    eased = case(
        [Issue("x", ("p", "q", "r"), changes=by_change)], wants, {"moved": Not(at("x", "p"))}
    )
    assert eased.answer("moved").package == (3, A | C)
    assert eased.answer("moved").blockers == {"a": 1}


def test_undominated() -> None:
    acceptance = case(
        [issue("x", "p q r s", (BOTH,))],
        {
            "a": Worth(worth("x", q=1, r=2, s=3)),
            "b": Worth(worth("x", q=1, r=1, s=0)),
        },
        {name: at("x", name) for name in "qrs"},
    )
    assert acceptance.undominated() == ["r", "s"]


def test_random_deals_are_varied() -> None:
    """Each kind of answer is in a fair number of the cases."""
    kinds = (
        "by itself, nobody, acceptable, blocked, by electorate, by ordinal, several moves, "
        "refused, order matters, minimal form alone fails, several decisive "
        "coalitions, several sets refuse, "
        "a union, dominated, unsettled today"
    )
    seen = dict.fromkeys(kinds.split(", "), 0)
    for seed in range(200):
        acceptance = Acceptance(random_deals(seed))
        game = acceptance.game
        answers = {name: acceptance.answer(name) for name in acceptance.spec.arrangements}
        found = [answer for answer in answers.values() if answer.package is not None]
        blockers = {actor for answer in found for actor in answer.blockers}
        seen["by itself"] += any(not answer.needs_consent for answer in found)
        seen["nobody"] += len(found) < len(answers)
        seen["acceptable"] += any(a.acceptable and a.needs_consent for a in found)
        seen["blocked"] += any(not answer.acceptable for answer in found)
        seen["by electorate"] += bool(blockers & game.electorates)
        seen["by ordinal"] += bool(blockers - game.electorates - set(game.utility))
        seen["several moves"] += any(len(answer.no_deal.moves) > 1 for answer in found)
        seen["refused"] += any(answer.no_deal.refused for answer in found)
        seen["order matters"] += any(
            acceptance.no_deal(name, reverse=True).result != answer.no_deal.result
            for name, answer in answers.items()
        )
        seen["minimal form alone fails"] += any(
            a.acceptable and not a.bare_form_passes for a in found
        )
        seen["several decisive coalitions"] += any(len(answer.makers) > 1 for answer in found)
        seen["several sets refuse"] += any(len(answer.smallest_refusals) > 1 for answer in found)
        seen["a union"] += any(
            answer.package is not None
            and answer.package[1]
            and not any(set(mover) == answer.package[1] for mover in game.movers)
            for answer in found
        )
        seen["dominated"] += len(acceptance.undominated()) < len(found)
        seen["unsettled today"] += game.today not in game.settled
    assert min(seen.values()) >= 3, seen
