"""An analyst's own table of the parties of one chamber, under the names that columns go by.

Read are the columns of ParlGov's views of elections and cabinets and of the Chapel Hill expert
survey as well as plain names ([Doring2024], [Jolly2022]); case, spaces and hyphens count for
nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np

from foedus.case.problems import CaseError, Problem, shown
from foedus.case.slugs import slugs
from foedus.coalition.opportunity import MOST_PARTIES, Floats, Opportunity
from foedus.sheets.cells import Line
from foedus.sheets.sheet import Sheet, read_sheet

SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "party": ("party_name_short", "party_name", "party_name_english", "name", "party_id"),
    "seats": ("seat", "mandates"),
    "left_right": ("lrgen", "left-right", "lr", "position"),
    "left_right_sd": ("lrgen_sd", "spread", "sd", "left_right_spread"),
    "governing": ("in_government", "in_gov", "cabinet_party", "in_prev_cabinet", "govt"),
    "prime_minister": ("was_pm", "pm", "premier"),
    "previous_seats": ("prev_seats", "seats_before"),
}
"""What a column may be called besides its own name, the likeliest first."""

NEEDED = ("party", "seats", "left_right")

YES = {"1": True, "1.0": True, "yes": True, "true": True, "t": True, "y": True, "x": True}
NO = {"0": False, "0.0": False, "no": False, "false": False, "f": False, "n": False, "": False}


class Chamber(NamedTuple):
    """A chamber, which column was read as what, and what the reader should know."""

    opportunity: Opportunity
    columns: Mapping[str, str]
    notes: tuple[str, ...]


def read_chamber(file: str, majority: int | None = None) -> Chamber:
    """Read a table of parties. Without a ``majority``, more than half of all seats suffices.

    A row without seats is left out, and said. The question is one after an election where the seats
    before are known, else one between elections. Who governs now is taken for the whole past that
    is known. Raises CaseError with all that is wrong.
    """
    sheet = read_sheet(Path(file))
    sheet.find(list(SYNONYMS), SYNONYMS)
    sheet.need(NEEDED, SYNONYMS)
    rows, absent = [], []
    names: set[str] = set()
    for line in sheet.lines:
        name = line.text("party")
        if not name or name in names:
            told = f"{shown(name)} is there twice" if name else "the cell is empty"
            sheet.problem(line, "party", told, "one row for each party of one chamber")
        names.add(name)
        seats = sheet.number(line, "seats", 0, 1e6)
        place = sheet.number(line, "left_right", 0, 10)
        spread = sheet.number(line, "left_right_sd", 0, 10, missing=0)
        before = sheet.number(line, "previous_seats", 0, 1e6, missing=0)
        flags = [_flag(sheet, line, name) for name in ("governing", "prime_minister")]
        if seats == 0:
            absent.append(name)
        else:
            rows.append((name, seats, place, spread, before, *flags))
    _check(sheet, rows, majority)
    parties = [str(row[0]) for row in rows]
    table = np.array([row[1:] for row in rows], dtype=float)
    seats, place, spread, before, governing, leads = table.T
    known = "previous_seats" in sheet.columns and before.sum() > 0
    chamber = float(seats.sum())
    both = np.outer(governing, governing)
    np.fill_diagonal(both, 0)
    one = governing[:, None] != governing[None]
    past = float(governing.any())
    opportunity = Opportunity(
        id=file,
        parties=tuple(slugs(parties, "party")),
        names=tuple(parties),
        seats=seats,
        left_right=place,
        chamber=chamber,
        majority=float(majority or more_than_half(seats)),
        governing=governing > 0,
        premier=int(leads.argmax()) if leads.any() else None,
        swing=seats / chamber - before / before.sum() if known else np.zeros(len(seats)),
        after_election=bool(known),
        cabinets=np.full(len(seats), past),
        governed=governing,
        together=both,
        apart=one.astype(float),
        spread=spread,
    )
    columns = {name: sheet.heading[place] for name, place in sheet.columns.items()}
    return Chamber(opportunity, columns, tuple(_notes(columns, absent, known=known)))


def more_than_half(seats: Floats) -> float:
    """The least that is more than half of all seats; of shares, half and a ten-thousandth of all.

    >>> more_than_half(np.array([60.0, 41])), more_than_half(np.array([60.5, 39.5]))
    (51.0, 50.01)
    """
    total = float(seats.sum())
    if (seats == np.round(seats)).all():
        return total // 2 + 1
    return round(total / 2 + total / 10_000, 6)


def _flag(sheet: Sheet, line: Line, column: str) -> bool:
    text = line.text(column).casefold()
    if text in YES or text in NO:
        return YES.get(text, False)
    sheet.problem(line, column, f"{shown(text)} is no answer", "1 or 0, yes or no")
    return False


def _check(sheet: Sheet, rows: list[tuple[object, ...]], majority: int | None) -> None:
    """Raise CaseError for what is wrong with the cells, or with the parties together."""
    leaders = [str(row[0]) for row in rows if row[6]]
    if len(leaders) > 1:
        told = f"{' and '.join(map(shown, leaders))} cannot both have the prime minister"
        sheet.problem(None, "prime_minister", told)
    outside = [str(row[0]) for row in rows if row[6] and not row[5]]
    if outside and "governing" in sheet.columns:
        told = f"{shown(outside[0])} has the prime minister and does not govern"
        sheet.problem(None, "prime_minister", told)
    if not 2 <= len(rows) <= MOST_PARTIES and not sheet.problems:
        more = "leave out the smallest" if len(rows) > 2 else "a row for each"
        told = f"{len(rows)} parties have seats" if len(rows) != 1 else "one party has seats"
        sheet.problem(None, "party", told, f"2 to {MOST_PARTIES}: {more}")
    sheet.refuse()
    held = sum(float(str(row[1])) for row in rows)
    if majority is not None and majority > held:
        problem = Problem(f"all parties together have {held:g} seats", None, "at most as many")
        raise CaseError([problem], "--majority")


def _notes(columns: Mapping[str, str], absent: list[str], *, known: bool) -> list[str]:
    notes = []
    if absent:
        notes.append(f"without seats, and left out: {', '.join(absent)}")
    if "governing" not in columns:
        notes.append("no column says who governs now, so that no government can go on")
    if not known:
        notes.append("no column says the seats before, so that no party is helped or hurt by them")
    return notes
