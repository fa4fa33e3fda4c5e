"""The command line: ``foedus COMMAND CASE``."""

from foedus.cli.app import main

__all__ = ["main"]
