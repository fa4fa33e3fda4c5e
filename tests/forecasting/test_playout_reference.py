"""The playout, and how actors see the states in a draw, against the slow reference."""

from __future__ import annotations

import os
from dataclasses import fields, is_dataclass, replace
from typing import Any, Protocol

import numpy as np
import pytest
from immutabledict import immutabledict
from reference import playout as slow
from reference.game import (
    Actor,
    Game,
    Issue,
    Mover,
    Preference,
    Priorities,
    Ranking,
    Spec,
    Support,
    Worth,
    middle,
)
from strategies import block_name, seed_blocks
from timed_cases import random_timed

import foedus
from foedus.case.judgement import Judgement
from foedus.case.model import Case
from foedus.case.model import Priorities as CasePriorities
from foedus.case.model import Priority as CasePriority
from foedus.case.model import Support as CaseSupport
from foedus.case.model import Worth as CaseWorth
from foedus.case.reading import parse_case
from foedus.forecasting.bargains import Bargaining
from foedus.forecasting.options import PlayoutOptions, choices_of
from foedus.forecasting.playout import Outcomes, play
from foedus.forecasting.setting import Plan, Setting
from foedus.forecasting.streams import DrawBlock
from foedus.forecasting.waits import ATTEMPTS, Waits
from foedus.game.movers import mover_of
from foedus.game.moves import Moves
from foedus.preferences import SampledPreferences
from foedus.preferences.games import game_of

DRAWS = int(os.environ.get("FOEDUS_RANDOM_DRAWS", "6"))
"""How many draws of each random case are played."""

FLAGSHIP_DRAWS = int(os.environ.get("FOEDUS_RANDOM_DRAWS", "4"))

CHOICES = choices_of()


def options_for(seed: int) -> PlayoutOptions:
    """Every second case has all options at random, every fourth one that is not the default."""
    rng = np.random.default_rng(seed)
    chosen = {name: choices[rng.integers(len(choices))] for name, choices in CHOICES.items()}
    if seed % 4 == 0:
        chosen = {}
    elif seed % 4 == 2:
        variants = [options for _, options in PlayoutOptions().variants()]
        return variants[seed // 4 % len(variants)]
    return PlayoutOptions(**chosen)  # type: ignore[arg-type]


class Timing(Protocol):
    """What says how long the changes of a case take."""

    @property
    def issues(self) -> tuple[Issue, ...]: ...

    def pace(self, issue: str, origin: str, target: str) -> str | None: ...

    def takes_time(self, issue: str) -> bool: ...


def drawn(
    case: Timing, sights: dict[str, SampledPreferences], waits: Waits, draw: int, states: int
) -> slow.Draw:
    """What a draw of the block holds, as the reference takes it (its states count from 1)."""
    issues = {issue.id: k for k, issue in enumerate(case.issues)}

    def wait(item: slow.Item, k: int, origin: str) -> float:
        issue = case.issues[issues[item[0]]]
        days = sum(float(whole[draw]) for whole in waits.takes[issues[item[0]]])
        record = case.pace(item[0], origin, item[1])
        if record is not None:
            before = sum(len(other.positions) for other in case.issues[: issues[item[0]]])
            number = before + issue.positions.index(item[1])
            unit = waits.unit[draw, number, k % ATTEMPTS]
            days += float(unit / waits.hazards[record][draw])
        return days

    return slow.Draw(
        values={
            actor: {s + 1: float(sight.values[draw, sight.classes[s]]) for s in range(states)}
            for actor, sight in sights.items()
        },
        cardinal=frozenset(a for a, sight in sights.items() if sight.kind == "utility"),
        wait=wait,
        pace=lambda item, origin: case.pace(item[0], origin, item[1]),
        takes=case.takes_time,
    )


def told(setting: Setting, outcomes: Outcomes, draw: int) -> slow.Story:
    """What happened in one draw, from foedus."""
    story = slow.Story(
        cycles=int(outcomes.cycles[draw]),
        stopped=bool(outcomes.stopped[draw]),
        reached=int(outcomes.reached[draw]) + 1,
    )
    for draws, coalition, state, day in outcomes.trail:
        for row in np.flatnonzero(draws == draw):
            members = setting.coalitions[int(coalition[row])].mover.members
            story.trail.append((members, int(state[row]) + 1, float(day[row])))
    number = 0
    for issue in setting.game.space.radix.issues:
        for position in issue.positions:
            if np.isfinite(outcomes.first_done[draw, number]):
                story.first_done[issue.id, position.id] = float(outcomes.first_done[draw, number])
            number += 1
    return story


def plain(story: slow.Story) -> tuple[object, ...]:
    """A story with the noise of float addition taken off its days."""
    return (
        [(coalition, state, round(day, 6)) for coalition, state, day in story.trail],
        {item: round(day, 6) for item, day in story.first_done.items()},
        story.cycles,
        story.stopped,
        story.reached,
    )


@pytest.mark.parametrize("seeds", seed_blocks(25), ids=block_name)
def test_draws_are_played_as_the_definition_says(seeds: range) -> None:
    for seed in seeds:
        case = random_timed(seed)
        parsed = parse_case(case.to_yaml())
        options = options_for(seed)
        setting = Setting.of(Plan(parsed, options))
        block = DrawBlock(0, 0, DRAWS, seed)
        sights = setting.sights(block)
        waits = Waits.drawn(parsed, setting.items, block)
        bargaining = Bargaining.of(setting.game, setting.coalitions, sights, options)
        outcomes = play(bargaining, waits, setting.today, setting.days, setting.times)
        game = case.spec.game()
        named = slow.Options(*(getattr(options, name) for name in CHOICES))
        for draw in range(DRAWS):
            given = drawn(case, sights, waits, draw, len(game.states))
            story = slow.play(case.spec, game, given, float(case.days), named)
            assert plain(told(setting, outcomes, draw)) == plain(story), (seed, draw, options)
            course = at_times(story, game.today, setting.times)
            assert list(outcomes.course[draw] + 1) == course, (seed, draw, options)


def at_times(story: slow.Story, today: int, times: np.ndarray) -> list[int]:
    """The state at each time, before any fall; a move counts from its own moment on."""
    course = []
    for time in times:
        made = [state for _, state, day in story.trail[: story.moves] if day <= time]
        course.append(made[-1] if made else today)
    return course


# --- how actors see the states ----------------------------------------------------------------


def as_drawn(spec: Spec, case: Case, block: DrawBlock, draw: int) -> Spec:
    """The case in which every judgement of what actors want is sure: what it is in one draw."""

    def value(judgement: Judgement) -> float:
        return float(block.values(judgement)[draw])

    made: dict[str, Preference] = {}
    for actor, preference in spec.preferences.items():
        written = case.preferences[actor]
        match preference, written:
            case Worth(items), CaseWorth():
                worths = [value(item.value) for item in written.items]
                made[actor] = Worth(with_values(items, worths))
            case Priorities(items), CasePriorities():
                kept = [
                    p.probability is None or bool(block.so(p.probability)[draw])
                    for p in written.items
                ]
                made[actor] = Priorities(
                    tuple((when, None) for (when, _), held in zip(items, kept, strict=True) if held)
                )
            case Support(items, _), CaseSupport():
                *shares, default = (value(item.share) for item in written.items)
                made[actor] = Support(with_values(items, shares), default)
            case Ranking(), _:
                made[actor] = preference
            case _:
                raise AssertionError(preference)
    return replace(spec, preferences=made)


def with_values(items: tuple, values: list[float]) -> tuple:
    """Weighted statements with other weights."""
    return tuple((when, v) for (when, _), v in zip(items, values, strict=True))


@pytest.mark.parametrize("seeds", seed_blocks(), ids=block_name)
def test_actors_see_the_states_as_their_drawn_judgements_say(seeds: range) -> None:
    for seed in seeds:
        case = random_timed(seed)
        parsed = parse_case(case.to_yaml())
        setting = Setting.of(Plan(parsed))
        block = DrawBlock(2, 0, 2, seed)
        sights = setting.sights(block)
        for draw in range(2):
            spec = as_drawn(case.spec, parsed, block, draw)
            for actor in spec.actors:
                if actor.id in spec.preferences:
                    expected = list(rounded_levels(spec, actor).values())
                    assert list(sights[actor.id].levels(draw)) == expected, (seed, actor.id)


def rounded_levels(spec: Spec, actor: Actor) -> dict[int, int]:
    """Levels in which sums that differ by less than float noise are equal."""
    if not isinstance(spec.preferences[actor.id], Worth):
        return spec.levels(actor)
    values = {
        s: round(spec.value(spec.preferences[actor.id], spec.fall_of(state)), 8)
        for s, state in spec.feasible.items()
    }
    ladder = sorted(set(values.values()))
    return {s: ladder.index(value) for s, value in values.items()}


def sure(spec: Spec) -> Spec:
    """The case with every judgement at its most likely value, surely."""
    made: dict[str, Preference] = {}
    for actor, preference in spec.preferences.items():
        match preference:
            case Worth(items):
                made[actor] = Worth(with_values(items, [middle(v) for _, v in items]))
            case Priorities(items):
                made[actor] = Priorities(
                    tuple(
                        (when, None if h is None else float(middle(h) >= 0.5)) for when, h in items
                    )
                )
            case Support(items, default):
                shares = [middle(v) for _, v in items]
                made[actor] = Support(with_values(items, shares), middle(default))
            case Ranking():
                made[actor] = preference
    return replace(spec, preferences=made)


@pytest.mark.parametrize("seeds", seed_blocks(), ids=block_name)
def test_sure_judgements_give_the_views_of_the_other_analyses(seeds: range) -> None:
    for seed in seeds:
        case = random_timed(seed)
        case = replace(case, spec=sure(case.spec))
        setting = Setting.of(Plan(parse_case(case.to_yaml())))
        sights = setting.sights(DrawBlock(0, 0, 3, seed))
        for actor, view in setting.game.views.items():
            for draw in range(3):
                assert (sights[actor].levels(draw) == view.levels).all(), (seed, actor)


# --- the flagship -----------------------------------------------------------------------------


class FromSetting:
    """A case as the reference takes one, with foedus' own states and moves.

    Those are compared with the reference elsewhere; here it is the playing that is. States count
    from 1.
    """

    def __init__(self, setting: Setting) -> None:
        self.setting, self.space = setting, setting.game.space
        case = setting.plan.case
        self.actors = tuple(Actor(a.id, a.kind == "electorate") for a in case.actors.values())
        self.issues = tuple(
            Issue(issue.id, tuple(p.id for p in issue.positions)) for issue in case.issues.values()
        )

    def movers(self) -> tuple[Mover, ...]:
        return tuple(mover.members for mover in self.setting.game.movers)

    def in_order(self, members: frozenset[str]) -> Mover:
        return tuple(actor.id for actor in self.actors if actor.id in members)

    def moves(self, coalition: Mover) -> FoundMoves:
        return FoundMoves(Moves(self.space, mover_of(self.setting.plan.case, frozenset(coalition))))

    def pace(self, issue: str, origin: str, target: str) -> str | None:
        name = self.setting.plan.case.issues[issue].pace.of(origin, target)
        return None if name == "at-once" else name

    def takes_time(self, issue: str) -> bool:
        takes = self.setting.plan.case.issues[issue].takes.default
        return takes is not None and takes.high > 0

    def game(self) -> Game:
        return Game(
            states={s + 1: tuple(self.space.positions(s).values()) for s in range(len(self.space))},
            movers=self.movers(),
            moves={},
            levels={},
            utility={},
            electorates=frozenset(a.id for a in self.actors if a.electorate),
            fall={s + 1: int(t) + 1 for s, t in enumerate(self.space.fall)},
            today=self.setting.today + 1,
        )


class FoundMoves:
    """A coalition's moves by state, found when asked for."""

    def __init__(self, moves: Moves) -> None:
        self.found = moves

    def __getitem__(self, s: int) -> frozenset[int]:
        if not self.found.mover.relations:
            return frozenset()
        return frozenset((self.found.targets(s - 1) + 1).tolist())


FLAGSHIP_OPTIONS = [
    PlayoutOptions(),
    PlayoutOptions(deal="egalitarian", waiting="sequence", ties="lowest"),
    PlayoutOptions(deal="fallback", conflict="soonest", order="reverse", cycle="stand-still"),
    PlayoutOptions(bargainers="movers", ties="highest"),
]


@pytest.mark.parametrize("options", FLAGSHIP_OPTIONS, ids=lambda options: options.deal)
def test_the_flagship_is_played_as_the_definition_says(options: PlayoutOptions) -> None:
    setting = Setting.of(Plan(foedus.load("cases/belarus-2024.yaml"), options))
    block = DrawBlock(3, 0, FLAGSHIP_DRAWS, 1)
    sights = setting.sights(block)
    waits = Waits.drawn(setting.plan.case, setting.items, block)
    bargaining = Bargaining.of(setting.game, setting.coalitions, sights, options)
    outcomes = play(bargaining, waits, setting.today, setting.days, setting.times)
    case = FromSetting(setting)
    game = case.game()
    named = slow.Options(*(getattr(options, name) for name in CHOICES))
    for draw in range(FLAGSHIP_DRAWS):
        given = drawn(case, sights, waits, draw, len(game.states))
        story = slow.play(case, game, given, setting.days, named)
        assert plain(told(setting, outcomes, draw)) == plain(story), draw


def made_sure(part: Any) -> Any:
    """A part of a case with every judgement at its most likely value, surely."""
    if isinstance(part, Judgement):
        return replace(part, low=part.mode, high=part.mode, word=None)
    if isinstance(part, CasePriority):
        return replace(part, probability=None) if counts(part) else None
    if isinstance(part, tuple):
        return tuple(kept for kept in map(made_sure, part) if kept is not None)
    if is_dataclass(part):
        return replace(part, **{f.name: made_sure(getattr(part, f.name)) for f in fields(part)})
    return part


def counts(priority: CasePriority) -> bool:
    """Whether the wish is more likely held than not."""
    return priority.probability is None or priority.probability.mode >= 0.5


def test_the_flagship_with_sure_judgements_gives_the_views_of_the_other_analyses() -> None:
    case = foedus.load("cases/belarus-2024.yaml")
    wishes = {actor: made_sure(wish) for actor, wish in case.preferences.items()}
    assert wishes != case.preferences
    actors = {name: made_sure(actor) for name, actor in case.actors.items()}
    sure_case = replace(case, actors=immutabledict(actors), preferences=immutabledict(wishes))
    setting = Setting.of(Plan(sure_case))
    sights = setting.sights(DrawBlock(0, 0, 2, 1))
    of_the_mode = game_of(case).views
    for actor, view in of_the_mode.items():
        assert (sights[actor].levels(1) == view.levels).all(), actor
