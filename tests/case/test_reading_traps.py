"""One broken file for each trap: the place, and the words with which it is told."""

import os
from pathlib import Path

import pytest
from towns import TWO_TOWNS, broken, problems, unmarked

from foedus.case.problems import CaseError
from foedus.case.reading import parse_case, read_case
from foedus.preferences.games import game_of

# each: text replaced, its replacement (^^ marks the place), words of the message
TRAPS: list[tuple[str, str, str]] = [
    # --- YAML
    ('"4,000 cars a day"', "4,^^000 cars a day", "text with a comma must be quoted"),
    ("why: A toll needs", "why: A toll, ^^needs", "text with a comma must be quoted"),
    ("title: Two towns", "title: Two^^: towns", "': ' in unquoted text"),
    ("why: A toll needs", "why: Toll^^: needs", "within the { of line"),
    ("question: Will", "^^question:\nnote: Will", "'question' has no value"),
    ("rules:\n", "rules:\n  -^^\n", "an empty item in a list"),
    ("issues:\n", "issues:\n^^\tx: 1\n", "a tab"),
    ("title: Two", "title: ^^@Two", "begins with '@' must be quoted"),
    ("title: Two", "title: ^^%Two", "begins with '%' must be quoted"),
    ("because: [bridge-poll]}", "because: [bridge-poll^^}", "within the [ of line"),
    ("title: Two towns and a bridge", "title: 'Two' ^^towns", "does not fit those above"),
    ("title: Two", 'title: "Two ^^\\d', "double quotes"),
    ("title: Two", "title: x\n^^title: Two", "already on line"),
    ("name: North Town", "^^name: x, ^^name: y", "already on line"),
    ("north: {name", "north: ^^&n {name", "anchors are not read: leave out &n"),
    ("capability: 60", "capability: ^^*n", "aliases are not read"),
    ("title: Two", "title: ^^!!str Two", "tags are not read: leave out '!!str'"),
    ("title: Two", "title: ^^!local Two", "tags are not read: leave out '!local'"),
    ("foedus: 1", "^^%YAML 1.1\n---\nfoedus: 1", "directives (%YAML, %TAG) are not read"),
    ("foedus: 1", "^^%TAG ! !x\n---\nfoedus: 1", "directives (%YAML, %TAG) are not read"),
    ("evidence:\n", "^^---\nevidence:\n", "a second document"),
    ("title: Two", "title: \x07Two", "U+0007 cannot stand"),
    ("title: Two", "title: Two\u2028", "U+2028 breaks lines"),
    ("foedus: 1", "foedus: 1\n? ^^[a]\n: b", "a key must be text"),
    # --- the form
    ("foedus: 1", "foedus: ^^2", "case of version 2; version 1 is read here"),
    ("foedus: 1", "foedus: ^^one", "expected the version, 1"),
    ("question:", "^^questoin:", "unknown key 'questoin'; did you mean 'question'?"),
    ("kind: fact", "kind: ^^fakt", "expected fact, report, assumption or inference; did you mean"),
    (
        "because: [traffic-count]",
        "because: ^^traffic-count",
        "expected a list of evidence or polls",
    ),
    ("as_of: 2019-12-20", "as_of: ^^2019-02-30", "no day 2019-02-30 in the calendar"),
    ("as_of: 2019-12-20", "as_of: ^^20 December", "expected a date as year-month-day"),
    ("deadline: 2024", "deadline: ^^2014", "is not after as_of"),
    ("capability: 60", "capability: ^^much", "'capability' is 'much'; expected a number above 0"),
    ("capability: 60", "capability: ^^20 to 40", "a number above 0 or [low, most likely, high]"),
    ("probability: likely", "probability: ^^20 to 40", "word or [low, most likely, high]"),
    ("capability: 60", "capability: ^^0", "expected a number above 0"),
    ("capability: 60", "capability: ^^0x10", "expected a number above 0"),
    ("capability: 60", "capability: ^^.nan", "expected a number above 0"),
    ("capability: 60", "capability: ^^1e999", "too large"),
    ("capability: 60", f"capability: ^^{'9' * 50}", "too many digits"),
    ("capability: 60", 'capability: ^^"60"', "write the number without quotes"),
    ("threshold: 50", "threshold: ^^150", "expected a number from 0 to 100"),
    ("n: 800", "n: ^^8.5", "expected a whole number"),
    ("merge: 24", "merge: ^^124", "expected a number from 0 to 100"),
    ("asked: choice", "asked: ^^chioce", "expected approval or choice; did you mean 'choice'?"),
    ("agreed: 9", "agreed: ^^some", "expected a whole number, 0 or more"),
    ("credibility: 2", "credibility: ^^7", "expected a whole number from 1 to 6"),
    ("reliability: B", "reliability: ^^G", "expected A, B, C, D, E or F"),
    (
        "  north: {name: North Town, capability: 60}",
        "  north: ^^North",
        "expected a map with the keys",
    ),
    # --- judgements
    (
        "value: [20, 35, 50]",
        "value: ^^[20, 55, 50]",
        "out of order; expected low, most likely, high",
    ),
    ("value: [20, 35, 50]", "value: ^^[20, 55]", "expected three numbers: low, most likely, high"),
    ("value: [20, 35, 50]", "value: ^^likely", "no probability stands here"),
    ("value: [20, 35, 50]", "value: {value: ^^x}", "'value' is 'x'; expected a number"),
    ("share: [20, 30, 40]", "share: [20, 30, ^^140]", "item 3 of 'share' is 140"),
    (
        "probability: likely",
        "probability: ^^likley",
        "no probability word of icd203; did you mean 'likely'?",
    ),
    ("probability: likely", "probability: ^^remote chance", "(it is one of phia)"),
    ("probability: likely", "probability: ^^1.5", "expected a number from 0 to 1"),
    # --- ids
    ("  free-bridge:", "  ^^free bridge:", "'free bridge' cannot be an id"),
    ("  free-bridge:", "  ^^free--bridge:", "'free--bridge' cannot be an id"),
    ("  free-bridge:", "  ^^other:", "'other' is a reserved word"),
    ("id: no-toll", "id: x, when: toll = free}\n      - {id: ^^x", "the id 'x' stands twice"),
    # --- what names what
    (
        "today: {bridge: none",
        "today: {bridge: ^^nun",
        "no position 'nun' in issue 'bridge'; did you",
    ),
    ("today: {bridge: none", "today: {^^brige: none", "no issue 'brige'; did you mean 'bridge'?"),
    ("because: [traffic-count]", "because: [^^traffic-cont]", "no evidence or poll 'traffic-cont'"),
    ("pace: town-deals", "pace: ^^towndeals", "no record 'towndeals'; did you mean 'town-deals'?"),
    ("pace: town-deals", "pace: ^^atonce", "did you mean 'at-once'?"),
    ("hypotheses: [one-town]", "hypotheses: [^^one-twon]", "did you mean 'one-town'?"),
    ("hypotheses: [one-town]", "hypotheses: [one-town, ^^one-town]", "stands here twice"),
    ("about: one-town", "about: ^^one-tow", "no arrangement 'one-tow'; did you mean 'one-town'?"),
    ("\n  south:\n    prior", "\n  ^^west: {worth: {}}\n  south:\n    prior", "no actor 'west'"),
    ("issues:\n", "groups: [[^^nort]]\nissues:\n", "no actor 'nort'; did you mean 'north'?"),
    ("issues:\n", "groups:\n - ^^[voters]\nissues:\n", "electorates alone: who puts the question?"),
    ("issues:\n", "groups:\n - ^^[north, north]\nissues:\n", "names an actor twice"),
    (
        "{kind: fact, claim: Four",
        "{marks: {^^on: CC}, kind: fact, claim: Four",
        "no hypothesis 'on'",
    ),
    (
        "{kind: fact, claim: Four",
        "{marks: {other: ^^D}, kind: fact, claim: Four",
        "expected CC, C, N",
    ),
    (
        "evidence:\n",
        "transfers: {gas: {unit: bn, most: 5, worth: {^^noth: 1}}}\nevidence:\n",
        "no actor 'noth'; did you mean 'north'?",
    ),
    # --- issues
    ("scale: {none: 0, narrow: 40, ", "^^scale: {none: 0, ", "has no number for narrow"),
    ("scale: {none: 0, ", "scale: {none: 0, ^^nil: 0, ", "no position 'nil' in issue 'bridge'"),
    ("never_back_to: none", "never_back_to: ^^non", "did you mean 'none'?"),
    ("never_back_to: none", "never_back_to: [none, ^^non]", "did you mean 'none'?"),
    ("{in-office: gone}", "{in-office: ^^gon}", "no position 'gon' in issue 'mayor'"),
    ("{in-office: gone}", "{in-office: ^^in-office}", "reverts to itself"),
    (
        "{in-office: gone}",
        "{extended: ^^in-office, in-office: gone}",
        "which is itself expiring",
    ),
    (
        "{none: No bridge, narrow: Narrow bridge, wide: Wide bridge}",
        "^^[none, wide]",
        "a map of ids",
    ),
    # --- rights
    ("decided_by: north\n", "decided_by: ^^nort\n", "no actor 'nort'; did you mean 'north'?"),
    ("north or (south and voters)", "north or (south and ^^vote)", "no actor 'vote'"),
    ("north or (south and voters)", "north or (south and voters^^", "the right ends too early"),
    ("decided_by: north\n", "decided_by: north ^^not south\n", "'not' cannot stand here"),
    ("decided_by: north\n", "decided_by: north and ^^nobody\n", "'nobody' stands alone"),
    ("decided_by: north or", "decided_by: ^^voters or", "who puts the question?"),
    ("decided_by: north\n", "decided_by: {^^in-office: north}\n", "'in-office' is expiring"),
    ("apart -> league:", "apart -> ^^leage:", "no position 'leage' in issue 'status'"),
    ("apart -> league:", "^^league -> league:", "changes nothing"),
    # --- statements
    (
        "when: bridge = wide",
        "when: bridge = ^^wyde",
        "no position 'wyde' in issue 'bridge'; did you",
    ),
    ("when: bridge = wide", "when: ^^brige = wide", "no issue 'brige'; did you mean 'bridge'?"),
    ("when: bridge = wide", "when: not ^^one-twn", "no arrangement 'one-twn'; did you mean"),
    ("when: bridge = wide", "when: ^^bridge", "is an issue: say which position"),
    ("when: bridge = wide", "when: toll ^^< charged", "issue 'toll' has no scale"),
    ("when: bridge = wide", "when: bridge =^^= wide", "one = is enough"),
    ("when: bridge = wide", "when: bridge = wide ^^& toll = free", "write `and`"),
    ("when: bridge = wide", "when: bridge = wide ^^toll = free", "'toll' cannot stand here"),
    ("when: bridge = wide", "when: (bridge = wide^^", "the statement ends too early"),
    ("when: bridge = wide", "when: bridge =^^", "ends too early; expected an id"),
    ("when: bridge = wide", "when: 'bridge = ^^wyde'", "no position 'wyde'"),
    ("when: bridge = wide", "when: ^^[bridge]", "expected a statement"),
    ("when: status = merged}", "when: ^^not one-town}", "in a circle: one-town -> one-town"),
    # --- preferences
    ("    priorities:", "    worth: {}\n    ^^priorities:", "more than one kind of preference"),
    ("      - {default: 55}", "      - ^^{when: toll = free, share: 3}", "ends in default"),
    ("- {when: status = merged, share: [20, 30, 40]", "- {^^default: 3", "default comes last"),
    ("- {default: 55}", "- {default: 55, ^^share: 3}", "beside default"),
    # --- evidence
    (
        "credibility: 2}\n  mayor",
        "^^rests_on: [mayor-speech]}\n  mayor",
        "only an inference rests on",
    ),
]


@pytest.mark.parametrize(("old", "new", "words"), TRAPS, ids=lambda value: str(value)[:40])
def test_trap(old: str, new: str, words: str) -> None:
    text, places = broken((old, new))
    error = problems(text)
    told = [p for p in error.problems if words in str(p)]
    assert len(told) == 1, str(error)
    if places:
        assert told[0].place == places[-1]
        assert f"case.yaml:{places[-1].line}:{places[-1].column}: " in str(error)


@pytest.mark.parametrize(
    "key", ["yes", "No", "on", "OFF", "true", "False", "null", "1997", "1e3", "0x1F", "1_0", ".5"]
)
def test_keys_that_must_be_quoted(key: str) -> None:
    text, places = broken(("free: No toll", f"free: No toll, ^^{key}: Both"))
    told = problems(text).problems[0]
    assert told.place == places[0]
    assert told.message == f'as a key, {key} must be quoted: write "{key}"'
    if key != ".5":
        parse_case(text.replace(f"{key}: Both", f'"{key}": Both'))


def test_an_absent_key_of_a_list_item_is_told_at_the_item() -> None:
    text, places = broken(("rules:\n", "rules:\n  - ^^{rule: toll = free}\n"))
    (told,) = problems(text).problems
    assert (told.place, told.message) == (
        places[0],
        "item 1 of 'rules' has no 'why': the reason, in plain words",
    )


def test_the_quote_that_is_not_closed_is_named() -> None:
    text, _ = broken(("title: Two", 'title: "Two'))
    assert "the quote that closes on it opened on line 3" in str(problems(text))
    text, places = unmarked("foedus: 1\ntitle: ^^'Two\n")
    (told,) = problems(text).problems
    assert told.place == places[0]
    assert "the quote ' that opens here is not closed" in told.message


def test_many_problems_are_told_at_once_in_the_order_of_the_file() -> None:
    text, places = broken(
        ("as_of: 2019-12-20", "as_of: ^^soon"),
        ("kind: electorate", "kind: ^^electorat"),
        ("decided_by: north or (", "decided_by: ^^nort or ("),
        ("pace: town-deals", "pace: ^^deals"),
        ("why: A toll needs", "^^wy: A toll needs"),
        ("value: [20, 35, 50]", "value: [20, ^^x, 50]"),
        ("when: toll = free}\n      -", "when: ^^tol = free and toll = ^^fee}\n      -"),
        ("n: 800", "n: ^^many, ^^extra: 1"),
        ("reliability: C", "reliability: ^^H"),
    )
    told = [p.place for p in problems(text).problems]
    missing_why = 1
    assert set(places) <= set(told)
    assert len(told) == len(places) + missing_why
    assert told == sorted(told, key=lambda p: p or (0, 0))


def test_what_could_not_be_read_is_not_reported_twice() -> None:
    for old, new in [("actors:\n", "acters:\n"), ("issues:\n", "isues:\n")]:
        assert len(problems(broken((old, new))[0]).problems) == 2
    for old, new in [
        ("arrangements:\n", "arangements:\n"),
        ("evidence:\n", "evidense:\n"),
        ("records:\n", "recods:\n"),
        ("{none: No bridge, narrow: Narrow bridge, wide: Wide bridge}", "3"),
    ]:
        assert len(problems(broken((old, new))[0]).problems) == 1, new


# --- preferences of those who decide ----------------------------------------------------------


def test_a_deciding_actor_needs_preferences() -> None:
    text, places = broken(("actors:\n", "actors:\n  ^^west: {}\n"), ("by: north\n", "by: west\n"))
    (told,) = problems(text).problems
    assert told.place == places[0]
    assert "'west' decides" in told.message
    text, places = broken(
        ("actors:\n", "actors:\n  ^^west: {}\n"),
        ("issues:\n", "groups: [[west, north]]\nissues:\n"),
    )
    assert problems(text).problems[0].place == places[0]


def test_who_decides_by_stances_alone_is_refused_and_told_of_bargain() -> None:
    text, places = broken(
        ("actors:\n", "actors:\n  west: {}\n"),
        ("by: north\n", "by: west\n"),
        (
            "preferences:\n",
            "preferences:\n  west:\n    ^^stances: {bridge: {position: 3, salience: 1}}\n",
        ),
    )
    with pytest.raises(CaseError) as caught:
        game_of(parse_case(text))
    (told,) = caught.value.problems
    assert told.place == places[0]
    assert "`foedus bargain`" in told.message


@pytest.mark.parametrize(
    ("stance", "words"),
    [
        ("{^^toll: {position: 3, salience: 1}}", "has no scale"),
        ("{^^brige: {position: 3, salience: 1}}", "no issue 'brige'"),
        ("{bridge: {position: ^^wyde, salience: 1}}", "no position 'wyde'"),
        ("{bridge: {position: 3, salience: ^^0}}", "expected a number above 0"),
    ],
)
def test_stances(stance: str, words: str) -> None:
    text, places = broken(
        ("actors:\n", "actors:\n  west: {}\n"),
        ("preferences:\n", f"preferences:\n  west:\n    stances: {stance}\n"),
    )
    (told,) = problems(text).problems
    assert told.place == places[0]
    assert words in str(told)


def test_support_is_for_electorates_and_they_have_nothing_else() -> None:
    text, places = broken(
        ("    support:", "    ^^worth: {}\n    ^^support:"),
        ("    worth:   ", "    ^^support:\n      - {default: 3}\n    ^^worth:   "),
    )
    told = {(p.place, p.message) for p in problems(text).problems}
    assert {place for place, _ in told} == set(places)
    assert any("'voters' is an electorate, and cannot have worth" in m for _, m in told)
    assert any("'north' is no electorate" in m for _, m in told)


# --- evidence ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["assumption", "inference"])
def test_only_facts_and_reports_carry_grades(kind: str) -> None:
    text, places = broken(
        (
            "evidence:\n",
            f"evidence:\n  x: {{kind: {kind}, claim: y, ^^reliability: A, ^^credibility: 1}}\n",
        )
    )
    told = problems(text).problems
    assert [p.place for p in told] == places
    assert all("carries no grade" in p.message for p in told)


def test_circles_are_shown() -> None:
    text, places = broken(
        (
            "evidence:\n",
            "evidence:\n  x: {kind: inference, claim: c, rests_on: ^^[y, bridge-poll]}\n"
            "  y: {kind: inference, claim: c, rests_on: [x]}\n",
        ),
        ("arrangements:\n", "arrangements:\n  a: {when: ^^not b}\n  b: {when: toll = free or a}\n"),
    )
    told = problems(text).problems
    assert [p.place for p in told] == sorted(places)
    assert "in a circle: a -> b -> a" in told[0].message
    assert "in a circle: x -> y -> x" in told[1].message


# --- empty parts ------------------------------------------------------------------------------


def test_empty_parts() -> None:
    text, places = unmarked("foedus: 1\ntitle: x\n^^actors: {}\n^^issues: {}\n")
    told = problems(text).problems
    assert [(p.place, p.message) for p in told] == list(
        zip(places, ["there are no actors", "there are no issues"], strict=True)
    )
    text, places = unmarked(
        "foedus: 1\ntitle: x\nactors: {a: {}}\nissues: {i: {^^positions: {}, decided_by: nobody}}\n"
    )
    (told_one,) = problems(text).problems
    assert (told_one.place, told_one.message) == (places[0], "issue 'i' has no positions")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the file is empty"),
        ("# nothing\n", "the file is empty"),
        ("- a\n", "the file is a list"),
        ("hello", "the file is one piece of text"),
        ("*a", "aliases"),
        ("{}", "the case has no 'foedus'"),
    ],
)
def test_no_case_at_all(text: str, words: str) -> None:
    assert words in str(problems(text))


# --- files ------------------------------------------------------------------------------------


def refused(path: Path) -> str:
    with pytest.raises(CaseError) as caught:
        read_case(path)
    return str(caught.value)


def test_files_that_are_none(tmp_path: Path) -> None:
    assert "this is a directory" in refused(tmp_path)
    (tmp_path / "towns.yaml").write_text("foedus: 1\n")
    path = tmp_path / "twons.yaml"
    assert refused(path) == f"{path}: there is no such file; did you mean 'towns.yaml'?"
    assert "no such file, nor its folder" in refused(tmp_path / "x" / "y.yaml")
    assert "cannot be read" in refused(tmp_path / "towns.yaml" / "x")
    assert "cannot be read" in refused(Path("a\0b"))
    os.mkfifo(tmp_path / "pipe")
    assert "not a regular file" in refused(tmp_path / "pipe")
    assert "not a regular file" in refused(Path("/dev/zero"))


def test_files_that_are_too_large(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    content = TWO_TOWNS.read_bytes()
    padding = (1 << 20) - len(content) - 1
    path.write_bytes(content + b"#" + b"x" * padding)
    read_case(path)
    path.write_bytes(content + b"#" + b"x" * (padding + 1))
    assert "1,048,577 bytes; expected at most 1,048,576 (1 MiB)" in refused(path)


def test_encodings(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    text = TWO_TOWNS.read_text(encoding="utf-8")
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32"):
        path.write_bytes(text.encode(encoding))
        assert refused(path) == f"{path}:1:1: the file is UTF-16 or UTF-32; save it as UTF-8"
    changed, places = broken(("title: Two towns", "title: Zwei St^^ädte"))
    path.write_bytes(changed.encode("latin-1"))
    line, column = places[0]
    assert (
        refused(path) == f"{path}:{line}:{column}: byte 0xe4 is not UTF-8; save the file as UTF-8"
    )


def test_more_than_fifty_problems_are_counted() -> None:
    text = TWO_TOWNS.read_text(encoding="utf-8") + "".join(f"x{k}: 1\n" for k in range(75))
    lines = str(problems(text)).splitlines()
    assert len(problems(text).problems) == 75
    assert len(lines) == 51
    assert lines[-1] == "case.yaml: and 25 more problems"
