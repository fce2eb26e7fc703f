"""Every command, with output that is closed, full, cut off, or in another encoding."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from leadquery.cli import COMMANDS
from leadquery.cli.output import INTERRUPTED
from leadquery.emulator import Emulator
from tests.cli.payloads import SUSPICIOUS
from tests.cli.shell import HOME

ARGS = {
    "check": ["check", "payloads"],
    "completion": ["completion", "bash"],
    "demo": ["demo"],
    "describe": ["describe", "report.json"],
    "export": ["export", "--demo", "queries.py:query", "leads.csv"],
    "fields": ["fields"],
    "payload": ["payload", "report.json", "--as", "python"],
    "plan": ["plan", "queries.py:query"],
    "rule": ["rule", "LQ304"],
    "rules": ["rules"],
    "run": ["run", "--demo", "--limit", "3", "queries.py:query"],
    "schema": ["schema"],
    "sql": ["sql", "--to", "duckdb", "report.json"],
    "to-python": ["to-python", "report.json"],
    "users": ["users"],
}
"""A call of each command but page, which needs npm, and lsp, mcp and serve, which go on."""

QUERY = """
from leadquery import Leads

query = Leads.select("ProspectID", "FirstName").page(1, 1000)
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="streams close otherwise there")

each_command = pytest.mark.parametrize("name", ARGS)


@pytest.fixture(scope="module")
def account() -> Iterator[dict[str, str]]:
    """The environment of an account."""
    with Emulator.demo(20).server() as server:
        yield {
            "LEADQUERY_HOST": server.url,
            "LEADQUERY_ACCESS_KEY": "any-access",
            "LEADQUERY_SECRET_KEY": "any-secret",
        }


@pytest.fixture
def environment(account: dict[str, str], here: Path) -> dict[str, str]:
    """The environment of a command, in a folder with payloads and a query."""
    (here / "queries.py").write_text(QUERY)
    (here / "report.json").write_text(SUSPICIOUS)
    (here / "payloads").mkdir()
    for number in range(20):
        (here / "payloads" / f"{number}.json").write_text(SUSPICIOUS)
    return {**os.environ, **account, "PYTHONPATH": HOME, "PYTHONDONTWRITEBYTECODE": "1"}


def run(name: str, redirection: str = "", **options: Any) -> subprocess.CompletedProcess[bytes]:
    """A command called by a shell; the script has to use only what every shell has."""
    command = [sys.executable, "-m", "leadquery", *ARGS[name]]
    script = ["/bin/sh", "-c", f'"$@" {redirection}', "sh", *command]
    return subprocess.run(script, capture_output=True, check=False, timeout=60, **options)


def test_every_command_is_in_the_table() -> None:
    assert sorted([*ARGS, "lsp", "mcp", "page", "serve"]) == sorted(COMMANDS)


@each_command
@pytest.mark.parametrize("redirection", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams(name: str, redirection: str, environment: dict[str, str]) -> None:
    ended = run(name, redirection, env=environment)

    assert (ended.returncode, b"Traceback" in ended.stderr) == (0, False)
    assert bool(ended.stdout) == (">&-" not in redirection.replace("2>&-", ""))


@each_command
@pytest.mark.parametrize(
    "variables", [{"LC_ALL": "C", "PYTHONUTF8": "0"}, {"PYTHONIOENCODING": "cp1252"}]
)
def test_other_encodings(name: str, variables: dict[str, str], environment: dict[str, str]) -> None:
    ended = run(name, env={**environment, **variables})

    assert (ended.returncode, b"Traceback" in ended.stderr) == (0, False)


@each_command
def test_a_full_disk(name: str, environment: dict[str, str]) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no such device there")

    ended = run(name, "> /dev/full", env=environment)

    lines = ended.stderr.decode().splitlines()
    assert (ended.returncode, lines[-1]) == (
        1,
        "Error: the output cannot be written: No space left on device",
    )
    assert run(name, "2> /dev/full", env=environment).returncode in (0, 1)


@each_command
def test_a_reader_that_stops(name: str, environment: dict[str, str]) -> None:
    """As `head -0` does."""
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "leadquery", *ARGS[name]]

    with subprocess.Popen(
        command, stdout=writing, stderr=subprocess.PIPE, env=environment
    ) as started:
        os.close(writing)
        _, errors = started.communicate(timeout=60)

    assert (started.returncode, b"Traceback" in errors, b"Error" in errors) == (0, False, False)


SCRIPT = "import os; from leadquery_main import main; os.write(2, b'.'); main()"
"""The installed command, which tells when it starts: Python itself shows a traceback before."""


def interrupt(name: str, seconds: float, environment: dict[str, str]) -> tuple[int, str]:
    """The exit code and the errors of a command that gets a Ctrl-C after so many seconds."""
    command = [sys.executable, "-c", SCRIPT, *ARGS[name]]
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment
    ) as started:
        errors = started.stderr or sys.stdin.buffer
        assert errors.read(1) == b"."
        time.sleep(seconds)
        started.send_signal(signal.SIGINT)
        return started.wait(60), errors.read().decode()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["demo", "run", "check"])
def test_ctrl_c_at_any_time(name: str, environment: dict[str, str]) -> None:
    """While the package is imported, while the command works, and while it ends."""
    start = time.monotonic()
    run(name, env=environment)
    duration = time.monotonic() - start
    rng = random.Random(name)  # noqa: S311

    for _ in range(20):
        seconds = rng.uniform(0, duration)
        code, errors = interrupt(name, seconds, environment)

        assert code in (0, INTERRUPTED, -signal.SIGINT), seconds
        assert "Traceback" not in errors, seconds
