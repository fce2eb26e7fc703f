"""The JSON Schema of a payload, with the queries as its examples."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from leadquery.exporters.base import Exporter, ExportRequest
from leadquery.exporters.templating import yaml_safe_json
from leadquery.wire.json_schema import schema


def _write(sent: Sequence[ExportRequest]) -> str:
    return f"{yaml_safe_json({**schema(), 'examples': [one.payload for one in sent]})}\n"


EXPORTER: Final = Exporter(
    name="schema",
    title="JSON Schema, draft 2020-12: editors, validators, code generators",
    suffix=".schema.json",
    write=_write,
    writer="leadquery's own walk over its model, and `json`",
    several=True,
    url=False,
)
