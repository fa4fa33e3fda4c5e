"""What is argued about, for the workbench: the answers as written, or beside those of a change."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from foedus.document import (
    Block,
    Likelihood,
    Likelihoods,
    Range,
    Ranges,
    Sentence,
    Tone,
    number,
)
from foedus.forecasting.estimates import from_mean, percent
from foedus.forecasting.outside import OTHER
from foedus.forecasting.wording import bands_of, word_for
from foedus.reporting.acceptance import gained
from foedus.reporting.agreed import agreed_told
from foedus.reporting.otherwise import both_answers, pooled_told
from foedus.sensitivity.inputs import judgement_told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from foedus.case.model import Case
    from foedus.forecasting.headline import Headline
    from foedus.preferences.games import Game
    from foedus.sensitivity.agreed import Agreed
    from foedus.sensitivity.otherwise import WhatIf
    from foedus.sensitivity.taking import WhatItTakes

NOTHING = 1e-9
"""What is gained or lost by less than this, in own units, is nothing."""

MOST_WAYS = 3
"""So many changes are drawn for each blocker, the smallest first."""

MOST_ROWS = 8
"""So many answers are drawn at most: the hypotheses, or the likeliest arrangements."""


def judged_blocks(found: Headline) -> tuple[Block, ...]:
    """The answers of a case as it is judged: a picture, and in a sentence the likeliest."""
    names = asked_of(found)
    told = _told(found, names)
    rows = tuple(replace(told[name], label=_label(found.case, name)) for name in names)
    return (_opening(found, names), _picture(found, rows, "How likely each is at the deadline"))


def argued_blocks(result: WhatIf) -> tuple[Block, ...]:
    """Both answers side by side: in a sentence, drawn, and as a table."""
    names = asked_of(result.before, result.after)
    before, after = _told(result.before, names), _told(result.after, names)
    rows = []
    for name in names:
        label = _label(result.before.case, name)
        rows.append(replace(before[name], label=f"{label}, as written", tone="muted"))
        rows.append(replace(after[name], label=f"{label}, with the change"))
    drawn = _picture(
        result.before, tuple(rows), "How likely each is, as written and with the change"
    )
    return (_moved(result, names), drawn, both_answers(result)[1])


def _moved(result: WhatIf, names: tuple[str, ...]) -> Sentence:
    """What the change does to what is asked about, by the numbers that are drawn."""
    if not result.before.pooled:
        return both_answers(result)[0]
    told = []
    by_change = sorted(names, key=lambda name: -abs(result.difference(name).change))
    for name in by_change:
        difference = result.difference(name)
        if difference.pooled is None or not difference.beyond_error:
            continue
        before, after, _ = difference.pooled
        first, then = pooled_told(difference.pooled)
        way = "rises" if after > before else "falls"
        label = _label(result.before.case, name)
        if first == then:
            told.append(f"“{label}” {way} by {100 * abs(after - before):.1g} points, from {first}.")
        else:
            told.append(f"“{label}” {way} from {first} to {then}.")
    text = " ".join(told) or "No hypothesis becomes likelier or less likely by more than error."
    return Sentence(f"All views pooled: {text}" if told else text, strong=True)


def asked_of(*found: Headline) -> tuple[str, ...]:
    """The hypotheses; without any, the arrangements that are likeliest in either answer."""
    case = found[0].case
    if case.hypotheses:
        return case.hypotheses
    most = {name: max(each.probability(name).p for each in found) for name in case.arrangements}
    return tuple(sorted(most, key=lambda name: -most[name])[:MOST_ROWS])


def _told(found: Headline, names: tuple[str, ...]) -> dict[str, Likelihood]:
    """Each answer: of all views pooled, with its range over them, where there are hypotheses.

    Without any, the inside view with its Monte Carlo error.
    """
    views = found.views
    told = {}
    for name in names:
        base = None
        if views is not None:
            share, over = views.pooled.pooled[name], views.pooled.over_weights(name)
            p, low, high = share.p, min(share.low, *over), max(share.high, *over)
            if name in views.outside.by_classes:
                base = views.outside.shares[name].p
        else:
            answer = found.probability(name)
            p, low, high = answer.p, answer.low, answer.high
        word = word_for(p, found.case.words).word
        told[name] = Likelihood(name, p, min(low, p), max(high, p), word, base)
    return told


def _picture(found: Headline, rows: tuple[Likelihood, ...], title: str) -> Likelihoods:
    case = found.case
    bands = tuple((*band, words[0]) for band, words in bands_of(case.words).items())
    what = (
        "All views pooled, with their range"
        if case.hypotheses
        else "By the inside view, with Monte Carlo error"
    )
    return Likelihoods(title, rows, bands, f"{what}; {found.draws:,} draws, seed {found.seed}.")


def _opening(found: Headline, names: tuple[str, ...]) -> Sentence:
    """The likeliest answer in a sentence, with the digits that Monte Carlo error leaves."""
    told = {name: found.probability(name) for name in names}
    views = found.views
    if views is not None:
        shares = views.pooled.pooled
        told = {name: from_mean(shares[name].p, shares[name].se) for name in (*names, OTHER)}
    figures = {name: percent(each.p, each.low, each.high) for name, each in told.items()}
    likeliest = max(names, key=lambda name: told[name].p)
    label = found.case.arrangements[likeliest].name
    if OTHER in told and told[OTHER].p > told[likeliest].p:
        text = f"Most likely is that none of these comes about: {figures[OTHER]}. "
        text += f"Next comes “{label}”: {figures[likeliest]}."
    else:
        text = f"Likeliest is “{label}”: {figures[likeliest]}."
    return Sentence(text, strong=True)


def _label(case: Case, name: str) -> str:
    return case.arrangements[name].name


def needed_picture(result: WhatItTakes) -> Ranges | None:
    """How far each judgement would have to move for a blocker to agree, in halves of its range.

    The smallest changes of one judgement that turn each blocker; None where there are none.
    """
    case = result.case
    drawn = []
    for turning in result.blockers:
        singly = [turn.changes[0] for turn in turning.turns if len(turn.changes) == 1]
        for change in singly[:MOST_WAYS]:
            moved = round(change.half_ranges, 2)
            label = judgement_told(case, change.before)
            if turning.blocker and turning.blocker != change.before.owner:
                label = f"for {case.actors[turning.blocker].name}: {label}"
            note = f"{number(change.before.mode)} to {number(round(change.after.mode, 2))}"
            tone: Tone = "plain" if change.within else "warn"
            drawn.append(Range(label, min(0.0, moved), moved, max(0.0, moved), tone, note))
    if not drawn:
        return None
    return Ranges(
        "What would have to be judged otherwise, one at a time",
        "halves of its judged range",
        tuple(drawn),
        ((0.0, "as judged"),),
        "Each bar is one change that is enough for its actor to agree; one with a ! leaves the "
        "range that is judged.",
    )


def veto_rows(
    game: Game,
    actors: Sequence[str],
    before: Mapping[str, Agreed],
    after: Mapping[str, Agreed] | None,
) -> list[dict[str, Any]]:
    """The veto map as rows to be laid out: each arrangement, and what each actor makes of it.

    A cell says how it is (``refuses``, ``worse``, ``gains``, ``loses``, ``same`` or nothing), its
    gain in its own units, and the same ``before`` where a change is argued about. ``first`` are the
    hypotheses (all, where there are none), and what the change makes otherwise.
    """
    case = game.case
    names = {actor: each.name for actor, each in case.actors.items()}
    rows = []
    for name, first in before.items():
        then = first if after is None else after[name]
        cells = []
        for actor in actors:
            cell = {"actor": actor, **_said(game, then, actor)}
            was = _said(game, first, actor)
            cell["before"] = was if was["says"] != cell["says"] else None
            cells.append(cell)
        rows.append(
            {
                "id": name,
                "first": not case.hypotheses or name in case.hypotheses or first.key != then.key,
                "name": case.arrangements[name].name,
                "told": agreed_told(names, then),
                "before": agreed_told(names, first) if first.key != then.key else None,
                "cells": cells,
            }
        )
    return rows


def concerned(case: Case, *consents: Mapping[str, Agreed]) -> tuple[str, ...]:
    """The actors that gain or lose by some arrangement, or refuse it, in the order of the case."""
    found = {
        actor
        for consent in consents
        for each in consent.values()
        for actor in (*each.gains, *each.refuse, *each.worse_off)
    }
    return tuple(actor for actor in case.actors if actor in found)


def _said(game: Game, agreed: Agreed, actor: str) -> dict[str, Any]:
    gain = agreed.gains.get(actor)
    if gain is not None and abs(gain) < NOTHING:
        gain = 0.0
    if actor in agreed.refuse:
        says = "refuses"
    elif actor in agreed.worse_off:
        says = "worse"
    elif gain is None:
        says = ""
    else:
        says = "gains" if gain > 0 else "loses" if gain < 0 else "same"
    return {"says": says, "told": "" if not gain else gained(game, actor, gain)}
