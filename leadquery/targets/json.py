"""The body alone, for every client that takes JSON."""

from __future__ import annotations

from typing import Final

from leadquery.targets.target import Sending, Target, single
from leadquery.targets.texts import as_json


def _write(sending: Sending) -> str:
    return f"{as_json(sending.payload)}\n"


TARGET: Final = Target(
    name="json",
    title="the body alone: webhooks, n8n, macros",
    suffix=".json",
    write=single(_write),
    writer="Python's `json`",
    url=False,
)
