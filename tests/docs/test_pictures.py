"""The pictures show the current output of the commands."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import NamedTuple

import pytest

from docs.draw import FOLDER, PICTURES
from tests.docs.pages import PAGES, links

LARGEST = 50_000
"""The maximum size of a picture in bytes."""


class Drawing(NamedTuple):
    """A picture as committed, and as drawn now, with the versions of the libraries."""

    committed: str
    drawn: str
    mark: str


def text_of(picture: str) -> str:
    """Return the text in a picture."""
    lines = re.findall(r"<text[^>]*>([^<]*)</text>", picture)
    return "".join(map(unescape, lines)).replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture(scope="module", params=PICTURES, ids=[one.name for one in PICTURES])
def picture(request: pytest.FixtureRequest) -> Drawing:
    """Each picture."""
    param = request.param
    kept = (FOLDER / f"{param.name}.svg").read_text("utf-8")
    return Drawing(kept, param.drawn(), param.mark)


def test_a_picture_has_the_text_of_the_command(picture: Drawing) -> None:
    """`python docs/draw.py` redraws all pictures."""
    assert len(text_of(picture.committed)) > 40
    assert text_of(picture.committed) == text_of(picture.drawn)


def test_drawing_is_reproducible(picture: Drawing) -> None:
    """The same versions of the libraries draw the same bytes."""
    if picture.mark not in picture.committed:
        pytest.skip(f"drawn with other versions here: {picture.mark}")

    assert picture.committed == picture.drawn


def test_a_picture_is_small_and_self_contained(picture: Drawing) -> None:
    """It refers to nothing outside the file."""
    references = re.findall(r"(?:href|src)=\"([^#\"][^\"]*)|url\(([^#)][^)]*)", picture.committed)

    assert len(picture.committed) < LARGEST
    assert references == []


def test_every_picture_is_used() -> None:
    """The script draws it and a page shows it."""
    kept = {file.name for file in FOLDER.iterdir()}
    used = {Path(link).name for page in PAGES for link in links(page) if link.endswith(".svg")}

    assert kept == used == {f"{one.name}.svg" for one in PICTURES}
