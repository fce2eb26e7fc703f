"""The answer to a query as the API writes it in CSV: its pages, joined to one file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from csv import Error, reader
from io import StringIO
from math import ceil
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO, Final

from attrs import define

from leadquery._util.atomic_write import File, open_target
from leadquery.client.deadline import Deadline
from leadquery.client.pagination import ChangePolicy
from leadquery.client.pagination.drift import DriftDetector
from leadquery.client.requests import fetch_page
from leadquery.client.transport import FIRST_PAUSE, Transport
from leadquery.errors import ApiError, InvalidResponseError
from leadquery.query.query import Query
from leadquery.result import Result, Row

IN_MEMORY: Final = 1 << 20
"""Bytes of a page that are kept in memory; the rest of a larger one waits on disk."""

NEWLINE: Final = b"\r\n"

QUOTE: Final = b'"'


@define
class CsvJoiner:
    """Pages of CSV behind one another in a file, under the header of the first."""

    out: BinaryIO
    header: bytes | None = None

    def add(self, page: IO[bytes]) -> tuple[Row, ...]:
        """Put the rows of a page behind those before; what they are.

        Raises InvalidResponseError for a page with another header.
        """
        records = _records(page)
        header = next(records, b"")
        if self.header is None:
            self.header = header
            self.out.write(header)
        elif header != self.header:
            raise InvalidResponseError(
                "the pages of the CSV have different headers", "take the rows with run(...)"
            )
        rows = list(records)
        self.out.write(b"".join(rows))
        return _read(header, rows)


def csv(caller: Transport, query: Query, file: File, heed: ChangePolicy) -> int:
    """Write all pages of a query into a file; the number of rows."""
    patience = caller.patience()
    size = None if query.paging is None else query.paging.size
    with open_target(file) as out:
        join = CsvJoiner(out)
        if size is None:
            with _page(caller, query, patience) as page:
                return len(join.add(page))
        # CSV does not say how many rows there are: another call does, before and after.
        total = _total(caller, query, patience)
        watch, rows, last = DriftDetector(query, drops=False), 0, max(1, ceil(total / size))
        for index in range(1, last + 1):
            with _page(caller, query.page(index, size), patience) as page:
                came = join.add(page)
            rows += len(came)
            _, changes = watch.look(index, Result(came, total))
            if index == last:
                changes += watch.of_total(last, _total(caller, query, patience))
            heed(changes)
    return rows


def _total(caller: Transport, query: Query, patience: Deadline) -> int:
    return fetch_page(caller, query.page(1, 1), patience).total


def _read(header: bytes, records: list[bytes]) -> tuple[Row, ...]:
    """Records as rows, to tell them apart by; as they are where a value is too long to be read."""
    texts = [one.decode("utf-8-sig", "replace") for one in (header, *records)]
    try:
        names, *rows = [next(reader(StringIO(text, newline="")), []) for text in texts]
    except Error:
        return tuple({"": text} for text in texts[1:])
    return tuple(dict(zip(names, row, strict=False)) for row in rows)


@contextmanager
def _page(caller: Transport, query: Query, patience: Deadline) -> Iterator[IO[bytes]]:
    """One page, read to its end: what breaks off is asked for again."""
    attempt = 0
    while True:
        attempt += 1
        with SpooledTemporaryFile(IN_MEMORY) as page:
            try:
                for piece in caller.stream(query.to_json(), query.describe, patience):
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
            yield from _with_newline(lines)
            lines = []
    yield from _with_newline(lines)


def _with_newline(lines: list[bytes]) -> Iterator[bytes]:
    record = b"".join(lines)
    if record.strip():
        yield record if record.endswith(b"\n") else record + NEWLINE
