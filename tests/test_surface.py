"""What Python users are offered: the names, what each takes, and how its results are shown."""

from __future__ import annotations

import inspect
import json
import pkgutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from strategies import thorough

import foedus
from foedus.equilibria.registry import DEFAULTS, STANDARD
from foedus.loading import game_from
from foedus.reporting.composing import Report
from foedus.reporting.tellers import TELLERS
from foedus.result import Result

ROOT = Path(__file__).parent.parent
TOWNS = ROOT / "cases" / "two-towns.yaml"

# What a user may import from foedus itself; one line a name, with how it is called.
SURFACE = {
    "Case": None,
    "CaseError": None,
    "acceptance": "(case, behaviour='myopic')",
    "ach": "(case, marks=None, *, scoring='heuer', weights='grades', origins='once')",
    "audit": "(case, stale_after=5)",
    "batch": "(given, case=None, *, grid=False, draws=1000, seed=1, workers=1, scheduler=None, "
    "progress=None)",
    "bayes": "(case, prior=None, *, inside=None, seed=1)",
    "brief": "(case, *, with_forecast=True, draws=1000, seed=1, workers=1, scheduler=None, "
    "progress=None)",
    "check": "(case)",
    "drivers": "(case, arrangement, *, draws=None, seed=None, workers=1, scheduler=None, "
    "actor_draws=250, "
    "progress=None)",
    "explain": f"(case, what, mover=None, concept={STANDARD!r}, behaviour='myopic', on=None)",
    "forecast": "(case, *, draws=1000, seed=1, workers=1, scheduler=None, stability_draws=None, "
    f"farsighted_draws=None, varied=True, options=None, concept={STANDARD!r}, weights=None, "
    "progress=None)",
    "indicators": "(case, answer=None, *, most=5, dates=None, draws=None, seed=None, workers=1, "
    "scheduler=None, progress=None)",
    "judges": "(case, files=None, *, draws=1000, seed=1, workers=1, scheduler=None, "
    "options=None, progress=None)",
    "load": "(path)",
    "observe": "(case, observations, *, draws=None, seed=None, workers=1, scheduler=None, "
    "progress=None)",
    "paths": "(case, *, behaviour='myopic')",
    "report": "(case, *, with_forecast=True, draws=1000, seed=1, workers=1, scheduler=None, "
    "progress=None)",
    "require": "(case, arrangement, *, until=None, question='reached', draws=250, seed=1, "
    "progress=None)",
    "stability": f"(case, concepts={DEFAULTS!r}, on=None)",
    "trace": "(case, path, *, draws=500, seed=1, workers=1, scheduler=None, depth=None, "
    "progress=None)",
    "whatif": "(case, settings, *, draws=1000, seed=1, workers=1, scheduler=None, options=None, "
    "progress=None)",
}

# The analysis behind each function, whose defaults are its own.
BEHIND = {
    "acceptance": "foedus.process.acceptance.acceptance",
    "ach": "foedus.evidence.competing.ach",
    "audit": "foedus.evidence.audit.audit",
    "bayes": "foedus.evidence.updating.bayes",
    "drivers": "foedus.sensitivity.drivers.drivers",
    "explain": "foedus.reporting.asking.explain",
    "forecast": "foedus.forecasting.solve.forecast",
    "indicators": "foedus.sensitivity.indicators.indicators",
    "judges": "foedus.sensitivity.judging.solve.judges",
    "stability": "foedus.equilibria.solve.stability",
    "trace": "foedus.tracing.solve.why",
    "whatif": "foedus.sensitivity.otherwise.whatif",
}

# Each function on the small case: what else it is given.
CALLS: Mapping[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "acceptance": ((), {}),
    "ach": ((), {}),
    "audit": ((), {}),
    "batch": ((), {"draws": 20}),
    "bayes": ((), {}),
    "brief": ((), {"with_forecast": False}),
    "check": ((), {}),
    "drivers": (("free-bridge",), {"draws": 100, "actor_draws": 20}),
    "explain": (("one-town",), {}),
    "forecast": ((), {"draws": 60, "stability_draws": 5, "farsighted_draws": 1}),
    "indicators": ((), {"draws": 50}),
    "judges": (([str(TOWNS)],), {"draws": 20}),
    "load": ((), {}),
    "observe": (("bridge = none by 2021-01-01",), {"draws": 300}),
    "paths": ((), {}),
    "report": ((), {"draws": 5}),
    "require": (("one-town",), {}),
    "stability": ((), {}),
    "trace": (("bridge-poll",), {"draws": 0}),
    "whatif": (({"preferences.voters.support.s1": 60},), {"draws": 100}),
}
FUNCTIONS = tuple(CALLS)


@cache
def everything() -> None:
    """Import every module there is."""
    for module in pkgutil.walk_packages(foedus.__path__, "foedus."):
        import_module(module.name)


@cache
def found(name: str) -> Any:
    """What a function finds on the small case, with every module imported."""
    everything()
    arguments, named = CALLS[name]
    return getattr(foedus, name)(TOWNS, *arguments, **named)


def signature(function: Callable[..., Any]) -> str:
    """How a function is called, without types."""
    given = inspect.signature(function)
    bare = [p.replace(annotation=inspect.Parameter.empty) for p in given.parameters.values()]
    return str(inspect.Signature(bare))


def test_the_surface_is_what_was_declared() -> None:
    assert dir(foedus) == sorted(foedus.__all__) == sorted(SURFACE)
    assert {name for name, called in SURFACE.items() if called} == set(CALLS)


@pytest.mark.parametrize("name", SURFACE)
def test_every_public_name_says_what_it_is_and_how_it_is_called(name: str) -> None:
    offered = getattr(foedus, name)
    assert (offered.__doc__ or "").strip()
    if called := SURFACE[name]:
        assert signature(offered) == called


@pytest.mark.parametrize("name", BEHIND)
def test_the_defaults_are_those_of_the_analysis(name: str) -> None:
    module, _, behind = BEHIND[name].rpartition(".")
    theirs = inspect.signature(getattr(import_module(module), behind)).parameters
    ours = inspect.signature(getattr(foedus, name)).parameters
    shared = ours.keys() & theirs.keys() - {"case"}
    own = {"drivers": {"draws", "seed"}, "indicators": {"draws", "seed"}}.get(name, set())
    assert {k: ours[k].default for k in shared - own} == {
        k: theirs[k].default for k in shared - own
    }


def test_an_unknown_name_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="no attribute 'stabilty'"):
        foedus.stabilty  # noqa: B018


EACH = """
import json, sys
import foedus
for name, (arguments, named) in json.loads(sys.argv[1]).items():
    getattr(foedus, name)(sys.argv[2], *arguments, **named)
"""


@thorough
def test_each_function_can_be_called_before_another_module_is_imported() -> None:
    """In a process of its own; that each can be called after, all that is found here shows."""
    ran = subprocess.run(
        [sys.executable, "-c", EACH, json.dumps(CALLS), str(TOWNS)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr


def test_no_module_bears_the_name_of_a_function_beside_it() -> None:
    modules = {module.name for module in pkgutil.iter_modules(foedus.__path__)}
    assert modules
    assert not modules & set(foedus.__all__)


def test_nothing_else_is_imported_with_foedus() -> None:
    program = (
        "import sys; before = set(sys.modules); import foedus; print(*set(sys.modules)-before)"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()
    assert {"foedus", "foedus.result"} <= set(told)
    assert not {"typing", "dataclasses", "numpy", "typer"} & set(told)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_case_is_taken_as_well_as_its_path(name: str) -> None:
    arguments, named = CALLS[name]
    if name == "load":
        assert foedus.load(str(TOWNS)).title == found("load").title
        return
    again = getattr(foedus, name)(foedus.load(TOWNS), *arguments, **named)
    assert repr(again) == repr(found(name))
    if isinstance(again, Result) and name != "check":
        assert again.to_dict() == found(name).to_dict()


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name != "load"])
def test_what_is_no_case_and_no_path_is_refused(name: str) -> None:
    arguments, named = CALLS[name]
    with pytest.raises(TypeError, match="a Case or the path of a file is needed, not list"):
        getattr(foedus, name)([TOWNS], *arguments, **named)


@pytest.mark.parametrize(
    ("name", "asked", "named"),
    [
        ("drivers", ("free-bridge",), {"actor_draws": 20}),
        ("indicators", (), {}),
        ("observe", ("bridge = none by 2021-01-01",), {}),
    ],
)
def test_a_forecast_is_taken_or_made(
    name: str, asked: tuple[str, ...], named: dict[str, int]
) -> None:
    """With all that a forecast may have beside what is asked about, or without."""
    function, numbers = partial(getattr(foedus, name), **named), {"draws": 100, "seed": 5}
    made = foedus.forecast(TOWNS, **numbers, stability_draws=2, farsighted_draws=1)
    assert function(made, *asked).to_dict() == function(TOWNS, *asked, **numbers).to_dict()
    for more in ({"draws": 100}, {"seed": 5}):
        with pytest.raises(ValueError, match="a forecast has its own draws and seed"):
            function(made, *asked, **more)


def test_until_asks_for_the_smallest_shift() -> None:
    shift = foedus.require(TOWNS, "free-bridge", until=0.05, draws=100)
    assert shift.to_dict()["target"] == 0.05
    assert {row["target"] for row in shift.to_records()} == {0.05}
    taken = foedus.require(TOWNS, "one-town", until=0.2, question="acceptable")
    assert taken.to_dict() == found("require").to_dict()


# --- how results are shown --------------------------------------------------------------------

RESULTS = tuple(name for name in FUNCTIONS if name not in ("load", "explain"))


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_is_shown_in_a_line(name: str) -> None:
    result = found(name)
    told = repr(result)
    assert "\n" not in told
    assert len(told) < 400
    assert told.startswith(f"<{type(result).__name__} of 'Two towns and a bridge': ")


def test_the_line_has_the_headline() -> None:
    lines = {name: repr(found(name)).partition(": ")[2] for name in RESULTS}
    assert lines["check"] == f"{TOWNS} is in order: Two towns and a bridge>"
    assert lines["stability"] == (
        "equilibria among 30 settled states: nash 2, gmr 18, smr 2, seq 14, sim 2>"
    )
    assert lines["whatif"].endswith("with preferences.voters.support.s1 = 60>")
    assert "“Merger” from 0.0% to" in lines["whatif"]
    assert lines["observe"].endswith("observed: bridge = none by 2021-01-01>")
    assert "“Merger”" in lines["forecast"]


@pytest.mark.parametrize("kind", TELLERS)
def test_no_result_is_shown_with_all_its_fields(kind: type[Result]) -> None:
    assert kind.__repr__ is Result.__repr__


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_is_shown_in_a_notebook(name: str) -> None:
    html = found(name)._repr_html_()
    assert "<p " in html or "<table" in html
    assert "<style" not in html
    assert "<script" not in html


def test_without_what_makes_pages_a_notebook_shows_the_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    assert found("check")._repr_html_() is None
    assert found("report")._repr_html_() is None


@pytest.mark.parametrize("name", ["report", "brief"])
def test_a_report_is_a_page(name: str) -> None:
    report = found(name)
    assert isinstance(report, Report)
    assert report.html().startswith("<!doctype html>")
    assert "Made with foedus" in report.html()


TABLES = tuple(name for name in RESULTS if name not in ("report", "brief"))


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_one_value_in_each_cell_and_the_same_columns_in_each_row(name: str) -> None:
    rows = found(name).to_records()
    if name not in ("ach", "indicators"):
        assert rows
    assert len({tuple(row) for row in rows}) <= 1
    cells = [cell for row in rows for cell in row.values()]
    assert {type(cell) for cell in cells} <= {str, int, float, bool, type(None)}


def test_the_rows_are_those_of_the_result() -> None:
    acceptance, forecast = found("acceptance"), found("forecast")
    rows = {(row["arrangement"], row["actor"]): row for row in acceptance.to_records()}
    assert rows.keys() == {
        (name, actor)
        for name, finding in acceptance.findings.items()
        for actor in {**finding.form.gain, **finding.consent.refusals.refuses}
    }
    assert rows["one-town", "voters"]["refuses"] == 1
    assert rows["one-town", "voters"]["gain"] is None
    told = {(row["arrangement"], row["question"]): row["p"] for row in forecast.to_records()}
    for name, estimate in forecast.estimates.items():
        assert told[name, "reached"] == estimate.reached.p
        assert told[name, "reached_and_stable"] == estimate.reached_and_stable.p
    stable = found("stability")
    seq = {row["state"] for row in stable.to_records() if row["equilibrium"]
           and row["concept"] == STANDARD}  # fmt: skip
    assert sorted(seq) == stable.equilibria(STANDARD)


def test_marks_and_indicators_are_rows_too() -> None:
    belarus = ROOT / "cases" / "belarus-2024.yaml"
    marks = foedus.ach(belarus)
    rows = {(row["item"], row["hypothesis"]): row["mark"] for row in marks.to_records()}
    assert len(rows) == len(marks.matrix.items) * len(marks.matrix.hypotheses)
    assert rows == {(i, h): marks.matrix.mark(i, h) for i, h in rows}
    watched = foedus.indicators(belarus, draws=10)
    assert [row["issue"] for row in watched.to_records()] == [i.issue for i in watched.indicators]
    assert watched.indicators


def test_what_is_no_table_says_so() -> None:
    with pytest.raises(TypeError, match="a Combined is no table"):
        found("forecast").views.to_records()


def test_the_rows_make_a_frame() -> None:
    pandas = pytest.importorskip("pandas")
    frame = found("acceptance").to_frame()
    assert isinstance(frame, pandas.DataFrame)
    assert list(frame["arrangement"].unique()) == ["free-bridge", "one-town"]


def test_the_rows_go_to_pandas(monkeypatch: pytest.MonkeyPatch) -> None:
    class Pandas:
        """What is asked of pandas."""

        DataFrame = staticmethod(lambda rows: ("a frame", rows))

    monkeypatch.setitem(sys.modules, "pandas", Pandas)
    assert found("audit").to_frame() == ("a frame", found("audit").to_records())
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match=r"to_frame\(\) needs pandas: pip install pandas"):
        found("audit").to_frame()


# --- what makes no sense ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "weights", [{"inside": -1}, {"insde": 1}, {"inside": 0}, {}, {"inside": float("nan")}]
)
def test_wrong_weights_are_refused(weights: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="view"):
        foedus.forecast(TOWNS, draws=10, weights=weights)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: found("load").actors["nort"],
        lambda: found("load").issues["tol"],
        lambda: found("load").issues["toll"].number("fre"),
        lambda: game_from(TOWNS).views["nort"],
        lambda: game_from(TOWNS).space.matches("one-twn"),
        lambda: game_from(TOWNS).space.column("tol"),
        lambda: found("bayes").posterior["one-twn"],
        lambda: found("ach").matrix.mark("x", "one-town"),
        lambda: found("acceptance")["one-twn"],
        lambda: found("stability").equilibria("sqe"),
        lambda: found("stability").verdict(1, "nort"),
        lambda: found("paths").way("one-twn"),
        lambda: found("forecast").model_range("one-twn"),
        lambda: found("drivers").explain("preferences.nort"),
        lambda: found("bayes").explain("one-twn"),
        lambda: found("ach").explain("one-twn"),
        lambda: found("audit").by_kind("stal"),
    ],
)
def test_an_unknown_name_is_refused_as_a_value_and_as_a_key(ask: Callable[[], Any]) -> None:
    with pytest.raises(KeyError) as refused:
        ask()
    assert isinstance(refused.value, ValueError)
    assert str(refused.value).startswith("no ")


def test_numbers_of_numpy_can_be_set() -> None:
    numpy = pytest.importorskip("numpy")
    name = "preferences.voters.support.s1"
    for number in (numpy.float64(60), numpy.int64(60), 60):
        changed = foedus.whatif(TOWNS, {name: number}, draws=20)
        assert changed.settings[0].after == "60"


def test_a_case_without_preferences_is_answered_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "bare.yaml"
    path.write_text(
        "foedus: 1\ntitle: Bare\nas_of: 2020-01-01\ndeadline: 2021-01-01\n"
        "today: {road: none}\nactors: {town: {}}\nissues:\n"
        "  road: {positions: {none: N, north: B}, decided_by: nobody}\n"
        "arrangements: {r: {when: road = north}}\nhypotheses: [r]\n",
        encoding="utf-8",
    )
    assert foedus.stability(path).equilibria() == [1, 2]
    with pytest.raises(foedus.CaseError, match="no actor has preferences"):
        foedus.forecast(path, draws=20)
