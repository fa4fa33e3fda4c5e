"""Commands in this process, and what a test expects of one: an answer, or a refusal."""

from __future__ import annotations

import json
from typing import Any

from typer.testing import CliRunner, Result

from foedus.cli.app import app


def run(*arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": "100"}).invoke(app, [*arguments])


def answered(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def data(*arguments: str) -> Any:
    return json.loads(answered(*arguments, "--json"))


def refused(*arguments: str) -> list[str]:
    """What a command that refuses says; one line a problem, on standard error alone."""
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    return result.stderr.splitlines()
