"""The blocks of a part file: a line about a page or a window, and its rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from attrs import frozen

from leadquery.errors import Change

Times = tuple[str | None, str | None]
"""The first and the last second of a window of time, if it has some."""


@frozen
class Block:
    """A page or a window, from `start` to `end` in the file, with its rows as JSON Lines.

    The final block says that there is nothing left to fetch. `left_out` is the number of rows that
    were read in a window, and are not in the query's ranges of dates.
    """

    start: int
    end: int
    rows: int
    total: int
    changes: tuple[Change, ...]
    is_final: bool
    lines: bytes
    window: Times | None
    left_out: int


DAMAGE: Final = (ValueError, TypeError, KeyError, RecursionError)


def checked_line(state: Mapping[str, Any], lines: bytes) -> bytes:
    """A line with a state, after a checksum of it and the lines below it."""
    text = b" " + json.dumps(state).encode() + b"\n"
    return sha256(text + lines).hexdigest().encode() + text


def parse_line(line: bytes, lines: bytes) -> dict[str, Any]:
    checksum, text = line[:64], line[64:]
    if sha256(text + lines).hexdigest().encode() != checksum:
        raise ValueError
    state: dict[str, Any] = json.loads(text)
    return state


def parse_block(line: bytes, file: Any, start: int, file_size: int) -> Block:
    # A damaged size is no reason to take memory that the file cannot fill.
    lines = file.read(min(json.loads(line[64:])["size"], file_size))
    state = parse_line(line, lines)
    return Block(
        start,
        start + len(line) + len(lines),
        state["rows"],
        state["total"],
        tuple(Change(**change) for change in state["changes"]),
        state["is_final"],
        lines,
        tuple(state["window"]) if "window" in state else None,
        state.get("left_out", 0),
    )
