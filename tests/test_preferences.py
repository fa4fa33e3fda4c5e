"""How preferences become levels, where random cases do not look."""

from __future__ import annotations

from work import calls

from foedus.case.model import And, In, Ranking, Statement
from foedus.case.reading import parse_case
from foedus.game import Game, game_of
from foedus.preferences import view_of


def game_with(preferences: str, options: int = 3) -> Game:
    lines = ["foedus: 1", "title: Options", "actors: {a: {name: A}}", "issues:"]
    for k in range(options):
        lines += [f"  o{k}: {{positions: {{n: Out, y: In}}, decided_by: a}}"]
    text = "\n".join([*lines, "preferences:", f"  a: {preferences}"]) + "\n"
    return game_of(parse_case(text, file="options.yaml"))


def levels(preferences: str) -> list[int]:
    return game_with(preferences).views["a"].levels.tolist()


def test_the_first_line_of_a_ranking_that_matches_counts() -> None:
    one = "o0 = y and o1 = n and o2 = n"
    assert levels(f"{{ranking: [{one}, o0 = y, {one}, o2 = y]}}") == [0, 3, 0, 2, 1, 2, 1, 2]
    assert levels(f"{{ranking: [o0 = y, {one}, o2 = y]}}") == [0, 2, 0, 2, 1, 2, 1, 2]


def test_a_line_that_names_one_issue_twice_is_no_single_state() -> None:
    assert levels("{ranking: [o0 = y and o0 = n and o1 = y, o1 = y]}") == [0, 0, 1, 1, 0, 0, 1, 1]
    assert levels("{ranking: [o0 = y and o0 = y and o1 = y]}") == [0, 0, 0, 1, 0, 0, 0, 1]


def test_equal_sums_tie_whatever_the_order_of_adding() -> None:
    items = "x: {when: o0 = y, value: 0.1}, y: {when: o1 = y, value: 0.2}"
    assert levels(f"{{worth: {{{items}, z: {{when: o2 = y, value: 0.3}}}}}}")[3:5] == [3, 3]


def test_rankings_of_all_states_are_read_quickly() -> None:
    """A ranking that names each of 16,384 states, over shared parts, as an import makes it."""
    game = game_with("{worth: {x: {when: o0 = y, value: 1}}}", options=14)
    parts = [[In(f"o{k}", frozenset({p})) for p in "ny"] for k in range(14)]
    tiers = []
    for code in range(1 << 14):
        tree = And(tuple(parts[k][code >> k & 1] for k in range(14)))
        tiers.append((Statement(str(code), tree),))
    actor = game.case.actors["a"]
    work = calls(lambda: view_of(game.space, actor, Ranking(tuple(tiers))))
    assert work < 60 * len(tiers)  # each line tried on every state takes over 120 calls
    view = view_of(game.space, actor, Ranking(tuple(tiers)))
    assert view.levels.tolist() == list(range(1 << 14))[::-1]
