"""What the world does, as `foedus check` and the report tell it."""

from foedus.reporting.case_structure import structure_blocks
from towns import towns
from world import WORLD, world

from foedus.document import Table
from foedus.evidence.left_out import without
from foedus.preferences.games import game_of
from foedus.process.obstacle import obstacle
from foedus.reporting.case_events import event_blocks, event_counts, event_data
from foedus.reporting.case_summary import summary_blocks, summary_data
from foedus.tracing.solve import web_of

SIGNED = WORLD[WORLD.index("      signed:") : WORLD.index("      none: {at")]


def cells(table: object) -> list[list[str]]:
    """The rows of a table, as text."""
    assert isinstance(table, Table)
    return [[cell.text for cell in row] for row in table.rows]


def test_a_table_tells_when_each_happens_and_what_it_sets() -> None:
    (table,) = event_blocks(world(("day: 2025-11-02", "day: 2026-11-02")))
    assert cells(table) == [
        [
            "The founder falls ill",
            "at any time, 0.1 (range 0.05 to 0.2) times a year, if leader = founder",
            "leader becomes Nobody",
        ],
        [
            "coup",
            "by 2025-06-30, with a chance of “unlikely”, 0.325 (range 0.2 to 0.45)",
            "It succeeds (0.4 (range 0.2 to 0.6)): leader becomes A colonel; "
            "It fails (the rest): unrest becomes Strikes",
        ],
        [
            "strike",
            "on 2025-05-01, if unrest = calm and union != full",
            "unrest becomes Strikes",
        ],
        [
            "election",
            "on 2026-11-02, after the deadline: it plays no part",
            "0.45: unrest becomes Calm, leader becomes An heir; the rest: unrest becomes Calm",
        ],
    ]
    assert event_blocks(towns()) == ()


def test_a_check_counts_events_by_kind_and_names_those_on_a_day_in_order() -> None:
    case = world((SIGNED, ""))
    told = "1 at a rate, 1 with a chance until a day, strike on 2025-05-01, election on 2025-11-02"
    assert event_counts(case) == told
    game = game_of(case)
    tables = [cells(block) for block in summary_blocks(game) if isinstance(block, Table)]
    assert ["events", "4", told] in tables[0]
    assert summary_data(game)["events"]["coup"] == event_data(case.events["coup"])
    assert event_data(case.events["coup"]) == {
        "kind": "chance",
        "day": "2025-06-30",
        "sets": ["leader", "unrest"],
    }
    _, issues, events, *_ = structure_blocks(game)
    assert "One state (final)" in cells(issues)[1][1]
    assert cells(events)[0][0] == "The founder falls ill"


def test_a_trace_leads_from_evidence_to_what_the_world_does() -> None:
    case = world((SIGNED, ""), ("  strike: {when", "  strike: {because: [rumour], when"))
    web = web_of(game_of(case))
    strike = web.things["events.strike"]
    assert (strike.kind, strike.text, strike.mark) == ("event", "the event “strike”", "")
    assert [edge.name for edge in web.below["events.strike"]] == ["evidence.rumour"]
    assert "events.strike" in {edge.name for edge in web.below["process"]}
    assert web.things["events.illness.rate.a_year"].text == (
        "0.1 (range 0.05 to 0.2), of the event “The founder falls ill”"
    )


def test_an_event_whose_reasons_are_left_out_does_not_come() -> None:
    shared = (
        "    one_of:\n      - {share: [0.2",
        "    because: [hospital]\n    one_of:\n      - {share: [0.2",
    )
    case = world(shared)
    left = without(case, ["hospital", "rumour"])
    values = {each.path: each.after.mode for each in left.neutral if each.after is not None}
    assert values == {
        ("events", "illness", "rate", "a_year"): 0,
        ("events", "coup", "chance", "value"): 0,
        ("events", "coup", "one_of", 0, "share"): 0.5,
    }
    assert left.case.events["illness"].because == ()
    assert left.case.events["election"] == case.events["election"]
    assert left.kept == ()


def test_what_bars_a_way_out_of_a_final_position_is_told() -> None:
    case = world((SIGNED, ""), ("deadline", "today: {union: full}\ndeadline"))
    game = game_of(case)
    union = game.space.reader.column(1)
    assert game.space.today is not None
    found = obstacle(game, union == 0, union == 2, game.space.today)
    assert [(each.bar, each.origin, each.target) for each in found.barred] == [
        ("final", "full", "none")
    ]
