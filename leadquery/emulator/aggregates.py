"""Sums and averages for SQLite: exact, so that the order of the rows does not matter."""

from __future__ import annotations

import sqlite3
from fractions import Fraction
from math import fsum
from typing import Any, Final

SUM: Final = "exact_sum"

AVERAGE: Final = "exact_average"


def register(connection: sqlite3.Connection) -> None:
    """Make both known to a database. They take the texts of numbers."""
    connection.create_aggregate(SUM, 1, Sum)
    connection.create_aggregate(AVERAGE, 1, Average)


Result = Any
"""A number or None; the stub of sqlite3 knows whole numbers only."""


class Sum:
    """The sum of the numbers there are; None where there are none, or for no finite number."""

    def __init__(self) -> None:
        self._numbers: list[float] = []

    def step(self, text: Any) -> None:
        if text is not None:
            self._numbers.append(float(text))

    def finalize(self) -> Result:
        return self._over(1) if self._numbers else None

    def _over(self, count: int) -> float | None:
        try:
            return fsum(self._numbers) / count
        except OverflowError:
            pass
        try:
            return float(sum(map(Fraction, self._numbers)) / count)
        except OverflowError:
            return None


class Average(Sum):
    """The average of the numbers there are."""

    def finalize(self) -> Result:
        return self._over(len(self._numbers)) if self._numbers else None
