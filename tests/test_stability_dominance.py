"""The least value among what is better by one, two or more levels, against plain loops."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.equilibria import dominance
from foedus.equilibria.dominance import (
    AboveOne,
    AboveTwo,
    exceeded,
    front,
    least_above,
)

Rows = list[tuple[int, int, int, int]]
ROWS: st.SearchStrategy[Rows] = st.lists(
    st.tuples(*[st.integers(0, most) for most in (3, 5, 5, 40)]), min_size=1, max_size=40
)
"""Targets: cell, first level, second level, value."""
ASKED: st.SearchStrategy[Rows] = st.lists(
    st.tuples(*[st.integers(0, most) for most in (3, 6, 6, 0)]), max_size=30
)
"""Questions: cell, bound on the first level, bound on the second; the last is not used."""


def columns(rows: Rows) -> np.ndarray:
    return np.array(rows, dtype=np.int64).reshape(-1, 4).T


def least_by_loops(rows: Rows, asked: Rows, levels: int) -> list[int | None]:
    answers = []
    for question in asked:
        above = [
            min(row[3], len(rows))
            for row in rows
            if row[0] == question[0] and all(row[k] > question[k] for k in range(1, levels + 1))
        ]
        answers.append(min(above, default=None))
    return answers


def as_answers(found: np.ndarray, size: int) -> list[int | None]:
    return [int(value) if value <= size else None for value in found]


@given(ROWS, ASKED)
def test_above_one(rows: Rows, asked: Rows) -> None:
    cells, first, _, values = columns(rows)
    asked = [question for question in asked if question[0] in cells]
    questions, bounds, _, _ = columns(asked)
    above = AboveOne(cells, first)
    running = above.running(np.minimum(values, len(rows)))
    found = above.answers(running, above.places(questions, bounds), questions)
    assert as_answers(found, len(rows)) == least_by_loops(rows, asked, 1)


@given(ROWS, ASKED)
def test_above_two(rows: Rows, asked: Rows) -> None:
    cells, first, second, values = columns(rows)
    asked = [question for question in asked if question[0] in cells]
    above = AboveTwo(cells, first, second, *columns(asked)[:3])
    found = above.least(np.minimum(values, len(rows)))
    assert as_answers(found, len(rows)) == least_by_loops(rows, asked, 2)


@pytest.mark.parametrize("compared", [1, 7, 1 << 21])
@settings(max_examples=50)
@given(ROWS, ASKED)
def test_blocks_of_rows(compared: int, rows: Rows, asked: Rows) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dominance, "COMPARED", compared)
        targets, bounds = columns(rows)[:3].T, columns(asked)[:3].T
        values = columns(rows)[3]
        above = [[bool((t > b).all()) for t in targets] for b in bounds]
        assert exceeded(targets, bounds).tolist() == [any(row) for row in above]
        least = [min(values[row], default=99) for row in above]
        assert least_above(targets, values, bounds, 99).tolist() == least
        best = front(targets)
        assert exceeded(best, bounds).tolist() == [any(row) for row in above]
        assert not any(
            (a >= b).all() for j, a in enumerate(best) for k, b in enumerate(best) if j != k
        )
