"""The page of benchmarks shows the last run."""

from __future__ import annotations

from functools import partial
from typing import Final

import pytest

from leadquery import Leads
from leadquery.fields import OwnerId, ProspectStage, Score, mx_City

from .growth import Curve, Growth, measured, sizes
from .page import PAGE, last_run, page
from .planner import naive_requests
from .profiles import Work, functions, imports
from .race import Lap, Table, laps, race
from .targets import TARGETS, figures, missed

RUN: Final = {"day": "2026-11-03", "python": "3.11", "machine": "a", "versions": {}, "growth": []}


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
### Work

What.

| | time | ratio | speed | memory | calls |
|---|--:|--:|--:|--:|--:|
| leadquery | 500 ms | 1.0 | 12,300 rows/s | 100 MB | 7 |
| a loop | 2.50 s | 5.0 | 0 rows/s | - | 1,000 |
"""
        in text
    )


def test_a_target_is_beside_its_figure() -> None:
    laps = [
        {"name": "leadquery", "seconds": 6e-6, "ratio": 1, "low": 1, "high": 1},
        {"name": "pydantic", "seconds": 4e-6, "ratio": 0.65, "low": 0.6, "high": 0.7},
    ]
    contest = {"title": "Check a valid object", "description": "", "rounds": 9, "laps": laps}
    columns = {"processor time": "s"}
    load = {"title": "Load 1,000,000 leads into the mock API", "columns": columns}
    table = {**load, "description": "", "rows": {"Emulator(leads)": [10.1]}}
    assert missed(table)
    profiled = {**table, "profile": {"insert (leadquery/emulator/store.py)": 0.514}}

    text = page({**RUN, "contests": [contest, profiled]})

    assert (
        "| Check a valid object, beside pydantic | at most 1.5 | 1.5 | met |\n"
        "| Load 1,000,000 leads into the mock API | at most 10.0 s | 10.1 s | **missed** |\n"
        in text
    )
    left = text.partition("## What is left")[2].partition("## At a glance")[0]
    assert "\n**Load 1,000,000 leads into the mock API.** SQLite" in left
    assert "insert (leadquery/emulator/store.py) 51%." in " ".join(left.split())
    assert "pydantic.**" not in left
    assert "| Check a valid object | 6.00 µs | pydantic 0.65 |  |\n" in text
    assert not missed(contest)


@pytest.mark.parametrize(
    ("figure", "is_met"), [(0.5, False), (0.894, False), (0.896, True), (0.9, True), (2.0, True)]
)
def test_a_target_may_be_a_least_figure(figure: float, is_met: bool) -> None:
    """Rounded as the page shows it."""
    [target, *_] = [one for one in TARGETS if one.at_least]

    assert target.is_met(figure) is is_met


def test_every_target_has_a_figure() -> None:
    """In the last run."""
    assert [target for target, _ in figures(last_run()["contests"])] == [*TARGETS]


def test_the_curves_that_end_highest_are_named() -> None:
    curves = {f"cost {n}": [[1, 0.001], [10, 0.001 * n], [100, 0.01 * n]] for n in range(1, 8)}
    growth = {"name": "work", "title": "Size", "description": "What.", "unit": "rows"}

    text = page({**RUN, "contests": [], "growth": [{**growth, "curves": curves}]})

    assert (
        """\
### Size

What.

![Time by rows](../pictures/growth-work.svg)

| | rows | time | rows | time | exponent |
|---|--:|--:|--:|--:|--:|
| cost 7 | 1 | 1.00 ms | 100 | 70.0 ms | 1.0 |
| cost 6 | 1 | 1.00 ms | 100 | 60.0 ms | 1.0 |
"""
        in text
    )
    assert "| cost 3 | 1 | 1.00 ms | 100 | 30.0 ms | 1.0 |\n| each of 2 others | | | 100 |" in text
    assert "| up to 20.0 ms | up to 1.0 |\n" in text


def test_growth_is_measured_up_to_a_share_of_the_sizes() -> None:
    made: list[int] = []

    def make(size: int) -> Work:
        made.append(size)
        return lambda: None

    found = measured(Growth("work", "Size", "What.", "rows", [Curve("one", sizes(100), make)]), 0.1)

    assert made == [1, 10]
    assert [size for size, _ in found["curves"]["one"]] == [1, 10]


def test_a_naive_plan_repeats_what_it_is_asked() -> None:
    """For each combination of conditions, each value of the smaller key, and each aggregate."""
    either = (mx_City == "Delhi") | (Score > 80)
    rows = [{"OwnerId": owner, "ProspectStage": stage} for owner in "ab" for stage in "xyz"]
    query = Leads.where(either).group_by(OwnerId, ProspectStage)

    assert naive_requests(Leads.group_by(OwnerId).count(), rows) == 1
    assert naive_requests(Leads.where(either).group_by(OwnerId).count(), rows) == 3
    assert naive_requests(query.count(), rows) == 3 * (2 + 1)
    assert naive_requests(query.average(Score), rows) == 3 * (2 * 2 + 1)
    assert naive_requests(Leads.where(either, either).group_by(OwnerId).count(), rows) == 3
    assert naive_requests(Leads.group_by(OwnerId).aggregate(Score.median()), rows) is None


def test_a_profile_names_the_functions_that_take_most_time() -> None:
    shares = functions(lambda: sum(range(100_000)))

    assert max(shares, key=lambda name: shares[name]) == "sum"


def test_a_profile_names_the_packages_that_are_imported() -> None:
    shares = imports(["-c", "import attrs"])

    assert sum(shares.values()) == pytest.approx(1)
    assert {"attr", "the standard library"} < {*shares}
