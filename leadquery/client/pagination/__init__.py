"""Reads all pages of a query: prefetches them, yields them in order, and notices moving rows.

`Paginator` iterates over the pages, with a `Prefetcher` that fetches on threads and a
`DriftDetector` that compares each page with those before it. `fetch_all` and `iter_pages` are what
`Client.run` and `Client.pages` do with them. Start reading at `Paginator.__iter__`.
"""

from __future__ import annotations

from leadquery.client.pagination.drift import DriftDetector, OnChange
from leadquery.client.pagination.paginator import (
    MAX_PASSES,
    ChangePolicy,
    FetchPage,
    Paginator,
    Prefetcher,
    checked_limit,
    fetch_all,
    iter_pages,
    iter_rows,
    streaming_policy,
    too_many_passes_error,
)
from leadquery.client.pagination.progress import Progress, ProgressCallback, progress_reporter
from leadquery.errors import Change

__all__ = [
    "MAX_PASSES",
    "Change",
    "ChangePolicy",
    "DriftDetector",
    "FetchPage",
    "OnChange",
    "Paginator",
    "Prefetcher",
    "Progress",
    "ProgressCallback",
    "checked_limit",
    "fetch_all",
    "iter_pages",
    "iter_rows",
    "progress_reporter",
    "streaming_policy",
    "too_many_passes_error",
]
