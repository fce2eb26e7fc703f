"""The same query where the leads are: as one SQL statement, and run on a file or a database.

`Query.to_sql` writes a statement for one of thirteen dialects. `Table` runs a query on a Parquet or
CSV file, a DataFrame, a database connection or a SparkSession, and gives the `Result` that the
client gives. It needs sqlglot: `pip install 'leadquery[sql]'`, or `leadquery[duckdb]` for files and
DataFrames.

>>> from leadquery import Leads
>>> from leadquery.fields import Score, Source
>>> print(Leads.where(Score > 50).group_by(Source).count().to_sql("postgres", table="crm.leads"))
SELECT
  MIN(NULLIF(Source, '')) AS Source,
  COUNT(*) AS Count
FROM crm.leads
WHERE
  Score > 50
GROUP BY
  NULLIF(LOWER(Source), '')

`writer` writes statements, and `reader` reads them. They share their forms: `patterns`,
`date_patterns` and `text_patterns` have one function each. `dialects` says where engines differ,
and `tables` which columns there are and what they hold.

`table.Table` runs a statement by one of the `engines`, which `open_engine` chooses.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from leadquery.errors import check_call
from leadquery.result.frames import import_optional
from leadquery.sql.table import Table

if TYPE_CHECKING:
    from leadquery.query.query import Query

__all__ = ["Table", "from_sql"]


def to_sql(
    query: Query,
    dialect: str,
    table: str,
    users: str | None,
    columns: Mapping[str, str] | None,
) -> str:
    """The statement of a query; see `Query.to_sql`."""
    import_sqlglot("to_sql()")
    from leadquery.sql.writer import writer

    return writer.to_sql(query, dialect, table, users, columns)


def import_sqlglot(method: str, extra: str = "sql") -> None:
    """Raise MissingDependencyError, which says what to install, without sqlglot."""
    import_optional(method, "sqlglot", extra=extra)


@check_call
def from_sql(text: str, dialect: str | None = None, fields: object = None) -> Query:
    """The query of a SELECT from a table of leads.

    `dialect` is the engine it is written for, such as "postgres"; without one, common SQL is read.
    `fields` are the account's lead fields, as `check` takes them; without them, columns are the
    standard fields, or any fields of an account. A column has the name of its field or its display
    name.

    Columns, DISTINCT, COUNT, AVG, SUM, MIN, MAX, medians and quantiles, WHERE, GROUP BY with
    DATE_TRUNC, HAVING, ORDER BY and LIMIT are read, and `OwnerId IN (SELECT UserID FROM users WHERE
    ...)`. Raises SqlError for anything else, with each place and what to write there. Warns where
    the query means something else than the statement: text is compared without regard to case.

    >>> from leadquery.sql import from_sql
    >>> from_sql("SELECT OwnerId, COUNT(*) FROM leads WHERE Score > 50 GROUP BY OwnerId")
    Leads.where(Score > 50).group_by(OwnerId).count()
    """
    import_sqlglot("from_sql()")
    from leadquery.sql.reader import reader

    return reader.from_sql(text, dialect, fields)
