"""How CSV is written, as its header shows: what separates the cells."""

from __future__ import annotations

import csv
import re
from typing import Final

from leadquery.errors import QueryError

_SEPARATORS: Final = ",;\t|"

is_plain: Final = re.compile(r"[^\W\d][\w~]*").fullmatch
"""Whether text can be a schema name."""


def named_separator(line: str) -> str | None:
    """The separator that a line such as `sep=;` names, which spreadsheets write above the header.

    Raises QueryError if the line names none.

    >>> named_separator("sep=;"), named_separator("ProspectID;Score")
    (';', None)
    """
    named = re.match(r'"?sep=(.?)', line, re.IGNORECASE)
    if named is None:
        return None
    if named[1] in ("", "\r", '"'):
        raise QueryError(f"{line.strip()!r} names no separator; write sep=, or sep=;")
    return named[1]


def guess_separator(header: str) -> str:
    """What separates the names of a header: a comma, a semicolon, a tab or a bar.

    >>> guess_separator("ProspectID;Score")
    ';'
    """
    return max(_SEPARATORS, key=lambda separator: _count_names(header, separator))


def split_cells(line: str, separator: str) -> list[str]:
    """The cells of a line."""
    [cells] = csv.reader([line], delimiter=separator) if line else [[]]
    return cells


def _count_names(header: str, separator: str) -> int:
    """How many schema names a header has, if it is separated by a character."""
    cells = split_cells(header, separator)
    is_certain = len(cells) > 1 and all(map(is_plain, cells))
    return len(cells) if is_certain else header.count(separator)
