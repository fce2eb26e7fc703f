"""Exports take constant memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from leadquery.emulator import Emulator
from tests.client.export import measure_memory

HOME = str(Path(measure_memory.__file__).parents[3])
MEGABYTE = 1 << 20


Serve = Callable[[int], str]


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Serves a number of demo leads from a file, and gives the URL."""
    with ExitStack() as stack:

        @cache
        def serve(leads: int) -> str:
            database = tmp_path_factory.mktemp("leads") / "leads.db"
            return stack.enter_context(Emulator.demo(leads, database=database).server()).url

        yield serve


def exported(url: str, file: Path, size: int) -> dict[str, Any]:
    """The memory of an export of all leads, over a socket."""
    ran = subprocess.run(
        [sys.executable, measure_memory.__file__, url, str(file), str(size)],
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
def test_an_export_takes_bounded_memory(ending: str, tmp_path: Path, serve: Serve) -> None:
    """From a tenth of 30,000 rows to all of them."""
    found = exported(serve(30_000), tmp_path / f"leads.{ending}", 1_000)

    assert found["rows"] == 30_000
    assert found["most"] - found["first"] < 50 * MEGABYTE


@needs_linux
@pytest.mark.slow
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_million_leads_take_bounded_memory(ending: str, tmp_path: Path, serve: Serve) -> None:
    """From 100,000 rows to 1,000,000: less than 50 MB."""
    found = exported(serve(1_000_000), tmp_path / f"leads.{ending}", 1_000)

    assert found["rows"] == 1_000_000
    assert found["most"] - found["first"] < 50 * MEGABYTE
