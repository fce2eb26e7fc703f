"""Exports take constant memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from leadquery.emulator import Emulator
from tests.client.export import measure_memory

HOME = str(Path(measure_memory.__file__).parents[3])
MEGABYTE = 1 << 20


def exported(leads: int, file: Path, size: int) -> dict[str, Any]:
    """The memory of an export of some leads, over a socket."""
    database = file.with_name("leads.db")
    with Emulator.demo(leads, database=database).server() as server:
        ran = subprocess.run(
            [sys.executable, measure_memory.__file__, server.url, str(file), str(size)],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": HOME},
        )
    assert ran.stderr == ""
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


needs_linux = pytest.mark.skipif(
    sys.platform != "linux", reason="the memory of a process is read as Linux tells it"
)


@needs_linux
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_an_export_takes_bounded_memory(ending: str, tmp_path: Path) -> None:
    """From a tenth of 30,000 rows to all of them."""
    found = exported(30_000, tmp_path / f"leads.{ending}", 1_000)

    assert found["rows"] == 30_000
    assert found["most"] - found["first"] < 50 * MEGABYTE


@needs_linux
@pytest.mark.slow
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_million_leads_take_bounded_memory(ending: str, tmp_path: Path) -> None:
    """From 100,000 rows to 1,000,000: less than 50 MB."""
    found = exported(1_000_000, tmp_path / f"leads.{ending}", 1_000)

    assert found["rows"] == 1_000_000
    assert found["most"] - found["first"] < 50 * MEGABYTE
