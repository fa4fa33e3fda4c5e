"""A process that answers for the server: what it is asked comes in as lines, and so do answers.

Each line is one JSON document, so that nothing but text passes between the processes. The process
ends when nobody asks any more: when the server ends, however it ends, the line that it reads from
is closed. A job can be given up while it is worked on: whoever works on it says now and then how
far it is, and learns then that nobody waits.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from queue import SimpleQueue
from typing import Any, BinaryIO

from foedus.case.problems import CaseError
from foedus.web.answering import ANSWERS, Answering
from foedus.web.jobs import CANCEL

Line = dict[str, Any]


class GivenUp(Exception):
    """Nobody waits for the answer any more."""


class Inbox:
    """What comes in: jobs in their order, and which of them are given up."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._jobs: SimpleQueue[Line] = SimpleQueue()
        self._given_up: set[int] = set()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self._source:
            message = json.loads(line)
            if message["kind"] == CANCEL:
                self._given_up.add(message["id"])
            else:
                self._jobs.put(message)
        os._exit(0)  # the server is gone: what is being worked out has no reader

    def next(self) -> Line:
        """The next job; waits for one."""
        return self._jobs.get()

    def given_up(self, job: int) -> bool:
        """Whether nobody waits for a job."""
        return job in self._given_up


def main() -> None:
    """Answer what comes in, until it is closed; the program's argument is how nice it is."""
    if hasattr(os, "nice"):
        os.nice(int(sys.argv[1]))
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what is printed by chance is no answer
    inbox, answering = Inbox(sys.stdin.buffer), Answering()

    def say(line: Line) -> None:
        out.write(json.dumps(line).encode() + b"\n")
        out.flush()

    while True:
        job = inbox.next()
        say(_answer(answering, inbox, job, say))


def _answer(answering: Answering, inbox: Inbox, job: Line, say: Any) -> Line:
    """The last line on a job: its result, what is wrong with the case, or that it failed."""
    number = job["id"]

    def progress(what: str, done: int, of: int) -> None:
        if inbox.given_up(number):
            raise GivenUp
        say({"id": number, "doing": [what, done, of]})

    try:
        if inbox.given_up(number):
            raise GivenUp
        return {"id": number, "result": ANSWERS[job["kind"]](answering, job["given"], progress)}
    except GivenUp:
        return {"id": number, "given_up": True}
    except CaseError as error:
        return {"id": number, "wrong": problems_of(error)}
    except (KeyError, ValueError) as error:
        return {"id": number, "wrong": [[None, None, str(error)]]}
    except Exception as error:  # the server must not wait for ever, whatever went wrong
        return {"id": number, "failed": f"{type(error).__name__}: {error}"}


def problems_of(error: CaseError) -> list[list[Any]]:
    """What is wrong with a case: line, column and text of each problem."""
    return [
        [p.place.line if p.place else None, p.place.column if p.place else None, p.text]
        for p in error.problems
    ]


if __name__ == "__main__":
    main()
