"""Follow the tutorial in a fresh checkout and a fresh virtual environment."""

from __future__ import annotations

import os
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


@pytest.mark.skipif(not (ROOT / "leadquery").is_dir(), reason="the tutorial starts in a checkout")
@pytest.mark.skipif(shutil.which("bash") is None, reason="the tutorial needs bash")
def test_the_tutorial_works_in_a_fresh_checkout(tmp_path: Path) -> None:
    """Every command prints what the page shows below it."""
    for part in PARTS:
        shutil.copy(ROOT / part, tmp_path)
    shutil.copytree(ROOT / "leadquery", tmp_path / "leadquery")
    terminal = Terminal(f"cd {tmp_path} && ")
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
