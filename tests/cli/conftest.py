"""Fixtures: a folder for each test, in which commands run."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pytest_leadquery import leadsquared
from tests.cli.shell import Write

# Also where the plugin is not installed.
__all__ = ["here", "leadsquared", "write"]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder; modules imported from it are forgotten at the end."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [path for path in sys.path if path])
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    yield tmp_path
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", None)).startswith(str(tmp_path)):
            del sys.modules[name]


@pytest.fixture
def write(here: Path) -> Write:
    """A function that writes a Python file into the folder."""

    def written(name: str, source: str) -> Path:
        path = here / name
        path.write_text(source, "utf-8")
        return path

    return written
