"""Consent in many draws at once against acceptance solved draw by draw; sure cases, views."""

from __future__ import annotations

import os
from collections.abc import Mapping

import pytest
from strategies import Choose, _Seeded, block_name, deals, seed_blocks
from timed_cases import lively, timed

import foedus
from foedus.case.model import Case
from foedus.case.reading import parse_case
from foedus.forecasting.setting import Plan, Setting
from foedus.forecasting.stability_in_draws import game_in_draw
from foedus.forecasting.streams import DrawBlock
from foedus.preferences import SampledPreferences
from foedus.process.acceptance.solve import acceptance

FLAGSHIP_DRAWS = int(os.environ.get("FOEDUS_RANDOM_DRAWS", "12"))

Told = dict[str, tuple[int, int, bool]]


def in_many_draws(
    setting: Setting, sights: Mapping[str, SampledPreferences], draws: int
) -> list[Told]:
    """No deal, package and consent of every arrangement that somebody makes, draw by draw."""
    found = setting.consents(sights, list(setting.matching))
    return [
        {
            name: (int(c.no_deal[k]), int(c.package[k]), bool(c.acceptable[k]))
            for name, c in found.items()
        }
        for k in range(draws)
    ]


def in_one_draw(setting: Setting, sights: Mapping[str, SampledPreferences], draw: int) -> Told:
    """The same, by solving the game as it is in one draw."""
    solved = acceptance(game_in_draw(setting.game, sights, draw))
    told = {}
    for name, finding in solved.findings.items():
        if finding.package is None or finding.no_deal is None:
            told[name] = (-1, -1, False)
        else:
            state = finding.package.choice.state
            told[name] = (finding.no_deal.state, state, finding.acceptable)
    return told


def compare(case: Case, block: DrawBlock) -> list[Told]:
    setting = Setting.of(Plan(case))
    sights = setting.sights(block)
    many = in_many_draws(setting, sights, block.size)
    for draw, told in enumerate(many):
        assert told == in_one_draw(setting, sights, draw), draw
    return many


def random_case(seed: int) -> Case:
    """A random case with arrangements that somebody may want, and with dates."""
    choose = Choose(_Seeded(seed))
    spec = deals(choose)
    if seed % 2:
        spec = lively(choose, spec)
    return parse_case(timed(choose, spec).to_yaml())


@pytest.mark.parametrize("seeds", seed_blocks(), ids=block_name)
def test_consent_in_many_draws_is_acceptance_in_each(seeds: range) -> None:
    answers = set()
    for seed in seeds:
        many = compare(random_case(seed), DrawBlock(1, 0, 3, seed))
        answers |= {(package >= 0, ok) for told in many for _, package, ok in told.values()}
    if len(seeds) >= 50:
        assert answers == {(False, False), (True, False), (True, True)}


def test_consent_in_the_flagship_is_acceptance_in_each_draw() -> None:
    many = compare(foedus.load("cases/belarus-2024.yaml"), DrawBlock(0, 0, FLAGSHIP_DRAWS, 1))
    varying = {name for told in many for name in told if told[name] != many[0][name]}
    assert varying, "draws that are all alike test nothing"
