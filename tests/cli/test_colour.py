"""When `leadquery check` writes in colour."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.cli.payloads import CLEAN, SUSPICIOUS
from tests.cli.shell import HOME, Write, leadquery


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ({"FORCE_COLOR": "", "NO_COLOR": ""}, False),
    ],
)
def test_colour_off_a_terminal(
    variables: dict[str, str], coloured: bool, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only if requested."""
    for name in ("FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    write("report.json", SUSPICIOUS)

    assert ("\x1b[" in leadquery("check", "report.json").output) is coloured


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [
        ({"TERM": "xterm"}, True),
        ({"TERM": "dumb"}, False),
        ({"TERM": "xterm", "NO_COLOR": "1"}, False),
    ],
)
def test_colour_on_a_terminal(variables: dict[str, str], coloured: bool, write: Write) -> None:
    """Unless the terminal or the environment disables it."""
    pty = pytest.importorskip("pty")
    write("report.json", SUSPICIOUS)
    master, slave = pty.openpty()
    environ = {name: value for name, value in os.environ.items() if not name.endswith("_COLOR")}

    subprocess.run(
        [sys.executable, "-m", "leadquery", "check", "report.json"],
        stdout=slave,
        check=False,
        env={**environ, "PYTHONPATH": HOME, **variables},
    )
    output = os.read(master, 10_000).decode()
    os.close(master)
    os.close(slave)

    assert ("\x1b[33mLQ202 warning\x1b[0m" in output) is coloured
    assert ("\x1b[33m\x1b[1m^^^^^^^^\x1b[0m" in output) is coloured


def test_only_the_carets_below_the_line_are_coloured(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A payload or a message may contain carets too."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    write("report.json", CLEAN.replace('"list"', '"| ^^"'))

    lines = leadquery("check", "report.json").output.splitlines()

    carets = "\x1b[31m\x1b[1m^^^^^^\x1b[0m"
    assert [line for line in lines if carets in line] == [f"      | {' ' * 20}{carets}"]
    assert ["^^" in line for line in lines] == [False, True, True, True, False]
    assert "\x1b" not in lines[1] + lines[3]
