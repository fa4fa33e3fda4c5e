"""Same seed, same draws; changing one judgement leaves the draws of all others alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foedus.case.judgement import Judgement, Role, Together
from foedus.case.model import Case, Poll
from foedus.case.reading import parse_case
from foedus.forecasting.pieces import Timed, solved_block
from foedus.forecasting.ranges import Floats, spread_of
from foedus.forecasting.streams import BLOCK, DrawBlock, draw_blocks, parts_of, scores
from foedus.process.model import Process


def test_more_draws_begin_with_the_same() -> None:
    few = np.concatenate([b.uniforms("x") for b in draw_blocks(1500, seed=4)])
    many = np.concatenate([b.uniforms("x") for b in draw_blocks(3200, seed=4)])
    assert (few == many[:1500]).all()


def test_a_block_needs_no_other_block() -> None:
    third = list(draw_blocks(5000, seed=4))[2]
    assert (third.uniforms("x") == DrawBlock(2, 500, 250, 4).uniforms("x")).all()


def test_a_stream_descends_from_its_blocks_child_of_the_seed() -> None:
    child = np.random.SeedSequence(4).spawn(3)[2]
    state = DrawBlock(2, 2000, 10, 4).generator("x").bit_generator.seed_seq
    assert isinstance(state, np.random.SeedSequence)
    assert state.spawn_key[:1] == child.spawn_key
    assert state.entropy == child.entropy


def test_streams_are_told_apart_by_seed_block_and_name() -> None:
    streams = [
        DrawBlock(number, 0, 2000, seed).uniforms(name)
        for seed in (0, 1)
        for number in (0, 1)
        for name in ("a", "b")
    ]
    related = np.corrcoef(streams) - np.eye(len(streams))
    assert abs(related).max() < 0.12  # five standard deviations


def test_the_pieces_together_are_uniform() -> None:
    drawn = np.concatenate([b.uniforms("x") for b in draw_blocks(20_000, seed=11)])
    counts, _ = np.histogram(drawn, bins=50, range=(0, 1))
    assert ((counts - 400) ** 2 / 400).sum() < 85.4  # chi-square, 49 degrees, 0.1 %


def test_a_changed_judgement_keeps_its_uniforms_and_so_does_its_neighbour() -> None:
    (block,) = draw_blocks(100, seed=1)
    before = Judgement(0, 1, 2, path=("preferences", "a", "worth", "gas"))
    after = Judgement(5, 6, 9, path=("preferences", "a", "worth", "gas"))
    u = block.places(before)
    assert (block.values(after) > block.values(before)).all()
    assert (np.argsort(block.values(after)) == np.argsort(u)).all()


def test_a_group_shares_one_stream_and_one_outcome() -> None:
    (block,) = draw_blocks(250, seed=1)
    one = Judgement(0.2, 0.3, 0.4, path=("a",), together=Together("mood"))
    same = Judgement(0.2, 0.3, 0.4, path=("b",), together=Together("mood"))
    likelier = Judgement(0.6, 0.7, 0.8, path=("c",), together=Together("mood"))
    alone = Judgement(0.2, 0.3, 0.4, path=("b",))
    assert (block.so(one) == block.so(same)).all()
    assert (block.so(one) <= block.so(likelier)).all()
    assert (block.so(one) != block.so(alone)).any()


def test_a_group_is_no_judgement_of_the_same_name() -> None:
    alone = Judgement(0, 1, 2, path=("oil",))
    assert parts_of(alone) != parts_of(replace(alone, path=("x",), together=Together("oil")))


# --- loadings: a one-factor Gaussian copula -----------------------------------------------------

ALONE = Judgement(2, 5, 20, ("a",), role=Role.WORTH)
WISH = Judgement(0.2, 0.6, 0.7, ("a",), role=Role.PRIORITY)
SHARE = Judgement(48, 48, 48, ("a",), because=("poll",), role=Role.SUPPORT)
POLLS = {"poll": Poll("poll", "approval", {"yes": 48.0}, n=800)}
MANY = DrawBlock(0, 0, 20_000, 3)


def loading(judgement: Judgement, size: float, name: str = "a") -> Judgement:
    """The judgement, under this name, with a loading on the group "mood"."""
    return replace(judgement, path=(name,), together=Together("mood", size))


def drawn(judgement: Judgement, block: DrawBlock) -> object:
    """What is drawn of a judgement of any role, as bytes."""
    if judgement.role is Role.PRIORITY:
        return block.so(judgement).tobytes()
    return block.share(judgement, POLLS).tobytes()


@pytest.mark.parametrize("judged", [ALONE, WISH, SHARE], ids=["worth", "wish", "poll"])
def test_a_loading_of_0_is_no_group_and_of_1_the_group_itself(judged: Judgement) -> None:
    (block,) = draw_blocks(200, seed=5)
    plain = replace(judged, path=("another",), together=Together("mood"))
    assert drawn(loading(judged, 0), block) == drawn(judged, block)
    assert drawn(loading(judged, 1), block) == drawn(plain, block)
    assert drawn(loading(judged, 0.5), block) not in {drawn(judged, block), drawn(plain, block)}


def test_a_loading_of_minus_1_is_the_mirrored_quantile() -> None:
    (block,) = draw_blocks(250, seed=1)
    u = block.uniforms("with mood")
    assert (block.values(loading(ALONE, -1)) == spread_of(ALONE).at(1 - u)).all()
    # What is as likely as not is held by one of two who wish against each other, never by both.
    even = Judgement(0.5, 0.5, 0.5, ("a",), role=Role.PRIORITY)
    assert (block.so(loading(even, 1)) != block.so(loading(even, -1, "b"))).all()


@pytest.mark.parametrize("size", [-0.6, 0.3, 1 - 1e-12, 1e-9])
def test_the_stated_distribution_stays_whatever_the_loading(size: float) -> None:
    values = np.sort(MANY.values(loading(ALONE, size)))
    steps = np.arange(1, MANY.size + 1) / MANY.size
    off = np.abs(spread_of(ALONE).below_value(values) - steps).max()
    assert off < 1.95 / np.sqrt(MANY.size)  # Kolmogorov and Smirnov, 0.1 %
    held = MANY.so(loading(WISH, size)).mean()
    assert held == pytest.approx(spread_of(WISH).mean(), abs=4 * 0.5 / np.sqrt(MANY.size))


@pytest.mark.parametrize(("one", "other"), [(0.8, -0.6), (0.5, 0.5), (1, -0.7), (0.9, 0)])
def test_normal_scores_go_with_the_product_of_the_loadings(one: float, other: float) -> None:
    first, second = (
        scores(MANY.places(loading(ALONE, x, f"j{x}{k}"))) for k, x in enumerate((one, other))
    )
    found = np.corrcoef(first, second)[0, 1]
    assert found == pytest.approx(one * other, abs=4 / np.sqrt(MANY.size))


def test_more_members_another_order_and_other_blocks_change_nobody() -> None:
    """A draw of one judgement depends on its own name, group and loading, and on nothing else."""
    text = """
foedus: 1
title: Moods
as_of: 2020-01-01
deadline: 2022-01-01
actors: {ann: {name: Ann}, bob: {name: Bob}}
issues: {bridge: {positions: {none: None, built: Built}, decided_by: {built: ann and bob, none: nobody}}}
arrangements: {bridge: {name: A bridge, when: bridge = built}}
preferences:
  ann: {worth: {gain: {when: bridge = built, value: [-9, 1, 9], with: {group: mood, loading: 0.7}}}}
  bob: {worth: {gain: {when: bridge = built, value: [-9, 2, 9], with: {group: mood, loading: -0.4}}, IDLE}}
"""  # noqa: E501
    idle = "idle: {when: bridge = none, value: VALUE, with: {group: mood, loading: 0.9}}"
    case = parse_case(text.replace(", IDLE", ""))
    more = parse_case(text.replace("IDLE", idle.replace("VALUE", "0")))
    first, last = text.index("  ann: {worth"), text.index("  bob: {worth")
    turned = text[:first] + text[last:].rstrip() + "\n" + text[first:last]
    answers = reached(case)
    assert 0.01 < answers.mean() < 0.99
    for other in (more, parse_case(turned.replace(", IDLE", ""))):
        assert np.array_equal(reached(other), answers)
    assert np.array_equal(reached(case, slice(1, None)), answers[BLOCK:])


def reached(case: Case, blocks: slice = slice(None)) -> Floats:
    """The chance of each arrangement in the draws of some blocks."""
    process = Process.of(case)
    some = list(draw_blocks(300, seed=1))[blocks]
    return np.concatenate([solved_block(process, Timed(block)).reached for block in some])


@pytest.mark.parametrize(("draws", "seed"), [(0, 1), (-5, 1), (10, -1)])
def test_no_draws_and_no_seed_below_zero(draws: int, seed: int) -> None:
    with pytest.raises(ValueError, match=r"least|seed"):
        list(draw_blocks(draws, seed))
