"""The body alone, for every client that takes JSON."""

from __future__ import annotations

from typing import Final

from leadquery.exporters.base import Exporter, ExportRequest, single
from leadquery.exporters.templating import as_json


def _write(sending: ExportRequest) -> str:
    return f"{as_json(sending.payload)}\n"


EXPORTER: Final = Exporter(
    name="json",
    title="the body alone: webhooks, n8n, macros",
    suffix=".json",
    write=single(_write),
    writer="Python's `json`",
    url=False,
)
