"""A mock server that the tests of exporters share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.exporters.mock_server import MockServer, run_server


@pytest.fixture(scope="session")
def shared_server() -> Iterator[MockServer]:
    """One server for all tests."""
    with run_server() as server:
        yield server


@pytest.fixture
def server(shared_server: MockServer) -> MockServer:
    """The server, without recorded calls."""
    shared_server.calls.clear()
    shared_server.responses.clear()
    return shared_server
