"""Names from other libraries: the name in leadquery for each, or why there is none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from leadquery.unknown_names import HOW_TO
from leadquery.wire.enums import ACCESS_KEY, SECRET_KEY


def by_alias(names: Mapping[str, str]) -> dict[str, str]:
    """The name for each alias, from the aliases of each name."""
    return {alias: name for name, aliases in names.items() for alias in aliases.split()}


QUERY_ALIASES: Final = by_alias(
    {
        "where": "filter filter_by filterby and_where andwhere find find_all search",
        "group_by": "groupby group",
        "average": "avg mean",
        "sum": "total",
        "count": "size length",
        "aggregate": "agg summarize summarise",
        "order_by": "orderby order sort sort_by sort_values sorted arrange",
        "select": "columns only project",
        "page": "paginate",
        "to_payload": "payload to_dict todict as_dict asdict dict body",
        "to_json": "json dumps",
        "created_in": "created_during",
        "created_since": "created_from",
        "modified_between": "updated_between changed_between",
        "modified_in": "modified_during updated_in changed_in",
        "modified_since": "modified_from updated_since changed_since",
        "owned_by": "owner owners with_owner",
    }
)
"""The methods of a query."""

TOP_LEVEL_ALIASES: Final = by_alias(
    {
        "from_payload": "from_json from_dict from_text parse load loads",
        "check": "validate verify lint",
        "Leads": "lead query",
        "periods": "dates",
    }
)
"""The public names."""

LIMIT_METHODS: Final = frozenset(["limit", "head", "take", "top"])
"""The first rows: a limit of a complete query."""

EXTREME_METHODS: Final = {"nlargest": True, "nsmallest": False}
"""The first rows in an order, and whether it is descending."""

OFFSET_METHODS: Final = frozenset(["offset", "skip"])
"""Rows to leave out, which are the pages before."""

EXCLUDE_METHODS: Final = frozenset(["exclude", "filter_not", "reject", "where_not", "without"])
"""The leads that do not meet a condition."""

FIRST_METHODS: Final = frozenset(["first", "one"])
"""One row."""

PAGES_METHODS: Final = frozenset(["iter_pages", "pages"])
"""All pages."""

STATISTICS: Final = by_alias(
    {
        "count_distinct": "count_distinct nunique n_unique distinct_count",
        "max": "max maximum",
        "median": "median",
        "min": "min minimum",
        "quantile": "quantile",
    }
)
"""Functions that are aggregates of a field, and no methods of a query."""

OTHER_STATISTICS: Final = frozenset(["mode", "std", "stddev", "var", "variance"])
"""Functions that nothing computes."""

VALUE_METHODS: Final = frozenset(["distinct", "drop_duplicates", "unique", "value_counts"])
"""The different values of a field."""

PIVOT_METHODS: Final = frozenset(["crosstab", "pivot", "pivot_table", "unstack"])
"""Groups of one field as columns."""

BUCKET_METHODS: Final = frozenset(["resample", "group_by_dynamic", "date_trunc"])
"""Groups by calendar periods."""

DAY_METHODS: Final = {
    "created_at": "created_between",
    "created_on": "created_between",
    "modified_at": "modified_between",
    "modified_on": "modified_between",
}
"""One day, which is a range."""

DATE_COMPARISONS: Final = {
    f"{event}_{word}": f"{field} {sign} ..."
    for event, field in (
        ("created", "CreatedOn"),
        ("modified", "ModifiedOn"),
        ("updated", "ModifiedOn"),
    )
    for word, sign in (("after", ">"), ("before", "<"), ("to", "<="), ("until", "<="))
}
"""Ranges with one end, which are conditions on the date."""

RECENT_METHODS: Final = by_alias(
    {
        "created_in": "created_last created_last_days created_in_last",
        "modified_in": "modified_last modified_last_days modified_in_last",
    }
)
"""The last days, which are a period."""

_DAYS: Final = re.compile(r"(?:last|past|previous)_?([1-9][0-9]*)_?days?")


def counted_days(name: str) -> str | None:
    """The number in a name such as last_7_days."""
    found = _DAYS.fullmatch(name.casefold())
    return None if found is None else found[1]


EXECUTE_METHODS: Final = frozenset(
    [
        "all",
        "collect",
        "compute",
        "execute",
        "fetch",
        "fetch_all",
        "fetchall",
        "get",
        "results",
        "run",
        "send",
    ]
)
"""Methods that send a query."""

RESULT_METHODS: Final = by_alias(
    {
        "to_arrow": "to_arrow",
        "to_csv": "to_csv write_csv",
        "to_excel": "to_excel write_excel",
        "to_pandas": "to_pandas to_df to_dataframe df",
        "to_parquet": "to_parquet write_parquet",
        "to_polars": "to_polars",
        "plot": "plot",
    }
)
"""Methods of a result."""

SORT_METHODS: Final = frozenset(
    [
        "asc",
        "ascending",
        "desc",
        "descending",
    ]
)
"""Directions of an order, which are methods of what the rows are sorted by."""

FIELD_ALIASES: Final = by_alias(
    {
        "is_in": "isin in_ in_list any_of one_of",
        "~is_in": "not_in notin notin_ is_not_in isnotin nin",
        "contains": "includes icontains has_substring",
        "does_not_contain": "not_contains notcontains does_not_include",
        "has_no_data": "is_null isnull isna is_na is_none isnone is_empty empty is_missing",
        "has_data": "is_not_null isnotnull not_null notnull notna is_not_none is_not_empty exists",
        "between": "in_range is_between",
        "==": "eq equals equal equal_to is_equal is_equal_to",
        "!=": "ne neq not_equal not_equals",
        "<": "lt less_than",
        "<=": "le lte",
        ">": "gt greater_than",
        ">=": "ge gte",
        "like": "ilike",
        "average": "avg mean",
        "sum": "total",
        "min": "minimum",
        "max": "maximum",
        "count_distinct": "nunique n_unique distinct_count",
        "asc": "ascending",
        "desc": "descending",
    }
)
"""The methods and operators of a field; signs are written between the field and the value."""

KEYWORD_ALIASES: Final = {
    "exact": "==",
    "in": "is_in",
    "isnull": "has_no_data",
    **{
        alias: sign
        for alias, sign in FIELD_ALIASES.items()
        if not sign.isidentifier() and sign[0] != "~"
    },
    "contains": "contains",
    "icontains": "contains",
}
"""Operators behind `__` in the keywords of other libraries."""

CLIENT_OPTIONS: Final = (
    *("host", "access_key", "secret_key", "session", "api_host", "paths", "rate", "max_attempts"),
    *("timeout", "deadline", "auth", "lock_file", "max_response_bytes", "clock"),
)
"""The arguments of a client, whose module is not loaded with the first query."""

CLIENT_ALIASES: Final = by_alias(
    {
        "host": "url base_url api_url hostname",
        "access_key": f"{ACCESS_KEY} access key",
        "secret_key": f"{SECRET_KEY} secret",
        "session": "proxies proxy verify cert headers http transport adapter ssl trust_env",
        "max_attempts": "retries retry max_retries attempts retry_count",
        "rate": "rate_limit ratelimit limit calls_per_second",
        "max_response_bytes": "max_bytes",
    }
)
"""Arguments of the clients of other libraries."""

PATTERN_METHODS: Final = frozenset(
    [
        "startswith",
        "starts_with",
        "istartswith",
        "endswith",
        "ends_with",
        "iendswith",
        "match",
        "regex",
        "regexp",
    ]
)
"""Searches that the API cannot do: where in a text a part is."""

UNSUPPORTED_METHODS: Final = {
    **dict.fromkeys(
        SORT_METHODS, "it is a method of what the rows are sorted by: .order_by(count().desc())"
    ),
    **dict.fromkeys(EXECUTE_METHODS, "a client sends it: client.run(query)"),
    **{
        name: f"a result has it: client.run(query).{method}(...)"
        for name, method in RESULT_METHODS.items()
    },
    **dict.fromkeys(EXCLUDE_METHODS, "invert the condition: .where(~condition)"),
    **dict.fromkeys(
        FIRST_METHODS, "a client reads a page of one row: client.run_page(query.page(1, 1))"
    ),
    **dict.fromkeys(PAGES_METHODS, "a client reads them: client.pages(query)"),
    **{
        name: f"it is an aggregate of a field: .aggregate(Score.{method}()); {HOW_TO}"
        for name, method in STATISTICS.items()
    },
    "quantile": f"it is an aggregate of a field: .aggregate(Score.quantile(0.9)); {HOW_TO}",
    **dict.fromkeys(
        OTHER_STATISTICS,
        "no aggregate computes it; read the values by .select(...), and compute it of the rows",
    ),
    **dict.fromkeys(
        VALUE_METHODS,
        "groups have a row for each value: .group_by(Source).count(); "
        "Source.count_distinct() is their number",
    ),
    **dict.fromkeys(
        PIVOT_METHODS,
        "group by both fields, .group_by(OwnerId, Source).count(), and pivot the result: "
        "client.run(query).pivot()",
    ),
    **dict.fromkeys(
        BUCKET_METHODS, "dates are grouped by calendar periods: .group_by(CreatedOn.month())"
    ),
    **{
        name: f"sort and limit the rows: .order_by({by}).limit(5)"
        for name, by in (("nlargest", "Score.desc()"), ("nsmallest", "Score"))
    },
    **dict.fromkeys(LIMIT_METHODS, "a limit comes after the output: .select(...).limit(10)"),
    **dict.fromkeys(OFFSET_METHODS, "rows come in pages: .page(3, 50) is rows 101 to 150"),
    **{name: f"write .{method}(day, day)" for name, method in DAY_METHODS.items()},
    **{name: f"write .{method}(periods.last_days(n))" for name, method in RECENT_METHODS.items()},
    **{name: f"write .where({condition})" for name, condition in DATE_COMPARISONS.items()},
}
"""Methods of other libraries that have no counterpart, and what to do instead."""
