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

Start reading at `writer`, which builds the statement, and at `patterns`, which has the forms that
it is built of, one function each. `dialects` says where engines differ, `columns` which column
holds a field and as what, `conditions` turns conditions into SQL. `table.Table` runs it.

`from_sql` reads a statement as a query. Start reading at `reader`, which goes through the clauses;
`statement` parses the text and knows its places, `names` finds the fields of columns, `predicates`
reads conditions, `literals` their values, and `outputs` aggregates and periods. `written` and
`steps` turn the forms that `to_sql` writes into plain SQL first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from leadquery.errors import check_call
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
    from leadquery.sql import reader

    return reader.from_sql(text, dialect, fields)
