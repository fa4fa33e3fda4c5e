"""The pages for users: their files and commands are run, and the reference names every key.

In a page, the block ``yaml file=NAME`` is the beginning of a file, ``yaml add=NAME`` goes on with
it, and ``diff file=NAME`` changes lines of it: those after ``-`` become those after ``+``. In a
block ``console``, a line after ``$`` is a command, and what follows is what it prints; a line that
is only ``…`` stands for any number of lines. The blocks of a page are run in their order, in a
folder of their own that holds ``cases``. Python is run by the doctests.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from foedus.bargaining.model import Option
from foedus.bargaining.registry import MODELS
from foedus.case.schema import json_schema
from foedus.cli.app import app
from foedus.equilibria.registry import CONCEPTS, DEFAULTS

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = [
    ROOT / "README.md",
    DOCS / "tutorial.md",
    DOCS / "case-file.md",
    DOCS / "bargaining.md",
    *sorted(DOCS.glob("how-to-*.md")),
    *sorted((DOCS / "starters").glob("*.md")),
]
BLOCK = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
WIDTH = "100"
MORE = "…"


def blocks(text: str) -> list[tuple[str, str, str]]:
    """The fenced blocks of a page: their language, what else is said of them, their text."""
    return [(language, more.strip(), body) for language, more, body in BLOCK.findall(text)]


def edited(text: str, change: str) -> str:
    """A file's text with the ``-`` lines of a change replaced by its ``+`` lines."""
    lines = change.splitlines()
    assert all(line[:1] in "-+" for line in lines), "every line of a change begins with - or +"
    old = "".join(f"{line[1:]}\n" for line in lines if line.startswith("-"))
    new = "".join(f"{line[1:]}\n" for line in lines if line.startswith("+"))
    assert text.count(old) == 1, f"the file holds this {text.count(old)} times:\n{old}"
    return text.replace(old, new)


def commands(body: str) -> Iterator[tuple[str, list[str]]]:
    """Each command of a console block with the lines it is said to print."""
    for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        command, *lines = part.splitlines()
        yield command, [line.rstrip() for line in lines]


STAGE = re.compile(r"[a-z][^:]*(off: [^:]+)? \([\d,]+\)|about [\d,]+ s of one core; [\d,]+ states")
"""A stage of long work, or how long it will take: told on a slow machine only."""


def printed(command: str) -> list[str]:
    """What a command prints, on either stream."""
    program, *arguments = shlex.split(command)
    assert program == "foedus", f"only foedus can be run here, not {program}"
    if arguments[0] == "report":  # what is printed is where it was written, for any draws
        arguments += ["--draws", "10", "--workers", "1"]
    result = CliRunner(env={"COLUMNS": WIDTH}).invoke(app, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    lines = [line.rstrip() for line in result.output.rstrip().splitlines()]
    return [line for line in lines if not STAGE.fullmatch(line)]


def matches(told: list[str], lines: list[str]) -> bool:
    """Whether the lines are those told, with any lines where ``…`` stands."""
    while told and told[-1] == "":
        told = told[:-1]
    pieces = [r"(?:.*\n)*?" if line == MORE else re.escape(line) + r"\n" for line in told]
    return re.fullmatch("".join(pieces), "".join(f"{line}\n" for line in lines)) is not None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_shows_is_what_comes_out(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "cases", tmp_path / "cases")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for language, more, body in blocks(page.read_text(encoding="utf-8")):
        name = more.partition("=")[2]
        if more.startswith("file=") and language == "diff":
            path = tmp_path / name
            path.write_text(edited(path.read_text(encoding="utf-8"), body), encoding="utf-8")
        elif more.startswith("file="):
            (tmp_path / name).write_text(body, encoding="utf-8")
        elif more.startswith("add="):
            with (tmp_path / name).open("a", encoding="utf-8") as file:
                file.write(body)
        elif language == "console":
            for command, told in commands(body):
                lines = printed(command)
                assert matches(told, lines), f"$ {command}\n" + "\n".join(lines)


def test_the_pages_are_run() -> None:
    """The tutorial and the how-tos are there, and most of them hold something to run."""
    runnable = [
        page
        for page in PAGES
        if any(language == "console" for language, _, _ in blocks(page.read_text("utf-8")))
    ]
    assert DOCS / "tutorial.md" in runnable
    assert ROOT / "README.md" in runnable
    assert len(runnable) >= 6


def test_the_comparison_sees() -> None:
    assert matches(["a", "…", "d"], ["a", "b", "c", "d"])
    assert matches(["a", "…"], ["a"])
    assert not matches(["a", "d"], ["a", "b", "d"])
    assert not matches(["a"], ["a", "b"])
    assert edited("x: 1\ny: 2\n", "-y: 2\n+y: 3\n") == "x: 1\ny: 3\n"


# --- what is generated --------------------------------------------------------------------------

GENERATED = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->\n)", re.DOTALL)


def definitions() -> str:
    """The concepts as they are defined."""
    rows = [f"| {c.name} {c.source} | {c.definition} |" for c in CONCEPTS.values()]
    return "\n".join(["| concept | H is deterred from s1 when |", "|---|---|", *rows])


def concepts() -> str:
    """The concepts as commands name them."""
    rows = [
        f"| `{name}` | {concept.name} | {concept.meaning} | {'yes' if name in DEFAULTS else 'no'} |"
        for name, concept in CONCEPTS.items()
    ]
    head = ["| id | concept | a mover stays when | by default |", "|---|---|---|---|"]
    return "\n".join([*head, *rows])


def bargaining() -> str:
    """The models of bargaining with their sources."""
    rows = [f"| `{m.name}` | {m.title} | [{m.source}] |" for m in MODELS.values()]
    best = "| `best` | the median of the [distribution](#the-best-distribution) | here |"
    return "\n".join(["| name | its answer | source |", "|---|---|---|", best, *rows])


def readings() -> str:
    """The options of the models of bargaining, but for those of mere variants."""
    rows = [
        f"| `{m.name}.{o.name}` | {_values(o)} | {o.effect} | [{o.source}] |"
        for m in MODELS.values()
        for o in m.options
        if m.name not in ("scholz-code", "nash-linear", "nash-reference")
    ]
    head = ["| option | values, the default first | what it does | source |", "|---|---|---|---|"]
    return "\n".join([*head, *rows])


def _values(option: Option) -> str:
    if isinstance(option.default, str):
        others = [c for c in option.choices if c != option.default]
        return ", ".join(f"`{each}`" for each in (option.default, *others))
    low, high = option.choices
    return f"`{option.default:g}`; from {low:g} to {high:g}"


TABLES = {
    "definitions": definitions,
    "concepts": concepts,
    "bargaining": bargaining,
    "readings": readings,
}


def generated(text: str) -> str:
    """A page with its generated tables as they should be."""
    return GENERATED.sub(lambda m: f"{m[1]}{TABLES[m[2]]()}\n{m[3]}", text)


def test_generated_tables_are_current() -> None:
    """With FOEDUS_WRITE_DOCS=1 the pages are written anew."""
    named = []
    for page in sorted(DOCS.glob("*.md")):
        text = page.read_text(encoding="utf-8")
        named += [name for _, name, _ in GENERATED.findall(text)]
        if os.environ.get("FOEDUS_WRITE_DOCS") == "1":
            page.write_text(generated(text), encoding="utf-8")
        assert generated(text) == page.read_text(encoding="utf-8"), f"{page.name} is out of date"
    assert sorted(named) == sorted(TABLES)


# --- the reference of the case file ------------------------------------------------------------


def described(page: str) -> dict[str, set[str]]:
    """The keys that each section of the page describes: the first cells of its tables of keys."""
    found: dict[str, set[str]] = {}
    for part in re.split(r"^<!-- keys of (?=\w+ -->$)", page, flags=re.MULTILINE)[1:]:
        name, rest = part.split(" -->\n", 1)
        table = re.match(r"\n*((?:\|.*\n)+)", rest)
        assert table, f"no table of keys follows the mark of {name}"
        assert name not in found, f"{name} is described twice"
        rows = table.group(1).splitlines()[2:]
        found[name] = {key for row in rows for key in re.findall(r"`(\w+)`", row.split("|")[1])}
    return found


def test_the_reference_describes_every_key_and_no_other() -> None:
    schema = json_schema()
    shapes = {"CaseShape": schema, **schema["$defs"]}
    wanted = {
        name: {key for key, what in part["properties"].items() if not what.get("deprecated")}
        for name, part in shapes.items()
    }
    assert described((DOCS / "case-file.md").read_text(encoding="utf-8")) == wanted


def test_the_reference_says_which_keys_are_required() -> None:
    schema = json_schema()
    page = (DOCS / "case-file.md").read_text(encoding="utf-8")
    for name, part in (("CaseShape", schema), *schema["$defs"].items()):
        table = page.split(f"<!-- keys of {name} -->\n", 1)[1].split("\n\n", 1)[0]
        rows = [row for row in table.splitlines()[2:] if row.startswith("|")]
        said = {
            key
            for row in rows
            if "**required**" in row
            for key in re.findall(r"`(\w+)`", row.split("|")[1])
        }
        renamed = [key for one in part.get("allOf", ()) for key in one.get("oneOf", ())[:1]]
        required = {*part.get("required", ()), *(key["required"][0] for key in renamed)}
        assert said == required, name
