"""What would have to be judged otherwise: by hand, against a plain search, and solved again."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pytest

from foedus.case.judgement import Judgement
from foedus.case.model import Case
from foedus.case.reading import parse_case
from foedus.document import plain_lines
from foedus.process.consent import Consents
from foedus.process.model import Process
from foedus.sensitivity.adjusting import (
    EDGE,
    Change,
    adjustables_of,
    judged_otherwise,
    setting_of,
    with_changes,
)
from foedus.sensitivity.consenting import Asking
from foedus.sensitivity.inputs import judgement_told
from foedus.sensitivity.taking import WhatItTakes, what_it_takes
from foedus.sensitivity.turning import Turning, refusing_in

# Ann has the road (9) at once without the pact, and both cannot be had.
ROAD = """
foedus: 1
title: A pact or a road
as_of: 2020-01-01
deadline: 2030-01-01
today: {way: none}
actors: {ann: {name: Ann}, bob: {name: Bob}}
issues:
  way: {positions: {none: None, road: Road, pact: Pact}, decided_by: {road: ann, pact: ann and bob, none: nobody}}
arrangements: {pact: {name: The pact, when: way = pact}}
preferences:
  ann: {worth: {road: {when: way = road, value: ROAD}, pact: {when: way = pact, value: PACT}}}
  bob: {worth: {pact: {when: way = pact, value: 5}}}
"""  # noqa: E501

# Three who must agree; cyd votes. Ann lacks by 3 and Bob by 2, Cyd ten points.
THREE = """
foedus: 1
title: Three to agree
as_of: 2020-01-01
deadline: 2022-01-01
today: {pact: none}
actors: {ann: {name: Ann}, bob: {name: Bob}, cyd: {name: Cyd, kind: electorate, threshold: 50}}
issues: {pact: {positions: {none: None, made: Made}, decided_by: {made: ann and bob and cyd, none: nobody}, takes: 100}}
arrangements: {pact: {name: A pact, when: pact = made}}
preferences:
  ann: {worth: {gain: {when: pact = made, value: [-6, -3, 2]}, calm: {when: pact = none, value: [0, 0, 0.5]}}}
  bob: {worth: {gain: {when: pact = made, value: [-4, -2, -1]}}}
  cyd: {support: [{id: pact, when: pact = made, share: [30, 40, 60]}, {default: 50}]}
"""  # noqa: E501


def taken(road: str, pact: str) -> WhatItTakes:
    return what_it_takes(parse_case(ROAD.replace("ROAD", road).replace("PACT", pact)), "pact")


def lines(turning: Turning) -> list[str]:
    return [line for block in turning.blocks() for line in plain_lines(block)]


def needed(at: float) -> float:
    """Ann needs the other to be better by half a per cent of her range as written, 0 to 9."""
    return at + 0.005 * 9


def test_what_is_owned_by_a_plural_name_has_the_apostrophe_alone() -> None:
    case = parse_case(THREE.replace("{name: Ann}", "{name: The generals}"))
    told = {
        judgement_told(case, j)
        for each in adjustables_of(Process.of(case))
        for j in each.judgements
    }
    assert "The generals' judgement “gain” (pact = made)" in told
    assert "Bob's judgement “gain” (pact = made)" in told


def test_the_pact_must_be_worth_more_than_the_road() -> None:
    (ann,) = taken("9", "[2, 4, 6]").blockers
    (turn,) = ann.turns
    # The range of worth as written grows with the pact once it passes the road.
    assert turn.changes[0].name == "preferences.ann.worth.pact"
    assert turn.changes[0].after.mode == pytest.approx(needed(9), abs=0.01)
    assert turn.half_ranges == pytest.approx((needed(9) - 4) / 2, abs=0.01)
    assert not turn.within
    assert not turn.worsening
    assert refusing_in(turn.after) == ()


def test_what_only_lowers_the_batna_says_so_and_comes_last() -> None:
    """The road's smaller move would do as well, but only by taking from Ann what she has."""
    found = taken("[-1, 9, 19]", "[2, 4, 6]")
    (ann,) = found.blockers
    first, second = ann.turns
    assert [c.name.rpartition(".")[2] for c in first.changes] == ["pact"]
    assert [c.name.rpartition(".")[2] for c in second.changes] == ["road"]
    assert second.half_ranges < first.half_ranges
    assert (first.worsening, second.worsening) == (False, True)
    assert [turn.to_dict()["only_worsening_batna"] for turn in ann.turns] == [False, True]
    assert not found.together.turns[0].worsening
    told = lines(ann)
    assert any("only by a worse BATNA" in line for line in told)
    assert "judgement “pact”" in told[0]


def test_where_nothing_else_does_it_stands_first_and_says_so() -> None:
    found = taken("[-1, 9, 19]", "4")
    assert [turn.worsening for turn in found.together.turns] == [True]
    assert "only by making the BATNA worse" in lines(found.together)[0]


def test_a_value_at_the_edge_of_its_range_is_within_it() -> None:
    edge = needed(9)
    assert taken("9", f"[1, 4, {edge}]").blockers[0].turns[0].within
    assert not taken("9", f"[1, 4, {edge - 0.1}]").blockers[0].turns[0].within


@pytest.mark.parametrize("sign", [1, -1])
def test_the_edge_is_a_thousandth_of_a_half_range(sign: int) -> None:
    before = Judgement(-4, 0, 4)
    for over, within in ((0.5 * EDGE, True), (2 * EDGE, False)):
        at = sign * 4 * (1 + over)
        assert Change(before, Judgement(at, at, at), 1 + over).within == within
    sure = Judgement(2, 2, 2)
    assert not Change(sure, Judgement(2.001, 2.001, 2.001), 1).within


# Ann asks Bob, who lacks 2, or Cyd, who lacks 6 and so refuses more.
EITHER = """
foedus: 1
title: One of two is enough
as_of: 2020-01-01
deadline: 2022-01-01
today: {pact: none}
actors: {ann: {name: Ann}, bob: {name: Bob}, cyd: {name: Cyd}}
issues: {pact: {positions: {none: None, made: Made}, decided_by: {made: ann and (bob or cyd), none: nobody}}}
arrangements: {pact: {name: A pact, when: pact = made}}
preferences:
  ann: {worth: {gain: {when: pact = made, value: 5}}}
  bob: {worth: {gain: {when: pact = made, value: BOB}, home: {when: pact = none, value: 10}}}
  cyd: {worth: {gain: {when: pact = made, value: [2, 4, 6]}, home: {when: pact = none, value: 10}}}
"""  # noqa: E501


def test_who_is_no_longer_asked_has_not_been_made_to_agree() -> None:
    (bob,) = what_it_takes(parse_case(EITHER.replace("BOB", "[7.9, 8, 8.1]")), "pact").blockers
    (turn,) = bob.turns
    assert (bob.blocker, bob.around, turn.worsening) == ("bob", True, False)
    assert [change.name for change in turn.changes] == ["preferences.cyd.worth.gain"]
    assert turn.after.headline is not None
    assert turn.after.headline.best is not None
    assert turn.after.headline.best.coalition == ("ann", "cyd")
    assert lines(bob)[0].startswith(
        "Others can be asked for “A pact” instead of Bob: it takes Cyd's"
    )


def test_who_can_be_made_to_agree_is_not_gone_around() -> None:
    (bob,) = what_it_takes(parse_case(EITHER.replace("BOB", "[6, 8, 10]")), "pact").blockers
    assert not bob.around
    assert {change.name for turn in bob.turns for change in turn.changes} == {
        "preferences.bob.worth.gain"
    }
    assert lines(bob)[0].startswith("For Bob to agree to “A pact” it takes Bob's")


# --- all together --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def three() -> WhatItTakes:
    return what_it_takes(parse_case(THREE), "pact")


def test_each_who_refuses_has_a_change_of_its_own(three: WhatItTakes) -> None:
    assert [each.blocker for each in three.blockers] == ["ann", "bob", "cyd"]
    cyd = three.blockers[2].turns[0]
    assert cyd.changes[0].after.mode == pytest.approx(50, abs=0.02)
    assert cyd.half_ranges == pytest.approx(10 / 15, abs=2e-3)
    assert refusing_in(cyd.after) == ("ann", "bob")


def test_all_are_turned_by_the_smallest_of_each(three: WhatItTakes) -> None:
    (turn,) = three.together.turns
    assert {c.name for c in turn.changes} == {
        "preferences.ann.worth.gain",
        "preferences.bob.worth.gain",
        "preferences.cyd.support.0",
    }
    assert turn.half_ranges == pytest.approx(3 / 4 + 2 / 1.5 + 10 / 15, abs=0.02)
    assert turn.after.acceptable


def test_the_changed_case_is_acceptable_when_it_is_read_and_solved_afresh(
    three: WhatItTakes,
) -> None:
    case = with_changes(parse_case(THREE), three.together.turns[0].changes)
    assert Consents(Process.of(case)).of("pact").acceptable


def test_the_smallest_move_agrees_with_a_plain_search(three: WhatItTakes) -> None:
    """Each judgement by itself in small steps, the whole case built anew at every step."""
    case = parse_case(THREE)
    for turning in three.blockers:
        least = min(
            (
                size
                for each in adjustables_of(Process.of(case))
                for sign in (1, -1)
                if (size := first_step(case, each.changes, sign, str(turning.blocker)))
            ),
            default=0.0,
        )
        assert turning.turns[0].half_ranges == pytest.approx(least, abs=STEP)


STEP = 0.1


def first_step(
    case: Case, changes: Callable[[float], tuple[Change, ...]], sign: int, blocker: str
) -> float | None:
    for size in np.arange(STEP, 1.5, STEP):
        made = [c for c in changes(sign * size) if c.before.path[0] != "records"]
        after = Consents(Process.of(with_changes(case, made))).of("pact")
        if blocker not in refusing_in(after):
            return float(size)
    return None


def test_the_data_are_plain_and_the_teller_has_a_section_for_each(three: WhatItTakes) -> None:
    told = json.loads(json.dumps(three.to_dict(), allow_nan=False))
    assert set(told["blockers"]) == {"ann", "bob", "cyd"}
    assert told["together"]["found"]
    rows = three.to_records()
    assert [row["blocker"] for row in rows][-3:] == [None] * 3
    assert [str(block.title) for block in three.blocks()] == [  # type: ignore[union-attr]
        "What would have to be paid",
        "For Ann to agree",
        "For Bob to agree",
        "For Cyd to agree",
        "For all who are asked to agree",
    ]
    assert "no reason given" in str(three.explain("ann"))
    with pytest.raises(KeyError, match="no blocker 'dan'"):
        three.explain("dan")


@pytest.mark.parametrize("loading", [1, 0.9])
def test_what_has_been_moved_for_one_may_be_moved_further_for_the_next(loading: float) -> None:
    """Ann lacks half a half-range, and Bob, who moves with her, three of his."""
    text = THREE.replace("ann and bob and cyd", "ann and bob")
    text = text.replace("[-6, -3, 2]", "{value: [-5, -1, -1], with: mood}")
    text = text.replace(
        "[-4, -2, -1]", f"{{value: [-5, -3, -3], with: {{group: mood, loading: {loading}}}}}"
    )
    (turn,) = what_it_takes(parse_case(text), "pact").together.turns
    assert refusing_in(turn.after) == ()
    assert turn.half_ranges == pytest.approx(3, abs=0.05)


def test_where_nobody_refuses_or_no_range_does_that_is_said() -> None:
    fine = taken("1", "4")
    assert not fine.together.needed
    assert "acceptable as it is judged" in lines(fine.together)[0]
    stuck = taken("9", "4")
    assert not stuck.together.turns
    assert "Ann would still refuse" in stuck.together.reason
    with pytest.raises(KeyError, match="no arrangement"):
        what_it_takes(parse_case(THREE), "peace")


# --- many settings at once -----------------------------------------------------------------------


def test_settings_solved_at_once_answer_as_the_case_changed_by_each() -> None:
    process = Process.of(
        parse_case(ROAD.replace("ROAD", "[-1, 9, 19]").replace("PACT", "[2, 4, 6]"))
    )
    before = Consents(process).of("pact")
    settings = [
        each.changes(size)
        for each in adjustables_of(process)
        for size in (-2.0, -0.4, 0.3, 1.0, 2.4, 3.0)
    ]
    asking = Asking(process, before)
    answers = asking.answers([setting_of(changes) for changes in settings])
    seen = set()
    for changes, answer in zip(settings, answers, strict=True):
        after = Consents(judged_otherwise(process, changes)).of("pact")
        assert after.headline is not None
        assert answer.refuse == set(refusing_in(after))
        gains = [after.headline.gain[a] for a in asking.ordinary]
        assert answer.kept - answer.never == pytest.approx(gains, abs=1e-9)
        seen.add(answer.refuse)
    assert len(seen) == 2


def test_a_process_judged_otherwise_is_that_of_the_case_read_so() -> None:
    process = Process.of(parse_case(THREE))
    (gain, *_) = adjustables_of(process)
    changes = gain.changes(0.5)
    one = Consents(judged_otherwise(process, changes)).of("pact")
    other = Consents(Process.of(with_changes(process.case, changes))).of("pact")
    assert one == other
    assert one != Consents(process).of("pact")


def three_with(ann: str) -> WhatItTakes:
    """What it takes where Ann judges otherwise, and the voters pass the pact."""
    before = THREE.partition("  ann: {worth")[2].partition("\n")[0]
    text = THREE.replace(f"  ann: {{worth{before}", f"  ann: {{worth: {{{ann}}}}}")
    return what_it_takes(parse_case(text.replace("[30, 40, 60]", "60")), "pact")


def test_each_judgement_that_does_it_is_told_not_the_smallest_alone() -> None:
    """Ann lacks 3: three quarters of the one half-range, three times the other."""
    fame = "fame: {when: pact = made, value: [-1, 0, 1]}"
    found = three_with(f"gain: {{when: pact = made, value: [-7, -3, 1]}}, {fame}")
    (ann,) = (each for each in found.blockers if each.blocker == "ann")
    sizes = {turn.changes[0].name.rpartition(".")[2]: turn.half_ranges for turn in ann.turns}
    assert list(sizes) == ["gain", "fame"]
    assert sizes == {"gain": pytest.approx(0.75, abs=0.02), "fame": pytest.approx(3, abs=0.05)}


def test_all_together_work_not_only_by_a_worse_batna_where_one_of_them_does() -> None:
    """Ann's quiet is all that can be judged otherwise for her; Bob's gain rises."""
    found = three_with(
        "gain: {when: pact = made, value: 2}, calm: {when: pact = none, value: [0, 5, 10]}"
    )
    (ann,) = (each for each in found.blockers if each.blocker == "ann")
    assert [turn.worsening for turn in ann.turns] == [True]
    (turn,) = found.together.turns
    assert [c.name.split(".")[1] for c in turn.changes] == ["bob", "ann"]
    assert not turn.worsening


def test_what_moves_together_counts_once() -> None:
    """Ann's and Bob's gains are of one group, and lack one half-range each."""
    text = THREE.replace("[30, 40, 60]", "60").replace("[-6, -3, 2]}", "[-4, -2, 0], with: g}")
    found = what_it_takes(
        parse_case(text.replace("[-4, -2, -1]}", "[-4, -2, 0], with: g}")), "pact"
    )
    (turn,) = found.together.turns
    assert len(turn.changes) == 2
    assert turn.half_ranges == pytest.approx(1, abs=0.02)
