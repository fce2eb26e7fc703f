"""Spark in local mode gives the rows of a plain loop."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from leadquery import Query
from leadquery.sql import Table
from tests.plain_loop import Lead
from tests.plan.test_law import questions, tables
from tests.sql.support import COLUMNS, typed, user_names
from tests.sql.test_law import check_rows

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]

TYPES = {
    "Score": "double",
    "DoNotCall": "boolean",
    "LastVisitDate": "timestamp",
    "CreatedOn": "timestamp_ntz",
}


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A session in another time zone than UTC."""
    sql = pytest.importorskip("pyspark.sql", reason="Spark is not installed")
    if shutil.which("java") is None:
        pytest.skip("Java is not installed")
    folder: Path = tmp_path_factory.mktemp("spark")
    session = (
        sql.SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.sql.session.timeZone", "Asia/Kolkata")
        .config("spark.sql.warehouse.dir", str(folder))
        .getOrCreate()
    )
    yield session
    session.stop()


def spark_table(
    session: Any, rows: Sequence[Lead], users: Sequence[Lead], *, typed_: bool
) -> Table:
    """Leads and users as views."""
    views: list[tuple[str, Sequence[Lead], Sequence[str], bool]] = [
        ("leads", rows, COLUMNS, typed_),
        ("users", users, user_names(users), False),
    ]
    for view, its_rows, names, is_typed in views:
        schema = ", ".join(
            f"`{name}` {TYPES.get(name, 'string') if is_typed else 'string'}" for name in names
        )
        values = [
            tuple(_value(name, row.get(name)) if is_typed else row.get(name) for name in names)
            for row in its_rows
        ]
        session.createDataFrame(values, schema).createOrReplaceTempView(view)
    return Table(session, users="users")


def _value(name: str, text: str | None) -> Any:
    value = typed(name, text)
    is_naive = isinstance(value, datetime) and TYPES[name] == "timestamp_ntz"
    return value.replace(tzinfo=None) if is_naive else value


@settings(max_examples=300)
@given(query=questions(), rows=tables, is_typed=st.booleans())
def test_rows_of_spark_are_those_of_a_plain_loop(
    spark: Any, query: Query[Any], rows: list[Lead], is_typed: bool
) -> None:
    def make(*args: Any, **options: Any) -> Table:
        return spark_table(spark, *args, **options)

    check_rows(make, query, rows, typed=is_typed)
