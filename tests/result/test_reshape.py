"""Columns by name, and results sorted, cut and pivoted."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from leadquery import Client, Leads, Result, count
from leadquery.emulator import Emulator
from leadquery.errors import QueryError
from leadquery.fields import CreatedOn, OwnerId, ProspectStage, Score
from leadquery.result.render import bar_columns

ROWS = (
    {"OwnerId": "b", "Count": 7, "Average_Score": None},
    {"OwnerId": "A", "Count": 9, "Average_Score": 2.5},
    {"OwnerId": None, "Count": 7, "Average_Score": 10.0},
)
GROUPS = Result(ROWS, 30, grouped=True)


def client() -> Client:
    """A client of demo leads."""
    return Client("api.example.com", "key", "secret", Emulator.demo(300).session())


def test_a_column_is_the_list_of_its_values() -> None:
    assert GROUPS["Count"] == [7, 9, 7]
    assert GROUPS[OwnerId] == ["b", "A", None]
    assert GROUPS[count()] == [7, 9, 7]
    assert GROUPS[Score.average()] == [None, 2.5, 10.0]


def test_a_column_that_some_rows_lack() -> None:
    assert Result(({"A": 1}, {"B": 2}), 2)["A"] == [1, None]


@pytest.mark.parametrize(
    ("column", "hint"),
    [
        ("Cuont", "'Cuont'; the nearest is 'Count'"),
        ("average_score", "'average_score'; the nearest is 'Average_Score'"),
        (Score, "'Score'; it has 'OwnerId', 'Count', 'Average_Score'"),
        (CreatedOn.month(), "'CreatedOn_month'; it has 'OwnerId', 'Count', 'Average_Score'"),
        (("Count",), "('Count',); it has 'OwnerId', 'Count', 'Average_Score'"),
    ],
)
def test_an_unknown_column(column: Any, hint: str) -> None:
    with pytest.raises(QueryError) as caught:
        GROUPS[column]

    assert str(caught.value) == f"the result has no column {hint}"


def test_a_result_without_columns() -> None:
    with pytest.raises(QueryError, match="no column 'A'; it has none"):
        Result((), 0)["A"]


@pytest.mark.parametrize(
    ("by", "descending", "owners"),
    [
        (["OwnerId"], False, ["A", "b", None]),
        ([OwnerId], True, ["b", "A", None]),
        (["Average_Score"], False, ["A", None, "b"]),
        ([Score.average()], True, [None, "A", "b"]),
        (["Count"], False, ["b", None, "A"]),
        (["Count"], True, ["A", "b", None]),
        ([count().desc()], False, ["A", "b", None]),
        ([count(), OwnerId.desc()], False, ["b", None, "A"]),
        ([count().desc(), "Average_Score"], True, ["A", None, "b"]),
    ],
)
def test_sorting(by: list[Any], descending: bool, owners: list[Any]) -> None:
    """No data is last, equal rows keep their order, letter case does not count."""
    result = GROUPS.sort(*by, descending=descending)

    assert result["OwnerId"] == owners
    assert (result.total, result.grouped) == (30, True)


def test_times_are_sorted_as_moments() -> None:
    """Also those that a clock shows twice."""
    berlin = ZoneInfo("Europe/Berlin")
    moments = [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (1, 0, 2)]
    result = Result(tuple({"A": moment} for moment in moments), 3).tz_convert("Europe/Berlin")

    found = result.sort("A")["A"]

    assert [value.astimezone(UTC) for value in found] == sorted(moments)
    assert [value.tzinfo for value in found] == [berlin] * 3


@pytest.mark.parametrize(("descending", "values"), [(False, [1.5, 2, 3]), (True, [3, 2, 1.5])])
def test_nan_is_no_data(descending: bool, values: list[float]) -> None:
    result = Result(tuple({"A": value} for value in (2, float("nan"), 3, None, 1.5)), 5)

    *numbers, first, second = result.sort("A", descending=descending)["A"]

    assert numbers == values
    assert is_missing(first)
    assert is_missing(second)


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(10**400, 10**401),
    st.floats(),
    st.text(max_size=3),
    st.dates(),
    st.datetimes(),
    st.datetimes(timezones=st.just(UTC)),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=1), st.integers(), max_size=1),
)


def is_missing(value: object) -> bool:
    return value is None or value != value


@given(st.lists(VALUES), st.booleans())
def test_values_of_any_types_are_sorted(values: list[Any], descending: bool) -> None:
    """None are lost, and what is no data is last. Numbers and dates are in their order."""
    result = Result(tuple({"A": value} for value in values), len(values), ("A",))

    found = result.sort("A", descending=descending)["A"]

    assert sorted(map(repr, found)) == sorted(map(repr, values))
    missing = [is_missing(value) for value in found]
    assert missing == sorted(missing)
    for types in ((int, float), (date,)):
        some = [
            one
            for one in found
            if isinstance(one, types) and not isinstance(one, datetime) and not is_missing(one)
        ]
        assert some == sorted(some, reverse=descending)


def test_sorting_by_nothing() -> None:
    with pytest.raises(QueryError, match=r"sort\(\) names no column; write sort\('Score'\)"):
        GROUPS.sort()


def test_the_greatest_rows() -> None:
    assert GROUPS.top(2)["OwnerId"] == [None, "A"]
    assert GROUPS.top(2, count())["OwnerId"] == ["A", "b"]
    assert GROUPS.top(9).total == 30
    dates = Result(({"A": date(2026, 1, 1)}, {"A": date(2026, 1, 2)}), 2)
    assert dates.top(1, "A")["A"] == [date(2026, 1, 2)]


@pytest.mark.parametrize("n", [0, -1, 2.0, True, None])
def test_a_number_of_rows_that_is_none(n: Any) -> None:
    with pytest.raises(QueryError) as caught:
        GROUPS.top(n)

    assert str(caught.value) == f"top({n!r}) is not a number of rows; write top(10)"


def test_the_greatest_of_no_numbers() -> None:
    with pytest.raises(QueryError) as caught:
        Result(({"A": "x"},), 1).top(3)

    assert str(caught.value) == (
        "the result has no column of numbers; name one, as in top(10, 'CreatedOn')"
    )


def test_a_result_of_two_keys_is_pivoted() -> None:
    """Rows and columns of text come as they do in the result."""
    rows = (
        {"Stage": "New", "Source": "Web", "Count": 3},
        {"Stage": "New", "Source": None, "Count": 1},
        {"Stage": None, "Source": "Ads", "Count": 2},
    )
    result = Result(rows, 3, grouped=True)

    table = result.pivot()

    assert table.columns == ("Stage", "Web", "(no data)", "Ads")
    assert [tuple(row.values()) for row in table] == [("New", 3, 1, None), (None, None, None, 2)]
    assert (table.total, table.grouped) == (2, True)
    assert result.pivot(columns="Stage").columns == ("Source", "New", "(no data)")
    assert result.pivot(index="Source") == result.pivot(columns="Stage")


def test_columns_of_months_are_in_their_order() -> None:
    months = [date(2026, 3, 1), date(2026, 1, 1), None]
    rows = tuple({"A": "x", "Month": month, "Count": n} for n, month in enumerate(months))

    table = Result(rows, 3).pivot("A", "Month")

    assert table.columns == ("A", "2026-01-01", "2026-03-01", "(no data)")
    assert table[0] == {"A": "x", "2026-01-01": 1, "2026-03-01": 0, "(no data)": 2}


def test_a_pivoted_result_of_a_client() -> None:
    query = Leads.group_by(CreatedOn.quarter(), ProspectStage).count()
    result = client().run(query)

    table = result.pivot()

    counts = {(row["CreatedOn_quarter"], row["ProspectStage"]): row["Count"] for row in result}
    assert table.columns[1:] == tuple(dict.fromkeys(result[ProspectStage]))
    for row in table:
        for stage in table.columns[1:]:
            assert row[stage] == counts.get((row["CreatedOn_quarter"], stage))
    assert str(table.to_polars().schema["Lead"]) == "Int64"
    assert (bar_columns(result), bar_columns(table)) == (["Count"], [])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {},
            (
                "pivot() needs a result of two group keys; name two columns, as in "
                "pivot(index=..., columns=...), of 'OwnerId', 'Count', 'Average_Score'"
            ),
        ),
        (
            {"index": "OwnerId", "columns": "OwnerId"},
            "index, columns and values are three columns; write another for one",
        ),
        (
            {"index": "Count", "columns": "Average_Score", "values": "Ownr"},
            "the result has no column 'Ownr'; the nearest is 'OwnerId'",
        ),
        (
            {"index": "Count", "columns": "Average_Score"},
            "the result has no column of numbers; name one, as in pivot(values='CreatedOn')",
        ),
    ],
)
def test_results_that_are_not_pivoted(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(QueryError) as caught:
        GROUPS.pivot(**arguments)

    assert str(caught.value) == message


def test_a_pair_of_two_rows_is_not_pivoted() -> None:
    rows = ({"A": "x", "B": "y", "N": 1}, {"A": "x", "B": "y", "N": 2})
    with pytest.raises(QueryError) as caught:
        Result(rows, 2).pivot("A", "B")

    assert str(caught.value) == (
        "two rows have 'A': 'x' and 'B': 'y'; pivot a result with one row for each pair"
    )


def test_the_key_that_makes_two_rows_of_a_pair_is_named() -> None:
    rows = tuple({"A": None, "B": None, "C": one, "N": 1} for one in "xy")
    with pytest.raises(QueryError) as caught:
        Result(rows, 2).pivot("A", "B", "N")

    assert str(caught.value) == (
        "two rows have 'A': None and 'B': None; they differ in 'C': leave it out of the query, "
        "or name it in pivot(...)"
    )


@pytest.mark.parametrize("key", ["-N", "N desc", "N DESC"])
def test_a_direction_in_the_name_of_a_column_is_corrected(key: str) -> None:
    with pytest.raises(QueryError, match=r"write sort\('N', descending=True\)"):
        Result(({"N": 1}, {"N": 2}), 2).sort(key)


@pytest.mark.parametrize("values", [("A", "x"), (1, "1"), (None, "(no data)")])
def test_two_columns_of_one_name(values: tuple[Any, Any]) -> None:
    rows = tuple({"A": n, "B": value, "N": 1} for n, value in enumerate(values))
    with pytest.raises(QueryError, match="two columns would have the name"):
        Result(rows, 2).pivot("A", "B")


def test_true_and_1_are_two_rows() -> None:
    rows = ({"A": True, "B": "x", "N": 1}, {"A": 1, "B": "x", "N": 2}, {"A": [1], "B": "x", "N": 3})

    assert Result(rows, 3).pivot("A", "B")["x"] == [1, 2, 3]
