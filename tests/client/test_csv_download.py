"""The API's own CSV: all pages in one file, whole or not at all."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from requests import PreparedRequest, Response, Session

from leadquery import Client, Leads
from leadquery.emulator import Emulator, Fault, Faults
from leadquery.errors import (
    ApiError,
    BadRequestError,
    InvalidResponseError,
    PaginationDriftError,
    PaginationDriftWarning,
    QueryError,
    TransportError,
)
from leadquery.fields import FirstName, ProspectID, Score
from tests.client.pages.test_faults import TIME
from tests.client.stub_server import StubServer, client_of as client_of_wire

NAMES = ["plain", 'with "quotes"', "two\nlines", "a,b", "ü", "", '"', "\r\n", "😀", "x"]
LEADS = [{"ProspectID": f"{n:02}", "FirstName": NAMES[n % 10], "Score": n} for n in range(25)]
EMULATOR = Emulator(LEADS)
QUERY = Leads.select(ProspectID, FirstName, Score)


def client_of(faults: Faults = Faults()) -> Client:  # noqa: B008 - frozen
    """A client of the emulator, on which no test waits."""
    return client_on(EMULATOR.session(faults))


def client_on(session: Session) -> Client:
    """A client of a session of the emulator."""
    return Client("api.example.com", "k-access", "k-secret", session, clock=TIME)


def whole() -> bytes:
    """The CSV of all rows in one response."""
    file = BytesIO()
    client_of().csv(QUERY.page(None), file)
    return file.getvalue()


def test_csv_of_one_page_is_the_apis() -> None:
    """Byte for byte."""
    rows = list(csv.reader(StringIO(whole().decode(), newline="")))

    assert rows[0] == ["ProspectID", "FirstName", "Score"]
    assert rows[1:] == [
        [lead["ProspectID"], lead["FirstName"], f"{lead['Score']}"] for lead in LEADS
    ]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 24, 25, 26, 1_000])
def test_pages_are_one_file(size: int, tmp_path: Path) -> None:
    """With one header."""
    file = tmp_path / "leads.csv"

    rows = client_of().csv(QUERY.page(1, size), file)

    assert (rows, file.read_bytes()) == (25, whole())


@pytest.mark.parametrize("make", [BytesIO, StringIO])
def test_files_that_are_open(make: Any) -> None:
    """Binary or text."""
    file = make()

    client_of().csv(QUERY.page(1, 4), file)

    written = file.getvalue()
    assert (written if isinstance(written, bytes) else written.encode()) == whole()


def test_a_list_without_rows_has_a_header() -> None:
    file = BytesIO()

    assert client_of().csv(QUERY.where(Score > 99), file) == 0
    assert file.getvalue() == b"ProspectID,FirstName,Score\r\n"


def test_transient_faults_are_overcome() -> None:
    """A truncated page is requested again."""
    plan = [None, *[Fault.TRUNCATED, Fault.DROPPED, Fault.FAILED, None] * 9]
    file = BytesIO()

    assert client_of(Faults(plan)).csv(QUERY.page(1, 3), file) == 25
    assert file.getvalue() == whole()


@pytest.mark.parametrize(
    ("fault", "error"),
    [(Fault.TRUNCATED, TransportError), (Fault.REJECTED, BadRequestError)],
)
def test_lasting_errors_are_raised(fault: Fault, error: type[ApiError], tmp_path: Path) -> None:
    """After the retries, without a partial file."""
    file = tmp_path / "leads.csv"
    file.write_text("before")
    session = EMULATOR.session(Faults([None, None, *[fault] * 99]))

    with pytest.raises(error):
        client_on(session).csv(QUERY.page(1, 10), file)

    assert len(session.fault_log) == 2 + (6 if fault is Fault.TRUNCATED else 1)
    assert [path.read_text() for path in tmp_path.iterdir()] == ["before"]


def test_rows_that_move_are_noticed() -> None:
    """By missing rows and by the count; a warning or an error."""
    gone = Faults([None, None, None, Fault.REMOVED])

    with pytest.warns(PaginationDriftWarning) as warned:
        assert client_of(gone).csv(QUERY.page(1, 10), BytesIO()) == 24
    assert [str(one.message).rpartition("missing: ")[2] for one in warned] == [
        "page 3: it has 4 rows, not 5",
        "page 3: TotalCount was 25 and is 24",
    ]
    with pytest.raises(PaginationDriftError, match="page 3: it has 4 rows, not 5"):
        client_of(gone).csv(QUERY.page(1, 10), BytesIO(), on_change="raise")
    with pytest.raises(QueryError, match="cannot take back rows that were already yielded"):
        client_of(gone).csv(QUERY, BytesIO(), on_change="refetch")


def test_repeated_rows_are_noticed() -> None:
    """They are kept and reported."""
    turned = Faults([None, None, None, Fault.REORDERED])

    with pytest.raises(PaginationDriftError, match="page 3: it has the rows of an earlier page"):
        client_of(turned).csv(QUERY.page(1, 10), BytesIO(), on_change="raise")


def test_pages_that_are_all_the_first_end() -> None:
    """A server that ignores paging."""
    page = b"ProspectID\na\nb\n"

    with pytest.raises(PaginationDriftError, match="page 2: it has the rows of an earlier page"):
        client_of_wire(Sheets(page, page)).csv(
            Leads.select(ProspectID).page(1, 2), BytesIO(), on_change="raise"
        )


def test_a_value_of_any_length_is_joined() -> None:
    """Long values are copied without parsing."""
    long = b"A\n" + b"x" * 200_000 + b"\n"
    file = BytesIO()

    assert (
        client_of_wire(Sheets(long + b"1\n", b"A\n2\n3\n")).csv(Leads.select("A").page(1, 2), file)
        == 4
    )
    assert file.getvalue() == long + b"1\n2\n3\n"


class Sheets(StubServer):
    """Sends these bodies as CSV, between two counts of four."""

    def __init__(self, *bodies: bytes) -> None:
        super().__init__(200, b"")
        self._bodies = list(bodies)

    def send(self, request: PreparedRequest, *given: object, **named: object) -> Response:
        is_csv = "responseformat=CSV" in (request.url or "")
        self._body = self._bodies.pop(0) if is_csv else b'{"TotalCount": "4", "Results": []}'
        response = super().send(request, *given, **named)
        response.headers["Content-Type"] = "text/csv" if is_csv else "application/json"
        return response


@pytest.mark.parametrize(
    ("bodies", "joined"),
    [
        ((b"A\n1\n2\n", b"A\n3\n4\n"), b"A\n1\n2\n3\n4\n"),
        ((b"A\r\n1\r\n2", b"A\r\n3\r\n4"), b"A\r\n1\r\n2\r\n3\r\n4\r\n"),
        ((b'A\n"1\n""x\n"\n2\n\n', b"A\n3\n4\n\n"), b'A\n"1\n""x\n"\n2\n3\n4\n'),
        ((b"A\r\n1\r\n\r\n", b"A\r\n\r\n4\r\n"), b"A\r\n1\r\n\r\n\r\n4\r\n"),
        ((b"A\n \n\n", b"A\n\n\n"), b"A\n \n\n\n\n"),
        ((b"\xef\xbb\xbfA\n1\n2\n", b"\xef\xbb\xbfA\n3\n4\n"), b"\xef\xbb\xbfA\n1\n2\n3\n4\n"),
    ],
)
def test_other_dialects_are_joined_too(bodies: tuple[bytes, ...], joined: bytes) -> None:
    """Other line ends, a byte-order mark, a missing last line end."""
    file = BytesIO()

    assert client_of_wire(Sheets(*bodies)).csv(Leads.select("A").page(1, 2), file) == 4
    assert file.getvalue() == joined


def test_pages_with_different_headers_are_not_joined() -> None:
    client = client_of_wire(Sheets(b"A,B\n1,2\n3,4\n", b"B,A\n1,2\n3,4\n"))

    with pytest.raises(InvalidResponseError) as caught:
        client.csv(Leads.select("A", "B").page(1, 2), BytesIO())

    assert str(caught.value) == (
        "the pages of the CSV have different headers; fetch the rows with run(...)"
    )


def test_quotes_that_are_not_closed() -> None:
    """The missing rows are reported."""
    file = BytesIO()

    with pytest.warns(PaginationDriftWarning, match="page 1: it has 1 rows, not 2"):
        client_of_wire(Sheets(b'A\n"1\n2', b"A\n3\n4\n")).csv(Leads.select("A").page(1, 2), file)

    assert file.getvalue() == b'A\n"1\n2\r\n3\n4\n'


@pytest.mark.parametrize("file", [None, 5])
def test_only_paths_and_files_can_be_written(file: Any) -> None:
    """Rejected before the call."""
    with pytest.raises(QueryError) as caught:
        client_of().csv(QUERY, file)

    assert str(caught.value) == f"{file!r} is not a file; write a path, or pass an open file"


@pytest.mark.parametrize("body", [b"", b"\r\n", b"\n1\r\n"])
def test_csv_without_a_header_is_an_error(body: bytes) -> None:
    """A compressed response that breaks off at once looks so."""

    class EmptyCsv(StubServer):
        """Sends a total as JSON, and this body as CSV."""

        def send(self, request: PreparedRequest, *args: object, **kwargs: object) -> Response:
            response = super().send(request, *args, **kwargs)
            if "responseformat=CSV" in (request.url or ""):
                response.raw = BytesIO(body)
                response.headers["Content-Type"] = "text/csv"
            return response

    total = b'{"TotalCount": "1", "Results": [{"Score": "1"}]}'
    for query in (QUERY.page(1, 10), QUERY.page(None)):
        with pytest.raises(
            InvalidResponseError, match="CSV without a header, so it may be incomplete; try again"
        ):
            client_of_wire(EmptyCsv(200, total)).csv(query, BytesIO())


def test_a_file_of_another_format_is_refused(tmp_path: Path) -> None:
    """Before anything is sent."""
    client = client_on(Session())

    with pytest.raises(QueryError, match=r"a \.csv file, and .*; write result\.to_excel\('"):
        client.csv(QUERY, tmp_path / "leads.xlsx")
