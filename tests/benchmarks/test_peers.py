"""The benchmarks against other tools run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import requests

from .environment import copy_source
from .peers.sending import looped, serving


def test_the_command_starts_from_what_is_installed(tmp_path: Path) -> None:
    """Without the rest of the checkout."""
    copy_source(tmp_path)
    start = "from leadquery_main import main; main()"
    command = [sys.executable, "-c", start, "--version"]

    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=True).stdout


def test_a_loop_reads_all_leads_of_the_mock_api() -> None:
    with serving(3, 0.0, "none") as url:
        assert looped(requests.post, url, 2) == 3
