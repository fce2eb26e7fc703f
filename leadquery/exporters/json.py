"""The body alone, and the JSON Schema of a body with the queries as its examples."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from leadquery.exporters.base import Exporter, ExportRequest
from leadquery.exporters.templating import ascii_json, yaml_safe_json
from leadquery.wire.json_schema import schema


def _write_body(requests: Sequence[ExportRequest]) -> str:
    return f"{ascii_json(requests[0].payload)}\n"


def _write_schema(requests: Sequence[ExportRequest]) -> str:
    examples = [request.payload for request in requests]
    return f"{yaml_safe_json({**schema(), 'examples': examples})}\n"


JSON: Final = Exporter(
    name="json",
    title="the body alone: webhooks, n8n, macros",
    suffix=".json",
    write=_write_body,
    written_by="Python's `json`",
    has_url=False,
)
SCHEMA: Final = Exporter(
    name="schema",
    title="JSON Schema, draft 2020-12: editors, validators, code generators",
    suffix=".schema.json",
    write=_write_schema,
    written_by="leadquery itself, from its model of the request, and `json`",
    several=True,
    has_url=False,
)
