"""Python with httpx."""

from __future__ import annotations

from typing import Final

from leadquery.targets.python import script
from leadquery.targets.target import Sending, Target, single


def _write(sending: Sending) -> str:
    return script(
        sending,
        client="httpx",
        body="content",
        redirects="follow_redirects",
    )


TARGET: Final = Target(
    name="httpx",
    title="Python with httpx",
    suffix=".py",
    write=single(_write),
    writer="as `python`",
    loops=True,
)
