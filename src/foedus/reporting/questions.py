"""The section of the report that answers what the author of a case asks, question by question.

Each answer stands beside the author's own, with the agreement of the two in words. With a forecast
chances are the forecast's; without one they are those of the most likely judgements.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

import numpy as np

from foedus.case.problems import CaseError, listed
from foedus.case.questions import AuthorQuestion, AuthorVerdict, ChanceAsked, PositionAsked
from foedus.document import Cell, Column, Section, Sentence, Table, Tone
from foedus.forecasting.estimates import Z, percent
from foedus.forecasting.most_likely import MostLikely, most_likely
from foedus.forecasting.results import Forecast
from foedus.forecasting.wording import range_of, word_for, words_apart
from foedus.preferences.games import Game
from foedus.process.consent import Consents
from foedus.reporting.assessment import figure_told, range_told
from foedus.reporting.findings import Findings
from foedus.reporting.forecast import likelihood_of
from foedus.reporting.names import inside

RARE = 0.0005
"""A chance below this tells no two arrangements apart, and has no day."""

SELDOM = 0.05
"""Who refuses in less than this share of the time in which it is asked is not named."""


def section(found: Findings) -> tuple[Section, ...]:
    """What the author asks, each question answered; nothing where the case asks none."""
    case = found.game.case
    if not case.questions:
        return ()
    ahead = found.ahead.forecast if found.ahead else None
    try:
        answers = Answers(found, ahead)
        rows = tuple(answers.row(question) for question in case.questions.values())
    except CaseError as error:
        return (Section("What the author asks", (not_answered(error),)),)
    columns = ("asked", "this case", "in the author's words")
    note = f"The author's words change no number. {answers.basis}"
    table = Table("", tuple(map(Column, columns)), rows, note)
    return (Section("What the author asks", (table,), "questions"),)


def not_answered(error: CaseError) -> Sentence:
    """Why a case's questions have no answer."""
    return Sentence(f"Not answered: {'; '.join(each.message for each in error.problems)}.")


@dataclass(frozen=True, slots=True)
class Short:
    """An answer in a few words: the computed one, the author's, and how the two stand."""

    computed: str
    author: str
    agreement: str
    tone: Tone


@dataclass(frozen=True, eq=False)
class Answers:
    """The analyses that answer: the forecast where there is one, and who agrees to what."""

    found: Findings
    forecast: Forecast | None

    @property
    def game(self) -> Game:
        """The game asked about."""
        return self.found.game

    @property
    def basis(self) -> str:
        """By what the chances are."""
        f = self.forecast
        if f is None:
            return "Chances are those of the most likely judgements."
        pooled = f.views is not None and f.views.more_than_inside
        of = "Chances of hypotheses are of all views pooled, all others" if pooled else "Chances"
        return f"{of} of {f.draws:,} draws and {len(f.variants) + 1} variants of the model."

    @cached_property
    def _consents(self) -> Consents:
        return Consents(self.found.process)

    @cached_property
    def _middle(self) -> MostLikely:
        return most_likely(self.game)

    def row(self, question: AuthorQuestion) -> tuple[Cell, ...]:
        """A question with its answer, who refuses, and the author's words with how far they agree.

        Who refuses is said where one arrangement is asked about.
        """
        about, verdict = question.about, question.verdict
        consent = None
        if isinstance(about, ChanceAsked):
            computed, consent = self._chance_told(about.arrangement), self._consent(about)
            agreed = self._by_word(verdict, self._stated(about.arrangement))
        elif isinstance(about, PositionAsked):
            chances = self._positions(about.issue)
            likeliest = max(chances, key=lambda position: chances[position])
            computed = _position_told(self.game, about.issue, chances)
            agreed = self._by_name(verdict, likeliest, self._labels(about.issue))
        else:
            one, other = about.arrangements
            easier = self._easier(one, other)
            computed = self._easier_told(easier, one, other)
            names = {name: self._name(name) for name in (one, other)}
            agreed = self._by_name(verdict, easier, names)
        author = Cell(verdict.text, note=agreed) if verdict is not None else Cell("")
        return Cell(question.asks), Cell(computed, note=consent), author

    def short(self, question: AuthorQuestion) -> Short:
        """The same in a line."""
        about, verdict = question.about, question.verdict
        author, stand = "", _NOT_SET_BESIDE
        if isinstance(about, ChanceAsked):
            p = self._stated(about.arrangement)
            words = self.game.case.words
            figure = _share(p)
            if self.forecast is not None:
                figure = figure_told(likelihood_of(self.forecast, about.arrangement))
            computed = f"{word_for(p, words).word}, {figure}"
            if verdict is not None and verdict.word is not None:
                low, high = range_of(verdict.word, words)
                author, stand = verdict.word, _standing(p, (low + high) / 2, words)
        else:
            if isinstance(about, PositionAsked):
                chances, labels = self._positions(about.issue), self._labels(about.issue)
                found: str | None = max(chances, key=lambda position: chances[position])
                computed = f"“{labels[found or '']}”, {_share(chances[found or ''])}"
            else:
                one, other = about.arrangements
                found, labels = self._easier(one, other), {n: self._name(n) for n in (one, other)}
                computed = f"“{labels[found]}”" if found else "cannot be told apart"
            if verdict is not None and verdict.says is not None:
                author = f"“{labels[verdict.says]}”"
                if found is not None:
                    stand = _AGREE if found == verdict.says else _DIFFER
        return Short(computed, author or "no answer", *stand)

    # --- how likely ---------------------------------------------------------------------------

    def _chance_told(self, name: str) -> str:
        words = self.game.case.words
        if self.forecast is None:
            p = self._middle.reached[name]
            return f"{word_for(p, words).word} ({_share(p)})"
        judged = likelihood_of(self.forecast, name)
        word = word_for(judged.p, words).word
        ends = f"range {range_told(judged)}"
        apart = [f"{percent(p)} by the {view} view" for view, p in judged.views.items()]
        differ = f"; the views differ: {listed(apart, 'and')}" if apart else ""
        return f"{word} ({figure_told(judged)}; {ends}{differ})"

    def _stated(self, name: str) -> float:
        """The chance that is stated of an arrangement, pooled where it is a hypothesis."""
        return self.forecast.answer(name).p if self.forecast else self._middle.reached[name]

    def _inside(self, name: str) -> tuple[float, float]:
        """The chance by the process, by which any two arrangements compare, and its error."""
        if self.forecast is None:
            return self._middle.reached[name], 0.0
        reached = self.forecast.reached(name)
        return reached.p, Z * reached.se

    def _positions(self, issue: str) -> Mapping[str, float]:
        if self.forecast is None:
            return self._middle.positions[issue]
        chances = self.forecast.positions[issue].items()
        return {name: min(1.0, chance.p) for name, chance in chances}

    def _easier(self, one: str, other: str) -> str | None:
        """Which of two comes about more often; None where that is within the error, or rare."""
        (p, error), (q, wide) = self._inside(one), self._inside(other)
        if max(p, q) < RARE or abs(p - q) <= error + wide:
            return None
        return one if p > q else other

    def _easier_told(self, easier: str | None, one: str, other: str) -> str:
        if easier is None:
            each = "; ".join(f"“{self._name(name)}” {self._when(name)}" for name in (one, other))
            return f"neither chance nor days tell the two apart: {each}"
        less = other if easier == one else one
        told = f"“{self._name(easier)}” ({self._when(easier)})"
        return f"{told}; “{self._name(less)}” is less likely ({self._when(less)})"

    def _when(self, name: str) -> str:
        """How likely it is, and by when half of that chance has come."""
        p, _ = self._inside(name)
        f = self.forecast
        if f is None or p < RARE or self.game.case.as_of is None:
            return _share(p)
        course = f.course[:, list(f.estimates).index(name)]
        days = float(f.times[np.argmax(course >= course[-1] / 2)])
        day = self.game.case.as_of + timedelta(days=days)
        return f"{_share(p)}, half of it by {day:%B %Y}"

    # --- who refuses --------------------------------------------------------------------------

    def _consent(self, about: ChanceAsked) -> str:
        """Who of those asked refuses an arrangement how often, and who is better off with it."""
        consent = self._consents.of(about.arrangement)
        headline = consent.headline
        if headline is None or headline.best is None:
            how = {"by itself": "it comes by itself", "by events": "it comes by events alone"}
            return how.get(consent.status, "it is in nobody's power")
        best, refuses = headline.best, consent.refusals.refuses
        worse = set(best.refuse)
        better = [self._actor(actor) for actor in best.coalition if actor not in worse]
        often: dict[str, list[str]] = {}
        for actor in sorted(best.coalition, key=lambda actor: -refuses.get(actor, 0.0)):
            if refuses.get(actor, 0.0) >= SELDOM:
                often.setdefault(_often(refuses[actor]), []).append(self._actor(actor))
        said = [f"{when} by {listed(names, 'and')}" for when, names in often.items()]
        told = f"refused {', '.join(said)}" if said else "refused by nobody"
        return f"{told}; better off, of those asked: {listed(better, 'and') or 'nobody'}"

    def _actor(self, actor: str) -> str:
        """An actor's name within a sentence."""
        return inside(self.game.case.actors[actor].name)

    # --- how far the two agree ----------------------------------------------------------------

    def _by_word(self, verdict: AuthorVerdict | None, p: float) -> str:
        """The author's word beside the computed one."""
        if verdict is None:
            return ""
        if verdict.word is None:
            return _NOT_COMPARED
        words = self.game.case.words
        low, high = range_of(verdict.word, words)
        apart = words_apart(p, (low + high) / 2, words)
        mine = word_for(p, words).word
        if apart == 0:
            return "agrees"
        steps = f"{_COUNTS[apart]} of the scale"
        if (p - 0.5) * ((low + high) / 2 - 0.5) > 0:
            surer = abs(p - 0.5) > abs((low + high) / 2 - 0.5)
            how = "surer" if surer else "less sure"
            return f"agrees in direction, {how} here by {steps}"
        return f"differs by {steps}: “{mine}” here"

    def _by_name(
        self, verdict: AuthorVerdict | None, computed: str | None, labels: Mapping[str, str]
    ) -> str:
        """What the author names beside what is computed."""
        if verdict is None:
            return ""
        if verdict.says is None:
            return _NOT_COMPARED
        if computed is None:
            return f"“{labels[verdict.says]}”; this case does not tell"
        return "agrees" if computed == verdict.says else f"differs: “{labels[verdict.says]}”"

    def _labels(self, issue: str) -> Mapping[str, str]:
        return {each.id: each.label for each in self.game.case.issues[issue].positions}

    def _name(self, arrangement: str) -> str:
        return self.game.case.arrangements[arrangement].name


Standing = tuple[str, Tone]
_AGREE: Standing = ("agree", "good")
_DIFFER: Standing = ("differ", "warn")
_NOT_SET_BESIDE: Standing = ("", "muted")


def _standing(p: float, author: float, words: str) -> Standing:
    """How a chance and the middle of the author's word stand to each other."""
    if not words_apart(p, author, words):
        return _AGREE
    if (p - 0.5) * (author - 0.5) <= 0:
        return _DIFFER
    surer = abs(p - 0.5) > abs(author - 0.5)
    return f"agree, {'surer' if surer else 'less sure'} here", "good"


_COUNTS = (
    "no word",
    "one word",
    "two words",
    "three words",
    "four words",
    "five words",
    "six words",
)

_NOT_COMPARED = "no answer that could be set beside it"


def _position_told(game: Game, issue: str, chances: Mapping[str, float]) -> str:
    """The likeliest position of an issue, and the others that may come."""
    labels = {each.id: each.label for each in game.case.issues[issue].positions}
    order = sorted(chances, key=lambda position: -chances[position])
    first, *others = order
    told = f"likeliest “{labels[first]}” ({_share(chances[first])})"
    rest = [f"“{labels[name]}” {_share(chances[name])}" for name in _met(others, chances)]
    return f"{told}; then {listed(rest, 'and')}" if rest else f"{told}; nothing else is met"


def _met(names: list[str], chances: Mapping[str, float]) -> Iterator[str]:
    return (name for name in names if chances[name] >= RARE)


def _share(p: float) -> str:
    """A chance in whole per cent, or to a tenth of one below ten."""
    if p < RARE:
        return f"under {percent(2 * RARE)}"
    if p > 1 - RARE:
        return f"over {percent(1 - 2 * RARE)}"
    width = 0.002 if min(p, 1 - p) < 0.1 else 0.02
    return percent(p, max(0.0, p - width / 2), min(1.0, p + width / 2))


def _often(share: float) -> str:
    """In what part of the time in which it is asked an actor refuses."""
    return "always" if share > 1 - RARE else f"in {share:.0%} of the time"
