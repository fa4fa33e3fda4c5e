"""What the author of a case asks is answered by the report, beside the author's own answer."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest
from immutabledict import immutabledict

from foedus.case.model import Case
from foedus.case.reading import parse_case
from foedus.document import Table, plain_lines
from foedus.equilibria.solve import stability
from foedus.forecasting.solve import forecast
from foedus.preferences.games import game_of
from foedus.process.holding import holding
from foedus.reporting.findings import Findings
from foedus.reporting.questions import section

if TYPE_CHECKING:
    from foedus.reporting.outlook import Outlook

TEXT = """
foedus: 1
title: A road and a wall
as_of: 2020-01-01
deadline: 2022-01-01
actors:
  a: {name: The Town}
  b: {name: Barter}
issues:
  road: {name: Road, positions: {none: No road, built: A road}, decided_by: a and b}
  wall: {name: Wall, positions: {none: No wall, high: A high wall}, decided_by: a and b}
arrangements:
  road: {name: The road is built, when: road = built}
  wall: {name: The wall is built, when: wall = high}
preferences:
  a: {worth: {road: {when: road = built, value: 10}, wall: {when: wall = high, value: 10}}}
  b: {worth: {road: {when: road = built, value: 10}, wall: {when: wall = high, value: -10}}}
questions:
  will-it: {asks: Will there be a wall?, arrangement: wall, verdict: {text: Hardly, word: unlikely}}
  sure: {asks: Will there be a road?, arrangement: road, verdict: {text: No, word: unlikely}}
  which: {asks: Road or wall?, easier: [wall, road], verdict: {text: The road, says: road}}
  wrong: {asks: Wall or road?, easier: [road, wall], verdict: {text: The wall, says: wall}}
  state: {asks: What of the wall?, position_of: wall, verdict: {text: None, says: none}}
  open: {asks: What of the road?, position_of: road, verdict: Time will tell}
"""


@pytest.fixture(scope="module")
def case() -> Case:
    return parse_case(TEXT)


def told(case: Case, with_forecast: bool) -> dict[str, str]:
    """By question, all that is told of it in one text."""
    game = game_of(case)
    ahead: Outlook | None = None
    if with_forecast:
        found = forecast(case, draws=20, stability_draws=0, farsighted_draws=0, varied=False)
        ahead = cast("Outlook", SimpleNamespace(forecast=found))
    solved = stability(game)
    (made,) = section(Findings(game, None, solved, holding(solved, None), ahead))
    (table,) = [block for block in made.blocks if isinstance(block, Table)]
    return {
        question.id: "; ".join(f"{cell.text} [{cell.note}]" for cell in row[1:])
        for question, row in zip(case.questions.values(), table.rows, strict=True)
    }


@pytest.mark.parametrize("with_forecast", [False, True])
def test_each_question_is_answered_beside_the_author(case: Case, with_forecast: bool) -> None:
    answers = told(case, with_forecast)
    assert set(answers) == set(case.questions)
    assert answers["will-it"].startswith("almost no chance (")
    assert "[refused always by Barter; better off, of those asked: the Town]" in answers["will-it"]
    assert "Hardly [agrees in direction, surer here by two words" in answers["will-it"]
    assert "[differs by four words of the scale: “almost certain” here]" in answers["sure"]
    assert "[refused by nobody; better off, of those asked: the Town and Barter]" in answers["sure"]
    assert answers["which"].startswith("“The road is built” (")
    assert answers["which"].endswith("The road [agrees]")
    assert "[differs: “The wall is built”]" in answers["wrong"]
    assert "likeliest “No wall” (over 99.9%); nothing else is met" in answers["state"]
    assert answers["state"].endswith("None [agrees]")
    assert "Time will tell [no answer that could be set beside it]" in answers["open"]


def test_days_are_told_with_a_forecast_alone(case: Case) -> None:
    assert "half of it by" in told(case, True)["which"]
    assert "half of it by" not in told(case, False)["which"]


def test_what_is_equally_likely_is_not_called_easier(case: Case) -> None:
    even = parse_case(
        TEXT.replace("value: -10", "value: 10").split("  which:")[0]
        + """
  which: {asks: Road or wall?, easier: [wall, road], verdict: {text: The road, says: road}}
"""
    )
    answer = told(even, False)["which"]
    assert "neither chance nor days tell the two apart" in answer
    assert "this case does not tell" in answer


def test_nothing_is_told_where_nothing_is_asked(case: Case) -> None:
    silent = replace(case, questions=immutabledict())
    game = game_of(silent)
    solved = stability(game)
    assert section(Findings(game, None, solved, holding(solved, None))) == ()


def test_a_case_without_dates_says_why_it_does_not_answer(case: Case) -> None:
    dateless = parse_case(TEXT.replace("deadline: 2022-01-01\n", ""))
    game = game_of(dateless)
    solved = stability(game)
    (made,) = section(Findings(game, None, solved, holding(solved, None)))
    assert "Not answered" in "\n".join(plain_lines(made))
