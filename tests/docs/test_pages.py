"""Every page of the project holds what it shows: its code runs, and prints what stands below it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.pages import PAGES, ROOT, named
from tests.docs.reader import Reader

MADE = ROOT / "docs/reference/rules"
"""Pages that a script makes of the rules, with what `check` says of each example."""

WRITTEN = [page for page in PAGES if MADE not in page.parents]


@pytest.mark.parametrize("page", WRITTEN, ids=named)
def test_a_page_holds_what_it_shows(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Block after block, in a folder of the page's own."""
    monkeypatch.chdir(tmp_path)

    Reader(page, tmp_path).follow()
