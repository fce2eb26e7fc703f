"""Python with httpx."""

from __future__ import annotations

from typing import Final

from leadquery.exporters.python import exporter

EXPORTER: Final = exporter(
    "httpx", "as `python`", client="httpx", body="content", redirects="follow_redirects"
)
