"""What commands write: whole or not at all, never over an input, and printed if asked for."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from foedus import whole_files
from foedus.cli.app import app
from foedus.whole_files import AlreadyThere, CannotWrite, refuse_no_file, write_whole

ROOT = Path(__file__).parent.parent
GRAPH = {
    "options": [{"name": "Sign", "permittedDirection": "both"}],
    "decisionMakers": [{"name": "Red", "options": [0], "preferences": [[[0, "Y"]]]}],
    "infeasibles": [],
    "coalitions": [0],
}


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments])


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a case, marks of its evidence, and a graph model."""
    made = tmp_path_factory.mktemp("files")
    text = (ROOT / "cases" / "two-towns.yaml").read_text(encoding="utf-8")
    (made / "case.yaml").write_text(text, encoding="utf-8")
    (made / "model.gmcr").write_text(json.dumps(GRAPH), encoding="utf-8")
    matrix = run("evidence", "ach", str(made / "case.yaml"), "--csv", str(made / "marks.csv"))
    assert matrix.exit_code == 0
    return made


@pytest.fixture
def folder(files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with copies of these."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(files, tmp_path, dirs_exist_ok=True)
    return tmp_path


REPORT = ("report", "case.yaml", "--no-forecast", "--output")
GRAPH_REPORT = ("report", "model.gmcr", "--no-forecast", "--output")
IMPORT = ("import", "model.gmcr", "--force", "--output")
MATRIX = ("evidence", "ach", "case.yaml", "--force", "--csv")
MARKED = ("evidence", "ach", "case.yaml", "--marks", "marks.csv", "--force", "--csv")

INPUTS = [
    (REPORT, "case.yaml"),
    (GRAPH_REPORT, "model.gmcr"),
    (IMPORT, "model.gmcr"),
    (MATRIX, "case.yaml"),
    (MARKED, "case.yaml"),
    (MARKED, "marks.csv"),
]


def itself(folder: Path, name: str) -> str:
    return name


def other_spelling(folder: Path, name: str) -> str:
    return f"{folder}/./../{folder.name}/{name}"


def symbolic(folder: Path, name: str) -> str:
    (folder / "link").symlink_to(name)
    return "link"


def hard(folder: Path, name: str) -> str:
    (folder / "hard").hardlink_to(folder / name)
    return "hard"


def through_a_folder(folder: Path, name: str) -> str:
    (folder / "here").symlink_to(folder, target_is_directory=True)
    return f"here/{name}"


@pytest.mark.parametrize(("command", "given"), INPUTS)
@pytest.mark.parametrize("name", [itself, other_spelling, symbolic, hard, through_a_folder])
def test_no_output_overwrites_an_input(
    command: tuple[str, ...], given: str, name: Callable[[Path, str], str], folder: Path
) -> None:
    before = (folder / given).read_bytes()
    target = name(folder, given)
    files = sorted(folder.iterdir())
    result = run(*command, target)
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"{command[-1]}: cannot write ")
    assert f"it would overwrite the input {given}" in line
    assert (folder / given).read_bytes() == before
    assert sorted(folder.iterdir()) == files


@pytest.mark.parametrize("command", [GRAPH_REPORT, IMPORT, MATRIX])
@pytest.mark.parametrize("name", ["-", "/dev/stdout", "/dev/fd/1"])
def test_a_dash_prints(command: tuple[str, ...], name: str, folder: Path) -> None:
    files = sorted(folder.iterdir())
    printed = run(*command, name)
    assert (printed.exit_code, printed.stderr) == (0, "")
    assert sorted(folder.iterdir()) == files
    assert run(*command, "out").exit_code == 0
    assert (folder / "out").read_bytes().replace(b"\r\n", b"\n") == printed.stdout_bytes
    result = run(*command, name, "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"{command[-1]}: `{command[-1]} {name}` and `--json`")


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="no /dev/stdout here")
def test_standard_output_that_is_a_file_is_not_replaced(folder: Path) -> None:
    """What the shell opened is written to; no other file is put in its place."""
    code = [sys.executable, "-c", "import foedus.cli; foedus.cli.main()"]
    with (folder / "page.html").open("wb") as page:
        page.write(b"before ")
        page.flush()
        number = os.fstat(page.fileno()).st_ino
        subprocess.run([*code, *IMPORT, "/dev/stdout"], stdout=page, check=True, cwd=folder)
    assert (folder / "page.html").stat().st_ino == number
    assert (folder / "page.html").read_text("utf-8").startswith("before foedus: 1")


def unwritable(folder: Path) -> str:
    (folder / "shut").mkdir(mode=0o500)
    return "shut/out"


def read_only(folder: Path) -> str:
    (folder / "only").write_text("x", encoding="utf-8")
    (folder / "only").chmod(0o400)
    return "only"


def pipe(folder: Path) -> str:
    os.mkfifo(folder / "pipe")
    return "pipe"


def loop(folder: Path) -> str:
    (folder / "loop").symlink_to("loop")
    return "loop"


NO_TARGETS: dict[str, Callable[[Path], str]] = {
    "nothing": lambda _: "",
    "a folder": lambda folder: str(folder),
    "a new folder": lambda _: "out/",
    "in no folder": lambda _: "none/out",
    "in a file": lambda _: "case.yaml/out",
    "linked to no folder": lambda f: (f / "far").symlink_to("none/out") or "far",  # type: ignore[func-returns-value]
    "a long name": lambda _: "x" * 300,
    "a device": lambda _: "/dev/null",
    "a pipe": pipe,
    "a loop": loop,
    "in a shut folder": unwritable,
    "a file to read": read_only,
}


@pytest.mark.parametrize("command", [REPORT, IMPORT, MATRIX])
@pytest.mark.parametrize("what", list(NO_TARGETS))
def test_what_cannot_be_written_is_said_before_the_work(
    command: tuple[str, ...], what: str, folder: Path
) -> None:
    """The input is missing, and yet it is the output that is told."""
    if what in ("in a shut folder", "a file to read") and os.geteuid() == 0:
        pytest.skip("nothing is shut to root")
    target = NO_TARGETS[what](folder)
    (folder / command[1 + (command[0] == "evidence")]).rename("elsewhere")
    files = sorted(folder.iterdir())
    result = run(*command, target)
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"{command[-1]}: cannot write")
    assert result.exit_code == 2
    assert sorted(folder.iterdir()) == files


def test_what_comes_up_meanwhile_is_left(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the check and the writing somebody else writes the file."""
    checked = whole_files.refuse_no_file

    def then_another(path: str, **how: object) -> Path:
        target = checked(path, **how)  # type: ignore[arg-type]
        target.write_text("theirs", encoding="utf-8")
        return target

    monkeypatch.setattr(whole_files, "refuse_no_file", then_another)
    with pytest.raises(AlreadyThere, match="it is there already"):
        write_whole("new", "mine", replace=False)
    assert (folder / "new").read_text("utf-8") == "theirs"
    assert not list(folder.glob(".new*"))


def test_a_folder_without_hard_links_keeps_what_is_there(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise OSError("links are not kept here")

    monkeypatch.setattr(os, "link", no_links)
    write_whole("new", "mine", replace=False)
    assert (folder / "new").read_text("utf-8") == "mine"
    with pytest.raises(AlreadyThere):
        write_whole("new", "other", replace=False)
    assert (folder / "new").read_text("utf-8") == "mine"


def test_a_writing_that_fails_leaves_what_was(folder: Path) -> None:
    (folder / "page").write_text("before", encoding="utf-8")
    files = sorted(folder.iterdir())
    with pytest.raises(CannotWrite):
        write_whole("page", "half a pair: \ud800")
    assert (folder / "page").read_text("utf-8") == "before"
    assert sorted(folder.iterdir()) == files


def test_a_link_stays_a_link_and_rights_stay(folder: Path) -> None:
    (folder / "page").write_text("before", encoding="utf-8")
    (folder / "page").chmod(0o640)
    (folder / "link").symlink_to("page")
    write_whole("link", "after")
    assert (folder / "link").is_symlink()
    assert (folder / "page").read_text("utf-8") == "after"
    assert (folder / "page").stat().st_mode & 0o777 == 0o640


def test_only_inputs_that_are_there_are_compared(folder: Path) -> None:
    assert refuse_no_file("case.yaml", inputs=["none", "model.gmcr"]) == Path("case.yaml")
