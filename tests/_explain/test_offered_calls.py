"""What a message says to write instead is a call that works and means the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from leadquery import Leads, QueryError, periods as untyped
from leadquery._explain.aliases import FIELD_ALIASES, QUERY_ALIASES
from tests._explain.table import built, corrected, run

# Untyped: a type checker would refuse these calls before they run.
periods: Any = untyped


@pytest.mark.parametrize(
    ("call", "offered"),
    [
        (lambda: periods.month("2026-01"), "month(2026, 1)"),
        (lambda: periods.month(date(2026, 3, 1)), "month(2026, 3)"),
        (lambda: periods.month(years=2026, month=3), "month(2026, 3)"),
        (lambda: periods.day(y=2026, d=2, m=1), "day(2026, 1, 2)"),
        (lambda: periods.day("2026-03-01", "Asia/Kolkata"), "day(2026, 3, 1, tz='Asia/Kolkata')"),
        (lambda: periods.month(2026, 1, "Asia/Kolkata"), "month(2026, 1, tz='Asia/Kolkata')"),
        (lambda: periods.today(timezone="Asia/Kolkata"), "today(tz='Asia/Kolkata')"),
        (lambda: periods.week(2026, w=3), "week(2026, 3)"),
        (lambda: periods.last_days(days=7), "last_days(7)"),
        (lambda: periods.last_week("Asia/Kolkata"), "last_week(tz='Asia/Kolkata')"),
        (lambda: periods.last_week(start="sunday"), "last_week(week_starts='sunday')"),
        (
            lambda: periods.last_week("sunday", zone="UTC"),
            "last_week(tz='UTC', week_starts='sunday')",
        ),
        (
            lambda: periods.since("2026-01-01", timezone="Asia/Kolkata"),
            "since('2026-01-01', tz='Asia/Kolkata')",
        ),
    ],
)
def test_a_wrong_call_of_a_period_is_corrected(call: Callable[[], object], offered: str) -> None:
    with pytest.raises(QueryError) as caught:
        call()

    assert str(caught.value).splitlines()[0].endswith(f"; write {offered}")
    eval(offered, vars(untyped) | {name: getattr(untyped, name) for name in dir(untyped)})


@pytest.mark.parametrize(
    ("call", "parameters"),
    [
        # No argument takes a weekday.
        (lambda: periods.week(2026, 1, week_starts="sunday"), "week(year, week, tz=...)"),
        (lambda: periods.today(week_starts="monday"), "today(tz=..., now=...)"),
        # Weeks are not days, and April is not the fourth quarter.
        (lambda: periods.last_days(weeks=2), "last_days(n, tz=..., now=...)"),
        (lambda: periods.quarter("2026-04"), "quarter(year, quarter, tz=...)"),
        (lambda: periods.quarter(date(2026, 4, 1)), "quarter(year, quarter, tz=...)"),
        (lambda: periods.month(2026, 1, "Asia/Kolkatta"), "month(year, month, tz=...)"),
        (lambda: periods.month(5, 5, 5), "month(year, month, tz=...)"),
        (lambda: periods.today("2026-01-01"), "today(tz=..., now=...)"),
    ],
)
def test_parameters_are_shown_where_no_correction_is_certain(
    call: Callable[[], object], parameters: str
) -> None:
    with pytest.raises(QueryError) as caught:
        call()

    assert str(caught.value).splitlines()[0].endswith(f"; write {parameters}")


def corrected_query(source: str) -> Any:
    """What the corrected line builds; None if no line is offered."""
    with pytest.raises(QueryError) as caught:
        run(source)
    if caught.value.suggested_edit is None:
        return None
    return built(run(corrected(source, caught.value)))


ARGUMENTS = {
    "where": "Score < 5",
    "select": '"Phone"',
    "group_by": "OwnerId",
    "page": "2, 50",
    "owned_by": '"ann@example.com"',
    "created_in": "periods.month(2026, 3)",
    "modified_in": "periods.month(2026, 3)",
    "modified_between": '"2026-03-01", "2026-03-02"',
    "created_since": '"2026-03-01", now="2026-03-15"',
    "modified_since": '"2026-03-01", now="2026-03-15"',
    "average": "Score",
    "sum": "Score",
    "aggregate": "Score.max()",
    "order_by": "Score",
}
STATES = {
    "average": "Leads.group_by(OwnerId)",
    "sum": "Leads.group_by(OwnerId)",
    **dict.fromkeys(["to_payload", "to_json", "order_by"], 'Leads.select("Phone")'),
}


@pytest.mark.parametrize(("alias", "method"), QUERY_ALIASES.items())
def test_an_alias_of_a_method_does_what_the_method_does(alias: str, method: str) -> None:
    query, arguments = STATES.get(method, "Leads"), ARGUMENTS.get(method, "")
    line = f"query = {query}.{{}}({arguments})"

    if method == "to_json":
        line = f"answer = {query}.{{}}()"
    assert corrected_query(line.format(alias)) == built(run(line.format(method)))


VALUES = {"between": "10, 20", "is_in": '["a", "b"]', "~is_in": '["a", "b"]', "like": '"%a%"'}
NO_VALUES = ("has_data", "has_no_data")


AGGREGATES = {"average", "count_distinct", "max", "min", "sum"}
ORDERS = {"asc", "desc"}
OPERATORS = {a: name for a, name in FIELD_ALIASES.items() if name not in AGGREGATES | ORDERS}


@pytest.mark.parametrize("alias", sorted(FIELD_ALIASES.keys() - OPERATORS.keys()))
def test_an_alias_of_an_aggregate_does_what_the_aggregate_does(alias: str) -> None:
    line = "query = Leads.aggregate(Score.{}())"
    if FIELD_ALIASES[alias] in ORDERS:
        line = 'query = Leads.select("Phone").order_by(Score.{}())'

    assert corrected_query(line.format(alias)) == built(run(line.format(FIELD_ALIASES[alias])))


@pytest.mark.parametrize(("alias", "name"), OPERATORS.items())
def test_an_alias_of_an_operator_does_what_the_operator_does(alias: str, name: str) -> None:
    field = "Score" if name in ("<", "<=", ">", ">=", "between") else "Source"
    value = "" if name in NO_VALUES else VALUES.get(name, "5" if field == "Score" else '"a"')
    call = f"{field}.{name}({value})"
    if name == "like":
        call = f'{field}.contains("a")'
    elif not name.isidentifier():
        call = f"~{field}.is_in({value})" if name[0] == "~" else f"{field} {name} {value}"

    assert corrected_query(f"condition = {field}.{alias}({value})") == built(
        run(f"condition = {call}")
    )


@pytest.mark.parametrize(
    "name",
    [
        "mode",
        "quantile",
        "std",
        "var",
        "percentile",
        "reject",
        "exclude",
        "where_not",
        "not_where",
        "filter_not",
        "or_where",
        "where_null",
        "without",
        "union",
        "union_all",
        "join",
        "concat",
        "merge",
        "with_columns",
        "with_column",
        "created_before",
        "created_after",
        "created_until",
        "created_to",
        "created_not_in",
        "created_not_between",
        "modified_before",
        "modified_after",
        "modified_until",
        "created_within",
        "created_year",
        "created_month",
        "owned_by_not",
        "not_owned_by",
        "without_owner",
        "unowned",
        "ungroup",
        "unselect",
        "deselect",
        "unpaged",
        "pages",
        "group_by_owner",
        "explain",
        "show",
        "to_list",
        "describe_stats",
        "select_all",
        "first",
        "one",
    ],
)
@pytest.mark.parametrize("state", ["Leads", "Leads.group_by(OwnerId)", 'Leads.select("Phone")'])
def test_no_other_method_is_offered_for_a_name_with_a_meaning(name: str, state: str) -> None:
    arguments = '"2026-01-01"' if name.startswith(("created", "modified")) else "Score"
    with pytest.raises(QueryError) as caught:
        run(f"query = {state}.{name}({arguments})")

    assert caught.value.suggested_edit is None
    assert "did you mean" not in str(caught.value)


@pytest.mark.parametrize(
    "name",
    [
        "contains_not",
        "contains_any",
        "contains_none",
        "not_between",
        "between_not",
        "is_not_between",
        "has_data_not",
        "hasnt_data",
        "has_any_data",
        "without_data",
        "not_during",
        "during_not",
        "not_like",
        "contains_all",
        "not_missing",
        "median",
        "count",
        "unique",
    ],
)
@pytest.mark.parametrize("field", ["Source", "Score", "CreatedOn"])
def test_no_other_operator_is_offered_for_a_name_with_a_meaning(name: str, field: str) -> None:
    with pytest.raises(QueryError) as caught:
        run(f'condition = {field}.{name}("a")')

    assert caught.value.suggested_edit is None
    assert f"{field}.contains(" not in str(caught.value)


@pytest.mark.parametrize(
    "name",
    [
        "next_month",
        "last_decade",
        "tomorrow",
        "last_weekend",
        "this_hour",
        "next_7_days",
        "last_weeks",
    ],
)
def test_no_other_period_is_offered(name: str) -> None:
    with pytest.raises(QueryError) as caught:
        run(f"query = Leads.created_in(periods.{name}())")

    assert caught.value.suggested_edit is None


@pytest.mark.parametrize(
    ("name", "condition"),
    [
        ("created_before", "CreatedOn < ..."),
        ("created_until", "CreatedOn <= ..."),
        ("modified_after", "ModifiedOn > ..."),
        ("updated_to", "ModifiedOn <= ..."),
    ],
)
def test_a_range_with_one_end_is_a_condition(name: str, condition: str) -> None:
    with pytest.raises(QueryError) as caught:
        getattr(Leads, name)

    assert f"a query has no .{name}: write .where({condition})" in str(caught.value)


@pytest.mark.parametrize(
    ("third", "offered"),
    [
        ("Asia/Kolkata", "created_between(start, end, tz='Asia/Kolkata')"),
        ("2026-03-31", "created_between(start, end, tz=...)"),
    ],
)
def test_a_third_value_of_a_range_is_offered_as_its_zone(third: str, offered: str) -> None:
    """If it is one."""
    leads: Any = Leads
    with pytest.raises(QueryError) as caught:
        leads.created_between("2026-03-01", "2026-03-31", third)

    assert str(caught.value).splitlines()[0].endswith(f"; write {offered}")
