"""Python with httpx."""

from __future__ import annotations

from typing import Final

from leadquery.targets.python import target

TARGET: Final = target(
    "httpx", "as `python`", client="httpx", body="content", redirects="follow_redirects"
)
