"""The pictures show what the commands write today."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import NamedTuple

import pytest

from docs.draw import FOLDER, PICTURES
from tests.docs.pages import PAGES, links

LARGEST = 50_000
"""The most bytes that a picture may take."""


class Both(NamedTuple):
    """A picture as it is kept, and as it is drawn now, with the versions that draw it."""

    kept: str
    drawn: str
    mark: str


def said(picture: str) -> str:
    """The text in a picture."""
    lines = re.findall(r"<text[^>]*>([^<]*)</text>", picture)
    return "".join(map(unescape, lines)).replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture(scope="module", params=PICTURES, ids=[one.name for one in PICTURES])
def picture(request: pytest.FixtureRequest) -> Both:
    """A picture, and what it should be."""
    one = request.param
    kept = (FOLDER / f"{one.name}.svg").read_text("utf-8")
    return Both(kept, one.drawn(), one.mark)


def test_a_picture_says_what_the_command_says(picture: Both) -> None:
    """Word by word; `python docs/draw.py` draws them anew."""
    assert len(said(picture.kept)) > 100
    assert said(picture.kept) == said(picture.drawn)


def test_a_picture_is_drawn_alike_each_time(picture: Both) -> None:
    """Byte for byte, where the versions are those it was drawn with."""
    if picture.mark not in picture.kept:
        pytest.skip(f"it is drawn with other versions here: {picture.mark}")

    assert picture.kept == picture.drawn


def test_a_picture_is_small_and_asks_nobody(picture: Both) -> None:
    """Nothing in it is fetched from elsewhere: links lead inside."""
    fetched = re.findall(r"(?:href|src)=\"([^#\"][^\"]*)|url\(([^#)][^)]*)", picture.kept)

    assert len(picture.kept) < LARGEST
    assert fetched == []


def test_every_picture_is_shown_and_drawn_by_the_script() -> None:
    """None is left over."""
    kept = {file.name for file in FOLDER.iterdir()}
    shown = {Path(link).name for page in PAGES for link in links(page) if link.endswith(".svg")}

    assert kept == shown == {f"{one.name}.svg" for one in PICTURES}
