"""Long lists, fetched by leadquery and by a plain loop."""

# mypy: ignore-errors
# The peers are not there when types are checked.

from __future__ import annotations

import csv
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import requests

from leadquery import Client, Leads
from leadquery.wire.enums import PATH
from tests.benchmarks.race import Contest

COLUMNS = ("ProspectID", "FirstName", "EmailAddress", "Phone", "ProspectStage", "Score")
KEYS = {"accessKey": "access", "secretKey": "secret"}
LATENCY = 0.05
ROWS = 200
PAGES = 20
# What the API allows, at a fifth of its seconds: 25 calls in 5 of them, 300 ms there and back.
CALLS, SECONDS, LIMITED_LATENCY = 25, 1.0, 0.03
LIMITED_ROWS, LIMITED_PAGES = 10, 75

Post = Callable[..., requests.Response]


_find_url = re.compile(r"http://[0-9.:]+").search


@contextmanager
def serving(leads: int, latency: float, rate: str) -> Iterator[str]:
    """The URL of a mock API in a process of its own."""
    limits = ["--demo", str(leads), "--latency", str(latency), "--rate", rate, "--port", "0"]
    with subprocess.Popen(
        [sys.executable, "-m", "leadquery", "serve", *limits], stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            yield _find_url(server.stdout.readline())[0]
        finally:
            server.kill()


def each_page(post: Post, url: str, size: int) -> Iterator[list[dict[str, Any]]]:
    """A plain loop that requests page after page until all rows are there."""
    index = found = 0
    total = 1
    while found < total:
        index += 1
        payload = {
            "Output": {"Type": "list", "IncludeCSV": ",".join(COLUMNS)},
            "Paging": {"PageIndex": index, "PageSize": size},
        }
        response = post(f"{url}{PATH}", params=KEYS, json=payload, timeout=60)
        response.raise_for_status()
        body = response.json()
        total = int(body["TotalCount"])
        found += len(body["Results"])
        yield body["Results"]


def looped(post: Post, url: str, size: int) -> int:
    return sum(map(len, each_page(post, url, size)))


def _written(post: Post, url: str, file: Path) -> int:
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, COLUMNS)
        writer.writeheader()
        count = 0
        for page in each_page(post, url, ROWS):
            writer.writerows(page)
            count += len(page)
    return count


def _paged(client: Client, size: int) -> int:
    return sum(map(len, client.pages(Leads.select(*COLUMNS).page(1, size))))


def _exported(client: Client, file: Path) -> int:
    query = Leads.select(*COLUMNS).page(1, ROWS)
    return client.export(query, file, progress=False).rows


def _contest(
    title: str, description: str, runners: dict[str, Callable[[], int]], rows: int
) -> Contest:
    """A contest whose runners have all fetched every row."""
    assert {name: run() for name, run in runners.items()} == dict.fromkeys(runners, rows)
    return Contest(title, description, runners, rounds=7)


def contests() -> Iterator[Contest]:
    """All pages in memory, to a file, and at the rate limit of an account."""
    rows = PAGES * ROWS
    with (
        TemporaryDirectory() as folder,
        requests.Session() as session,
        serving(rows, LATENCY, "none") as url,
    ):
        client = Client(url, *KEYS.values(), rate=None)
        yield _contest(
            "Read twenty pages without a rate limit",
            f"{rows:,} leads with {len(COLUMNS)} columns from the mock API in another process, "
            f"with a round trip of {2 * LATENCY * 1000:.0f} ms. leadquery prefetches pages; the "
            "others request one page after another. Accounts have a rate limit: see below.",
            {
                "leadquery": partial(_paged, client, ROWS),
                "a loop with a requests.Session": partial(looped, session.post, url, ROWS),
                "a loop of requests.post": partial(looped, requests.post, url, ROWS),
            },
            rows,
        )
        ours, theirs = Path(folder, "ours.csv"), Path(folder, "theirs.csv")
        yield _contest(
            "Export twenty pages to CSV without a rate limit",
            "The same, written to a file. leadquery keeps a checkpoint, so that a stopped export "
            "continues; the loop starts over.",
            {
                "leadquery": partial(_exported, client, ours),
                "a loop, a session and csv": partial(_written, session.post, url, theirs),
            },
            rows,
        )
    rows = LIMITED_PAGES * LIMITED_ROWS
    limit = f"{CALLS}/{SECONDS:g}"
    with (
        requests.Session() as session,
        serving(rows, LIMITED_LATENCY, limit) as mine,
        serving(rows, LIMITED_LATENCY, limit) as others,
    ):
        client = Client(mine, *KEYS.values(), rate=(CALLS, SECONDS))
        yield _contest(
            f"Read {LIMITED_PAGES} pages with a rate limit",
            f"{CALLS} calls in {SECONDS:g} second and a round trip of "
            f"{2 * LIMITED_LATENCY * 1000:.0f} ms: the API's limit and a usual round trip, with "
            "times divided by five. The server rejects calls over the limit; one call at a time "
            "stays below it. leadquery sends the "
            f"first {CALLS} calls at once, so the gain is smaller for more pages.",
            {
                "leadquery": partial(_paged, client, LIMITED_ROWS),
                "a loop with a requests.Session": partial(
                    looped, session.post, others, LIMITED_ROWS
                ),
                "a loop of requests.post": partial(looped, requests.post, others, LIMITED_ROWS),
            },
            rows,
        )
