"""Laws: the suggested edit of misuse builds the intended query, and suggested lines run. §"""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings

from leadquery import QueryError, UnsupportedQueryError
from tests._explain.table import built, corrected, run
from tests.laws.misuse import (
    MisusedQuery,
    calls_of_aliases,
    queries_with_misuse,
    queries_with_user_misuse,
)


@settings(max_examples=settings().max_examples // 2)
@given(queries_with_misuse() | queries_with_user_misuse())
def test_the_suggested_edit_builds_what_was_intended(sources: MisusedQuery) -> None:
    try:
        intended = built(run(sources.right))
    except UnsupportedQueryError:
        # More groups of users than one query can have.
        assume(condition=False)
    with pytest.raises(QueryError) as caught:
        run(sources.wrong)

    assert built(run(corrected(sources.wrong, caught.value))) == intended


@given(calls_of_aliases())
def test_no_suggested_line_raises(source: str) -> None:
    """Whatever the arguments and the calls after it."""
    with pytest.raises(QueryError) as caught:
        run(source)

    if caught.value.suggested_edit is not None:
        run(corrected(source, caught.value))
