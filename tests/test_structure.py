"""The house keeps its shape: imports one way, the surface, sources, sizes, what no file says."""

from __future__ import annotations

import ast
import importlib
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from foedus.equilibria.registry import CONCEPTS
from foedus.reporting.tellers import TELLERS as SHOWN_BY
from foedus.result import Result

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "foedus"
BIBLIOGRAPHY = ROOT / "docs" / "bibliography.md"

# Everything below src/foedus, in the order in which data goes: a part imports what stands before
# its own line, and itself; parts on one line do not import each other.
ORDER = (
    ("document", "starters", "jit", "machine"),
    ("result",),
    ("case",),
    ("sheets",),
    ("game",),
    ("preferences",),
    ("equilibria",),
    ("process",),
    ("coalition", "bargaining"),
    ("slips",),
    ("forecasting",),
    ("evidence",),
    ("sensitivity",),
    ("tracing",),
    ("reporting",),
    ("render",),
    ("whole_files",),
    ("loading", "hiring"),
    ("surface", "many_cases", "several_judges", "whole_report"),
    ("web",),
    ("cli",),
    ("__init__",),
    ("__main__",),
)
LAYER = {part: layer for layer, parts in enumerate(ORDER) for part in parts}

MOST_LINES = 400

# Written so that this file does not trip its own check.
UNWANTED = {
    "a path of one machine": r"(?<![\w.])/(?:work|root|home|Users|tmp|opt|mnt|srv)/\w"
    r"|\b[A-Z]:\\[U]sers\b",
    "an address of a best form index": r"pypi\.(?:org|python)|python[h]osted|conda\.[a]naconda"
    r"|registry\.[n]pmjs|(?:extra-)?[i]ndex[-_]url\b|find[-]links|devpi[-.:/]|/[s]imple/",
}

KEY = re.compile(r"\[([A-Z][A-Za-z]+\d{4}[a-z]?)\]")
ENTRY = re.compile(r"^- \*\*\[([^\]]+)\]\*\*", re.MULTILINE)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class Module:
    """A module of foedus, by its path, its dotted parts below foedus, and its syntax."""

    path: Path
    parts: tuple[str, ...]
    tree: ast.Module

    @property
    def part(self) -> str:
        """The part of the house that it belongs to."""
        return self.parts[0]

    @property
    def is_package(self) -> bool:
        return self.path.name == "__init__.py"

    def __str__(self) -> str:
        return str(self.path.relative_to(ROOT))


@cache
def modules() -> tuple[Module, ...]:
    """Every module under src/foedus."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        if len(parts) > 1 and parts[-1] == "__init__":
            parts = parts[:-1]
        found.append(Module(path, parts, ast.parse(path.read_text(encoding="utf-8"))))
    return tuple(found)


@cache
def tracked() -> tuple[Path, ...]:
    """Every file of the project: what git tracks, or, without git, what is not made by tools."""
    if (ROOT / ".git").exists() and shutil.which("git"):
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
        ).stdout
        return tuple(path for name in listed.split("\0") if name and (path := ROOT / name).exists())
    made = {"__pycache__", "build", "dist", "out"}
    return tuple(
        path
        for path in sorted(ROOT.rglob("*"))
        if path.is_file()
        and not any(
            name in made or name.endswith(".egg-info") or (name.startswith(".") and name != ".ci")
            for name in path.relative_to(ROOT).parts[:-1]
        )
    )


def texts() -> Iterator[tuple[Path, str]]:
    """Each tracked file that is text."""
    for path in tracked():
        data = path.read_bytes()
        if b"\0" not in data:
            yield path, data.decode("utf-8")


def pages() -> list[Path]:
    """Every page written for readers."""
    return [*sorted((ROOT / "docs").rglob("*.md")), *sorted(ROOT.glob("*.md"))]


# --- imports ----------------------------------------------------------------------------------


def imports(
    nodes: Iterable[ast.AST], parts: tuple[str, ...], is_package: bool
) -> set[tuple[str, ...]]:
    """What the imports among these nodes of a module name of foedus: dotted parts below it."""
    found: set[tuple[str, ...]] = set()
    for node in nodes:
        names: Iterable[str] = ()
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                here = ("foedus", *parts) if is_package else ("foedus", *parts[:-1])
                base = ".".join((*here[: len(here) - node.level + 1], *filter(None, [node.module])))
            names = [f"{base}.{alias.name}" for alias in node.names]
        found |= {
            tuple(name.split(".")[1:]) for name in names if name.split(".")[0] == "foedus"
        } - {()}
    return found


def wrong_imports(tree: ast.AST, parts: tuple[str, ...], is_package: bool = False) -> list[str]:
    """What a module imports that it may not."""
    wrong = []
    for target in sorted(imports(ast.walk(tree), parts, is_package)):
        # `from foedus import load` asks for a name of the whole, and so for the whole.
        part = target[0] if target[0] in LAYER else "__init__"
        if part != parts[0] and LAYER[part] >= LAYER[parts[0]]:
            wrong.append(".".join(target))
    return wrong


def test_every_part_has_its_place_in_the_order() -> None:
    strangers = {module.part for module in modules()} - LAYER.keys()
    assert not strangers, f"give {sorted(strangers)} a place in ORDER (tests/test_structure.py)"


@pytest.mark.parametrize("module", [m for m in modules() if m.part in LAYER], ids=str)
def test_imports_go_one_way(module: Module) -> None:
    wrong = wrong_imports(module.tree, module.parts, module.is_package)
    assert not wrong, f"{module} may not import {', '.join(wrong)}: see ORDER"


@pytest.mark.parametrize(
    ("source", "parts", "wrong"),
    [
        ("from foedus.render import html", ("process", "x"), ["render.html"]),
        ("import foedus.cli", ("game", "space"), ["cli"]),
        (
            "def f():\n    from foedus.preferences.games import Game",
            ("case", "x"),
            ["preferences.games.Game"],
        ),
        (
            "if TYPE_CHECKING:\n    from foedus.preferences.games import Game",
            ("game",),
            ["preferences.games.Game"],
        ),
        ("from ..render import html", ("process", "x"), ["render.html"]),
        ("from . import preferences", ("game",), ["preferences"]),
        ("from foedus import load", ("process", "x"), ["load"]),
        ("from foedus.case import model", ("document",), ["case.model"]),
        ("from .other import f", ("process", "x"), []),
        ("from foedus.case.model import Case\nimport numpy", ("game",), []),
        ("from foedus import document", ("case", "x"), []),
    ],
)
def test_the_check_of_imports_sees(source: str, parts: tuple[str, ...], wrong: list[str]) -> None:
    assert wrong_imports(ast.parse(source), parts) == wrong


def circles(needs: Mapping[tuple[str, ...], set[tuple[str, ...]]]) -> set[tuple[str, ...]]:
    """The modules from which what they import, and that in turn, leads back to themselves."""
    found = set()
    for start in needs:
        behind: set[tuple[str, ...]] = set()
        waiting = set(needs[start])
        while waiting:
            behind |= waiting
            waiting = {each for parts in waiting for each in needs.get(parts, ())} - behind
        if start in behind:
            found.add(start)
    return found


def test_no_module_comes_back_to_itself_through_its_imports() -> None:
    """Those in functions, and those for types alone, count as well."""
    known = {module.parts for module in modules()}
    needs = {}
    for module in modules():
        wanted = imports(ast.walk(module.tree), module.parts, module.is_package)
        needs[module.parts] = {
            target if target in known else target[:-1] for target in wanted
        } & known - {module.parts}
    assert len(needs["cli", "app"]) > 0
    assert not circles(needs)


def test_the_check_of_circles_sees() -> None:
    a, b, c, d = ("a",), ("b",), ("b", "c"), ("d",)
    assert circles({a: {b}, b: {c}, c: {b}, d: {a}}) == {b, c}
    assert circles({a: {b, c}, b: {c}, c: set()}) == set()


# Words that are a concept's id as well: the bargaining solution, and an output's key.
OTHER_MEANINGS = {("forecasting", "nash"), ("cli", "nash"), ("process", "seq")}


@pytest.mark.parametrize("module", [m for m in modules() if m.part != "equilibria"], ids=str)
def test_only_the_registry_knows_the_ids_of_stability_concepts(module: Module) -> None:
    named = {
        node.value
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and node.value in tuple(CONCEPTS)
    }
    assert not {name for name in named if (module.part, name) not in OTHER_MEANINGS}


# --- names and surface ------------------------------------------------------------------------


def public_functions(tree: ast.Module) -> set[str]:
    """The names of a module's own public functions."""
    return {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and not node.name.startswith("_")
    }


def bound(tree: ast.Module) -> set[str]:
    """The names that the import statements of an ``__init__`` bind, also those made when asked."""
    return {
        alias.asname or alias.name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }


@pytest.mark.parametrize("module", modules(), ids=str)
def test_no_function_bears_the_name_of_a_module_beside_it(module: Module) -> None:
    folder = module.path.parent
    beside = {p.stem for p in folder.glob("*.py")} | {p.parent.name for p in folder.glob("*/*.py")}
    names = public_functions(module.tree)
    if module.is_package:
        names |= bound(module.tree)
    shared = names & beside - {module.path.stem}
    assert not shared, "the name would mean a module or a function, by who imports first"


def undocumented(tree: ast.Module) -> Iterator[str]:
    """Public functions, classes and methods without a docstring; those inside functions are not."""

    def visit(node: ast.Module | ast.ClassDef, within: str) -> Iterator[str]:
        for child in node.body:
            if not isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            if child.name.startswith("_") or _is_overload(child):
                continue
            if not ast.get_docstring(child):
                yield within + child.name
            if isinstance(child, ast.ClassDef):
                yield from visit(child, f"{within}{child.name}.")

    if not ast.get_docstring(tree):
        yield "the module itself"
    yield from visit(tree, "")


def _is_overload(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any("overload" in ast.dump(d) or "'setter'" in ast.dump(d) for d in node.decorator_list)


@pytest.mark.parametrize("module", modules(), ids=str)
def test_everything_public_has_a_docstring(module: Module) -> None:
    assert not list(undocumented(module.tree))


def test_the_check_of_docstrings_sees() -> None:
    source = '"""M."""\nclass A:\n    """A."""\n    def b(self): ...\ndef _c(): ...\ndef d(): ...'
    assert list(undocumented(ast.parse(source))) == ["A.b", "d"]


@pytest.mark.parametrize("module", modules(), ids=str)
def test_no_module_is_too_long_to_read(module: Module) -> None:
    lines = len(module.path.read_text(encoding="utf-8").splitlines())
    assert lines <= MOST_LINES, (
        f"{module} has {lines} lines; over {MOST_LINES} a module usually does more than one "
        "thing: split it by what it does"
    )


# --- sources ----------------------------------------------------------------------------------


def docstrings(tree: ast.AST) -> Iterator[str]:
    """Every docstring of a module, and every text that stands alone under a name."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ):
            yield node.value.value


def test_every_source_cited_is_in_the_bibliography_and_every_entry_is_cited() -> None:
    entries = ENTRY.findall(BIBLIOGRAPHY.read_text(encoding="utf-8"))
    assert len(entries) == len(set(entries)), "an entry twice"
    assert all(KEY.fullmatch(f"[{entry}]") for entry in entries), "keys look like [Fang1993]"
    in_code = {key for m in modules() for text in docstrings(m.tree) for key in KEY.findall(text)}
    in_docs = {
        key
        for page in pages()
        if page != BIBLIOGRAPHY
        for key in KEY.findall(page.read_text(encoding="utf-8"))
    }
    cited = in_code | in_docs
    unknown, idle = sorted(cited - set(entries)), sorted(set(entries) - cited)
    assert not unknown, f"cited, and not in docs/bibliography.md: {unknown}"
    assert not idle, f"in docs/bibliography.md, and cited nowhere: {idle}"
    assert in_code, "no docstring names a source: the check is blind"


# --- what files say ---------------------------------------------------------------------------


@pytest.mark.parametrize("what", UNWANTED)
def test_no_file_names(what: str) -> None:
    pattern = re.compile(UNWANTED[what])
    found = [
        f"{path.relative_to(ROOT)}:{k}: {line.strip()[:100]}"
        for path, text in texts()
        for k, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]
    assert not found, f"{what}:\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("a path of one machine", "see " + "/".join(["", "home", "ann", "foedus"])),
        ("a path of one machine", '"' + "/".join(["", "work", "main"]) + '"'),
        ("an address of a best form index", "--index" + "-url https://mirror.example"),
        ("an address of a best form index", "https://py" + "pi.org/project/numpy"),
    ],
)
def test_the_check_of_files_sees(what: str, text: str) -> None:
    assert re.search(UNWANTED[what], text)


def anchors(text: str) -> set[str]:
    """The anchors that a page's headings get: lower case, spaces as hyphens, no punctuation."""
    found: list[str] = []
    for heading in re.findall(r"^#{1,6} +(.+?) *#*$", without_code(text), re.MULTILINE):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        anchor = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        again = sum(re.sub(r"-\d+$", "", other) == anchor for other in found)
        found.append(f"{anchor}-{again}" if again else anchor)
    return set(found)


def without_code(text: str) -> str:
    """A page without its fenced blocks and its comments."""
    text = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)


def broken_links(page: Path, text: str) -> list[str]:
    """The links of a page to files or headings that are not there."""
    broken = []
    prose = re.sub(r"`[^`\n]*`", "", without_code(text))
    for pair in LINK.findall(prose):
        link = "".join(pair)
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = page.parent / name if name else page
        there = target.exists() and ROOT in [target.resolve(), *target.resolve().parents]
        if there and anchor:
            there = anchor in anchors(target.read_text(encoding="utf-8") if name else text)
        if not there:
            broken.append(link)
    return broken


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_between_pages_leads_somewhere(page: Path) -> None:
    assert not broken_links(page, page.read_text(encoding="utf-8"))


def test_the_check_of_links_sees() -> None:
    text = "# A *b*, c\n[x](#a-b-c) [y](#no) [z](nowhere.md) [w](https://example.org) `[v](no)`"
    assert broken_links(BIBLIOGRAPHY, text) == ["#no", "nowhere.md"]


def test_every_page_of_docs_is_in_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    names = {str(p.relative_to(ROOT / "docs")) for p in pages() if p.parent != ROOT}
    assert not {name for name in names - {"README.md"} if f"({name})" not in index}


def test_constraints_pin_versions_and_nothing_else() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert pins
    assert not [pin for pin in pins if not re.fullmatch(r"[\w.-]+==[\w.!+-]+", pin)]
    assert "foedus" not in {pin.split("==")[0] for pin in pins}


# --- results and their tellers ----------------------------------------------------------------


def results() -> list[type[Result]]:
    """Every class of results, once all modules are imported."""
    for module in modules():
        if module.parts and module.parts[0] not in ("__main__",):
            importlib.import_module(".".join(("foedus", *module.parts)).removesuffix(".__init__"))
    return Result.__subclasses__()


def test_every_result_has_a_teller_and_every_teller_a_result() -> None:
    found = results()
    homes = {(kind.__module__, kind.__name__) for kind in found}  # slots make a class twice
    assert len(homes) == len({name for _, name in homes}), "tellers are looked up by class name"
    assert all(callable(SHOWN_BY[kind].blocks) for kind in found)
    assert len(SHOWN_BY) == len(homes)


def test_what_plain_data_is_made_of_is_there() -> None:
    """Each attribute that ``data_of`` is asked for is one of the class that asks."""
    asked = 0
    for path in sorted(PACKAGE.rglob("*.py")):
        for found in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(found, ast.ClassDef):
                continue
            calls = (c for c in ast.walk(found) if isinstance(c, ast.Call))
            keys = [ast.literal_eval(c.args[1]) for c in calls if ast.unparse(c.func) == "data_of"]
            module = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
            made = getattr(importlib.import_module(module), found.name) if keys else None
            for key in " ".join(keys).split():
                name = key.rpartition("=")[2].partition(".")[0]
                assert hasattr(made, name), f"{path.name}: no {name} in {found.name}"
                asked += 1
    assert asked > 100


def test_whatever_make_promises_it_can_do() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    (named,) = re.findall(r"^\.PHONY: (.+)$", text, re.MULTILINE)
    rules = re.findall(r"^([a-z-]+):", text, re.MULTILINE)
    assert sorted(named.split()) == sorted(rules)
    told = set(re.findall(r'"make ([a-z-]+)', text))
    assert told == set(rules) - {"help"}
