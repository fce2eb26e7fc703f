"""The code on docs/how-to/test-without-keys.md, which needs pytest and a server."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from contextlib import redirect_stdout
from io import StringIO
from itertools import pairwise
from pathlib import Path

import pytest

import leadquery
from leadquery.emulator import Emulator, Fault
from tests.docs.pages import ROOT

HOME = str(Path(leadquery.__file__).parent.parent)
PAGE = (ROOT / "docs" / "how-to" / "test-without-keys.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
CONFTEST = """
import hypothesis

slow = [hypothesis.HealthCheck.too_slow]
hypothesis.settings.register_profile(
    "fast", max_examples=10, deadline=None, derandomize=True, suppress_health_check=slow
)
hypothesis.settings.load_profile("fast")
"""
PYTHON = [text for language, text in BLOCKS if language == "python"]
SUITES = [text for text in PYTHON if text.startswith("# test_")]


def test_the_tests_pass(tmp_path: Path) -> None:
    """Each test module on the page is a file, named in its first line."""
    for text in SUITES:
        first, _, _ = text.partition("\n")
        (tmp_path / first.removeprefix("# ")).write_text(text, "utf-8")
    (tmp_path / "conftest.py").write_text(CONFTEST, "utf-8")
    options = ("-q", "-p", "no:cacheprovider", "-p", "pytest_leadquery")
    plugins = ("-p", "_hypothesis_pytestplugin", "-p", "anyio.pytest_plugin")

    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *plugins],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": HOME, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert len(SUITES) == 4
    assert "7 passed" in done.stdout, done.stdout + done.stderr


def test_the_other_code_runs() -> None:
    """The other Python prints what the page shows."""
    outputs = []
    for (language, text), (below, printed) in pairwise(BLOCKS):
        if language == "python" and below == "text":
            with redirect_stdout(StringIO()) as out:
                exec(text, {})  # noqa: S102 - our own page
            outputs.append((out.getvalue(), printed))

    assert len(outputs) == len(PYTHON) - len(SUITES) == 1
    assert all(one == other for one, other in outputs)


def test_every_fault_has_a_row() -> None:
    """With its label and meaning."""
    rows = re.findall(r"^\| `(Fault\.\w+)` \| `([\w-]+)` \| (.+) \|$", PAGE, re.MULTILINE)

    assert rows == [(str(fault), fault.label, fault.meaning) for fault in Fault]


@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")
def test_the_test_of_node_passes(tmp_path: Path) -> None:
    [text] = [text for language, text in BLOCKS if language == "js"]
    (tmp_path / "report.test.mjs").write_text(text, "utf-8")
    with Emulator.demo(200).server() as server:
        run = subprocess.run(
            [str(shutil.which("node")), "--test", str(tmp_path)],
            env={**os.environ, "LEADSQUARED_URL": server.url},
            capture_output=True,
            text=True,
            check=False,
        )

    assert "# pass 1" in run.stdout, run.stdout + run.stderr


@pytest.mark.skipif(os.name == "nt", reason="the command needs a POSIX shell")
@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_server_answers_curl() -> None:
    """The command prints its URL; curl gets two rows."""
    [console] = [text for language, text in BLOCKS if language == "console"]
    [curl] = [text for language, text in BLOCKS if language == "sh"]
    _, command, ready = console.splitlines()
    options = shlex.split(command.removeprefix("$ leadquery ").replace("8000", "0"))
    with subprocess.Popen(
        [sys.executable, "-m", "leadquery", *options],
        env={**os.environ, "PYTHONPATH": HOME},
        stdout=subprocess.PIPE,
        text=True,
    ) as serving:
        try:
            assert serving.stdout is not None
            line = serving.stdout.readline().rstrip()
            [url] = re.findall(r"http://127\.0\.0\.1:\d+", line)
            arguments = shlex.split(curl.replace("http://127.0.0.1:8000", url).replace("\\\n", ""))
            response = subprocess.run(
                [*arguments, "--noproxy", "*"], capture_output=True, text=True, check=True
            )
        finally:
            serving.kill()

    assert line == ready.replace("http://127.0.0.1:8000", url)
    assert response.stdout.startswith('{"TotalCount": "10000", "Results": [{"ProspectID": ')
    assert response.stdout.count("ProspectID") == 2
