"""Messages for wrong calls and for names of other libraries, which need the explanation."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from inspect import getmembers, isawaitable, isfunction, signature
from traceback import walk_tb
from typing import Any

import pytest

import leadquery
from leadquery import AsyncClient, Client, Result, fields, periods
from leadquery._explain.aliases import CLIENT_OPTIONS
from leadquery.emulator import Emulator
from leadquery.errors import UnknownNameError, UsageError, is_own_frame
from leadquery.sql import Table
from tests.expr.support import refusal

# Untyped: a type checker would refuse these calls before they run.
count: Any = leadquery.count
Leads: Any = leadquery.Leads
CreatedOn: Any = fields.CreatedOn

JANUARY, FEBRUARY = periods.month(2026, 1), periods.month(2026, 2)
LIST = Leads.select("Phone")
GROUPED = Leads.group_by("OwnerId")
COUNTED = GROUPED.count()
CLIENT: Any = Client("api.example.com", "key", "secret", Emulator.demo(5).session())
KEYS = ("api.example.com", "k-access", "k-secret")
RESULT: Any = Result(({"A": 1},), 1)
OBJECTS = {
    Client: CLIENT,
    AsyncClient: AsyncClient(
        "api.example.com", "key", "secret", session=Emulator.demo(5).session()
    ),
    Result: RESULT,
    Table: Table.__new__(Table),
    type(Leads): Leads,
    type(GROUPED): GROUPED,
    type(LIST): LIST,
}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: COUNTED.order_by(count(), descending=True), "its direction is a method of that"),
        (LIST.limit, "wrong arguments for limit; write limit(n)"),
        (
            lambda: COUNTED.compare(JANUARY, FEBRUARY),
            "compare takes two periods and the date field",
        ),
        (lambda: count(fields.Score), "count() counts leads, and takes no field"),
        (lambda: Leads.count("Phone"), "write group_by(Phone).count()"),
        (lambda: count(n=5), "count takes no n=; write count()"),
        (
            lambda: RESULT.to_csv("a.csv", index=False),
            "to_csv takes no index=; write to_csv(file=None, *, spreadsheet=False)",
        ),
        (lambda: RESULT.to_csv(sep=";"), "to_csv takes no sep=; write to_csv(file=None, "),
        (
            lambda: RESULT.to_excel("a", index=False),
            "to_excel takes no index=; write to_excel(file)",
        ),
        (RESULT.to_excel, "wrong arguments for to_excel; write to_excel(file)"),
        (lambda: RESULT.to_json(orient="records"), "write to_json(file=None, *, indent=None)"),
        (lambda: RESULT.to_pandas(index=1), "to_pandas takes no index=; write to_pandas()"),
        (lambda: RESULT.plot(kind="bar"), "plot takes no kind=; write plot(column=None)"),
        (lambda: RESULT.sort("A", ascending=False), "write sort(*by, descending=False)"),
        (lambda: RESULT.top(by="A"), "wrong arguments for top; write top(n, by=None)"),
        (lambda: RESULT.pivot(rows="A"), "pivot takes no rows=; write pivot(index=None, "),
        (RESULT.tz_convert, "wrong arguments for tz_convert; write tz_convert(tz)"),
        (RESULT.to_parquet, "wrong arguments for to_parquet; write to_parquet(file)"),
        (lambda: RESULT.to_polars(1), "wrong arguments for to_polars; write to_polars()"),
        (lambda: RESULT.to_arrow(1), "wrong arguments for to_arrow; write to_arrow()"),
        (
            lambda: CLIENT.run(LIST, timezone="UTC"),
            "run takes no timezone=; did you mean tz=? write run(query, *, limit=None, ",
        ),
        (
            lambda: CLIENT.rows(LIST, limt=5),
            "rows takes no limt=; did you mean limit=? write rows(query, *, limit=None, ",
        ),
        (
            lambda: leadquery.sql.Table("a.csv", colums={}),  # type: ignore[call-arg]
            "Table takes no colums=; did you mean columns=? write Table(data, table=None, *, ",
        ),
        (leadquery.sql.Table, "wrong arguments for Table; write Table(data, table=None, *, "),
        (leadquery.from_payload, "wrong arguments for from_payload; write from_payload(payload, "),
        (lambda: CLIENT.csv(LIST), "wrong arguments for csv; write csv(query, file, *, on_change="),
        (CLIENT.count, "wrong arguments for count; write count(query)"),
        (lambda: CLIENT.count(Leads, "Phone"), "wrong arguments for count; write count(query)"),
        (
            lambda: CLIENT.export(LIST, "a.csv", index=False),
            "export takes no index=; write export(query, file, *, limit=None, window=False, ",
        ),
        (LIST.to_sql, "wrong arguments for to_sql; write to_sql(dialect, *, table='leads', "),
        (
            lambda: CreatedOn.day("UTC"),
            "wrong arguments for day; write day(*, tz=None, fill=False)",
        ),
    ],
)
def test_a_wrong_call_says_what_to_write(call: Callable[[], Any], message: str) -> None:
    assert message in refusal(call, UsageError)


@pytest.mark.parametrize(
    ("cls", "name"),
    [
        (cls, name)
        for cls in OBJECTS
        for name, method in getmembers(cls, isfunction)
        # Frameworks look whether `aclose` is an async function.
        if not name.startswith("_") and name != "aclose"
    ],
)
def test_every_method_explains_an_unknown_argument(cls: type, name: str) -> None:
    async def call() -> None:
        returned = getattr(cls, name)(OBJECTS[cls], unknown=1)
        if isawaitable(returned):
            await returned

    message = refusal(lambda: asyncio.run(call()), UsageError)

    assert message.startswith(f"{name} takes ")


@pytest.mark.parametrize(
    ("query", "name", "hint"),
    [
        (LIST, "filter", "did you mean .where?"),
        (LIST, "filters_", "did you mean .where?"),
        (Leads, "filter", "did you mean .where?"),
        (GROUPED, "avg", "did you mean .average?"),
    ],
)
def test_a_method_of_another_library_names_that_of_queries(
    query: Any, name: str, hint: str
) -> None:
    assert refusal(lambda: getattr(query, name), UnknownNameError) == (
        f"a query has no .{name}; {hint}"
    )


@pytest.mark.parametrize(
    ("name", "method"), [("to_csv", "to_csv"), ("to_df", "to_pandas"), ("plot", "plot")]
)
@pytest.mark.parametrize("query", [Leads, LIST, COUNTED], ids=repr)
def test_a_method_of_results_names_the_client(query: Any, name: str, method: str) -> None:
    assert refusal(lambda: getattr(query, name), UnknownNameError) == (
        f"a query has no .{name}: a result has it: client.run(query).{method}(...)"
    )
    assert hasattr(leadquery.Result, method)


@pytest.mark.parametrize("cls", [Client, AsyncClient])
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"proxies": {}}, "takes no proxies=; set it on a session of requests: write session=..."),
        ({"proxy": "k-secret"}, "takes no proxy=; set it on a session of requests"),
        ({"verify": False}, "takes no verify=; set it on a session of requests"),
        ({"retries": 3}, "takes no retries=; did you mean max_attempts=?"),
        ({"timeut": 3}, "takes no timeut=; did you mean timeout=?"),
        ({"what": 3}, "takes no what=; it takes host, access_key, secret_key, session, "),
        ({"secretKey": "k-secret"}, "takes no secretKey=; did you mean secret_key=?"),
    ],
)
def test_a_wrong_option_of_a_client_names_the_right_one(
    cls: Any, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(UsageError) as caught:
        cls(*KEYS, **options)

    assert message in str(caught.value)
    assert "k-" not in str(caught.value)
    assert "k-" not in repr(caught.value.misuse and caught.value.misuse.value)
    frames = [frame for frame, _ in walk_tb(caught.value.__traceback__) if is_own_frame(frame)]
    assert "k-" not in repr([frame.f_locals for frame in frames])


def test_a_session_of_an_async_client_is_given_by_name() -> None:
    create: Any = AsyncClient
    with pytest.raises(UsageError) as caught:
        create(*KEYS, Emulator.demo(5).session())

    assert str(caught.value).startswith(
        "wrong arguments for AsyncClient; write AsyncClient(host, access_key, secret_key), "
        "and options by name, such as session=..."
    )
    assert "k-" not in str(caught.value)


def test_an_async_client_in_a_plain_with_names_async_with() -> None:
    with pytest.raises(UsageError, match="write async with client:"), OBJECTS[AsyncClient]:
        pass


def test_the_options_of_clients_are_those_of_their_explanation() -> None:
    assert [*signature(Client).parameters] == [*CLIENT_OPTIONS]
