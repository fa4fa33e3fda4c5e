"""What computes: the versions on which digits depend, of this process or of a worker elsewhere."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("numpy", "scipy", "numba")


@cache
def versions() -> Mapping[str, str]:
    """Python, the packages that compute, and foedus by a digest of its own source."""
    found = {"python": platform.python_version(), "foedus": _source()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "none"
    return found


def differing(here: Mapping[str, str], there: Mapping[str, str]) -> str:
    """What differs between two, in words; empty where nothing does.

    >>> differing({"numpy": "2.4.6"}, {"numpy": "2.3.0"})
    'numpy 2.3.0 instead of 2.4.6'
    """
    return ", ".join(
        f"{name} {there.get(name, 'none')} instead of {here[name]}"
        for name in here
        if here[name] != there.get(name)
    )


def _source() -> str:
    package = Path(__file__).parent.parent
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        digest.update(path.relative_to(package).as_posix().encode())
        digest.update(path.read_bytes())
    return f"{version('foedus')} ({digest.hexdigest()[:12]})"
