"""The page on extending foedus, followed literally in a copy of the package.

``python new=PATH`` is a new file of the package, ``diff file=PATH`` changes one that is there,
``text file=NAME`` is an example, and of a ``console`` block each command is run on the copy.
A section without blocks only says where to begin.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from test_docs import MORE, blocks, commands, edited

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
SECTIONS = [part.partition("\n")[0] for part in PAGE.split("\n## ")[1:] if "\n```" in part]

AROUND = {"COLUMNS": "100", "FOEDUS_RANDOM_CASES": "25"}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A folder with a copy of the package and its tests, to be changed."""
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("src", "tests"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def ran(folder: Path, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A program run in the folder of the copy, and on it; both streams as one."""
    foedus = [sys.executable, "-c", "from foedus.cli import main; main()"]
    known = {"foedus": foedus, "python": [sys.executable], "grep": ["grep"]}
    return subprocess.run(
        [*known[program], *arguments],
        cwd=folder,
        env=os.environ | AROUND | {"PYTHONPATH": str(folder / "src")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )


def matches(told: list[str], wanted: list[str]) -> bool:
    """Whether the lines are those wanted, of which one with an ellipsis stands for any number."""
    if not wanted:
        return not told
    if wanted[0] == MORE:
        return any(matches(told[k:], wanted[1:]) for k in range(len(told) + 1))
    return bool(told) and told[0] == wanted[0] and matches(told[1:], wanted[1:])


def follow(section: str, folder: Path) -> int:
    """Do what a section of the page says; how many commands that were."""
    run = 0
    part = next(p for p in PAGE.split("\n## ") if p.startswith(section + "\n"))
    for language, more, body in blocks(part):
        verb, _, name = more.partition("=")
        match language, verb:
            case ("python", "new") | ("text", "file"):
                assert not (folder / name).exists()
                (folder / name).write_text(body, encoding="utf-8")
            case "diff", "file":
                text = (folder / name).read_text(encoding="utf-8")
                (folder / name).write_text(edited(text, body), encoding="utf-8")
            case "console", _:
                for command, wanted in commands(body):
                    made = ran(folder, *shlex.split(command))
                    told = [line.rstrip() for line in made.stdout.splitlines()]
                    assert matches(told, wanted), "\n".join(told)
                    assert made.returncode == 0, "\n".join(told)
                    run += 1
            case _:
                pytest.fail(f"nobody knows what to do with a block `{language} {more}`")
    return run


@pytest.mark.parametrize("section", SECTIONS)
def test_the_page_is_followed_literally(section: str, copy: Path) -> None:
    assert follow(section, copy) > 0


def test_without_the_page_the_toy_is_unknown(tmp_path: Path) -> None:
    (tmp_path / "src").symlink_to(ROOT / "src")
    (tmp_path / "towns.lines").write_text("# lines\nnorth bridge none wide\n")
    assert "towns is in order" not in ran(tmp_path, "foedus", "check", "towns.lines").stdout
    told = ran(tmp_path, "foedus", "import", "towns.lines").stdout
    assert (
        "this is in no format that can be imported; expected a graph model of GMCR+ (.gmcr)" in told
    )
