"""Internal links have targets; external links are listed here."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.pages import PAGES, ROOT, headings, links, named

OUTSIDE = {
    "https://keepachangelog.com/en/1.1.0/",
    "https://mutmut.readthedocs.io/",
    "https://pypi.org/project/vcrpy/",
}
"""The external links. `sphinx-build -b linkcheck docs build/links` requests them."""

NOT_IN_SDIST = () if (ROOT / ".github").is_dir() else (".github/",)
"""Folders with link targets that the sdist leaves out."""


def internal_links(page: Path) -> list[str]:
    """Return the internal links of a page."""
    return [link for link in links(page) if "://" not in link and not link.startswith(NOT_IN_SDIST)]


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_internal_links_have_targets(page: Path) -> None:
    """The file exists, and so does the heading."""
    for link in internal_links(page):
        place, _, anchor = link.partition("#")
        target = (page.parent / place).resolve() if place else page

        assert target.exists(), link
        assert not anchor or anchor in headings(target), link


def test_external_links_are_listed() -> None:
    """Open a new link once before you add it here."""
    assert {link for page in PAGES for link in links(page) if "://" in link} == OUTSIDE


def test_links_are_found() -> None:
    """The home page of the docs links to all four parts."""
    assert internal_links(ROOT / "docs/index.md")[-4:] == [
        "tutorial.md",
        "how-to/index.md",
        "reference/index.md",
        "explanation/index.md",
    ]
