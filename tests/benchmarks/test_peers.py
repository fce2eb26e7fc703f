"""The benchmarks against other tools run."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from leadquery.cli.row_files import read_rows

from .environment import copy_source
from .peers import exporting
from .peers.sending import looped, serving


def test_the_command_starts_from_what_is_installed(tmp_path: Path) -> None:
    """Without the rest of the checkout."""
    copy_source(tmp_path)
    start = "from leadquery_main import main; main()"
    command = [sys.executable, "-c", start, "--version"]

    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=True).stdout


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The URL of a mock API in a process of its own."""
    with serving(exporting.PAGE_SIZE, 0.0, "none") as url:
        yield url


def test_a_loop_reads_all_leads_of_the_mock_api(url: str) -> None:
    assert looped(requests.post, url, 300) == exporting.PAGE_SIZE


@pytest.mark.parametrize(
    ("name", "ending"), [("ours", "csv"), ("loop-csv", "csv"), ("loop-parquet", "parquet")]
)
def test_an_export_writes_all_leads(name: str, ending: str, tmp_path: Path, url: str) -> None:
    file = tmp_path / f"leads.{ending}"
    exporting.EXPORTS[name](url, file, exporting.PAGE_SIZE)

    rows = read_rows(str(file))
    assert len({row["ProspectID"] for row in rows}) == exporting.PAGE_SIZE
