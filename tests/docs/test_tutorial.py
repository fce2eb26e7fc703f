"""The tutorial by its words alone: a fresh checkout, a fresh environment, every command typed."""

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
PARTS = ("pyproject.toml", "README.md", "LICENSE")


@define
class Terminal:
    """A shell that stays open: what changes it is said again before each command."""

    before: str

    def type(self, command: str) -> str:
        """What a command writes, in the shell as the earlier ones left it."""
        if command.startswith(("cd ", ". ")):
            self.before += f"{command} && "
            command = "true"
        kept = {name: value for name, value in os.environ.items() if name in ("HOME", "LANG")}
        pythons = os.pathsep.join((str(Path(sys.executable).parent), "/usr/bin", "/bin"))
        done = subprocess.run(
            ["bash", "-c", self.before + command],  # noqa: S607 - any bash
            env={**kept, "PATH": pythons, "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.stdout


@pytest.mark.skipif(not (ROOT / "leadquery").is_dir(), reason="the tutorial starts in a checkout")
@pytest.mark.skipif(shutil.which("bash") is None, reason="the tutorial is typed into bash")
def test_the_tutorial_by_its_words(tmp_path: Path) -> None:
    """Every command writes what the page shows below it."""
    for part in PARTS:
        shutil.copy(ROOT / part, tmp_path)
    shutil.copytree(ROOT / "leadquery", tmp_path / "leadquery")
    terminal = Terminal(f"cd {tmp_path} && ")
    typed = 0

    for block in blocks(TUTORIAL):
        if block.file:
            (tmp_path / "first" / block.file).write_text(block.text, "utf-8")
        elif block.language == "sh":
            # What pip says is its own.
            for line in block.text.splitlines():
                terminal.type(line)
        elif block.language == "console":
            for command, shown in commands(block.text):
                typed += 1
                assert (command, terminal.type(command)) == (command, shown)

    assert typed == TUTORIAL.read_text("utf-8").count("\n$ ") > 8
