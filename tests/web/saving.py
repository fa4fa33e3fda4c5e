"""A process that saves, to be run beside others and to be killed.

``saving.py FOLDER endless FIRST`` writes numbers, from the first on, into the title of the case
and prints each once its edit is acknowledged. ``saving.py FOLDER lines NAME THREADS EACH`` lets
threads add lines of their own, trying again after a conflict.
"""

import sys
import threading
from pathlib import Path

from foedus.web.store import Conflict, Store

CASE = "towns.yaml"


def titled(number: int) -> str:
    """A case with a number in its title, and enough else that writing it takes a while."""
    return f"foedus: 1\ntitle: Edit {number}\nnote: {'word ' * 4000}end\n"


def endless(store: Store, number: int) -> None:
    """Save, and print what is acknowledged, until the end comes from outside."""
    while True:
        store.save(CASE, titled(number), store.read(CASE).version, f"edit {number}")
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
        number += 1


def add_lines(store: Store, name: str, count: int) -> None:
    """Add lines with a name, each of which must not be lost."""
    for k in range(count):
        while True:
            found = store.read(CASE)
            try:
                store.save(CASE, f"{found.text}# {name} {k}\n", found.version, f"{name} {k}")
            except Conflict:
                continue
            break


def in_threads(store: Store, name: str, threads: int, count: int) -> None:
    """Let several threads of one store add lines."""
    working = [
        threading.Thread(target=add_lines, args=(store, f"{name}-{k}", count))
        for k in range(threads)
    ]
    for each in working:
        each.start()
    for each in working:
        each.join()


if __name__ == "__main__":
    here = Store(Path(sys.argv[1]))
    if sys.argv[2] == "endless":
        endless(here, int(sys.argv[3]))
    in_threads(here, sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
