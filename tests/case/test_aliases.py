"""Old keys of a case file: read as the new ones until 1.0, and rewritten by an upgrade."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from towns import TWO_TOWNS
from typer.testing import CliRunner

import foedus
from foedus.case.edit import with_value
from foedus.case.files import LARGEST
from foedus.case.fingerprint import case_hash
from foedus.case.problems import CaseError
from foedus.case.reading import case_from_data, parse_case, read_case
from foedus.case.schema import json_schema
from foedus.case.source import plain_data, read_source
from foedus.case.upgrade import upgraded
from foedus.cli.app import app
from foedus.sensitivity.settings import case_with, parsed_setting

NEW = TWO_TOWNS.read_text(encoding="utf-8")
RENAMED = {"probability: ": "held: ", "cases: ": "tried: ", "occurred: ": "happened: "}
EXAMPLE = Path(__file__).parent / "data" / "bridge.yaml"


def old(text: str = NEW, keys: dict[str, str] = RENAMED) -> str:
    """A text with the old keys in place of the new."""
    for new, was in keys.items():
        assert new in text
        text = text.replace(new, was)
    return text


def test_the_example_of_the_design_is_feasible_and_has_new_keys_alone() -> None:
    case = foedus.load(EXAMPLE)
    assert not case.notices
    assert (case.reference_classes["town-mergers"].cases) == 17
    assert (case.reference_classes["town-mergers"].occurred) == 4


def test_both_spellings_are_one_case_with_the_hash_it_has_always_had() -> None:
    before, after = parse_case(old()), parse_case(NEW)
    assert before.preferences == after.preferences
    assert before.reference_classes == after.reference_classes
    assert case_hash(before) == case_hash(after)
    assert case_hash(after) == "94cb33f8c4d66e81cfd31ceede40ce87827f57bb5225da785dfab591de648daa"


def test_each_old_key_is_noticed_once_where_it_first_stands() -> None:
    wish = "      - {id: any-bridge, when: bridge != none, held: likely, because: [mayor-speech]}\n"
    text = old().replace(wish, wish + wish.replace("any-bridge", "more"))
    told = parse_case(text, "towns.yaml").notices
    line = text[: text.index("held")].count("\n") + 1
    column = wish.index("held") + 1
    assert str(told[0]).startswith(f"{line}:{column}: `held` is now called `probability` (2 times")
    assert [notice.message.split("`")[1] for notice in told] == ["held", "tried", "happened"]
    assert not parse_case(NEW).notices


@pytest.mark.parametrize(("new", "was"), RENAMED.items())
def test_old_and_new_in_one_entry_are_an_error_with_both_lines(new: str, was: str) -> None:
    first = NEW.index(new)
    value = NEW[first + len(new) :].split(",")[0]
    text = f"{NEW[:first]}{was}{value}, {NEW[first:]}"
    line = text[:first].count("\n") + 1
    with pytest.raises(CaseError) as error:
        parse_case(text)
    (problem,) = error.value.problems
    column = first - text.rindex("\n", 0, first)
    assert problem.place == (line, column)
    assert f"which stands on line {line}" in problem.message
    assert repr(was[:-2]) in problem.message
    assert repr(new[:-2]) in problem.message


def test_an_old_key_elsewhere_is_unknown() -> None:
    with pytest.raises(CaseError, match="unknown key 'held'"):
        parse_case(NEW.replace("value: 10", "value: 10, held: 1"))


def test_faults_under_an_old_key_are_told_where_they_stand() -> None:
    text = old().replace("happened: 4", "happened: 40")
    with pytest.raises(CaseError) as error:
        parse_case(text)
    (problem,) = error.value.problems
    assert problem.place is not None
    line = text.splitlines()[problem.place.line - 1]
    assert line[problem.place.column - 1 :].startswith("40")


def test_data_of_a_program_may_have_old_keys() -> None:
    data = plain_data(read_source(NEW, "x").data)
    like = data["reference_classes"]["town-mergers"]
    like |= {"tried": like.pop("cases"), "happened": like.pop("occurred")}
    assert case_hash(case_from_data(data)) == case_hash(parse_case(NEW))
    like["cases"] = 17
    with pytest.raises(CaseError, match="which stands beside it"):
        case_from_data(data)


@pytest.mark.parametrize("text", [NEW, old()])
@pytest.mark.parametrize("key", ["happened", "occurred"])
def test_values_are_set_by_either_name(text: str, key: str) -> None:
    path = ("reference_classes", "town-mergers", key)
    assert with_value(text, path, 5) == text.replace("4, about", "5, about")
    name, value = parsed_setting(f"reference_classes.town-mergers.{key}=5")
    set_so = case_with(parse_case(text), text, [(name, value)])
    assert set_so.reference_classes["town-mergers"].occurred == 5


def test_the_schema_knows_both_and_not_both_at_once() -> None:
    schema = json_schema()
    valid = Draft202012Validator(schema).is_valid
    new, was = (plain_data(json_of(text)) for text in (NEW, old()))
    assert valid(new)
    assert valid(was)
    assert schema["$defs"]["PriorityShape"]["properties"]["held"]["deprecated"]
    like = new["reference_classes"]["town-mergers"]
    assert not valid(new | {"reference_classes": {"m": like | {"tried": 17}}})
    assert not valid(new | {"reference_classes": {"m": {"occurred": 1, "about": "one-town"}}})
    wishes = new["preferences"]["south"]["priorities"]
    wishes[1]["held"] = "likely"
    assert not valid(new)


def json_of(text: str) -> object:
    """The data of a text with the keys as they are written."""
    import yaml

    return json.loads(json.dumps(yaml.safe_load(text), default=str))


@settings(deadline=None, max_examples=20)
@given(chosen=st.sets(st.sampled_from(sorted(RENAMED))), quoted=st.booleans(), mark=st.booleans())
def test_an_upgrade_replaces_the_keys_and_nothing_else(
    chosen: set[str], quoted: bool, mark: bool
) -> None:
    start = "\ufeff" if mark else ""
    keys = {new: RENAMED[new] for new in chosen}
    comment = "# held: tried: happened: ä\n"
    want = start + comment + NEW
    text = start + comment + old(NEW, keys)
    if quoted:
        for new, was in keys.items():
            text = text.replace(f" {was}", f' "{was[:-2]}": ').replace(
                f"{{{was}", f'{{"{was[:-2]}": '
            )
            want = want.replace(f" {new}", f' "{new[:-2]}": ').replace(
                f"{{{new}", f'{{"{new[:-2]}": '
            )
        text = text.replace(text[len(start) : text.index("\n") + 1], comment, 1)
    found = upgraded(text)
    assert found.text == want
    assert len(found.changes) == len(chosen)
    assert upgraded(found.text) == (found.text, ())


def test_the_command_rewrites_the_file_and_says_what_it_changed(tmp_path: Path) -> None:
    file = tmp_path / "towns.yaml"
    content = b"\xef\xbb\xbf" + old().replace("\n", "\r\n").encode()
    file.write_bytes(content)
    there = tmp_path / "new.yaml"
    printed = CliRunner().invoke(app, ["upgrade", str(file), "-o", "-"])
    assert printed.exit_code == 0
    assert file.read_bytes() == content
    other = CliRunner().invoke(app, ["upgrade", str(file), "-o", str(there)])
    assert f"written: {there}" in other.stderr
    assert file.read_bytes() == content
    found = CliRunner().invoke(app, ["upgrade", str(file), "--json"])
    want = b"\xef\xbb\xbf" + NEW.replace("\n", "\r\n").encode()
    assert file.read_bytes() == there.read_bytes() == want
    told = json.loads(found.stdout)["changes"]
    assert [each["change"] for each in told] == [
        "held: now probability",
        "tried: now cases",
        "happened: now occurred",
    ]
    assert f"{file}:{told[0]['line']}:{told[0]['column']}: held: now probability" in found.stderr
    again = CliRunner().invoke(app, ["upgrade", str(file)])
    assert f"{file}: nothing to change" in again.stderr
    assert "written" not in again.stderr


def test_a_file_that_is_not_in_order_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "towns.yaml"
    text = old().replace("about: one-town", "about: nowhere")
    file.write_text(text, encoding="utf-8")
    found = CliRunner().invoke(app, ["upgrade", str(file)])
    assert found.exit_code == 2
    assert file.read_text(encoding="utf-8") == text


def test_an_upgrade_that_leaves_no_case_is_refused() -> None:
    """The new names are longer, and the text with them passes the limit of a case file."""
    text = old() + "#"
    text += "." * (LARGEST - len(text.encode()))
    parse_case(text)
    with pytest.raises(CaseError, match="bytes"):
        upgraded(text)


@pytest.mark.parametrize("file", sorted(TWO_TOWNS.parent.rglob("*.yaml")))
def test_our_own_cases_have_no_old_key(file: Path) -> None:
    assert not [n for n in read_case(file).notices if "is now called" in n.message]
