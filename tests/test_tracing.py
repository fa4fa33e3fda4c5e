"""Traces: every number down to its sources, every item up to its answers, and what is refused."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
import typer
from hypothesis import HealthCheck, given, settings
from reference.game import Spec
from strategies import deal_specs, random_deals
from typer.testing import CliRunner, Result

import foedus
from foedus.case.links import bearing, carriers, grounded, judgement_name
from foedus.case.model import Case, Worth
from foedus.case.problems import CaseError
from foedus.case.reading import parse_case
from foedus.cli.app import app
from foedus.cli.tracing import trace as command
from foedus.document import Explanation, Sentence, Table
from foedus.forecasting.outside import outside_view
from foedus.forecasting.solve import forecast
from foedus.preferences.games import Game, game_of
from foedus.process.acceptance import acceptance as acceptance_of
from foedus.reporting.tracing import listing, traced_section
from foedus.sensitivity.inputs import inputs_of
from foedus.sensitivity.settings import names_of
from foedus.tracing.accepting import FOLLOWS
from foedus.tracing.solve import paths_of, traceable, traced, web_of, why
from foedus.tracing.trees import ABOVE, DEEPER, DEEPEST, IDLE, Node
from foedus.tracing.web import ANSWERS, Web

ROOT = Path(__file__).parent.parent
TOWNS = ROOT / "cases" / "two-towns.yaml"
CASES = ("two-towns", "belarus-2024")
FOLLOWED = ("acceptable", "holds", "possible", "reached", "outside", "evidence")
SOURCED = ("fact", "report", "poll")


@cache
def woven(name: str) -> tuple[Game, Web]:
    game = game_of(foedus.load(ROOT / "cases" / f"{name}.yaml"))
    return game, web_of(game)


def known(name: str) -> tuple[str, ...]:
    """Every path of a case, from the web that is there."""
    return tuple(thing.name for thing in traceable(woven(name)[1]))


def towns(*changes: tuple[str, str]) -> Case:
    """The two towns with texts replaced."""
    text = TOWNS.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return parse_case(text, "towns.yaml")


def walk(node: Node) -> list[Node]:
    return [node, *(each for child in node.children for each in walk(child))]


def below(name: str, path: str) -> Node:
    game, web = woven(name)
    return traced(game, web, path, depth=DEEPEST).down


def above(name: str, path: str) -> Node:
    game, web = woven(name)
    return traced(game, web, path, depth=DEEPEST).up


def text_of(case: Case | Game, path: str, **asked: int) -> str:
    return str(why(case, path, draws=0, **asked).explain())


# --- everything can be traced -----------------------------------------------------------------


@pytest.mark.parametrize("name", CASES)
def test_everything_in_a_case_can_be_traced_and_ends_at_a_source_or_says_that_it_does_not(
    name: str,
) -> None:
    game, web = woven(name)
    assert len(known(name)) == len(set(known(name)))
    for path in known(name):
        trace = traced(game, web, path, depth=DEEPEST)
        assert trace.path == path == trace.root.name
        json.dumps(trace.to_dict(), allow_nan=False)
        for node in walk(trace.down):
            if node.children or node.kind in ("source", "origin"):
                continue
            assert node.mark or node.kind in SOURCED, node
            if node.kind in SOURCED and not node.mark:
                assert node.value["source"], node


@pytest.mark.parametrize("name", CASES)
def test_the_paths_are_all_that_the_case_holds(name: str) -> None:
    game, _ = woven(name)
    case, paths = game.case, set(known(name))
    assert {judgement_name(case, each.path) for each in grounded(case)} <= paths
    assert {f"evidence.{item}" for item in case.evidence} <= paths
    assert {f"polls.{poll}" for poll in case.polls} <= paths
    assert {f"rules.{k}" for k in range(len(case.rules))} <= paths
    assert {f"records.{record}" for record in case.records} <= paths
    assert {f"reference_classes.{each}" for each in case.reference_classes} <= paths
    assert {f"sources.{item.source}" for item in case.evidence.values() if item.source} <= paths
    for arrangement in case.arrangements:
        answers = ANSWERS if arrangement in case.hypotheses else ANSWERS[:4]
        assert {f"arrangements.{arrangement}.{answer}" for answer in answers} <= paths


def test_paths_are_listed_by_kind_and_in_a_row() -> None:
    game, _ = woven("two-towns")
    paths = listing(game).to_dict()
    assert tuple(path for names in paths.values() for path in names) == known("two-towns")
    assert paths_of(game) == known("two-towns")


@pytest.mark.parametrize("name", CASES)
def test_every_name_that_a_what_if_may_set_of_a_judgement_can_be_traced(name: str) -> None:
    game, web = woven(name)
    from foedus.tracing.web import thing_called

    for each in names_of(game.case):
        if each.split(".")[0] in ("preferences", "actors", "issues", "transfers", "evidence"):
            assert thing_called(game, web, each).kind == "judgement"


# --- down and up ------------------------------------------------------------------------------


def assert_round_trip(game: Game, web: Web) -> None:
    """What is below an answer has it above, and the other way round."""
    paths = [thing.name for thing in web.things.values() if thing.kind not in ("part", "process")]
    answers = [p for p in paths if p.rpartition(".")[2] in FOLLOWED and p.startswith("arr")]
    beneath = {a: traced(game, web, a, depth=DEEPEST).down.names() for a in answers}
    for path in paths:
        if web.things[path].kind in ("arrangement", "source", "origin"):
            continue
        trace = traced(game, web, path, depth=DEEPEST)
        over = trace.up.names()
        ends = [node for node in walk(trace.down) if not node.children]
        assert all(node.mark or node.kind in SOURCED for node in ends), path
        assert set(trace.answers) == {n for n in over if web.things[n].kind == "answer"}
        assert {a for a in answers if path in beneath[a]} == over & set(answers), path


@pytest.mark.parametrize("name", CASES)
def test_what_is_below_an_answer_has_it_above(name: str) -> None:
    assert_round_trip(*woven(name))


@pytest.mark.parametrize("name", CASES)
def test_items_are_those_that_carry_and_what_hangs_on_them_is_what_they_bear_on(name: str) -> None:
    case = woven(name)[0].case
    for each in grounded(case):
        path = judgement_name(case, each.path)
        found = {n.rpartition(".")[2] for n in below(name, path).names()}
        assert found == set(carriers(case, each.because))
    for item in (*case.evidence, *case.polls):
        prefix = "evidence" if item in case.evidence else "polls"
        found = above(name, f"{prefix}.{item}").names()
        wanted = {judgement_name(case, each.path) for each in bearing(case, item)}
        assert {n for n in found if not n.startswith("arr") and n != "process"} == wanted


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(deal_specs())
def test_random_cases_go_round_and_name_what_differs(spec: Spec) -> None:
    game = game_of(parse_case(spec.to_yaml()))
    web = web_of(game)
    assert_round_trip(game, web)
    assert_differences(game, web)


@pytest.mark.parametrize("seed", range(1, 31))
def test_seeded_cases_name_what_differs(seed: int) -> None:
    game = game_of(parse_case(random_deals(seed).to_yaml()))
    assert_differences(game, web_of(game))


def assert_differences(game: Game, web: Web) -> None:
    """Below a comparison of a utility stand the judgements whose statements differ, no others."""
    for name, thing in web.things.items():
        if thing.kind == "part" and thing.value.get("mover") and not thing.value["sanction"]:
            assert_improves(game, web, name)
        actor = thing.value.get("actor") if thing.kind == "part" else None
        preference = game.case.preferences[actor] if actor else None
        if not isinstance(preference, Worth):
            continue
        before, after = (int(game.space.fall[thing.value[k] - 1]) for k in ("from", "to"))
        differing = {
            item.value.name: item.value.mode * (int(holds[after]) - int(holds[before]))
            for item in preference.items
            for holds in [game.space.holds(item.when.tree)]
            if holds[before] != holds[after]
        }
        assert {edge.name for edge in web.below[name]} == set(differing)
        gained = game.views[actor].values[after] - game.views[actor].values[before]
        assert sum(differing.values()) == pytest.approx(gained)


def assert_improves(game: Game, web: Web, name: str) -> None:
    """Below an improvement that nobody deters stand its members' judgements that differ."""
    answer, _, key = name.partition(":")
    package = web.things[answer].value
    assert package is False
    members = key.split("+")
    found = acceptance_of(game)[answer.split(".")[1]].form
    assert found is not None
    before = int(game.space.fall[found.state])
    after = int(game.space.fall[web.things[name].value["improvement"] - 1])
    wanted = set()
    for member in members:
        assert game.views[member].agrees(before, after)
        preference = game.case.preferences[member]
        if isinstance(preference, Worth):
            holds = {i.value.name: game.space.holds(i.when.tree) for i in preference.items}
            wanted |= {item for item, mask in holds.items() if mask[before] != mask[after]}
    named = {edge.name for edge in web.below[name]}
    assert {each for each in named if ".worth." in each} == wanted


def test_the_process_uses_what_a_forecast_draws() -> None:
    for name in CASES:
        game, web = woven(name)
        used = {edge.name for edge in web.below["process"]}
        drawn = inputs_of(forecast(game.case, draws=2, stability_draws=0, varied=False))
        varied = {judgement_name(game.case, j.path) for each in drawn for j in each.judgements}
        varied |= {f"records.{each.record}" for each in drawn if each.record}
        assert varied <= used
        rest = {web.things[each].kind for each in used - varied}
        assert rest <= {"judgement", "wish", "rule", "ranking"}
        assert not [each for each in used if each.endswith(".capability")]


# --- the two towns, by hand -------------------------------------------------------------------


def test_who_refuses_the_merger_and_on_what() -> None:
    tree = below("two-towns", "arrangements.one-town.acceptable")
    assert tree.value is False
    parts = {node.name.partition(":")[2]: node for node in tree.children}
    assert list(parts) == ["north", "south", "voters"]
    assert parts["north"].children == ()
    assert parts["north"].mark == FOLLOWS
    assert [n.name for n in parts["voters"].children] == [
        "preferences.voters.support.s1",
        "actors.voters.threshold",
    ]
    (share, threshold) = parts["voters"].children
    assert (share.line, share.value) == (55, {"low": 20, "mode": 30, "high": 40})
    (poll,) = share.children
    assert (poll.kind, poll.value["source"], poll.mark) == ("poll", "Valley Survey", "")
    assert threshold.mark == "rests on nothing named"


def test_what_the_survey_of_mergers_carries() -> None:
    tree = above("two-towns", "evidence.merger-survey")
    (like,) = tree.children
    assert like.name == "reference_classes.town-mergers"
    (outside,) = like.children
    assert outside.name == "arrangements.one-town.outside"
    assert [n.name for n in outside.children] == ["arrangements.one-town.pooled"]
    tree = above("two-towns", "sources.Handbook of towns")
    assert tree.children[0].name == "evidence.merger-survey"


def test_what_no_answer_hangs_on() -> None:
    assert above("two-towns", "actors.north.capability").mark == IDLE
    told = text_of(woven("two-towns")[0], "actors.north.capability")
    assert "No answer traced here depends on it." in told
    assert "Rests on nothing named." in told


def test_rules_that_exclude_an_arrangement_are_named() -> None:
    odd = "  odd: {name: Odd, when: bridge = none and toll = charged}\n"
    case = towns(("  one-town: {", odd + "  one-town: {"))
    trace = why(case, "odd.possible", draws=0)
    assert trace.down.value is False
    assert [n.name for n in trace.down.children] == ["rules.0"]
    assert [n.name for n in why(case, "odd.acceptable", draws=0).down.children] == [
        "arrangements.odd.possible"
    ]
    names = why(case, "rules.0", draws=0).up.names()
    assert {"arrangements.odd.possible", "arrangements.odd.acceptable"} <= names
    assert "arrangements.one-town.possible" not in names


def test_inferences_open_and_likelihoods_are_weighed() -> None:
    extra = """
  grown: {kind: inference, claim: Traffic grows, rests_on: [traffic-count, guess]}
  guess: {kind: assumption, claim: It goes on}
  leak: {kind: report, claim: A draft treaty, source: Valley Herald, reliability: C,
    credibility: 3, origin: the mayor, likelihood: {one-town: 0.8, other: [0.2, 0.3, 0.4]}}
  view: {kind: fact, claim: Talks, source: Valley Herald, reliability: C, credibility: 3,
    marks: {one-town: C, other: I}}
"""
    text = TOWNS.read_text(encoding="utf-8").rstrip("\n") + extra
    text = text.replace("because: [traffic-count]", "because: [grown]")
    case = parse_case(text, "towns.yaml")
    down = why(case, "preferences.north.worth.wide-bridge", draws=0).down
    (grown,) = down.children
    assert (grown.children[0].name, grown.children[0].mark) == ("evidence.traffic-count", "")
    assert grown.children[1].mark.startswith("an assumption")
    evidence = why(case, "one-town.evidence", draws=0).down
    assert [n.name for n in evidence.children] == [
        "evidence.leak.likelihood.one-town",
        "evidence.leak.likelihood.other",
        "evidence.view",
    ]
    assert evidence.children[2].note == "marked C, counted by ACH alone"
    pooled = why(case, "one-town.pooled", draws=0).down
    views = [n.name.rpartition(".")[2] for n in pooled.children]
    assert views == ["reached", "outside", "evidence"]
    assert [n.children[0].name for n in evidence.children[:2]] == ["evidence.leak"] * 2
    assert "evidence.leak" in why(case, "origins.the mayor", draws=0).up.names()
    assert "arrangements.one-town.pooled" in why(case, "the mayor", draws=0, depth=9).up.names()
    assert_round_trip(game_of(case), web_of(game_of(case)))


# --- numbers ----------------------------------------------------------------------------------


def test_numbers_are_those_of_a_forecast_with_the_same_draws() -> None:
    case = woven("two-towns")[0].case
    trace = why(case, "one-town", draws=150, seed=3)
    found = forecast(case, draws=150, seed=3, stability_draws=0, varied=False)
    values = {n.name.rpartition(".")[2]: n.value for n in trace.down.children}
    assert found.views is not None
    assert values["reached"] == found.estimates["one-town"].reached.to_dict()
    assert values["outside"] == found.views.outside.shares["one-town"].to_dict()
    assert values["pooled"] == found.views.pooled.pooled["one-town"].to_dict()
    assert values.get("evidence") is None
    assert (trace.draws, trace.seed) == (150, 3)
    assert trace.to_dict()["seed"] == 3
    assert "150 draws from seed 3" in str(trace.explain())
    again = why(case, "one-town", draws=150, seed=3)
    assert again.to_dict() == trace.to_dict()


def test_what_moves_an_answer_stands_first() -> None:
    some = "  some: {name: A bridge, when: bridge != none}\n"
    case = towns(("  one-town: {", some + "  one-town: {"), ("deadline: 2024", "deadline: 2059"))
    found = forecast(case, draws=400, stability_draws=0, varied=False)
    assert 0 < found.estimates["some"].reached.p < 1
    tree = why(case, "some.reached", draws=400).down
    plain = why(case, "some.reached", draws=0).down
    assert tree.names() == plain.names()
    leading = [n for n in tree.children if n.kind != "process"]
    assert leading
    record, wish = leading
    assert record.name == "records.town-deals"
    assert record.note.startswith("reached with ")
    assert "where it is slowest" in record.note
    assert wish.name == "preferences.south.priorities.any-bridge"
    assert " where it is not held" in wish.note
    assert tree.children[-1].children[0].name == leading[0].name


def test_without_draws_there_is_no_number_and_that_is_said() -> None:
    trace = why(woven("two-towns")[0], "one-town.pooled", draws=0)
    assert trace.unanswered
    assert trace.down.value is None
    assert "No number" in str(trace.explain())
    assert "No number" not in text_of(woven("two-towns")[0], "one-town.acceptable")


# --- trees ------------------------------------------------------------------------------------


def test_a_subtree_is_shown_once_and_depth_cuts_openly() -> None:
    game, _ = woven("two-towns")
    pooled = [n for n in walk(why(game, "one-town", draws=0).down) if n.mark == ABOVE]
    assert {n.name for n in pooled} >= {"arrangements.one-town.outside"}
    trace = why(game, "one-town.acceptable", draws=0, depth=1)
    assert {n.mark for n in trace.down.children} == {DEEPER, FOLLOWS}
    assert "--depth" in str(trace.explain())
    for path in paths_of(game):
        shown: set[str] = set()
        for node in walk(traced(game, woven("two-towns")[1], path, depth=DEEPEST).down):
            if node.children:
                assert node.name not in shown
                shown.add(node.name)


def test_lines_lead_to_the_file() -> None:
    lines = TOWNS.read_text(encoding="utf-8").splitlines()
    for node in walk(below("two-towns", "arrangements.one-town.acceptable")):
        if node.line is not None:
            last = node.name.split(".")[-1]
            key = {"s1": "status = merged"}.get(last, last)
            assert key in lines[node.line - 1]
    told = text_of(woven("two-towns")[0], "bridge-poll")
    assert "(line 59)" in told


# --- paths ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("one-town", "arrangements.one-town"),
        (" one-town.holds ", "arrangements.one-town.holds"),
        ("traffic-count", "evidence.traffic-count"),
        ("bridge-poll", "polls.bridge-poll"),
        ("town-deals", "records.town-deals"),
        ("town-mergers", "reference_classes.town-mergers"),
        ("Valley Survey", "sources.Valley Survey"),
        ("preferences.south.priorities.1", "preferences.south.priorities.any-bridge"),
        ("rules.0", "rules.0"),
    ],
)
def test_short_forms(path: str, name: str) -> None:
    assert why(woven("two-towns")[0], path, draws=0).path == name


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("one-twon", "did you mean 'one-town'"),
        ("one-town.acceptible", "did you mean 'one-town.acceptable'"),
        ("trafic-count", "did you mean 'traffic-count'"),
        ("preferences.north.worth.wide-brigde", "'preferences.north.worth.wide-bridge'"),
        ("rules.9", "did you mean 'rules.0'"),
        ("", "`foedus trace CASE` lists"),
        ("x" * 10_000, "`foedus trace CASE` lists"),
        ("free-bridge.pooled", "the views are of hypotheses alone"),
        ("process", "nothing in the case is called 'process'"),
        ("arrangements.one-town.acceptable:north", "nothing in the case is called"),
    ],
)
def test_unknown_paths_are_refused_with_the_nearest(path: str, hint: str) -> None:
    with pytest.raises(CaseError) as error:
        why(woven("two-towns")[0], path, draws=0)
    assert hint in str(error.value)
    assert len(str(error.value)) < 400


def test_a_name_of_two_meanings_is_refused_and_both_can_be_asked() -> None:
    item = "  one-town: {kind: assumption, claim: So}\n"
    case = towns(("  traffic-count: {kind", item + "  traffic-count: {kind"))
    with pytest.raises(CaseError, match=r"arrangements\.one-town or evidence\.one-town in full"):
        why(case, "one-town", draws=0)
    assert why(case, "evidence.one-town", draws=0).down.kind == "assumption"
    assert why(case, "arrangements.one-town", draws=0).down.kind == "arrangement"


def test_a_case_that_cannot_be_forecast_says_so_when_asked() -> None:
    case = towns(("deadline: 2024-03-17\n", ""))
    assert "arrangements.one-town.reached" not in paths_of(case)
    with pytest.raises(CaseError, match="what a forecast needs"):
        why(case, "one-town.reached")
    assert why(case, "one-town").draws == 0


def test_senseless_numbers_are_refused() -> None:
    for asked in ({"draws": -1}, {"depth": 0}):
        with pytest.raises(ValueError, match="counted"):
            why(woven("two-towns")[0], "one-town", **asked)


# --- listing, report, command -----------------------------------------------------------------


def test_the_report_names_paths_that_can_be_asked() -> None:
    for name in CASES:
        game, web = woven(name)
        blocks = traced_section(game)
        assert isinstance(blocks[0], Sentence)
        tables = [block for block in blocks if isinstance(block, Table)]
        assert len(tables) == len(game.case.hypotheses)
        for table in tables:
            for row in table.rows:
                assert f"arrangements.{row[1].text}" in web.things
            assert len(table.rows) == len(ANSWERS)


def invoke(*arguments: str) -> Result:
    alone = typer.Typer()
    alone.command()(command)
    return CliRunner(env={"COLUMNS": "100"}).invoke(alone, [*arguments])


def test_the_command_lists_what_can_be_traced() -> None:
    result = invoke(str(TOWNS))
    assert result.exit_code == 0, result.output
    for word in ("arrangement", "judgement", "reference class", "rules.0", "polls.bridge-poll"):
        assert word in result.stdout
    told = json.loads(invoke(str(TOWNS), "--json").stdout)
    assert tuple(path for paths in told.values() for path in paths) == known("two-towns")


def test_the_command_traces() -> None:
    result = invoke(str(TOWNS), "one-town.acceptable", "--draws", "0")
    assert result.exit_code == 0, result.output
    assert "Valley Survey" in result.stdout
    data = json.loads(invoke(str(TOWNS), "bridge-poll", "--json").stdout)
    assert data["path"] == "polls.bridge-poll"
    assert data["up"]["children"][0]["name"] == "preferences.voters.support.s1"
    asked = ("one-town.reached", "--draws", "120", "--workers", "1", "--quiet", "--json")
    number = json.loads(invoke(str(TOWNS), *asked).stdout)
    assert number["draws"] == 120
    assert 0 <= number["down"]["value"]["p"] <= 1


def test_the_program_knows_the_command() -> None:
    done = CliRunner().invoke(app, ["trace", str(TOWNS), "one-twon"])
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        f"{TOWNS}: nothing in the case is called 'one-twon'; did you mean 'one-town'?"
    ]


def test_the_command_refuses() -> None:
    result = invoke(str(TOWNS), "one-twon")
    assert isinstance(result.exception, CaseError)
    assert "did you mean 'one-town'" in str(result.exception)
    assert invoke(str(TOWNS), "one-town", "--depth", "0").exit_code == 2
    assert invoke(str(TOWNS), "one-town", "--draws", "-1").exit_code == 2


def test_a_trace_tells_itself() -> None:
    trace = why(woven("two-towns")[0], "one-town.acceptable", draws=0)
    told = trace.explain()
    assert isinstance(told, Explanation)
    assert str(told).startswith("one-town.acceptable: not acceptable")


# --- corners ----------------------------------------------------------------------------------


def test_a_view_that_only_has_marks_is_not_pooled() -> None:
    game, web = woven("belarus-2024")
    assert not any(item.likelihood for item in game.case.evidence.values())
    tree = traced(game, web, "arrangements.belarus-option.evidence").down
    items = game.case.evidence.values()
    marked = [i.id for i in items if "belarus-option" in i.marks and i.kind in SOURCED]
    assert [n.name for n in tree.children] == [f"evidence.{i}" for i in marked]
    assert "silent" in tree.text
    pooled = traced(game, web, "arrangements.belarus-option.pooled").down
    assert "arrangements.belarus-option.evidence" not in {n.name for n in pooled.children}


@pytest.mark.parametrize("happened", [2, 9, 16])
def test_classes_of_others_count_where_all_are_scaled_down(happened: int) -> None:
    like = f"  bridges: {{cases: 17, occurred: {happened}, about: free-bridge}}\n"
    lone = "  lone: {name: Lone, when: status = league and toll = charged}\n"
    case = towns(
        ("hypotheses: [one-town]", "hypotheses: [one-town, lone, free-bridge]"),
        ("  one-town: {", lone + "  one-town: {"),
        ("when: status = merged}", "when: status = merged and toll = charged}"),
        ("  town-mergers: {", like + "  town-mergers: {"),
        ("occurred: 4", "occurred: 5"),
    )
    shares = {"one-town": 0.2, "lone": 0.1, "free-bridge": 0.3, "other": 0.4}
    view = outside_view(case.reference_classes, shares)
    below_it = why(case, "one-town.outside", draws=0).down.names()
    assert ("reference_classes.bridges" in below_it) == view.scaled
    assert view.scaled == (happened == 16)
    names = why(case, "lone.outside", draws=0).down.names()
    assert {"reference_classes.bridges", "arrangements.lone.reached"} <= names


def test_wished_positions_are_traced_by_their_issue() -> None:
    extra = "  watcher: {stances: {bridge: {position: 70, salience: [1, 2, 3]}}}\n"
    case = towns(
        ("  voters: {name", "  watcher: {name: The county}\n  voters: {name"),
        ("  voters:\n    support", extra + "  voters:\n    support"),
    )
    names = [each.name for each in grounded(case) if "stances" in each.path]
    assert len(names) == 2
    for name in names:
        trace = why(case, name, draws=0)
        assert trace.down.kind == "judgement"
        assert "bridge" in trace.path


def test_a_long_chain_of_inferences_is_cut_openly() -> None:
    links = "".join(
        f"  i{k}: {{kind: inference, claim: So, rests_on: [i{k + 1}]}}\n" for k in range(300)
    )
    text = TOWNS.read_text(encoding="utf-8").replace("[traffic-count]", "[i0]")
    case = parse_case(f"{text}{links}  i300: {{kind: assumption, claim: So}}\n", "towns.yaml")
    trace = why(case, "preferences.north.worth.wide-bridge", draws=0)
    assert walk(trace.down)[-1].mark == DEEPER
    assert len(walk(trace.down)) == DEEPEST + 1
    assert why(case, "i300", draws=0, depth=2).up.children[0].name == "evidence.i299"


def test_upwards_the_answers_are_named_first_and_the_many_are_counted() -> None:
    game, web = woven("belarus-2024")
    trace = traced(game, web, "evidence.opinion-against-merger")
    told = str(trace.explain()).splitlines()
    start = told.index("What depends on it") + 2
    assert told[start].startswith("Answers: belarus-option.")
    assert told[start].endswith(f" and {len(trace.answers) - 12} more.")
    others = len(game.case.arrangements) - len(game.case.hypotheses)
    assert f"    - {others} more arrangements, by the inside view" in told
    assert trace.to_dict()["answers"] == list(trace.answers)
    few = traced(*woven("two-towns"), "polls.bridge-poll")
    assert "more arrangements" not in str(few.explain())
    assert not any("Lukashenka: Alyaksandr" in line for line in told)
