"""The code on every page runs, and prints what the page shows below it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.pages import PAGES, ROOT, named, tokens
from tests.docs.reader import NOT_RUN, Reader

GENERATED = ROOT / "docs/reference/rules"
"""Pages that `tests/docs/test_rules.py` writes, with the output of `check` for each example."""

COMPARED = ROOT / "docs/explanation/side-by-side.md"
"""A page with the code of other libraries, which `tests/docs/test_compared.py` runs."""

WRITTEN = [page for page in PAGES if GENERATED not in page.parents and page != COMPARED]
NEEDED = {"assistants": "mcp"}
"""What the code of a page needs besides what is always installed for tests."""

HOW_TOS = [page for page in PAGES if page.parent.name == "how-to" and page.stem != "index"]


@pytest.mark.parametrize("page", WRITTEN, ids=named)
def test_a_page_shows_what_its_code_prints(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """Blocks run in order, in an empty folder. `--update-goldens` rewrites the outputs."""
    if page.stem in NEEDED:
        pytest.importorskip(NEEDED[page.stem], reason="an extra is not installed")
    monkeypatch.chdir(tmp_path)
    reader = Reader(page, tmp_path)

    if request.config.getoption("--update-goldens"):
        reader.update()
    else:
        reader.follow()


@pytest.mark.parametrize("page", HOW_TOS, ids=named)
def test_a_how_to_begins_with_the_finished_code(page: Path) -> None:
    """After the title there is one sentence, and code that runs or the file that it reads."""
    _, *start = [token for token in tokens(page)[:12] if token.type in ("inline", "fence")]
    sentence, code = start[0], next(token for token in start if token.type == "fence")
    between = start[1 : start.index(code)]

    assert sentence.content.count(". ") + sentence.content.count(".\n") == 0
    assert [token.content[-2:] for token in between] in ([], ["`:"])
    assert not code.content.startswith(NOT_RUN)
