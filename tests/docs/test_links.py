"""Links between the pages lead somewhere; those to elsewhere are known."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, ROOT, headings, links, named

OUTSIDE = {
    "https://keepachangelog.com/en/1.1.0/",
    "https://mutmut.readthedocs.io/",
    "https://pypi.org/project/vcrpy/",
}
"""Every link that leaves the project; `sphinx-build -b linkcheck` asks whether they answer."""

AWAY = () if (ROOT / ".github").is_dir() else (".github/",)
"""Folders that pages lead to and an sdist leaves out."""


def inside(page: Path) -> list[str]:
    """The links of a page that stay in the project."""
    return [link for link in links(page) if "://" not in link and not link.startswith(AWAY)]


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    """The file is there, and so is the heading that is named."""
    for link in inside(page):
        place, _, anchor = link.partition("#")
        target = (page.parent / place).resolve() if place else page

        assert target.exists(), link
        assert not anchor or anchor in headings(target), link


def test_links_to_elsewhere_are_known() -> None:
    """A new one is added here by hand, once somebody has looked where it leads."""
    assert {link for page in PAGES for link in links(page) if "://" in link} == OUTSIDE


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_what_leads_to_a_page_that_a_build_makes_says_so(page: Path) -> None:
    """Who reads the pages as they are finds no table there."""
    for paragraph in page.read_text("utf-8").split("\n\n"):
        made = {
            link
            for link in re.findall(r"\]\(([\w./-]+\.md)", paragraph)
            if "```{derived}" in (page.parent / link).read_text("utf-8")
        }

        assert not made or page.parent.name == "reference" or "build" in paragraph


def test_there_are_links() -> None:
    """Reading them finds some: the front page of the docs leads to all four parts."""
    assert inside(ROOT / "docs/index.md")[-4:] == [
        "tutorial.md",
        "how-to/index.md",
        "reference/index.md",
        "explanation/index.md",
    ]
