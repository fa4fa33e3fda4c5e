"""Importing GMCR+ files: what is read, what is told, what is refused."""

import itertools
import json
import os
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from work import calls

import foedus
from foedus.case.importers.gmcr import gmcr_data, read_gmcr
from foedus.case.importers.gmcr_states import feasible_words
from foedus.case.model import Case
from foedus.case.problems import CaseError
from foedus.case.reading import case_from_data, parse_case
from foedus.case.writing import case_yaml

ROOT = Path(__file__).parent.parent
OUTSIDE = os.environ.get("FOEDUS_REFERENCE")
CONCEPTS = ("nash", "gmr", "smr", "seq", "sim")
Json = dict[str, Any]


def small(**changes: Any) -> Json:
    """Two decision makers; three options, one of each direction; one infeasible pattern."""
    document: Json = {
        "program": "gmcr-py",
        "version": "0.4",
        "options": [
            {"name": "Sign", "permittedDirection": "both"},
            {"name": "Burn Bridges", "permittedDirection": "fwd"},
            {"name": "Wait", "permittedDirection": "back"},
        ],
        "decisionMakers": [
            {"name": "Red", "options": [0, 1], "preferences": [[[2, "N"]], [[0, "Y"], [1, "N"]]]},
            {
                "name": "Blue Côte",
                "options": [2],
                "preferences": [
                    {"compound": True, "members": [[[0, "Y"]], [[1, "Y"], [2, "Y"]]]},
                    [[1, "N"]],
                ],
            },
        ],
        "infeasibles": [[[0, "Y"], [1, "Y"], [2, "Y"]]],
    }
    return document | changes


def ranked(*rankings: Any, key: str = "preferenceRanking", **changes: Any) -> Json:
    """The small model with rankings of its seven states."""
    document = small(useManualPreferenceRanking=True, **changes)
    for maker, ranking in zip(document["decisionMakers"], rankings, strict=True):
        del maker["preferences"]
        maker[key] = ranking
    return document


@pytest.fixture
def saved(tmp_path: Path) -> Callable[[Any], Path]:
    """Writes JSON, or text or bytes as they are, to a file."""

    def save(content: Any, name: str = "Small.gmcr") -> Path:
        path = tmp_path / name
        if isinstance(content, dict):
            content = json.dumps(content)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return save


def refused(path: Path) -> list[str]:
    """The messages with which a file is refused."""
    with pytest.raises(CaseError) as caught:
        read_gmcr(path)
    assert caught.value.file == str(path)
    return [str(problem) for problem in caught.value.problems]


def same(one: Case, other: Case) -> bool:
    """Whether two cases say the same of states, movers and preferences, in the same words."""

    def words(case: Case) -> Any:
        preferences = {
            actor: [
                (item.id, item.when.text, item.when.tree) for item in getattr(kind, "items", ())
            ]
            + [[(s.text, s.tree) for s in tier] for tier in getattr(kind, "tiers", ())]
            for actor, kind in case.preferences.items()
        }
        rules = [(rule.statement.text, rule.statement.tree, rule.why) for rule in case.rules]
        rights = {
            i.id: (
                i.name,
                i.positions,
                [i.decided_by.of(*c).movers for c in (("N", "Y"), ("Y", "N"))],
            )
            for i in case.issues.values()
        }
        names = {actor.id: actor.name for actor in case.actors.values()}
        told = (case.title, case.note, case.left_out, case.names, names, case.groups)
        return told, preferences, rules, rights

    return bool(words(one) == words(other))


# --- what is read ---


def test_the_parts_of_a_file() -> None:
    data, notices = gmcr_data(small(), title="Small")
    assert notices == ()
    assert data["title"] == "Small"
    assert data["names"] == {
        "sign": "Sign",
        "burn-bridges": "Burn Bridges",
        "wait": "Wait",
        "red": "Red",
        "blue-cote": "Blue Côte",
    }
    assert list(data["actors"]) == ["red", "blue-cote"]
    assert data["actors"]["blue-cote"] == {"name": "Blue Côte"}
    positions = {"N": "No", "Y": "Yes"}
    assert data["issues"] == {
        "sign": {"name": "Sign", "positions": positions, "decided_by": "red"},
        "burn-bridges": {
            "name": "Burn Bridges",
            "positions": positions,
            "decided_by": {"Y": "red"},
        },
        "wait": {"name": "Wait", "positions": positions, "decided_by": {"N": "blue-cote"}},
    }
    assert [rule["rule"] for rule in data["rules"]] == [
        "not (sign = Y and burn-bridges = Y and wait = Y)"
    ]
    assert data["preferences"] == {
        "red": {"priorities": [{"when": "wait = N"}, {"when": "sign = Y and burn-bridges = N"}]},
        "blue-cote": {
            "priorities": [
                {"when": "sign = Y or (burn-bridges = Y and wait = Y)"},
                {"when": "burn-bridges = N"},
            ]
        },
    }
    for absent in ("as_of", "today", "deadline", "groups", "left_out"):
        assert absent not in data


def test_names_become_ids() -> None:
    names = [
        "Full",
        "Full",
        "full-2",
        "Étude n° 1",
        "Übermaß",
        "条約",
        "",
        "and",
        "no",
        "1997",
        "Red",
    ]
    document = small(
        options=[{"name": name} for name in names],
        decisionMakers=[{"name": "Red", "options": [0]}, {"name": "red!", "options": [1]}],
        infeasibles=[],
    )
    data, notices = gmcr_data(document)
    assert list(data["issues"]) == [
        "full",
        "full-2",
        "full-2-2",
        "etude-n-1",
        "ubermass",
        "option-6",
        "option-7",
        "option-and",
        "no",
        "1997",
        "red",
    ]
    assert list(data["actors"]) == ["red", "red-2"]
    assert data["names"]["option-6"] == "条約"
    assert data["names"]["red-2"] == "red!"
    assert any("options[6] has no name" in notice for notice in notices)
    case = parse_case(case_yaml(data), file="names.yaml")
    assert list(case.issues) == list(data["issues"])
    assert case.names == data["names"]


def test_owners_and_those_who_own_nothing() -> None:
    document = small()
    document["options"].append({"name": "Weather"})
    document["decisionMakers"][1]["options"] = [2, 0]
    document["decisionMakers"].append(
        {"name": "Observer", "options": [], "preferences": [[[0, "Y"]]]}
    )
    data, notices = gmcr_data(document)
    assert data["issues"]["sign"]["decided_by"] == "red or blue-cote"
    assert data["issues"]["weather"]["decided_by"] == "nobody"
    assert data["groups"] == [["observer"]]
    assert notices == ("Nobody owns the option Weather; it never changes.",)
    result = foedus.stability(case_from_data(data, file="<data>")).to_dict()
    assert list(result["stable"]["nash"]) == ["red", "blue-cote", "observer"]
    assert len(result["stable"]["nash"]["observer"]) == len(result["states"]) == 14


@pytest.mark.parametrize(
    ("changes", "groups"),
    [
        ({"coalitions": [0, 1]}, None),
        ({"coalitions": [[0, 1]]}, [["red", "blue-cote"]]),
        ({"coalitions": [[1, 0]], "coalitionsFull": [[0, 1]]}, [["red", "blue-cote"]]),
        ({"coalitionsFull": [{"name": "Both", "members": [0, 1]}]}, [["red", "blue-cote"]]),
        ({"coalitionsFull": [{"name": "Both", "options": [0, 1, 2]}]}, [["red", "blue-cote"]]),
        ({"coalitionsFull": [{"name": "Red", "options": [0, 1]}]}, None),
    ],
)
def test_coalitions_become_groups(changes: Json, groups: Any) -> None:
    data, notices = gmcr_data(small(**changes))
    assert data.get("groups") == groups
    assert notices == ()
    result = foedus.stability(case_from_data(data, file="<data>")).to_dict()
    expected = ["red", "blue-cote"] + (["red+blue-cote"] if groups else [])
    assert list(result["stable"]["seq"]) == expected


def test_rankings_number_the_feasible_states(saved: Callable[[Any], Path]) -> None:
    document = ranked([7, [1, 2], 3, 4, 5, 6], [[1, 2, 3, 4, 5, 6, 7]])
    data, notices = gmcr_data(document, title="Small")
    assert notices == ()
    assert data["preferences"]["red"]["ranking"][:2] == [
        "sign = N and burn-bridges = Y and wait = Y",
        [
            "sign = N and burn-bridges = N and wait = N",
            "sign = Y and burn-bridges = N and wait = N",
        ],
    ]
    case = read_gmcr(saved(document))
    assert same(case, parse_case(case_yaml(data), file="x.yaml"))
    result = foedus.stability(case).to_dict()
    last = {"id": 7, "positions": {"sign": "N", "burn-bridges": "Y", "wait": "Y"}}
    assert result["states"][-1] == last
    older = ranked([7, [1, 2], 3, 4, 5, 6], [[1, 2, 3, 4, 5, 6, 7]], key="preferenceVector")
    older["useManualPreferenceVectors"] = older.pop("useManualPreferenceRanking")
    assert gmcr_data(older, title="Small")[0] == data


def test_a_ranking_may_miss_states(saved: Callable[[Any], Path]) -> None:
    path = saved(ranked([7, [1, 2]], []))
    case = read_gmcr(path)
    assert tuple(map(str, case.notices)) == (
        "Red: its ranking misses 4 of 7 states (3, 4, 5, 6); these come last, equal to each other.",
        "Blue Côte: its ranking misses 7 of 7 states (1, 2, 3, 4, 5, 6, 7); these come last, "
        "equal to each other.",
    )
    full = read_gmcr(saved(ranked([7, [1, 2], [3, 4, 5, 6]], [[1, 2, 3, 4, 5, 6, 7]])))
    assert verdicts(case) == verdicts(full)


def test_more_than_63_statements(saved: Callable[[Any], Path]) -> None:
    few, many = small(), small()
    few["decisionMakers"][0]["preferences"] = [[[2, "N"]], [[1, "Y"]], [[0, "Y"]]]
    many["decisionMakers"][0]["preferences"] = [
        *[[[2, "N"]]] * 70,
        *[[[1, "Y"]]] * 70,
        [[0, "Y"]],
    ]
    assert verdicts(read_gmcr(saved(few))) == verdicts(read_gmcr(saved(many)))


def test_compound_infeasibles_and_wishes_without_conditions() -> None:
    document = small(
        infeasibles=[
            {"compound": True, "members": [[[0, "Y"], [1, "Y"]], [[2, "Y"]]]},
            {"compound": True, "members": []},
        ]
    )
    document["decisionMakers"][0]["preferences"] = [[], {"compound": True, "members": []}]
    data, notices = gmcr_data(document)
    assert [rule["rule"] for rule in data["rules"]] == [
        "not ((sign = Y and burn-bridges = Y) or wait = Y)"
    ]
    assert data["preferences"]["red"]["priorities"] == []
    assert len(notices) == 3
    result = foedus.stability(parse_case(case_yaml(data), file="x.yaml")).to_dict()
    assert len(result["states"]) == 3
    assert result["stable"]["nash"]["red"] == [1, 2, 3]


def test_what_is_not_used_is_kept_and_told() -> None:
    document = small(colour={"of": "red"})
    document["options"][0]["weight"] = 3
    document["decisionMakers"][1]["misperceptions"] = [[[0, "Y"]]]
    data, notices = gmcr_data(document)
    assert "colour has no meaning here; it is kept but not used." in notices
    assert "options[0].weight has no meaning here; it is kept but not used." in notices
    assert any("Blue Côte" in notice and "not yet used" in notice for notice in notices)
    case = parse_case(case_yaml(data), file="x.yaml")
    assert dict(case.left_out) == data["left_out"]
    assert '{"of": "red"}' in "".join(case.left_out.values())


def test_older_files_may_lack_keys() -> None:
    data, notices = gmcr_data({"options": [{"name": "A"}], "decisionMakers": [{"name": "X"}]})
    assert data["issues"]["a"]["decided_by"] == "nobody"
    assert data["groups"] == [["x"]]
    assert "rules" not in data
    assert len(notices) == 2


def test_statements_beside_rankings_are_told() -> None:
    document = ranked([1, 2, 3, 4, 5, 6, 7], [1, 2, 3, 4, 5, 6, 7])
    document["decisionMakers"][0]["preferences"] = [[[0, "Y"]]]
    (notice,) = gmcr_data(document)[1]
    assert "rankings count" in notice


# --- what is refused ---


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"options": []}, "options: there is none"),
        ({"options": None}, "options: there is none"),
        ({"options": {}}, "options: {} is not a list"),
        ({"decisionMakers": []}, "decisionMakers: there is none"),
        ({"decisionMakers": ["Red"]}, 'decisionMakers[0]: "Red" is not an object'),
        ({"options": ["A"]}, 'options[0]: "A" is not an object'),
        ({"options": [{"name": 5}]}, "options[0].name: 5 is not a text"),
        (
            {"options": [{"name": "A", "permittedDirection": "up"}]},
            'options[0].permittedDirection: "up" is no direction; expected "fwd", "back" or "both"',
        ),
        ({"infeasibles": [[[3, "Y"]]]}, "infeasibles[0][0]: there is no option with the index 3"),
        ({"infeasibles": [[[-1, "Y"]]]}, "no option with the index -1; expected 0 to 2"),
        ({"infeasibles": [[[True, "Y"]]]}, "true is not the index of option"),
        ({"infeasibles": [[[0.0, "Y"]]]}, "0.0 is not the index of option"),
        ({"infeasibles": [[[10**80, "Y"]]]}, "a number of more than 60 digits"),
        ({"infeasibles": [[[0, "y"]]]}, '"y" is neither Y nor N'),
        ({"infeasibles": [[[0, ["Y"]]]]}, '["Y"] is neither Y nor N'),
        ({"infeasibles": [[0, "Y"]]}, "infeasibles[0][0]: 0 is not a pair"),
        ({"infeasibles": ["-Y-"]}, 'infeasibles[0]: "-Y-" is not a pattern'),
        ({"infeasibles": [{"members": []}]}, "not marked as compound"),
        ({"infeasibles": [{"compound": True, "members": 3}]}, "3 is not a list"),
        ({"infeasibles": [[]]}, "the infeasible patterns exclude every state"),
        ({"infeasibles": [[[0, "Y"]], [[0, "N"]]]}, "the infeasible patterns exclude every state"),
        ({"coalitions": [[0, 2]]}, "coalitions[0]: there is no decision maker with the index 2"),
        ({"coalitions": [["Red"]]}, 'coalitions[0]: "Red" is not the index'),
        ({"useManualPreferenceRanking": "yes"}, '"yes" is not true or false'),
    ],
)
def test_each_fault_has_its_message(
    saved: Callable[[Any], Path], changes: Json, message: str
) -> None:
    told = refused(saved(small(**changes)))
    assert any(message in problem for problem in told), told


def test_all_faults_at_once(saved: Callable[[Any], Path]) -> None:
    document = small(infeasibles=[[[7, "Y"]], [[0, "Q"]]], coalitions=[5])
    document["options"][1]["permittedDirection"] = "sideways"
    document["decisionMakers"][0]["options"] = [0, 9]
    assert len(refused(saved(document))) == 5


@pytest.mark.parametrize(
    ("ranking", "message"),
    [
        ([8, 9], "decisionMakers[0]: its ranking names states that there are not: 8, 9"),
        ([10**70], "names states that there are not: a number of more than 12 digits"),
        ([1, [2, 1]], "decisionMakers[0]: its ranking names states more than once: 1"),
        ([0], "decisionMakers[0].preferenceRanking[0]: 0 is not a state number"),
        ([[1, [2]]], "[2] is not a state number"),
        (["1"], '"1" is not a state number'),
        ([True], "true is not a state number"),
    ],
)
def test_rankings_that_cannot_be(saved: Callable[[Any], Path], ranking: Any, message: str) -> None:
    told = refused(saved(ranked(ranking, [1])))
    assert any(message in problem for problem in told), told


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "1:1: not valid JSON at the end of the file"),
        ('{"options": [}', "1:14: not valid JSON at '}'"),
        ('{\n  "a": tru\n}', "2:8: not valid JSON"),
        ("[1, 2]", "the file: [1, 2] is not an object"),
        ('{"n": "NaN",\n "a": NaN}', "2:7: NaN is no JSON number"),
        ('{"a": -Infinity}', "1:7: -Infinity is no JSON number"),
        ('{"a": ' + "9" * 5000 + "}", "a number has too many digits"),
        ('{"a": 1, "a": 2}', 'the key "a" stands twice in one object'),
        ('{"a": "\\ud800"}', "half of a surrogate pair"),
        (b'{"a": "\xff"}', "1:8: the file is not UTF-8 text"),
        ('{"a": 1}'.encode("utf-16"), "the file is not UTF-8 text"),
        (b"\x00" * 100, "not valid JSON"),
    ],
)
def test_broken_files(saved: Callable[[Any], Path], content: Any, message: str) -> None:
    told = refused(saved(content))
    assert any(message in problem for problem in told), told


@pytest.mark.parametrize(
    "content",
    [
        "[" * 1_000_000,
        '{"a":' * 500_000,
        '{"options": ' + "[" * 60 + "]" * 60 + "}",
        '{"a": "' + '\\"' * 2_000_000,
        "[" + "[]," * 1_500_000 + "[]]",
        "x" * (17 << 20),
    ],
    ids=["lists", "objects", "deep", "open text", "many lists", "large"],
)
def test_hostile_files_end_quickly(saved: Callable[[Any], Path], content: str) -> None:
    path = saved(content)
    told: list[str] = []
    assert calls(lambda: told.extend(refused(path))) < 2_000  # they are not read through
    assert len(told) == 1


def test_brackets_in_texts_are_no_nesting(saved: Callable[[Any], Path]) -> None:
    document = small()
    document["options"][0]["name"] = "[" * 100 + '"\\'
    assert len(read_gmcr(saved(document)).issues) == 3


def test_a_byte_order_mark_is_read_over(saved: Callable[[Any], Path]) -> None:
    assert len(read_gmcr(saved(b"\xef\xbb\xbf" + json.dumps(small()).encode())).issues) == 3


def test_no_file_and_a_directory(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.gmcr") == ["there is no such file"]
    assert refused(tmp_path) == ["this is a directory (a folder); expected a file of JSON"]
    os.mkfifo(tmp_path / "pipe.gmcr")
    assert refused(tmp_path / "pipe.gmcr") == [
        "this is not a regular file; expected a file of JSON"
    ]


def saved_names(saved: Callable[[Any], Path], count: int) -> int:
    """The calls that reading so many options of one name takes."""
    path = saved(small(options=[{"name": "A"}] * count))
    assert len(read_gmcr(path).issues) == count
    return calls(lambda: read_gmcr(path))


def test_many_names_alike_end_quickly(saved: Callable[[Any], Path]) -> None:
    document = small(options=[{"name": "A"}] * 100_000)
    assert "options: 100,000 of them" in refused(saved(document))[0]
    few, many = (saved_names(saved, count) for count in (250, 1000))
    assert (many - few) / 750 < 500, "calls grow with the names, not with their square"


def test_too_many_states_for_a_ranking(saved: Callable[[Any], Path]) -> None:
    names = [{"name": f"Option {k}"} for k in range(40)]
    document = ranked([1], [1], options=names, infeasibles=[])
    (message,) = refused(saved(document))
    assert "too many states to number for the rankings" in message
    document["useManualPreferenceRanking"] = False
    assert len(read_gmcr(saved(document)).issues) == 40


# --- numbering ---


@pytest.mark.parametrize("seed", range(20))
def test_numbering_is_that_of_plain_counting(seed: int) -> None:
    draw = np.random.default_rng(seed)
    options = int(draw.integers(1, 8))

    def pattern() -> tuple[tuple[int, bool], ...]:
        length = int(draw.integers(0 if draw.random() < 0.02 else 1, 4))
        return tuple((int(draw.integers(options)), bool(draw.integers(2))) for _ in range(length))

    infeasible = [tuple(pattern() for _ in range(draw.integers(1, 3))) for _ in range(3)]
    expected = [
        code
        for code in range(2**options)
        if not any(
            all(bool(code >> option & 1) == yes for option, yes in pattern)
            for condition in infeasible
            for pattern in condition
        )
    ]
    assert feasible_words(options, infeasible)[0].tolist() == expected


def test_numbering_beyond_63_options() -> None:
    chain = [(((k, True), (k + 1, False)),) for k in range(69)]  # each asks for the one before
    states = feasible_words(70, chain)
    assert states.shape == (2, 71)
    counts = sorted(int(a).bit_count() + int(b).bit_count() for a, b in states.T.tolist())
    assert counts == list(range(71))


def test_the_large_file_of_the_benchmarks(saved: Callable[[Any], Path]) -> None:
    maker = runpy.run_path(str(ROOT / "benchmarks" / "make_large_gmcr.py"))
    case = read_gmcr(saved(maker["large_model"](seed=1)))
    assert (len(case.actors), len(case.issues)) == (6, 20)
    patterns = [
        (((a, True), (b, True)),)
        for group in maker["EXCLUSIVE"]
        for a, b in itertools.combinations(group, 2)
    ]
    assert feasible_words(20, patterns).shape[1] == maker["STATES"] == 138_240


# --- there and back ---


def verdicts(case: Case) -> Any:
    result = foedus.stability(case).to_dict()
    return result["states"], result["stable"], result["equilibria"]


@pytest.mark.parametrize(
    "document",
    [
        small(),
        small(coalitions=[[0, 1]]),
        ranked([7, [1, 2], 3, 4, 5, 6], [6, 5, [4, 3], 2, 1, 7]),
        ranked([7, [1, 2]], []),
    ],
    ids=["priorities", "coalition", "rankings", "part of a ranking"],
)
def test_import_write_read(saved: Callable[[Any], Path], document: Json) -> None:
    case = read_gmcr(saved(document))
    data, notices = gmcr_data(document, title="Small")
    assert tuple(map(str, case.notices)) == notices
    again = parse_case(case_yaml(data), file="small.yaml")
    assert same(case, again)
    assert verdicts(case) == verdicts(again)


# --- outside data ---

TEXTBOOK = ("Cuban", "Elmira", "Garrison", "Prisoners")


@pytest.mark.reference
@pytest.mark.skipif(OUTSIDE is None, reason="FOEDUS_REFERENCE=DIR not set: outside files unread")
@pytest.mark.parametrize("name", TEXTBOOK)
def test_outside_files_give_the_textbook_verdicts(name: str) -> None:
    folder = Path(OUTSIDE or "") / "gmcr"
    answers = json.loads((folder / f"{name}.textbook.json").read_text(encoding="utf-8"))
    case = read_gmcr(folder / f"{name}.gmcr")
    data, _ = gmcr_data(json.loads((folder / f"{name}.gmcr").read_text(encoding="utf-8")))
    makers = dict(zip(answers["movers"], case.actors, strict=True))
    for result in (case, parse_case(case_yaml(data), file="again.yaml")):
        found = foedus.stability(result).to_dict()
        written = [(s["id"], "".join(s["positions"].values())) for s in found["states"]]
        assert written == [(s["id"], s["options"]) for s in answers["states"]]
        for concept in CONCEPTS:
            expected = {makers[m]: states for m, states in answers["stable"][concept].items()}
            assert found["stable"][concept] == expected, concept
            assert found["equilibria"][concept] == answers["equilibria"][concept], concept
