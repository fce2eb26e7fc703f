"""How the fields of the mock API compare: the sort keys of texts, in Python and in SQL."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from attrs import frozen

from leadquery.expr import collation as expr
from leadquery.wire.enums import FALSE, TRUE
from leadquery.wire.types import format_timestamp

SortKey = str | float


def encode(text: str) -> bytes:
    """A text in UTF-8, lone surrogates included."""
    return text.encode("utf-8", "surrogatepass")


def decode(stored: bytes) -> str:
    """The text that `encode` encoded."""
    return stored.decode("utf-8", "surrogatepass")


@frozen
class Collation:
    """How a field compares: by a sort key, which is None for a text that its type cannot read.

    `sql` is the key as an expression of the text, if `is_computed` is true of all the texts.
    """

    key: Callable[[str], SortKey | None]
    sql: str
    is_computed: Callable[[Sequence[str]], bool]


def _is_ascii(texts: Sequence[str]) -> bool:
    return "".join(texts).isascii()


def _number_key(text: str) -> float | None:
    value = expr.number_key(text)
    # Adding zero turns -0.0 into 0.0.
    return None if value is None else value + 0.0


def _are_short_integers(texts: Sequence[str]) -> bool:
    """Whether SQLite reads them as Python does, and their sums are exact."""
    return _match_lines(_match_integers, texts)


def _timestamp_key(text: str) -> str | None:
    value = expr.timestamp_key(text)
    return None if value is None else format_timestamp(value)


def _exact_timestamp_key(text: str) -> str | None:
    """The key with the fraction of a second."""
    key, fraction = _timestamp_key(text), _find_fraction(text)
    return key + fraction[0].rstrip("0") if key and fraction else key


# A dot, or the comma of ISO 8601.
_find_fraction: Final = re.compile(r"(?<=[.,])[0-9]+").search


def _are_timestamps(texts: Sequence[str]) -> bool:
    """Whether they are as the API writes them."""
    if not _match_lines(_match_timestamps, texts):
        return False
    try:
        return all(map(datetime.fromisoformat, texts))
    except ValueError:
        return False


_match_integers: Final = re.compile(r"(?:[+-]?[0-9]{1,9}\n)*").fullmatch

_match_timestamps: Final = re.compile(
    r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2} (?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}\n)*"
).fullmatch


def _match_lines(match: Callable[[str], object], texts: Sequence[str]) -> bool:
    """Whether each text is a line of the pattern: much faster than one after the other."""
    lines = "\n".join((*texts, ""))
    return match(lines) is not None and lines.count("\n") == len(texts)


def _are_digits(texts: Sequence[str]) -> bool:
    """Whether they are checkboxes as the API writes them."""
    return {*texts} <= {TRUE, FALSE}


AS_TEXT: Final = Collation(expr.text_key, "lower({})", _is_ascii)
AS_NUMBER: Final = Collation(_number_key, "CAST({} AS INTEGER)", _are_short_integers)
AS_TRUTH: Final = Collation(expr.truth_key, "{}", _are_digits)
AS_TIMESTAMP: Final = Collation(_timestamp_key, "{}", _are_timestamps)
AS_EXACT_TIMESTAMP: Final = Collation(_exact_timestamp_key, "{}", _are_timestamps)


def key_literal(key: SortKey) -> str:
    """A sort key in SQL, in hexadecimal: no text is ever read as SQL, and numbers are exact."""
    if isinstance(key, str):
        return f"CAST(X'{encode(key).hex()}' AS TEXT)"
    return f"{FROM_HEX}('{float(key).hex()}')"


FROM_HEX: Final = "from_hex"
