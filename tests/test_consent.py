"""Consent: against the known answers, a slow reference from its definition, and its laws."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from reference.consent import Coalition, Spec, consent, refusals
from strategies import PROCESSES

import foedus
from foedus.case.problems import CaseError
from foedus.case.reading import parse_case
from foedus.document import Explanation
from foedus.loading import load
from foedus.process.acceptance import Acceptance, Finding, acceptance
from foedus.process.consent import Form
from foedus.process.model import Behaviour, Process
from foedus.process.pace import DAYS_A_YEAR, hazard_of
from foedus.reporting.asking import why

CASES = Path(__file__).parent / "process_cases"
KNOWN = sorted(path.stem for path in CASES.glob("*.json"))
BEHAVIOURS: tuple[Behaviour, ...] = ("myopic", "farsighted")


def found_in(name: str, behaviour: Behaviour = "myopic") -> Acceptance:
    return acceptance(load(CASES / f"{name}.yaml"), behaviour)


def best(finding: Finding) -> Form:
    assert finding.form is not None
    return finding.form


# --- known answers ----------------------------------------------------------------------------


@pytest.mark.parametrize("behaviour", BEHAVIOURS)
@pytest.mark.parametrize("name", KNOWN)
def test_the_known_answers(name: str, behaviour: Behaviour) -> None:
    known = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
    found = found_in(name, behaviour)
    ordinal = {a for a, view in found.game.views.items() if view.kind == "ordinal"}
    for arrangement, chance in known[behaviour]["probability"].items():
        assert found[arrangement].chance == pytest.approx(chance, abs=2e-7)
    for arrangement, told in known[behaviour].get("consent", {}).items():
        finding = found[arrangement]
        assert (finding.consent.status == "by itself") == told.get("by_itself", False)
        assert (finding.consent.status == "nobody") == told.get("nobody_can", False)
        _same(finding.consent.never, told["never"], known["range"], ordinal)
        assert len(finding.consent.forms) == len(told.get("forms", []))
        for form, wanted in zip(finding.consent.forms, told.get("forms", []), strict=True):
            positions = found.game.space.positions(form.state)
            assert ", ".join(f"{k}={v}" for k, v in positions.items()) == wanted["form"]
            for key in ("kept", "gain", "now"):
                _same(getattr(form, key), wanted[key], known["range"], ordinal)
            _same_asked(form, wanted["asked"])


def _same(mine: Any, known: dict[str, float], ranges: dict[str, float], ordinal: set[str]) -> None:
    for actor, value in known.items():
        if actor not in ordinal:
            assert mine[actor] == pytest.approx(value, abs=1e-6 * ranges[actor])


def _same_asked(form: Form, known: list[dict[str, Any]]) -> None:
    assert len(form.asked) == len(known)
    for mine, told in zip(form.asked, known, strict=True):
        assert set(mine.coalition) == set(told["coalition"])
        assert set(mine.refuse) == set(told["refuse"])
        assert mine.shortfall == pytest.approx(told["shortfall"], abs=1e-6)
        assert mine.mean == pytest.approx(told["mean"], abs=1e-6)
        assert {a: list(v) for a, v in mine.electorates.items()} == told["electorates"]


# --- the reference ----------------------------------------------------------------------------


def random_spec(seed: int) -> Spec:
    choose = random.Random(seed)  # noqa: S311 - to make cases
    sizes = tuple(choose.choice([2, 2, 3]) for _ in range(choose.choice([2, 3])))
    actors = ("ann", "bob", "cat")
    pool = [frozenset(choose.sample(actors, choose.choice([1, 1, 2]))) for _ in range(3)]
    rights = tuple(tuple({choose.choice(pool), choose.choice(pool)}) for _ in sizes)
    places = [(i, p) for i, size in enumerate(sizes) for p in range(1, size)]
    worth = {
        actor: {place: float(choose.choice([-20, -7, 0, 5, 12, 25])) for place in places}
        for actor in actors
    }
    for actor in actors:
        worth[actor][choose.choice(places)] = 9.0
    timed = choose.choice([None, *range(len(sizes))])
    excluded = []
    if choose.random() < 0.4:
        first, second = choose.sample(places, 2)
        if first[0] != second[0]:
            excluded.append((first, second))
    wanted: dict[int, frozenset[int]] = {}
    for i in choose.sample(range(len(sizes)), choose.choice([1, 1, 2])):
        wanted[i] = frozenset([choose.randrange(1, sizes[i])])
    case = parse_case(_yaml(sizes, rights, timed, worth, excluded, wanted))
    record = case.records.get("slow")
    hazard = 0.0 if record is None else hazard_of(record).mean / DAYS_A_YEAR
    days = Process.of(case).days
    return Spec(sizes, rights, timed, worth, tuple(excluded), wanted, days, hazard)


def _yaml(
    sizes: tuple[int, ...],
    rights: tuple[tuple[Coalition, ...], ...],
    timed: int | None,
    worth: dict[str, dict[tuple[int, int], float]],
    excluded: Any,
    wanted: dict[int, frozenset[int]],
) -> str:
    lines = ["foedus: 1", "title: Random", "as_of: 2020-01-01", "deadline: 2020-06-01"]
    lines += ["actors: {ann: {}, bob: {}, cat: {}}", "issues:"]
    for i, size in enumerate(sizes):
        positions = ", ".join(f"p{p}: P{p}" for p in range(size))
        right = " or ".join("(" + " and ".join(sorted(c)) + ")" for c in rights[i])
        pace = ", pace: slow" if i == timed else ""
        lines.append(f"  i{i}: {{positions: {{{positions}}}, decided_by: {right}{pace}}}")
    if excluded:
        ((i, p), (j, q)) = excluded[0]
        lines.append(f"rules: [{{rule: not (i{i} = p{p} and i{j} = p{q}), why: It is so}}]")
    if timed is not None:
        lines.append(
            "records: {slow: {since: 2010-01-01, until: 2020-01-01, agreed: 4, done: 3, "
            'willing: "yes"}}'
        )
    when = " and ".join(f"i{i} = p{p}" for i, ps in wanted.items() for p in ps)
    lines += [f"arrangements: {{deal: {{when: {when}}}}}", "preferences:"]
    for actor, items in worth.items():
        told = ", ".join(
            f"w{i}{p}: {{when: i{i} = p{p}, value: {value:g}}}" for (i, p), value in items.items()
        )
        lines.append(f"  {actor}: {{worth: {{{told}}}}}")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("seed", range(PROCESSES))
def test_the_reference_from_the_definition(seed: int) -> None:
    spec = random_spec(seed)
    text = _yaml(spec.sizes, spec.rights, spec.timed, spec.worth, spec.excluded, spec.wanted)
    found = acceptance(parse_case(text))
    finding, space = found["deal"], found.game.space
    if finding.consent.status != "direct":
        assert not consent(spec)[1]
        return
    never, forms = consent(spec)
    for actor, value in never.items():
        assert finding.consent.never[actor] == pytest.approx(value, abs=1e-3)
    mine = {
        tuple(int(p[1:]) for p in space.positions(form.state).values()): form
        for form in finding.consent.forms
    }
    assert mine.keys() <= forms.keys()
    assert len(mine) == min(len(forms), 6)
    for state, form in mine.items():
        for actor in spec.worth:
            assert form.kept[actor] == pytest.approx(forms[state].kept[actor], abs=1e-3)
            assert form.gain[actor] == pytest.approx(forms[state].gain[actor], abs=1e-3)
        asked = {frozenset(each.coalition): frozenset(each.refuse) for each in form.asked}
        assert asked == forms[state].asked
    asked_share, refuses = refusals(spec)
    assert dict(finding.consent.refusals.asked) == pytest.approx(asked_share, abs=1e-4)
    assert dict(finding.consent.refusals.refuses) == pytest.approx(refuses, abs=1e-3)


# --- what it is for ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["all-or-nothing", "all-or-nothing-without"])
def test_an_easy_deal_is_no_hostage_of_a_hard_one(name: str) -> None:
    finding = found_in(name)["easy-done"]
    assert finding.status == "acceptable"
    assert finding.chance == pytest.approx(1)


def test_a_bundle_excuses_nothing() -> None:
    found = found_in("bundle-excuses")
    finding = found["infighting"]
    assert finding.status == "blocked"
    assert finding.blockers == ("guards",)
    assert best(finding).gain["guards"] == pytest.approx(-20)
    assert best(finding).riders == ()
    assert found["peace"].status == "by itself"
    assert found["peace"].acceptable


def test_the_order_of_positions_changes_nothing() -> None:
    dates = "as_of: 2020-01-01\ndeadline: 2021-01-01\n"
    told = []
    for name in ("tie-a", "tie-b"):
        text = (CASES / f"{name}.yaml").read_text(encoding="utf-8") + dates
        finding = acceptance(parse_case(text))["deal"]
        told.append((finding.status, finding.acceptable, finding.chance, best(finding).gain))
    assert told[0][:2] == told[1][:2]
    assert told[0][2] == pytest.approx(told[1][2])
    assert dict(told[0][3]) == pytest.approx(dict(told[1][3]))


RIVALS = """
foedus: 1
title: Two who want different things of one
as_of: 2020-01-01
deadline: 2021-01-01
actors: {ann: {name: Ann}, bob: {name: Bob}}
issues: {post: {positions: {none: None, first: First, second: Second},
  decided_by: {none -> first: ann and bob, none -> second: ann and bob, default: nobody}}}
arrangements: {first: {when: post = first}, second: {when: post = second}}
preferences:
  ann: {worth: {f: {when: post = first, value: 20}, s: {when: post = second, value: 10}}}
  bob: {worth: {f: {when: post = first, value: 10}, s: {when: post = second, value: 20}}}
"""


def test_of_two_rivals_each_is_the_other_s_alternative() -> None:
    found = acceptance(parse_case(RIVALS))
    first, second = found["first"], found["second"]
    assert first.worse_off == ("bob",)
    assert second.worse_off == ("ann",)
    assert first.chance + second.chance == pytest.approx(1, abs=1e-4)
    assert first.status == second.status == "opposed"
    assert set(first.consent.refusals.refuses.values()) == {0.0}


def test_a_threat_that_is_lifted_is_empty_and_one_that_stays_works() -> None:
    lifted, stays = found_in("threat", "farsighted"), found_in("threat-stays", "farsighted")
    assert lifted["joined"].chance == pytest.approx(0, abs=1e-12)
    assert stays["joined"].chance == pytest.approx(0.308467, abs=1e-6)
    empty, works = (
        str(Explanation(why(load(CASES / f"{name}.yaml"), "joined").blocks()))
        for name in ("threat", "threat-stays")
    )
    assert "would be lifted on the last day is empty" in empty
    assert "stays until it is met works" in works
    assert "0% if actors are myopic, 31% if farsighted" in works


# --- what else may be --------------------------------------------------------------------------

STAGES = """
foedus: 1
title: Signed, then ratified
as_of: 2020-01-01
deadline: 2021-01-01
actors: {lead: {name: Lead}, house: {name: House}}
issues: {pact: {positions: {none: None, signed: Signed, law: Law},
  decided_by: {none -> signed: lead, signed -> law: house, default: nobody}}}
rules: [{rule: not pact = none or pact = none, why: Always so}]
arrangements: {law: {when: pact = law}, odd: {when: pact = none and pact = law}}
preferences:
  lead: {worth: {s: {when: pact = signed, value: SIGNED}, l: {when: pact = law, value: 9}}}
  house: {worth: {l: {when: pact = law, value: 5}}}
"""


@pytest.mark.parametrize(("signed", "comes"), [(4, True), (-4, False)])
def test_what_comes_in_stages_is_acceptable_where_it_comes(signed: int, comes: bool) -> None:
    found = acceptance(parse_case(STAGES.replace("SIGNED", str(signed))))
    finding = found["law"]
    assert finding.status == "in stages"
    assert finding.acceptable == comes
    assert (finding.chance > 0.99) == comes
    assert "in stages alone" in str(found.explain("law"))


def test_what_is_impossible_names_its_rules() -> None:
    found = acceptance(parse_case(STAGES.replace("SIGNED", "4")))
    assert found["odd"].status == "impossible"
    assert found["odd"].conflict == ()
    assert "contradicts itself" in str(found.explain("odd"))
    odd = "  odd: {name: Odd, when: bridge = none and toll = charged}\n"
    towns = Path(__file__).parent.parent / "cases" / "two-towns.yaml"
    text = towns.read_text(encoding="utf-8").replace("  one-town: {", odd + "  one-town: {", 1)
    told = acceptance(parse_case(text))["odd"]
    assert [rule.why for rule in told.conflict or ()] == ["A toll needs a bridge"]
    assert told.form is None


def test_nobody_can() -> None:
    text = STAGES.replace("SIGNED", "4").replace("signed -> law: house", "signed -> law: nobody")
    found = acceptance(parse_case(text))
    assert found["law"].status == "nobody"
    assert not found["law"].acceptable
    assert "nobody can bring it about" in str(found.explain("law"))


@pytest.mark.parametrize("key", ["as_of", "deadline", "today"])
def test_what_the_process_needs_is_said(key: str) -> None:
    text = STAGES.replace("SIGNED", "4")
    lines = [line for line in text.splitlines() if not line.startswith(f"{key}:")]
    text = "\n".join(lines)
    if key == "today":
        text += "\ntoday: {pact: law}\n"
        text = text.replace("not pact = none or pact = none", "not pact = law")
    with pytest.raises(CaseError, match=key):
        acceptance(parse_case(text))


def test_an_unknown_behaviour_is_refused() -> None:
    with pytest.raises(ValueError, match="no behaviour 'rash'"):
        foedus.acceptance(CASES / "threat.yaml", "rash")  # type: ignore[arg-type]


def test_plain_data_have_the_keys_promised() -> None:
    found = found_in("k07-veto")
    told = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert set(told["arrangements"]) == set(found.findings)
    for name, each in told["arrangements"].items():
        assert each["acceptable"] == found[name].acceptable
        assert each["refuses"].keys() == each["asked"].keys()
        for form in each["forms"]:
            assert form["kept"].keys() == form["never"].keys() == form["gain"].keys()
            for actor, gain in form["gain"].items():
                assert gain == pytest.approx(form["kept"][actor] - form["never"][actor])
            assert all(set(a["refuse"]) <= set(a["coalition"]) for a in form["asked"])


def test_what_is_judged_otherwise_needs_no_new_process() -> None:
    case = load(CASES / "k07-veto.yaml")
    process = Process.of(case)
    assert process.judged(case).rules is process.rules


EXCHANGE = """
foedus: 1
title: A treaty for a border
as_of: 2020-01-01
deadline: 2022-01-01
actors: {{a: {{}}, b: {{}}}}
issues:
  treaty:
    {{positions: {{none: none, signed: signed}}, decided_by: {{none: nobody, signed: a and b}}}}
  border: {{positions: {{old: old, new: new}}, decided_by: {{old: nobody, new: {border}}}}}
arrangements: {{signed: {{when: treaty = signed}}}}
preferences:
  a:
    worth: {{signs: {{when: treaty = signed, value: 3}}, cedes: {{when: border = new, value: -1}}}}
  b:
    worth: {{signs: {{when: treaty = signed, value: -1}}, gains: {{when: border = new, value: 3}}}}
"""


def test_who_is_won_over_by_another_change_does_not_refuse() -> None:
    """The treaty comes with the border alone; where b may take the border, b refuses the treaty."""
    both = acceptance(parse_case(EXCHANGE.format(border="a and b")))["signed"].consent.refusals
    assert dict(both.refuses) == {"a": 0.0, "b": 0.0}
    alone = acceptance(parse_case(EXCHANGE.format(border="b")))["signed"].consent.refusals
    assert dict(alone.refuses) == {"a": 0.0, "b": 1.0}
