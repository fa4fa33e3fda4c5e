"""Commands and options that have a new name: the old ones work until 1.0, and say the new one."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from immutabledict import immutabledict

from foedus.cli.output import tell_beside

COMMANDS = immutabledict(signposts="indicators", why="trace")
OPTIONS = immutabledict({"--strike": "--leave-out"})


def command_now(args: Sequence[str]) -> list[str]:
    """The words with which a command is called, the command by its new name."""
    words = list(args)
    if words and (new := COMMANDS.get(words[0])):
        _tell(words[0], new)
        words[0] = new
    return words


def options_now(args: Sequence[str], known: Collection[str]) -> list[str]:
    """The words after a command that knows some options, old options among them by their new names.

    What stands after ``--`` is no option.
    """
    words = list(args)
    end = words.index("--") if "--" in words else len(words)
    for place, word in enumerate(words[:end]):
        name, equals, value = word.partition("=")
        new = OPTIONS.get(name)
        if new is not None and new in known and name not in known:
            _tell(name, new)
            words[place] = f"{new}{equals}{value}"
    return words


def _tell(old: str, new: str) -> None:
    tell_beside([f"note: `{old}` is now called `{new}`; the old name works until 1.0"])
