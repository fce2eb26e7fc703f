"""Sphinx builds the pages without warnings."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import leadquery
from leadquery import emulator, fields, periods, testing
from tests.docs.pages import ROOT


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the HTML, with warnings such as broken references as errors."""
    folder = tmp_path_factory.mktemp("html")
    command = ["-q", "-n", "-W", "--keep-going", "-b", "html", "-d", f"{folder}/trees"]
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", *command, str(ROOT / "docs"), str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode == 0
    return folder


def test_every_page_is_built(built: Path) -> None:
    """Sphinx also warns about pages outside every toctree."""
    sources = [page.relative_to(ROOT / "docs") for page in (ROOT / "docs").rglob("*.md")]

    assert [page for page in sources if not (built / page.with_suffix(".html")).exists()] == []


def test_every_public_name_is_in_the_reference(built: Path) -> None:
    """Of leadquery and its public modules."""
    page = (built / "reference/python.html").read_text("utf-8")
    errors = (built / "reference/errors.html").read_text("utf-8")
    ids = set(re.findall(r'id="(?:module-)?([\w.]+)"', page))
    names = [f"leadquery.{name}" for name in leadquery.__all__]
    names += [f"leadquery.fields.{cls.__name__}" for cls in fields.FIELD_TYPES]
    names += [f"leadquery.testing.{name}" for name in testing.__all__]
    names += [f"leadquery.emulator.{name}" for name in emulator.__all__]
    names += [f"leadquery.periods.{name}" for name in periods.__all__]
    documented = ids | {f"leadquery.{name}" for name in re.findall(r">(\w+Error)<", errors)}

    assert [name for name in names if name not in documented] == []
