"""What values compare by, as far as it is known: text, numbers and moments."""

from __future__ import annotations

import re
from datetime import datetime
from math import isinf

from leadquery.errors import QueryError
from leadquery.periods import start_of

_number = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?").fullmatch


def text_key(value: str) -> str:
    """Text compares without regard to case."""
    return value.casefold()


def number_key(value: str) -> float | None:
    """Numbers compare as doubles; None for what is none, or larger than any."""
    read = float(value) if _number(value) else None
    return None if read is None or isinf(read) else read


def timestamp_key(value: str) -> datetime | None:
    """Dates compare as moments in UTC, to the second; None for what is none."""
    try:
        return start_of(value)
    except QueryError:
        return None
