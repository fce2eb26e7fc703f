"""Many leads, and many clients: exports, and what the mock API takes."""

# mypy: ignore-errors
# The peers are not there when types are checked.

from __future__ import annotations

import csv
import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from operator import truediv
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from threading import Barrier, Thread
from time import perf_counter, process_time
from typing import Any

import requests

from leadquery import Leads
from leadquery.cli.row_files import read_rows
from leadquery.emulator import Emulator
from leadquery.emulator.demo import demo_fields, demo_leads, demo_users
from leadquery.emulator.server import BACKLOG, CONNECTIONS, THREADS
from leadquery.fields import OwnerId, ProspectStage, Score
from leadquery.wire.enums import PATH
from tests.benchmarks.peers.sending import COLUMNS, KEYS, serving
from tests.benchmarks.profiles import functions
from tests.benchmarks.race import Contest, Table

LEADS = 1_000_000
EXPORTS = {
    "leadquery, CSV": ("ours", "csv"),
    "a loop, a session and csv": ("loop-csv", "csv"),
    "leadquery, Parquet": ("ours", "parquet"),
    "a loop, a session and pyarrow": ("loop-parquet", "parquet"),
}
ROUNDS = 2

Rows = list[dict[str, str]]


def sections(share: float) -> Iterator[Contest | Table]:
    """All of them, with a share of the leads."""
    size = round(LEADS * share)
    with TemporaryDirectory() as folder:
        leads = list(demo_leads(size))
        yield _loading(leads, Path(folder, "leads.csv"))
        yield _grouping(leads)
        del leads
        yield _exports(size, Path(folder))
    yield _clients(200, 10)


def _exports(size: int, folder: Path) -> Table:
    """Every export in a process of its own, first of a tenth of the leads."""
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in EXPORTS}
    with serving(size, 0, "none") as url:
        for rows in (size // 10, *[size] * ROUNDS):
            for name, (export, ending) in EXPORTS.items():
                file = folder / f"{export}.{ending}"
                command = [sys.executable, "-m", "tests.benchmarks.peers.exporting", export, url]
                done = subprocess.run(
                    [*command, str(file), str(rows)], check=True, stdout=subprocess.PIPE
                )
                runs[name].append(json.loads(done.stdout))
                file.unlink()
    rates = {name: [size / run["seconds"] for run in runs[name][1:]] for name in runs}
    names = [*EXPORTS]
    rows = {
        name: [
            median(rates[name]),
            median(map(truediv, rates[ours], rates[name])),
            runs[name][0]["memory"],
            runs[name][-1]["memory"],
        ]
        for ours, theirs in (names[:2], names[2:])
        for name in (ours, theirs)
    }
    return Table(
        f"Export {size:,} leads without a rate limit",
        f"{len(COLUMNS)} columns in pages of 1,000 leads, from the mock API in another process on "
        "the same machine, without a delay. A ratio above 1 is slower than leadquery. Memory "
        f"is the most that the process had, for {size // 10:,} leads and "
        "for all.",
        {"rows per second": "rows/s", "ratio": "ratio", f"{size // 10:,}": "MB", f"{size:,}": "MB"},
        rows,
    )


def _loading(leads: Rows, file: Path) -> Table:
    """From dicts and from a file, once: each takes seconds."""
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, leads[0])
        writer.writeheader()
        writer.writerows(leads)
    users, fields = demo_users(), demo_fields()

    def csv_to_sqlite() -> None:
        with file.open(encoding="utf-8", newline="") as opened:
            _sqlite(csv.DictReader(opened), [*leads[0]])

    seconds = {
        "Emulator(leads)": _seconds(lambda: Emulator(leads, users, fields)),
        "sqlite3, a column for each field": _seconds(lambda: _sqlite(leads, [*leads[0]])),
        "leadquery serve --leads FILE": _seconds(
            lambda: Emulator(read_rows(str(file)), users, fields)
        ),
        "csv and sqlite3": _seconds(csv_to_sqlite),
    }
    names = [*seconds]
    return Table(
        f"Load {len(leads):,} leads into the mock API",
        f"Demo leads with {len(leads[0])} fields, from dicts, and from the CSV file that they are "
        "in. The mock API knows the types of fields, and makes the index of its lists; sqlite3 "
        "stores texts.",
        {"processor time": "s", "ratio": "ratio"},
        {
            name: [seconds[name], seconds[name] / seconds[ours]]
            for ours, theirs in (names[:2], names[2:])
            for name in (ours, theirs)
        },
        profile=partial(functions, partial(Emulator, leads, users, fields)),
    )


def _seconds(work: Callable[[], object]) -> float:
    """The time of the processor."""
    begin = process_time()
    work()
    return process_time() - begin


def _sqlite(rows: Iterable[Mapping[str, object]], names: Sequence[str]) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.execute(f"CREATE TABLE leads ({', '.join(names)})")
    marks = ", ".join("?" * len(names))
    values = (tuple(row.values()) for row in rows)
    connection.executemany(f"INSERT INTO leads VALUES ({marks})", values)
    return connection


def _grouping(leads: Rows) -> Contest:
    emulator = Emulator(leads, demo_users(), demo_fields())
    payload = Leads.group_by(OwnerId).average(Score).to_payload()
    names = (OwnerId.name, Score.name)
    scores = [{name: lead[name] for name in names} for lead in leads]
    connection = _sqlite(({**row, names[1]: float(row[names[1]])} for row in scores), names)
    query = "SELECT OwnerId, AVG(Score) FROM leads GROUP BY OwnerId"

    def grouped() -> list[tuple[str, float]]:
        return connection.execute(query).fetchall()

    assert len(emulator.answer(payload)["Results"]) == len(grouped())
    return Contest(
        f"Group {len(leads):,} leads by owner in the mock API",
        f"With the average score of each owner. sqlite3 runs `{query}` on a table of only these "
        "columns, with scores as numbers.",
        {"leadquery": partial(emulator.answer, payload), "sqlite3": grouped},
        rounds=5,
    )


def _clients(clients: int, calls: int) -> Table:
    """Threads with a session each, that call at the same time."""
    query = Leads.where(ProspectStage == "Lead").select(*COLUMNS).page(1, 100)
    payload = query.to_payload()
    with serving(10_000, 0, "none") as url:
        body = requests.post(f"{url}{PATH}", params=KEYS, json=payload, timeout=60).content
        mock = _latencies(url, payload, clients, calls)
    with _fixed_server(body) as url:
        fixed = _latencies(url, payload, clients, calls)
    return Table(
        f"{clients} clients of the mock API at once",
        f"Threads of one process with a requests.Session each make {calls} calls one after the "
        "other, each for the first 100 of 2,400 leads at a stage, of 10,000. The mock API runs one "
        "query at a time, so a call waits for those of all other clients. waitress, its server, "
        "sends a fixed response for comparison.",
        {"median": "s", "99th percentile": "s", "calls per second": "", "errors": ""},
        {"leadquery serve": mock, "waitress, a fixed response": fixed},
    )


def _latencies(url: str, payload: Any, clients: int, calls: int) -> list[float]:
    """The median and the 99th percentile of latencies, the calls per second, and the errors."""
    seconds: list[float] = []
    start = Barrier(clients + 1)

    def call_often() -> None:
        with requests.Session() as session:
            start.wait()
            for _ in range(calls):
                begin = perf_counter()
                with suppress(requests.RequestException):
                    reply = session.post(f"{url}{PATH}", params=KEYS, json=payload, timeout=60)
                    reply.raise_for_status()
                    seconds.append(perf_counter() - begin)

    threads = [Thread(target=call_often) for _ in range(clients)]
    for thread in threads:
        thread.start()
    start.wait()
    begin = perf_counter()
    for thread in threads:
        thread.join()
    rate = len(seconds) / (perf_counter() - begin)
    return [median(seconds), quantiles(seconds, n=100)[98], rate, clients * calls - len(seconds)]


FIXED_SERVER = f"""
import sys
from waitress.server import create_server

body = sys.stdin.buffer.read()

def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "application/json")])
    return [body]

limits = {{"threads": {THREADS}, "connection_limit": {CONNECTIONS}, "backlog": {BACKLOG}}}
server = create_server(app, host="127.0.0.1", port=0, **limits)
print(f"http://127.0.0.1:{{server.effective_port}}", flush=True)
server.run()
"""


@contextmanager
def _fixed_server(body: bytes) -> Iterator[str]:
    """The URL of a server that sends the same body whatever it is asked."""
    command = [sys.executable, "-c", FIXED_SERVER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        try:
            server.stdin.write(body)
            server.stdin.close()
            yield server.stdout.readline().decode().strip()
        finally:
            server.kill()
