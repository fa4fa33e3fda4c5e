"""The report on a case: the sections of the list, in its order, behind the answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import TYPE_CHECKING

from foedus.case.model import Case
from foedus.document import Block, Section
from foedus.preferences.games import Game, game_of
from foedus.reporting.evidence_section import ABLATION, ITEMS
from foedus.reporting.findings import findings_on
from foedus.reporting.sections import SECTIONS, answers
from foedus.result import first_text, html_of, in_one_line, page_of

if TYPE_CHECKING:
    from foedus.evidence.ablation import LeaveOneOut
    from foedus.reporting.outlook import Outlook

OPEN = ("forecast-drivers", "forecast-indicators", ABLATION, ITEMS)
"""Of the sections within sections, these are open from the first."""

LATER = ("no-deal", "gains", "traced")
"""Of the parts of the report, these (by id) are closed at first."""


@dataclass(frozen=True, slots=True, repr=False)
class Report:
    """A report as blocks: ``lead`` is the answer, ``facts`` are short names and values."""

    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    lead: tuple[Block, ...]
    blocks: tuple[Block, ...]
    footer: str

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
        )

    def __repr__(self) -> str:
        return in_one_line("Report", self.title, first_text(self.lead))

    def _repr_html_(self) -> str | None:
        """The report in a notebook; None, for its ``repr``, where what makes pages is missing."""
        return html_of((*self.lead, *self.blocks))


def report(
    case: Case | Game,
    ahead: Outlook | None = None,
    silent: str = "",
    ablation: LeaveOneOut | None = None,
) -> Report:
    """Compose the report on a case; what each argument is stands in :class:`~.findings.Findings`.

    Raises CaseError when no state is possible, or the analyses would need too much, or the
    likelihoods of the evidence leave no hypothesis possible.
    """
    game = game_of(case) if isinstance(case, Case) else case
    found = findings_on(game, ahead, silent, ablation)
    return Report(
        game.case.title,
        game.case.question or "",
        _facts(game),
        ahead.lead() if ahead else answers(found),
        folded(*(section for part in SECTIONS for section in part(found))),
        f"Made with foedus {version('foedus')} from {game.case.file}.",
    )


def folded(*sections: Section) -> tuple[Section, ...]:
    """The sections, what a reader asks for later being closed at first."""
    return tuple(
        replace(section, blocks=_inner(section), folded=section.id in LATER) for section in sections
    )


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
