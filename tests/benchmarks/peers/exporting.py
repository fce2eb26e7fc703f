"""One export of many leads, by leadquery or by a plain loop.

`python -m tests.benchmarks.peers.exporting NAME URL FILE ROWS` prints the seconds that it took and
the most memory of its process, in MB, as JSON.
"""

# mypy: ignore-errors
# The peers are not there when types are checked.

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any

import requests

from tests.benchmarks.peers.sending import COLUMNS, KEYS, each_page

PAGE_SIZE = 1_000


def ours(url: str, file: Path, rows: int) -> None:
    """By leadquery; the file's extension says in which format."""
    from leadquery import Client, Leads

    client = Client(url, *KEYS.values(), rate=None)
    query = Leads.select(*COLUMNS).page(1, PAGE_SIZE)
    assert client.export(query, file, limit=rows, progress=False).rows == rows


def _pages(url: str, rows: int) -> Iterator[list[dict[str, Any]]]:
    with requests.Session() as session:
        yield from islice(each_page(session.post, url, PAGE_SIZE), rows // PAGE_SIZE)


def loop_csv(url: str, file: Path, rows: int) -> None:
    """A loop that writes with csv."""
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, COLUMNS)
        writer.writeheader()
        for page in _pages(url, rows):
            writer.writerows(page)


def loop_parquet(url: str, file: Path, rows: int) -> None:
    """A loop that writes with pyarrow, by twenty pages as leadquery does."""
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

    schema = pa.schema([(name, pa.string()) for name in COLUMNS])
    pages = _pages(url, rows)
    with ParquetWriter(file, schema) as writer:
        while group := list(islice(pages, 20)):
            tables = (pa.Table.from_pylist(page, schema) for page in group)
            writer.write_table(pa.concat_tables(tables))


EXPORTS = {"ours": ours, "loop-csv": loop_csv, "loop-parquet": loop_parquet}


def most_memory() -> float | None:
    """The most memory that this process has had, in MB, where Linux tells it.

    What `resource` tells includes the process that started this one.
    """
    status = Path("/proc/self/status")
    lines = status.read_text("utf-8").splitlines() if status.exists() else []
    sizes = (line.split()[1] for line in lines if line.startswith("VmHWM:"))
    return next((int(kilobytes) / 1e3 for kilobytes in sizes), None)


def main(name: str, url: str, file: str, rows: str) -> None:
    """Export, and print what it took."""
    begin = perf_counter()
    EXPORTS[name](url, Path(file), int(rows))
    print(json.dumps({"seconds": perf_counter() - begin, "memory": most_memory()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
