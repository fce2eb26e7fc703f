"""The page that compares leadquery with other libraries shows what they print."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from docs.compared.scripts import OUTPUTS, PEERS, TASKS, run, tasks

KEPT = json.loads(OUTPUTS.read_text("utf-8"))


@pytest.mark.parametrize("name", PEERS)
def test_a_script_has_every_task(name: str) -> None:
    assert [*tasks(name)] == [*TASKS] == [*KEPT[name]["outputs"]]


def test_leadquery_prints_what_the_page_shows() -> None:
    assert run("leadquery") == KEPT["leadquery"]["outputs"]


def test_the_libraries_find_the_same() -> None:
    """As many leads and groups, below a header or not."""
    counts = {
        name: [
            len([line for line in one["outputs"][task].splitlines() if any(map(str.isdigit, line))])
            for task in ("filter", "group")
        ]
        + [one["outputs"]["every"]]
        for name, one in KEPT.items()
    }

    assert set(map(tuple, counts.values())) == {(9, 6, "298")}


@pytest.mark.slow
def test_every_library_prints_what_the_page_shows(tmp_path: Path) -> None:
    """`nox -s compare` installs them."""
    missing = [name for name in ("pyairtable", "simple_salesforce", "ibis") if not find_spec(name)]
    if missing:
        pytest.skip(f"{missing[0]} is not installed")
    file = tmp_path / "outputs.json"
    subprocess.run([sys.executable, "-m", "docs.compared", str(file)], check=True)
    written = json.loads(file.read_text("utf-8"))

    for name, one in KEPT.items():
        assert written[name]["outputs"] == one["outputs"]
