"""The answer to a query as the API writes it in CSV: its pages, joined to one file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO, Final

from attrs import define

from leadquery.client.asking import ask
from leadquery.client.calls import FIRST_PAUSE, Caller
from leadquery.client.files import File, opened
from leadquery.client.pages import Change, Heed
from leadquery.client.patience import Patience
from leadquery.errors import ApiError, UnreadableAnswerError
from leadquery.language.query import Query

IN_MEMORY: Final = 1 << 20
"""Bytes of a page that are kept in memory; the rest of a larger one waits on disk."""

NEWLINE: Final = b"\r\n"
QUOTE: Final = b'"'


@define
class Join:
    """Pages of CSV behind one another in a file, under the header of the first."""

    out: BinaryIO
    header: bytes | None = None

    def add(self, page: IO[bytes]) -> int:
        """Put the rows of a page behind those before; how many they are.

        Raises UnreadableAnswerError for a page with another header.
        """
        records = _records(page)
        header = next(records, b"")
        if self.header is None:
            self.header = header
            self.out.write(header)
        elif header != self.header:
            raise UnreadableAnswerError(
                "the pages of the CSV have different headers", "take the rows with run(...)"
            )
        rows = 0
        for record in records:
            self.out.write(record)
            rows += 1
        return rows


def csv(caller: Caller, query: Query, file: File, heed: Heed) -> int:
    """Write all pages of a query into a file; the number of rows."""
    patience = caller.patience()
    size = None if query.paging is None else query.paging.size
    # CSV does not say how many rows there are.
    total = None if size is None else ask(caller, query.page(1, 1), patience).total
    rows = 0
    with opened(file) as out:
        join = Join(out)
        for index in range(1, _pages(total, size) + 1):
            asked = query if size is None else query.page(index, size)
            with _page(caller, asked, patience) as page:
                came = join.add(page)
            rows += came
            if total is not None and size is not None:
                heed(tuple(_signs(index, came, min(size, total - (index - 1) * size))))
    return rows


def _pages(total: int | None, size: int | None) -> int:
    return 1 if total is None or size is None else max(1, ceil(total / size))


def _signs(page: int, came: int, belong: int) -> Iterator[Change]:
    if came != belong:
        yield Change(page, "size", f"it holds {came:,} rows where {belong:,} belong")


@contextmanager
def _page(caller: Caller, query: Query, patience: Patience) -> Iterator[IO[bytes]]:
    """One page, read to its end: what breaks off is asked for again."""
    attempt = 0
    while True:
        attempt += 1
        with SpooledTemporaryFile(IN_MEMORY) as page:
            try:
                for piece in caller.stream(query.to_json(), query.explain, patience):
                    page.write(piece)
            except ApiError as error:
                if not error.transient or attempt + error.attempts > caller.attempts:
                    raise
                patience.sleep(FIRST_PAUSE)
                continue
            page.seek(0)
            yield page
            return


def _records(page: IO[bytes]) -> Iterator[bytes]:
    """The records of a page, each with its end. A line within quotes ends none."""
    lines: list[bytes] = []
    quoted = False
    for line in page:
        lines.append(line)
        quoted ^= line.count(QUOTE) % 2 == 1
        if not quoted:
            yield from _ended(lines)
            lines = []
    yield from _ended(lines)


def _ended(lines: list[bytes]) -> Iterator[bytes]:
    record = b"".join(lines)
    if record.strip():
        yield record if record.endswith(b"\n") else record + NEWLINE
