"""Links within a page: every name of evidence leads to its row, and no ordinary word does."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from render_samples import HOSTILE

import foedus
from foedus.case.links import grounded
from foedus.document import (
    Block,
    Cell,
    Column,
    Grid,
    Point,
    Points,
    Range,
    Ranges,
    Section,
    Sentence,
    Table,
)
from foedus.render.html import page
from foedus.reporting.case_evidence import evidence_blocks
from foedus.reporting.case_judgements import judgements_blocks

CASES = Path(__file__).parents[1] / "cases"
NAMES = ("rumour", "gas-price", "gas-price-2", "poll_7")


class Reader(HTMLParser):
    """The links of a page with their text, all ids, and the whole text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[tuple[str, str, str]] = []
        self.ids: list[str] = []
        self.text = ""
        self._href: str | None = None
        self._title = self._said = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if "id" in given:
            self.ids.append(str(given["id"]))
        if tag == "a":
            self._href, self._title, self._said = given["href"], given.get("title") or "", ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._href is not None:
            self.links.append((self._href, self._said, self._title))
            self._href = None

    def handle_data(self, data: str) -> None:
        self.text += data
        self._said += data

    def references(self) -> list[tuple[str, str]]:
        """Where each link to a row leads, and its text."""
        return [(href, text) for href, text, _ in self.links if href.startswith("#e-")]


def grounds(*names: str, column: str = "bears on", told: str = "nothing") -> Table:
    """A table of evidence with a row for each name."""
    rows = tuple((Cell(f"Claim of {n}", note=f"{n}; fact", anchor=n), Cell(told)) for n in names)
    return Table("Evidence", (Column("claim"), Column(column)), rows)


def linked(text: str, names: tuple[str, ...] = NAMES) -> list[str]:
    """The names that are linked in a paragraph of this text."""
    return [said for _, said in Reader(page("T", [Sentence(text), grounds(*names)])).references()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("because of rumour", ["rumour"]),
        ("because of rumour and gas-price", ["rumour", "gas-price"]),
        (
            "x; because of rumour, poll_7 and gas-price-2; a note",
            ["rumour", "poll_7", "gas-price-2"],
        ),
        ("12 (3 to 15), because of rumour", ["rumour"]),
        ("elite.pride rests on: rumour, poll_7", ["rumour", "poll_7"]),
        ("it rests on: rumour and poll_7", ["rumour", "poll_7"]),
        ("judged −25 to −6 [rumour, gas-price]", ["rumour", "gas-price"]),
        ("the list is an assumption (gas-price).", ["gas-price"]),
        ("corrected by gas-price-2, see gas-price", ["gas-price-2", "gas-price"]),
        ("pace: gas-price", ["gas-price"]),
        ("depends on two: gas-price, gas-price-2", ["gas-price", "gas-price-2"]),
        ("line 12, evidence.rumour: it is old", ["rumour"]),
        ("line 12, evidence.gas-price: it is old", ["gas-price"]),
        ("rumour, poll_7", ["rumour", "poll_7"]),
        ("rumour (line 12), poll_7 (line 3)", ["rumour", "poll_7"]),
        ("rumour (line 12) and poll_7 (line 3)", ["rumour", "poll_7"]),
        ("rumour, poll_7 and gas-price", ["rumour", "poll_7", "gas-price"]),
    ],
)
def test_a_name_of_evidence_becomes_a_link(text: str, expected: list[str]) -> None:
    assert linked(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "A rumour has it that nothing moves.",
        "Rumour",
        "rumour",
        "rumour; report",
        "They left because of rumour in the press",  # prose goes on after the word
        "because of rumour and envy",  # an entry that is no evidence: not a list of reasons
        "nobody moved because of rumour",  # within a clause
        "the plan rests on rumour",
        "[rumour or worse]",
        "elite: gas-price",  # a wish of that name
        "x; elite: gas-price",
        "rumour, envy",
        "rumour and poll_7",
        "rumour (line 12)",
        "evidence.rumours and myevidence.rumour and evidence.rumour-2",
        "gas-price: not union in region",
        "gas-price-3 and pre-gas-price and gas--price and gas-prices",
        "",
    ],
)
def test_no_ordinary_word_becomes_a_link(text: str) -> None:
    assert linked(text) == []


def test_columns_of_names_are_linked_entry_by_entry() -> None:
    html = page("T", [grounds("rumour", told="rumour; poll_7"), grounds("poll_7")])
    assert Reader(html).references() == [("#e-poll_7", "poll_7")]
    other = grounds("poll_7", column="source", told="rumour; poll_7")
    assert Reader(page("T", [other, grounds("rumour")])).references() == []


def test_a_heading_is_linked_in_a_column_of_names_alone() -> None:
    for column, expected in (("left out", [("#e-gas-price", "gas-price")]), ("wish", [])):
        table = Table("", (Column(column),), ((Cell("gas-price"),),))
        assert Reader(page("T", [table, grounds("gas-price")])).references() == expected


def test_every_place_of_text_is_linked_save_headings_and_pictures() -> None:
    name, why = "gas-price", "because of gas-price"
    column = Column("number", numeric=True)
    blocks: list[Block] = [
        Sentence(why),
        Points((Point("a", (Point(why),)),)),
        Table(name, (Column(name), column), ((Cell(name), Cell("1", note=why)),), note=why),
        Ranges(name, name, (Range(name, 1, 2, 3, note=why),), note=why),
        Grid(name, (name,), (name,), ((Cell("x", note=why),),)),
        Section(name, (Sentence(why),)),
        grounds(name),
    ]
    found = Reader(page("T", blocks, lead=[Sentence(why)])).references()
    assert found == [("#e-gas-price", "gas-price")] * 9
    assert all("href" not in svg for svg in re.findall(r"<svg.*?</svg>", page("T", blocks), re.S))


def test_a_link_tells_the_claim_beforehand() -> None:
    long = Table("E", (Column("claim"),), ((Cell('Say "so" & ' + "x" * 200, anchor="a-b"),),))
    (reference,) = (x for x in Reader(page("T", [Sentence("a-b"), long])).links if x[1] == "a-b")
    assert reference[2].startswith('Say "so" & xxx')
    assert len(reference[2]) == 140
    assert reference[2].endswith("…")


def test_the_first_row_of_a_name_keeps_it() -> None:
    reader = Reader(page("T", [Sentence("a-b"), grounds("a-b", "a-b"), Section("E a-b", ())]))
    assert Counter(reader.ids)["e-a-b"] == 1
    assert {"e-a-b", "e-a-b-2"} <= set(reader.ids)  # the section gives way
    assert len(reader.ids) == len(set(reader.ids))


def test_without_rows_to_lead_to_nothing_is_linked() -> None:
    assert Reader(page("T", [Sentence("because of gas-price")])).references() == []


@pytest.mark.parametrize("text", [*HOSTILE, 'x" onmouseover="y', "a b", "", "-a", "a--b"])
def test_what_is_no_id_names_no_row(text: str) -> None:
    html = page("T", [Sentence(f"because of {text}"), grounds(text)])
    reader = Reader(html)
    assert reader.references() == []
    assert not [name for name in reader.ids if name.startswith("e-")]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_around_a_link_stays_text(text: str) -> None:
    claim = Table("E", (Column("claim"),), ((Cell(text, anchor="a-b"),),))
    tame = page("T", [Sentence("x a-b y"), claim])
    html = page("T", [Sentence(f"{text} a-b {text}"), claim])
    assert Counter(re.findall(r"<\w+", html)) == Counter(re.findall(r"<\w+", tame))
    assert f"{text} a-b {text}" in Reader(html).text
    assert ("#e-a-b", "a-b", text) in Reader(html).links


@given(st.text(alphabet="ab- ,;:[]().<>&\"'", max_size=60), st.sampled_from(["bears on", "x"]))
def test_links_change_no_text_and_all_resolve(text: str, column: str) -> None:
    names = ("a", "b", "a-b", "b-a-b")
    with_links = Reader(
        page("T", [Sentence(f"because of {text}"), grounds(*names, column=column, told=text)])
    )
    bare = grounds(*names, column=column, told=text)
    rows = tuple((Cell(row[0].text, note=row[0].note), row[1]) for row in bare.rows)
    without = Reader(
        page("T", [Sentence(f"because of {text}"), Table(bare.caption, bare.columns, rows)])
    )
    assert without.references() == []
    assert with_links.text == without.text
    assert all(href == f"#e-{said}" for href, said in with_links.references())
    assert {href[1:] for href, _ in with_links.references()} <= set(with_links.ids)


@pytest.mark.parametrize("file", ["belarus-2024.yaml", "two-towns.yaml"])
def test_every_reason_of_a_case_leads_to_its_row(file: str) -> None:
    case = foedus.load(CASES / file)
    reader = Reader(page("T", [*judgements_blocks(case), *evidence_blocks(case)]))
    assert len(reader.ids) == len(set(reader.ids))
    assert all(href[1:] in reader.ids for href, _, _ in reader.links)
    rows = {*case.evidence, *case.polls, *case.records, *case.reference_classes}
    assert {f"e-{name}" for name in rows} <= set(reader.ids)
    told_of = ("preferences", "transfers", "records", "reference_classes", "evidence")
    # As often as the case names an item as a reason of a judgement or wish it is linked, or more.
    told = Counter(said for _, said in reader.references())
    named = Counter(
        name
        for each in grounded(case)
        if each.path[0] in told_of and "likelihood" not in each.path
        for name in each.because
    )
    assert named
    assert not named - told
