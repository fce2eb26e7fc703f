"""A query as another client sends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadquery.errors import QueryError
from leadquery.exporters import get_exporter
from leadquery.exporters.base import ExportRequest
from leadquery.wire.enums import ResponseFormat

if TYPE_CHECKING:
    from leadquery.query.query import Query


def export(query: Query, target: str, response_format: str, *, every_page: bool) -> str:
    """The text that a target takes for a query."""
    chosen = get_exporter(target)
    sending = ExportRequest(
        query.to_payload(),
        sentence=query.describe(),
        response=parse_response_format(response_format),
    )
    return chosen.text([sending.looped() if every_page else sending])


def parse_response_format(name: str) -> ResponseFormat:
    """The format of an answer by its name; QueryError for a name that is none."""
    for row in ResponseFormat:
        if isinstance(name, str) and name.upper() == row.value:
            return row
    known = " or ".join(repr(row.value.lower()) for row in ResponseFormat)
    raise QueryError(f"{name!r} is no format of an answer; write {known}")
