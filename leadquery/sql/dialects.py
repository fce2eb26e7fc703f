"""The SQL dialects that queries are written in, and where they differ."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from attrs import Factory, evolve, field as attribute, frozen

from leadquery._util.text import closest_match
from leadquery.errors import QueryError


@frozen
class Dialect:
    """What the writer needs to know of an engine. sqlglot knows it by the same name."""

    name: str
    family: str = attribute(default=Factory(lambda self: self.name, takes_self=True))
    """The dialect whose forms it has, if those are not its own."""
    has_booleans: bool = True
    """Whether it has TRUE and FALSE; otherwise a checkbox is a number, 1 or 0."""
    empty_is_null: bool = False
    """Whether empty text is NULL."""
    collation: str | None = None
    """The collation that compares and sorts text by its characters, where it is not the default."""
    order_collation: str | None = None
    """The same, where it is the default for equality only."""
    text: str = "VARCHAR"
    """The type of text of any length."""
    timestamp: str = "TIMESTAMP"
    """The type of a moment in UTC."""
    aware_timestamp: str = "TIMESTAMPTZ"
    """The type of a moment that has its time zone."""
    moment: str | None = None
    """How a moment is written, where a cast of text depends on settings."""
    dates_are_aware: bool = False
    """Whether the dates of leads are usually stored with their time zone."""
    dates_are_text: bool = False
    """Whether it has no type for dates, and they are stored as text such as 2026-01-31 18:30:00."""
    nulls_are_small: bool = False
    """Whether null sorts before all values, and there is no NULLS LAST."""
    folds_names: Callable[[str], str] | None = None
    """What it does with names without quotes, where letter case counts in names."""
    quantile: str | None = None
    """Its exact quantile that interpolates linearly; without it, ranks are counted."""


_PERCENTILE_CONT: Final = "PERCENTILE_CONT(q_) WITHIN GROUP (ORDER BY value_)"

_SPARK: Final = Dialect(
    "spark",
    timestamp="TIMESTAMP_NTZ",
    aware_timestamp="TIMESTAMP",
    dates_are_aware=True,
    quantile="PERCENTILE(value_, q_)",
)

_DIALECTS: Final = (
    Dialect("duckdb", quantile="QUANTILE_CONT(value_, q_)"),
    Dialect("sqlite", has_booleans=False, dates_are_text=True),
    Dialect("postgres", order_collation="C", folds_names=str.lower, quantile=_PERCENTILE_CONT),
    Dialect("mysql", collation="utf8mb4_0900_bin", timestamp="DATETIME(6)", nulls_are_small=True),
    Dialect("bigquery", timestamp="DATETIME", aware_timestamp="TIMESTAMP", dates_are_aware=True),
    Dialect(
        "snowflake", folds_names=str.upper, timestamp="TIMESTAMP_NTZ", quantile=_PERCENTILE_CONT
    ),
    Dialect("redshift", quantile=_PERCENTILE_CONT),
    evolve(_SPARK, name="databricks"),
    _SPARK,
    Dialect("trino", aware_timestamp="TIMESTAMP WITH TIME ZONE"),
    Dialect("clickhouse", moment="toDateTime64(x_, 6, 'UTC')"),
    Dialect(
        "tsql",
        has_booleans=False,
        collation="Latin1_General_100_BIN2_UTF8",
        text="NVARCHAR(4000)",
        timestamp="DATETIME2",
        aware_timestamp="DATETIMEOFFSET",
        nulls_are_small=True,
    ),
    Dialect(
        "oracle",
        has_booleans=False,
        empty_is_null=True,
        folds_names=str.upper,
        text="VARCHAR2(4000)",
        moment="TO_TIMESTAMP(x_, 'YYYY-MM-DD HH24:MI:SS')",
        aware_timestamp="TIMESTAMP WITH TIME ZONE",
        quantile=_PERCENTILE_CONT,
    ),
)

DIALECTS: Final = {dialect.name: dialect for dialect in _DIALECTS}
"""Every dialect by its name."""

ALIASES: Final = {
    "postgresql": "postgres",
    "pg": "postgres",
    "mariadb": "mysql",
    "sqlite3": "sqlite",
    "sparksql": "spark",
    "pyspark": "spark",
    "presto": "trino",
    "athena": "trino",
    "mssql": "tsql",
    "sqlserver": "tsql",
    "t-sql": "tsql",
    "transact-sql": "tsql",
    "googlesql": "bigquery",
}
"""Other names of dialects."""


def find_dialect(name: object) -> Dialect:
    """The dialect of a name, in any case. Raises QueryError for an unknown one."""
    if isinstance(name, str):
        key = name.strip().casefold().replace(" ", "")
        key = ALIASES.get(key, key)
        if key in DIALECTS:
            return DIALECTS[key]
        near = closest_match(key, {one: one for one in (*DIALECTS, *ALIASES)})
        hint = f"did you mean {near!r}?" if near else f"write one of {', '.join(DIALECTS)}"
        raise QueryError(f"{name!r} is not a dialect of SQL that queries are written in; {hint}")
    raise QueryError(f"a dialect is text such as 'postgres', not {name!r}")
