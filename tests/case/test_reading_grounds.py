"""Records and reference classes that contradict themselves are told, each at its place."""

from __future__ import annotations

import pytest
from towns import broken, problems, towns


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("agreed: 9, done: 3", "agreed: ^^0, done: 3", "nothing agreed"),
        ("agreed: 9, done: 3", "agreed: 9, done: ^^10", "10 done, but only 9 agreed"),
        ("until: 2019-12-20", "until: ^^1997-04-02", "not after it begins"),
        ("until: 2019-12-20", "until: ^^1990-01-01", "not after it begins"),
        ("done: 3", "done: 3, done_on: [^^1997-04-01]", "outside the record"),
        ("done: 3", "done: 3, done_on: [2000-01-01, ^^2019-12-21]", "outside the record"),
        ("done: 3", "done: 1, done_on: ^^[2000-01-01, 2000-01-02]", "2 dates"),
        ("cases: 17, occurred: 4", "cases: 3, occurred: ^^4", "4 occurred, but there were only 3"),
        ("cases: 17, occurred: 4", "cases: ^^0, occurred: 4", "a class without cases"),
    ],
)
def test_contradictions_are_told(old: str, new: str, words: str) -> None:
    text, places = broken((old, new))
    (told,) = problems(text).problems
    assert words in told.message
    assert told.place == places[0]


def test_the_ends_of_a_record_are_within_it() -> None:
    case = towns(("done: 3", "done: 3, done_on: [1997-04-02, 2019-12-20]"))
    assert len(case.records["town-deals"].done_on) == 2


@pytest.mark.parametrize(
    ("added", "words", "nearest"),
    [
        ("marks: {^^one-twon: CC}", "no hypothesis 'one-twon'", "one-town"),
        ("likelihood: {^^free-bridge: 0.5}", "no hypothesis 'free-bridge'", None),
        ("likelihood: {one-town: ^^1.5}", "1.5", None),
        (
            "likelihood: {one-town: ^^likly}",
            "'likly' is no probability word",
            "likely",
        ),
        ("likelihood: ^^{one-town: 0, other: 0}", "could not have been seen", None),
        ("likelihood: ^^{one-town: 0}", "could not have been seen", None),
        ("likelihood: ^^{one-town: [0, 0, 0]}", "could not have been seen", None),
    ],
)
def test_what_evidence_says_of_hypotheses_is_checked(
    added: str, words: str, nearest: str | None
) -> None:
    text, places = broken(("{kind: fact, claim: Four", f"{{{added}, kind: fact, claim: Four"))
    (told,) = problems(text).problems
    assert words in told.message
    assert told.place == places[0]
    assert nearest is None or told.nearest == nearest


def test_a_chance_above_zero_anywhere_is_enough() -> None:
    new = "{likelihood: {one-town: 0, other: [0, 0, 0.1]}, kind: fact, claim: Four"
    case = towns(("{kind: fact, claim: Four", new))
    assert case.evidence["merger-survey"].likelihood["other"].high == 0.1


def test_evidence_that_rests_on_itself_is_told_at_its_place() -> None:
    new = (
        "  x: {kind: inference, claim: c, rests_on: ^^[y]}\n"
        "  y: {kind: inference, claim: c, rests_on: [z]}\n"
        "  z: {kind: inference, claim: c, rests_on: [x]}\n"
        "  traffic-count:"
    )
    text, places = broken(("  traffic-count:", new))
    (told,) = problems(text).problems
    assert "in a circle: x -> y -> z -> x" in told.message
    assert told.place == places[0]
