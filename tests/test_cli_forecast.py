"""The commands that look ahead, in process: what they print, and how what is wrong is told."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from commands import refused, run

import foedus
from foedus.cli.forecasting import weights_in
from foedus.forecasting.most_likely import most_likely
from foedus.sensitivity.passing import smallest_shift

ROOT = Path(__file__).parent.parent
TOWNS = str(ROOT / "cases" / "two-towns.yaml")
LITTLE = (
    *("--draws", "120", "--stability-draws", "5", "--farsighted-draws", "1"),
    *("--workers", "1"),
)
FEW = ("--draws", "100", "--workers", "1")
FEWEST = (
    *("--draws", "10", "--stability-draws", "0", "--farsighted-draws", "0"),
    *("--workers", "1"),
)


def answered(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    # On a slow machine the stages of the work are told, a line each, and how long it will take.
    stage = re.compile(r"[^:]+(off: [^:]+)? \([\d,]+\)|about [\d,]+ s of one core; [\d,]+ states")
    assert all(stage.fullmatch(line) for line in result.stderr.splitlines())
    return result.stdout


def data(*arguments: str) -> Any:
    return json.loads(answered(*arguments, "--json"))


def towns(tmp_path: Path, *changes: tuple[str, str]) -> str:
    """The two towns with texts replaced."""
    text = Path(TOWNS).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "case.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


# --- forecast ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def told() -> Any:
    return data("forecast", TOWNS, *LITTLE)


def test_a_forecast_has_the_form_agreed(told: Any) -> None:
    agreed = ["draws", "seed", "case_hash", "hypotheses", "arrangements", "issues"]
    agreed += ["inside", "outside", "prior", "evidence", "pooled", "views_apart"]
    assert list(told)[: len(agreed)] == agreed
    assert (told["draws"], told["seed"], len(told["case_hash"])) == (120, 1, 64)
    case = foedus.load(TOWNS)
    assert list(told["hypotheses"]) == list(case.hypotheses)
    assert list(told["arrangements"]) == list(case.arrangements)
    assert all(told["hypotheses"][n] == told["arrangements"][n] for n in case.hypotheses)
    for estimate in told["arrangements"].values():
        assert list(estimate) == [
            *("reached", "as_judged", "reached_and_stable", "reached_and_holds"),
        ]
        assert estimate["reached_and_stable"] == estimate["reached_and_holds"]
        for p in estimate.values():
            assert list(p) == ["p", "se", "low", "high", "word"]
            assert 0 <= p["low"] <= p["p"] <= p["high"] <= 1
    for issue, chances in told["issues"].items():
        assert list(chances) == [p.id for p in case.issues[issue].positions]
        assert sum(p["p"] for p in chances.values()) == pytest.approx(1)
    for view in ("inside", "outside", "prior", "pooled"):
        assert list(told[view]) == [*case.hypotheses, "other"]
        assert all(list(share)[:3] == ["p", "low", "high"] for share in told[view].values())
        assert sum(share["p"] for share in told[view].values()) == pytest.approx(1)
    assert told["evidence"] == {}


def test_a_forecast_is_what_the_library_says(told: Any) -> None:
    found = foedus.forecast(foedus.load(TOWNS), draws=120, stability_draws=5, farsighted_draws=1)
    assert json.loads(json.dumps(found.to_dict())) == told


def test_the_number_of_workers_changes_no_byte() -> None:
    asked = (
        "forecast",
        TOWNS,
        "--draws",
        "300",
        "--stability-draws",
        "5",
        "--farsighted-draws",
        "2",
    )
    by_one, by_three = (answered(*asked, "--json", "--workers", w) for w in "13")
    assert by_one == by_three


def test_the_hash_is_of_the_case_and_not_of_its_bytes(tmp_path: Path, told: Any) -> None:
    spaced = towns(tmp_path, ("title: ", "title:    "))
    assert data("forecast", spaced, *FEWEST)["case_hash"] == told["case_hash"]
    other = towns(tmp_path, ("value: [20, 35, 50]", "value: [20, 35, 51]"))
    assert data("forecast", other, *FEWEST)["case_hash"] != told["case_hash"]


def test_a_forecast_is_told_for_readers() -> None:
    text = " ".join(answered("forecast", TOWNS, *LITTLE).split())
    order = [
        "that what stands at the deadline is “Merger”",
        "Our confidence in this is",
        "A state reached is stable (seq) when",
        "What the answer depends on",
        "What to watch for",
        "Arrangement by arrangement",
        "The views, and pooled",
        "How far the model variants move it",
        "When",
        "Pace",
        "Issue by issue",
        "How it was computed",
    ]
    places = [text.index(part) for part in order]
    assert places == sorted(places)


def test_a_few_draws_are_told_without_drivers() -> None:
    text = answered("forecast", TOWNS, "--draws", "5", "--workers", "1")
    assert "What the answer depends on" not in text
    assert "Merger" in text


def test_nothing_judged_is_said() -> None:
    estimate = data("forecast", TOWNS, *FEWEST)["hypotheses"]["one-town"]
    assert estimate["reached_and_stable"] is None
    text = answered("forecast", TOWNS, *FEWEST)
    assert "Whether what is reached would be stable was not computed." in text


@pytest.mark.parametrize(
    ("option", "value", "name"),
    [
        ("--meetings", "24", "meetings"),
        ("--least-gain", "0.01", "least_gain"),
        ("--reach", "3", "reach"),
    ],
)
def test_the_process_can_be_chosen(option: str, value: str, name: str) -> None:
    given = data("forecast", TOWNS, *FEWEST, option, value)
    assert given["options"][name] == float(value)


@pytest.mark.parametrize("behaviour", ["myopic", "farsighted"])
def test_the_most_likely_is_solved_without_draws(behaviour: str) -> None:
    found = most_likely(foedus.load(TOWNS), behaviour)  # type: ignore[arg-type]
    given = data("forecast", TOWNS, "--most-likely", "--behaviour", behaviour)
    assert given["behaviour"] == behaviour
    told = {name: each["reached"]["p"] for name, each in given["arrangements"].items()}
    assert told == dict(found.reached)
    assert "At the most likely judgements" in answered("forecast", TOWNS, "--most-likely")


def test_confidence_leaves_out_one_thing_after_the_other() -> None:
    few = ("--draws", "40", "--stability-draws", "0", "--farsighted-draws", "0", "--workers", "1")
    text = " ".join(answered("forecast", TOWNS, *few, "--confidence").split())
    assert "changes were tried on each" in text


def test_weights_move_the_pool(told: Any) -> None:
    inside = data("forecast", TOWNS, *LITTLE, "--weights", "inside=1")
    assert inside["pooled"]["one-town"]["p"] == pytest.approx(told["inside"]["one-town"]["p"])
    outside = data("forecast", TOWNS, *LITTLE, "--weights", "outside = 2, inside=0")
    assert outside["pooled"]["one-town"]["p"] == pytest.approx(told["outside"]["one-town"]["p"])


def test_weights_not_named_are_none() -> None:
    assert weights_in("inside=2") == {"inside": 2.0, "outside": 0.0}


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ("insde=1", "--weights: no view 'insde'; expected inside or outside"),
        (
            "inside",
            "--weights: 'inside' gives no weight; expected a number from 0 to",
        ),
        (
            "inside=-1",
            "--weights: 'inside=-1' gives no weight; expected a number from 0 to",
        ),
        (
            "inside=nan",
            "--weights: 'inside=nan' gives no weight; expected a number from 0 to",
        ),
        ("inside=0", "--weights: no view has a weight; expected such as inside=1,outside=1"),
        ("inside=1,outside=1e308", "--weights: 'outside=1e308' gives no weight; expected a number"),
        ("inside=1,inside=2", "--weights: 'inside' is given twice"),
        (
            "inside=1,evidence=1",
            "--weights: evidence has no weight any more: its likelihood",
        ),
    ],
)
def test_weights_that_make_no_sense_are_told(weights: str, message: str) -> None:
    (line,) = refused("forecast", TOWNS, *LITTLE, "--weights", weights)
    assert line.startswith(message)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--draws", "0"),
        ("--draws", "many"),
        ("--seed", "-1"),
        ("--workers", "0"),
        ("--stability-draws", "-1"),
        ("--farsighted-draws", "-1"),
        ("--meetings", "0"),
        ("--least-gain", "1"),
        ("--behaviour", "farsighted"),
        ("--concept", "sek"),
        ("--odd", "1"),
    ],
)
def test_options_that_cannot_be_understood_are_errors(arguments: tuple[str, str]) -> None:
    result = run("forecast", TOWNS, *arguments)
    assert result.exit_code == 2
    assert result.stdout == ""


@pytest.mark.parametrize("command", ["forecast", "drivers", "indicators"])
def test_a_deadline_before_today_is_told_with_its_place(tmp_path: Path, command: str) -> None:
    path = towns(tmp_path, ("deadline: 2024-03-17", "deadline: 2019-03-17"))
    (line,) = refused(command, path)
    assert line.startswith(f"{path}:")
    assert "2019-03-17" in line
    assert line.removeprefix(f"{path}:")[0].isdigit()


def test_what_a_forecast_needs_is_told(tmp_path: Path) -> None:
    path = towns(tmp_path, ("deadline: 2024-03-17\n", ""), ("mayor: in-office", "mayor: gone"))
    text = Path(path).read_text(encoding="utf-8")
    assert "deadline:" not in text
    (line,) = refused("forecast", path)
    assert "`deadline`" in line


# --- drivers, indicators, observe --------------------------------------------------------------


def test_drivers_are_of_every_hypothesis_or_of_one_answer() -> None:
    assert list(data("drivers", TOWNS, *FEW)) == ["one-town"]
    found = data("drivers", TOWNS, "free-bridge", *FEW)["free-bridge"]
    assert list(found) == [
        *("answer", "draws", "p", "drivers", "actors", "together", "never", "refuses"),
    ]
    assert set(found["actors"]) <= set(foedus.load(TOWNS).actors)
    assert "A free bridge" in answered("drivers", TOWNS, "free-bridge", *FEW)


@pytest.mark.parametrize("command", ["drivers", "indicators", "paths"])
def test_an_unknown_answer_is_told_before_the_work(command: str) -> None:
    assert refused(command, TOWNS, "one-twn") == [
        f"{TOWNS}: no arrangement 'one-twn'; did you mean 'one-town'?"
    ]


def test_indicators_are_told() -> None:
    found = data("indicators", TOWNS, "free-bridge", "--most", "2", *FEW)
    assert list(found) == ["answers", "draws", "dates", "watched", "indicators", "signposts"]
    assert list(found["answers"]) == ["free-bridge"]
    assert answered("indicators", TOWNS, *FEW)


def test_an_observation_updates() -> None:
    found = data("observe", TOWNS, "not (bridge != none) by 2022-01-01", *FEW)
    assert 0 < found["probability"]["p"] < 1
    assert 1 <= found["worth_draws"] <= found["draws"] == 100
    assert "2022-01-01" in answered("observe", TOWNS, "bridge != none by 2022-01-01", *FEW)


@pytest.mark.parametrize(
    ("observation", "message"),
    [
        ("bridge = wyde by 2022-01-01", "did you mean 'wide'?"),
        ("bridge = wide", "by"),
        ("bridge = wide by 2030-01-01", "2030-01-01"),
        ("not (bridge = none) by 2022-01-01", "`!=` for what has been left"),
    ],
)
def test_an_observation_that_cannot_be_used_is_told(observation: str, message: str) -> None:
    (line,) = refused("observe", TOWNS, observation, *FEW)
    assert line.startswith("<observation>")
    assert message in line


# --- paths, whatif, require -------------------------------------------------------------------


def test_paths_are_told() -> None:
    found = foedus.paths(foedus.load(TOWNS))
    assert data("paths", TOWNS) == json.loads(json.dumps(found.to_dict()))
    assert data("paths", TOWNS, "one-town")["status"] == "blocked"
    assert "no way there is agreed" in " ".join(answered("paths", TOWNS, "one-town").split())


def test_a_what_if_shows_both_answers() -> None:
    name = "preferences.north.worth.toll-income"
    found = data("whatif", TOWNS, "--set", f"{name}=40", *FEW)
    assert [each["name"] for each in found["set"]] == [name]
    assert list(found["arrangements"]) == list(foedus.load(TOWNS).arrangements)
    assert "Both answers" in answered("whatif", TOWNS, "--set", f"{name}=[20, 40, 60]", *FEW)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("preferences.north.worth.tol-income=4", "did you mean"),
        ("preferences.north.worth.toll-income", "expected NAME=VALUE"),
        (
            "preferences.north.worth.toll-income=[9, 4, 1]",
            "--set: the range 9, 4, 1 is out of order",
        ),
        ("preferences.south.priorities.any-bridge=1.5", "expected a number from 0 to 1"),
    ],
)
def test_what_cannot_be_set_is_told(setting: str, message: str) -> None:
    (line, *_) = refused("whatif", TOWNS, "--set", setting, *FEW)
    assert message in line


def test_what_it_would_take_is_told() -> None:
    found = data("require", TOWNS, "one-town")
    assert list(found) == ["arrangement", "payments", "blockers", "together"]
    assert "voters" in found["blockers"]
    assert data("require", TOWNS, "one-town", "--until", ".5", "--question", "acceptable") == found
    assert "Voters of South Town" in answered("require", TOWNS, "one-town")
    assert refused("require", TOWNS, "one-twn") == [
        f"{TOWNS}: no arrangement 'one-twn'; did you mean 'one-town'?"
    ]


def test_what_it_takes_for_a_chance_to_pass() -> None:
    few = ("--draws", "100", "--quiet")
    found = data("require", TOWNS, "one-town", "--until", "0.2", *few)
    shift = smallest_shift(foedus.load(TOWNS), "one-town", 0.2, draws=100)
    assert found == json.loads(json.dumps(shift.to_dict()))
    (line,) = refused("require", TOWNS, "one-town", "--until", "1.5", *few)
    assert line == "--until: '1.5' cannot be used; expected a number above 0 and below 1"


# --- report -----------------------------------------------------------------------------------


def test_a_report_opens_with_the_forecast(tmp_path: Path) -> None:
    page = tmp_path / "out.html"
    result = run("report", TOWNS, "-o", str(page), *FEW)
    assert result.exit_code == 0, result.output
    html = page.read_text(encoding="utf-8")
    lead = html[html.index('<div class="lead">') : html.index("<nav")]
    assert "that what stands at the deadline is “Merger”" in lead
    assert "Our confidence in this is" in lead
    for title in ("How likely", "Can one get there from today", "What it would take"):
        assert f">{title}</h2>" in html


def test_a_report_without_a_forecast_says_so(tmp_path: Path) -> None:
    page = tmp_path / "out.html"
    assert run("report", TOWNS, "-o", str(page), "--no-forecast").exit_code == 0
    html = page.read_text(encoding="utf-8")
    assert "No forecast was asked for." in html
    assert "at the deadline is “Merger”" not in html
    library = str(ROOT / "cases" / "library" / "garrison.yaml")
    assert run("report", library, "-o", str(page)).exit_code == 0
    assert "There is no forecast: the case does not say" in page.read_text(encoding="utf-8")
