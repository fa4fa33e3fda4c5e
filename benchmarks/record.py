"""How often the methods were right on real decisions: both records, written into docs/record.md.

    FOEDUS_REFERENCE=DIR make bench-record
    FOEDUS_REFERENCE=DIR python benchmarks/record.py [--check]

DIR/cabinets and DIR/deu hold the data, as docs/record.md tells. With --check nothing is written,
and the exit code is 1 where the page is not what comes out.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from record_decisions import decisions_record
from record_governments import governments_record

PAGE = Path(__file__).parent.parent / "docs" / "record.md"
BLOCK = re.compile(r"(<!-- measured: (\w+) -->\n).*?(<!-- end -->\n)", re.DOTALL)


def with_tables(page: str, tables: Mapping[str, str]) -> str:
    """The page with what was measured in its places. Raises KeyError for an unknown place."""
    return BLOCK.sub(lambda found: f"{found[1]}{tables[found[2]].strip()}\n{found[3]}", page)


def main() -> int:
    """Measure both, and write or compare the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args()
    if "FOEDUS_REFERENCE" not in os.environ:
        print("FOEDUS_REFERENCE must name the folder with cabinets/ and deu/.", file=sys.stderr)
        return 2
    folder = Path(os.environ["FOEDUS_REFERENCE"])
    tables = {
        "governments": governments_record(folder / "cabinets"),
        "decisions": decisions_record(folder / "deu"),
    }
    for each in tables.values():
        print(each, end="\n\n")
    before = PAGE.read_text(encoding="utf-8")
    after = with_tables(before, tables)
    if given.check:
        return int(before != after)
    PAGE.write_text(after, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
