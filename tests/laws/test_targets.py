"""What is written for another client holds the payload, whatever stands in its texts."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from leadquery import testing
from leadquery.errors import QueryError
from leadquery.exporters import NAMES, get_exporter
from leadquery.query.query import Query
from tests.exporters.readers import READERS

HALVED = ("php", "powershell")
"""Targets whose texts are Unicode, which half a surrogate pair is not."""

LOOPS = [name for name in READERS if get_exporter(name).loops]


def halved(value: Any) -> bool:
    """Whether half a surrogate pair stands in a text of a payload."""
    if isinstance(value, dict):
        return any(halved(one) for pair in value.items() for one in pair)
    if isinstance(value, list):
        return any(map(halved, value))
    return any("\ud800" <= one <= "\udfff" for one in str(value))


def written(query: Query, target: str, *, loop: bool = False) -> str | None:
    """The text for a target, or None where it has to refuse the query, and does."""
    if target in HALVED and halved(query.to_payload()):
        with pytest.raises(QueryError, match="a lone surrogate; choose another exporter"):
            query.to_request(target, all_pages=loop)
        return None
    return query.to_request(target, all_pages=loop)


@given(testing.queries())
def test_the_body_reads_back(query: Query) -> None:
    """By the rules of each target."""
    payload = query.to_payload()

    for target, read in READERS.items():
        text = written(query, target)

        assert text is None or read(text) == payload, target


@given(testing.queries(), st.sampled_from(LOOPS))
def test_the_body_of_a_loop_reads_back(query: Query, target: str) -> None:
    """As that of its first page."""
    size = 100 if query.paging is None else query.paging.size
    text = written(query, target, loop=True)

    assert text is None or READERS[target](text) == query.page(1, size).to_payload()


@given(testing.queries(), st.sampled_from(NAMES))
def test_what_is_written_is_the_same_each_time(query: Query, target: str) -> None:
    """Byte for byte; each ends with one line end."""
    text = written(query, target)

    assert written(query, target) == text
    assert text is None or text == f"{text.rstrip()}\n"
