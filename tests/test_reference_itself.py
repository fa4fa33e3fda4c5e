"""The reference implementations are right: on games solved by hand and on answers from outside."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from reference import gmcr
from reference.game import Actor, Game, Issue, Mover, Ranking, Spec, Worth
from reference.stability import CONCEPTS, equilibria, reached, verdicts
from reference.statements import And, Iff, Is, Not, Or, text
from strategies import block_name, random_spec, seed_blocks

OUTSIDE = os.environ.get("FOEDUS_REFERENCE")


def two_by_two(one: str, two: str) -> Game:
    """Two actors, each cooperating (c) or not (d); rankings of outcomes, best first."""
    issues = tuple(
        Issue(name, ("c", "d"), default=(frozenset([owner]),))
        for name, owner in (("first", "one"), ("second", "two"))
    )

    def ranking(order: str) -> Ranking:
        return Ranking(
            tuple(
                tuple(
                    And((Is("first", (outcome[0],)), Is("second", (outcome[1],))))
                    for outcome in tier.split("=")
                )
                for tier in order.split()
            )
        )

    actors = (Actor("one"), Actor("two"))
    return Spec(actors, issues, {"one": ranking(one), "two": ranking(two)}).game()


def drawn(
    moves: dict[str, list[tuple[int, int]]],
    levels: dict[str, list[int]],
    movers: list[str] | None = None,
    electorates: frozenset[str] = frozenset(),
) -> Game:
    """A game drawn as arrows between states 1, 2, ...; movers named by members joined by +."""
    count = len(next(iter(levels.values())))
    states = range(1, count + 1)
    keys: list[Mover] = [tuple(name.split("+")) for name in movers or moves]
    return Game(
        states={s: (str(s),) for s in states},
        movers=tuple(keys),
        moves={
            key: {s: frozenset(t for r, t in moves["+".join(key)] if r == s) for s in states}
            for key in keys
        },
        levels={name: dict(zip(states, ranks, strict=True)) for name, ranks in levels.items()},
        utility={},
        electorates=electorates,
        fall={s: s for s in states},
        today=1,
    )


TOLD = frozenset({"nash", "gmr", "smr", "seq", "sim", "sseq"})
"""The concepts whose answers are written here; others are compared with the solver alone."""


def stable_for(game: Game, mover: str, s: int) -> set[str]:
    """The concepts, of those told of here, under which s is stable for the mover."""
    stable = verdicts(game)
    return {concept for concept in TOLD if s in stable[concept][tuple(mover.split("+"))]}


def equilibria_told(game: Game) -> dict[str, list[int]]:
    """The equilibria by the concepts told of here."""
    found = equilibria(verdicts(game), game)
    return {concept: found[concept] for concept in TOLD}


def test_states_are_numbered_with_the_first_issue_fastest() -> None:
    game = two_by_two("dc cc dd cd", "cd cc dd dc")
    assert game.states == {1: ("c", "c"), 2: ("d", "c"), 3: ("c", "d"), 4: ("d", "d")}


def test_prisoners_dilemma() -> None:
    game = two_by_two("dc cc dd cd", "cd cc dd dc")
    assert equilibria_told(game) == {
        "nash": [4],
        "gmr": [1, 4],
        "smr": [1, 4],
        "seq": [1, 4],
        "sim": [1, 4],
        "sseq": [1, 4],
    }
    assert verdicts(game)["nash"] == {("one",): [2, 4], ("two",): [3, 4]}


def test_chicken() -> None:
    """After dc the other's way out of it is no improvement, so cc is not sequentially stable."""
    game = two_by_two("dc cc cd dd", "cd cc dc dd")
    assert equilibria_told(game) == {
        "nash": [2, 3],
        "gmr": [1, 2, 3],
        "smr": [1, 2, 3],
        "seq": [2, 3],
        "sim": [1, 2, 3],
        "sseq": [2, 3],
    }


def test_an_escape_undoes_a_symmetric_sanction() -> None:
    """From dd, where it is punished, one can go on to cd, which is better than cc for it."""
    game = two_by_two("dc cd cc dd", "dd cc=cd dc")
    assert stable_for(game, "one", 1) == {"gmr", "seq"}


def test_a_credible_sanction_and_one_without_escape_may_be_two() -> None:
    """k improves to 3, which h leaves for 5; to its cost it could go to 4, which h cannot leave."""
    moves = {"h": [(1, 2), (3, 5)], "k": [(2, 3), (2, 4)]}
    game = drawn(moves, {"h": [1, 2, 0, 0, 2], "k": [0, 1, 2, 0, 0]})
    assert stable_for(game, "h", 1) == {"gmr", "smr", "seq"}


def test_a_sanction_may_need_one_opponent_twice() -> None:
    moves = {"h": [(1, 2)], "k": [(2, 3), (4, 5)], "l": [(3, 4)]}
    levels = {"h": [1, 2, 2, 2, 0], "k": [0, 0, 1, 1, 2], "l": [0, 0, 0, 1, 1]}
    game = drawn(moves, levels)
    assert reached(game.moves, [("k",), ("l",)], 2) == {3, 4, 5}
    assert stable_for(game, "h", 1) == {"gmr", "smr", "seq", "sseq"}


def test_no_mover_moves_twice_running() -> None:
    moves = {"h": [(1, 2)], "k": [(2, 3), (3, 4)]}
    game = drawn(moves, {"h": [1, 2, 2, 0], "k": [0, 0, 0, 0]})
    assert reached(game.moves, [("k",)], 2) == {3}
    assert stable_for(game, "h", 1) == set()


def test_the_last_mover_may_be_one_of_several() -> None:
    """State 3 is reached by k or by l, so either may go on from it."""
    moves = {"h": [(1, 2)], "k": [(2, 3), (3, 4)], "l": [(2, 3), (3, 5)]}
    game = drawn(moves, {"h": [0] * 5, "k": [0] * 5, "l": [0] * 5})
    assert reached(game.moves, [("k",), ("l",)], 2) == {3, 4, 5}


def test_a_group_is_deterred_through_any_member_and_escapes_for_all() -> None:
    moves = {"a+b": [(1, 2), (3, 4)], "c": [(2, 3)]}
    levels = {"a": [1, 2, 2, 2], "b": [1, 2, 0, 2], "c": [0, 0, 1, 0]}
    assert stable_for(drawn(moves, levels), "a+b", 1) == {"gmr", "seq"}
    levels["a"][3] = 1  # what it escapes to is not better for a: no escape
    assert stable_for(drawn(moves, levels), "a+b", 1) == {"gmr", "smr", "seq", "sseq"}


def test_a_group_moves_only_when_all_gain_and_overlapping_movers_are_no_opponents() -> None:
    moves = {"a": [(2, 3)], "a+b": [(1, 2)], "b+c": [(2, 3)]}
    levels = {"a": [1, 2, 0], "b": [1, 2, 0], "c": [0, 0, 1]}
    game = drawn(moves, levels)
    assert game.opponents(("a", "b")) == []
    assert stable_for(game, "a+b", 1) == set()
    levels["b"][1] = 1
    assert stable_for(drawn(moves, levels), "a+b", 1) == TOLD


def test_an_electorate_agrees_by_its_threshold_wherever_it_stands() -> None:
    moves = {"a+v": [(1, 2)], "b": [(2, 3)]}
    levels = {"a": [0, 1, 2], "v": [1, 1, 0], "b": [0, 0, 1]}
    votes = frozenset("v")
    game = drawn(moves, levels, electorates=votes)
    assert game.improvements(("a", "v"), 1) == {2}  # though v is no better off
    assert stable_for(game, "a+v", 1) == {"gmr", "smr", "seq", "sseq"}  # 3 fails the vote
    levels["v"] = [1, 1, 1]
    assert stable_for(drawn(moves, levels, electorates=votes), "a+v", 1) == set()
    levels["v"] = [1, 0, 1]
    assert stable_for(drawn(moves, levels, electorates=votes), "a+v", 1) == TOLD


def test_moving_at_once_needs_agreeing_changes_and_a_feasible_result() -> None:
    def game(*rules: Is | Not) -> Game:
        issues = (
            Issue("x", ("p", "q"), default=(frozenset("a"),)),
            Issue("y", ("p", "q"), default=(frozenset("b"),)),
        )
        at = {name: Is(name, ("q",)) for name in "xy"}
        wants = {
            "a": Worth(((at["x"], 1), (And((at["x"], at["y"])), -9))),
            "b": Worth(((at["y"], 1),)),
        }
        return Spec((Actor("a"), Actor("b")), issues, wants, rules=tuple(rules)).game()

    assert "sim" in stable_for(game(), "a", 1)
    barred = game(Not(And((Is("x", ("q",)), Is("y", ("q",))))))
    assert "sim" not in stable_for(barred, "a", 1)

    shared = Spec(
        (Actor("a"), Actor("b")),
        (Issue("x", ("p", "q", "r"), default=(frozenset("a"), frozenset("b"))),),
        {
            "a": Worth(((Is("x", ("q",)), 1), (Is("x", ("r",)), -1))),
            "b": Worth(((Is("x", ("r",)), 1),)),
        },
    ).game()
    assert stable_for(shared, "a", 1) == {"gmr", "seq"}  # never sim: one issue, two positions


def test_rights_by_change_over_position_over_default() -> None:
    a, b, c = (frozenset(name) for name in "abc")
    issue = Issue("x", ("p", "q", "r"), default=(a,), to={"q": (b,)}, changes={("r", "q"): ()})
    spec = Spec(tuple(map(Actor, "abc")), (issue,), groups=(("c", "b"),))
    assert spec.movers() == (("a",), ("b",), ("b", "c"))
    assert spec.legal_changes(("a",), issue) == {("q", "p"), ("r", "p"), ("p", "r"), ("q", "r")}
    assert spec.legal_changes(("b",), issue) == {("p", "q")}
    assert spec.legal_changes(("b", "c"), issue) == {("p", "q")}
    redundant = Issue("x", ("p", "q"), default=(a | b, a, b | c))
    assert Spec(spec.actors, (redundant,)).movers() == (("a",), ("b", "c"))


def test_the_fall_and_what_may_not_be_entered() -> None:
    issue = Issue(
        "x",
        ("p", "q", "r"),
        default=(frozenset("a"),),
        never_back_to=("q",),
        otherwise={"p": "r"},
    )
    wants = {"a": Worth(((Is("x", ("r",)), 3),))}
    game = Spec((Actor("a"),), (issue,), wants).game()
    assert game.fall == {1: 3, 2: 2, 3: 3}
    assert game.settled == {2, 3}
    assert game.levels["a"] == {1: 1, 2: 0, 3: 1}
    assert game.moves["a",] == {1: {3}, 2: {3}, 3: set()}


def test_statements_are_written_with_few_parentheses() -> None:
    x, y = Is("x", ("p",)), Is("y", ("p",), negated=True)
    assert text(And((Or((x, y)), Not(y)))) == "(x = p or y != p) and not y != p"
    assert text(Or((And((x, y)), x))) == "x = p and y != p or x = p"
    assert text(Iff(x, Iff(x, y))) == "x = p <-> (x = p <-> y != p)"
    assert text(Not(Is("x", ("p", "q")))) == "not x in p | q"


@pytest.mark.parametrize("seeds", seed_blocks(), ids=block_name)
def test_random_cases_are_valid_and_moves_compose(seeds: range) -> None:
    """What legal sequences reach is plain reachability, but perhaps for where they began."""
    for seed in seeds:
        spec = random_spec(seed)
        message = f"seed {seed}:\n{spec.to_yaml()}"
        game = spec.game()
        assert len(game.states) >= 2, message
        assert 2 <= len(game.movers) <= 5, message
        assert all(set(mover) - game.electorates for mover in game.movers), message
        for mover in game.movers:
            assert not any(spec.missing_change(mover, issue) for issue in spec.issues), message
            wants = {m: {s: game.improvements(m, s) for s in game.states} for m in game.movers}
            opponents = game.opponents(mover)
            for steps in (game.moves, wants):
                for s in game.states:
                    plain, waiting = {s}, [s]
                    while waiting:
                        here = waiting.pop()
                        new = {t for m in opponents for t in steps[m][here]} - plain
                        plain |= new
                        waiting += new
                    assert reached(steps, opponents, s) | {s} == plain, message


def test_random_cases_are_varied() -> None:
    """Each feature, and each difference between concepts, is in a fair share of the cases."""
    features = (
        "electorate, group, provisional, infeasible, overlap, one way, tie, by change, "
        "by position, never back, not nash, gmr/smr, smr/seq, seq/sim, seq/sseq, smr/sseq"
    )
    seen = dict.fromkeys(features.split(", "), 0)
    for seed in range(200):
        spec = random_spec(seed)
        game = spec.game()
        stable = verdicts(game)
        raw = 1
        for issue in spec.issues:
            raw *= len(issue.positions)
        pairs = [(m, s, t) for m in game.movers for s in game.states for t in game.moves[m][s]]
        judges = {a for m in game.movers for a in m} - game.electorates
        seen["electorate"] += any(set(mover) & game.electorates for mover in game.movers)
        seen["group"] += bool(spec.groups)
        seen["provisional"] += len(game.settled) < len(game.states)
        seen["infeasible"] += len(game.states) < raw
        seen["overlap"] += any(
            set(k) & set(other) for k in game.movers for other in game.movers if k != other
        )
        seen["one way"] += any(s not in game.moves[m][t] for m, s, t in pairs)
        seen["tie"] += any(
            len({game.levels[a][s] for s in game.settled}) < len(game.settled) for a in judges
        )
        seen["by change"] += any(issue.changes for issue in spec.issues)
        seen["by position"] += any(issue.to for issue in spec.issues)
        seen["never back"] += any(issue.never_back_to for issue in spec.issues)
        seen["not nash"] += stable["nash"] != stable["gmr"]
        for pair in ("gmr/smr", "smr/seq", "seq/sim", "seq/sseq", "smr/sseq"):
            one, other = pair.split("/")
            seen[pair] += stable[one] != stable[other]
    assert min(seen.values()) >= 20, seen


@pytest.mark.reference
@pytest.mark.skipif(OUTSIDE is None, reason="FOEDUS_REFERENCE=DIR not set: outside answers unread")
@pytest.mark.parametrize("name", gmcr.NAMES)
def test_textbook_answers(name: str) -> None:
    folder = Path(OUTSIDE or "") / "gmcr"
    answers = gmcr.textbook(folder, name)
    spec = gmcr.read_spec(folder, name)
    game = spec.game()
    written = {s["id"]: s["options"] for s in answers["states"]}
    assert {
        s: "".join("Y" if p == "on" else "N" for p in state) for s, state in game.states.items()
    } == written
    stable = verdicts(game)
    keys = gmcr.mover_keys(spec, answers)
    solved = [concept for concept in CONCEPTS if concept in answers["stable"]]
    for concept in solved:
        for maker, states in answers["stable"][concept].items():
            assert stable[concept][keys[maker],] == states, (concept, maker)
    found = equilibria(stable, game)
    assert {c: found[c] for c in solved} == {c: answers["equilibria"][c] for c in solved}
    assert len(solved) >= 5
