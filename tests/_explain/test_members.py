"""Names of attributes from pandas, SQLAlchemy, Django, pyairtable and other libraries."""

from __future__ import annotations

import copy
import pickle
import re
import sqlite3
from typing import Any

import pytest

from leadquery import AsyncClient, Client, Leads, Report, Result, check, periods
from leadquery._explain.members import _FIELD_ADVICE, MEMBERS
from leadquery.emulator import Emulator
from leadquery.errors import UnknownNameError
from leadquery.fields import CreatedOn, FirstName, Score, Source
from leadquery.sql import Table
from tests._explain.table import corrected, run

QUERY = Leads.where(Score > 5).select(FirstName, Score)


@pytest.fixture(scope="module")
def names() -> dict[str, Any]:
    """The variables of the cases."""
    client = Client("api.example.com", "key", "secret", Emulator.demo(50).session())
    grouped = client.run(Leads.group_by(Source).count())
    result = client.run(QUERY)
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE leads (ProspectID TEXT, FirstName TEXT, Score INTEGER)")
    table = Table(connection)
    return locals() | {"report": check("{}"), "query": QUERY}


def _error(line: str, names: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> UnknownNameError:
    import tests._explain.table as table

    variables = table.variables() | names
    monkeypatch.setattr(table, "variables", lambda: variables)
    with pytest.raises(UnknownNameError) as caught:
        run(f"found = {line}\n")
    return caught.value


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("client.execute(query)", "client.run(query)"),
        ("client.query(query)", "client.run(query)"),
        ("client.fetch(query)", "client.run(query)"),
        ("client.get(query, limit=3)", "client.run(query, limit=3)"),
        ("client.all(query)", "client.run(query)"),
        ("[*map(client.execute, [query])]", "[*map(client.run, [query])]"),
        ("client.runn(query)", "client.run(query)"),
        ("[*client.iterrows(query)]", "[*client.rows(query)]"),
        ("[*client.iter_pages(query)]", "[*client.pages(query)]"),
        ("client.total(Leads)", "client.count(Leads)"),
        ("client.explain(query)", "client.plan(query)"),
        ("client.metadata()", "client.lead_fields()"),
        ("client.run(query).to_df()", "client.run(query).to_pandas()"),
        ("result.to_df()", "result.to_pandas()"),
        ("result.df", "result.to_pandas()"),
        ("result.to_dataframe()", "result.to_pandas()"),
        ("result.pl", "result.to_polars()"),
        ("result.json()", "result.to_json()"),
        ("result.head()", "result[:5]"),
        ("result.head(3)", "result[:3]"),
        ("result.limit(len([1]))", "result[:len([1])]"),
        ("result.tail(2)", "result[-2:]"),
        ("client.run(query).first()", "client.run(query)[0]"),
        ("result.get(1)", "result[1]"),
        ("result.data", "result.rows"),
        ("result.fetchall()", "result.rows"),
        ("result.to_dicts()", "result.rows"),
        ("result.count()", "result.total"),
        ("grouped.count", "grouped.total"),
        ("result.total_count", "result.total"),
        ("result.keys()", "result.columns"),
        ('result.sort_values("Score")', 'result.sort("Score")'),
        ('result.nlargest(3, "Score")', 'result.top(3, "Score")'),
        ("table.execute(query)", "table.run(query)"),
        ("report.is_valid", "report.ok"),
        ("report.is_valid()", "report.ok"),
        ("report.errors", "report.diagnostics"),
        ("report.fix()", "report.fixed()"),
        ("report.fix(unsafe=True)", "report.fixed(unsafe=True)"),
        ('Source.not_in(["Web"])', '~Source.is_in(["Web"])'),
        ('Source.notin_(["Web"])', '~Source.is_in(["Web"])'),
        ('Source.isin(["Web"])', 'Source.is_in(["Web"])'),
    ],
)
def test_the_line_is_corrected(
    line: str, expected: str, names: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the corrected line runs."""
    error = _error(line, names, monkeypatch)

    assert error.suggested_edit is not None
    assert error.suggested_edit.text == f"found = {expected}"
    run(corrected(f"found = {line}\n", error))


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ('client.query("SELECT x FROM leads")', "client.run(from_sql(...))"),
        ("client.execute(f'SELECT {Score} FROM leads')", "client.run(from_sql(...))"),
        ("client.first(query)", "write client.run(query, limit=1)[0]"),
        ("client.where(Score > 5)", "client.run(Leads.where(...))"),
        ("client.to_df(query)", "client.run(query).to_pandas()"),
        ("client.connect()", "nothing to connect"),
        ("client.update(query)", "the API only reads leads"),
        ("client.frobnicate()", "it has close, count, csv, export, find_user, from_env, "),
        ("grouped.Count", 'but a column of that name; write result["Count"]'),
        ("grouped.Source", 'but a column of that name; write result["Source"]'),
        ("result.filter(Score > 5)", ".where(...) for leads and .having(...) for groups"),
        ("result.groupby('Score')", "write it in the query, such as .order_by(...)"),
        ("result.iloc[0]", "a DataFrame has it: result.to_pandas()"),
        ("result.status_code", "a request that fails raises an ApiError"),
        ("result.iterrows()", "for row in result"),
        ("result.head", "write result[:5]"),
        ("result.head(n=3)", "write result[:5]"),
        ("result.count('x')", "did you mean .total?"),
        ("result.xyz", "it has changes, columns,"),
        ("report.xyz", "a report has no .xyz; it has"),
        ("table.count(Leads)", "write table.run(Leads.count())"),
        ("table.query('SELECT 1')", "a table takes queries; a SQL statement is read as one: table"),
        ("table.xyz", "a table has no .xyz; it has run, to_sql"),
        ('Source.startswith("We")', 'Source.contains("We")'),
        ('Source.str.contains("We")', "Source.contains(...)"),
        ('Source.not_like("We%")', "Source.does_not_contain(...)"),
        ("Source.value_counts()", "Leads.group_by(Source).count()"),
        ("Source.is_(None)", "Source.has_no_data() and Source.has_data() for None"),
        ("Source.top(5)", ".order_by(Source.desc()).limit(5)"),
        ("Score.not_between(1, 5)", "~Score.between(low, high)"),
        ("Score.std()", "no aggregate computes it; select Score"),
        ("CreatedOn.last_month()", "CreatedOn.during(periods.last_month())"),
        ("CreatedOn.dt.month", "CreatedOn.month(), .day(), .year()"),
        ("CreatedOn.after('2026-01-01')", "compare CreatedOn >= ..."),
    ],
)
def test_what_has_no_counterpart_has_advice(
    line: str, text: str, names: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    error = _error(line, names, monkeypatch)

    assert text in str(error)
    assert error.suggested_edit is None


@pytest.mark.parametrize("line", ["Score.not_like('x')", "Source.dt.month", "Source.after(1)"])
def test_no_method_is_named_that_the_field_lacks(
    line: str, names: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "; it has ==, !=" in str(_error(line, names, monkeypatch))


@pytest.mark.parametrize("cls", [AsyncClient, Client, Result, Report, Table])
def test_each_alias_is_of_a_member(cls: type) -> None:
    """And hides none. So do the names with advice."""
    members = MEMBERS[cls.__name__]
    own = {*dir(cls), *cls.__annotations__}

    assert own >= {*members.aliases.values()}
    assert not own & {*members.aliases, *members.advice, *members.parts}
    assert not {*members.aliases} & {*members.advice, *members.parts}


def test_the_advice_for_fields_names_what_exists() -> None:
    for name, text in _FIELD_ADVICE.items():
        assert not any(hasattr(one, name) for one in (CreatedOn, Score, Source, FirstName)), name
        methods = re.findall(r"(?:\{0\}|,) ?\.(\w+)\(", text)
        assert all(
            any(hasattr(one, method) for one in (CreatedOn, Score, Source)) for method in methods
        ), name
        if "{1}" in text:
            assert hasattr(periods, name)


def test_private_names_are_python_s_own(names: dict[str, Any]) -> None:
    for value in (names["client"], names["result"], names["report"]):
        with pytest.raises(AttributeError, match=r"object has no attribute '_private'") as caught:
            value._private  # noqa: B018
        assert type(caught.value) is AttributeError
        assert not hasattr(value, "execute_all")
        assert not {"execute", "to_df", "head", "is_valid"} & {*dir(value)}


def test_results_are_copied_and_pickled(names: dict[str, Any]) -> None:
    result = names["result"]

    assert pickle.loads(pickle.dumps(result)) == copy.deepcopy(result) == result


def test_no_key_is_in_the_error() -> None:
    client = Client("api.example.com", "my-access", "my-secret", Emulator.demo(5).session())
    with pytest.raises(AttributeError) as caught:
        client.execute  # type: ignore[attr-defined]  # noqa: B018

    text = f"{caught.value!r} {caught.value} {pickle.dumps(caught.value)!r}"
    assert not re.search("my-access|my-secret", text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("execute", "an async client has no .execute; did you mean .run?"),
        ("close", "an async client has no .close; did you mean .aclose?"),
        ("to_df", "a result converts: (await client.run(query)).to_pandas()"),
        ("where", "a client runs them: (await client.run(Leads.where(...)))"),
    ],
)
def test_a_name_of_another_library_on_an_async_client(name: str, text: str) -> None:
    client = AsyncClient("api.example.com", "key", "secret")

    with pytest.raises(UnknownNameError) as caught:
        getattr(client, name)

    assert text in str(caught.value)
