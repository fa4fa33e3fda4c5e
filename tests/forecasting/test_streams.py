"""Same seed, same draws; changing one judgement leaves the draws of all others alone."""

from __future__ import annotations

import numpy as np
import pytest

from foedus.case.model import Judgement
from foedus.forecasting.streams import DrawBlock, draw_blocks, stream_of


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
    u = block.uniforms(stream_of(before))
    assert (block.values(after) > block.values(before)).all()
    assert (np.argsort(block.values(after)) == np.argsort(u)).all()


def test_a_group_shares_one_stream_and_one_outcome() -> None:
    (block,) = draw_blocks(250, seed=1)
    one = Judgement(0.2, 0.3, 0.4, path=("a",), together="mood")
    same = Judgement(0.2, 0.3, 0.4, path=("b",), together="mood")
    likelier = Judgement(0.6, 0.7, 0.8, path=("c",), together="mood")
    alone = Judgement(0.2, 0.3, 0.4, path=("b",))
    assert (block.so(one) == block.so(same)).all()
    assert (block.so(one) <= block.so(likelier)).all()
    assert (block.so(one) != block.so(alone)).any()


def test_a_group_is_no_judgement_of_the_same_name() -> None:
    assert stream_of(Judgement(0, 1, 2, path=("oil",))) != stream_of(
        Judgement(0, 1, 2, path=("x",), together="oil")
    )


@pytest.mark.parametrize(("draws", "seed"), [(0, 1), (-5, 1), (10, -1)])
def test_no_draws_and_no_seed_below_zero(draws: int, seed: int) -> None:
    with pytest.raises(ValueError, match=r"least|seed"):
        list(draw_blocks(draws, seed))
