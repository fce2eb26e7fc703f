"""The processor time that an explanation takes in a long file."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Note
from .fresh import Python

FILLING = """
def report_{0}(title, *columns, most=({0}, [1, 2])):
    '''A function ( that holds brackets ) {{ and '"quotes"' of all kinds.'''
    rows = {{"title": f"{{title}}: {{most[0]}}", 'columns': [*columns]}}  # {0} columns
    return rows if title else None
"""
MISUSE = """
def timed():
    start = process_time()
    try:
        Leads.where(
            Score < 5
            and Source == "Web"  # from the web
        )
    except ValueError as error:
        took = process_time() - start
        assert error.suggested_edit is not None
    return took


print(timed(), min(timed() for _ in range(20)))
"""
IMPORTS = """
from time import process_time

from leadquery import Leads
from leadquery.fields import Score, Source
"""


@pytest.mark.parametrize("lines", [20, 5_000, 50_000])
def test_misuse_in_a_file(lines: int, tmp_path: Path, note: Note) -> None:
    """The first error of a program, which loads `_explain`, and the next."""
    count = lines // (FILLING.count("\n"))
    text = IMPORTS + "".join(map(FILLING.format, range(count))) + MISUSE
    (tmp_path / "big.py").write_text(text, "utf-8")
    python = Python(tmp_path)
    line = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import big"
    python.run(line)
    first, later = min(tuple(map(float, python.run(line).split())) for _ in range(5))
    note(f"a error in {lines:,} lines", f"{first * 1e3:6.1f} ms, the next {later * 1e3:6.1f} ms")
