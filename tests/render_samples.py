"""Blocks for the tests of renderers: one of each kind, every text of it made by one function."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from foedus.document import (
    Block,
    Branch,
    Calendar,
    Cell,
    Column,
    Grid,
    Likelihood,
    Likelihoods,
    Line,
    Lines,
    Point,
    Points,
    Range,
    Ranges,
    Section,
    Sentence,
    Share,
    ShareBar,
    Shares,
    Span,
    Strip,
    StripCell,
    Table,
    Tone,
    Tree,
)

TONES: tuple[Tone, ...] = ("plain", "good", "bad", "warn", "muted")

HOSTILE = (
    "<script>document.title='owned'</script>",
    "<img src=x onerror=\"document.title='owned'\">",
    '"><svg onload="document.title=\'owned\'">',
    "'><iframe src=\"javascript:parent.document.title='owned'\"></iframe>",
    "{{7*7}} {% raw %} ${7*7} #{7*7}",
    "</style><script>document.title='owned'</script>",
    "</title><script>document.title='owned'</script>",
    "]]><script>document.title='owned'</script><!--",
    "--><script>document.title='owned'</script>",
    "javascript:document.title='owned'",
    "data:text/html,<script>document.title='owned'</script>",
    "' onmouseover='document.title=1' style='background:url(http://example.invalid/x)",
    "&lt;b&gt; &amp;amp; &#60;script&#62;",
    "url(#clip0) [red]x[/red] \\",
    "datum.x; event.view.alert(1); {signal: 'x'}",
)


def every_block(say: Callable[[str], str]) -> tuple[Block, ...]:
    """One of each block, nested and in every tone; ``say(place)`` gives each text."""
    rows, columns = ("first row", "second row"), ("c1", "c2", "c3", "c4", "c5")
    return (
        *(Sentence(say(f"sentence {tone}"), tone, strong=tone == "good") for tone in TONES),
        Section(
            say("section"),
            (
                Points(
                    (
                        Point(say("point"), (Point(say("inner point"), tone="bad"),)),
                        Point(say("second point"), tone="warn"),
                    )
                ),
                Points((Point(say("ordered"), (Point(say("inner ordered")),)),), ordered=True),
                Table(
                    say("caption"),
                    (Column(say("column")), Column(say("numeric column"), numeric=True)),
                    ((Cell(say("row heading"), note=say("row note")), Cell(say("cell"), "bad")),),
                    say("table note"),
                ),
                Section(
                    say("inner section"),
                    (
                        _grid(say, rows, columns),
                        _ranges(say),
                        _lines(say),
                        _tree(say),
                        _likelihoods(say),
                        _strip(say, rows, columns[:3]),
                        _calendar(say),
                        _shares(say),
                    ),
                ),
            ),
            id=say("anchor"),
        ),
    )


def _grid(say: Callable[[str], str], rows: tuple[str, ...], columns: tuple[str, ...]) -> Grid:
    return Grid(
        say("grid"),
        tuple(map(say, rows)),
        tuple(map(say, columns)),
        tuple(
            tuple(Cell(say(f"{row} {tone}"), tone, say("cell note")) for tone in TONES)
            for row in rows
        ),
        tuple((Cell(say(f"legend {tone}"), tone), say("meaning")) for tone in TONES),
        say("row heading"),
        say("grid note"),
    )


def _ranges(say: Callable[[str], str]) -> Ranges:
    ranges = tuple(
        Range(say(f"range {tone}"), -k, k, 3.0 * k, tone, say("range note"))
        for k, tone in enumerate(TONES)
    )
    marks = ((0.0, say("mark")), (0.1, say("near mark")))
    return Ranges(say("ranges"), say("unit"), ranges, marks, say("ranges note"))


def _lines(say: Callable[[str], str]) -> Lines:
    return Lines(
        say("lines"),
        say("axis"),
        say("lines unit"),
        (say("first place"), say("second place")),
        (Line(say("line"), (1.0, 2.5)), Line(say("other line"), (0.5, 2.4))),
        say("lines note"),
    )


def _tree(say: Callable[[str], str]) -> Tree:
    def branch(name: str, tone: Tone, *branches: Branch) -> Branch:
        return Branch(
            say(f"{name} {tone}"),
            say("step"),
            tone,
            say("refused") if tone == "bad" else "",
            (say(f"{name} reached"),),
            branches,
        )

    leaves = [branch("leaf", tone) for tone in TONES]
    root = branch("root", "plain", *leaves, branch("inner", "good", branch("last", "bad")))
    return Tree(say("tree"), root, say("tree note"))


def _likelihoods(say: Callable[[str], str]) -> Likelihoods:
    answers = tuple(
        Likelihood(say(f"answer {tone}"), k / 5, k / 10, k / 4, say("word"), base, tone)
        for k, (tone, base) in enumerate(zip(TONES, (None, 0.2, 0.0, 1.0, 0.5), strict=True))
    )
    bands = ((0.0, 0.5, say("mark")), (0.5, 1.0, say("near mark")))
    return Likelihoods(say("likelihoods"), answers, bands, say("likelihoods note"))


def _strip(say: Callable[[str], str], rows: tuple[str, ...], columns: tuple[str, ...]) -> Strip:
    cells = (
        StripCell("agrees", 0.5, say("gain")),
        StripCell("refuses", -1.0),
        StripCell("not asked", None, say("no gain")),
    )
    return Strip(
        say("strip"),
        tuple(map(say, rows)),
        tuple(map(say, columns)),
        (cells,) * len(rows),
        say("strip row heading"),
        say("strip note"),
    )


def _calendar(say: Callable[[str], str]) -> Calendar:
    first, last = date(2019, 12, 20), date(2024, 3, 17)
    spans = tuple(
        Span(say(f"span {tone}"), date(2020 + k, 1, 1), date(2020 + k, 1 + k, 1), tone)
        for k, tone in enumerate(TONES)
    )
    courses = (Line(say("course"), (0.0, 0.6)), Line(say("other course"), (0.3, 0.3)))
    title, note = say("calendar"), say("calendar note")
    return Calendar(title, first, last, spans, (first, last), courses, note)


def _shares(say: Callable[[str], str]) -> Shares:
    parts = tuple(Share(say(f"share {tone}"), float(k), tone) for k, tone in enumerate(TONES))
    bars = (ShareBar(say("bar"), parts), ShareBar(say("other bar"), parts[:1]))
    marks = ((4.0, say("share mark")),)
    return Shares(say("shares"), say("share unit"), bars, marks, say("shares note"))
