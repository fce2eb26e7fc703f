"""The how-to pages hold what they show."""

from __future__ import annotations

import re
from contextlib import redirect_stdout
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

PAGES = Path(__file__).parent.parent / "docs" / "how-to"


@pytest.mark.parametrize("page", ["pull-every-lead.md"])
def test_the_python_of_a_page_runs(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Block after block as it stands, and prints what stands below it."""
    monkeypatch.chdir(tmp_path)
    text = (PAGES / page).read_text("utf-8")
    blocks = re.findall(r"^```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    names: dict[str, Any] = {}
    shown = 0

    for (language, block), (below, output) in pairwise([*blocks, ("", "")]):
        if language == "python":
            with redirect_stdout(StringIO()) as out:
                exec(block, names)  # noqa: S102 - our own page
            assert out.getvalue() == (output if below == "text" else "")
            shown += below == "text"

    assert shown == text.count("```text\n") > 0
