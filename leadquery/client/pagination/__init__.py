"""All pages of an answer: fetched ahead, given out in order, and watched for rows that move."""

from __future__ import annotations

from leadquery.client.pagination.drift import Change, OnChange
from leadquery.client.pagination.paginator import Paginator, Send
from leadquery.client.pagination.progress import Progress, ProgressCallback
from leadquery.client.pagination.runs import (
    ChangePolicy,
    each_page,
    each_row,
    run,
    streaming_policy,
)

__all__ = [
    "Change",
    "ChangePolicy",
    "OnChange",
    "Paginator",
    "Progress",
    "ProgressCallback",
    "Send",
    "each_page",
    "each_row",
    "run",
    "streaming_policy",
]
