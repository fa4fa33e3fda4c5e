"""Many chambers from four tables: opportunities, their parties, and what was before.

The columns are named in ``docs/coalition.md``. The outcomes are refused: what is to be forecast is
no input. The third and fourth table may be left out; then no party has a past.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from foedus.case.problems import CaseError, Problem, nearest, shown
from foedus.coalition.opportunity import MOST_PARTIES, Opportunity, Past
from foedus.sheets.cells import Line
from foedus.sheets.sheet import Sheet, read_sheet

_OPPORTUNITIES = ("opp", "after_election", "seats_total", "majority_needed")
_KINDS = ("past_n", "past_surplus", "past_single")
_PARTIES = ("opp", "party_id", "seats", "left_right", "in_prev_cabinet", "was_pm")
_HISTORY = ("opp", "party_id", "n_past_cabinets", "n_past_in_gov")
_PAIRS = ("opp", "party_a", "party_b", "n_past_both_in_gov", "n_past_one_in_gov")
_OUTCOME = ("members", "pm_party", "cabinet_seats", "members_dropped")

Numbers = dict[str, float]


class _Party(NamedTuple):
    """A row of the table of parties; ``before`` is -1 where nothing is known."""

    name: str
    seats: float
    left_right: float
    governing: float
    premier: float
    before: float


def read_opportunities(files: Sequence[str]) -> list[Opportunity]:
    """The chambers of the tables, in their order: opportunities, parties, history, pairs.

    Raises CaseError, at once for all that is wrong with a file.
    """
    if not 2 <= len(files) <= 4:
        expected = "two to four: opportunities, parties, history, pairs"
        raise CaseError([Problem(f"{len(files)} tables", None, expected)], "FILES")
    columns = (_OPPORTUNITIES, _PARTIES, _HISTORY, _PAIRS)
    sheets = [_sheet(file, wanted) for file, wanted in zip(files, columns, strict=False)]
    heads = _heads(sheets[0])
    parties = _parties(sheets[1], heads)
    history = _history(sheets[2], parties) if len(sheets) > 2 else {}
    pairs = _pairs(sheets[3], parties) if len(sheets) > 3 else {}
    return [_made(opp, heads[opp], parties[opp], history, pairs) for opp in heads]


def _sheet(file: str, columns: Sequence[str]) -> Sheet:
    sheet = read_sheet(Path(file))
    sheet.find(_OUTCOME)
    if {"members", "pm_party"} <= sheet.columns.keys():
        message = "these are outcomes, which government was formed; they are no input"
        raise CaseError([Problem(message, None, "what was known before")], file)
    sheet.columns.clear()
    sheet.need(columns)
    sheet.find((*_KINDS, "party", "prev_election_seat_share", "n_parties"))
    return sheet


def _heads(sheet: Sheet) -> dict[str, Numbers]:
    heads: dict[str, Numbers] = {}
    for line in sheet.lines:
        opp = line.text("opp")
        if not opp or opp in heads:
            sheet.problem(line, "opp", f"{shown(opp)} is there twice" if opp else "it is empty")
        seats = sheet.number(line, "seats_total", 1, 1e6, whole=True)
        numbers = {
            "after": sheet.number(line, "after_election", 0, 1, whole=True),
            "seats": seats,
            "majority": sheet.number(line, "majority_needed", 1, seats, whole=True),
            "n": sheet.number(line, "n_parties", 1, 1e6, missing=0, whole=True),
        }
        for kind in _KINDS:
            numbers[kind] = sheet.number(line, kind, 0, 1e6, missing=0)
        heads[opp] = numbers
    sheet.refuse()
    return heads


def _parties(sheet: Sheet, heads: Mapping[str, Numbers]) -> dict[str, dict[str, _Party]]:
    found: dict[str, dict[str, _Party]] = {opp: {} for opp in heads}
    lines: dict[str, Line] = {}
    for line in sheet.lines:
        opp, party = line.text("opp"), line.text("party_id")
        if not _known(sheet, line, "opp", opp, heads):
            continue
        lines[opp] = line
        if not party or party in found[opp]:
            sheet.problem(line, "party_id", f"{shown(party)} is there twice in {shown(opp)}")
        most = heads[opp]["seats"]
        found[opp][party] = _Party(
            line.text("party") or party,
            sheet.number(line, "seats", 1, most, whole=True),
            sheet.number(line, "left_right", 0, 10),
            sheet.number(line, "in_prev_cabinet", 0, 1, whole=True),
            sheet.number(line, "was_pm", 0, 1, whole=True),
            sheet.number(line, "prev_election_seat_share", 0, 1, missing=-1),
        )
    for opp, of in found.items():
        _check_chamber(sheet, lines.get(opp), opp, heads[opp], of)
    sheet.refuse()
    return found


def _check_chamber(
    sheet: Sheet, line: Line | None, opp: str, head: Numbers, of: Mapping[str, _Party]
) -> None:
    held = sum(party.seats for party in of.values())
    if held > head["seats"]:
        told = f"the parties of {shown(opp)} have {held:g} seats together"
        sheet.problem(line, "seats", told, f"at most {head['seats']:g}, its seats_total")
    if not of:
        sheet.problem(None, "opp", f"{shown(opp)} has no parties")
    elif head["n"] and head["n"] != len(of):
        told = f"{shown(opp)} has {len(of)} parties here and {head['n']:g} by its n_parties"
        sheet.problem(line, "party_id", told)
    if len(of) > MOST_PARTIES:
        told = f"{shown(opp)} has {len(of)} parties"
        sheet.problem(line, "party_id", told, f"at most {MOST_PARTIES}: leave out the smallest")


def _known(sheet: Sheet, line: Line, column: str, name: str, known: Mapping[str, object]) -> bool:
    if name in known:
        return True
    near = nearest(name, known) if len(sheet.problems) < 50 else None
    sheet.problem(line, column, f"there is no {shown(name)}", near and f"such as {shown(near)}")
    return False


def _history(
    sheet: Sheet, parties: Mapping[str, Mapping[str, object]]
) -> dict[tuple[str, ...], tuple[float, float]]:
    found: dict[tuple[str, ...], tuple[float, float]] = {}
    for line in sheet.lines:
        opp, party = line.text("opp"), line.text("party_id")
        if not _known(sheet, line, "opp", opp, parties):
            continue
        _known(sheet, line, "party_id", party, parties[opp])
        if (opp, party) in found:
            sheet.problem(line, "party_id", f"{shown(party)} is there twice in {shown(opp)}")
        every = sheet.number(line, "n_past_cabinets", 0, 1e6)
        most = 1e6 if math.isnan(every) else every
        found[opp, party] = every, sheet.number(line, "n_past_in_gov", 0, most)
    sheet.refuse()
    return found


def _pairs(
    sheet: Sheet, parties: Mapping[str, Mapping[str, object]]
) -> dict[tuple[str, ...], tuple[float, float]]:
    found: dict[tuple[str, ...], tuple[float, float]] = {}
    for line in sheet.lines:
        opp, two = line.text("opp"), (line.text("party_a"), line.text("party_b"))
        if not _known(sheet, line, "opp", opp, parties):
            continue
        for column, party in zip(("party_a", "party_b"), two, strict=True):
            _known(sheet, line, column, party, parties[opp])
        if two[0] == two[1]:
            sheet.problem(line, "party_b", f"{shown(two[1])} is the same party")
        if (opp, *two) in found or (opp, *two[::-1]) in found:
            sheet.problem(line, "party_a", f"{shown(two)} are there twice in {shown(opp)}")
        found[opp, *two] = (
            sheet.number(line, "n_past_both_in_gov", 0, 1e6),
            sheet.number(line, "n_past_one_in_gov", 0, 1e6),
        )
    sheet.refuse()
    return found


def _made(
    opp: str,
    head: Numbers,
    of: Mapping[str, _Party],
    history: Mapping[tuple[str, ...], tuple[float, float]],
    pairs: Mapping[tuple[str, ...], tuple[float, float]],
) -> Opportunity:
    ids = tuple(of)
    table = np.array([of[party][1:] for party in ids], dtype=float)
    seats, left_right, governing, premier, before = table.T
    past = np.array([history.get((opp, party), (0.0, 0.0)) for party in ids])
    both, one = np.zeros((len(ids), len(ids))), np.zeros((len(ids), len(ids)))
    for i, a in enumerate(ids):
        for j, b in enumerate(ids):
            two = pairs.get((opp, a, b)) or pairs.get((opp, b, a)) or (0.0, 0.0)
            both[i, j], one[i, j] = two
    led = premier * seats
    return Opportunity(
        id=opp,
        parties=ids,
        names=tuple(of[party].name for party in ids),
        seats=seats,
        left_right=left_right,
        chamber=head["seats"],
        majority=head["majority"],
        governing=governing > 0,
        premier=int(led.argmax()) if led.any() else None,
        swing=np.where(before < 0, 0.0, seats / head["seats"] - before),
        after_election=bool(head["after"]),
        cabinets=past[:, 0],
        governed=past[:, 1],
        together=both,
        apart=one,
        past=Past(head["past_n"], head["past_surplus"], head["past_single"]),
    )
