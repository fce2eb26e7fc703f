"""Laws: one error put into a valid query is stopped, and the line written right asks the same; and
whatever is called by the name of another library, the line that is offered runs.
"""

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
    """It raises at its line, and the line written right builds the payload without the error."""
    try:
        meant = built(run(sources.right))
    except UnsupportedQueryError:
        # More groups of users than one query can say.
        assume(condition=False)
    with pytest.raises(QueryError) as caught:
        run(sources.wrong)

    assert built(run(corrected(sources.wrong, caught.value))) == meant


@given(calls_of_aliases())
def test_no_suggested_line_raises(source: str) -> None:
    """Not for what is given to it, not for how many that are, and not for the name that follows."""
    with pytest.raises(QueryError) as caught:
        run(source)

    if caught.value.suggested_edit is not None:
        run(corrected(source, caught.value))
