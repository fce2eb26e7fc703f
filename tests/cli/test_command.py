"""The command as a whole: its help, its commands, and the codes it ends with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest
from click import Context

from leadquery import Leads
from leadquery.cli import COMMANDS, main
from leadquery.lint.editor_schema import editor_schema
from tests.cli.payloads import SUSPICIOUS
from tests.cli.shell import HOME, failure, leadquery, process

SCHEMA = json.dumps(editor_schema(), indent=2) + "\n"


def test_the_help_names_every_command() -> None:
    """In alphabetical order, each with a line."""
    lines = leadquery("--help").output.partition("Commands:\n")[2].splitlines()

    assert [line.split()[0] for line in lines] == list(COMMANDS)
    assert all(len(line.split()) > 2 for line in lines)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str) -> None:
    """With its name, and the line that the list of commands has."""
    usage, _, text = leadquery(name, "--help").output.partition("\n\n  ")

    assert usage.startswith(f"Usage: main {name} ")
    assert " ".join(text.split("\n\n")[0].split()) == COMMANDS[name][1]


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("chek", "did you mean 'check'?"),
        ("rum", "did you mean 'run'?"),
        ("zebra", f"the commands are {', '.join(COMMANDS)}"),
    ],
)
def test_an_unknown_command(name: str, suggestion: str) -> None:
    """2, with the nearest name, or all."""
    assert failure(leadquery(name)) == (2, f"Error: there is no command {name!r}; {suggestion}")


def test_a_shell_that_completes_an_unknown_command_gets_nothing() -> None:
    assert main.get_command(Context(main), "chek") is None


def test_the_schema() -> None:
    assert leadquery("schema").output == SCHEMA


def test_a_stdout_without_an_encoding() -> None:
    with redirect_stdout(StringIO()) as out:
        main(["schema"], standalone_mode=False)

    assert out.getvalue() == SCHEMA


def test_code_0() -> None:
    ran = process("schema")

    assert (ran.returncode, ran.stdout, ran.stderr) == (0, SCHEMA, "")


def test_code_1(tmp_path: Path) -> None:
    """The payload has errors."""
    file = tmp_path / "report.json"
    file.write_text("{}")

    ran = process("check", str(file))

    assert (ran.returncode, ran.stderr) == (1, "")
    assert ran.stdout.startswith(f"{file}:1:1: LQ203 error")


def test_code_2() -> None:
    """The command was misused."""
    ran = process("payload", "none.py:query")

    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("Usage: leadquery payload ")
    assert ran.stderr.endswith("write FILE.py:NAME, FILE.py, FILE.json, FILE.sql or -\n")


@pytest.mark.parametrize("args", [("demo",), ("rules",), ("--version",), ("--help",)])
def test_an_output_that_cannot_be_written(args: tuple[str, ...]) -> None:
    """1 and one line, as on a full disk."""
    if not Path("/dev/full").exists():
        pytest.skip("no such device there")
    environ = {**os.environ, "PYTHONPATH": HOME}
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "leadquery", *args],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            env=environ,
        )

    assert (ran.returncode, ran.stderr) == (
        1,
        "Error: the output cannot be written: No space left on device\n",
    )


@pytest.mark.skipif(sys.platform == "win32", reason="its shell cannot close a stream")
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
@pytest.mark.parametrize(
    "args", [("check",), ("check", "--fix"), ("describe",), ("payload",), ("to-python",)]
)
def test_a_closed_output_is_discarded(args: tuple[str, ...], closed: str, tmp_path: Path) -> None:
    """As in services: the command works, and the open stream is unchanged."""
    file = tmp_path / "report.json"
    command = [sys.executable, "-m", "leadquery", *args, str(file)]

    def run(redirection: str) -> subprocess.CompletedProcess[str]:
        file.write_text(SUSPICIOUS)
        return subprocess.run(
            ["/bin/sh", "-c", f'"$@" {redirection}', "sh", *command],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": HOME},
        )

    usual, ran = run(""), run(closed)

    assert ran.returncode == usual.returncode == 0
    assert ran.stdout == ("" if closed.startswith(">") else usual.stdout)
    assert ran.stderr == ("" if "2>" in closed else usual.stderr)


def test_remaining_output_is_discarded(capsys: pytest.CaptureFixture[str]) -> None:
    """So that Python can close the stream without a second error."""
    if not Path("/dev/full").exists():
        pytest.skip("no such device there")
    with Path("/dev/full").open("w") as full, redirect_stdout(full):
        with pytest.raises(SystemExit) as ended:
            main(["rules"])

        full.write("more")
        full.flush()

    assert ended.value.code == 1
    assert capsys.readouterr().err == (
        "Error: the output cannot be written: No space left on device\n"
    )


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_an_output_with_another_encoding(encoding: str, tmp_path: Path) -> None:
    """Other characters are escaped as in Python."""
    file = tmp_path / "report.json"
    file.write_text(Leads.select("mx_\u4e2d").to_json())

    ran = process("to-python", str(file), PYTHONIOENCODING=encoding)

    assert (ran.returncode, ran.stderr) == (0, "")
    assert r'"mx_\u4e2d"' in ran.stdout


def test_a_demo_on_an_old_terminal() -> None:
    """Without bars."""
    ran = process("demo", PYTHONIOENCODING="cp1252")

    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.isascii()
