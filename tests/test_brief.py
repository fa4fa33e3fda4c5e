"""The brief: what it says first, why, and that nothing is said twice."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from sentences import said_twice
from typer.testing import CliRunner, Result

from foedus.case.reading import parse_case
from foedus.cli.app import app
from foedus.document import Point, Points, Section, Sentence, Table, plain_lines
from foedus.forecasting.assessment import Confidence, Likelihood
from foedus.reporting.brief_parts import bottom_line
from foedus.reporting.brief_rests import assumption_told
from foedus.reporting.composing import Report
from foedus.starters import starter
from foedus.whole_report import brief, report

ORDER = [
    *("bottom-line", "why", "judgements", "asked", "rests-on", "watch", "way-there", "made-of")
]


@cache
def made(kind: str) -> Report:
    return brief(parse_case(starter(kind)), draws=100)


@cache
def unforeseen(kind: str) -> Report:
    return brief(parse_case(starter(kind)), with_forecast=False)


@cache
def reported(kind: str) -> Report:
    return report(parse_case(starter(kind)), draws=100)


def part(report: Report, name: str) -> Section:
    (found,) = (s for s in report.blocks if isinstance(s, Section) and s.id == name)
    return found


def words(report: Report, name: str) -> str:
    return "\n".join(report.plain()[name])


def sentences(report: Report) -> list[str]:
    told = (b for s in report.blocks if isinstance(s, Section) for b in s.blocks)
    texts = (Section("", (b,)) for b in told if isinstance(b, Sentence | Points))
    lines = [line.strip(" -") for text in texts for line in plain_lines(text)[2:]]
    return [s for line in lines for s in re.split(r"(?<=[.!?]) (?=[A-Z“])", line) if len(s) > 30]


def run(*arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": "100"}).invoke(app, ["brief", *arguments])


@pytest.mark.parametrize("kind", ["succession", "coalition"])
def test_its_parts_stand_in_the_order_in_which_desks_read(kind: str) -> None:
    assert [s.id for s in made(kind).blocks if isinstance(s, Section)] == ORDER


@pytest.mark.parametrize("kind", ["succession", "coalition"])
def test_no_sentence_stands_twice(kind: str) -> None:
    said = sentences(made(kind))
    assert sorted(said) == sorted(set(said))


def test_the_bottom_line_is_one_short_sentence() -> None:
    line, _ = part(made("succession"), "bottom-line").blocks
    assert isinstance(line, Sentence)
    assert line.strong
    assert len(line.text.split()) < 30
    assert line.text.count(". ") == 0
    for what in ("likely", "range", "confidence", "31 December 2027", "“The treaty is signed”"):
        assert what in line.text


def test_the_bottom_line_in_every_scale() -> None:
    case = parse_case(starter("accession"))
    sure = Confidence("low", "likely", None, (), 3, {}, 0)

    def told(p: float, words: str = "icd203", confidence: Confidence = sure) -> str:
        judged = Likelihood("", p, max(0.0, p - 0.1), min(1.0, p + 0.1), "", words)
        return bottom_line(judged, confidence, case, "joined")

    assert told(0.03).startswith("There is almost no chance that “Varenia joins” stands on 31")
    assert told(0.5).startswith("There is a roughly even chance that")
    assert told(0.45, "phia").startswith("There is a realistic possibility that")
    assert "range 60–80%; low confidence)" in told(0.7)
    unknown = Confidence(None, "likely", None, (), 0, {}, 0)
    assert told(0.7, confidence=unknown).endswith("(70%, range 60–80%).")


def test_why_names_who_refuses_with_the_figure_and_the_judgement() -> None:
    why = words(unforeseen("succession"), "why")
    assert "President Orlan and Morven must agree; President Orlan refuses whenever asked." in why
    assert "President Orlan: −15 on its own scale, most of it for “free-hand” (−15)." in why
    assert "of 5 such things agreed, 4 were done in 6 years" in why


def test_why_says_that_all_would_agree() -> None:
    why = words(unforeseen("accession"), "why")
    assert "the core members, Corvan and Voters of Varenia must agree, and would:" in why


def test_why_says_what_the_world_does_and_what_stands_instead() -> None:
    why = words(made("coalition"), "why")
    assert re.search(r"What stands instead: “[^”]+” \(\d+%\) or “[^”]+” \(\d+%\)\.", why)
    (effect,) = [line for line in words(made("succession"), "why").split("\n") if "world" in line]
    assert re.search(r"\d+% at the most likely judgements, .+% without “death”", effect)


def test_each_point_of_why_leads_to_where_more_is_said() -> None:
    points, *_ = part(made("succession"), "why").blocks
    assert isinstance(points, Points)
    assert len(points.points) >= 3
    assert all(point.see for point in points.points)


def test_likelihood_and_confidence_stand_in_sentences_of_their_own() -> None:
    (points,) = part(made("succession"), "judgements").blocks
    assert isinstance(points, Points)
    assert len(points.points) == 3
    for point in points.points:
        likely, sure = re.split(r"(?<=[.”]) (?=Our confidence)", point.text)
        assert "confidence" not in likely
        assert not re.search(r"likely \(|chance \(|\d%", sure.split(":")[0])


def test_a_question_about_a_position_leaves_the_bottom_line_to_the_likeliest() -> None:
    report = made("coalition")
    line, _ = part(report, "bottom-line").blocks
    assert isinstance(line, Sentence)
    assert "“Blues with Centre and Farmers”" in line.text
    (table,) = part(report, "asked").blocks
    assert isinstance(table, Table)
    assert [row[0].text for row in table.rows] == ["Who governs?", "Is the tunnel passed?"]
    assert table.rows[0][1].text.startswith("“Blues with Centre and Farmers”, ")


def test_the_author_stands_beside_what_is_computed() -> None:
    (table,) = part(unforeseen("accession"), "asked").blocks
    assert isinstance(table, Table)
    ((_, computed, author, both),) = table.rows
    assert author.text == "unlikely"
    assert computed.text.startswith("unlikely, 2")
    assert (both.text, both.tone) == ("agree", "good")


def test_the_assumption_that_carries_most_is_told_in_words() -> None:
    case = parse_case(starter("accession"))
    told = {
        "pace off: ratifications": "that changes are as slow as “ratifications” was, and not only "
        "unwanted",
        "without autumn-poll": "“autumn-poll”, as evidence",
        "preferences.corvan.worth.trade at its neutral value": "Corvan's judgement “trade” "
        "(ratified = done)",
        "farsighted": "that actors look no further than their next step",
    }
    assert {name: assumption_told(case, name) for name in told} == told
    assert "The assumption that carries most: " in words(made("coalition"), "rests-on")


def test_signs_come_before_parts_of_the_answer() -> None:
    points, _ = part(made("coalition"), "watch").blocks
    assert isinstance(points, Points)
    assert 1 <= len(points.points) <= 3
    assert all(re.match(r"If “.+” by \d{4}-\d\d-\d\d \(chance", p.text) for p in points.points)


def test_without_a_forecast_it_says_so_and_who_refuses() -> None:
    report = unforeseen("succession")
    assert [s.id for s in report.blocks if isinstance(s, Section)] == [
        *("bottom-line", "why", "asked", "way-there", "made-of")
    ]
    assert words(report, "bottom-line") == "No forecast was asked for."
    assert "refuses whenever asked" in words(report, "why")


def test_a_case_without_dates_has_a_brief_that_says_what_is_not_answered() -> None:
    undated = re.sub(r"^(as_of|deadline):.*\n", "", starter("union"), flags=re.MULTILINE)
    report = brief(parse_case(undated))
    assert "There is no forecast: the case does not say" in words(report, "bottom-line")
    assert words(report, "asked").startswith("Not answered: the process needs `as_of`")
    assert "refuse" in words(report, "why")


def test_the_command_prints_writes_and_gives_data(tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    case.write_text(starter("succession"), encoding="utf-8")
    effort = ("--no-forecast",)
    printed = run(str(case), *effort)
    assert printed.exit_code == 0, printed.output
    assert printed.stdout.startswith("If President Orlan dies")
    assert "Bottom line" in printed.stdout
    page = tmp_path / "brief.html"
    assert run(str(case), *effort, "-o", str(page)).exit_code == 0
    assert "Bottom line</h2>" in page.read_text(encoding="utf-8")
    found = json.loads(run(str(case), *effort, "--json").stdout)
    assert next(iter(found["brief"])) == "bottom-line"
    refused = run(str(case), *effort, "-o", str(case))
    assert refused.exit_code == 2
    assert case.read_text(encoding="utf-8") == starter("succession")


def test_in_the_report_each_point_of_why_links_to_a_section() -> None:
    page = reported("succession").html()
    linked = re.findall(r'<a class="more" href="#([\w-]+)">more</a>', page)
    assert {"veto-players", "forecast-pace", "forecast-events", "forecast-confidence"} <= {*linked}
    assert all(f'id="{name}"' in page for name in linked)
    assert page.index('id="bottom-line"') < page.index('id="how-likely"')


def test_no_sentence_of_the_report_stands_twice() -> None:
    """Neither in the brief, nor in what is folded behind it, nor again in the appendix."""
    assert said_twice(reported("succession"), parse_case(starter("succession"))) == []


def test_what_leads_to_the_appendix_names_a_part_of_it() -> None:
    made = reported("succession")
    appendix = made.blocks[-1]
    assert isinstance(appendix, Section)
    listed = {part.id: part.title for part in inner_sections(appendix)}
    behind = [s for s in made.blocks if isinstance(s, Section) and s.id != "appendix"]
    ways = [p for s in behind for b in s.blocks if isinstance(b, Points) for p in leading(b)]
    assert len(ways) >= 8
    assert {listed[way.see] for way in ways} == {way.text.split(": ")[-1] for way in ways}


def leading(points: Points) -> list[Point]:
    """The points by which a section leads to the appendix."""
    ahead = [p for p in points.points if p.text.startswith("In the appendix:")]
    return [way for point in ahead for way in (point.points or (point,))]


def inner_sections(section: Section) -> Iterator[Section]:
    for block in section.blocks:
        if isinstance(block, Section):
            yield block
            yield from inner_sections(block)
