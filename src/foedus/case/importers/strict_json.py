"""JSON read strictly: files from elsewhere, which may be broken or hostile.

Python's own parser recurses, takes ``NaN``, and lets the last of two equal keys win; here each of
these is refused with a message, and nothing depends on the depth or size of what came.
"""

from __future__ import annotations

import json
import re
import stat
from collections import Counter
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from foedus.case.model import Place
from foedus.case.problems import CaseError, Problem
from foedus.case.traps import place_of

DEPTH_LIMIT = 50
"""Deeper nesting is refused before the parser, which recurses, sees it."""
COUNT_LIMIT = 1 << 20
"""So many lists and objects are refused before they fill the memory."""

_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def read_json(path: str | Path, *, limit: int) -> Any:
    """Read a JSON file of at most ``limit`` bytes.

    Raises CaseError for a file that cannot be read, is too large, is not UTF-8 or not strict JSON.
    """
    file = str(path)
    try:
        mode = Path(path).stat().st_mode
        if stat.S_ISDIR(mode):
            _refuse(file, "this is a directory (a folder)", expected="a file of JSON")
        if not stat.S_ISREG(mode):
            _refuse(file, "this is not a regular file", expected="a file of JSON")
        with Path(path).open("rb") as stream:
            raw = stream.read(limit + 1)
    except FileNotFoundError:
        _refuse(file, "there is no such file")
    except CaseError:
        raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        _refuse(file, f"the file cannot be read: {reason}")
    if len(raw) > limit:
        _refuse(file, f"the file is larger than {limit >> 20} MiB")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8-sig", "replace")
        place = place_of(before, len(before))
        _refuse(file, "the file is not UTF-8 text", place, "JSON in UTF-8")
    return parse_json(text, file=file)


def parse_json(text: str, *, file: str = "<json>") -> Any:
    """Parse strict JSON.

    Raises CaseError, with line and column where they are known, for bad syntax, nesting deeper than
    ``DEPTH_LIMIT``, more than ``COUNT_LIMIT`` lists and objects, equal keys in one object, NaN and
    infinities, numbers of thousands of digits, and halves of surrogate pairs.
    """
    _check_nesting(text, file)
    repeated: list[str] = []

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            keys = Counter(key for key, _ in pairs)
            repeated.extend(key for key, count in keys.items() if count > 1)
        return made

    def no_number(word: str) -> NoReturn:
        bare = _STRING.sub(lambda found: " " * len(found[0]), text)
        _refuse(file, f"{word} is no JSON number", place_of(text, bare.find(word)))

    try:
        value = json.loads(text, object_pairs_hook=unique, parse_constant=no_number)
    except json.JSONDecodeError as error:
        found = "the end of the file" if error.pos >= len(text) else repr(text[error.pos])
        message = f"not valid JSON at {found}: {error.msg[:1].lower()}{error.msg[1:]}"
        _refuse(file, message, place_of(text, error.pos))
    except CaseError:
        raise
    except ValueError:
        _refuse(file, "a number has too many digits")
    if repeated:
        told = [
            Problem(
                f"the key {shown(key)} stands twice in one object",
                expected="each key once: which of the two counts would be a guess",
            )
            for key in list(dict.fromkeys(repeated))[:20]
        ]
        raise CaseError(told, file)
    if "\\u" in text and _holds_surrogate(value):
        _refuse(file, "a text holds half of a surrogate pair, which is no character")
    return value


def shown(value: object, length: int = 60) -> str:
    """A value from the file as JSON, cut to ``length`` characters: for messages."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**length:
        return f"a number of more than {length} digits"
    told = json.dumps(value, ensure_ascii=False)
    return told if len(told) <= length else told[: length - 1] + "…"


def _check_nesting(text: str, file: str) -> None:
    bare = _STRING.sub("", text)
    codes = np.frombuffer(bare.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    opens = np.isin(codes, [0x5B, 0x7B])
    if np.count_nonzero(opens) > COUNT_LIMIT:
        _refuse(file, f"more than {COUNT_LIMIT:,} lists and objects")
    steps = opens.astype(np.int8)
    steps -= np.isin(codes, [0x5D, 0x7D])
    if len(steps) and int(np.cumsum(steps, dtype=np.int32).max()) > DEPTH_LIMIT:
        _refuse(file, f"lists and objects are nested more than {DEPTH_LIMIT} deep")


def _holds_surrogate(value: Any) -> bool:
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            if _LONE_SURROGATE.search(part):
                return True
        elif isinstance(part, list):
            waiting.extend(part)
        elif isinstance(part, dict):
            waiting.extend(part)
            waiting.extend(part.values())
    return False


def _refuse(file: str, message: str, place: Place | None = None, expected: str = "") -> NoReturn:
    raise CaseError([Problem(message, place, expected=expected or None)], file)
