"""A list is over when its total says so, not when a page looks empty."""

from __future__ import annotations

import json
import warnings
from collections.abc import Collection
from io import BytesIO
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import pytest
from hypothesis import given, strategies as st
from requests import PreparedRequest, Response, Session
from requests.adapters import BaseAdapter

from leadquery import Client, Leads
from leadquery.errors import PaginationDriftWarning
from tests.client.stub_server import response_of


class Pages(BaseAdapter):
    """An API whose rows are numbers, and which returns some pages empty.

    After the last page, the total is 0 and the list may be missing, as the API does.
    """

    def __init__(self, total: int, empty: Collection[int], *, missing_list: bool) -> None:
        super().__init__()
        self.total = total
        self.empty = empty
        self.requested: set[int] = set()
        self._end: dict[str, object] = {} if missing_list else {"Results": []}

    def send(self, request: PreparedRequest, *_: object, **__: object) -> Response:
        paging = json.loads(request.body or b"")["Paging"]
        index, size = paging["PageIndex"], paging["PageSize"]
        rows = range((index - 1) * size, min(self.total, index * size))
        if "responseformat=CSV" in urlsplit(request.url or "").query:
            self.requested.add(index)
            lines = "" if index in self.empty else "".join(f"{row}\r\n" for row in rows)
            headers = {"Content-Type": "text/csv"}
            return response_of(request, 200, f"Score\r\n{lines}".encode(), headers)
        if size > 1:
            self.requested.add(index)
        body: dict[str, object] = {"TotalCount": str(self.total if rows else 0), **self._end}
        if rows:
            listed = [] if index in self.empty and size > 1 else rows
            body["Results"] = [{"Score": str(row)} for row in listed]
        return response_of(request, 200, json.dumps(body).encode())

    def close(self) -> None:
        """There is nothing to close."""

    def numbers(self, size: int) -> list[int]:
        """The rows of the pages that are not empty."""
        return [row for row in range(self.total) if row // size + 1 not in self.empty]


def client_of(pages: Pages) -> Client:
    session = Session()
    session.mount("https://", pages)
    return Client("api.example.com", "key", "secret", session, rate=None)


def read(client: Client, method: str, size: int) -> list[int]:
    """All rows, by one of the client's methods."""
    query = Leads.select("Score").page(1, size)
    if method == "run":
        return [row["Score"] for row in client.run(query)]
    if method == "rows":
        return [row["Score"] for row in client.rows(query)]
    if method == "csv":
        file = BytesIO()
        count = client.csv(query, file)
        lines = file.getvalue().split()[1:]
        assert count == len(lines)
        return [*map(int, lines)]
    with TemporaryDirectory() as folder:
        file_name = Path(folder) / "a.jsonl"
        client.export(query, file_name, progress=False)
        return [json.loads(line)["Score"] for line in file_name.read_text().splitlines()]


@pytest.mark.parametrize("method", ["run", "rows", "csv", "export"])
@given(
    total=st.integers(0, 30),
    size=st.integers(2, 7),
    empty=st.sets(st.integers(1, 6), max_size=2),
    missing_list=st.booleans(),
)
def test_every_page_of_the_total_is_read(
    method: str, total: int, size: int, empty: set[int], missing_list: bool
) -> None:
    """Rows that an empty page lacks are warned of; no other row is lost."""
    pages = Pages(total, empty, missing_list=missing_list)
    lacks_rows = len(pages.numbers(size)) < total

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = read(client_of(pages), method, size)

    assert found == pages.numbers(size)
    assert pages.requested >= set(range(1, ceil(total / size) + 1))
    assert [warning.category for warning in caught] == [PaginationDriftWarning] * lacks_rows
