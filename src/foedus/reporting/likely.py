"""The report's section on how likely each hypothesis is, behind a brief that has said it.

It holds what the brief has not said: pictures and tables in place of sentences, and apart from them
what is looked up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from foedus.document import MOST_COURSES, Block, Section, Sentence
from foedus.reporting.brief_parts import asked_first
from foedus.reporting.drivers import telling_blocks, together_blocks, tornado_blocks
from foedus.reporting.event_effects import jump_blocks
from foedus.reporting.findings import Findings
from foedus.reporting.forecast import chosen, forecast_sections, remaining_blocks, trust_section
from foedus.reporting.forecast_tables import pool_blocks, source_blocks, way_points, way_table
from foedus.reporting.indicators import indicator_table
from foedus.reporting.outlook import Outlook


def section(found: Findings) -> tuple[Section, ...]:
    """The forecast part by part; without one, why there is none."""
    if found.ahead is None:
        return (Section("How likely", (Sentence(found.silent, "muted"),)),) if found.silent else ()
    f = found.ahead.forecast
    parts = [
        Section("What the answer depends on", tuple(_depends(found)), "forecast-drivers"),
        Section("What to watch for", tuple(_watch(found.ahead)), "forecast-indicators"),
        Section("The views, and pooled", pool_blocks(f), "forecast-views"),
        Section("How far the model variants move it", way_points(f, chosen(f)), "forecast-range"),
        Section("On the days of events", jump_blocks(f, chosen(f)), "forecast-days"),
        *_remaining(found.ahead),
    ]
    told = tuple(part for part in parts if part.blocks)
    return (Section("How likely", (*remaining_blocks(f), *told), "how-likely"),)


def _depends(found: Findings) -> Iterator[Block]:
    """A picture of the judgements that move each answer; where none does, why, if not yet said."""
    if found.ahead is None:
        return
    case, pictures, silent = found.game.case, [], []
    for name, result in found.ahead.drivers.items():
        title = f"What moves the chance of “{case.arrangements[name].name}” most"
        drawn = [replace(block, note=None) for block in tornado_blocks(result, title)]
        pictures += drawn
        if not drawn and name != asked_first(found):
            silent.append(telling_blocks(result)[0])
    yield from silent
    if pictures:
        yield Sentence(
            "A bar runs from the chance in the tenth of the draws in which a judgement is lowest "
            "to that in the tenth in which it is highest, or the other way."
        )
    yield from pictures


def _watch(ahead: Outlook) -> Iterator[Block]:
    if ahead.indicators is not None:
        yield indicator_table(ahead.indicators)


def _remaining(ahead: Outlook) -> Iterator[Section]:
    """Parts of the forecast as it is told by itself, those first that are not looked up."""
    f = ahead.forecast
    each = {part.id: part for part in forecast_sections(f)}
    # The brief draws the course of so many answers.
    kept = [] if len(chosen(f)) <= MOST_COURSES else ["forecast-course"]
    listed = ("forecast-arrangements", "forecast-issues", "forecast-pace", "forecast-method")
    yield from (each[name] for name in ("forecast-events",) if name in each)
    yield trust_section(f, support=False)
    yield from (each[name] for name in (*kept, *listed) if name in each)
    yield Section("Each variant of the model", (way_table(f, chosen(f)),), "forecast-variants")
    yield Section("Where the views come from", source_blocks(f), "forecast-sources")
    whole = tuple(
        Section(f.case.arrangements[name].name, blocks)
        for name, result in ahead.drivers.items()
        if (blocks := tuple(together_blocks(result)))
    )
    yield Section("Several judgements at once, and all of an actor's", whole, "forecast-tornado")
