"""`kill -9` at any moment of an export: no row is lost, and none comes twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.client.export import kill_exports

HOME = str(Path(kill_exports.__file__).parents[3])


def killed(folder: Path, kills: int, seed: int) -> None:
    """Kill exports so often, and look at what became of them."""
    ran = subprocess.run(
        [sys.executable, kill_exports.__file__, str(folder), str(kills), str(seed)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": HOME},
    )
    ended = [json.loads(line) for line in ran.stdout.splitlines()]
    kept = [rows for one in ended for rows in one["kept"]]

    assert ran.stderr == ""
    assert len(kept) >= kills
    assert all(one["same"] and one["left"] for one in ended)
    # Some were killed in the middle, so that there was something to go on from.
    assert len(set(kept)) > kills / 5


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are killed with signals of Unix")
def test_a_killed_export_resumes(tmp_path: Path) -> None:
    """The file is that of an export nobody killed, byte for byte."""
    killed(tmp_path, 20, seed=1)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are killed with signals of Unix")
def test_two_hundred_killed_exports_resume(tmp_path: Path) -> None:
    """The same, in full."""
    killed(tmp_path, 200, seed=2)
