"""The work that evidence takes grows with the items, not with their square: steps are counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pytest
from marked import case_of, item, likely

from foedus.case.links import JudgementNames
from foedus.case.model import And, Case, Judgement, Statement, Worth, WorthItem
from foedus.evidence import audit_findings, competing, scoring, updating
from foedus.evidence.audit import audit
from foedus.forecasting.ranges import Spread


def marked_case(items: int) -> Case:
    return case_of(*(item(f"i{k}", "- + 0", source=f"s{k % 7}") for k in range(items)))


def likely_case(items: int) -> Case:
    made = (likely(f"i{k}", "ao", (0.2, 0.3, 0.4 + k / 10_000), 0.1) for k in range(items))
    return case_of(*made, hypotheses="a")


def counted(called: list[int], function: Callable[..., object]) -> Callable[..., object]:
    def counting(*given: object) -> object:
        called.append(1)
        return function(*given)

    return counting


@pytest.mark.parametrize("origins", ["once", "each"])
def test_ach_values_each_mark_a_few_times(monkeypatch: pytest.MonkeyPatch, origins: str) -> None:
    called: list[int] = []
    rule = scoring.RULES["open-synthesis"]
    counting = replace(rule, against=counted(called, rule.against))
    monkeypatch.setattr(competing, "rule_named", lambda _: counting)
    numbers = []
    for size in (20, 40):
        called.clear()
        competing.ach(marked_case(size), origins=origins)  # type: ignore[arg-type]
        numbers.append(len(called))
    assert numbers[0] >= 20 * 3
    assert numbers[1] == 2 * numbers[0]


def test_bayes_takes_each_likelihood_a_few_times(monkeypatch: pytest.MonkeyPatch) -> None:
    logs: list[int] = []
    spreads: list[int] = []
    monkeypatch.setattr(updating, "_logs", counted(logs, updating._logs))
    monkeypatch.setattr(Spread, "at", counted(spreads, Spread.at))
    numbers = []
    for size in (10, 20):
        logs.clear()
        spreads.clear()
        updating.bayes(likely_case(size))
        numbers.append((len(logs), len(spreads)))
    (few, fewer), (more, most) = numbers
    assert few >= 10
    assert more <= 2 * few
    assert most == 2 * fewer == 2 * 2 * 10  # its mean and its draws


def test_an_audit_reads_each_list_once_to_name_what_stands_in_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[int] = []
    monkeypatch.setattr(audit_findings, "JudgementNames", counted(made, JudgementNames))
    value = Judgement(1, 1, 1, path=("preferences", "p", "worth", "w"))
    worth = Worth(tuple(WorthItem(f"w{k}", Statement("", And(())), value) for k in range(5)))
    audit(replace(marked_case(3), preferences={"p": worth}))
    assert len(made) == 1


@dataclass
class Listed:
    """A preference that counts how often its list is read."""

    read: int = 0

    @property
    def items(self) -> tuple[WorthItem, ...]:
        self.read += 1
        value = Judgement(1, 1, 1)
        names = ("w", "v", "v", "7")
        return tuple(WorthItem(name, Statement("", And(())), value) for name in names)


def test_names_are_read_once_for_each_actor() -> None:
    listed = Listed()
    names = JudgementNames(replace(marked_case(1), preferences={"p": listed}))  # type: ignore[dict-item]
    told = [names(("preferences", "p", "priorities", k, "because")) for k in range(5)]
    where = "preferences.p.priorities"
    assert told[0] == f"{where}.w.because"
    assert told[1:] == [f"{where}.{k}.because" for k in range(1, 5)]
    assert names(("evidence", "e", 3)) == "evidence.e.3"
    assert listed.read == 1


def test_ranges_left_out_are_those_of_the_weighing_of_the_rest() -> None:
    """Sums with one origin taken out against sums made without it, impossible draws and all."""
    rng = np.random.default_rng(3)
    rows = [rng.random((50, 2)) for _ in range(4)]
    rows[1][::3, 0] = 0.0
    rows[2][::3, 0] = 0.0
    prior = np.array([[0.3, 0.7]])
    whole = updating._Sums.of(prior, rows)
    for k in range(len(rows)):
        rest = [*rows[:k], *rows[k + 1 :]]
        product = prior * np.prod(rest, axis=0)
        shares = product / product.sum(axis=1, keepdims=True)
        assert whole.without(rows[k]).shares() == pytest.approx(shares, rel=1e-9)
        with np.errstate(divide="ignore"):
            odds = 10 * np.log10(product / product[:, ::-1])
        found = whole.without(rows[k]).odds().T
        assert found == pytest.approx(odds, rel=1e-7, abs=1e-9)
