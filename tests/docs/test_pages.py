"""The code on every page runs, and prints what the page shows below it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.pages import PAGES, ROOT, named
from tests.docs.reader import Reader

GENERATED = ROOT / "docs/reference/rules"
"""Pages that `tests/docs/test_rules.py` writes, with the output of `check` for each example."""

WRITTEN = [page for page in PAGES if GENERATED not in page.parents]


@pytest.mark.parametrize("page", WRITTEN, ids=named)
def test_a_page_shows_what_its_code_prints(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """Blocks run in order, in an empty folder. `--update-goldens` rewrites the outputs."""
    monkeypatch.chdir(tmp_path)
    reader = Reader(page, tmp_path)

    if request.config.getoption("--update-goldens"):
        reader.update()
    else:
        reader.follow()
