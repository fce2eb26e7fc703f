"""The page of benchmarks shows the last run."""

from __future__ import annotations

from functools import partial
from typing import Final

import pytest

from .page import PAGE, last_run, page
from .race import Lap, Table, Work, laps, race

RUN: Final = {"day": "2026-11-03", "python": "3.11", "machine": "a", "versions": {}}


def test_the_page_is_of_the_last_run() -> None:
    assert PAGE.read_text("utf-8") == page(last_run())


def test_a_ratio_is_of_one_round() -> None:
    """A round in which everything is slow changes none of the ratios."""
    even = laps({"ours": [1.0, 1.0, 1.0], "theirs": [2.0, 2.0, 2.0]})
    slow = laps({"ours": [1.0, 9.0, 1.0], "theirs": [2.0, 18.0, 2.0]})

    assert even == slow == [Lap("ours", 1, 1, 1, 1), Lap("theirs", 2, 2, 2, 2)]


def test_the_spread_is_that_of_the_quartiles() -> None:
    [_, theirs] = laps({"ours": [1.0] * 5, "theirs": [5.0, 1.0, 3.0, 2.0, 4.0]})

    assert theirs == Lap("theirs", seconds=3, ratio=3, low=2, high=4)


def test_each_is_called_in_every_round() -> None:
    """And starts a round as often as the others."""
    order: list[str] = []
    runners: dict[str, Work] = {name: partial(order.append, name) for name in "abc"}

    found = race(runners, rounds=3, turn=0)

    assert order == [*"aabbcc", *"abc", *"bca", *"cab"]
    assert [lap.name for lap in found] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("seconds", "ratio", "formatted"),
    [
        (2.5, 0.5, "2.50 s | 0.50 |"),
        (0.9996, 0.996, "1.00 s | 1.0 |"),
        (0.0999, 9.94, "99.9 ms | 9.9 |"),
        (0.001, 9.96, "1.00 ms | 10 |"),
        (0.000_999, 250.4, "999 µs | 250 |"),
        (0.000_001_23, 1.04, "1.23 µs | 1.0 |"),
    ],
)
def test_figures_are_rounded(seconds: float, ratio: float, formatted: str) -> None:
    """To the significant digits."""
    lap = {"name": "theirs", "seconds": seconds, "ratio": ratio, "low": 0.1, "high": 300.0}
    contest = {"title": "Work", "description": "What.", "rounds": 9, "laps": [lap]}

    text = page({**RUN, "contests": [contest]})

    assert f"| theirs | {formatted} 0.10 to 300 |\n" in text
    assert "Measured on 3 November 2026 with Python 3.11 (a)." in text


def test_a_table_has_its_own_columns() -> None:
    table = Table(
        "Work",
        "What.",
        {"time": "s", "ratio": "ratio", "speed": "rows/s", "memory": "MB", "calls": ""},
        {"leadquery": [0.5, 1.0, 12_345.6, 99.96, 7], "a loop": [2.5, 5.01, 0.0, None, 1_000]},
    )

    text = page({**RUN, "contests": [table._asdict()]})

    assert (
        """\
## Work

What.

| | time | ratio | speed | memory | calls |
|---|--:|--:|--:|--:|--:|
| leadquery | 500 ms | 1.0 | 12,300 rows/s | 100 MB | 7 |
| a loop | 2.50 s | 5.0 | 0 rows/s | - | 1,000 |
"""
        in text
    )
