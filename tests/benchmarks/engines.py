"""Queries on leads in Parquet beside DuckDB statements written by hand, and ibis.

The numbers in the rows are compared first. Processor time counts, that of all threads: other work
on the machine changes it little.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

import duckdb

from leadquery import Leads, Query, count, periods
from leadquery.fields import CreatedOn, OwnerId, ProspectStage, Revenue, Score, Source, mx_City
from leadquery.sql import Table

from . import race

RUNS = 7
SIZES = (1_000_000, 10_000_000)

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


def _fetch(connection: duckdb.DuckDBPyConnection, statement: str) -> list[Any]:
    return connection.execute(statement).fetchall()


def _numbers(rows: Iterable[Iterable[object]]) -> list[list[float]]:
    """The numbers of rows, by which they are compared: spellings and types of dates may differ."""
    return sorted(
        [round(value, 6) for value in row if isinstance(value, (int, float))] for row in rows
    )


def _with_ibis(file: Path) -> dict[str, Callable[[], Any]]:
    """The same questions in ibis."""
    import ibis

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


def written(folder: Path, leads: int) -> Path:
    """The Parquet file of so many leads."""
    file = folder / f"{leads}.parquet"
    if not file.exists():
        duckdb.sql(MAKE.format(leads=leads, file=file))
    return file


def sections(share: float) -> Iterator[race.Table]:
    """The median processor time of each question, by library, with a share of the leads."""
    with TemporaryDirectory() as folder:
        sizes = (round(size * share) for size in SIZES)
        yield _table({leads: written(Path(folder), leads) for leads in sizes})


def _table(files: dict[int, Path]) -> race.Table:
    rows = {
        f"{name}, {leads / 1e6:g} million": _medians(name, calls)
        for leads, file in files.items()
        for name, calls in _calls(file).items()
    }
    largest = max(files)
    return race.Table(
        "Ask an engine",
        "Leads in a Parquet file, asked by DuckDB: a statement written by hand, ibis, and "
        "`leadquery.sql.Table`, with the same rows. The processor time of all threads, the median "
        f"of {RUNS} runs in turn. leadquery groups text as it is first, and by lower case then. "
        f"A process that asks all four of {largest / 1e6:g} million leads by leadquery takes "
        f"{_most_memory(files[largest])} MB at most.",
        {"by hand": "s", "ibis": "s", "leadquery": "s", "leadquery / by hand": "ratio"},
        rows,
    )


def _calls(file: Path) -> dict[str, dict[str, Callable[[], Any]]]:
    """The calls for each question, by library."""
    connection = duckdb.connect()
    connection.read_parquet(str(file)).create_view("leads")
    ours, in_ibis = Table(file), _with_ibis(file)
    return {
        name: {
            "by hand": partial(_fetch, connection, statement),
            "ibis": in_ibis[name],
            "leadquery": partial(ours.run, query),
        }
        for name, (query, statement) in QUESTIONS.items()
    }


def _medians(question: str, calls: dict[str, Callable[[], Any]]) -> list[float | None]:
    expected = _numbers(calls["by hand"]())
    assert _numbers(row.values() for row in calls["leadquery"]()) == expected, question
    assert _numbers(row.values() for row in calls["ibis"]().to_pylist()) == expected, question
    times: dict[str, list[float]] = {library: [] for library in calls}
    for _ in range(RUNS):
        for library, call in calls.items():
            start = process_time()
            call()
            times[library].append(process_time() - start)
    medians: list[float | None] = [statistics.median(each) for each in times.values()]
    by_hand, _, ours = map(statistics.median, times.values())
    return [*medians, ours / by_hand]


def _most_memory(file: Path) -> int:
    """The most memory of a process that runs each question once, in MB."""
    source = (
        "import resource; from leadquery.sql import Table\n"
        "from tests.benchmarks.engines import QUESTIONS\n"
        f"table = Table({str(file)!r})\n"
        "for query, _ in QUESTIONS.values(): table.run(query)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 // 10**6)"
    )
    command = [sys.executable, "-c", source]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
