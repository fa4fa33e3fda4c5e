"""Several judges in the workbench: their links, their answers, and what becomes of them."""

from __future__ import annotations

import html
import json
import re
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from served import Answer, Served, serving
from typer.testing import CliRunner

import foedus
from foedus.case.reading import parse_case
from foedus.cli.app import app
from foedus.reporting.elicited import questions_about
from foedus.web.asking import scale_for, value_in
from foedus.web.judging import AGREED, MOST_JUDGES, SAID, UNSAID, answers_in, invite, record
from foedus.web.store import NotHere, Store, Stored

TOWNS = Path(__file__).parents[2] / "cases" / "two-towns.yaml"
TEXT = TOWNS.read_text(encoding="utf-8")
TOLL = "preferences.north.worth.toll-income"
WIDE = "preferences.north.worth.wide-bridge"
ANY = "preferences.south.priorities.any-bridge"
SHARE = "preferences.voters.support.s1"
NAMES = [each.name for each in questions_about(parse_case(TEXT, TOWNS.name))]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("judged")) as running:
        yield running


@pytest.fixture
def case(served: Served, request: pytest.FixtureRequest) -> str:
    """The name of a case of its own for each test."""
    name = f"{request.node.name.removeprefix('test_')[:30]}.yaml"
    shutil.copy(TOWNS, served.folder / name)
    return name


def invited(served: Served, case: str, *judges: str) -> Answer:
    for judge in judges:
        answer = served.post(f"/case/{case}/judges/invite", [("judge", judge)])
    return answer


def said(served: Served, case: str, judge: str, what: str, **fields: str) -> Answer:
    given = [("q", what), *({"how": "say"} | fields).items()]
    return served.post(f"/case/{case}/judge/{quote(judge)}", given)


def file_of(served: Served, case: str, judge: str) -> Path:
    return served.folder / case.replace(".yaml", f".judge-{judge}.yaml")


def values(path: Path) -> dict[str, Any]:
    """The judgements of a file: low, most likely and high."""
    asked = questions_about(parse_case(path.read_text(encoding="utf-8"), path.name))
    return {e.name: (e.judgement.low, e.judgement.mode, e.judgement.high) for e in asked}


def counted(served: Served, case: str, judge: str) -> str:
    """What the page of judges says of one."""
    found = re.search(
        rf"<b>{judge}</b> <span class=\"facts\">(.*?)<", served.get(f"/case/{case}/judges").text
    )
    assert found is not None
    return html.unescape(found[1]).strip(" ·")


def test_a_judge_is_asked_one_judgement_at_a_time(served: Served, case: str) -> None:
    assert invited(served, case, "Anna").status == 303
    page = served.get(f"/case/{case}/judge/Anna").text
    assert "that “bridge” is “Wide bridge”?" in page
    assert "Question 1 of 8" in page
    assert 'name="low"' in page
    assert not file_of(served, case, "Anna").exists()
    # What the case has is folded, and no field, nor the slider, has it.
    assert '<details class="folded"><summary>What the case has' in page
    assert 'min="-80" max="80" step="1" value="0"' in page
    answer = said(served, case, "Anna", WIDE, low="-5", mode="5", high="15")
    assert answer.status == 303
    path = file_of(served, case, "Anna")
    assert path.read_text(encoding="utf-8").startswith("# What Anna judges;")
    assert values(path)[WIDE] == (-5, 5, 15)
    following = served.get(answer.headers["location"]).text
    assert "1 of 8 answered" in following
    assert "Question 2 of 8" in following
    assert "<b>5, between −5 and 15</b>. The case has 35 as most likely" in following
    assert "To compare with: a gain of 5 points" in following  # Anna's own, not the case's


def test_all_ways_to_answer_are_told_apart(served: Served, case: str) -> None:
    invited(served, case, "Anna")
    said(served, case, "Anna", ANY, word="unlikely")
    said(served, case, "Anna", TOLL, mode="-3,5")
    said(served, case, "Anna", SHARE, how="agree", shown="[20, 30, 40]")
    said(served, case, "Anna", WIDE, mode="1")
    said(served, case, "Anna", WIDE, how="unsaid")
    path = file_of(served, case, "Anna")
    judged, before = values(path), values(served.folder / case)
    assert "unlikely" in path.read_text(encoding="utf-8")
    assert judged[TOLL] == (-3.5, -3.5, -3.5)
    assert judged[SHARE] == before[SHARE]
    assert judged[WIDE] == before[WIDE]  # taken back
    told = "4 of 8 answered, 1 of them as the case has it, 1 of them by “I cannot say”"
    assert counted(served, case, "Anna") == told
    compared = CliRunner().invoke(
        app, ["diff", str(served.folder / case), str(path), "--no-forecast", "--json"]
    )
    assert {edit["name"] for edit in json.loads(compared.stdout)["edits"]} == {ANY, TOLL}
    rest = [each for each in NAMES if each not in (ANY, TOLL, SHARE, WIDE)]
    for each in rest:
        last = said(served, case, "Anna", each, how="unsaid")
    assert "Every question is answered" in served.get(last.headers["location"]).text


def test_a_value_out_of_bounds_is_told_in_one_line(served: Served, case: str) -> None:
    invited(served, case, "Anna")
    name = "preferences.south.priorities.any-bridge"
    fields = {"low": "20", "mode": "40", "high": "60"}
    answer = said(served, case, "Anna", name, **fields)
    assert answer.status == 422
    assert "<li>20 cannot be the answer: give a number from 0 to 1.</li>" in answer.text
    assert answer.text.split('<div class="problems"')[1].split("</ul>")[0].count("<li>") == 1


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"low": "5", "mode": "-4", "high": "30"}, "out of order"),
        ({"low": "5", "mode": "6"}, "both ends"),
        ({}, "most likely"),
        ({"mode": "many"}, "in numbers"),
        ({"mode": "nan"}, "cannot be set"),
        ({"mode": "<b>1</b>"}, "in numbers"),
        ({"how": "agree", "shown": "[1, 2"}, "[1, 2"),
    ],
)
def test_what_is_no_value_is_told_and_stays_typed(
    served: Served, fields: dict[str, str], told: str
) -> None:
    case = "refused.yaml"
    shutil.copy(TOWNS, served.folder / case)
    invited(served, case, "Anna")
    answer = said(served, case, "Anna", TOLL, **fields)
    assert answer.status == 422
    assert told in html.unescape(answer.text)
    assert "<b>1" not in answer.text
    assert f'value="{html.escape(fields.get("mode", ""))}"' in answer.text
    assert not file_of(served, case, "Anna").exists()


def test_a_part_can_be_answered_first(served: Served, case: str) -> None:
    invited(served, case, "Anna")
    page = served.get(f"/case/{case}/judge/Anna?part=voters").text
    assert "Question 1 of 3 in this part" in page
    answer = said(served, case, "Anna", SHARE, mode="40", part="voters")
    assert "part=voters" in answer.headers["location"]
    assert "Voters of South Town" in served.get(answer.headers["location"]).text


def test_names_of_judges_lead_nowhere_else(served: Served, case: str) -> None:
    for name in ("../x", "a/b", "<b>x</b>", "", "x" * 61, "..", ".hidden"):
        answer = invited(served, case, name)
        assert answer.status == 422, name
        assert "cannot name a judge" in answer.text
        assert "<b>x" not in answer.text
    invited(served, case, "Anna Maria", "anna maria")
    page = served.get(f"/case/{case}/judges").text
    assert page.count('class="link"') == 1
    assert f"/case/{case}/judge/Anna%20Maria" in page
    assert served.get(f"/case/{case}/judge/Anna%20Maria").status == 200
    for judge in ("Zoe", "%2e%2e%2fx", "..", "%3Cb%3E", "anna%20maria", "%00"):
        assert served.get(f"/case/{case}/judge/{judge}").status == 404, judge
        assert served.post(f"/case/{case}/judge/{judge}", [("q", TOLL)]).status == 404, judge
    assert served.get("/case/..%2f..%2fx.yaml/judges").status == 404
    assert served.post("/case/none.yaml/judges/invite", [("judge", "Anna")]).status == 404
    served.post(f"/case/{case}/judges/uninvite", [("judge", "Anna Maria")])
    assert served.get(f"/case/{case}/judge/Anna%20Maria").status == 404


def test_answers_need_the_page_s_own_token(served: Served, case: str) -> None:
    invited(served, case, "Anna")
    given = [("q", TOLL), ("mode", "1"), ("how", "say")]
    answer = served.post(f"/case/{case}/judge/Anna", given, {"x-csrf": "another"})
    assert answer.status == 403
    assert not file_of(served, case, "Anna").exists()


def test_texts_of_a_case_are_escaped(served: Served, case: str) -> None:
    text = TEXT.replace("title: Two towns", "title: <i>Two</i> towns")
    text = text.replace("name: North Town", "name: <i>North</i>")
    (served.folder / case).write_text(text, encoding="utf-8")
    invited(served, case, "Anna")
    said(served, case, "Anna", TOLL, mode="1")
    pages = [f"judge/Anna?q={TOLL}", "judge/Anna", "judges", "judges/compared?tab=x"]
    pages.append(f"judges/dispute?tab=x&judgement={TOLL}")
    for page in pages:
        answer = served.get(f"/case/{case}/{page}")
        assert answer.status == 200
        assert "&lt;i&gt;" in answer.text, page
        assert "<i>" not in answer.text, page


def test_several_judges_and_two_tabs_at_once_lose_nothing(served: Served, case: str) -> None:
    invited(served, case, "Anna", "Boris")
    played = [each for each in NAMES if each != ANY]
    asked = [(judge, name) for name in played for judge in ("Anna", "Boris")]

    def answer(each: tuple[str, str]) -> int:
        return said(served, case, each[0], each[1], mode=str(10 + NAMES.index(each[1]))).status

    with ThreadPoolExecutor(6) as tabs:
        assert set(tabs.map(answer, asked)) == {303}
    for judge in ("Anna", "Boris"):
        found = values(file_of(served, case, judge))
        assert {name: found[name][1] for name in played} == {
            name: 10 + NAMES.index(name) for name in played
        }
        assert counted(served, case, judge) == "7 of 8 answered"


def test_judges_are_listed_apart_from_cases(served: Served, case: str) -> None:
    invited(served, case, "Anna")
    said(served, case, "Anna", TOLL, mode="1")
    page = served.get("/").text
    file = case.replace(".yaml", ".judge-Anna.yaml")
    assert f'<a href="/case/{case}/judges">Judged</a> by <a href="/case/{file}">Anna</a>' in page
    assert page.count(f"{file}") == 1
    assert served.get(f"/case/{file}").status == 200
    assert served.get(f"/case/{file}/judges").headers["location"] == f"/case/{case}/judges"
    assert f'value="{file}"' in served.get(f"/case/{case}/compare").text


def test_where_they_differ_and_whether_it_matters(served: Served, case: str) -> None:
    assert "Nobody has answered yet" in served.get(f"/case/{case}/judges/compared").text
    invited(served, case, "Anna", "Boris", "Clara", "Dora")
    for judge, mode in (("Anna", 10), ("Boris", 48), ("Clara", 50)):
        low, high = str(mode - 5), str(mode + 5)
        said(served, case, judge, SHARE, low=low, mode=str(mode), high=high)
    said(served, case, "Anna", TOLL, mode="12")
    said(served, case, "Clara", TOLL, how="unsaid")
    at_once = served.get(f"/case/{case}/judges/compared?tab=t").text
    assert "Anna, Boris and Clara differ on 2 judgements." in at_once
    assert "Anna stands apart" in at_once
    for _ in range(60):
        found = served.get(f"/case/{case}/judges/matters?tab=t")
        if "hx-retarget" in found.headers:
            break
        time.sleep(0.2)
    assert "differ on 2 judgements, and the answer depends on 1 of them." in found.text
    assert "mean of answers" in found.text
    assert found.text.count("<b>the answer depends on it</b>") == 1
    told = served.get(f"/case/{case}/judges/dispute?tab=t&judgement={SHARE}").text
    assert "40 percentage points" in told
    assert "pooled (linear): 36" in told
    assert "pooled by their odds (logarithmic)" in told
    assert "Anna stands apart from the others" in told
    silent = served.get(f"/case/{case}/judges/dispute?tab=t&judgement={TOLL}").text
    assert "Could not say, and so counted as judging as the case does: Clara." in silent
    assert "Not asked yet, and so counted as judging as the case does: Boris." in silent
    assert served.get(f"/case/{case}/judges/dispute?judgement=none").status == 404
    # A file that is no case any more is named and left out.
    file_of(served, case, "Clara").write_text("no: case", encoding="utf-8")
    assert "judge-Clara.yaml is left out" in served.get(f"/case/{case}/judges").text
    left = served.get(f"/case/{case}/judges/compared?tab=t").text
    assert "Anna and Boris differ" in left


# --- what is kept, without a server ---


def kept(folder: Path, judge: str = "Anna") -> tuple[Store, Stored, Any]:
    """The store of a folder, the case, and what a judge of it has answered."""
    store = Store(folder)
    stored = store.read(TOWNS.name)
    mine = store.read(f"two-towns.judge-{judge}.yaml")
    notes = store.notes(mine.name, "judging")
    cases = parse_case(stored.text, stored.name), parse_case(mine.text, mine.name)
    return store, stored, answers_in(judge, stored, *cases, notes)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(TOWNS, tmp_path)
    return tmp_path


def test_an_answer_is_put_on_what_was_written_meanwhile(folder: Path) -> None:
    class Slow(Store):
        def save(self, name: str, *rest: str) -> Stored:
            if not other:
                other.append(1)
                record(Store(folder), TOWNS.name, "Anna", WIDE, SAID, 7.0)
            return super().save(name, *rest)

    other: list[int] = []
    record(Slow(folder), TOWNS.name, "Anna", TOLL, SAID, 8.0)
    _, _, answers = kept(folder)
    assert answers.settings == {WIDE: 7, TOLL: 8}
    assert answers.how == {WIDE: SAID, TOLL: SAID}


def test_answers_stand_on_the_case_as_it_becomes(folder: Path) -> None:
    store = Store(folder)
    record(store, TOWNS.name, "Anna", TOLL, SAID, 8.0)
    record(store, TOWNS.name, "Anna", SHARE, AGREED, [20, 30, 40])
    record(store, TOWNS.name, "Anna", "actors.voters.threshold", UNSAID)
    new = TEXT.replace("threshold: 50", "threshold: 60").replace("[20, 30, 40]", "[30, 40, 50]")
    new = new.replace("capability: 60", "capability: 61").replace("name: North Town", "name: North")
    (folder / TOWNS.name).write_text(new, encoding="utf-8")
    _, _, answers = kept(folder)
    assert answers.behind
    # Agreed with what it was; what she was not asked for, or could not say, is the case's.
    assert answers.settings == {TOLL: 8, SHARE: [20, 30, 40]}
    record(store, TOWNS.name, "Anna", WIDE, SAID, 9.0)
    _, _, answers = kept(folder)
    assert not answers.behind
    assert answers.settings == {WIDE: 9, TOLL: 8, SHARE: [20, 30, 40]}
    assert answers.how["actors.voters.threshold"] == UNSAID
    found = foedus.judges(folder / TOWNS.name, draws=0)
    assert {each.name for each in found.disputed} == {WIDE, TOLL, SHARE}


def test_a_file_made_elsewhere_is_taken_as_it_is(folder: Path) -> None:
    path = folder / "two-towns.judge-Anna.yaml"
    text = TEXT.replace("value: 10", "value: 11").replace("actors:", "# mine\nactors:", 1)
    path.write_text(text, encoding="utf-8")
    store, _, answers = kept(folder)
    assert answers.how == {TOLL: SAID}
    record(store, TOWNS.name, "Anna", WIDE, SAID, 9.0)
    assert "# mine" in path.read_text(encoding="utf-8")
    assert kept(folder)[2].how == {TOLL: SAID, WIDE: SAID}


def test_judges_are_bounded_and_one_case_alone_has_its_own(folder: Path) -> None:
    shutil.copy(TOWNS, folder / "other.yaml")
    store = Store(folder / TOWNS.name)
    for k in range(MOST_JUDGES):
        assert invite(store, TOWNS.name, f"Judge {k}") == f"Judge {k}"
    assert invite(store, TOWNS.name, "judge 3") == "Judge 3"
    with pytest.raises(ValueError, match="no more can be invited"):
        invite(store, TOWNS.name, "One more")
    record(store, TOWNS.name, "Judge 1", TOLL, SAID, 8.0)
    assert store.names() == (TOWNS.name,)
    assert store.judged() == {TOWNS.name: {"Judge 1": "two-towns.judge-Judge 1.yaml"}}
    for name in ("other.yaml", "other.judge-Anna.yaml"):
        with pytest.raises(NotHere):
            store.create(name, TEXT)
    assert set(Store(folder).names()) == {"other.yaml", TOWNS.name}


def test_what_is_no_judgement_begins_no_file(folder: Path) -> None:
    store = Store(folder)
    for what in ("as_of", "no.such.thing"):
        with pytest.raises(foedus.CaseError):
            record(store, TOWNS.name, "Anna", what, SAID, 8.0)
    with pytest.raises(foedus.CaseError):
        record(store, TOWNS.name, "Anna", SHARE, SAID, 800.0)
    assert [each.name for each in folder.glob("*.yaml")] == [TOWNS.name]


def test_a_slider_does_not_tell_what_the_case_has() -> None:
    case = parse_case(TEXT, TOWNS.name)
    scales = {e.name: scale_for(case, e.judgement) for e in questions_about(case)}
    assert scales[TOLL] == scales[WIDE] == (-80, 80, 1)
    assert scales[SHARE] == (0, 100, 1)
    assert scales[ANY] == (0, 1, 0.01)


def test_values_are_words_or_numbers() -> None:
    assert value_in({"word": "likely"}, ["likely"]) == "likely"
    assert value_in({"low": "−2", "mode": "0,5", "high": "3"}, ()) == [-2, 0.5, 3]
    for given in ({"word": "likely", "mode": "1"}, {"word": "perhaps"}, {"low": "1", "high": "2"}):
        with pytest.raises(foedus.CaseError):
            value_in(given, ["likely"])
