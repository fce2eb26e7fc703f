"""All pages of an answer: fetched ahead, given out in order, and watched for rows that move."""

from __future__ import annotations

from leadquery.client.pages.changes import Change, OnChange
from leadquery.client.pages.pages import Pages, Send
from leadquery.client.pages.progress import Progress, Report
from leadquery.client.pages.runs import Heed, each_page, each_row, heeding, run

__all__ = [
    "Change",
    "Heed",
    "OnChange",
    "Pages",
    "Progress",
    "Report",
    "Send",
    "each_page",
    "each_row",
    "heeding",
    "run",
]
