"""Random leads, users and requests, drawn from small pools so that values match."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

from attrs import evolve
from hypothesis import strategies as st

from leadquery.expr import BaseField, Boolean, Choice, Date, DateTime, Field, Number, Text, Time
from leadquery.wire.enums import (
    AggregateFunction,
    Arity,
    DateField,
    LogicalOperator,
    Operator,
    OutputType,
    UserOperator,
)
from leadquery.wire.model import (
    AggregateOutput,
    ComparisonFilter,
    DateRange,
    LeadFilter,
    ListOutput,
    MembershipFilter,
    Paging,
    PresenceFilter,
    ReportFilter,
    Request,
    UserCondition,
    UserFilter,
    UserGroup,
)

TEXTS = (
    *("a", "A", "ab", "ABC", "b", " a", "a ", "Straße", "STRASSE", "ß", "ss", "100%", "%", "_"),
    *("a_c", "abc", "\0", "a\0", "a\0b", "\ud800", "\udfff", "é", "e\u0301", "İ", "i\u0307"),
    *("\U0001f600", "\uffff", "'; DROP TABLE leads", '"', "a,b", "\r\n", "null", "ﬃ", "FFI"),
)
NUMBERS = (
    *("0", "-0", "1", "01", "1.0", "+1", "1e0", "1E0", "10", "9", "2.5", ".5", "5.", "0.1", "1E1"),
    *("-1", "-2", "-10", "1e308", "1e309", "-1e308", "5e-324", "0.30000000000000004", "0.3"),
    *(
        "9007199254740993",
        "9007199254740992",
        "\u0661",
        "\uff11",
        "1_0",
        " 1",
        "1 ",
        "nan",
        "inf",
        "0x1",
    ),
)
DATES = (
    *("2026-01-05 10:00:00", "2026-01-05T10:00:00Z", "2026-01-05T15:30:00+05:30", "2026-01-05"),
    *("2026-01-05 10:00:00.000", "2026-01-05 10:00:00.999", "2026-01-05 00:00:00"),
    *("2026-01-06 00:00:00", "2026-02-30", "2026-01-05 24:00:00", "yesterday", "\uff12026-01-05"),
    *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-01:00", "9999-12-31 23:59:59"),
)
IDS = ("u1", "U1", "u2", "1", "01")
PYTHON = (
    *(None, "", True, False, 0, 1, 10, -3, 2.5, 1.0, -0.0, 1e22, Decimal("0.1"), Decimal("1.50")),
    *(
        date(2026, 1, 5),
        time(10, 0),
        datetime(2026, 1, 5, 10),
        datetime(2026, 1, 5, 10, tzinfo=UTC),
    ),
    datetime(2026, 1, 5, 10, 0, 0, 999_999, timezone(timedelta(hours=5, minutes=30))),
)

POOLS: dict[str, Sequence[str]] = {
    "ProspectID": ("p1", "P1", "p2", "p3", "q"),
    "OwnerId": IDS,
    "FirstName": TEXTS,
    "ProspectStage": ("Lead", "lead", "Customer", "customer "),
    "Score": NUMBERS,
    "LeadAge": NUMBERS,
    "CreatedOn": DATES,
    "ModifiedOn": DATES,
    "DoNotEmail": ("0", "1", "true", "False", "yes"),
    "mx_Number": NUMBERS,
    "mx_Guess": ("1", "2", "2.0", "02", "1e1", "1E1", "-7"),
    "mx_Guess_Not": ("1", "1E1", "2", "2.0", "a", ""),
    "mx_Date": DATES,
    "mx_Time": ("10:00:00", "09:00:00"),
    "mx_Text": TEXTS,
    "mx_Flag": ("1", "0", "true", "FALSE"),
    "mx_Flag_Not": ("true", "0", "1.0", "2"),
    "mx name, with \0\ud800 'quotes'": TEXTS,
}
"""The values of each field. Nobody has the fields of UNKNOWN."""

UNKNOWN = ("Nobody_Has", "Revenue", "scorE", "id", "t0", "leads", "\udc00")
FIELDS: tuple[BaseField[Any], ...] = (
    *(
        Number("mx_Number"),
        Field("mx_Guess"),
        Date("mx_Date"),
        DateTime("mx_Date"),
        Text("mx_Guess"),
        Field("mx_Text"),
    ),
    *(Text("Score"), Time("mx_Time"), Boolean("mx_Guess_Not"), Choice("mx_Text", options=["a"])),
)
ATTRIBUTES: dict[str, Sequence[str]] = {
    "UserID": IDS,
    "Role": ("Sales_User", "sales_user", "Sales, North", "ß", "SS"),
    "TeamId": ("1", "1.0", "2", "01"),
}

Pools = Mapping[str, Sequence[str]]
Rows = list[dict[str, Any]]
Case = tuple[Rows, Rows, list[BaseField[Any]], Request]
"""Leads, users, the account's fields, and a question."""

ANY = st.one_of(st.sampled_from(PYTHON), st.sampled_from(NUMBERS), st.text(max_size=3))
VALUES = st.sampled_from([*TEXTS, *NUMBERS, *DATES, *IDS]) | st.text(min_size=1, max_size=2)


def rows(pools: Pools) -> st.SearchStrategy[Rows]:
    """Rows with some of the fields."""
    usual = st.fixed_dictionaries({name: st.sampled_from(pool) for name, pool in pools.items()})
    odd = st.fixed_dictionaries(
        {}, optional={name: st.sampled_from(pool) | ANY for name, pool in pools.items()}
    )
    one = st.one_of(*[usual] * 4, odd)
    return st.one_of(*[st.lists(one, min_size=3, max_size=9)] * 2, st.lists(one, max_size=2))


def present(found: Rows, pools: Pools) -> Pools:
    """The texts in rows, by field; the pool if a field has none."""
    return {
        name: sorted({row[name] for row in found if type(row.get(name)) is str and row[name]})
        or [value for value in pool if value]
        for name, pool in pools.items()
    }


def value_of(name: str, pools: Pools) -> st.SearchStrategy[str]:
    """A value to compare a field with, most often one that a row has."""
    if name not in pools:
        return VALUES
    own = st.sampled_from(pools[name])
    return st.one_of(*[own] * 4, own.map(str.upper), own.map(str.swapcase), VALUES)


@st.composite
def lead_filters(
    draw: st.DrawFn, pools: Pools, operators: Sequence[Operator] = tuple(Operator)
) -> LeadFilter:
    """Any filter on any field."""
    name = draw(st.sampled_from([*pools] * 4 + [*UNKNOWN][: len(pools)]))
    operator = draw(st.sampled_from(operators))
    if operator.takes is Arity.NONE:
        return PresenceFilter(name, operator, None)
    if operator.takes is Arity.MANY:
        values = draw(st.lists(value_of(name, pools), min_size=1, max_size=4))
        return MembershipFilter(name, operator, tuple(values))
    value = draw(value_of(name, pools))
    if operator in (Operator.CONTAINS, Operator.DOES_NOT_CONTAIN):
        start = draw(st.integers(0, len(value) - 1))
        part = value[start : start + draw(st.integers(1, 4))]
        return ComparisonFilter(name, draw(st.sampled_from((part, part.swapcase()))), operator)
    return ComparisonFilter(name, value, operator)


STEPS = st.sampled_from((-86400, -36000, -1, 0, 1, 50400, 86400, 251_000_000_000))


@st.composite
def date_ranges(draw: st.DrawFn) -> DateRange:
    """A range that does not end before it starts."""
    day = datetime(2026, 1, 5, 10, tzinfo=UTC)
    low, high = sorted((draw(STEPS), draw(STEPS)))
    field = draw(st.sampled_from(DateField))
    return DateRange(field, day + timedelta(seconds=low), day + timedelta(seconds=high))


@st.composite
def user_conditions(draw: st.DrawFn, pools: Pools) -> UserCondition:
    """A condition with a documented operator."""
    name = draw(st.sampled_from([*pools, *pools, *pools, "Nobody_Has"]))
    operator = draw(st.sampled_from((*UserOperator, UserOperator.EQUAL)))
    parts = draw(st.lists(value_of(name, pools), min_size=1, max_size=3))
    glue = draw(st.sampled_from((",", ", ", ",,")))
    return UserCondition(name, operator.token, glue.join(parts), None)


@st.composite
def chained(draw: st.DrawFn, links: st.SearchStrategy[Any]) -> tuple[Any, ...]:
    """Entries joined by one operator, which the last one lacks; most often one entry."""
    one = links.map(lambda link: [link])
    *most, last = draw(st.one_of(one, one, st.lists(links, min_size=1, max_size=3)))
    joiner = draw(st.sampled_from((LogicalOperator.OR, *LogicalOperator)))
    return (*(evolve(link, joiner=joiner) for link in most), last)


def user_filters(pools: Pools) -> st.SearchStrategy[UserFilter]:
    """Groups, some of them nested."""
    conditions = chained(user_conditions(pools))
    flat = st.builds(UserGroup, conditions, st.none(), st.none())
    nested = st.recursive(
        flat,
        lambda inner: st.builds(UserGroup, st.none() | conditions, chained(inner), st.none()),
        max_leaves=4,
    )
    return st.builds(UserFilter, chained(st.one_of(flat, flat, nested)), st.none())


# A column's name cannot hold a comma.
COLUMNS = st.lists(
    st.sampled_from([name for name in (*POOLS, *UNKNOWN) if "," not in name]),
    min_size=1,
    max_size=5,
    unique=True,
).map(tuple)
OUTPUTS: st.SearchStrategy[ListOutput | AggregateOutput] = st.one_of(
    st.builds(ListOutput, st.just(OutputType.LIST), COLUMNS),
    st.builds(
        AggregateOutput,
        st.just(OutputType.AGGREGATE),
        st.sampled_from(["OwnerId"] * 9 + [*POOLS, *UNKNOWN]),
        st.sampled_from(AggregateFunction),
        st.sampled_from(["Score", "LeadAge", "mx_Number", "mx_Guess", "mx_Date", *UNKNOWN]),
    ),
)
PAGINGS = st.builds(
    Paging,
    st.sampled_from((1, 1, 1, 1, 2, 3, 2**31 - 1)),
    st.sampled_from((1, 2, 3, 100, 2**31 - 1)),
)


def some(links: st.SearchStrategy[Any], most: int) -> st.SearchStrategy[tuple[Any, ...] | None]:
    """None, or a few."""
    return st.none() | st.lists(links, min_size=1, max_size=most).map(tuple)


def _have_ids(users: Rows) -> bool:
    """Whether the list of users has ids, without which it is refused; a user may have none."""
    names = {name for user in users for name in user}
    return not names or "UserID" in names


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A case with all parts, and a request that some of the leads may match."""
    leads, users = draw(rows(POOLS)), draw(rows(ATTRIBUTES).filter(_have_ids))
    fields = draw(st.lists(st.sampled_from(FIELDS), max_size=4, unique_by=lambda field: field.name))
    # Most often about one or two fields only, so that filters find something.
    names = draw(st.lists(st.sampled_from([*POOLS]), min_size=1, max_size=2))
    every = present(leads, POOLS)
    few = {name: every[name] for name in names}
    found = draw(st.one_of(*[some(lead_filters(few), 2)] * 3, some(lead_filters(every), 2)))
    owners = draw(st.none() | user_filters(present(users, ATTRIBUTES)))
    report = ReportFilter(owners, found) if owners or found else None
    dates = draw(st.one_of(*[st.none()] * 3, some(date_ranges(), 2)))
    request = Request(report, dates, draw(OUTPUTS), draw(st.none() | PAGINGS))
    return leads, users, fields, request


@st.composite
def narrow_cases(draw: st.DrawFn, operator: Operator) -> Case:
    """Leads with one field, and a request that filters by it."""
    name = draw(st.sampled_from([*POOLS]))
    values = draw(st.lists(st.sampled_from([*POOLS[name], None]) | ANY, min_size=1, max_size=6))
    leads: Rows = [{"ProspectID": str(place), name: value} for place, value in enumerate(values)]
    known = [field for field in FIELDS if field.name == name]
    fields = draw(st.lists(st.sampled_from(known), max_size=1)) if known else []
    found = draw(lead_filters(present(leads, {name: POOLS[name]}), [operator]))
    group, function = (
        draw(st.sampled_from((name, "Nobody_Has"))),
        draw(st.sampled_from(AggregateFunction)),
    )
    outputs: tuple[ListOutput | AggregateOutput, ...] = (
        ListOutput(OutputType.LIST, ("ProspectID",)),
        AggregateOutput(OutputType.AGGREGATE, group, function, name),
    )
    report = ReportFilter(None, (found,))
    return leads, [], fields, Request(report, None, draw(st.sampled_from(outputs)), None)
