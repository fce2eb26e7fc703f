"""The language server in a real editor, Neovim 0.7.2 or later."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lsp.test_server import FIELDS

NEOVIM = shutil.which("nvim") or ""

TEXT = """{
  "ReportFilter": {"LeadFilters": [
    {"LookUpName": "Phone", "LookUpValue": "😋", "SqlOperator": "LIKE"},
    {"LookUpName": "mx_Co", "LookUpValue": "MBA", "SqlOperator": "="}
  ]},
  "Output": {"Type": "list", "IncludeCSV": "Phone"},
  "Paging": {"PageIndex": 1, "PageSize": 100}
}
"""


@pytest.mark.skipif(NEOVIM == "", reason="needs Neovim")
def test_neovim_shows_fixes_and_completes(tmp_path: Path) -> None:
    """Diagnostics, a fix applied, and a field of the account completed."""
    (tmp_path / "fields.json").write_text(json.dumps(FIELDS))
    (tmp_path / "report.json").write_text(TEXT, "utf-8")
    out = tmp_path / "out.json"
    script = str(Path(__file__).with_name("drive.lua"))
    command = [sys.executable, "-m", "leadquery", "lsp", "--stdio"]

    subprocess.run(
        [NEOVIM, "--headless", "--clean", "report.json", "-c", f"luafile {script}"],
        cwd=tmp_path,
        env={
            **os.environ,
            "LEADQUERY_COMMAND": json.dumps(command),
            "LEADQUERY_OUT": str(out),
            "XDG_STATE_HOME": str(tmp_path),
            "XDG_CACHE_HOME": str(tmp_path),
        },
        check=True,
        timeout=120,
    )

    unknown, misspelled, *rest = json.loads(out.read_text("utf-8"))
    # Neovim counts bytes.
    assert unknown == ["LQ304", 2, 66, 72, "unknown operator 'LIKE'; write 'lik'"]
    assert misspelled[:4] == ["LQ601", 3, 19, 26]
    assert rest == [
        "Write 'lik' (LQ304)",
        '    {"LookUpName": "Phone", "LookUpValue": "😋", "SqlOperator": "lik"},',
        ["mx_Course", "Course: a Choice field"],
        '    {"LookUpName": "mx_Course", "LookUpValue": "MBA", "SqlOperator": "="}',
    ]
    for log in tmp_path.rglob("*.log"):
        assert "MBA" not in log.read_text("utf-8")
