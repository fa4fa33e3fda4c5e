"""Results as tables: of the plain data of each, rows with one value in each cell.

A column is named as the key in the plain data; a key within a key is joined to it by a dot.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Plain = Mapping[str, Any]
Rows = Iterator[dict[str, Any]]


def flat(data: Plain, before: str = "") -> dict[str, Any]:
    """The single values of plain data, by their keys joined by dots; lists are left out.

    >>> flat({"p": 0.5, "at": {"low": 0.4, "all": [1, 2]}})
    {'p': 0.5, 'at.low': 0.4}
    """
    found: dict[str, Any] = {}
    for key, value in data.items():
        if isinstance(value, Mapping):
            found |= flat(value, f"{before}{key}.")
        elif not isinstance(value, list | tuple):
            found[f"{before}{key}"] = value
    return found


def _named(column: str, entries: Plain) -> Rows:
    """One row an entry: its key, and its single values."""
    for name, entry in entries.items():
        yield {column: name, **flat(entry)}


def check_records(data: Plain) -> Rows:
    """One row: the counts and the dates of the case."""
    counted = {key: len(data[key]) for key in ("actors", "issues", "movers", "notices")}
    single = ("title", "question", "as_of", "deadline", "states", "settled")
    slips = len(data["slips"]["found"])
    yield {**{key: data[key] for key in single}, **counted, "slips": slips}


def acceptance_records(data: Plain) -> Rows:
    """One row an arrangement and actor: what the best form is worth to it, and how it answers."""
    for name, found in data["arrangements"].items():
        of = {"arrangement": name, "status": found["status"], "chance": found["chance"]}
        form = found["forms"][0] if found["forms"] else {"gain": {}, "kept": {}, "now": {}}
        actors = dict.fromkeys((*form["gain"], *found["refuses"]))
        if not actors:
            yield of
        for actor in actors:
            yield {
                **of,
                "state": form["state"]["id"] if found["forms"] else None,
                "actor": actor,
                **{key: form[key].get(actor) for key in ("kept", "gain", "now")},
                "never": found["never"].get(actor),
                "asked": found["asked"].get(actor),
                "refuses": found["refuses"].get(actor),
            }


def stability_records(data: Plain) -> Rows:
    """One row a settled state, mover and concept: whether the mover is stable there."""
    listed = {state["id"]: flat(state["positions"], "positions.") for state in data["states"]}
    for concept, movers in data["stable"].items():
        equilibria = set(data["equilibria"][concept])
        for mover, stable in movers.items():
            there = set(stable)
            for number, positions in listed.items():
                yield {
                    "state": number,
                    "concept": concept,
                    "mover": mover,
                    "stable": number in there,
                    "equilibrium": number in equilibria,
                    **positions,
                }


def path_records(data: Plain) -> Rows:
    """One row an arrangement and step of the way to it; one without a step where there is none."""
    for name, way in data["arrangements"].items():
        of = {"arrangement": name, "status": way["status"], "reached": way["reached"]}
        if not way["steps"]:
            yield {**of, "step": None}
        for number, step in enumerate(way["steps"], 1):
            shown = {key: step[key] for key in ("from", "to", "days")}
            refused = "+".join(each["actor"] for each in step["refusals"])
            yield {**of, "step": number, "by": "+".join(step["by"]), **shown, "refused_by": refused}


def forecast_records(data: Plain) -> Rows:
    """One row an arrangement and question: how likely, with its Monte Carlo error and range."""
    for name, found in data["arrangements"].items():
        for question in ("reached", "as_judged", "reached_and_stable"):
            yield {
                "arrangement": name,
                "hypothesis": name in data["hypotheses"],
                "question": question,
                **flat(found[question] or {}),
            }


def driver_records(data: Plain) -> Rows:
    """One row a judgement: how far the answer depends on it."""
    for driver in data["drivers"]:
        yield {"answer": data["answer"], **flat(driver)}


def indicator_records(data: Plain) -> Rows:
    """One row an indicator, at the date that tells most."""
    return map(flat, data["indicators"])


def observed_records(data: Plain) -> Rows:
    """One row an arrangement: how likely before and after the observation."""
    return _named("arrangement", data["arrangements"])


def whatif_records(data: Plain) -> Rows:
    """One row an arrangement: how likely before and after, and the difference."""
    return _named("arrangement", data["arrangements"])


def bargain_records(data: Plain) -> Rows:
    """One row an issue and model: its forecast, and its quantiles by their levels."""
    for found in data["predictions"]:
        yield flat({key: value for key, value in found.items() if key != "nearest"})


def judges_records(data: Plain) -> Rows:
    """One row a view, an arrangement and a judge: the judge's answer, the case's and the pools."""
    for view, answers in data["views"].items():
        for name, found in answers.items():
            for judge, p in found["judges"]["by_judge"].items():
                of = {"view": view, "arrangement": name, "judge": judge, "p": p}
                pools = ("case", "judgements", "linear", "log_odds")
                yield {**of, **{key: found[key] for key in pools}}


def taking_records(data: Plain) -> Rows:
    """One row a change of a judgement, of each who refuses (``blocker``) and of all together.

    ``turn`` counts the alternatives, each enough by itself.
    """
    for blocker, found in {**data["blockers"], None: data["together"]}.items():
        of = {"arrangement": data["arrangement"], "blocker": blocker, "found": found["found"]}
        if not found["turns"]:
            yield of
        for k, turn in enumerate(found["turns"], start=1):
            worse = turn["only_worsening_batna"]
            for change in turn["changes"]:
                yield {**of, "turn": k, "only_worsening_batna": worse, **_change(change)}


def _change(change: Plain) -> dict[str, Any]:
    ends = {
        f"{when}.{end}": value
        for when in ("before", "after")
        for end, value in zip(("low", "mode", "high"), change[when], strict=True)
    }
    return {**flat(change), **ends}


def shift_records(data: Plain) -> Rows:
    """One row a change of a judgement; ``way`` counts the alternatives, each enough by itself."""
    of = {"answer": data["answer"], "target": data["target"], "base": data["base"]["p"]}
    for k, way in enumerate(data["ways"], start=1):
        for change in way["changes"]:
            yield {**of, "way": k, "p": way["p"]["p"], **_change(change)}


def audit_records(data: Plain) -> Rows:
    """One row a finding."""
    return map(flat, data["findings"])


def ach_records(data: Plain) -> Rows:
    """One row an item and hypothesis: its mark, with the weight of the item."""
    for item, found in data["items"].items():
        for hypothesis, mark in found["marks"].items():
            yield {"item": item, "hypothesis": hypothesis, "mark": mark, **_without_marks(found)}


def _without_marks(found: Plain) -> dict[str, Any]:
    return flat({key: value for key, value in found.items() if key != "marks"})


def bayes_records(data: Plain) -> Rows:
    """One row a hypothesis: its prior, and its posterior with the range."""
    for hypothesis, share in data["posterior"].items():
        yield {
            "hypothesis": hypothesis,
            "prior": data["prior"]["shares"][hypothesis],
            **flat(share, "posterior."),
        }


def governments_records(data: Plain) -> Rows:
    """One row a coalition: its members, its chance, and who is asked from outside."""
    for each in data["coalitions"]:
        members = " ".join(each["members"])
        outside = " ".join(asked["party"] for asked in each["asked"] if asked["outside"])
        single = {key: each[key] for key in ("p", "low", "high", "majority")}
        yield {"members": members, **single, "supporters": outside}


def trace_records(data: Plain) -> Rows:
    """One row a thing of either tree, with how deep it stands and what it stands below."""

    def visit(node: Plain, way: str, above: str | None, depth: int) -> Rows:
        single = {key: node.get(key) for key in ("kind", "name", "text", "line")}
        yield {"direction": way, "depth": depth, "above": above, **single}
        for child in node.get("children", ()):
            yield from visit(child, way, node.get("name"), depth + 1)

    for way in ("down", "up"):
        yield from visit(data[way], way, None, 0)
