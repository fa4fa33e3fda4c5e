"""Optional parts: a plain message where one is missing, instead of a failed import."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class MissingExtra(ImportError):
    """An optional part of foedus is not installed. ``str()`` says what to install."""

    def __init__(self, extra: str, missing: str | None, purpose: str) -> None:
        self.extra = extra
        what = f" ({missing} is missing)" if missing else ""
        super().__init__(f"{purpose} needs foedus[{extra}]{what}: pip install 'foedus[{extra}]'")


@contextmanager
def needs(extra: str, purpose: str) -> Iterator[None]:
    """Turn an import that fails inside into `MissingExtra`, which names the extra to install.

    >>> with needs("report", "The report"):
    ...     import no_such_package
    Traceback (most recent call last):
    ...
    foedus.render.extra.MissingExtra: The report needs foedus[report] (no_such_package is missing): pip install 'foedus[report]'
    """  # noqa: E501
    try:
        yield
    except ModuleNotFoundError as error:
        raise MissingExtra(extra, error.name, purpose) from error
