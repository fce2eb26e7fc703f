"""The fixture `leadsquared` of leadquery for pytest.

Nothing of leadquery is loaded until a test asks for the fixture, so this file is no part of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from leadquery.testing import FakeLeadSquared


@pytest.fixture
def leadsquared(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeLeadSquared]:
    """An account without keys, in this process; no socket is opened while a test uses it."""
    from leadquery.testing import FakeLeadSquared

    account = FakeLeadSquared()
    for name, value in account.environment.items():
        monkeypatch.setenv(name, value)
    with account.in_use():
        yield account
