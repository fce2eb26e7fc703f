"""Servers that the tests of statements share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.sql.postgres import running_server

if TYPE_CHECKING:
    import psycopg


@pytest.fixture(scope="session")
def postgres() -> Iterator[psycopg.Connection]:
    """A connection to a PostgreSQL server. Without one, the test is skipped."""
    psycopg = pytest.importorskip("psycopg")
    # Tables change between statements of the same text, so none is prepared.
    with (
        running_server() as server,
        psycopg.connect(server, autocommit=True, prepare_threshold=None) as connection,
    ):
        yield connection
