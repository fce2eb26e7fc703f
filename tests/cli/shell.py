"""Runs the command `leadquery`, in this process or in another."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner, Result

import leadquery as package
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

HOME = str(Path(package.__file__).parent.parent)
"""Where a process finds the package that is tested, whatever folder it is called in."""


def leadquery(*args: str, stdin: bytes | str | None = None, color: bool = False) -> Result:
    """The output and exit code of a command; exceptions pass through."""
    return CliRunner().invoke(main, list(args), input=stdin, catch_exceptions=False, color=color)


def process(*args: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """`python -m leadquery`, as a shell runs it."""
    return subprocess.run(
        [sys.executable, "-m", "leadquery", *args],
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
        env={
            **os.environ,
            "PYTHONUTF8": "0",
            "PYTHONIOENCODING": "utf-8",
            "PYTHONPATH": HOME,
            **variables,
        },
    )


def failure(result: Result) -> tuple[int, str]:
    """The exit code and the message of a command that fails without a traceback.

    The line behind the message names the page of the docs.
    """
    assert "Traceback" not in result.output
    assert result.stdout == ""
    lines = [line for line in result.stderr.splitlines() if not line.startswith("see docs/")]
    return result.exit_code, lines[-1]
