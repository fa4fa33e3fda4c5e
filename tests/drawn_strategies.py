"""Random pictures for Hypothesis: numbers of every size, names of every length, or none."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import strategies as st
from render_samples import TONES

from foedus.document import (
    Calendar,
    Likelihood,
    Likelihoods,
    Line,
    Share,
    ShareBar,
    Shares,
    Span,
    Strip,
    StripCell,
)

LABELS = st.sampled_from(["", "A", "North Town", "A name of some length, in many words"]) | st.text(
    "aW -é", max_size=90
)
CHANCES = st.floats(0, 1) | st.sampled_from([0.0, 0.5, 1.0])
TONED = st.sampled_from(TONES)


@st.composite
def likelihoods(draw: st.DrawFn) -> Likelihoods:
    answers = []
    for _ in range(draw(st.integers(1, 5))):
        low, p, high = sorted(draw(st.tuples(CHANCES, CHANCES, CHANCES)))
        base, word = draw(st.none() | CHANCES), draw(LABELS)
        answers.append(Likelihood(draw(LABELS), p, low, high, word, base, draw(TONED)))
    ends = sorted(draw(st.lists(CHANCES, max_size=8)))
    bands = tuple((low, high, draw(LABELS)) for low, high in pairwise(ends))
    return Likelihoods("l", tuple(answers), bands)


@st.composite
def strips(draw: st.DrawFn) -> Strip:
    rows, columns = draw(st.lists(LABELS, min_size=1)), draw(st.lists(LABELS, min_size=1))
    cell = st.builds(
        StripCell,
        st.sampled_from(["agrees", "refuses", "not asked"]),
        st.none() | st.floats(-1, 1),
        LABELS,
    )
    cells = tuple(tuple(draw(cell) for _ in columns) for _ in rows)
    return Strip("s", tuple(rows), tuple(columns), cells)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    today = date(2020, 1, 1) + timedelta(draw(st.integers(-30_000, 30_000)))
    length = draw(st.integers(1, 9_000))
    places = st.integers(-100, length + 100)
    spans = []
    for _ in range(draw(st.integers(0, 5))):
        start, end = (today + timedelta(k) for k in sorted(draw(st.tuples(places, places))))
        spans.append(Span(draw(LABELS), start, draw(st.sampled_from([start, end])), draw(TONED)))
    days = sorted(draw(st.sets(st.integers(0, length), min_size=1, max_size=6)))
    courses = tuple(
        Line(draw(LABELS), tuple(draw(CHANCES) for _ in days))
        for _ in range(draw(st.integers(0, 4)))
    )
    given_ = tuple(today + timedelta(k) for k in days)
    return Calendar("c", today, today + timedelta(length), tuple(spans), given_, courses)


@st.composite
def shares(draw: st.DrawFn) -> Shares:
    amounts = st.floats(0.01, 1e6) | st.sampled_from([0.0, 1.0])
    part = st.builds(Share, LABELS, amounts, TONED)
    bar = st.builds(ShareBar, LABELS, st.lists(part, max_size=4).map(tuple))
    marks = draw(st.lists(st.tuples(amounts, LABELS), max_size=2).map(tuple))
    return Shares("s", draw(LABELS), tuple(draw(st.lists(bar, max_size=3))), marks)
