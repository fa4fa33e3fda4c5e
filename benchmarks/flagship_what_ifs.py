"""The what-ifs of docs/flagship.md: each a change of the case file, on the same random numbers.

``python benchmarks/flagship_what_ifs.py cases/belarus-2024.yaml``
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from foedus import forecast
from foedus.case.edit import with_value
from foedus.case.reading import parse_case

ANSWERS = (
    "belarus-option", "union-post", "full-integration", "confederation", "economic-union",
    "terms-amended", "powers-shifted", "deeper-eeu",
)  # fmt: skip
Change = Callable[[str], str]


def judged(actor: str, value: float, *items: str) -> Change:
    """Set judgements of one actor to one sure number."""
    kind = "support" if actor == "belarusians" else "worth"

    def changed(text: str) -> str:
        for item in items:
            text = with_value(text, ("preferences", actor, kind, item), value)
        return text

    return changed


def written(old: str, new: str) -> Change:
    """Write something else in the file."""

    def changed(text: str) -> str:
        if old not in text:
            raise ValueError(f"not in the file: {old}")
        return text.replace(old, new)

    return changed


def added(actor: str, item: str, when: str, value: float) -> Change:
    """Give an actor one more worth."""
    start = f"  {actor}:\n    worth:\n"
    return written(start, f"{start}      {item}: {{when: {when}, value: {value}}}\n")


POLITICAL = "union in agreed | confederation | region | district"
FAST = (written("default: treaty-organs", "default: domestic-amendments"),)
UNIONS = (
    "union-under-russia", "confederation-with-all-powers", "confederation-with-foreign-policy",
    "confederation-loose", "union-as-agreed",
)  # fmt: skip
PEOPLE = (judged("belarusians", 70, *UNIONS),)
LUKASHENKA = (
    judged(
        "lukashenka", 3, "command-shared", "some-sovereignty-ceded", "all-sovereignty-ceded",
        "somebody-above", "joint-constitution", "protests-at-home",
    ),
)  # fmt: skip
ELITE = (
    judged(
        "elite", 3, "command-shared", "some-powers-ceded", "all-powers-ceded",
        "second-seat-of-power",
    ),
)  # fmt: skip
MERGER = (
    judged("lukashenka", 3, "own-state"),
    judged("elite", 3, "trip-wire", "new-region-paid"),
    judged("belarusians", 70, "merger", "merger-as-regions"),
)
NO_EXIT = (judged("elite", 0, "president-again", "ruler-with-powers", "post-without-powers"),)
PAID = (
    added("lukashenka", "paid", POLITICAL, 32),
    added("putin", "pays", POLITICAL, -6.8),
    added("elite", "pays", POLITICAL, -8),
)
WITHOUT_VETO = (
    written("default: putin and elite\n    otherwise:", "default: putin\n    otherwise:"),
    written("    decided_by: putin and elite\n    pace: domestic-amendments",
            "    decided_by: putin\n    pace: domestic-amendments"),
    written("      shifted: putin and elite\n", "      shifted: putin\n"),
    written("      loyal: putin and elite\n", "      loyal: putin\n"),
)  # fmt: skip
WHAT_IFS: dict[str, tuple[Change, ...]] = {
    "as it is": (),
    "Lukashenka paid four billion dollars a year for any political union": PAID,
    "treaties as fast as amendments at home": FAST,
    "the people in favour of any union, or a merger (70%)": (
        judged("belarusians", 70, *UNIONS, "merger", "merger-as-regions"),
    ),
    "Putin needs no elite at home": WITHOUT_VETO,
    "Putin indifferent to the presidency": (judged("putin", 0, "president-again", "term-broken"),),
    "the elite gains nothing by his staying": NO_EXIT,
    "Putin will not break the rule (-40)": (judged("putin", -40, "term-broken"),),
    "Lukashenka agrees to a political union": LUKASHENKA,
    "Lukashenka and the elite agree to it": LUKASHENKA + ELITE,
    "Lukashenka, the elite and the people agree to it": LUKASHENKA + ELITE + PEOPLE,
    "all three agree to it, and treaties are fast": LUKASHENKA + ELITE + PEOPLE + FAST,
    "the same, and the elite gains nothing by his staying in Russia": (
        LUKASHENKA + ELITE + PEOPLE + FAST + NO_EXIT
    ),
    "all three agree to a merger": MERGER,
    "all three agree to a merger, and treaties are fast": MERGER + FAST,
    "three years from now": (written("deadline: 2024-05-07", "deadline: 2023-01-14"),),
}  # fmt: skip


def table(file: str, what_ifs: Mapping[str, tuple[Change, ...]], answers: Sequence[str]) -> None:
    """Print a row for each what-if: the chances as judged, in per cent.

    How many draws there are may stand behind the file on the command line.
    """
    draws = int(sys.argv[2]) if sys.argv[2:] else 1000
    text = Path(file).read_text(encoding="utf-8")
    print("\t".join(("what if", *answers)))
    for name, changes in what_ifs.items():
        changed = text
        for change in changes:
            changed = change(changed)
        found = forecast(
            parse_case(changed), draws=draws, varied=False, stability_draws=0, farsighted_draws=0
        )
        shares = (f"{100 * found.estimates[answer].judged.p:.2f}" for answer in answers)
        print("\t".join((name, *shares)), flush=True)


if __name__ == "__main__":
    table(sys.argv[1], WHAT_IFS, ANSWERS)
