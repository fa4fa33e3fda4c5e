"""The changes from each state, against the definition, where rules tie issues together."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest
from reference.process_case import Setting, State
from strategies import block_name, seed_blocks

from foedus.case.reading import parse_case
from foedus.preferences.games import game_of
from foedus.process import changes as finding
from foedus.process import state_tree
from foedus.process.model import Process, ProcessOptions

ACTORS = ("north", "south", "east")


def tied_case(seed: int) -> str:
    """A case of four to six issues, of whose states the rules leave some, the first among them."""
    chance = random.Random(seed)  # noqa: S311 - no secrets here
    names = [f"i{k}" for k in range(chance.randint(4, 6))]
    positions = {name: ["a", "b", "c"][: chance.choice((2, 2, 3))] for name in names}

    def among(some: Sequence[str], joined: str) -> str:
        return f" {joined} ".join(f"{name} = {chance.choice(positions[name])}" for name in some)

    lines = ["foedus: 1", "title: Tied", "as_of: 2020-01-01", "deadline: 2022-01-01", "actors:"]
    lines += [f"  {actor}: {{}}" for actor in ACTORS]
    lines += ["issues:"]
    for name in names:
        movers = " or ".join(chance.sample(ACTORS, chance.choice((1, 1, 2))))
        takes = ", takes: 90" if chance.random() < 0.4 else ""
        each = ", ".join(f"{position}: P" for position in positions[name])
        lines.append(f"  {name}: {{positions: {{{each}}}, decided_by: {movers}{takes}}}")
    lines += ["rules:"]
    for _ in range(chance.randint(2, 7)):
        first, *others = chance.sample(names, chance.choice((2, 2, 3)))
        other_than_today = chance.choice(positions[first][1:])
        rule = f"{first} = {other_than_today} -> {among(others, chance.choice(('or', 'and')))}"
        if len(others) == 1:
            rule = f"{first} = a <-> {others[0]} = a"
        lines.append(f"- {{rule: {rule}, why: w}}")
    lines += ["preferences:"]
    lines += [
        f"  {actor}: {{worth: {{w: {{when: {names[0]} = a, value: 1}}}}}}" for actor in ACTORS
    ]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("seeds", seed_blocks(), ids=block_name)
def test_changes_are_those_of_the_definition(seeds: range, monkeypatch: pytest.MonkeyPatch) -> None:
    large = 0
    for seed in seeds:
        monkeypatch.setattr(state_tree, "AT_ONCE", 1 << (seed % 5 * 5))
        monkeypatch.setattr(finding, "TOGETHER", 1 + 9 * (seed % 4))
        monkeypatch.setattr(state_tree, "TRIED", 1 + seed % 3)
        case = parse_case(tied_case(seed))
        process = Process.of(game_of(case), ProcessOptions(reach=1 + seed % 3))
        setting = Setting(case, reach=1 + seed % 3)
        space, rules = process.game.space, process.rules
        rules.ensure(np.arange(len(space)))
        states: list[State] = [tuple(space.positions(k).values()) for k in range(len(space))]
        changes = rules.changes
        for number, state in enumerate(states):
            row = rules.row[number]
            here = slice(changes.first[row], changes.first[row + 1])
            assert changes.target[here].tolist() == sorted(changes.target[here].tolist())
            found = {
                states[target]: (
                    {name for k, name in enumerate(setting.issues) if int(issues) >> k & 1},
                    set(map(frozenset, rules.finder.coalitions(int(family)))),
                )
                for target, issues, family in zip(
                    changes.target[here], changes.issues[here], changes.family[here], strict=True
                )
            }
            expected = {
                change.target: (set(change.issues), set(change.coalitions))
                for change in setting.changes_on(0)[state]
            }
            assert found == expected
            large += sum(len(issues) > setting.reach for issues, _ in found.values())
        here = slice(changes.first[rules.row[0]], changes.first[rules.row[0] + 1])
        assert rules.looked_at(0) == (len(changes.target[here]), len(space) - 1)
    assert large or len(seeds) < 25


def test_whether_a_large_change_may_go_by_parts_is_soon_seen() -> None:
    """Of forty issues in two halves, each of which goes as one: 2^40 parts are not tried."""
    lines = [
        *("foedus: 1", "title: Tied", "as_of: 2020-01-01", "deadline: 2022-01-01"),
        *("actors: {north: {}}", "issues:"),
        *(f"  i{k}: {{positions: {{a: P, b: P}}, decided_by: north}}" for k in range(40)),
        "rules:",
        *(f"- {{rule: i{k} = b <-> i{k - 1} = b, why: w}}" for k in range(1, 40) if k != 20),
        "preferences: {north: {worth: {w: {when: i0 = a, value: 1}}}}",
    ]
    process = Process.of(game_of(parse_case("\n".join(lines) + "\n")))
    changes, row, change = process.rules.changes_at(np.arange(len(process.game.space)))
    pairs = zip(row.tolist(), changes.target[change].tolist(), strict=True)
    assert sorted(pairs) == [(0, 1), (0, 2), (1, 0), (1, 3), (2, 0), (2, 3), (3, 1), (3, 2)]
