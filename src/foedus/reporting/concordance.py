"""Do the views agree? Each two of them compared, in words."""

from __future__ import annotations

from collections.abc import Iterator

from foedus.case.problems import listed
from foedus.document import Block, Point, Points, Sentence, Tone
from foedus.evidence.concordance import Concordance, Pairing, over
from foedus.reporting.competing import hypothesis_name, order_told


def concordance_blocks(result: Concordance) -> tuple[Block, ...]:
    """A sentence for each two views, and the order by each."""
    return (*_sentences(result), _orders(result))


def _sentences(result: Concordance) -> Iterator[Sentence]:
    if not result.pairings:
        yield Sentence("There are no two views to compare.", "muted")
    for pairing in result.pairings:
        text, tone = _told(result, pairing)
        yield Sentence(text, tone)
    if result.shared:
        yield Sentence(
            "Agreement with the inside view is partly agreement with itself: "
            f"{', '.join(result.shared)} stand behind both.",
            "muted",
        )


def _told(result: Concordance, pairing: Pairing) -> tuple[str, Tone]:
    both = f"{pairing.first} and {pairing.second}"
    match pairing.verdict:
        case "agree":
            return f"{both} agree: they put no two hypotheses in opposite order.", "good"
        case "agree on the first":
            turned = listed((f"{a} and {b}" for a, b in pairing.reversed_), "and")
            return f"{both} agree on what comes first, but turn {turned} round.", "plain"
        case "clash":
            firsts = [
                listed(
                    (hypothesis_name(result.case, h) for h in _top(result, name, pairing)), "and"
                )
                for name in (pairing.first, pairing.second)
            ]
            text = f"{both} clash: {firsts[0]} comes first by the one, {firsts[1]} by the other."
            return text, "warn"
        case _:
            return f"{both} cannot be compared: they do not order two hypotheses both.", "muted"


def _top(result: Concordance, view: str, pairing: Pairing) -> tuple[str, ...]:
    return over(result.orders[view], pairing.common)[0]


def _orders(result: Concordance) -> Points:
    return Points(
        tuple(Point(f"{name}: {order_told(order)}") for name, order in result.orders.items())
    )
