"""Exported documents contain the payload, whatever its texts."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, strategies as st

from leadquery.errors import QueryError
from leadquery.exporters import NAMES, SCRIPTS, get_exporter
from leadquery.lint.request_files import read_requests
from leadquery.query.query import Query
from tests.exporters.readers import READERS
from tests.laws.reports import every_query

REJECT_SURROGATES = ("php", "powershell")
"""Exporters to languages whose strings cannot contain lone surrogates."""

LOOPS = [name for name in READERS if get_exporter(name).loops or name in SCRIPTS]


def has_lone_surrogate(value: Any) -> bool:
    """Whether a text in a value contains a lone surrogate."""
    if isinstance(value, dict):
        return any(has_lone_surrogate(one) for pair in value.items() for one in pair)
    if isinstance(value, list):
        return any(map(has_lone_surrogate, value))
    return any("\ud800" <= one <= "\udfff" for one in str(value))


def written(query: Query, exporter: str, *, loop: bool = False) -> str | None:
    """The document of an exporter, or None if it has to refuse the query."""
    script = loop and exporter in SCRIPTS
    if exporter in REJECT_SURROGATES and has_lone_surrogate(query.to_payload()):
        with pytest.raises(QueryError, match="a lone surrogate; choose another exporter"):
            query.to_request(exporter, all_pages=loop, script=script)
        return None
    return query.to_request(exporter, all_pages=loop, script=script)


@given(every_query)
def test_the_body_reads_back(query: Query) -> None:
    """Parsed by the rules of each language."""
    payload = query.to_payload()

    for exporter, read in READERS.items():
        text = written(query, exporter)

        assert text is None or read(text) == payload, exporter


READ_BY_CHECK = ("curl", "har", "postman", "insomnia", "bruno", "n8n")


@given(every_query)
def test_the_body_reads_back_with_check(query: Query) -> None:
    """As `leadquery check` and `describe` read it from the file."""
    for exporter in READ_BY_CHECK:
        file = read_requests(query.to_request(exporter).encode())

        assert file is not None
        [body] = file.bodies
        assert body.text is not None
        assert not body.text.unknown
        assert json.loads(body.text.text) == query.to_payload(), exporter


@given(every_query, st.sampled_from(LOOPS))
def test_the_body_of_a_loop_reads_back(query: Query, exporter: str) -> None:
    """It is the payload of the first page."""
    size = 100 if query.paging is None else query.paging.size
    text = written(query, exporter, loop=True)

    assert text is None or READERS[exporter](text) == query.page(1, size).to_payload()


@given(every_query, st.sampled_from(NAMES))
def test_exporting_is_deterministic(query: Query, exporter: str) -> None:
    """And each document ends with one line end."""
    text = written(query, exporter)

    assert written(query, exporter) == text
    assert text is None or text == f"{text.rstrip()}\n"
