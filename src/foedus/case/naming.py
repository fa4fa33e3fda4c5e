"""How things of a case are called where a result is told."""

from __future__ import annotations

from foedus.case.model import Evidence, Poll


def source_told(item: Evidence | Poll) -> str:
    """Source, locator and date of an item or a poll, as far as they are stated."""
    parts = [item.source, item.locator, item.date.isoformat() if item.date else None]
    return ", ".join(part for part in parts if part)
