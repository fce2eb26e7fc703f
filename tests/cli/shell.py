"""The command `leadquery`, called in this process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner, Result

from leadquery.cli import main

Write = Callable[[str, str], Path]
"""Writes a file of Python, by its name and source."""

SOURCE = """
from leadquery import Leads
from leadquery.fields import Score

query = Leads.where(Score > 5).select(Score)
leads = Leads.where(Score > 5)
grouped = Leads.group_by(Score)
number = 7

def made():
    return query

def asked(score, *, more=()):
    return query

def broken():
    return {}["x"]
"""
"""A file with a query, and with what is none."""


def leadquery(*args: str, stdin: bytes | str | None = None) -> Result:
    """What a command writes and how it ends; what it raises is raised."""
    return CliRunner().invoke(main, list(args), input=stdin, catch_exceptions=False)


def refused(result: Result) -> tuple[int, str]:
    """How a command ends and its last line; there is no traceback of leadquery's own."""
    assert "Traceback" not in result.output
    assert result.stdout == ""
    return result.exit_code, result.stderr.splitlines()[-1]
