"""Pictures as data: what they refuse, what their tables hold, what is said of them, their marks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from foedus.document import (
    Branch,
    Calendar,
    Cell,
    Grid,
    Likelihood,
    Likelihoods,
    Line,
    Lines,
    PictureBlock,
    Range,
    Ranges,
    Share,
    ShareBar,
    Shares,
    Span,
    Strip,
    StripCell,
    Tree,
    as_table,
)
from foedus.render.palette import light, stroke
from foedus.render.pictures import picture
from foedus.render.seen import seen

TODAY, DEADLINE = date(2020, 1, 1), date(2024, 1, 1)

STRIP = Strip(
    "Strip",
    ("League", "Merger"),
    ("North", "South"),
    (
        (StripCell("agrees", 0.25, "+5 points"), StripCell("not asked")),
        (StripCell("agrees", 0.5), StripCell("refuses", -0.5, "−9 points")),
    ),
    "arrangement",
)
CALENDAR = Calendar(
    "Calendar",
    TODAY,
    DEADLINE,
    (
        Span("Election", date(2022, 3, 1), date(2022, 3, 1)),
        Span("A new mayor", TODAY, date(2021, 6, 1), "warn"),
    ),
    (TODAY, DEADLINE),
    (Line("League", (0.1, 0.4)), Line("Merger", (0.0, 0.0))),
)
SHARES = Shares(
    "Pace",
    "years",
    (ShareBar("By law", (Share("draft", 1), Share("vote", 2.5))), ShareBar("By treaty", ())),
    ((4, "the time left"),),
)
LIKELIHOODS = Likelihoods(
    "Likelihoods",
    (
        Likelihood("War", 0.35, 0.2, 0.5, "unlikely"),
        Likelihood("Peace", 0.55, 0.4, 0.7, "likely", 0.3),
    ),
)


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda: Likelihoods("t", (Likelihood("War", 1.2, 0, 1),)), "'War': .* no"),
        (lambda: Likelihoods("t", (Likelihood("War", 0.5, 0.6, 0.4),)), "'War'"),
        (lambda: Likelihoods("t", (Likelihood("War", 0.5, 0, 1, base=float("nan")),)), "'War'"),
        (lambda: Strip("t", ("A",), ("N",), ()), "0 rows of cells for 1 rows"),
        (lambda: Strip("t", ("A",), ("N",), ((),)), "row 'A': 0 cells for 1 columns"),
        (lambda: Strip("t", ("A",), ("N",), ((StripCell("agrees", 2),),)), "2 is no share"),
        (lambda: Calendar("t", DEADLINE, TODAY), "2020-01-01 is not after 2024-01-01"),
        (
            lambda: Calendar("t", TODAY, DEADLINE, (Span("E", DEADLINE, TODAY),), (TODAY, TODAY)),
            "'E' ends before it starts; the days do not follow",
        ),
        (lambda: Calendar("t", TODAY, DEADLINE, courses=(Line("L", (0.5,)),)), "each of 0 days"),
        (lambda: Calendar("t", TODAY, DEADLINE, (), (TODAY,), (Line("L", (50,)),)), "'L' has not"),
        (lambda: Calendar("t", TODAY, DEADLINE, courses=(Line("L", ()),) * 5), "5 courses"),
        (lambda: Shares("t", "", (ShareBar("b", (Share("p", -1),)),)), "'p': -1 is no amount"),
        (lambda: Shares("t", "", (), ((float("inf"), "m"),)), "'m': inf is no amount"),
    ],
)
def test_what_cannot_be_is_refused(make: Callable[[], PictureBlock], problem: str) -> None:
    with pytest.raises(ValueError, match=problem.replace(".* no", ".* are not a probability")):
        make()


def rows(block: PictureBlock) -> list[list[str]]:
    return [[cell.text for cell in row] for row in as_table(block).rows]


def test_tables_hold_what_the_pictures_show() -> None:
    assert rows(LIKELIHOODS) == [
        ["War", "unlikely", "35%", "20%", "50%", ""],
        ["Peace", "likely", "55%", "40%", "70%", "30%"],
    ]
    assert rows(STRIP) == [
        ["League", "agrees, +5 points", "not asked"],
        ["Merger", "agrees, +50%", "refuses, −9 points"],
    ]
    assert rows(CALENDAR) == [
        ["2020-01-01", "today", "", ""],
        ["2020-01-01 to 2021-06-01", "A new mayor", "", ""],
        ["2020-01-01", "likelihood", "10%", "0%"],
        ["2022-03-01", "Election", "", ""],
        ["2024-01-01", "deadline", "", ""],
        ["2024-01-01", "likelihood", "40%", "0%"],
    ]
    assert rows(SHARES) == [
        ["By law", "draft", "1"],
        ["By law", "vote", "2.5"],
        ["By law", "together", "3.5"],
        ["By treaty", "together", "0"],
        ["the time left", "", "4"],
    ]


GRID = Grid("g", ("A", "B"), ("c",), ((Cell("loses", "bad"),), (Cell("gains", "good"),)))
RANGES = Ranges("r", "points", (Range("a", 1, 2, 3), Range("b", 0, 5, 9)), ((0, "nothing"),))
LEAGUE = Branch("A league", "by both", "bad", "South", reached=("Peace",))


@pytest.mark.parametrize(
    ("block", "told"),
    [
        (
            LIKELIHOODS,
            "Likeliest: Peace, likely, 55%, range 40% to 70%, base rate 30%. "
            "War, unlikely, 35%, range 20% to 50%.",
        ),
        (STRIP, "Refused by nobody: League. Refused by South: Merger."),
        (
            CALENDAR,
            "From today, 2020-01-01, to the deadline, 2024-01-01. League rises from 10% to 40%. "
            "Merger begins and ends at 0%. "
            "Marked: A new mayor, 2020-01-01 to 2021-06-01; Election, 2022-03-01.",
        ),
        (
            SHARES,
            "By law: draft 1, vote 2.5; together 3.5 years. By treaty: nothing. "
            "Marked: the time left at 4.",
        ),
        (
            GRID,
            "A map of 2 rows by 1 column. loses: 1, gains: 1. "
            "Fewest marked bad, 0: B. Most marked bad, 1: A.",
        ),
        (
            RANGES,
            "2 ranges (points), widest first. b: 5, 0 to 9. a: 2, 1 to 3. Marked: nothing at 0.",
        ),
        (
            Lines("l", "", "per cent", ("2020", "2021"), (Line("A", (1, 3)), Line("B", (3, 1)))),
            "From 2020 to 2021, per cent. A rises from 1 to 3. B falls from 3 to 1.",
        ),
        (
            Tree("t", Branch("Today", branches=(LEAGUE,))),
            "2 boxes, beginning with Today. From there: Peace. Refused: Peace, by South.",
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_text_says_what_is_seen(block: PictureBlock, told: str) -> None:
    assert seen(block) == told
    drawn = picture(block, "p")
    assert drawn
    for drawing in (drawn.wide, drawn.narrow):
        assert f">{told} The same content follows as a table.</desc>" in drawing.svg


def test_of_much_the_first_is_named_and_the_rest_counted() -> None:
    answers = tuple(Likelihood(f"Way {k}", 0.1 * k, 0, 1) for k in range(8))
    told = seen(Likelihoods("l", answers))
    assert told.startswith("Likeliest: Way 7, 70%, range 0% to 100%. Way 6")
    assert told.endswith("Way 3, 30%, range 0% to 100%. 3 more are less likely.")


@pytest.mark.parametrize("kind", ["wide", "narrow"])
def test_marks_say_what_colours_do(kind: str) -> None:
    """Each mark is drawn once in the key, too: a cross of two strokes, a tick of two, a point."""

    def drawn(block: PictureBlock) -> str:
        made = picture(block, "p")
        assert made
        return str(getattr(made, kind).svg)

    strip = drawn(STRIP)
    thick = [f'stroke="{stroke(tone)}" stroke-width="2.5"' for tone in ("bad", "good")]
    assert [strip.count(each) for each in thick] == [2 * (1 + 1), 2 * (2 + 1)]
    assert strip.count('r="2"') == 1 + 1
    base = f'stroke="{light("ink")}" stroke-width="2.5"'
    assert drawn(LIKELIHOODS).count(base) == 1 + 1
    assert drawn(Likelihoods("l", LIKELIHOODS.answers[:1])).count(base) == 0
    calendar = drawn(CALENDAR)
    assert calendar.count("<polygon") == 1
    assert calendar.count("stroke-dasharray") >= 2
