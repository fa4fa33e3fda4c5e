"""Fixtures that several test files share."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterator
from typing import Any

import browser
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers
from strategies import LONG

# The same examples at every run, chosen by the test's own text: whether a change is sound must not
# hang on what a run happens to draw, nor a run of CI be lost to what the change has not touched.
# `make test-long` searches at random, prints what reproduces a find, and remembers it.
settings.register_profile(
    "foedus",
    deadline=None,  # no test is judged by the clock
    derandomize=not LONG,
    print_blob=LONG,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("foedus")

if not LONG and hasattr(providers, "_get_local_constants"):
    # One draw in twenty would be a constant of the modules imported so far: other examples for
    # every change of the package, and for every way in which tests are dealt out to processes.
    providers._get_local_constants = lambda: providers._local_constants

# A shell ignores Ctrl-C for what it runs in the background, nohup the end of the terminal, and
# whatever tests start would inherit that. What is passed over by a function is not inherited.
for name in ("SIGINT", "SIGHUP"):
    if signal.getsignal(number := getattr(signal, name, signal.SIGINT)) is signal.SIG_IGN:
        signal.signal(number, lambda *_: None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A running Chromium. Skips without one; fails if FOEDUS_REQUIRE_BROWSER=1."""
    path = browser.chromium()
    if path is None:
        if browser.REQUIRED:
            pytest.fail(f"FOEDUS_REQUIRE_BROWSER=1, but {browser.NO_BROWSER}")
        pytest.skip(browser.NO_BROWSER)
    with browser.launched(path) as running:
        yield running


@pytest.fixture
def browser_page(chromium: Any) -> Iterator[browser.BrowserPage]:
    """Opens pages in Chromium: ``browser_page.open(path, width=360)``."""
    opener = browser.BrowserPage(chromium)
    yield opener
    opener.close()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say loudly what was left untested, and why."""
    reasons: Counter[str] = Counter()
    for report in terminalreporter.stats.get("skipped", []):
        if isinstance(report.longrepr, tuple):
            reasons[report.longrepr[2].removeprefix("Skipped: ")] += 1
    for reason, count in reasons.items():
        terminalreporter.write_line(
            f"NOT TESTED ({count} skipped): {reason}", yellow=True, bold=True
        )
