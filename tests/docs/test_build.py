"""Sphinx builds the pages without warnings."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from html import unescape
from pathlib import Path
from posixpath import join as urljoin

import pytest
from sphinx.util.inventory import InventoryFile as Inventory

import leadquery
from leadquery import emulator, errors, fields, periods, testing
from tests.docs.pages import ROOT


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the HTML, with warnings such as broken references as errors."""
    folder = tmp_path_factory.mktemp("html")
    command = ["-q", "-n", "-W", "--keep-going", "-b", "html", "-d", f"{folder}/trees"]
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", *command, str(ROOT / "docs"), str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode == 0
    return folder


def test_fields_and_errors_can_be_linked(built: Path) -> None:
    """From the documentation of others, by the inventory."""
    with (built / "objects.inv").open("rb") as file:
        inventory = Inventory.load(file, "", urljoin)
    python = {name for kind, names in inventory.items() for name in names if kind.startswith("py:")}
    names = [f"leadquery.fields.{name}" for name in fields.STANDARD]
    names += [f"leadquery.{name}" for name in vars(errors) if name.endswith("Error")]

    assert [name for name in names if name not in python] == []


@pytest.mark.parametrize("text", ["429", "pagin"])
def test_search_finds(built: Path, text: str) -> None:
    """A status in a heading, for Sphinx leaves numbers out of texts, and the stem of a word."""
    index = json.loads((built / "searchindex.js").read_text("utf-8").partition("(")[2][:-1])
    pages = [
        index["docnames"][number]
        for title, places in index["alltitles"].items()
        for number, _ in places
        if text in title.lower()
    ]
    found = index["terms"].get(text, [])
    pages += [index["docnames"][number] for number in ([found] if type(found) is int else found)]

    assert any(page.startswith(("how-to/", "explanation/rate")) for page in pages)


def test_assistants_find_the_pages(built: Path) -> None:
    """Each page is in llms.txt."""
    text = (built / "llms.txt").read_text("utf-8")
    links = set(re.findall(r"\]\((.*?)\): \S", text))

    assert links == {
        page.relative_to(ROOT / "docs").with_suffix(".html").as_posix()
        for page in (ROOT / "docs").rglob("*.md")
        if page.stem != "index" and page.parent.name != "rules"
    }


def test_every_page_is_built(built: Path) -> None:
    """Sphinx also warns about pages outside every toctree."""
    sources = [page.relative_to(ROOT / "docs") for page in (ROOT / "docs").rglob("*.md")]

    assert [page for page in sources if not (built / page.with_suffix(".html")).exists()] == []


OTHERS = (
    *(
        "Any",
        "AsyncIterator",
        "Callable",
        "False",
        "IO",
        "Iterable",
        "Iterator",
        "Literal",
        "Mapping",
        "None",
    ),
    *("Decimal", "HTTPStatus", "Path", "PathLike", "Random", "Self", "True"),
    *("DataFrame", "Figure", "SearchStrategy", "Session"),
)
"""Names of Python and of other libraries."""


def test_signatures_have_only_names_that_are_documented(built: Path) -> None:
    """And no default that cannot be written."""
    page = (built / "reference/python.html").read_text("utf-8")
    documented = {name.rpartition(".")[2] for name in re.findall(r'id="([\w.]+)"', page)}
    found = re.findall(r'<dt class="sig sig-object py".*?</dt>', page, re.DOTALL)
    signatures = [unescape(re.sub(r"<[^>]+>|\s+", " ", signature)) for signature in found]
    names = {name for text in signatures for name in re.findall(r"\b[A-Z]\w*", text)}

    assert len(signatures) > 200
    assert any("AsyncIterator" in text for text in signatures)
    assert names - documented - set(OTHERS) == set()
    assert [text for text in signatures if re.search(r"[…<~]|\.{3}(?!\s*\])", text)] == []


def test_every_public_name_is_in_the_reference(built: Path) -> None:
    """Of leadquery and its public modules."""
    page = (built / "reference/python.html").read_text("utf-8")
    errors = (built / "reference/errors.html").read_text("utf-8")
    ids = set(re.findall(r'id="(?:module-)?([\w.]+)"', page))
    names = [f"leadquery.{name}" for name in leadquery.__all__]
    names += [f"leadquery.fields.{cls.__name__}" for cls in fields.FIELD_TYPES]
    names += [f"leadquery.testing.{name}" for name in testing.__all__]
    names += [f"leadquery.emulator.{name}" for name in emulator.__all__]
    names += [f"leadquery.periods.{name}" for name in periods.__all__]
    documented = ids | {f"leadquery.{name}" for name in re.findall(r">(\w+Error)<", errors)}

    assert [name for name in names if name not in documented] == []
