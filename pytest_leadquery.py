"""The pytest plugin of leadquery: the fixture `leadsquared`.

It is a module of its own, outside the package, so that a test run that does not use the fixture
loads nothing of leadquery.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from leadquery.testing import FakeLeadSquared


@pytest.fixture
def leadsquared(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeLeadSquared]:
    """A LeadSquared account in this process, without keys; other network calls are blocked."""
    from leadquery.testing import FakeLeadSquared

    account = FakeLeadSquared()
    for name, value in account.environment.items():
        monkeypatch.setenv(name, value)
    with account.patched():
        yield account
