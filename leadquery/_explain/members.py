"""Names of attributes from other libraries, for clients, results, reports and fields."""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

from leadquery._explain.aliases import (
    BUCKET_METHODS,
    OTHER_STATISTICS,
    VALUE_METHODS,
    by_alias,
)
from leadquery._util.text import corrected_name, python_literal
from leadquery.errors import Misuse
from leadquery.wire.enums import TOTAL

Improved = tuple[str, Misuse]


class Members(NamedTuple):
    """The names of one class: `aliases` of its own members, and `advice` for what it lacks.

    In `parts`, `{0}` is the object and `{1}` the argument of the call, or the default behind `:`.
    """

    noun: str
    aliases: dict[str, str]
    advice: dict[str, str]
    parts: dict[str, tuple[str, str]]


def _advice(texts: dict[str, str]) -> dict[str, str]:
    """The text for each name; each key has several."""
    return {name: text for names, text in texts.items() for name in names.split()}


_CLIENT: Final = Members(
    "a client",
    by_alias(
        {
            "run": "execute query query_all fetch fetch_all fetchall get get_all all send search "
            "find select list read collect retrieve request post ask call submit report results "
            "get_results run_query run_report run_all",
            "run_page": "get_page page one_page",
            "rows": "iter iter_rows iterate stream scroll iterrows iter_all query_all_iter",
            "pages": "iter_pages paginate chunks batches",
            "count": "len length size total count_leads",
            "export": "download save dump unload to_file to_parquet",
            "csv": "to_csv download_csv read_csv",
            "lead_fields": "fields get_fields metadata columns leads_metadata",
            "users": "get_users list_users owners",
            "plan": "explain estimate cost dry_run",
            "close": "disconnect quit shutdown",
        }
    ),
    _advice(
        {
            "connect login authenticate auth open": "nothing to connect; run sends the keys with "
            "each request",
            "where filter filter_by group_by groupby order_by table leads Leads Lead objects": (
                "queries start from Leads, and a client runs them: client.run(Leads.where(...))"
            ),
            "create insert add update upsert delete save_all patch put commit bulk": (
                "the API only reads leads"
            ),
            "to_pandas to_df read_sql df": "a result converts: client.run(query).to_pandas()",
            "to_polars": "a result converts: client.run(query).to_polars()",
            "first one fetchone get_one run_one": "write client.run(query, limit=1)[0]",
            "cursor session": "run returns all rows: client.run(query)",
            "sql": "read the statement first: client.run(from_sql(text)), from leadquery.sql",
        }
    ),
    {},
)

_AWAIT: Final = re.compile(r"client\.run\((?:[^()]|\([^()]*\))*\)")

_ASYNC_CLIENT: Final = Members(
    "an async client",
    {**_CLIENT.aliases, **by_alias({"aclose": "close disconnect quit shutdown"})},
    {name: _AWAIT.sub(r"(await \g<0>)", text) for name, text in _CLIENT.advice.items()},
    {},
)

_RESULT: Final = Members(
    "a result",
    by_alias(
        {
            "to_pandas": "to_df todf df as_df as_pandas pandas dataframe to_dataframe frame "
            "to_frame to_data_frame fetchdf fetch_df",
            "to_polars": "as_polars polars pl to_pl",
            "to_arrow": "as_arrow arrow to_pyarrow pyarrow to_table fetch_arrow_table",
            "to_csv": "csv save_csv write_csv as_csv",
            "to_json": "json dumps write_json as_json",
            "to_parquet": "parquet write_parquet save_parquet",
            "to_excel": "excel xlsx to_xlsx write_excel save_excel as_excel",
            "sort": "sort_values sorted order_by sort_by orderby arrange",
            "top": "nlargest largest top_n top_k",
            "pivot": "pivot_table crosstab unstack",
            "tz_convert": "convert_time_zone in_timezone to_timezone astimezone with_tz",
            "rows": "data records items values results all fetchall fetch_all to_dicts to_list "
            "tolist to_records to_dict as_dict todict mappings dicts leads",
            "total": f"count total_count totalcount {TOTAL} total_size totalSize rowcount",
            "columns": "keys fields names column_names field_names header",
            "plot": "chart bar hist draw",
        }
    ),
    _advice(
        {
            "filter where": "write it in the query, .where(...) for leads and .having(...) for "
            "groups, or use result.to_pandas()",
            "groupby group_by agg aggregate": (
                "write it in the query, such as .order_by(...), or use result.to_pandas()"
            ),
            "iloc loc shape info dtypes describe merge join apply map sample "
            "value_counts mean sum to_html to_markdown to_sql index": (
                "a DataFrame has it: result.to_pandas()"
            ),
            "iterrows itertuples iter_rows iter": "a result is its rows: for row in result",
            "next next_page has_more has_next pages page": (
                "client.run has read every page; client.pages(query) reads them one by one"
            ),
            "ok status status_code raise_for_status text content error errors": (
                "a result is a success; a request that fails raises an ApiError"
            ),
        }
    ),
    {
        **dict.fromkeys(("head", "limit", "take"), ("{0}[:{1}]", "5")),
        "tail": ("{0}[-{1}:]", "5"),
        **dict.fromkeys(("first", "one", "fetchone", "first_row"), ("{0}[0]", "")),
        "last": ("{0}[-1]", ""),
        "get": ("{0}[{1}]", "0"),
    },
)

_REPORT: Final = Members(
    "a report",
    by_alias(
        {
            "ok": "valid is_valid passed success clean",
            "diagnostics": "errors warnings problems issues messages results items findings",
            "fixed": "fix fix_all apply_fixes corrected repaired",
        }
    ),
    {},
    {},
)

_TABLE: Final = Members(
    "a table",
    by_alias({"run": "execute query fetch fetch_all fetchall get all collect read select find"}),
    _advice(
        {
            "count len length size total": "write table.run(Leads.count())",
            "where filter group_by groupby order_by": "queries start from Leads, and a table runs "
            "them: table.run(Leads.where(...))",
            "to_pandas to_df df": "a result converts: table.run(query).to_pandas()",
            "sql": "read the statement first: table.run(from_sql(text)), from leadquery.sql",
        }
    ),
    {},
)

MEMBERS: Final = {
    "Client": _CLIENT,
    "AsyncClient": _ASYNC_CLIENT,
    "Result": _RESULT,
    "Report": _REPORT,
    "Table": _TABLE,
}
"""By the name of the class, since clients and results are not loaded with the first query."""

_FIELD_ADVICE: Final = _advice(
    {
        "str": "methods are those of the field itself: {0}.contains(...)",
        "lower upper casefold strip": "the API compares text without regard to letter case; "
        "compare {0} itself",
        "not_like notlike not_ilike notilike": "the API finds a part of a text wherever it occurs: "
        "{0}.does_not_contain(...)",
        "regexp_match rlike search find": "the API finds a part of a text wherever it "
        "occurs: {0}.contains(...)",
        "is_ is_not isnot": "write {0} == value, or {0}.has_no_data() and {0}.has_data() for None",
        "not_between": "invert the condition: ~{0}.between(low, high)",
        "count size": "count() counts leads: Leads.where({0}.has_data()).count()",
        "dt date to_period strftime": "dates are grouped by calendar periods: "
        "{0}.month(), .day(), .year()",
        "since after": "compare {0} >= ..., or write {0}.during(...)",
        "before until": "compare {0} < ..., or write {0}.during(...)",
        "today yesterday this_week last_week this_month last_month this_quarter last_quarter "
        "this_year last_year last_days": "write {0}.during(periods.{1}())",
        "fillna fill_null coalesce ifnull": "leads without data are {0}.has_no_data()",
        "cast astype": "rows have Python values by the type of the field; a field with another "
        'type is declared: Number("mx_Deal_Value")',
        "apply map round abs clip rank cumsum hist": "the API computes no values; select {0}, and "
        "compute from the rows of client.run(query)",
        "nullslast nulls_last nullsfirst nulls_first": "rows without a value come last",
        "sort sort_values": "sort the rows of the query: .order_by({0})",
        "top nlargest": "sort and limit the rows: .order_by({0}.desc()).limit(5)",
        "nsmallest": "sort and limit the rows: .order_by({0}).limit(5)",
    }
    | {" ".join(BUCKET_METHODS): "dates are grouped by calendar periods: {0}.month()"}
    | {" ".join(VALUE_METHODS): "groups have a row for each value: Leads.group_by({0}).count()"}
    | {
        " ".join(
            OTHER_STATISTICS
        ): "no aggregate computes it; select {0}, and compute it of the rows"
    }
)


_METHOD: Final = re.compile(r"[{]0[}]\.(\w+)\(")


def improve_member(_message: str, misuse: Misuse) -> Improved:
    """The message for an attribute that a client, a result or a report does not have."""
    cls: Any = misuse.value
    name = misuse.name
    members = MEMBERS[cls.__name__]
    if name in getattr(misuse.target, "columns", ()):
        column = python_literal(name)
        message = (
            f"{members.noun} has no .{name}, but a column of that name; write result[{column}]"
        )
        return message, Misuse(misuse.kind, None, name, cls)
    if name in members.advice:
        return f"{members.noun} has no .{name}: {members.advice[name]}", misuse
    names = (*dir(cls), *getattr(cls, "__annotations__", ()))
    own = {one: one for one in names if not one.startswith("_")}
    near = members.aliases.get(name) or members.aliases.get(name.casefold())
    near = near or corrected_name(name, own)
    if name in members.parts:
        template, default = members.parts[name]
        hint = f"write {template.format('result', default)}"
    elif near is not None:
        hint = f"did you mean .{near}?"
    else:
        hint = f"it has {', '.join(own)}"
    message = f"{members.noun} has no .{name}; {hint}"
    return message, Misuse(misuse.kind, None, name, cls, suggestion=near)


def improve_field_attribute(message: str, misuse: Misuse) -> Improved:
    """The message for a method that fields of other libraries have, and no alias is for."""
    field: Any = misuse.target
    advice = _FIELD_ADVICE.get(misuse.name.casefold())
    # Not every type of field has the methods that a text names.
    if advice is None or not all(hasattr(type(field), one) for one in _METHOD.findall(advice)):
        return message, misuse
    text = advice.format(field, misuse.name)
    return f"{field!r} has no .{misuse.name}: {text}", misuse
