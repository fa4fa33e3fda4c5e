"""A case for measuring the process: ten actors, and states by the hundred thousand that come about.

    python benchmarks/large_process.py [--questions 15] > large.yaml

So many yes/no questions stand beside a treaty in three stages and an election on its day: with 15
there are 110,592 possible states, and one question fewer halves them. Most questions are for one
actor to settle, some for two or for either of two pairs. Some wait for a record, one takes months.
Who settles a question mostly gains by it, so that nearly all states come about; the others want and
fear it a little. A few are undone again by somebody else, and the election changes who wants what.
"""

from __future__ import annotations

import argparse

import numpy as np

ACTORS = tuple("abcdefghij")
QUESTIONS = 15
"""So many give some 10^5 states."""


def large_case(questions: int = QUESTIONS) -> str:
    """The text of the case; the first questions are the same for any number of them."""
    lines = [
        "foedus: 1",
        "title: Many open questions",
        "question: Which of them are settled before the deadline?",
        "as_of: 2021-01-01",
        "deadline: 2024-12-31",
        "actors:",
        *(f"  {actor}: {{name: Actor {actor.upper()}}}" for actor in ACTORS),
        "records:",
        "  laws: {since: 2010-01-01, until: 2021-01-01, agreed: 12, done: 5}",
        "  treaties: {since: 2000-01-01, until: 2021-01-01, agreed: 9, done: 3}",
        "events:",
        "  election: {day: 2022-10-02, one_of: [{share: [0.3, 0.45, 0.6], sets: {leader: new}}, "
        "{sets: {}}]}",
        "issues:",
        "  leader: {positions: {old: the old leader, new: a new one}, decided_by: nobody}",
        "  treaty:",
        "    positions: {none: no treaty, signed: signed, ratified: ratified}",
        "    decided_by: {none -> signed: a and b, signed -> ratified: a and c, default: nobody}",
        "    pace: treaties",
        *(_issue(k) for k in range(questions)),
        "rules:",
        "  - {rule: q1 = done -> q0 = done, why: The second question rests on the first}",
        "  - {rule: q3 = done -> q2 = done, why: The fourth question rests on the third}",
        "arrangements:",
        "  settled: {when: treaty = ratified and q0 = done}",
        "  half: {when: treaty = signed and q2 = done}",
        "hypotheses: [settled, half]",
        "preferences:",
    ]
    for number, actor in enumerate(ACTORS):
        lines += _worths(number, actor, questions)
    return "\n".join(lines) + "\n"


def _settlers(question: int) -> tuple[str, ...]:
    """Who settles a question, any of whom gains by it."""
    one = ACTORS[question % 10]
    if question % 4 == 3:
        return one, ACTORS[(question + 3) % 10]
    return (one,)


def _issue(question: int) -> str:
    settlers = _settlers(question)
    right = " and ".join(settlers)
    if question % 8 == 7:
        right = f"({right}) or ({settlers[0]} and {ACTORS[(question + 6) % 10]})"
    undone = "default: nobody"
    if question % 5 == 4:
        undone = f"open: {ACTORS[(question + 1) % 10]}"
    waits = ""
    if question % 7 == 2 or question % 5 == 4:
        waits = ", pace: laws"
    if question == 5:
        waits = ", takes: {days: 120}"
    return (
        f"  q{question}: {{positions: {{open: not so, done: so}}, "
        f"decided_by: {{done: {right}, {undone}}}{waits}}}"
    )


def _worths(number: int, actor: str, questions: int) -> list[str]:
    """What one actor wants: its own questions settled, others a little, some by who leads."""
    rng = np.random.default_rng(100 + number)
    lines = [f"  {actor}:", "    worth:"]
    for stage, add in (("signed", 8.0), ("ratified", 16.0)):
        middle = add + rng.uniform(0, 2) if actor in "abc" else rng.uniform(-2, 2)
        lines.append(f"      {stage}: {{when: treaty = {stage}, value: {_range(middle, 1.0)}}}")
    for question in range(questions):
        middle, wide = rng.uniform(-2, 2), 1.5
        if actor in _settlers(question):
            middle, wide = rng.uniform(6, 9), 1.0
        elif question % 5 == 4 and actor == ACTORS[(question + 1) % 10]:
            middle = -rng.uniform(6, 9)
        when = f"q{question} = done"
        lines.append(f"      w{question}: {{when: {when}, value: {_range(middle, wide)}}}")
        if question % 5 == number % 5 and question % 2:
            change = _range(rng.uniform(-1.5, 1.5), 0.5)
            lines.append(f"      n{question}: {{when: {when} and leader = new, value: {change}}}")
    return lines


def _range(middle: float, wide: float) -> str:
    return f"[{middle - wide:.2f}, {middle:.2f}, {middle + wide:.2f}]"


def main() -> None:
    """Print the case."""
    parser = argparse.ArgumentParser(description="Write a large case for the process.")
    parser.add_argument("--questions", type=int, default=QUESTIONS)
    print(large_case(parser.parse_args().questions), end="")


if __name__ == "__main__":
    main()
