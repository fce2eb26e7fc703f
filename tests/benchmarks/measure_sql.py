"""Compare queries on leads in Parquet with DuckDB statements written by hand, and with ibis.

    python -m tests.benchmarks.measure_sql 1_000_000 10_000_000

prints, for each question, the median processor time of each over some interleaved runs, the ratio
of the medians, and the most memory that a process takes. Other work on the machine changes the time
that passes by a factor, and the processor time little. The numbers in the rows are compared first.
ibis and Spark are left out unless they are installed; of Spark, only the start is measured.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from leadquery import Leads, Query, count, periods
from leadquery.fields import CreatedOn, OwnerId, ProspectStage, Revenue, Score, Source, mx_City
from leadquery.sql import Table

RUNS = 7

MAKE = """
CREATE OR REPLACE TEMP MACRO pick(i, n) AS CAST(hash(i) % n AS INT);
COPY (
  SELECT
    printf('%08x-0000', i) AS ProspectID,
    printf('owner-%03d', pick(i, 200)) AS OwnerId,
    CASE WHEN pick(i + 1, 20) = 0 THEN NULL ELSE
      ['Web', 'Fair', 'Referral', 'web', 'Sales call', 'Straße'][1 + pick(i + 2, 6)]
    END AS Source,
    ['Lead', 'Prospect', 'Customer', 'Opportunity'][1 + pick(i + 3, 4)] AS ProspectStage,
    CASE WHEN pick(i + 4, 10) = 0 THEN NULL ELSE
      ['Delhi', 'Mumbai', 'Pune', 'Agra', 'Chennai', 'delhi'][1 + pick(i + 5, 6)]
    END AS mx_City,
    CASE WHEN pick(i + 6, 10) > 0 THEN CAST(pick(i + 7, 100) AS DOUBLE) END AS Score,
    CASE WHEN pick(i + 8, 3) = 0 THEN CAST(hash(i + 9) % 100000 AS DOUBLE) / 4 END AS Revenue,
    TIMESTAMP '2024-01-01' + TO_SECONDS(CAST(hash(i + 10) % 63072000 AS BIGINT)) AS CreatedOn
  FROM (SELECT range AS i FROM range({leads}))
) TO '{file}' (FORMAT parquet)
"""

QUESTIONS: dict[str, tuple[Query[Any], str]] = {
    "count by a dropdown": (
        Leads.where(Score > 50).group_by(Source).count(),
        """SELECT MIN(Source), COUNT(*) AS leads FROM leads WHERE Score > 50
        GROUP BY NULLIF(LOWER(Source), '') ORDER BY leads DESC""",
    ),
    "averages and sums by owner": (
        Leads.where(mx_City == "Delhi")
        .group_by(OwnerId)
        .aggregate(count(), Score.average(), Revenue.sum()),
        """SELECT MIN(OwnerId), COUNT(*) AS leads, AVG(Score), SUM(Revenue) FROM leads
        WHERE LOWER(mx_City) = 'delhi' GROUP BY NULLIF(LOWER(OwnerId), '') ORDER BY leads DESC""",
    ),
    "months of a year by stage": (
        Leads.where((Score > 80) | (Source == "Web"))
        .created_in(periods.year(2025))
        .group_by(ProspectStage, CreatedOn.month())
        .count(),
        """SELECT MIN(ProspectStage), DATE_TRUNC('month', CreatedOn), COUNT(*) FROM leads
        WHERE (Score > 80 OR LOWER(Source) = 'web')
        AND CreatedOn >= TIMESTAMP '2025-01-01' AND CreatedOn < TIMESTAMP '2026-01-01'
        GROUP BY NULLIF(LOWER(ProspectStage), ''), 2 ORDER BY 3 DESC""",
    ),
    "median by owner, best five": (
        Leads.group_by(OwnerId)
        .aggregate(count(), Score.median())
        .having(count() > 100)
        .order_by(Score.median().desc())
        .limit(5),
        """SELECT MIN(OwnerId), COUNT(*) AS leads, QUANTILE_CONT(Score, 0.5) AS middle FROM leads
        GROUP BY NULLIF(LOWER(OwnerId), '') HAVING leads > 100 ORDER BY middle DESC, 1 LIMIT 5""",
    ),
}


def seconds(run: Callable[[], object]) -> float:
    """The processor time of a call, that of all threads."""
    start = time.process_time()
    run()
    return time.process_time() - start


def _fetch(connection: duckdb.DuckDBPyConnection, statement: str) -> list[Any]:
    return connection.execute(statement).fetchall()


def numbers_of(rows: Iterable[Iterable[object]]) -> list[list[float]]:
    """The numbers of rows, by which they are compared: spellings and types of dates may differ."""
    return sorted(
        [round(value, 6) for value in row if isinstance(value, (int, float))] for row in rows
    )


def with_ibis(file: Path) -> dict[str, Callable[[], Any]]:
    """The same questions in ibis."""
    try:
        import ibis
    except ModuleNotFoundError:
        return {}
    leads = ibis.duckdb.connect().read_parquet(str(file), table_name="leads")
    of = ibis._
    by_source = (
        leads.filter(of.Score > 50)
        .group_by(key=of.Source.lower())
        .agg(Source=of.Source.min(), Count=of.count())
        .order_by(ibis.desc("Count"))
    )
    by_owner = (
        leads.filter(of.mx_City.lower() == "delhi")
        .group_by(key=of.OwnerId.lower())
        .agg(OwnerId=of.OwnerId.min(), Count=of.count(), a=of.Score.mean(), s=of.Revenue.sum())
        .order_by(ibis.desc("Count"))
    )
    by_month = (
        leads.filter((of.Score > 80) | (of.Source.lower() == "web"))
        .filter(of.CreatedOn >= "2025-01-01", of.CreatedOn < "2026-01-01")
        .group_by(key=of.ProspectStage.lower(), month=of.CreatedOn.truncate("M"))
        .agg(ProspectStage=of.ProspectStage.min(), Count=of.count())
        .order_by(ibis.desc("Count"))
    )
    best = (
        leads.group_by(key=of.OwnerId.lower())
        .agg(OwnerId=of.OwnerId.min(), Count=of.count(), middle=of.Score.median())
        .filter(of.Count > 100)
        .order_by(ibis.desc("middle"), "OwnerId")
        .limit(5)
    )
    return dict(
        zip(
            QUESTIONS,
            (each.to_pyarrow for each in (by_source, by_owner, by_month, best)),
            strict=True,
        )
    )


def compare(leads: int, folder: Path) -> None:
    """Print the times for so many leads."""
    file = folder / f"{leads}.parquet"
    duckdb.sql(MAKE.format(leads=leads, file=file))
    connection = duckdb.connect()
    connection.read_parquet(str(file)).create_view("leads")
    table = Table(file)
    in_ibis = with_ibis(file)
    print(f"{leads:,} leads, {file.stat().st_size / 2**20:,.0f} MiB")
    for name, (query, statement) in QUESTIONS.items():
        calls: dict[str, Callable[[], object]] = {
            "by hand": partial(_fetch, connection, statement),
            "leadquery": partial(table.run, query),
        }
        expected = numbers_of(_fetch(connection, statement))
        assert numbers_of(row.values() for row in table.run(query)) == expected, name
        if name in in_ibis:
            calls["ibis"] = in_ibis[name]
            found = numbers_of(row.values() for row in in_ibis[name]().to_pylist())
            assert found == expected, name
        times: dict[str, list[float]] = {library: [] for library in calls}
        for run in range(RUNS + 1):
            for library, call in calls.items():
                taken = seconds(call)
                if run:
                    times[library].append(taken)
        medians = {library: statistics.median(each) for library, each in times.items()}
        texts = ", ".join(
            f"{library} {median * 1000:,.0f} ms" for library, median in medians.items()
        )
        ratio = medians["leadquery"] / medians["by hand"]
        print(f"  {name}: {texts}; {ratio:.2f} times")
    source = f"from tests.benchmarks.measure_sql import run_all; run_all({str(file)!r})"
    output = subprocess.run(
        [sys.executable, "-c", source], check=True, capture_output=True, text=True
    ).stdout
    print(f"  most memory: {output.strip()} MiB")


def start_spark() -> None:
    """Print how long Spark takes to start, and to count one row."""
    try:
        from pyspark.sql import SparkSession
    except ModuleNotFoundError:
        return
    start = time.perf_counter()
    session = (
        SparkSession.builder.master("local[*]").config("spark.ui.enabled", "false").getOrCreate()
    )
    session.range(1).count()
    print(f"Spark: {time.perf_counter() - start:.1f} s until it has counted one row")
    session.stop()


def run_all(file: str) -> None:
    """Run each question once, and print the most memory that it took, in MiB."""
    table = Table(file)
    for query, _ in QUESTIONS.values():
        table.run(query)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        for argument in sys.argv[1:]:
            compare(int(argument), Path(temporary))
    start_spark()
