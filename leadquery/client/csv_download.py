"""`Client.csv`: the CSV that the API writes, its pages joined in one file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from csv import Error, reader
from io import StringIO
from math import ceil
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO, Final

from attrs import define

from leadquery.client.deadline import Deadline
from leadquery.client.drift import ChangePolicy, DriftDetector
from leadquery.client.transport import FIRST_PAUSE, Transport
from leadquery.errors import ApiError, InvalidResponseError
from leadquery.query.query import Query
from leadquery.result import Result, Row
from leadquery.result.serialize import File, check_suffix, open_target

MAX_MEMORY: Final = 1 << 20
"""Bytes of a page to hold in memory; the rest of a larger page is buffered on disk."""

NEWLINE: Final = b"\r\n"

QUOTE: Final = b'"'


@define
class CsvJoiner:
    """Writes pages of CSV one after another, with the header of the first page."""

    out: BinaryIO
    header: bytes | None = None

    def add(self, page: IO[bytes], size: int | None = None) -> tuple[Row, ...]:
        """Write the rows of a page, and return them.

        Raises InvalidResponseError if it has no header, or another one than the first page.
        """
        records = _records(page)
        header = next(records, b"")
        if not header.strip():
            raise InvalidResponseError(
                "the response is CSV without a header, so it may be incomplete", "try again"
            )
        has_one_column = len(_parse_record(header)) == 1
        if self.header is None:
            self.header = header
            self.out.write(header)
        elif header != self.header:
            raise InvalidResponseError(
                "the pages of the CSV have different headers", "fetch the rows with run(...)"
            )
        # An empty line is a record without a value, but only of a table with one column.
        rows = [record for record in records if has_one_column or record.strip(NEWLINE)]
        if len(rows) - 1 == size and not rows[-1].strip(NEWLINE):
            # Some servers end a file with an empty line. It is no record of a page that is full.
            del rows[-1]
        self.out.write(b"".join(rows))
        return _parse(header, rows)


def download_csv(transport: Transport, query: Query, file: File, policy: ChangePolicy) -> int:
    """Write all pages of a query to a file, and return the number of rows."""
    check_suffix(file, ".csv")
    deadline = transport.start_deadline()
    with open_target(file) as out:
        joiner = CsvJoiner(out)
        if query.paging is not None:
            return _download_pages(transport, query, query.paging.size, joiner, policy, deadline)
        with _download_page(transport, query, deadline) as page:
            return len(joiner.add(page))


def _download_pages(
    transport: Transport,
    query: Query,
    size: int,
    joiner: CsvJoiner,
    policy: ChangePolicy,
    deadline: Deadline,
) -> int:
    # CSV does not contain the total number of rows: ask for it before and after.
    total = _fetch_total(transport, query, deadline)
    detector = DriftDetector(query, drops=False)
    count, last = 0, max(1, ceil(total / size))
    for index in range(1, last + 1):
        with _download_page(transport, query.page(index, size), deadline) as page:
            rows = joiner.add(page, size)
        count += len(rows)
        _, changes = detector.observe(index, Result(rows, total))
        if index == last:
            changes += detector.observe_total(last, _fetch_total(transport, query, deadline))
        policy.apply(changes)
    return count


def _fetch_total(transport: Transport, query: Query, deadline: Deadline) -> int:
    first = query.page(1, 1)
    _, total = transport.fetch_rows(first.to_json(), first.describe, deadline, first._node)
    return total


@contextmanager
def _download_page(transport: Transport, query: Query, deadline: Deadline) -> Iterator[IO[bytes]]:
    """A complete page. If it is cut off, it is downloaded again."""
    attempt = 0
    while True:
        attempt += 1
        with SpooledTemporaryFile(MAX_MEMORY) as page:
            try:
                chunks = transport.stream_file(
                    query.to_json(), query.describe, deadline, query._node
                )
                for chunk in chunks:
                    page.write(chunk)
            except ApiError as error:
                if not error.transient or attempt + error.attempts > transport.max_attempts:
                    raise
                deadline.sleep(FIRST_PAUSE)
                continue
            page.seek(0)
            yield page
            return


def _parse(header: bytes, records: list[bytes]) -> tuple[Row, ...]:
    """Records as rows, to compare them; unparsed if a value is too long for the csv module."""
    try:
        names, *rows = map(_parse_record, (header, *records))
    except Error:
        return tuple({"": _decode(record)} for record in records)
    return tuple(dict(zip(names, row, strict=False)) for row in rows)


def _parse_record(record: bytes) -> list[str]:
    """The values of a record; an empty line has one empty value."""
    return next(reader(StringIO(_decode(record), newline="")), []) or [""]


def _decode(record: bytes) -> str:
    return record.decode("utf-8-sig", "replace")


def _records(page: IO[bytes]) -> Iterator[bytes]:
    """The records of a page, each with its line ending. A quoted newline does not end a record."""
    lines: list[bytes] = []
    in_quotes = False
    for line in page:
        lines.append(line)
        in_quotes ^= line.count(QUOTE) % 2 == 1
        if not in_quotes:
            yield from _join_lines(lines)
            lines = []
    yield from _join_lines(lines)


def _join_lines(lines: list[bytes]) -> Iterator[bytes]:
    record = b"".join(lines)
    if record:
        yield record if record.endswith(b"\n") else record + NEWLINE
