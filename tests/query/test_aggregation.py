"""Queries that one request cannot carry: what they are, and what they refuse."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from leadquery import Leads, count as untyped_count, periods, users
from leadquery.errors import (
    FrozenError,
    QueryError,
    UnknownNameError,
    UnsupportedQueryError,
    UsageError,
)
from leadquery.expr import BaseField
from leadquery.expr.aggregate import aggregates_in, has_dates
from leadquery.expr.group_key import Bins, DateBucket, key_field, key_name
from leadquery.fields import (
    CreatedOn as TypedCreatedOn,
    Date,
    Field,
    LastVisitDate,
    Number,
    OwnerId,
    OwnerIdName,
    Phone as TypedPhone,
    Revenue,
    Score as TypedScore,
    Source as TypedSource,
    Text,
)
from leadquery.query.aggregation import as_aggregation, reason_for_plan, result_columns
from leadquery.wire.model import AggregateOutput
from tests.plain import plain

# Untyped: a type checker would refuse many of these calls before they run.
count: Any = untyped_count
CreatedOn: Any = TypedCreatedOn
Phone: Any = TypedPhone
Score: Any = TypedScore
Source: Any = TypedSource

JANUARY, FEBRUARY = periods.month(2026, 1), periods.month(2026, 2)
BY_OWNER: Any = Leads.group_by(OwnerId)
ALL: Any = Leads
COUNTED: Any = BY_OWNER.count()
COMPARED: Any = COUNTED.compare(JANUARY, FEBRUARY, on=CreatedOn)
LIST: Any = Leads.select(Phone)


class Unnamed(tzinfo):
    """A time zone without a name or a fixed offset."""

    def utcoffset(self, dt: datetime | None) -> timedelta:
        return timedelta(hours=1)

    dst = utcoffset

    def tzname(self, dt: datetime | None) -> str:
        return "unnamed"

    def __repr__(self) -> str:
        return "Unnamed()"


def test_what_one_request_computes_is_one_request() -> None:
    both = BY_OWNER.aggregate(count(), Score.average())

    assert both == BY_OWNER.average(Score)
    assert both.to_json() == BY_OWNER.average(Score).to_json()
    assert BY_OWNER.aggregate(count(), Score.sum()) == BY_OWNER.sum(Score)
    assert BY_OWNER.aggregate(count()) == COUNTED
    assert isinstance(both.output, AggregateOutput)


@pytest.mark.parametrize(
    "query",
    [
        BY_OWNER.aggregate(Score.average()),
        BY_OWNER.aggregate(Score.average(), count()),
        BY_OWNER.aggregate(n=count()),
        BY_OWNER.aggregate(count(), Score.max()),
        Leads.count(),
        Leads.group_by(CreatedOn.month()).count(),
        Leads.group_by(OwnerId, Source).count(),
        COUNTED.having(count() > 5),
        COUNTED.order_by(OwnerId),
        LIST.limit(5),
        COMPARED,
    ],
    ids=repr,
)
def test_anything_else_is_not(query: Any) -> None:
    assert not query.is_one_request


def test_columns_have_the_names_of_the_api_or_of_keywords() -> None:
    query = Leads.group_by(OwnerId, CreatedOn.month(), Score.bins(5)).aggregate(
        count(), Score.quantile(0.9), top=Score.max()
    )

    assert result_columns(query) == (
        *("OwnerId", "CreatedOn_month", "Score_bin"),
        *("Count", "Quantile_0.9_Score", "top"),
    )
    assert as_aggregation(COUNTED.output).columns == ("OwnerId", "Count")
    assert as_aggregation(BY_OWNER.sum(Score).output).columns == ("OwnerId", "Count", "Sum_Score")


def test_a_comparison_has_four_columns_for_each_aggregate() -> None:
    names = result_columns(COMPARED.with_owner_names())

    assert names == (
        *("OwnerId", "OwnerIdName"),
        *("Count_before", "Count_after", "Count_change", "Count_change_pct"),
    )


@pytest.mark.parametrize("keys", [(OwnerId, Source), (CreatedOn.month(),)], ids=repr)
def test_functions_of_several_keys_are_aggregates(keys: tuple[Any, ...]) -> None:
    grouped = Leads.group_by(*keys)

    assert grouped.count() == grouped.aggregate(count())
    assert grouped.average(Score) == grouped.aggregate(count(), Score.average())
    assert grouped.sum("mx_x") == grouped.aggregate(count(), Field("mx_x").sum())


def test_leads_without_groups_are_one_row() -> None:
    assert Leads.count() == Leads.aggregate(count())
    assert Leads.average(Score) == Leads.aggregate(Score.average())
    assert Leads.sum("mx_x") == Leads.aggregate(Field("mx_x").sum())


def test_a_limit_is_the_smallest() -> None:
    assert LIST.limit(5).limit(9) == LIST.limit(5)
    assert LIST.limit(9).limit(5) == LIST.limit(5)


def test_conditions_and_orders_add_up() -> None:
    assert COUNTED.having(count() > 5).having(count() < 9) == COUNTED.having(
        count() > 5, count() < 9
    )
    assert COUNTED.having(count() > 5, count() > 5) == COUNTED.having(count() > 5)
    assert COUNTED.order_by(OwnerId).order_by("Count") == COUNTED.order_by(OwnerId, "Count")


def test_names_of_owners_are_a_column_of_a_list() -> None:
    assert Leads.select(OwnerId, Phone).with_owner_names() == Leads.select(
        OwnerId, OwnerIdName, Phone
    )
    query = Leads.select(OwnerIdName, OwnerId)
    assert query.with_owner_names() == query
    assert COUNTED.with_owner_names().order_by("OwnerId").limit(3).describe() == (
        "Number of leads per OwnerId, of all leads, with the names of owners, "
        "sorted by OwnerId, the first 3 rows."
    )
    assert query.order_by(OwnerIdName).describe().endswith("sorted by OwnerIdName.")


def test_a_day_is_a_range() -> None:
    """As for fields; an end lasts until the last second."""
    latest = LastVisitDate.max()

    assert repr(latest == "2026-01-31") == (
        '(LastVisitDate.max() >= "2026-01-31 00:00:00") & '
        '(LastVisitDate.max() <= "2026-01-31 23:59:59")'
    )
    assert repr(latest != "2026-01-31") == (
        '(LastVisitDate.max() < "2026-01-31 00:00:00") | '
        '(LastVisitDate.max() > "2026-01-31 23:59:59")'
    )
    assert repr(latest > "2026-01-31") == 'LastVisitDate.max() > "2026-01-31 23:59:59"'
    assert repr(latest >= datetime(2026, 1, 31, tzinfo=UTC)) == (
        'LastVisitDate.max() >= "2026-01-31 00:00:00"'
    )


def test_an_untyped_field_is_compared_with_both() -> None:
    latest: Any = Field("mx_x").max()

    assert repr(latest > "2026-01-31") == 'Field("mx_x").max() > "2026-01-31 23:59:59"'
    assert repr(latest > 5) == 'Field("mx_x").max() > 5'
    assert not has_dates(latest)
    assert has_dates(CreatedOn.min())
    assert not has_dates(Score.min())


@pytest.mark.parametrize(
    ("value", "text"), [(Decimal("0.50"), "0.5"), (5.0, "5"), (1e22, str(10**22)), (-0.0, "0")]
)
def test_numbers_are_plain(value: Any, text: str) -> None:
    assert repr(count() >= value) == f"count() >= {text}"


def test_group_conditions_are_joined_and_inverted() -> None:
    few, many = count() < 5, count() > 50

    assert repr(~(few | many)) == "(count() >= 5) & (count() <= 50)"
    assert repr((few | many) | (count() == 7)) == "(count() < 5) | (count() > 50) | (count() == 7)"
    assert (few | few) == few
    assert hash(few & many) == hash(few & many)
    assert hash(few) == hash(count() < 5)
    assert [one.name for one in aggregates_in(few | (Score.max() > 1))] == ["Count", "Max_Score"]


def test_group_keys_are_values() -> None:
    month = CreatedOn.month(tz="Asia/Kolkata")

    assert month == CreatedOn.month(tz=ZoneInfo("Asia/Kolkata"))
    assert CreatedOn.day(tz="UTC") == CreatedOn.day() == CreatedOn.day(tz=UTC)
    assert CreatedOn.year(tz=timezone(timedelta(hours=5), "X")).tz == timezone(timedelta(hours=5))
    assert (key_name(month), key_field(month)) == ("CreatedOn_month", "CreatedOn")
    assert (key_name("OwnerId"), key_field("OwnerId")) == ("OwnerId", "OwnerId")
    assert Score.bins(0, Decimal("20.5")) == Bins("Score", (0, 20.5))
    assert CreatedOn.quarter().asc() == CreatedOn.quarter().desc().__class__("CreatedOn_quarter")
    assert hash(month.desc()) == hash(CreatedOn.month().desc())
    assert repr(CreatedOn.month().desc()) == 'Field("CreatedOn_month").desc()'
    assert repr(count().asc()) == "count().asc()"
    assert repr(OwnerId.asc()) == "OwnerId"
    assert isinstance(month, DateBucket)


def test_edges_of_which_a_float_holds_no_fraction_are_whole_numbers() -> None:
    """So their Python source has no exponent."""
    edge = Decimal("-100000000000000000000.5")

    assert Score.bins(edge, 2).edges == (-(10**20), 2)
    assert (
        "bins(-100000000000000000000, 2)" in Leads.group_by(Score.bins(edge, 2)).count().to_python()
    )


@pytest.mark.parametrize("key", [CreatedOn, Date("mx_Date"), "CreatedOn"], ids=repr)
def test_grouping_by_a_date_itself_warns(key: Any) -> None:
    with pytest.warns(UserWarning, match=r"a group for each second; write .*\.day\(\)\)"):
        Leads.group_by(key)


def test_a_period_that_is_not_over_warns() -> None:
    running = periods.between("2020-01-01", "2999-01-01")
    with pytest.warns(UserWarning, match="to_date=True"):
        COUNTED.compare(JANUARY, running, on=CreatedOn)

    compared = COUNTED.compare(JANUARY, running, on="CreatedOn", to_date=True)
    assert "both up to the time that has passed in the second" in compared.describe()


def test_a_period_that_has_not_begun_warns() -> None:
    with pytest.warns(UserWarning, match="the second period has not begun, so it has no leads"):
        COUNTED.compare(JANUARY, periods.year(2999), on=CreatedOn)


def test_only_one_request_has_a_payload() -> None:
    with pytest.raises(UnsupportedQueryError, match="because having, order_by is done with the r"):
        COUNTED.having(count() > 5).order_by(OwnerId).to_payload()
    with pytest.raises(UnsupportedQueryError, match=r"; page\(1, 5\) asks the API for so many"):
        LIST.limit(5).to_json()
    with pytest.raises(UnsupportedQueryError, match=r"combines the results(\n|$)"):
        LIST.limit(5).order_by(Score).to_request("curl")


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        (Leads.group_by(OwnerId, Source).count(), "one request groups by one field"),
        (Leads.group_by(CreatedOn.month()).count(), "one request groups by one field"),
        (Leads.count(), "one request computes groups only"),
        (BY_OWNER.aggregate(Score.max()), "a count, or a count with one average or sum"),
        (COUNTED.where((Score > 5) | (Phone == "1")), "joined by more than AND"),
        (COMPARED.with_owner_names(), "with_owner_names, compare is done with the rows"),
    ],
    ids=repr,
)
def test_the_reason_for_several_requests_is_named(query: Any, reason: str) -> None:
    assert reason in reason_for_plan(query)


def test_the_source_of_a_query_has_its_steps() -> None:
    query = COUNTED.with_owner_names().order_by("OwnerId", count().desc())

    assert repr(query) == (
        "Leads.group_by(OwnerId).count().with_owner_names().order_by(OwnerId, count().desc())"
    )
    offset = timezone(timedelta(hours=5, seconds=1))
    assert repr(CreatedOn.day(tz=offset)) == (
        "CreatedOn.day(tz=timezone(timedelta(seconds=18001)))"
    )


def test_an_aggregate_never_changes() -> None:
    for frozen in (count(), count() > 5, (count() > 5) | (count() < 2)):
        with pytest.raises(FrozenError) as caught:
            frozen.anything = 5
        # A query has methods that return another one; see tests/query/test_query.py.
        assert plain(caught.value).endswith(" never changes, so .anything cannot be set")


TABLE: list[tuple[Callable[[], Any], str]] = [
    # aggregate
    (BY_OWNER.aggregate, "aggregate() computes nothing"),
    (lambda: BY_OWNER.aggregate(Score), "Score is a field; write Score.average(), or .sum()"),
    (lambda: BY_OWNER.aggregate(Phone), "Phone is a field; write Phone.count_distinct()"),
    (lambda: BY_OWNER.aggregate(OwnerIdName), "no function is computed of its type"),
    (lambda: BY_OWNER.aggregate(count), "count is a function; write aggregate(count())"),
    (lambda: BY_OWNER.aggregate("Score"), "not names such as 'Score'"),
    (lambda: BY_OWNER.aggregate([count()]), "one by one; write aggregate(*aggregates)"),
    (lambda: BY_OWNER.aggregate(count() > 5), "write having(count() > 5) after aggregate(...)"),
    (
        lambda: BY_OWNER.aggregate((count() > 5) | (count() < 2)),
        "is a condition on groups; write having((count() > 5) | (count() < 2))",
    ),
    (lambda: BY_OWNER.aggregate(count().desc()), "is an order; write order_by(count().desc())"),
    (lambda: BY_OWNER.aggregate(Score.average), "was given the method .average itself; call it"),
    (lambda: BY_OWNER.aggregate(5), "aggregate takes aggregates such as count()"),
    (lambda: BY_OWNER.aggregate(count().after), "leave .after out"),
    (lambda: BY_OWNER.aggregate(count(), count()), "would have the column Count twice"),
    (lambda: BY_OWNER.aggregate(OwnerId=count()), "would have the column OwnerId twice"),
    (lambda: Leads.group_by(OwnerId, OwnerId), "group_by has the column OwnerId twice"),
    (
        lambda: Leads.group_by(CreatedOn.day(), CreatedOn.day(tz="Asia/Kolkata")),
        "group_by has the column CreatedOn_day twice",
    ),
    (ALL.group_by, "group_by() names no field"),
    (lambda: Leads.group_by("OwnerId, Source"), 'write group_by("OwnerId", "Source")'),
    (lambda: Leads.group_by("OwnerId,"), "group_by takes one field, not 'OwnerId,'"),
    (lambda: BY_OWNER.where().group_by, "this query is grouped"),
    (lambda: Leads.group_by(OwnerIdName), "is a column of the result"),
    (
        lambda: Leads.group_by(OwnerId, "Source").count("Phone"),
        "write count(), or before the groups where(Phone.has_data())",
    ),
    (
        lambda: Leads.group_by(OwnerId, "Source").count("mx_x"),
        'write count(), or before the groups where(Field("mx_x").has_data())',
    ),
    # having
    (COUNTED.having, "having() has no condition"),
    (lambda: LIST.having(count() > 5), "having is about groups, and this query lists leads"),
    (lambda: COUNTED.having(Score > 5), "write where(Score > 5), or compare an aggregate"),
    (lambda: COUNTED.having(users.Role == "a"), "is a condition on leads; write where("),
    (lambda: COUNTED.having(count()), "is an aggregate; compare it, as in having(count() > ...)"),
    (lambda: COUNTED.having([count() > 5]), "one by one; write having(*conditions)"),
    (lambda: COUNTED.having(True), "having(True) has a Python bool"),
    (lambda: COUNTED.having(count), "count is a function; write having(count() > 50)"),
    (lambda: COUNTED.having("Count > 5"), "having takes conditions on aggregates such as"),
    (lambda: COUNTED.having(count().after > 5), "compare(...), which is missing"),
    (lambda: COMPARED.having(count() > 5), "has two values, one for each period"),
    # order_by
    (COUNTED.order_by, "order_by() names no column"),
    (lambda: COUNTED.order_by(5), "order_by takes aggregates, fields and names of columns"),
    (lambda: COUNTED.order_by([OwnerId]), "one by one; write order_by(*columns)"),
    (lambda: COUNTED.order_by(count), "count is a function; write order_by(count().desc())"),
    (lambda: COUNTED.order_by(count().desc), "write order_by(count().desc())"),
    (lambda: COUNTED.order_by(OwnerId.desc), "write order_by(OwnerId.desc())"),
    (lambda: COUNTED.order_by(count() > 5), "is a condition on groups; write having(count() > 5)"),
    (lambda: COUNTED.order_by("-Count"), "write order_by(count().desc())"),
    (lambda: COUNTED.order_by("+OwnerId"), "write order_by(OwnerId)"),
    (lambda: LIST.order_by("Score DESC"), "write order_by(Score.desc())"),
    (lambda: LIST.order_by("a, b"), "is not a schema name"),
    (lambda: LIST.order_by(count()), "an aggregate in order_by is about groups"),
    (lambda: COUNTED.order_by("Cuont"), "no column 'Cuont'; did you mean 'Count'?"),
    (lambda: COUNTED.order_by(Phone), "no column 'Phone'; it has OwnerId, Count"),
    (lambda: COMPARED.order_by("Count"), "no column 'Count'; it has OwnerId, Count_before"),
    (lambda: COMPARED.order_by(count().desc()), "write count().after, .before, .change"),
    (lambda: COUNTED.order_by(-count()), "-count() is not an order"),
    # limit
    (lambda: COUNTED.limit(5), "write order_by(count().desc()).limit(5)"),
    (lambda: LIST.limit(0), "a whole number from 1, not 0; write limit(5)"),
    (lambda: LIST.limit("7"), "not '7'; write limit(7)"),
    # with_owner_names
    (LIST.with_owner_names, "write select(OwnerId, ...)"),
    (lambda: Leads.count().with_owner_names(), "write group_by(OwnerId)"),
    (
        lambda: COUNTED.with_owner_names().with_owner_names(),
        "the rows have OwnerIdName already",
    ),
    (
        lambda: COUNTED.with_owner_names().order_by("OwnerIdName"),
        "write sorted(client.run(query), key=lambda row: row['OwnerIdName'] or '')",
    ),
    (
        lambda: COUNTED.order_by(OwnerIdName.desc()),
        "groups cannot be sorted by OwnerIdName",
    ),
    # compare
    (
        lambda: COUNTED.compare(JANUARY, periods.day(2999, 1, 31), on=CreatedOn, to_date=True),
        "the second period begins at 2999-01-31 00:00:00 UTC, so to_date=True leaves nothing",
    ),
    (lambda: LIST.compare(JANUARY, FEBRUARY, on=CreatedOn), "compare is about groups"),
    (lambda: COUNTED.compare("2026-01", FEBRUARY, on=CreatedOn), "of compare is a period such as"),
    (lambda: COUNTED.compare(JANUARY, FEBRUARY, on=Score), "takes a date field such as CreatedOn"),
    (lambda: COUNTED.compare(JANUARY, FEBRUARY, on="Score"), "takes a date field such as Created"),
    (lambda: COUNTED.compare(JANUARY, FEBRUARY, on="a b"), "is not a schema name"),
    (
        lambda: COUNTED.compare(JANUARY, FEBRUARY, on=CreatedOn, to_date=1),
        "to_date: 1 is not True or False",
    ),
    (
        lambda: COUNTED.created_in(JANUARY).compare(JANUARY, FEBRUARY, on=CreatedOn),
        "the query has a condition on CreatedOn",
    ),
    (
        lambda: COUNTED.where(CreatedOn.has_data()).compare(JANUARY, FEBRUARY, on=CreatedOn),
        "the query has a condition on CreatedOn",
    ),
    (lambda: COMPARED.compare(JANUARY, FEBRUARY, on=CreatedOn), "two periods already"),
    (
        lambda: COUNTED.having(count() > 5).compare(JANUARY, FEBRUARY, on=CreatedOn),
        "call compare(...) before having(...)",
    ),
    # Aggregates and group keys
    (lambda: count() > "5", "count() compares with a number such as 20 or 0.5, not '5'"),
    (lambda: count().__gt__(float("nan")), "count() compares with a finite number"),
    (lambda: count() > Decimal(f"1{'0' * 350}.5"), "a number that a float can hold"),
    (lambda: count() > Score.average(), "compares an aggregate with something else than a value"),
    (lambda: LastVisitDate.max() > 5, "compare a date with a date such as '2026-01-31'"),
    (
        lambda: LastVisitDate.max() > datetime(2026, 1, 31),
        "the time has no time zone",
    ),
    (lambda: LastVisitDate.max() > "soon", "Max_LastVisitDate: 'soon' is not a date"),
    (lambda: (count() > 5) & 5, "having joins conditions on aggregates"),
    (lambda: (count() > 5) | (Score > 5), "conditions on leads belong in where(...)"),
    (lambda: ((count() > 5) | (count() < 2)) & 5, "having joins conditions on aggregates"),
    (lambda: count().foo, "count() is an aggregate, which has no .foo(); it has ==, !="),
    (lambda: Score.quantile(2), "quantile takes a number from 0 to 1, not 2"),
    (lambda: Score.quantile(True), "quantile takes a number from 0 to 1, not True"),
    (Score.bins, "takes edges from low to high, such as bins(0, 20, 50), not nothing"),
    (lambda: Score.bins(5, 1), "takes edges from low to high, such as bins(0, 20, 50), not 5, 1"),
    (lambda: Score.bins([0, 20]), "takes edges one by one; write bins(*[0, 20])"),
    (lambda: Score.bins(iter([0, 20])), "takes edges one by one; write bins(*edges)"),
    (lambda: Score.bins("5"), "compares with a number such as 20 or 0.5, not '5'"),
    (lambda: CreatedOn.day(tz="Asia/Kolkatta"), "write 'Asia/Kolkata'"),
    (lambda: CreatedOn.day(tz=Unnamed()), "tz: Unnamed() has no name to group by"),
    (lambda: CreatedOn.day(fill=1), "fill: 1 is not True or False"),
    (lambda: CreatedOn.week(week_starts="son"), "is not a day of the week"),
    (CreatedOn.in_periods, "names no period"),
    (lambda: CreatedOn.in_periods([JANUARY]), "one by one; write in_periods(*periods)"),
    (lambda: CreatedOn.in_periods(a="2026-01"), "in_periods takes a period such as"),
    (lambda: CreatedOn.in_periods(JANUARY, JANUARY), "has the group '2026-01-01 to 2026-01-31' tw"),
    # Misuse of Python
    (lambda: bool(count()), "an aggregate is neither true nor false"),
    (lambda: bool(count() > 5), "a condition on groups is neither true nor false"),
    (lambda: list(count()), "an aggregate holds no values"),
    (lambda: ~count(), "~ binds tighter than == and inverts count() alone"),
    (lambda: count() > 5 & Score.max() < 3, "& binds tighter than < and =="),
    (lambda: Leads.where(count() > 5), "count() > 5 is about groups; write having(count() > 5)"),
    (lambda: sum(Score), "a field holds no values"),
    (lambda: -Score, "-Score is not an order; write order_by(Score.desc())"),
    (
        lambda: count().is_in([1]),
        (
            "count() is an aggregate, which has no .is_in(); "
            "it has ==, !=, <, <=, >, >=, .asc(), .desc()"
        ),
    ),
]


@pytest.mark.parametrize(("build", "message"), TABLE, ids=[text[:60] for _, text in TABLE])
def test_a_mistake_says_what_to_write(build: Callable[[], Any], message: str) -> None:
    with pytest.raises(QueryError) as caught:
        build()

    assert message in plain(caught.value) or message in str(caught.value)
    # A long value is cut with three points.
    assert not plain(caught.value).removesuffix("...").endswith(".")


def test_the_kind_of_an_error_says_whether_it_is_misuse() -> None:
    with pytest.raises(UsageError):
        BY_OWNER.aggregate(Score)
    with pytest.raises(UnknownNameError):
        _ = count().foo


def test_a_type_that_differs_between_uses_keeps_the_source_valid() -> None:
    """A field that was built with two types has the aggregates of both."""
    number, text = Number("mx_x"), Text("mx_x")
    query = Leads.group_by(OwnerId).aggregate(number.average(), text.count_distinct())

    assert repr(query) == (
        'Leads.group_by(OwnerId).aggregate(Field("mx_x").average(), Text("mx_x").count_distinct())'
    )


def test_named_periods_keep_their_names_and_order() -> None:
    key = CreatedOn.in_periods(
        JANUARY,
        periods.day(2026, 2, 1),
        before=periods.since("2025-01-01", now="2025-01-01 12:00:00"),
    )

    assert [name for name, _ in key.periods] == [
        "2026-01-01 to 2026-01-31",
        "2026-02-01",
        "before",
    ]
    half_day = CreatedOn.in_periods(periods.between("2026-01-01", "2026-01-01 11:59:59"))
    assert half_day.periods[0][0] == "2026-01-01 00:00:00 to 2026-01-01 11:59:59"


@pytest.mark.parametrize("field", [Revenue, Score], ids=repr)
def test_an_aggregate_names_its_column(field: BaseField[Any]) -> None:
    aggregate: Any = field

    assert aggregate.median().name == f"Median_{field.name}"
    assert aggregate.max().change_pct.name == f"Max_{field.name}_change_pct"
    assert aggregate.max().before.name == f"Max_{field.name}_before"


@pytest.mark.parametrize("name", ["day", "week", "month", "quarter", "year"])
def test_periods_without_leads_are_left_out(name: str) -> None:
    """Unless `fill=True` asks for them."""
    plain_key, filled = getattr(CreatedOn, name)(), getattr(CreatedOn, name)(fill=True)

    assert plain_key == getattr(CreatedOn, name)(fill=False)
    assert not plain_key.fill
    assert filled.fill
