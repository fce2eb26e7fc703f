"""A law: one slip put into a valid query is stopped, and the line written right asks the same."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings

from leadquery import NotExpressibleError, QueryError
from tests.laws.slips import Slipped, slipped, slipped_on_users
from tests.slips.table import asked, run, written_right


@settings(max_examples=settings().max_examples // 2)
@given(slipped() | slipped_on_users())
def test_a_slip_is_answered_with_what_was_meant(sources: Slipped) -> None:
    """It raises at its line, and the line written right builds the payload without the slip."""
    try:
        meant = asked(run(sources.right))
    except NotExpressibleError:
        # More groups of users than one query can say.
        assume(condition=False)
    with pytest.raises(QueryError) as caught:
        run(sources.wrong)

    assert asked(run(written_right(sources.wrong, caught.value))) == meant
