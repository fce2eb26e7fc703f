"""A query as another client sends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadquery.errors import QueryError
from leadquery.spec.vocabulary import ResponseFormat
from leadquery.targets import named
from leadquery.targets.target import Sending

if TYPE_CHECKING:
    from leadquery.language.query import Query


def call(query: Query, target: str, response_format: str, *, every_page: bool) -> str:
    """The text that a target takes for a query."""
    chosen = named(target)
    sending = Sending(
        query.to_payload(), sentence=query.explain(), response=response(response_format)
    )
    return chosen.text([sending.looped() if every_page else sending])


def response(name: str) -> ResponseFormat:
    """The format of an answer by its name; QueryError for a name that is none."""
    for row in ResponseFormat:
        if isinstance(name, str) and name.upper() == row.value:
            return row
    known = " or ".join(repr(row.value.lower()) for row in ResponseFormat)
    raise QueryError(f"{name!r} is no format of an answer; write {known}")
