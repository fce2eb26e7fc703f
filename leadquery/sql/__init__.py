"""The same query where the leads are: as one SQL statement, and run on a file or a database.

`Query.to_sql` writes a statement for one of twelve dialects. `Table` runs a query on a Parquet or
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

Start reading at `writer`, which builds the statement, and at `patterns`, which has the forms that
it is built of, one function each. `dialects` says where engines differ, `columns` which column
holds a field and as what, `conditions` turns conditions into SQL. `table.Table` runs it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from leadquery.result.frames import import_optional
from leadquery.sql.table import Table as Table

if TYPE_CHECKING:
    from leadquery.query.query import Query


def to_sql(
    query: Query,
    dialect: str,
    table: str,
    users: str | None,
    columns: Mapping[str, str] | None,
) -> str:
    """The statement of a query; see `Query.to_sql`."""
    import_sqlglot("to_sql()")
    from leadquery.sql import writer

    return writer.to_sql(query, dialect, table, users, columns)


def import_sqlglot(method: str) -> None:
    """Raise MissingDependencyError, which says what to install, without sqlglot."""
    import_optional(method, "sqlglot", extra="sql")
