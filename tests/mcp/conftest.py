"""The fixtures of assistants."""

from __future__ import annotations

import pytest

from leadquery.mcp.assistant import Assistant
from tests.mcp.accounts import Journal, demo_account, demo_assistant


@pytest.fixture
def assistant() -> Assistant:
    """An assistant of the mock API."""
    return demo_assistant()


@pytest.fixture
def journal(assistant: Assistant) -> Journal:  # noqa: ARG001 - it begins a new one.
    """The calls that reach the mock API of the assistant."""
    return demo_account()[1]
