"""`kill -9` during an export: no row is lost, and none comes twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.client.export import kill_exports, share_export

HOME = str(Path(kill_exports.__file__).parents[3])


def killed(folder: Path, kills: int, seed: int, signal_number: int = 9) -> None:
    """Kill some exports, and return the results."""
    ran = subprocess.run(
        [
            sys.executable,
            kill_exports.__file__,
            str(folder),
            *map(str, (kills, seed, signal_number)),
        ],
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
    """The file is that of an uninterrupted export, byte for byte."""
    killed(tmp_path, 20, seed=1)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are killed with signals of Unix")
def test_two_hundred_killed_exports_resume(tmp_path: Path) -> None:
    killed(tmp_path, 200, seed=2)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes get signals of Unix")
@pytest.mark.parametrize("times", [6, pytest.param(60, marks=pytest.mark.slow)])
def test_interrupted_exports_resume(times: int, tmp_path: Path) -> None:
    """Ctrl-C at any moment."""
    killed(tmp_path, times, seed=3, signal_number=signal.SIGINT)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="files are locked with functions of Unix")
@pytest.mark.parametrize("rounds", [2, pytest.param(25, marks=pytest.mark.slow)])
def test_four_processes_export_to_one_file(rounds: int, tmp_path: Path) -> None:
    """Each writes it whole, or is told that another one is writing it."""
    ran = subprocess.run(
        [sys.executable, share_export.__file__, str(tmp_path), str(rounds)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": HOME},
    )
    counts = json.loads(ran.stdout)

    assert ran.stderr == ""
    assert counts["written"] >= rounds
    assert counts["written"] + counts["refused"] == 4 * rounds
    assert counts["wrong"] == 0
    assert [*tmp_path.iterdir()] == [tmp_path / "leads.csv"]
