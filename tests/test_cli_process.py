"""The program as it is started: exit codes, streams, what it imports, how it is interrupted."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from foedus.cli.app import app

ROOT = Path(__file__).parent.parent
TOWNS = str(ROOT / "cases" / "two-towns.yaml")
FOEDUS = [sys.executable, "-c", "import foedus.cli; foedus.cli.main()"]


def run(*arguments: str, **options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*FOEDUS, *arguments],
        capture_output=True,
        encoding="utf-8",
        env=os.environ | options,
        timeout=60,
        check=False,
    )


def test_the_program_is_installed() -> None:
    program = shutil.which("foedus", path=str(Path(sys.executable).parent))
    if program is None:
        pytest.skip("foedus is not installed as a program here")
    result = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    assert result.stdout.startswith("foedus ")


def test_help_imports_none_of_the_heavy_packages() -> None:
    """Neither the program's help nor that of any command; all are asked for in one process."""
    code = """
import sys
from typer.testing import CliRunner
from foedus.cli.app import app
import typer
def walk(group, before):
    yield before
    for name in group.list_commands(None) if hasattr(group, "list_commands") else ():
        yield from walk(group.get_command(None, name), [*before, name])
asked = list(walk(typer.main.get_command(app), []))
assert len(asked) > 20
for each in asked:
    told = CliRunner().invoke(app, [*each, "--help"])
    assert (told.exit_code, told.output[:6]) == (0, "Usage:"), told.output
heavy = {"numpy", "scipy", "jinja2", "lark", "yaml", "rich"}
print("LOADED", *sorted(heavy & set(sys.modules)))
"""
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout == "LOADED\n"


def test_what_needs_no_graphs_or_distributions_imports_no_scipy() -> None:
    code = f"""
import sys
from foedus.cli import main
sys.argv = ["foedus", "space", {TOWNS!r}]
try:
    main()
finally:
    from foedus.preferences.games import game_of
    from foedus.loading import read
    game_of(read({TOWNS!r}))
    print("LOADED", *sorted({{"scipy", "numba"}} & set(sys.modules)))
"""
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.endswith("LOADED\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ("explain", TOWNS, "bridge = wyde"),
        ("explain", TOWNS, "1", "--mover", "nobody"),
        ("stability", TOWNS, "--concepts", "x"),
        ("report", TOWNS, "-o", "."),
        ("import", TOWNS),
        ("no-such-command",),
        ("check",),
    ],
    ids=" ".join,
)
def test_bad_input_ends_with_2_and_no_traceback(arguments: tuple[str, ...]) -> None:
    result = CliRunner().invoke(app, [*arguments])
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [("check", "no-such.yaml"), ("check", TOWNS, "--no-such-option")],
    ids=["a case that is not there", "an option that there is not"],
)
def test_what_the_command_line_refuses_ends_the_program_so(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr
    assert "Traceback" not in result.stderr


def test_a_console_without_unicode_gets_an_answer() -> None:
    result = run("check", TOWNS, PYTHONIOENCODING="ascii", PYTHONUTF8="0", LC_ALL="C")
    assert result.returncode == 0
    assert "is in order" in result.stdout
    assert result.stdout.isascii()


def test_json_is_utf_8_whatever_the_console() -> None:
    flagship = str(ROOT / "cases" / "belarus-2024.yaml")
    plain = run("check", flagship, "--json", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert plain.returncode == 0
    assert json.loads(plain.stdout)["ok"] is True
    accepted = run("accept", TOWNS, "--json", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert "Merger" in json.loads(accepted.stdout)["arrangements"]["one-town"]["name"]


@pytest.mark.skipif(os.name == "nt", reason="no pipes of this kind on Windows")
@pytest.mark.parametrize(
    "arguments",
    [
        *(("accept", TOWNS), ("stability", TOWNS, "--json"), ("schema",)),
        *(("--help",), ("--version",), ("forecast", "--help"), ("evidence", "ach", "--help")),
        ("report", TOWNS, "--no-forecast", "-o", "-"),
    ],
    ids=" ".join,
)
def test_a_closed_pipe_is_quiet(arguments: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)  # nobody reads at all
    process = subprocess.Popen([*FOEDUS, *arguments], stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 141
    assert told == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("arguments", [("accept", TOWNS), ("stability", TOWNS, "--json")])
def test_a_full_disk_is_told(arguments: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        result = subprocess.run(
            [*FOEDUS, *arguments], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert result.returncode == 2
    assert result.stderr == "cannot write the answer: No space left on device\n"


@pytest.mark.skipif(os.name == "nt", reason="no SIGINT of this kind on Windows")
def test_ctrl_c_is_told_in_one_line() -> None:
    code = """
import foedus.loading, time
def slow(path):
    print("started", flush=True)
    time.sleep(60)
foedus.loading.read = slow
import foedus.cli
foedus.cli.main()
"""
    process = subprocess.Popen(
        [sys.executable, "-c", code, "check", TOWNS],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"started\n"
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=30)
    assert process.returncode == 130
    assert told == b"interrupted\n"


# --- Ctrl-C, and processes that end ------------------------------------------------------------

INTERRUPTING = """
import os, signal, sys
class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == {name!r}:
            sys.meta_path.remove(self)
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupting())
"""
"""A program that gets Ctrl-C as it begins to import a module."""

MAIN = "\nimport foedus.cli; foedus.cli.main()"

unix = pytest.mark.skipif(os.name == "nt", reason="no signals of this kind on Windows")


@unix
@pytest.mark.parametrize(
    "module",
    [
        *("foedus.cli.app", "typer", "typer.core", "foedus.case.problems", "foedus.whole_files"),
        *("foedus.cli.commands", "yaml", "lark", "numpy", "numpy.linalg", "foedus.game"),
        *("scipy.special", "foedus.forecasting.solve", "rich.console"),
    ],
)
def test_ctrl_c_during_imports(module: str) -> None:
    result = subprocess.run(
        [
            *(sys.executable, "-c", INTERRUPTING.format(name=module) + MAIN),
            *("forecast", TOWNS, "--draws", "1", "--workers", "1", "--stability-draws", "0"),
            "--quiet",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stdout, result.stderr) == (130, "", "interrupted\n")


@unix
def test_ctrl_c_while_writing_leaves_what_was(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("before", encoding="utf-8")
    code = """
import os, signal
os.fsync = lambda number: os.kill(os.getpid(), signal.SIGINT)
"""
    result = subprocess.run(
        [
            *(sys.executable, "-c", code + MAIN),
            *("report", TOWNS, "--no-forecast", "-o", str(page)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stdout, result.stderr) == (130, "", "interrupted\n")
    assert [each.name for each in tmp_path.iterdir()] == ["page.html"]
    assert page.read_text(encoding="utf-8") == "before"


AT_WORK = """
import contextlib
import foedus.cli.foresight
def told(what, done, whole):
    if done:
        print("at work", flush=True)
foedus.cli.foresight.progress = lambda quiet: contextlib.nullcontext(told)
"""
"""A program that prints a line whenever a worker has done something."""


def forecast_at_work() -> subprocess.Popen[bytes]:
    """A forecast by two workers of which something is done, and most is not."""
    process = subprocess.Popen(
        [
            *(sys.executable, "-c", AT_WORK + MAIN),
            *("forecast", TOWNS, "--draws", "12000", "--stability-draws", "0", "--workers", "2"),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"at work\n"
    return process


@unix
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGHUP])
def test_workers_end_with_their_parent(number: signal.Signals) -> None:
    """The streams end once nobody holds them: orphans would keep them open for ever."""
    process = forecast_at_work()
    process.send_signal(number)
    _, told = process.communicate(timeout=120)
    assert process.returncode == -number
    assert told == b""


@unix
def test_ctrl_c_ends_all_workers_with_one_line() -> None:
    process = forecast_at_work()
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to every process at once
    _, told = process.communicate(timeout=120)
    assert (process.returncode, told) == (130, b"interrupted\n")


@unix
def test_a_worker_that_is_killed_is_told() -> None:
    process = forecast_at_work()
    try:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        if not children.exists():
            pytest.skip("the system does not list the children of a process")
        for child in map(int, children.read_text().split()):
            if b"resource_tracker" not in Path(f"/proc/{child}/cmdline").read_bytes():
                os.kill(child, signal.SIGKILL)
        _, told = process.communicate(timeout=120)
    finally:
        process.kill()
    assert process.returncode == 2
    assert told.startswith(b"--workers: a worker process ended before its work was done")
