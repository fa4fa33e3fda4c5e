"""The store of cases: nothing acknowledged is lost, whoever else writes and whenever it ends."""

import contextlib
import errno
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import saving
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from saving import CASE, titled
from strategies import LONG

from foedus.case.files import LARGEST
from foedus.case.problems import CaseError
from foedus.case.source import read_source
from foedus.web import history as history_module
from foedus.web.app import unwritten_told
from foedus.web.history import version_of
from foedus.web.kept import Unusable
from foedus.web.store import Conflict, NotHere, Store
from foedus.whole_files import AlreadyThere, CannotWrite

TEXT = "foedus: 1\ntitle: Two towns\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one case, within another with something that is nobody's business."""
    (tmp_path / "outside.yaml").write_text("secret: 1\n", encoding="utf-8")
    inside = tmp_path / "cases"
    inside.mkdir()
    (inside / CASE).write_text(TEXT, encoding="utf-8")
    return inside


@pytest.fixture
def store(folder: Path) -> Store:
    return Store(folder)


def kept(folder: Path) -> Path:
    return folder / ".foedus" / CASE


def reasons(store: Store) -> list[str]:
    return [past.why for past in store.history(CASE)]


def edit(store: Store, text: str, why: str = "edit") -> None:
    store.save(CASE, text, store.read(CASE).version, why)


# --- saving -------------------------------------------------------------------------------------


def test_an_edit_is_saved_and_in_the_history(folder: Path, store: Store) -> None:
    assert store.names() == (CASE,)
    assert store.history(CASE) == ()
    before = datetime.now(UTC).replace(microsecond=0)
    begun = store.read(CASE)
    saved = store.save(CASE, TEXT + "# more\n", begun.version, "a remark")
    assert saved == store.read(CASE)
    assert saved.version == version_of((folder / CASE).read_bytes()) != begun.version
    assert reasons(store) == ["a remark", "as it was found"]
    newest, oldest = store.history(CASE)
    assert (newest.version, oldest.version) == (saved.version, begun.version)
    assert before <= oldest.when <= newest.when <= datetime.now(UTC)
    assert store.past(CASE, newest.number) == saved.text
    assert store.past(CASE, oldest.number) == TEXT
    assert Store(folder).history(CASE) == store.history(CASE)


def test_the_same_text_is_no_new_version(store: Store) -> None:
    begun = store.read(CASE)
    assert store.save(CASE, TEXT, begun.version, "nothing") == begun
    assert reasons(store) == ["as it was found"]


def test_marks_and_line_ends_stay(folder: Path, store: Store) -> None:
    odd = "\ufefffoedus: 1\r\ntitle: Ä\r\n# no line break at the end"
    edit(store, odd)
    assert (folder / CASE).read_bytes() == odd.encode()
    assert store.read(CASE).text == odd
    assert store.past(CASE, 2) == odd


def test_an_old_version_is_a_conflict(store: Store) -> None:
    begun = store.read(CASE)
    mine = store.save(CASE, TEXT + "# mine\n", begun.version, "mine")
    with pytest.raises(Conflict, match="has been changed since") as caught:
        store.save(CASE, TEXT + "# yours\n", begun.version, "yours")
    assert caught.value.current == mine == store.read(CASE)
    assert reasons(store) == ["mine", "as it was found"]


def test_what_another_program_wrote_is_a_conflict_and_in_the_history(
    folder: Path, store: Store
) -> None:
    edit(store, TEXT + "# one\n")
    begun = store.read(CASE)
    (folder / CASE).write_text("foedus: 1\ntitle: Theirs\n", encoding="utf-8")
    with pytest.raises(Conflict) as caught:
        store.save(CASE, TEXT + "# two\n", begun.version, "two")
    assert caught.value.current.text == "foedus: 1\ntitle: Theirs\n"
    assert reasons(store) == ["changed outside", "edit", "as it was found"]
    assert store.past(CASE, store.history(CASE)[0].number) == "foedus: 1\ntitle: Theirs\n"
    edit(store, TEXT + "# two\n", "two")
    assert reasons(store)[0] == "two"


def test_undo_and_redo(store: Store) -> None:
    for letter in "abc":
        edit(store, TEXT + f"# {letter}\n", letter)

    def step(act: str) -> str:
        return getattr(store, act)(CASE, store.read(CASE).version).text.removeprefix(TEXT)

    assert [step("undo"), step("undo"), step("redo")] == ["# b\n", "# a\n", "# b\n"]
    assert reasons(store)[:3] == ["redone: b", "undone: b", "undone: c"]
    assert [step("redo"), step("undo"), step("undo"), step("undo")] == [
        "# c\n",
        "# b\n",
        "# a\n",
        "",
    ]
    with pytest.raises(LookupError, match="nothing to undo"):
        step("undo")
    assert step("redo") == "# a\n"
    edit(store, TEXT + "# d\n", "d")
    with pytest.raises(LookupError, match="nothing to redo"):
        step("redo")
    assert [step("undo"), step("undo")] == ["# a\n", ""]
    with pytest.raises(Conflict):
        store.redo(CASE, "0" * 16)


def test_restored(store: Store) -> None:
    edit(store, TEXT + "# a\n", "a")
    edit(store, TEXT + "# b\n", "b")
    restored = store.restore(CASE, 1, store.read(CASE).version)
    assert restored.text == TEXT == store.read(CASE).text
    assert reasons(store)[0] == "version 1 restored"
    assert store.undo(CASE, restored.version).text == TEXT + "# b\n"
    with pytest.raises(LookupError, match="version 99"):
        store.restore(CASE, 99, store.read(CASE).version)


def test_created(folder: Path, store: Store) -> None:
    made = store.create("new.yaml", TEXT)
    assert made == store.read("new.yaml")
    assert store.names() == ("new.yaml", CASE)
    assert [past.why for past in store.history("new.yaml")] == ["begun"]
    for name in ("new.yaml", "NEW.yaml", CASE):
        with pytest.raises(AlreadyThere):
            store.create(name, "foedus: 1\n")
    (folder / "sub").mkdir()
    for name in ("../new.yaml", "sub/new.yaml", "sub/../../new.yaml", "sub", "new.txt", ".x.yaml"):
        with pytest.raises(NotHere):
            store.create(name, TEXT)
    assert {each.name for each in folder.parent.iterdir()} == {"cases", "outside.yaml"}
    assert not list((folder / "sub").iterdir())
    assert (folder / "new.yaml").read_text(encoding="utf-8") == TEXT


def test_what_is_no_text_and_what_is_too_large(folder: Path, store: Store) -> None:
    version = store.read(CASE).version
    for text, words in [("x" * (LARGEST + 1), "1,048,577 bytes"), ("\ud800", "half of a pair")]:
        with pytest.raises(CaseError, match=words):
            store.save(CASE, text, version, "edit")
        with pytest.raises(CaseError, match=words):
            store.create("new.yaml", text)
        with pytest.raises(CaseError, match=words):
            store.keep_draft(CASE, text)
    (folder / CASE).write_bytes(b"\xff\xfef\0")
    with pytest.raises(CaseError, match="UTF-16"):
        store.read(CASE)
    (folder / CASE).write_bytes(b"x" * (LARGEST + 1))
    with pytest.raises(CaseError, match="bytes"):
        store.read(CASE)


def test_what_the_disk_refuses_leaves_no_trace(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(store, TEXT + "# a\n", "a")
    before = store.read(CASE)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CannotWrite, match="No space left"):
        edit(store, TEXT + "# b\n", "b")
    monkeypatch.undo()
    assert store.read(CASE) == before
    assert reasons(store) == ["a", "as it was found"]


# --- only the opened folder ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "../outside.yaml",
        "..",
        ".",
        "",
        "/etc/passwd",
        "x\0.yaml",
        "sub/in.yaml",
        "sub",
        "sub.yaml",
        "..\\outside.yaml",
        "C:outside.yaml",
        ".hidden.yaml",
        ".foedus",
        "notes.txt",
        "link.yaml",
        "inner-link.yaml",
        "gone.yaml",
        "x" * 300 + ".yaml",
        "a\nb.yaml",
        "\ud800.yaml",
        "TOWNS.yaml",
        f"{CASE}/",
        f"./{CASE}",
    ],
)
def test_no_name_leads_elsewhere(folder: Path, store: Store, name: str) -> None:
    (folder / "sub").mkdir()
    (folder / "sub.yaml").mkdir()
    (folder / "sub" / "in.yaml").write_text(TEXT, encoding="utf-8")
    (folder / ".hidden.yaml").write_text(TEXT, encoding="utf-8")
    (folder / "notes.txt").write_text(TEXT, encoding="utf-8")
    (folder / "link.yaml").symlink_to(folder.parent / "outside.yaml")
    (folder / "inner-link.yaml").symlink_to(folder / CASE)
    assert store.names() == (CASE,)
    calls = [
        lambda: store.read(name),
        lambda: store.save(name, "foedus: 1\n", "0" * 16, "edit"),
        lambda: store.history(name),
        lambda: store.past(name, 1),
        lambda: store.restore(name, 1, "0" * 16),
        lambda: store.undo(name, "0" * 16),
        lambda: store.redo(name, "0" * 16),
        lambda: store.draft(name),
        lambda: store.keep_draft(name, "x"),
        lambda: store.drop_draft(name),
        lambda: store.notes(name, "kind"),
        lambda: store.put_notes(name, "kind", {}),
    ]
    for call in calls:
        with pytest.raises(NotHere):
            call()
    assert not (folder / ".foedus").exists()
    assert (folder.parent / "outside.yaml").read_text(encoding="utf-8") == "secret: 1\n"


def test_one_case_opened_alone(folder: Path) -> None:
    (folder / "other.yaml").write_text(TEXT, encoding="utf-8")
    store = Store(folder / CASE)
    assert store.names() == (CASE,)
    edit(store, TEXT + "# a\n")
    assert (kept(folder) / "journal.jsonl").exists()
    with pytest.raises(NotHere):
        store.read("other.yaml")
    with pytest.raises(NotHere):
        store.create("new.yaml", TEXT)
    for nothing in ("gone", "gone.yaml"):
        with pytest.raises(NotHere, match="there is no folder and no case file"):
            Store(folder / nothing)


# --- a folder .foedus from anybody ---------------------------------------------------------------


def test_no_link_is_followed(folder: Path, store: Store) -> None:
    away = folder.parent / "away"
    away.mkdir()
    (folder / ".foedus").symlink_to(away)
    with pytest.raises(Unusable, match="a link or a file; move it away"):
        edit(store, TEXT + "# a\n")
    (folder / ".foedus").unlink()
    (folder / ".foedus").mkdir()
    kept(folder).symlink_to(away)
    for call in (lambda: edit(store, TEXT), lambda: store.history(CASE), lambda: store.draft(CASE)):
        with pytest.raises(Unusable, match="move it away"):
            call()
    kept(folder).unlink()
    kept(folder).mkdir()
    target = away / "target"
    calls = {
        "lock": lambda: edit(store, TEXT + "# a\n"),
        "journal.jsonl": lambda: edit(store, TEXT + "# a\n"),
        "0000001.yaml": lambda: edit(store, TEXT + "# a\n"),
        "draft.txt": lambda: store.keep_draft(CASE, "x"),
        "notes.a.json": lambda: store.put_notes(CASE, "a", {}),
    }
    for name, call in calls.items():
        (kept(folder) / name).symlink_to(target)
        with pytest.raises(Unusable, match=f"{name} is a link"):
            call()
        (kept(folder) / name).unlink()
    assert list(away.iterdir()) == []
    assert store.read(CASE).text == TEXT


def test_a_broken_journal_costs_its_broken_lines(folder: Path, store: Store) -> None:
    edit(store, TEXT + "# a\n", "a")
    journal = kept(folder) / "journal.jsonl"
    good = journal.read_bytes()
    when = '"when": "2020-01-01T00:00:00+00:00", "why": "w"'
    broken = [
        b"\xff\xfe",
        b"[" * 100_000,
        b"null",
        b"7",
        b"{}",
        b'{"number": 3}',
        f'{{"number": true, "version": "{"0" * 16}", {when}, "text": 1}}'.encode(),
        f'{{"number": {"9" * 5000}, "version": "{"0" * 16}", {when}, "text": 1}}'.encode(),
        f'{{"number": 9, "version": "../../x", {when}, "text": 1}}'.encode(),
        f'{{"number": 9, "version": "{"0" * 16}", {when}, "text": "../1"}}'.encode(),
        f'{{"number": 1, "version": "{"0" * 16}", {when}, "text": 1}}'.encode(),
        good.splitlines()[0][:30],  # half a line, as a crash leaves it
    ]
    journal.write_bytes(good + b"\n".join(broken))
    assert reasons(store) == ["a", "as it was found"]
    edit(store, TEXT + "# b\n", "b")
    assert reasons(store) == ["b", "a", "as it was found"]
    assert store.undo(CASE, store.read(CASE).version).text == TEXT + "# a\n"


def test_what_is_too_large_or_changed_is_told(folder: Path, store: Store) -> None:
    edit(store, TEXT + "# a\n", "a")
    (kept(folder) / "0000001.yaml").write_text("another text", encoding="utf-8")
    with pytest.raises(LookupError, match="the text of version 1 is no longer there"):
        store.past(CASE, 1)
    with pytest.raises(LookupError, match="no longer there"):
        store.undo(CASE, store.read(CASE).version)
    with (kept(folder) / "journal.jsonl").open("ab") as file:
        file.truncate(1 << 30)
    with pytest.raises(Unusable, match="is larger than"):
        edit(store, TEXT + "# b\n")
    assert store.read(CASE).text == TEXT + "# a\n"


def test_a_pipe_for_a_file_holds_nobody_up(folder: Path, store: Store) -> None:
    kept(folder).mkdir(parents=True)
    for name in ("lock", "journal.jsonl", "draft.txt"):
        os.mkfifo(kept(folder) / name)
        with pytest.raises(Unusable, match="no regular file"):
            store.draft(CASE) if name == "draft.txt" else edit(store, TEXT + "# a\n")
        (kept(folder) / name).unlink()


# --- what is kept beside -------------------------------------------------------------------------


def test_a_draft_is_kept_until_it_is_dropped(folder: Path, store: Store) -> None:
    assert store.draft(CASE) is None
    store.keep_draft(CASE, "title: [\n")
    assert Store(folder).draft(CASE) == "title: [\n"
    assert store.read(CASE).text == TEXT
    store.drop_draft(CASE)
    store.drop_draft(CASE)
    assert store.draft(CASE) is None


def test_a_folder_that_is_read_only_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: Any, **__: Any) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refused)
    with pytest.raises(CannotWrite) as told:
        store.keep_draft(CASE, "no case")
    said = unwritten_told(told.value)
    assert "its cases can be looked at, but not changed (cannot make" in said
    assert unwritten_told(CannotWrite("the disk is full")) == "the disk is full"


def test_notes(folder: Path, store: Store) -> None:
    assert store.notes(CASE, "what-ifs") == {}
    store.put_notes(CASE, "what-ifs", {"ä": [1, 2.5, None]})
    assert Store(folder).notes(CASE, "what-ifs") == {"ä": [1, 2.5, None]}
    assert store.notes(CASE, "judges") == {}
    assert store.change_notes(CASE, "what-ifs", lambda old: old | {"b": 1}) == {
        "ä": [1, 2.5, None],
        "b": 1,
    }
    with pytest.raises(Unusable, match="more than 1,048,576 bytes"):
        store.put_notes(CASE, "what-ifs", {"a": "x" * (1 << 20)})
    with pytest.raises(ValueError, match="not JSON compliant"):
        store.put_notes(CASE, "what-ifs", {"a": float("nan")})
    for kind in ("../x", "", "A", "x.y"):
        with pytest.raises(NotHere):
            store.put_notes(CASE, kind, {})
    for content in ("{", "[]", "[" * 100_000):
        (kept(folder) / "notes.judges.json").write_text(content, encoding="utf-8")
        with pytest.raises(Unusable, match=r"notes\.judges\.json is no JSON of a map"):
            store.notes(CASE, "judges")


# --- bounds ---------------------------------------------------------------------------------------


def test_the_history_is_bounded(
    folder: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_module, "MOST_VERSIONS", 20)
    for k in range(30):
        edit(store, TEXT + f"# {k}\n", f"edit {k}")
        assert len(store.history(CASE)) <= 20
    assert reasons(store)[:2] == ["edit 29", "edit 28"]
    assert all(store.past(CASE, past.number) for past in store.history(CASE))
    texts = list(kept(folder).glob("0*.yaml"))
    assert len(texts) == len(store.history(CASE))
    undone = 0
    with contextlib.suppress(LookupError):
        while store.undo(CASE, store.read(CASE).version):
            undone += 1
    assert 9 <= undone < 20
    monkeypatch.setattr(history_module, "MOST_BYTES", 10 * len(TEXT))
    edit(store, TEXT + "# last\n", "last")
    assert 2 <= len(store.history(CASE)) < 10
    assert sum(text.stat().st_size for text in kept(folder).glob("0*.yaml")) <= 10 * len(TEXT)


# --- against a model ------------------------------------------------------------------------------


class Edits(RuleBasedStateMachine):
    """Edits, undone and redone, with others' in between, against two lists of texts."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        (self.folder / CASE).write_text(TEXT, encoding="utf-8")
        self.now, self.past, self.future = TEXT, [], []
        self.seen = [TEXT]
        self.count = 0

    @property
    def store(self) -> Store:
        return Store(self.folder)

    def go(self, text: str) -> None:
        self.past.append(self.now)
        self.now, self.future = text, []
        self.seen.append(text)

    @rule(outside=st.booleans())
    def edit(self, outside: bool) -> None:
        self.count += 1
        text = f"{TEXT}# {self.count}\n"
        if outside:
            edit(self.store, self.now)  # the history has begun
            (self.folder / CASE).write_text(text, encoding="utf-8")
        else:
            edit(self.store, text)
        self.go(text)

    @rule()
    def undo(self) -> None:
        if self.past:
            self.future.append(self.now)
            self.now = self.past.pop()
            assert self.store.undo(CASE, self.store.read(CASE).version).text == self.now
        else:
            with pytest.raises(LookupError):
                self.store.undo(CASE, self.store.read(CASE).version)

    @rule()
    def redo(self) -> None:
        if self.future:
            self.past.append(self.now)
            self.now = self.future.pop()
            assert self.store.redo(CASE, self.store.read(CASE).version).text == self.now
        else:
            with pytest.raises(LookupError):
                self.store.redo(CASE, self.store.read(CASE).version)

    @invariant()
    def nothing_is_lost(self) -> None:
        assert self.store.read(CASE).text == self.now
        told = {self.store.past(CASE, past.number) for past in self.store.history(CASE)}
        assert told | {self.now, TEXT} >= set(self.seen)


TestEdits = Edits.TestCase
TestEdits.settings = settings(
    max_examples=200 if LONG else 8, stateful_step_count=12, deadline=None
)


# --- sudden ends, and others at the same time -----------------------------------------------------


class Ended(BaseException):
    """Stands for a sudden end."""


def test_an_end_at_every_step_of_an_edit(
    folder: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the disk was last told at each step is what a new store finds."""
    edit(store, TEXT + "# a\n", "a")
    steps, ends, told = 0, 0, {TEXT, TEXT + "# a\n"}
    sync, replace = os.fsync, Path.replace

    def step() -> None:
        nonlocal steps
        steps += 1
        if steps == ends:
            raise Ended

    def synced(file: int) -> None:
        step()
        sync(file)

    def replaced(path: Path, target: Path) -> Path:
        step()
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", replaced)
    done = False
    while not done:
        steps, ends = 0, ends + 1
        before, after = Store(folder).read(CASE).text, f"{TEXT}# {ends}\n"
        try:
            edit(Store(folder), after)
            done = True
        except Ended:
            pass
        steps = -1_000
        new = Store(folder)
        assert new.read(CASE).text in ({after} if done else {before, after})
        edit(new, new.read(CASE).text + "# on\n", "on")
        told |= {before, new.read(CASE).text} | ({after} if done else set())
        assert told <= {new.past(CASE, past.number) for past in new.history(CASE)}
    assert ends > 7


def run(folder: Path, *arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, saving.__file__, str(folder), *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9")
def test_a_sudden_end_loses_nothing_that_was_acknowledged(folder: Path) -> None:
    """Each round ends the saving at another moment, some of them within an edit."""
    chosen = random.Random(13)  # noqa: S311 - to choose moments
    (folder / CASE).write_text(titled(0), encoding="utf-8")
    last = known = 0
    for _ in range(100 if LONG else 5):
        with run(folder, "endless", str(last + 1)) as child:
            assert child.stdout is not None
            for _ in range(chosen.randrange(1, 4)):
                acknowledged = int(child.stdout.readline())
            time.sleep(chosen.random() * 0.02)
            child.send_signal(signal.SIGKILL)
            rest = child.stdout.read().split("\n")[:-1]  # half a line is no acknowledgement
        acknowledged = int(rest[-1]) if rest else acknowledged
        store = Store(folder)
        found = store.read(CASE)
        assert not read_source(found.text, CASE).problems
        number = int(re.search(r"Edit (\d+)", found.text)[1])  # type: ignore[index]
        assert number in (acknowledged, acknowledged + 1)
        assert found.text == titled(number)
        new = [past.number for past in store.history(CASE) if past.number > known]
        texts = {store.past(CASE, each) for each in new} | {found.text}
        assert texts >= {titled(each) for each in range(last + 1, number + 1)}
        mine = store.save(CASE, titled(number + 2), found.version, "after the end")
        assert store.read(CASE) == mine
        last, known = number + 2, store.history(CASE)[0].number
        assert [each.name for each in folder.iterdir() if each.is_file()] == [CASE]
        assert not [each for each in kept(folder).iterdir() if each.name.startswith(".")]


def test_threads_and_processes_lose_no_edit(folder: Path, store: Store) -> None:
    each = 20 if LONG else 3
    with (
        run(folder, "lines", "p", "2", str(each)) as one,
        run(folder, "lines", "q", "2", str(each)) as other,
    ):
        saving.in_threads(store, "here", 8, each)
    assert one.returncode == other.returncode == 0
    text = store.read(CASE).text
    expected = {
        f"# {name}-{k} {n}"
        for name, threads in (("p", 2), ("q", 2), ("here", 8))
        for k in range(threads)
        for n in range(each)
    }
    assert sorted(text.removeprefix(TEXT).splitlines()) == sorted(expected)
    told = store.history(CASE)
    assert len(told) == len(expected) + 1
    assert [past.number for past in told] == list(range(len(told), 0, -1))
    assert json.loads((kept(folder) / "journal.jsonl").read_text().splitlines()[-1])["back"]
