"""The report on a case: the sections of the list, in its order, behind the answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib.metadata import version

from foedus.document import Block, Section, plain_lines
from foedus.preferences.games import Game
from foedus.reporting.brief_parts import brief_blocks
from foedus.reporting.evidence_section import ABLATION
from foedus.reporting.findings import Findings
from foedus.reporting.parting import appended, parted
from foedus.reporting.sections import APPENDIX, SECTIONS, answers
from foedus.result import first_text, html_of, in_one_line, page_of

OPEN = ("forecast-drivers", "forecast-indicators", ABLATION)
"""Of the sections within sections, these are open from the first."""


@dataclass(frozen=True, slots=True, repr=False)
class Report:
    """A report as blocks: ``lead`` is the answer, ``facts`` are short names and values.

    ``notices`` are what is to be said of how the case is written. One that is ``compact`` takes
    little paper.
    """

    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    lead: tuple[Block, ...]
    blocks: tuple[Block, ...]
    footer: str
    notices: tuple[str, ...] = ()
    compact: bool = False

    def plain(self) -> dict[str, list[str]]:
        """What each section says, in lines of plain text, by its id or title."""
        return {
            part.id or part.title: [line for block in part.blocks for line in plain_lines(block)]
            for part in self.blocks
            if isinstance(part, Section)
        }

    def html(self) -> str:
        """The report as one page that needs no network and no script.

        Raises `MissingExtra` without the extra ``report``.
        """
        return page_of(
            self.title,
            self.blocks,
            lead=self.lead,
            subtitle=self.subtitle,
            facts=self.facts,
            footer=self.footer,
            compact=self.compact,
        )

    def __repr__(self) -> str:
        return in_one_line("Report", self.title, first_text(self.lead or self.blocks))

    def _repr_html_(self) -> str | None:
        """The report in a notebook; None, for its ``repr``, where what makes pages is missing."""
        return html_of((*self.lead, *self.blocks))


def report(found: Findings) -> Report:
    """Compose the report on what was found.

    Raises CaseError where the likelihoods of the evidence leave no hypothesis possible.
    """
    lead = brief_blocks(found) if found.ahead else answers(found)
    asked = [parted(section) for part in SECTIONS for section in part(found)]
    behind = folded(*(section for section, _ in asked))
    listed = [entry for section, moved in asked for entry in appended(section, moved)]
    looked_up = folded(*listed, *(section for part in APPENDIX for section in part(found)))
    appendix = Section("Appendix: states, judgements and the case", looked_up, "appendix", True)
    return _page(found, lead, (*behind, appendix))


def brief(found: Findings) -> Report:
    """Compose the brief on what was found: two pages. Raises as :func:`report` does."""
    return replace(_page(found, (), brief_blocks(found)), compact=True)


def _page(found: Findings, lead: tuple[Block, ...], blocks: tuple[Block, ...]) -> Report:
    case = found.game.case
    return Report(
        case.title,
        case.question or "",
        _facts(found.game),
        lead,
        blocks,
        f"Made with foedus {version('foedus')} from {case.file}.",
        tuple(map(str, case.notices)),
    )


def folded(*sections: Section) -> tuple[Section, ...]:
    """The sections, closed at first: the brief before them is what is read."""
    return tuple(replace(section, blocks=_inner(section), folded=True) for section in sections)


def _inner(section: Section) -> tuple[Block, ...]:
    return tuple(
        replace(block, folded=block.id not in OPEN) if isinstance(block, Section) else block
        for block in section.blocks
    )


def _facts(game: Game) -> tuple[tuple[str, str], ...]:
    case = game.case
    facts = [
        ("As of", case.as_of.isoformat() if case.as_of else ""),
        ("Deadline", case.deadline.isoformat() if case.deadline else ""),
        ("States that are possible", f"{len(game.space):,}"),
        ("Case", case.file),
    ]
    return tuple((name, value) for name, value in facts if value)
