"""Follow the tutorial and install by the README, in a fresh checkout."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from attrs import define

from tests.docs.pages import ROOT, blocks
from tests.docs.terminal import commands

pytestmark = pytest.mark.slow

TUTORIAL = ROOT / "docs/tutorial.md"
README = ROOT / "README.md"
PARTS = ("pyproject.toml", "README.md", "LICENSE", "leadquery_main.py", "pytest_leadquery.py")


@define
class Terminal:
    """An open shell: commands that change it are repeated before each later command."""

    setup: str

    def run(self, command: str) -> str:
        """Run a command and return its output."""
        if command.startswith(("cd ", ". ")):
            self.setup += f"{command} && "
            command = "true"
        kept = {name: value for name, value in os.environ.items() if name in ("HOME", "LANG")}
        pythons = os.pathsep.join((str(Path(sys.executable).parent), "/usr/bin", "/bin"))
        done = subprocess.run(
            ["bash", "-c", self.setup + command],  # noqa: S607 - any bash
            env={**kept, "PATH": pythons, "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.stdout


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    """A shell in a fresh checkout."""
    if not (ROOT / "leadquery").is_dir() or shutil.which("bash") is None:
        pytest.skip("the pages start in a checkout, and need bash")
    for part in PARTS:
        shutil.copy(ROOT / part, tmp_path)
    shutil.copytree(ROOT / "leadquery", tmp_path / "leadquery")
    return Terminal(f"cd {tmp_path} && ")


def test_the_readme_installs_from_a_checkout_and_from_a_wheel(
    terminal: Terminal, tmp_path: Path
) -> None:
    """The wheel and an extra go to another environment."""
    install = next(read for read in README.read_text("utf-8").split("\n## ") if "Install" in read)
    commands = re.findall(r"^(?:python3|\.venv/bin/pip) .*", install, re.MULTILINE)
    others = re.findall(r"(?:^|`)(pip install [^`\n]*)", install, re.MULTILINE)

    printed = [terminal.run(command) for command in commands]
    terminal.run("python3 -m venv other")
    for command in others:
        terminal.run(f"other/bin/{command}")

    assert ("Prospect" in printed[0], len(commands), len(others)) == (True, 2, 2)
    written = "import leadquery, sqlglot, xlsxwriter; print(leadquery.__file__)"
    assert terminal.run(f"other/bin/python -Ic '{written}'").startswith(f"{tmp_path}/other/lib")


def test_the_tutorial_works_in_a_fresh_checkout(terminal: Terminal, tmp_path: Path) -> None:
    """Every command prints what the page shows below it."""
    count = 0

    for block in blocks(TUTORIAL):
        if block.file:
            (tmp_path / "first" / block.file).write_text(block.text, "utf-8")
        elif block.language == "sh":
            # The page shows no output of pip.
            for line in block.text.splitlines():
                terminal.run(line)
        elif block.language == "console":
            for command, expected in commands(block.text):
                count += 1
                assert (command, terminal.run(command)) == (command, expected)

    assert count == TUTORIAL.read_text("utf-8").count("\n$ ") > 8
    # Type checkers read a path, and no import hook.
    paths = tmp_path.glob(".venv/lib/*/site-packages/*leadquery*.pth")
    assert [path.read_text("utf-8").strip() for path in paths] == [str(tmp_path)]
