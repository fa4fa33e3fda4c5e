"""The commands in process: what they print, in which form, and how what is wrong is told."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import typer
import yaml
from commands import answered, data, refused, run
from strategies import LONG
from typer.testing import CliRunner

import foedus
from foedus.case.problems import CaseError, Problem, listed
from foedus.cli.app import app
from foedus.equilibria.registry import CONCEPTS as REGISTERED
from foedus.process import holding

ROOT = Path(__file__).parent.parent
TOWNS = str(ROOT / "cases" / "two-towns.yaml")
CASES = sorted((ROOT / "cases").rglob("*.yaml"))
CONCEPTS = ["nash", "gmr", "smr", "seq", "sim"]
COMMANDS = [
    *("new", "check", "space", "arrangements", "accept", "stability", "explain"),
    *("forecast", "paths", "drivers", "indicators", "observe", "whatif"),
    *(
        "batch",
        "require",
        "diff",
        "judges",
        "coalition",
        "bargain",
        "evidence",
        "trace",
        "report",
        "brief",
        "serve",
        "import",
        "upgrade",
        "schema",
    ),
]
PARTS = {"evidence": ["ach", "bayes", "audit"]}
"""The commands that have commands of their own."""

FEW = ("--draws", "10", "--workers", "1")
"""As little work for a forecast as tells anything."""

BRIDGES = {
    "options": [
        {"name": "Sign", "permittedDirection": "both"},
        {"name": "Burn bridges", "permittedDirection": "fwd"},
        {"name": "Wait: and see", "permittedDirection": "both"},
    ],
    "decisionMakers": [
        {"name": "Red", "options": [0], "preferences": [[[1, "N"]], [[0, "Y"]]]},
        {"name": "Blue", "options": [1, 2], "preferences": [[[0, "Y"], [1, "N"]], [[2, "Y"]]]},
    ],
    "infeasibles": [[[0, "Y"], [1, "Y"]]],
    "coalitions": [0, 1],
}


@pytest.fixture
def graph(tmp_path: Path) -> str:
    """A small graph model of GMCR+."""
    path = tmp_path / "Bridges.gmcr"
    path.write_text(json.dumps(BRIDGES), encoding="utf-8")
    return str(path)


@pytest.fixture
def broken(tmp_path: Path) -> str:
    """The example with two mistakes."""
    text = Path(TOWNS).read_text(encoding="utf-8")
    text = text.replace("bridge = wide, value", "bridge = wyde, value").replace(
        "north and south and voters", "north and sooth and voters"
    )
    path = tmp_path / "broken.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


# --- help and version -------------------------------------------------------------------------


def test_help_lists_every_command_and_says_what_it_does() -> None:
    text = answered("--help")
    assert re.findall(r"^  (\w+)  ", text.partition("Commands:")[2], re.MULTILINE) == COMMANDS
    assert answered("-h") == text


def test_nothing_asked_is_told_the_help() -> None:
    assert "Usage: foedus" in run().output


@pytest.mark.parametrize(
    "command",
    [*COMMANDS, *(f"{name} {part}" for name, parts in PARTS.items() for part in parts)],
)
def test_each_command_has_help(command: str) -> None:
    told = CliRunner().invoke(app, [*command.split(), "-h"]).output
    assert f"Usage: foedus {command}" in told.replace("root ", "foedus ")


def test_version() -> None:
    assert re.fullmatch(r"foedus \d+\.\d+\.\d+\n", answered("--version"))


def every_command() -> dict[str, list[Any]]:
    """Every command by its name in full, with its parameters; those of a group after it."""
    found: dict[str, list[Any]] = {}

    def walk(group: Any, before: str) -> None:
        context = typer.Context(group)
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            found[before + name] = command.params
            if hasattr(command, "list_commands"):
                walk(command, f"{before}{name} ")

    walk(typer.main.get_command(app), "")
    return found


def test_the_commands_are_those_declared() -> None:
    declared = [
        full for name in COMMANDS for full in (name, *(f"{name} {p}" for p in PARTS.get(name, ())))
    ]
    assert list(every_command()) == declared


def test_the_reference_page_names_every_command_and_option() -> None:
    page = (ROOT / "docs" / "reference-cli.md").read_text(encoding="utf-8")
    found = re.findall(r"^## foedus ([\w ]+)\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    parts = dict(found)
    commands = every_command()
    assert list(parts) == list(commands)
    for name, parameters in commands.items():
        assert f"| [`{name}`](#foedus-{name.replace(' ', '-')}) |" in page, name
        known = {option for p in parameters for option in p.opts}
        for option in known:
            if option.startswith("-"):
                assert re.search(rf"`[^`]*(?<![\w-]){option}(?![\w-])", parts[name]), (name, option)
        named = set(re.findall(r"(?<![\w-])--[a-z]+(?:-[a-z]+)*", parts[name]))
        assert named <= known, f"{name} has no {named - known}"
    for option in ("--help", "-h", "--version"):
        assert option in page


# --- check, arrangements, schema --------------------------------------------------------------


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_every_case_is_in_order(path: Path) -> None:
    told = data("check", str(path))
    assert told["ok"] is True
    case = foedus.load(path)
    assert told["actors"] == list(case.actors)
    assert list(told["arrangements"]) == list(case.arrangements)
    shown = " ".join(answered("check", str(path)).split())
    assert f"{path} is in order: {case.title}" in shown


def test_check_sums_a_case_up() -> None:
    text = answered("check", TOWNS)
    assert re.search(r"feasible states +45 +30 of them settled", text)
    assert "The status quo (state 1), and what it reverts to at the deadline (state 11)" in text
    told = data("check", TOWNS)
    assert told["today"]["falls_to"] == 11
    assert told["arrangements"] == {"free-bridge": 18, "one-town": 15}
    assert told["movers"] == [
        "north",
        "south",
        "north+south",
        "south+voters",
        "north+south+voters",
    ]


def test_check_tells_all_problems_at_their_places(broken: str) -> None:
    lines = refused("check", broken)
    assert len(lines) == 2
    assert re.fullmatch(
        rf"{re.escape(broken)}:32:25: no actor 'sooth'; did you mean 'south'\?", lines[0]
    )
    assert re.fullmatch(
        rf"{re.escape(broken)}:47:\d+: no position 'wyde' in issue 'bridge'; did you mean 'wide'\?",
        lines[1],
    )


def test_check_tells_problems_as_data_too(broken: str) -> None:
    result = run("check", broken, "--json")
    assert result.exit_code == 2
    told = json.loads(result.stdout)
    assert told["ok"] is False
    assert [(p["line"], p["nearest"]) for p in told["problems"]] == [(32, "south"), (47, "wide")]
    assert len(result.stderr.splitlines()) == 2


def test_check_stops_at_no_number_of_problems(tmp_path: Path) -> None:
    rules = "".join(f"  - {{rule: brigde = no-{k}, why: x}}\n" for k in range(80))
    text = Path(TOWNS).read_text(encoding="utf-8").replace("rules:\n", f"rules:\n{rules}")
    (tmp_path / "many.yaml").write_text(text, encoding="utf-8")
    assert len(refused("check", str(tmp_path / "many.yaml"))) == 80


def test_arrangements_say_which_rules_are_in_the_way(tmp_path: Path) -> None:
    more = (
        "arrangements:\n"
        "  paid: {name: Paid for nothing, when: bridge = none and toll = charged}\n"
        "  now: {name: Term runs on, when: mayor = in-office}\n"
    )
    text = Path(TOWNS).read_text(encoding="utf-8").replace("arrangements:\n", more)
    path = tmp_path / "case.yaml"
    path.write_text(text, encoding="utf-8")
    told = {a["id"]: a for a in data("arrangements", str(path))["arrangements"]}
    assert list(told) == ["paid", "now", "free-bridge", "one-town"]
    assert told["paid"]["excluded_by"] == [
        {"rule": "not (bridge = none and toll = charged)", "why": "A toll needs a bridge"}
    ]
    assert told["now"]["excluded_by"] == []
    assert told["one-town"]["hypothesis"] is True
    assert (told["one-town"]["states"], told["one-town"]["settled"]) == (15, 10)
    shown = answered("arrangements", str(path))
    assert "Paid for nothing: the rules leave no state for it" in shown
    assert "A toll needs a bridge" in shown
    assert "Term runs on: does not outlast the deadline" in shown
    assert "All of them are possible." in answered("arrangements", TOWNS)


def test_arrangements_of_a_case_without_any(graph: str) -> None:
    assert "The case names no arrangements." in answered("arrangements", graph)


def test_schema_is_a_schema_that_every_case_keeps() -> None:
    schema = json.loads(answered("schema"))
    jsonschema.Draft202012Validator.check_schema(schema)


# --- accept and stability ---------------------------------------------------------------------


def test_accept_says_who_would_say_no() -> None:
    told = data("accept", TOWNS)
    assert told == foedus.acceptance(foedus.load(TOWNS)).to_dict()
    assert "Somebody refuses whenever it is asked, and so blocks “Merger”." in answered(
        "accept", TOWNS
    )
    ahead = data("accept", TOWNS, "--behaviour", "farsighted")
    assert ahead["behaviour"] == "farsighted"
    assert ahead["arrangements"]["one-town"]["chance"] < 1e-3


def test_accept_needs_a_today(tmp_path: Path) -> None:
    path = tmp_path / "no-today.gmcr"
    nothing = [[0, "N"], [1, "N"], [2, "N"]]
    path.write_text(json.dumps(BRIDGES | {"infeasibles": [nothing]}), encoding="utf-8")
    (line,) = refused("accept", str(path))
    assert line.startswith(f"{path}: the process needs `today`")
    assert data("check", str(path))["today"] is None


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_stability_has_the_form_agreed(path: Path) -> None:
    told = data("stability", str(path))
    case = foedus.load(path)
    # Only of a case with rights by day, or with events, is it said what was asked and left out.
    asked = [key for key in told if key not in ("on", "without")]
    assert asked == ["names", "states", "stable", "equilibria", "counts"]
    assert ("without" in told) == bool(case.events)
    for ids in (case.actors, case.issues):
        assert set(ids) <= set(told["names"])
    assert [state["id"] for state in told["states"]] == list(range(1, len(told["states"]) + 1))
    assert all(list(state["positions"]) == list(case.issues) for state in told["states"])
    first = [i.id for i in case.issues["bridge"].positions] if "bridge" in case.issues else None
    if first:
        assert [s["positions"]["bridge"] for s in told["states"][:3]] == first
    for part in ("stable", "equilibria", "counts"):
        assert list(told[part]) == CONCEPTS
    order = list(case.actors)
    for concept in CONCEPTS:
        movers = [key.split("+") for key in told["stable"][concept]]
        places = [[order.index(actor) for actor in mover] for mover in movers]
        assert places == sorted(places, key=lambda p: (len(p), p))
        assert all(place == sorted(place) for place in places)
        everywhere = set.intersection(*(set(ids) for ids in told["stable"][concept].values()))
        assert sorted(everywhere) == told["equilibria"][concept]
        assert told["counts"][concept] == len(told["equilibria"][concept])


def test_stability_lists_equilibria_alone() -> None:
    every = data("stability", TOWNS)
    told = data("stability", TOWNS, "--only", "equilibria", "--concepts", "seq,gmr")
    assert list(told) == ["names", "states", "equilibria", "counts"]
    assert list(told["equilibria"]) == ["seq", "gmr"]
    union = sorted(set(every["equilibria"]["seq"]) | set(every["equilibria"]["gmr"]))
    assert told["states"] == [every["states"][k - 1] for k in union]
    few = data("stability", TOWNS, "--only", "equilibria", "--concepts", "gmr", "--limit", "3")
    assert [s["id"] for s in few["states"]] == every["equilibria"]["gmr"][:3]
    assert few["equilibria"]["gmr"] == every["equilibria"]["gmr"]
    assert few["counts"]["gmr"] == len(every["equilibria"]["gmr"]) > 3


def test_stability_is_told_for_readers() -> None:
    text = answered("stability", TOWNS)
    assert "Equilibria among 30 settled states" in text
    assert re.search(r"A free bridge +12 +✗ 0 +✓ 12 +✗ 0 +✓ 8 +✗ 0", text)
    assert "more are not shown" not in text
    short = answered("stability", TOWNS, "--limit", "5", "--concepts", "seq")
    assert "9 more are not shown." in short


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ("--concepts", "sek"),
            f"--concepts: no concept 'sek'; expected {listed(REGISTERED)}",
        ),
        (("--concepts", ","), "--concepts: no concept is named"),
    ],
)
def test_unknown_concepts_are_told(arguments: tuple[str, str], told: str) -> None:
    assert refused("stability", TOWNS, *arguments)[0].startswith(told)


@pytest.mark.parametrize("arguments", [("--only", "states"), ("--limit", "0"), ("--limit", "x")])
def test_what_cannot_be_understood_is_an_error(arguments: tuple[str, str]) -> None:
    assert run("stability", TOWNS, *arguments).exit_code == 2


# --- explain ----------------------------------------------------------------------------------


def test_explain_prints_what_the_library_says() -> None:
    text = answered("explain", TOWNS, "bridge = none and toll = charged")
    assert "one rule of the case leaves no state for it" in text
    assert answered("explain", TOWNS, "bridge", "=", "none", "and", "toll", "=", "charged") == text
    told = data("explain", TOWNS, "8", "--mover", "north", "--concept", "gmr")
    assert told["what"] == "state"
    (verdict,) = told["verdicts"]
    assert verdict["stable"] is True
    assert verdict["improvements"][0] == {
        "to": 10,
        "deterred": True,
        "replies": [{"mover": "south+voters", "to": 8}],
        "sanction": 8,
        "member": "north",
    }
    assert data("explain", TOWNS, "one-town")["what"] == "arrangement"
    assert data("explain", TOWNS, "toll = free")["what"] == "statement"


def test_explain_tells_the_nearest() -> None:
    assert refused("explain", TOWNS, "one-twn") == [
        "<what>: no arrangement 'one-twn'; did you mean 'one-town'?"
    ]


# --- import and report ------------------------------------------------------------------------


def test_import_writes_a_case_with_the_same_stability(graph: str, tmp_path: Path) -> None:
    case = str(tmp_path / "case.yaml")
    result = run("import", graph, "-o", case)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", f"written: {case}\n")
    assert data("stability", case) == data("stability", graph)
    assert answered("import", graph) == Path(case).read_text(encoding="utf-8")
    told = data("import", graph)
    assert told["file"] is None
    assert told["case"] == yaml.safe_load(answered("import", graph))


def test_import_leaves_what_is_there(graph: str, tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    case.write_text("mine", encoding="utf-8")
    assert refused("import", graph, "-o", str(case)) == [
        f"--output: cannot write {case}: it is there already; --force writes over it"
    ]
    assert case.read_text(encoding="utf-8") == "mine"
    assert answered("import", graph, "-o", str(case), "--force") == ""
    assert case.read_text(encoding="utf-8").startswith("foedus: 1")


def test_import_writes_nothing_of_a_broken_file(tmp_path: Path) -> None:
    (tmp_path / "broken.gmcr").write_text('{"options": [}', encoding="utf-8")
    (line,) = refused("import", str(tmp_path / "broken.gmcr"), "-o", str(tmp_path / "case.yaml"))
    assert line.startswith(f"{tmp_path / 'broken.gmcr'}:1:14: not valid JSON")
    assert [p.name for p in tmp_path.iterdir()] == ["broken.gmcr"]


def test_notes_about_a_file_stand_beside_the_answer(tmp_path: Path) -> None:
    path = tmp_path / "odd.gmcr"
    odd = BRIDGES | {"options": [*BRIDGES["options"], {"name": "Nobody's"}]}
    path.write_text(json.dumps(odd), encoding="utf-8")
    result = run("stability", str(path), "--json")
    assert result.exit_code == 0
    assert f"{path}: note: Nobody owns the option Nobody's; it never changes." in result.stderr
    json.loads(result.stdout)


def test_report_is_one_page(tmp_path: Path) -> None:
    page = tmp_path / "out.html"
    result = run("report", TOWNS, "-o", str(page), *FEW)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.splitlines()[-1] == f"written: {page}"  # after stages, if it was slow
    html = page.read_text(encoding="utf-8")
    main = html[html.index("<main") :]
    order = [
        ">Bottom line</h2>",
        ">What is possible</h2>",
        ">Veto players</h2>",
        ">Evidence</h2>",
        ">What the case leaves out</h2>",
        ">Appendix: states, judgements and the case</h2>",
        ">What would be stable, and why</h3>",
        "Merger: blocked. Refused by North Town, South Town and Voters of South Town",
    ]
    assert [text for text in order if text not in main] == []
    places = [main.index(text) for text in order]
    assert places == sorted(places)
    assert html.index("Will the bridge be built, and who pays?") < html.index("<main")
    assert "<script" not in html


LONG_REPORTS = {"belarus-2024", "czechoslovakia-1992"}
"""Reports of minutes: the first is opened in a browser, the second is left to the long tests."""


@pytest.mark.parametrize(
    "path",
    [path for path in CASES if LONG or path.stem not in LONG_REPORTS],
    ids=lambda p: p.stem,
)
def test_every_case_has_a_report(path: Path, tmp_path: Path) -> None:
    told = data("report", str(path), "-o", str(tmp_path / "out.html"), *FEW)
    assert told["file"] == str(tmp_path / "out.html")
    assert (tmp_path / "out.html").stat().st_size > 20_000


def test_report_of_a_graph_model(graph: str, tmp_path: Path) -> None:
    answered("report", graph, "-o", str(tmp_path / "out.html"))
    assert "What would be stable, and why" in (tmp_path / "out.html").read_text(encoding="utf-8")


def test_report_says_where_it_cannot_write(tmp_path: Path) -> None:
    (line,) = refused("report", TOWNS, "-o", str(tmp_path / "no" / "out.html"))
    assert line.endswith(f"there is no directory {tmp_path / 'no'}")


# --- files that are no cases ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("missing.yaml", None, ": there is no such file"),
        ("utf16.yaml", "foedus: 1".encode("utf-16"), ":1:1: the file is UTF-16 or UTF-32"),
        ("latin.yaml", b"foedus: 1\ntitle: caf\xe9\n", ":2:11: byte 0xe9 is not UTF-8"),
        ("empty.yaml", b"", ":"),
        ("list.yaml", b"- a\n", ":1:1: "),
        ("tab.yaml", b"foedus: 1\n\ttitle: x\n", ":2:1: "),
        ("bytes.gmcr", b"\xff\x00", ":1:1: the file is not UTF-8"),
        ("esc\x1b[31m.yaml", None, ": there is no such file"),
    ],
)
@pytest.mark.parametrize("command", ["check", "stability"])
def test_files_that_are_no_cases_are_told(
    tmp_path: Path, command: str, name: str, content: bytes | None, told: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    line = refused(command, str(path))[0]
    assert line.startswith(str(path).replace("\x1b", "␛") + told)
    assert "\x1b" not in line


@pytest.mark.parametrize("command", ["check", "arrangements", "accept", "stability", "import"])
def test_a_directory_is_told(tmp_path: Path, command: str) -> None:
    assert refused(command, str(tmp_path))[0].startswith(f"{tmp_path}: this is a directory")


def test_hostile_labels_are_told_as_text(tmp_path: Path) -> None:
    path = tmp_path / "hostile.yaml"
    text = Path(TOWNS).read_text(encoding="utf-8")
    path.write_text(text.replace("No bridge", '"[red]No[/red] \\u202e"'), encoding="utf-8")
    shown = answered("explain", str(path), "1")
    assert "[red]No[/red] �" in shown


def test_a_case_in_which_nobody_can_move_has_its_answers(tmp_path: Path) -> None:
    path = tmp_path / "still.yaml"
    path.write_text(
        "foedus: 1\ntitle: Still\nas_of: 2020-01-01\ndeadline: 2021-01-01\ntoday: {x: p}\n"
        "actors: {a: {name: A}}\n"
        "issues: {x: {positions: {p: P, q: Q}, decided_by: nobody}}\n"
        "arrangements: {it: {name: It, when: x = q}, that: {name: That, when: x = p}}\n"
        "preferences: {a: {worth: {w: {when: x = p, value: 1}}}}\n",
        encoding="utf-8",
    )
    case = str(path)
    assert data("check", case)["movers"] == []
    makers = {a["id"]: a["makers"] for a in data("arrangements", case)["arrangements"]}
    assert makers == {"it": [], "that": [[]]}
    assert "nobody has the right" in answered("arrangements", case)
    assert data("accept", case)["arrangements"]["it"]["status"] == "nobody"
    assert data("stability", case)["counts"] == dict.fromkeys(CONCEPTS, 2)
    assert "nobody has the right to any move" in answered("explain", case, "1")
    assert "nobody can bring it about" in answered("explain", case, "it")
    answered("report", case, "-o", str(tmp_path / "still.html"), *FEW)
    assert refused("explain", case, "1", "--mover", "a") == [
        "--mover: no mover 'a'; expected none, since no actor can make a move"
    ]


def test_what_holds_is_told_where_agreement_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise CaseError([Problem("too large for the process")], TOWNS)

    monkeypatch.setattr(holding, "acceptance_if_known", refuse)
    told = answered("stability", TOWNS)
    assert "Which form of each arrangement is the best was not found: too large" in told
    assert "Equilibria among 30 settled states" in told
