"""The registry of importers: which files are read as what, and that everything asks it."""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

import foedus
from foedus.case.importers import registry
from foedus.case.importers.base import Imported, Importer
from foedus.case.problems import CaseError
from foedus.cli.app import app
from foedus.loading import imported, read, text_of_case

Register = Callable[..., None]

ROOT = Path(__file__).parent.parent
TOWNS = (ROOT / "cases" / "two-towns.yaml").read_text(encoding="utf-8")
BRIDGES = {
    "program": "gmcr-py",
    "options": [{"name": "Sign"}, {"name": "Burn"}],
    "decisionMakers": [
        {"name": "Red", "options": [0], "preferences": [[[1, "N"]], [[0, "Y"]]]},
        {"name": "Blue", "options": [1], "preferences": [[[0, "Y"], [1, "N"]]]},
    ],
    "infeasibles": [[[0, "Y"], [1, "Y"]]],
}


def toy(name: str, suffix: str = ".toy", begins: str = "toy") -> Importer:
    """An importer of files that hold nothing but a word."""
    data = {
        "foedus": 1,
        "title": f"Made by {name}",
        "actors": {"a": {}},
        "issues": {"i": {"positions": {"n": "No", "y": "Yes"}, "decided_by": "a"}},
        "preferences": {"a": {"worth": {"w": {"when": "i = y", "value": 1}}}},
    }
    return Importer(
        name=name,
        title=f"a {name} file",
        suffixes=(suffix,),
        recognises=lambda head: head.startswith(begins),
        read=lambda path: Imported(data, (f"read by {name}",)),
        carries_over=("a word",),
        leaves_out=(),
    )


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> Register:
    """Adds importers to the registry for one test."""

    def add(*importers: Importer) -> None:
        monkeypatch.setattr(registry, "IMPORTERS", (*registry.IMPORTERS, *importers))

    return add


def written(folder: Path, name: str, content: object) -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def test_every_importer_says_what_it_is() -> None:
    names = [importer.name for importer in registry.IMPORTERS]
    assert len(set(names)) == len(names) >= 1
    for importer in registry.IMPORTERS:
        assert re.fullmatch(r"[a-z][a-z0-9-]*", importer.name)
        assert re.match(r"an? ", importer.title)
        assert all(re.fullmatch(r"\.[a-z0-9]+", suffix) for suffix in importer.suffixes)
        assert importer.carries_over
        assert not importer.recognises("")
        assert not importer.recognises(TOWNS)


@pytest.mark.parametrize("name", ["m.gmcr", "m.GMCR", "m.json", "m", "m.yaml", "m.txt"])
def test_a_graph_model_is_known_by_suffix_or_by_what_it_holds(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, name, BRIDGES)
    assert list(read(path).issues) == ["sign", "burn"]
    assert len(foedus.stability(foedus.load(path)).to_dict()["states"]) == 3
    assert text_of_case(path) is None
    result = CliRunner().invoke(app, ["import", str(path)])
    assert result.exit_code == 0
    assert result.stdout.startswith("foedus: 1\ntitle: m\n")


def test_a_byte_order_mark_does_not_hide_what_a_file_is(tmp_path: Path) -> None:
    path = tmp_path / "model"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(BRIDGES).encode())
    assert list(read(path).issues) == ["sign", "burn"]


@pytest.mark.parametrize("name", ["towns.yaml", "towns.txt", "towns"])
def test_a_case_file_is_none_of_them(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, name, TOWNS)
    assert text_of_case(path) == TOWNS
    assert read(path).title == "Two towns and a bridge"
    with pytest.raises(CaseError) as caught:
        imported(path)
    (problem,) = caught.value.problems
    assert problem.message == "this is in no format that can be imported"
    assert problem.expected == "a graph model of GMCR+ (.gmcr)"


def test_json_of_our_own_is_a_case_file(tmp_path: Path) -> None:
    data = toy("x").read(Path()).data
    assert read(written(tmp_path, "case.json", data)).title == "Made by x"


def test_every_command_reads_what_is_registered(tmp_path: Path, register: Register) -> None:
    register(toy("toy"))
    path, other = written(tmp_path, "a.toy", "x"), written(tmp_path, "b.other", "toy")
    assert foedus.load(path).title == read(other).title == "Made by toy"
    for command in (
        ["check"],
        ["stability"],
        ["import"],
        ["diff", str(other), "--no-forecast"],
        ["whatif", "--set", "preferences.a.worth.w=-1", "--draws", "20", "--workers", "1"],
    ):
        result = CliRunner().invoke(app, [command[0], str(path), *command[1:]])
        assert result.exit_code == (2 if command[0] == "whatif" else 0), (command, result.output)
        assert "read by toy" in result.stderr
    assert "toy" in CliRunner().invoke(app, ["import", "--formats"]).stdout


def test_of_two_formats_with_one_suffix_the_content_decides(
    tmp_path: Path, register: Register
) -> None:
    register(toy("one", begins="1"), toy("two", begins="2"))
    assert read(written(tmp_path, "a.toy", "2")).title == "Made by two"
    assert read(written(tmp_path, "a.any", "1")).title == "Made by one"


@pytest.mark.parametrize(
    ("name", "content"), [("a.toy", "toy"), ("a.toy", "neither"), ("a.any", "toy")]
)
def test_what_could_be_several_is_refused_with_their_names(
    tmp_path: Path,
    register: Register,
    name: str,
    content: str,
) -> None:
    register(toy("one"), toy("two"))
    path = written(tmp_path, name, content)
    for command in ("check", "import", "stability"):
        result = CliRunner().invoke(app, [command, str(path)])
        assert result.exit_code == 2
        assert result.stderr == (
            f"{path}: this could be a one file (.toy) or a two file (.toy); `foedus import --from "
            "NAME` makes a case of it; expected a name of one or two\n"
        )
    result = CliRunner().invoke(app, ["import", "--from", "two", str(path)])
    assert "title: Made by two" in result.stdout


def test_a_format_that_there_is_not(tmp_path: Path) -> None:
    path = written(tmp_path, "m.gmcr", BRIDGES)
    result = CliRunner().invoke(app, ["import", "--from", "gmrc", str(path)])
    assert result.exit_code == 2
    assert "no importer 'gmrc'" in result.stderr
    assert "did you mean 'gmcr'?" in result.stderr


def test_what_cannot_be_looked_into_is_left_to_its_reader(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, tmp_path / "none", Path("a\0b")):
        assert registry.importer_for(path) is None
        with pytest.raises(CaseError):
            read(path)


def test_large_formats_need_no_detour(tmp_path: Path, register: Register) -> None:
    towns = read(ROOT / "cases" / "two-towns.yaml")
    register(replace(toy("quick"), read_case=lambda path: towns))
    assert read(written(tmp_path, "a.toy", "toy")) is towns


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("accept {}", "The case names no arrangements"),
        ("arrangements {}", "The case names no arrangements"),
        ("forecast {}", "the process needs `as_of`"),
        ("drivers {}", "the process needs `as_of`"),
        ("signposts {}", "the process needs `as_of`"),
        ("observe {} 'sign = Y by 2025-01-01'", "the process needs `as_of`"),
        ("whatif {} --set sign=0.4", "nothing that can be set is called 'sign'"),
        ("require {} sign", "no arrangement 'sign'"),
        ("diff {0} {0}", "the case lacks as_of and deadline and today"),
        ("evidence bayes {}", "the case names no hypotheses"),
        ("evidence ach {}", "the case names no hypotheses to weigh"),
    ],
)
def test_what_an_imported_case_lacks_is_said(tmp_path: Path, command: str, words: str) -> None:
    path = written(tmp_path, "m.gmcr", BRIDGES)
    result = CliRunner().invoke(app, shlex.split(command.format(path)))
    assert result.exit_code in (0, 2)
    assert words in result.output
