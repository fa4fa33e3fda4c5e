"""Editing over HTTP: text and forms, what is broken, two at once, and back again."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from difflib import ndiff
from pathlib import Path

import pytest
from sent import IN_PLACE, Forms, entry, form_of, save, send, version
from served import Served, serving

from foedus.case.places import Path as Steps
from foedus.case.reading import parse_case
from foedus.case.source import plain_data, read_source
from foedus.web.entering import Sent, data_of, entered
from foedus.web.fields import changed, texts_of
from foedus.web.forms import PARTS, inside
from foedus.web.merging import together

CASES = Path(__file__).parents[2] / "cases"
TOWNS = (CASES / "two-towns.yaml").read_text(encoding="utf-8")
NUMBER = itertools.count()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("edited")
    (folder / "towns.yaml").write_text(TOWNS, encoding="utf-8")
    with serving(folder, "--workers", "1") as running:
        yield running


@pytest.fixture
def name(served: Served) -> str:
    """A case of its own for each test."""
    made = f"towns-{next(NUMBER)}.yaml"
    (served.folder / made).write_bytes(TOWNS.encode())
    return made


def text_of(served: Served, name: str) -> str:
    return (served.folder / name).read_bytes().decode()


def typed_text(served: Served, name: str, query: str = "") -> str:
    return form_of(served.get(f"/case/{name}/edit{query}").text, "/text")["text"]


# --- the text ---------------------------------------------------------------------------------


def test_a_text_is_saved_and_one_goes_on_from_it(served: Served, name: str) -> None:
    for worth in ("11", "12"):
        page = form_of(served.get(f"/case/{name}/edit").text, "/text")
        assert page["text"] == text_of(served, name)
        found = save(served, name, page["text"].replace("value: 1", f"value: {worth[1]}"), "x")
        assert found.status == 409  # from no version that there is
        new = TOWNS.replace("value: 10", f"value: {worth}")
        found = save(served, name, new, page["version"])
        assert found.status == 200
        assert "saved" in found.headers["hx-trigger"]
        assert form_of(found.text, "/text")["version"] == version(served, name)
        assert text_of(served, name) == new


def test_a_broken_text_loses_nothing(served: Served, name: str) -> None:
    broken = TOWNS.replace("capability: 60", "capability: sixty") + "\n\n# and <b>more</b>\n"
    begun = version(served, name)
    found = save(served, name, broken, begun)
    assert found.status == 422
    assert "line 10, column 41" in found.text
    assert form_of(found.text, "/text")["text"] == broken
    assert text_of(served, name) == TOWNS
    page = served.get(f"/case/{name}/edit").text
    assert "There is a draft" in page
    assert form_of(page, "/text")["text"] == TOWNS
    on = form_of(served.get(f"/case/{name}/edit?draft=on").text, "/text")
    assert on["text"] == broken
    assert on["version"] == begun
    mended = broken.replace("sixty", "61")
    assert save(served, name, mended, on["version"], on["tab"]).status == 200
    assert text_of(served, name) == mended
    assert "There is a draft" not in served.get(f"/case/{name}/edit").text


def test_a_draft_is_dropped_by_who_has_it_alone(served: Served, name: str) -> None:
    begun = version(served, name)
    assert save(served, name, "no: case", begun, "one").status == 422
    assert save(served, name, TOWNS.replace("value: 10", "value: 11"), begun, "two").status == 200
    assert typed_text(served, name, "?draft=on") == "no: case"
    assert served.post(f"/case/{name}/draft", []).status == 303
    assert typed_text(served, name, "?draft=on") == text_of(served, name)


def test_what_is_typed_is_checked_and_not_written(served: Served, name: str) -> None:
    for text, told in (
        (TOWNS, "Nothing is wrong"),
        ("foedus: 1\nnonsense: 1", "line 2, column 1"),
        ("", "alert"),
    ):
        found = served.post(f"/case/{name}/check", [("text", text)], IN_PLACE)
        assert found.status == 200
        assert told in found.text
    assert text_of(served, name) == TOWNS
    assert "There is a draft" not in served.get(f"/case/{name}/edit").text


@pytest.mark.parametrize(
    "text",
    [
        "\n\n" + TOWNS,
        "\ufeff" + TOWNS,
        TOWNS.replace("\n", "\r\n"),
        TOWNS.replace("who pays?", "who pays &amp; <é> \U0001f309 &#10;?"),
    ],
    ids=["first lines empty", "byte order mark", "line ends", "characters"],
)
def test_a_text_comes_back_byte_for_byte(served: Served, name: str, text: str) -> None:
    """What a page shows and a browser sends back changes nothing else in the file."""
    (served.folder / name).write_bytes(text.encode())
    shown = typed_text(served, name).replace("\r\n", "\n")
    new = shown.replace("value: 10", "value: 11").replace("\n", "\r\n")
    assert save(served, name, new, version(served, name)).status == 200
    assert text_of(served, name) == text.replace("value: 10", "value: 11")


@pytest.mark.parametrize(
    "text",
    ["\0", "a" * (1 << 20) + "b", "__proto__: {}\nconstructor: 1", "&a [*a]", "", "- " * 60],
    ids=["nul", "large", "proto", "anchor", "empty", "deep"],
)
def test_hostile_texts_are_refused(served: Served, name: str, text: str) -> None:
    found = save(served, name, text, version(served, name))
    assert found.status == 422
    assert 'role="alert"' in found.text
    assert text_of(served, name) == TOWNS


# --- two at once ------------------------------------------------------------------------------


def test_two_tabs_that_change_one_line_conflict(served: Served, name: str) -> None:
    begun = version(served, name)
    theirs, mine = (TOWNS.replace("capability: 60", f"capability: {n}") for n in (61, 62))
    assert save(served, name, theirs, begun, "one").status == 200
    found = save(served, name, mine, begun, "two")
    assert found.status == 409
    assert "capability: 61" in found.text
    assert text_of(served, name) == theirs
    assert typed_text(served, name, "?draft=on") == mine
    over = form_of(found.text, "/text")
    assert over["text"] == mine
    assert served.post(f"/case/{name}/text", list(over.items())).status == 303
    assert text_of(served, name) == mine
    assert "There is a draft" not in served.get(f"/case/{name}/edit").text


def test_edits_of_different_lines_are_put_together(served: Served, name: str) -> None:
    begun = version(served, name)
    theirs = TOWNS.replace("capability: 60", "capability: 61")
    assert save(served, name, theirs, begun).status == 200
    found = save(served, name, TOWNS.replace("value: 10", "value: 11"), begun)
    assert found.status == 200
    assert "together with" in found.text
    assert text_of(served, name) == theirs.replace("value: 10", "value: 11")


def test_edits_that_make_no_case_together_conflict(served: Served, name: str) -> None:
    """Each is a case by itself: one takes out what the other begins to use."""
    base = TOWNS.replace(", because: [merger-survey]", "")
    (served.folder / name).write_bytes(base.encode())
    begun = version(served, name)
    lines = base.splitlines(keepends=True)
    assert save(served, name, "".join(lines[:-1]), begun).status == 200
    mine = base.replace("value: 10}", "value: 10, because: [merger-survey]}")
    assert save(served, name, mine, begun).status == 409
    assert typed_text(served, name, "?draft=on") == mine


def test_texts_are_put_together_only_where_they_do_not_touch() -> None:
    base = "a\nb\nc\nd\n"
    assert together(base, "a\nB\nc\nd\n", "a\nb\nc\nd\ne\n") == "a\nB\nc\nd\ne\n"
    assert together(base, "a\nB\nc\nd\n", "a\nB\nc\nd\n") == "a\nB\nc\nd\n"
    assert together(base, "a\nB\nc\nd\n", "a\nb\nC\nd\n") is None
    assert together(base, base + "x\n", base + "y\n") is None
    few = ["".join(f"{k * step % 7 % 2}\n" for k in range(5_000)) for step in (1, 2, 3)]
    assert together(*few) is None  # and soon: lines that are everywhere are no marks
    many = "x\n" * 9_000
    assert together("\n".join("abc" * 3_000), many, many + "y\n") is None


def test_a_what_if_is_written_over_no_other_edit_of_the_same(served: Served, name: str) -> None:
    begun = version(served, name)
    theirs = TOWNS.replace("value: 10", "value: 11").replace("capability: 40", "capability: 41")
    assert save(served, name, theirs, begun).status == 200
    other = [("version", begun), ("set.preferences.voters.support.s2", "60")]
    assert served.post(f"/case/{name}/write", other).status == 303
    theirs = theirs.replace("default: 55", "default: 60")
    assert text_of(served, name) == theirs
    same = [("version", begun), ("set.preferences.north.worth.toll-income", "15")]
    found = served.post(f"/case/{name}/write", same)
    assert found.status == 409
    over = form_of(found.text, "/text")
    assert over["text"] == theirs.replace("value: 11", "value: 15")
    assert served.post(f"/case/{name}/text", list(over.items())).status == 303
    assert text_of(served, name) == over["text"]


# --- forms ------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", sorted(CASES.glob("*.yaml")), ids=lambda path: path.stem)
def test_each_field_means_what_it_shows(case: Path) -> None:
    data = plain_data(read_source(case.read_text(encoding="utf-8"), case.name).data)
    count = 0
    for part in PARTS.values():
        for section in part.sections(data):
            for path, value in section.entries(data):
                texts = texts_of(section.shape, value, section.keys)
                again = changed(section.shape, value, texts, section.keys)
                keys = section.keys or (value or {}).keys() | again.keys()
                for key in keys:
                    assert again.get(key) == (value or {}).get(key), (path, key)
                count += len(texts)
    assert count > 150


def test_a_form_that_comes_back_as_it_went_out_changes_nothing(served: Served, name: str) -> None:
    count = 0
    for part in PARTS:
        forms = Forms(served.get(f"/case/{name}/edit/{part}", IN_PLACE).text).forms
        for _, form in forms[:2]:
            if form["step"] != "null" or form["keys"]:
                assert send(served, name, form, "save").status == 200, form
                count += 1
    assert count > 10
    assert text_of(served, name) == TOWNS
    assert "Restore version" not in served.get(f"/case/{name}/history").text


RIGHTS = (
    "apart -> league: north or south\nmerged: north and south\n"
    "league -> apart: north or south\ndefault: nobody"
)


def done(text: str, part: str, path: Steps, keys: str, do: str, typed: Mapping[str, str]) -> str:
    """The text after the form of an entry is sent, which is a case."""
    more = dict(typed)
    names = tuple(keys.split(",")) if keys else ()
    section, step = (path, None) if names else (path[:-1], path[-1])
    place, key = more.pop("place", None), step if isinstance(step, str) else ""
    if do == "add":
        step = None
    sent = Sent(section, names, step, do, key, int(place) if place else None, more)
    new, _ = entered(sent, PARTS[part], text, text, "towns.yaml")
    parse_case(new, "towns.yaml")
    return new


CHANGES: list[tuple[str, Steps, str, dict[str, str]]] = [
    ("question", (), "title,question,as_of,deadline,today", {"title": "Towns: a 2nd"}),
    ("question", (), "source,note,words", {"note": "Made up"}),
    ("actors", ("actors", "north"), "", {"capability": "[50, 60, 70]"}),
    ("actors", (), "groups", {"groups": "- [north, south]"}),
    ("issues", ("issues", "mayor"), "", {"decided_by": "north and south"}),
    ("issues", ("issues", "status"), "", {"decided_by": RIGHTS}),
    ("rules", ("rules", 0), "", {"why": "A toll, so they say, needs: a bridge"}),
    ("arrangements", ("arrangements", "one-town"), "", {"name": "The merger"}),
    ("arrangements", (), "hypotheses", {"hypotheses": "free-bridge"}),
    ("preferences", ("preferences", "north", "worth", "toll-income"), "", {"value": "[5, 10, 15]"}),
    ("preferences", ("preferences", "south", "priorities", 1), "", {"probability": "0.75"}),
    ("evidence", ("evidence", "mayor-speech"), "", {"reliability": "B", "credibility": "4"}),
    ("figures", ("polls", "bridge-poll"), "", {"n": "900"}),
    ("figures", ("records", "town-deals"), "", {"done": "4"}),
    ("figures", ("reference_classes", "town-mergers"), "", {"about": "free-bridge"}),
]


@pytest.mark.parametrize(("part", "path", "keys", "typed"), CHANGES)
def test_one_entry_is_changed_and_no_other_line(
    part: str, path: Steps, keys: str, typed: dict[str, str]
) -> None:
    before = TOWNS
    if "free-bridge" in typed.values():
        before = TOWNS.replace("about: one-town, because", "about: free-bridge, because")
        before = before.replace("[one-town]", "[one-town, free-bridge]")
        before = before.replace("bridge in narrow | wide and toll = free}", "status = league}")
    if "about" in typed:
        typed = {"about": "one-town"}
    after = done(before, part, path, keys, "save", typed)
    told = [line[:2] for line in ndiff(before.splitlines(), after.splitlines())]
    assert 0 < told.count("+ ") <= 3
    assert told.count("- ") <= 2
    assert all(line.partition("#")[2] in after for line in before.splitlines() if "#" in line)
    assert done(after, part, path, keys, "save", typed) == after


ADDED: list[tuple[str, Steps, dict[str, str]]] = [
    ("actors", ("actors", "east"), {"name": "East", "capability": "12"}),
    ("issues", ("issues", "ferry"), {"positions": "none: No\nany: A ferry", "decided_by": "north"}),
    ("rules", ("rules", 1), {"rule": "mayor = gone -> toll = free", "why": "Nobody"}),
    ("events", ("events", "flood"), {"rate.a_year": "0.2", "sets": "toll: free"}),
    ("arrangements", ("arrangements", "league"), {"when": "status = league"}),
    ("arrangements", ("questions", "q1"), {"asks": "Merger?", "arrangement": "one-town"}),
    (
        "preferences",
        ("preferences", "north", "worth", "peace"),
        {"when": "status = league", "value": "4", "because": "mayor-speech, bridge-poll"},
    ),
    (
        "preferences",
        ("preferences", "voters", "support", 0),
        {"when": "toll = free", "share": "[30, 40, 45]", "place": "1"},
    ),
    ("preferences", ("preferences", "south", "priorities", 2), {"when": "mayor = gone"}),
    ("evidence", ("evidence", "talk"), {"kind": "assumption", "claim": "They talk, #1: a guess"}),
    (
        "figures",
        ("transfers", "money"),
        {"unit": "coins", "most": "9", "worth": "north: 1\nsouth: 2"},
    ),
]


@pytest.mark.parametrize(("part", "path", "typed"), ADDED)
def test_an_entry_is_added_and_removed_again(part: str, path: Steps, typed: dict[str, str]) -> None:
    text = done(TOWNS, part, path, "", "add", typed)
    assert [line for line in TOWNS.splitlines() if line not in text.splitlines()] == []
    value = inside(data_of(text, ""), path)
    assert set(value) == {name.partition(".")[0] for name in typed} - {"place"}
    left = done(text, part, path, "", "remove", {})
    assert [each for each in left.splitlines() if each] == [e for e in TOWNS.splitlines() if e]


def test_the_only_preference_of_an_actor_goes_with_the_actor_s_key(
    served: Served, name: str
) -> None:
    form = entry(served, name, "actors", section='["actors"]', step="null")
    assert send(served, name, form, "add", id="east", f__name="East").status == 200
    begun = text_of(served, name)
    ranked = {"section": '["preferences", "east"]', "keys": "ranking"}
    form = entry(served, name, "preferences", **ranked)
    typed = "- bridge = wide\n- toll = free"
    assert send(served, name, form, "save", f__ranking=typed).status == 200
    form = entry(served, name, "preferences", **ranked)
    assert form["f.ranking"] == "[bridge = wide, toll = free]"
    assert send(served, name, form, "save", f__ranking="").status == 200
    assert text_of(served, name) == begun
    worth = {"section": '["preferences", "east", "worth"]'}
    form = entry(served, name, "preferences", **worth)
    found = send(served, name, form, "add", id="wide", f__when="bridge = wide", f__value="1")
    assert found.status == 200
    form = entry(served, name, "preferences", step='"wide"', **worth)
    assert send(served, name, form, "remove").status == 200
    assert text_of(served, name) == begun


@pytest.mark.parametrize(
    ("part", "path", "places"),
    [
        ("preferences", ("preferences", "north", "worth", "toll-income"), 1),
        ("evidence", ("evidence", "mayor-speech"), 2),
        ("actors", ("actors", "north"), 8),
        ("issues", ("issues", "bridge"), 6),
        ("arrangements", ("arrangements", "one-town"), 3),
        ("figures", ("records", "town-deals"), 3),
    ],
)
def test_an_entry_is_renamed_with_what_refers_to_it(part: str, path: Steps, places: int) -> None:
    old = str(path[-1])
    sent = Sent(path[:-1], (), old, "save", "the-new", None, {})
    text, why = entered(sent, PARTS[part], TOWNS, TOWNS, "towns.yaml")
    parse_case(text, "towns.yaml")
    assert why.endswith("renamed to the-new")
    assert text.count("the-new") == places
    assert text.replace("the-new", old) == TOWNS


@pytest.mark.parametrize("new", ["south", "north x", "nobody", "no", "../x", "<b>"])
def test_no_entry_is_renamed_to_what_is_no_id(served: Served, name: str, new: str) -> None:
    form = entry(served, name, "actors", step='"north"')
    found = send(served, name, form, "save", id=new, f__name="North City")
    assert found.status == 422
    again = form_of(found.text, "/entry", step='"north"')
    assert (again["id"], again["f.name"]) == (new, "North City")
    assert text_of(served, name) == TOWNS


def test_what_makes_no_sense_stays_in_its_form(served: Served, name: str) -> None:
    for part, having, field, typed in (
        ("actors", {"step": '"north"'}, "f.capability", "-5 <b>"),
        ("issues", {"step": '"toll"'}, "f.positions", "free: [\ncharged: x"),
        ("evidence", {"step": '"mayor-speech"'}, "f.date", "some day"),
        ("evidence", {"step": '"mayor-speech"'}, "f.kind", "rumour"),
    ):
        form = entry(served, name, part, **having)
        found = send(served, name, form, "save", **{field.replace(".", "__"): typed})
        assert found.status == 422
        assert 'role="alert"' in found.text
        assert form_of(found.text, "/entry", **having)[field] == typed
    assert text_of(served, name) == TOWNS


def test_who_edits_another_entry_or_field_never_sees_a_conflict(served: Served, name: str) -> None:
    first, second = (entry(served, name, "evidence", step='"mayor-speech"') for _ in range(2))
    other = entry(served, name, "actors", step='"north"')
    rule = entry(served, name, "rules", step="0")
    new = entry(served, name, "rules", section='["rules"]', step="null")
    assert send(served, name, new, "add", f__rule="mayor != gone", f__why="He stays").status == 200
    assert send(served, name, first, "save", f__claim="He wants one").status == 200
    assert send(served, name, second, "save", f__source="The Herald").status == 200
    assert send(served, name, other, "save", f__capability="61").status == 200
    assert send(served, name, rule, "save", f__why="So it is").status == 200
    text = text_of(served, name)
    for kept in ("claim: He wants one, source: The Herald", "capability: 61", "So it is", "stays"):
        assert kept in text


def test_many_who_save_at_one_moment_lose_nothing(served: Served, name: str) -> None:
    forms = [
        (entry(served, name, part, step=f'"{key}"'), field, f"{key} by another")
        for part, keys, field in (
            ("actors", ("north", "south", "voters"), "f__name"),
            ("evidence", ("traffic-count", "mayor-speech", "merger-survey"), "f__claim"),
        )
        for key in keys
    ]
    with ThreadPoolExecutor(len(forms)) as threads:
        sent = [threads.submit(send, served, name, form, "save", **{f: t}) for form, f, t in forms]
    assert [each.result().status for each in sent] == [200] * len(forms)
    assert all(told in text_of(served, name) for _, _, told in forms)


def test_two_forms_of_one_field_conflict(served: Served, name: str) -> None:
    first, second = (entry(served, name, "actors", step='"north"') for _ in range(2))
    assert send(served, name, first, "save", f__capability="61").status == 200
    found = send(served, name, second, "save", f__capability="62", f__name="North City")
    assert found.status == 409
    assert "capability: 61" in text_of(served, name)
    assert "capability: 62" in typed_text(served, name, "?draft=on")
    over = form_of(found.text, "/entry")
    assert served.post(f"/case/{name}/entry", list(over.items()), IN_PLACE).status == 200
    assert "north: {name: North City, capability: 62}" in text_of(served, name)
    assert "There is a draft" not in served.get(f"/case/{name}/edit").text


def test_what_was_removed_meanwhile_is_offered_back(served: Served, name: str) -> None:
    first, second = (entry(served, name, "preferences", step='"toll-income"') for _ in range(2))
    assert send(served, name, first, "remove").status == 200
    found = send(served, name, second, "save", f__value="12")
    assert found.status == 409
    over = form_of(found.text, "/text")
    assert served.post(f"/case/{name}/text", list(over.items())).status == 303
    assert "toll-income: {when: toll = charged, value: 12}" in text_of(served, name)
    again = entry(served, name, "preferences", step='"toll-income"')
    assert send(served, name, again, "remove").status == 200
    assert send(served, name, again, "remove").status == 200  # it is gone: so be it


def test_a_form_works_without_a_script(served: Served, name: str) -> None:
    form = entry(served, name, "actors", step='"north"')
    fields = {**form, "f.capability": "61", "do": "save"}
    found = served.post(f"/case/{name}/entry", list(fields.items()))
    assert found.status == 303
    assert found.headers["location"].startswith(f"/case/{name}/edit?said=Saved")
    page = served.get(f"/case/{name}/edit/actors")
    assert page.status == 200
    assert "<!doctype html>" in page.text
    form = entry(served, name, "actors", step='"north"')
    broken = {**form, "f.capability": "x", "do": "save"}
    found = served.post(f"/case/{name}/entry", list(broken.items()))
    assert found.status == 422
    assert "<!doctype html>" in found.text


HOSTILE = [
    {"section": '["nowhere"]', "step": '"x"'},
    {"section": '["actors"]', "step": '"__proto__"'},
    {"section": '["actors"]', "step": "0"},
    {"section": '["actors"]', "step": "true"},
    {"section": '["actors"]', "step": "[1]"},
    {"section": '["rules"]', "step": "-1"},
    {"section": '["rules"]', "step": "9" * 30},
    {"section": "[" * 5_000, "step": "null"},
    {"section": "{}", "step": "null"},
    {"section": '["preferences", "../x", "worth"]', "step": '"x"'},
    {"section": "[]", "keys": "foedus", "f.foedus": "2"},
]


@pytest.mark.parametrize("fields", HOSTILE)
def test_no_form_leads_elsewhere(served: Served, name: str, fields: dict[str, str]) -> None:
    begun = version(served, name)
    for do in ("save", "remove"):
        for part in ("actors", "rules", "preferences", "question"):
            given = {"part": part, "do": do, "version": begun, **fields}
            found = served.post(f"/case/{name}/entry", list(given.items()), IN_PLACE)
            assert found.status == 404, (part, do, found.text)
    assert text_of(served, name) == TOWNS


def test_a_new_entry_needs_an_id_that_is_one(served: Served, name: str) -> None:
    form = entry(served, name, "actors", section='["actors"]', step="null")
    for key in ("", "north", "a b", "a: b", "__proto__", "nobody", "\0", "x" * 70_000, "]["):
        found = send(served, name, form, "add", id=key, f__name="X")
        wanted = (200, 422) if key == "__proto__" else (422,)
        assert found.status in wanted, key[:20]
    assert send(served, name, form, "add", id="east").status == 422  # nothing is filled in


def test_bodies_that_are_no_forms(served: Served, name: str) -> None:
    served.post(f"/case/{name}/draft", [])
    headers = {"origin": f"http://{served.host}", "x-csrf": served.csrf, **IN_PLACE}
    begun = version(served, name)
    many = "&".join(f"f.{k}=1" for k in range(10_001))
    for body in (b"", b"\xff\xfe\0=%ff&text=%ff%00", f"version={begun}&{many}".encode(), b"&&&=="):
        for path in ("text", "check", "entry", "undo", "redo", "restore"):
            found = served.send("POST", f"/case/{name}/{path}", body, headers)
            assert found.status < 500, (path, body[:20], found.text)
    assert text_of(served, name) == TOWNS
    for path in ("edit/nothing", "edit/%2e%2e", "edit/actors?entry=[]", "changed/x", "changed/99"):
        assert served.get(f"/case/{name}/{path}").status == 404, path


def test_a_case_that_is_none_is_mended_here(served: Served, name: str) -> None:
    (served.folder / name).write_bytes(TOWNS.replace("capability: 60", "capability: x").encode())
    page = served.get(f"/case/{name}/edit")
    assert page.status == 200
    assert "line 10, column 41" in page.text
    form = entry(served, name, "actors", step='"south"')
    found = send(served, name, form, "save", f__capability="41")
    assert found.status == 422
    assert "is kept as a draft" in found.text
    assert "capability: 41" in typed_text(served, name, "?draft=on")
    form = entry(served, name, "actors", step='"north"')
    assert send(served, name, form, "save", f__capability="60").status == 200
    assert text_of(served, name) == TOWNS
    (served.folder / name).write_bytes(b"foedus: [")
    for path in ("edit", "edit/actors", "edit/preferences"):
        found = served.get(f"/case/{name}/{path}")
        assert found.status == 200
        assert "line 2" in found.text
    assert save(served, name, TOWNS, version(served, name)).status == 200


def test_an_error_within_a_page_is_a_piece_of_it(served: Served, name: str) -> None:
    for path in ("nothing.yaml/text", f"{name}/edit/nothing"):
        whole, piece = (served.get(f"/case/{path}", how) for how in ({}, IN_PLACE))
        assert (whole.status, piece.status) == (404, 404)
        assert "<!doctype html>" in whole.text
        assert 'role="alert"' in piece.text
        assert "<html" not in piece.text


def test_what_others_refer_to_is_not_removed_and_they_are_named(served: Served, name: str) -> None:
    form = entry(served, name, "actors", step='"south"')
    found = send(served, name, form, "remove")
    assert found.status == 422
    assert "actors south cannot be removed as long as others refer to it" in found.text
    for line, who in (
        (18, "issues bridge decided_by"),
        (31, "issues status decided_by apart -&gt; league"),
        (49, "preferences south"),
    ):
        assert re.search(rf'data-line="{line}"[^>]*>[^<]*</a>: {who} refers to it', found.text)
    form = entry(served, name, "evidence", step='"mayor-speech"')
    assert "because refers to it" in send(served, name, form, "remove").text
    assert text_of(served, name) == TOWNS


def test_a_trace_in_a_page_does_not_speak_of_the_command_line(served: Served) -> None:
    found = served.get("/case/towns.yaml/trace?path=one-town").text
    assert "there is more below" in found
    assert "--depth" not in found


def test_files_are_listed_with_their_titles_and_what_is_no_case_is_not_compared(
    served: Served, name: str
) -> None:
    broken = f"broken-{name}"
    (served.folder / broken).write_text("no: case\n", encoding="utf-8")
    seen = {path.name for path in served.folder.glob("*.yaml")}
    for _ in range(0, len(seen), 20):  # not all are looked into at once
        page = served.get("/").text
    assert f'{name}">{name}</a> Two towns and a bridge' in page
    assert re.search(rf'{broken}">{broken}</a> <span class="note">no case yet', page)
    compare = served.get(f"/case/{name}/compare").text
    assert 'value="towns.yaml"' in compare
    assert f'value="{broken}"' not in compare
    (served.folder / broken).unlink()


def test_long_work_is_begun_and_stopped(served: Served, name: str) -> None:
    pair = f"/case/{name}/differences?old=towns.yaml&new={name}"
    file = f"/case/{name}/make/report.html?draws=4000"
    for path, nothing in ((pair, "Compare again"), (file, "Make it")):
        assert nothing in served.get(path).text  # to look at it does not begin it
    assert "Stop" in served.get(f"{file}&begin=1").text
    assert "waiting for another task" in served.get(f"{pair}&begin=1").text
    for path, nothing in ((pair, "Compare again"), (file, "Make it")):
        assert nothing in served.post(path, []).text
        assert nothing in served.get(path).text


# --- back again -------------------------------------------------------------------------------


def test_undo_redo_and_restore(served: Served, name: str) -> None:
    def go(path: str, **more: str) -> int:
        fields = {"version": version(served, name), **more}
        return served.post(f"/case/{name}/{path}", list(fields.items())).status

    assert go("undo") == 422
    assert (
        "There is nothing to undo."
        in served.post(f"/case/{name}/undo", [("version", version(served, name))]).text
    )
    texts = [TOWNS, *(TOWNS.replace("value: 10", f"value: {n}") for n in (11, 12))]
    for text in texts[1:]:
        assert save(served, name, text, version(served, name)).status == 200
    assert go("undo") == 303
    assert text_of(served, name) == texts[1]
    assert go("redo") == 303
    assert text_of(served, name) == texts[2]
    assert go("restore", number="1") == 303
    assert text_of(served, name) == texts[0]
    assert go("restore", number="77") == 422
    old = [("version", "0" * 16), ("number", "2")]
    for path in ("undo", "redo", "restore"):
        assert served.post(f"/case/{name}/{path}", old).status == 409
    assert text_of(served, name) == texts[0]
    page = served.get(f"/case/{name}/history").text
    for told in (
        "edited",
        "undone: edited",
        "redone: edited",
        "version 1 restored",
        "as it is now",
    ):
        assert told in page
    shown = served.get(f"/case/{name}/changed/3", IN_PLACE).text
    assert "value: 11" in shown
    assert "value: 12" in shown
    assert "<!doctype html>" in served.get(f"/case/{name}/changed/3").text
