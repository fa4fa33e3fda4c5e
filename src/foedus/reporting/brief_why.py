"""Why the answer is what it is: who must agree, how long it takes, what comes instead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from foedus.case.problems import listed
from foedus.document import Point
from foedus.forecasting.estimates import percent
from foedus.forecasting.outside import OTHER
from foedus.forecasting.paces import RecordPace, paces_of
from foedus.forecasting.results import Forecast
from foedus.preferences import differences
from foedus.preferences.games import Game
from foedus.process.acceptance import ALWAYS, Acceptance, Finding
from foedus.process.consent import Form
from foedus.reporting.acceptance import gained, share, signed
from foedus.reporting.event_effects import MATTERS
from foedus.reporting.findings import Findings
from foedus.reporting.names import capital, inside
from foedus.reporting.paths_picture import chance_told, time_told
from foedus.reporting.questions import SELDOM

TOLD = 2
"""So many of those who refuse are told with their reason."""


def why(found: Findings, name: str) -> tuple[Point, ...]:
    """Three or four sentences on one arrangement, each with its figure and where more is said."""
    points = [*_consent(found, name), *_pace(found, name)]
    if found.ahead is not None:
        points += _events(found.ahead.forecast, name)
        points += _instead(found.ahead.forecast, name)
    return tuple(points)


# --- who must agree -------------------------------------------------------------------------------


def _consent(found: Findings, name: str) -> Iterator[Point]:
    accepted = found.accepted
    if accepted is None:
        return
    finding = accepted[name]
    form, best = finding.form, finding.best
    if form is None:
        yield Point("Nobody can bring it about from the status quo.", see="veto-players")
        return
    if best is None:
        told = {
            "by itself": "Nobody is asked: it comes by itself if nobody acts",
            "by events": "Nobody is asked: it comes by events alone",
        }.get(finding.consent.status, "It comes in stages alone, each agreed by those asked for it")
        yield Point(f"{told} ({share(finding.chance)} at the most likely judgements).")
        return
    refuses = _refusing(finding, best.coalition)
    asked = _named(found.game, best.coalition)
    verb = "must agree" if len(best.coalition) > 1 else "decides"
    if not refuses:
        gains = listed((_gain(accepted, form, a) for a in best.coalition if a in form.gain), "and")
        yield Point(f"{capital(asked)} {verb}, and would: {gains}.", see="veto-players")
        return
    yield Point(
        f"{capital(asked)} {verb}; {_named(found.game, refuses)} "
        f"{'refuse' if len(refuses) > 1 else 'refuses'}{_how_often(finding, refuses)}.",
        tuple(_reasons(accepted, finding, form, refuses)),
        see="veto-players",
    )


def _refusing(finding: Finding, coalition: frozenset[str] | tuple[str, ...]) -> list[str]:
    """Those of a coalition that refuse it when asked, most often first."""
    refuses = finding.consent.refusals.refuses
    often = [actor for actor in coalition if refuses.get(actor, 0.0) >= SELDOM]
    return sorted(often, key=lambda actor: -refuses[actor])


def _how_often(finding: Finding, refusing: list[str]) -> str:
    parts = [finding.consent.refusals.refuses[actor] for actor in refusing]
    if min(parts) >= ALWAYS:
        return " whenever asked"
    if len(parts) == 1:
        return f" in {share(parts[0])} of the time when asked"
    return f" in {share(min(parts))} to {share(max(parts))} of the time when asked"


def _reasons(
    accepted: Acceptance, finding: Finding, form: Form, refusing: list[str]
) -> Iterator[Point]:
    """What each that refuses would lose, and the judgement that weighs most against it."""
    game = accepted.game
    for actor in refusing[:TOLD]:
        name = game.case.actors[actor].name
        if actor not in form.gain:
            percent_for, _ = finding.best.electorates[actor] if finding.best else (0.0, False)
            needed = game.views[actor].threshold or 0.0
            yield Point(f"{name}: {percent_for:.0f}% in favour, {needed:.0f}% needed.")
            continue
        gain = form.gain[actor]
        lost = f"{name}: {gained(game, actor, gain)} on its own scale"
        against = [
            each
            for each in differences(game.space, actor, accepted.process.today, form.state)
            if each.change < 0 and each.unit == "points" and each.judgement is not None
        ]
        if gain < 0 and against:
            least = min(against, key=lambda each: each.change)
            lost += f", most of it for “{least.item}” ({signed(least.change)})"
        yield Point(f"{lost}.")


def _named(game: Game, actors: Iterable[str]) -> str:
    """The names of actors within a sentence."""
    return listed((inside(game.case.actors[actor].name) for actor in actors), "and")


def _gain(accepted: Acceptance, form: Form, actor: str) -> str:
    game = accepted.game
    return f"{inside(game.case.actors[actor].name)} {gained(game, actor, form.gain[actor])}"


# --- how long it takes ----------------------------------------------------------------------------


def _pace(found: Findings, name: str) -> Iterator[Point]:
    """The slowest pace on the way to it, in the time left."""
    finding = found.accepted[name] if found.accepted is not None else None
    paces = paces_of(found.game.case)
    if finding is None or finding.form is None or paces.within is None:
        return
    space = found.game.space
    here, there = (dict(space.positions(k)) for k in (space.today or 0, finding.form.state))
    changed = {issue for issue in there if here[issue] != there[issue]}
    on_the_way = [p for p in paces.records.values() if changed & set(p.issues) and p.parallel]
    if on_the_way:
        slowest = min(on_the_way, key=lambda pace: pace.parallel[0])
        yield Point(_pace_told(slowest, paces.within), see="forecast-pace")


def _pace_told(pace: RecordPace, within: float) -> str:
    record = pace.record
    years = time_told((record.until - record.since).days)
    return (
        f"It takes time: of {record.agreed} such things agreed, {record.done} "
        f"{'was' if record.done == 1 else 'were'} done in {years}. In the "
        f"{time_told(365.25 * within)} left one more is done with {chance_told(pace.parallel[0])}, "
        "if all want it."
    )


# --- what the world does --------------------------------------------------------------------------


def _events(f: Forecast, name: str) -> Iterator[Point]:
    """The event that moves it most, whoever wants it."""
    if not f.events:
        return
    moved = {each.event: each.reached[name] - each.without[name] for each in f.events}
    most = max(f.events, key=lambda each: abs(moved[each.event]))
    if abs(moved[most.event]) >= MATTERS:
        yield Point(
            f"What the world does moves it: {chance_told(most.reached[name])} at the most likely "
            f"judgements, {chance_told(most.without[name])} without "
            f"“{f.case.events[most.event].name}”.",
            see="forecast-events",
        )


# --- what comes instead ---------------------------------------------------------------------------


def _instead(f: Forecast, name: str) -> Iterator[Point]:
    """What stands at the deadline most often where it does not."""
    names = [h for h in f.case.hypotheses if h != name]
    if name not in f.case.hypotheses or not f.case.hypotheses:
        return
    chances = {h: f.answer(h).p for h in (*names, OTHER)}
    order = sorted(chances, key=lambda h: -chances[h])
    told = [
        f"{_answer_told(f, h)} ({percent(chances[h], chances[h] - 0.005, chances[h] + 0.005)})"
        for h in order[:2]
        if chances[h] >= 0.01
    ]
    if told:
        yield Point(f"What stands instead: {listed(told, 'or')}.", see="forecast-views")


def _answer_told(f: Forecast, name: str) -> str:
    if name == OTHER:
        return "none of what is asked about"
    return f"“{f.case.arrangements[name].name}”"
