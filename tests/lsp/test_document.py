"""Positions and changes at the edges of lines, texts and characters."""

from __future__ import annotations

import pytest
from lsprotocol import types

from leadquery.lint.fixes import Replacement
from leadquery.lsp.document import Change, Document, Position, Range
from leadquery.lsp.messages import workspace_edit

TEXT = "ab\r\n😋c\n"


def document(text: str, encoding: str = "utf-16") -> Document:
    """A document in JSON."""
    return Document("file:///a.json", "json", text, 1, encoding)


@pytest.mark.parametrize(
    ("position", "offset"),
    [
        ((0, 2), 2),
        ((0, 9), 2),
        ((1, 0), 4),
        ((1, 1), 5),
        ((1, 2), 5),
        ((1, 3), 6),
        ((1, 9), 6),
        ((2, 0), 7),
        ((2, 5), 7),
        ((9, 0), 7),
        ((-1, -1), 0),
    ],
)
def test_a_position_outside_the_text_is_its_nearest_end(
    position: tuple[int, int], offset: int
) -> None:
    """As the protocol says for lines; the middle of a character is its end."""
    assert document(TEXT).offset(Position(*position)) == offset


def test_a_range_that_ends_before_it_starts_is_empty() -> None:
    """Nothing is lost."""
    place = Range(Position(1, 0), Position(0, 0))

    assert document(TEXT).changed(2, [Change("x", place)]).text == "ab\r\nx😋c\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_halves_of_a_character(encoding: str) -> None:
    """Two changes may bring them; a half alone stays."""
    half = document("a\ud83d", encoding)

    assert half.offset(half.position(2)) == 2
    at = half.position(2)
    assert half.changed(2, [Change("\ude0b", Range(at, at))]).text == "a😋"


def test_an_editor_without_versions_of_edits() -> None:
    """It gets the edits of the file alone."""
    edit = workspace_edit(document(TEXT), [Replacement(4, 5, "x")], versioned=False)

    place = types.Range(types.Position(1, 0), types.Position(1, 2))
    assert edit == types.WorkspaceEdit({"file:///a.json": [types.TextEdit(place, "x")]})
