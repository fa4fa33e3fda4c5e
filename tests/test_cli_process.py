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
    code = """
import sys
import foedus.cli
sys.argv = ["foedus", "--help"]
try:
    foedus.cli.main()
except SystemExit as ended:
    assert ended.code == 0, ended.code
heavy = {"numpy", "scipy", "altair", "jinja2", "vl_convert", "lark", "yaml", "pydantic"}
print("LOADED", *sorted(heavy & set(sys.modules)))
"""
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.splitlines()[-1] == "LOADED"


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "no-such.yaml"),
        ("explain", TOWNS, "bridge = wyde"),
        ("explain", TOWNS, "1", "--mover", "nobody"),
        ("stability", TOWNS, "--concepts", "x"),
        ("report", TOWNS, "-o", "."),
        ("import", TOWNS),
        ("no-such-command",),
        ("check",),
        ("check", TOWNS, "--no-such-option"),
    ],
    ids=" ".join,
)
def test_bad_input_ends_with_2_and_no_traceback(arguments: tuple[str, ...]) -> None:
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
@pytest.mark.parametrize("arguments", [("accept", TOWNS), ("stability", TOWNS, "--json")])
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
import foedus.loading, signal, time
def slow(path):
    print("started", flush=True)
    time.sleep(60)
foedus.loading.read = slow
signal.signal(signal.SIGINT, signal.default_int_handler)
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
