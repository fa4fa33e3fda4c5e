"""Take docs/report.png, the picture in the README: the first screen of the flagship's report.

    python benchmarks/picture_of_report.py [REPORT.html]

Without a report one is written first, which takes a minute or two. Needs Chromium and the extra
``test``. The picture is 1,280 pixels wide and is cut at the end of the last line that fits.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import browser  # noqa: E402 - it stands among the tests

PICTURE = ROOT / "docs" / "report.png"
WIDTH, HEIGHT = 1280, 980

_CUT = """most => Math.max(...[...document.querySelectorAll('p, li')]
    .filter(e => !e.closest('nav'))
    .map(e => e.getBoundingClientRect().bottom).filter(bottom => bottom <= most)) + 16"""
"""Where the last whole line of text above a height ends."""


def main() -> None:
    """Write the report if there is none, open it, and take the picture."""
    path = browser.chromium()
    if path is None:
        sys.exit(browser.NO_BROWSER)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder) / "report.html"
        if len(sys.argv) == 1:
            case = "cases/belarus-2024.yaml"  # as the page will name it
            command = [sys.executable, "-c", "import foedus.cli; foedus.cli.main()"]
            subprocess.run([*command, "report", case, "-o", str(report)], check=True, cwd=ROOT)
        with browser.launched(path) as running:
            opener = browser.BrowserPage(running)
            page = opener.open(report, width=WIDTH, height=HEIGHT).page
            height = min(HEIGHT, round(page.evaluate(_CUT, HEIGHT - 16)))
            box = {"x": 0, "y": 0, "width": WIDTH, "height": height}
            page.screenshot(path=str(PICTURE), clip=box)
            opener.close()
    print(f"{PICTURE} {PICTURE.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
