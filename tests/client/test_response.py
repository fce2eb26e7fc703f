"""Responses: a result, or an error that says what happened."""

from __future__ import annotations

import pickle
from http.client import BadStatusLine
from typing import Any

import pytest
import requests
from urllib3.exceptions import ProtocolError

from leadquery import Client, Leads
from leadquery.emulator import Emulator
from leadquery.errors import (
    ApiError,
    ApiStatusError,
    AuthenticationError,
    BadRequestError,
    InvalidResponseError,
    NotFoundError,
    RateLimitError,
    ServerError,
    TransportError,
)
from tests.client.stub_server import (
    SECRET,
    StubServer,
    client_of,
    client_with_error,
    client_with_response,
    error_body,
)

RATE = "MXAPIRateLimitExceededException"
INPUT = "MXInvalidInputException"


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (302, b"", ApiStatusError),
        (400, error_body(INPUT, "no"), BadRequestError),
        (401, error_body("MXInvalidAccessDetailsException", "no"), AuthenticationError),
        (403, b"", ApiStatusError),
        (404, b"<html>", NotFoundError),
        (429, error_body(RATE, "no"), RateLimitError),
        (429, b"", RateLimitError),
        (500, error_body(INPUT, "no"), BadRequestError),
        (500, b"", ServerError),
        (503, b"", ServerError),
        (599, b"", ServerError),
        (204, b"", ApiStatusError),
        (201, {"TotalCount": "0", "Results": []}, ApiStatusError),
        (200, error_body(INPUT, "no"), BadRequestError),
        (200, error_body(RATE, "no"), RateLimitError),
        (500, error_body(RATE, "no"), RateLimitError),
        (200, {**error_body(), "TotalCount": "0", "Results": []}, ApiStatusError),
    ],
)
def test_each_status_has_its_error(status: int, body: object, error: type[ApiError]) -> None:
    """An error body counts whatever the status, a status whatever the body."""
    with pytest.raises(ApiStatusError) as caught:
        client_with_response(status, body).count(Leads)

    assert type(caught.value) is error
    assert caught.value.status == status


@pytest.mark.parametrize(
    "text",
    [
        "API calls exceeded the limit of 25 in 5 second(s)",
        "Rate limit reached",
        "The limit exceeded",
        "Too many calls",
        "too many requests, slow down",
        "Your request was throttled",
    ],
)
def test_a_message_about_the_rate_is_a_rate_limit_error(text: str) -> None:
    """Whatever the status, without the exception type of the API."""
    for status in (400, 500):
        with pytest.raises(RateLimitError):
            client_with_response(status, error_body(None, text)).count(Leads)


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (400, error_body(INPUT, "no"), f"status 400: {INPUT}: no"),
        (500, error_body(INPUT), f"status 500: {INPUT}"),
        (500, error_body(None, "no"), "status 500: no"),
        (500, error_body("", ""), "status 500"),
        (500, error_body(7, ["no"]), "status 500"),
        (503, b"<html>", "status 503"),
        (500, {"Message": "no"}, "status 500: no"),
        (500, {"message": "no"}, "status 500: no"),
        (
            500,
            error_body("MX\x1b", "a\r\n::error::b\u202e"),
            "status 500: MX\ufffd: a  ::error::b\ufffd",
        ),
        (500, [], "status 500"),
        (200, {"Status": "Error"}, "status 200 with an error that has no text"),
    ],
)
def test_errors_contain_the_apis_message(status: int, body: object, message: str) -> None:
    """Behind the host: the status, the type and the message, where there are any."""
    with pytest.raises(ApiStatusError) as caught:
        client_with_response(status, body).count(Leads)

    assert str(caught.value).partition(";")[0] == f"<Client: api.example.com>: {message}"


def test_errors_with_status_200_are_raised() -> None:
    """Nothing between can have made it, so that no proxy is blamed."""
    with pytest.raises(ApiStatusError) as caught:
        client_with_response(200, error_body("MXUnknown", "hm")).count(Leads)

    assert str(caught.value) == (
        "<Client: api.example.com>: status 200: MXUnknown: hm; the API rejected the query; "
        "check(query.to_payload(), fields=...) names possible causes, "
        "or ask the vendor about this message"
    )


def test_errors_have_the_apis_fields() -> None:
    """Each part by its name, also after a pickle."""
    with pytest.raises(BadRequestError) as caught:
        client_with_response(400, error_body(INPUT, "no")).count(Leads)
    again = pickle.loads(pickle.dumps(caught.value))

    for error in (caught.value, again):
        assert (error.status, error.exception_type, error.api_message) == (400, INPUT, "no")
    assert str(again) == str(caught.value)


def test_an_error_without_a_body_has_no_api_message() -> None:
    """What was not said is absent."""
    with pytest.raises(ServerError) as caught:
        client_with_response(503, b"").count(Leads)

    assert (caught.value.exception_type, caught.value.api_message) == (None, None)


def test_the_emulator_rejects_as_the_api_does() -> None:
    """Keys it does not know are a 401 with the vendor's body."""
    session = Emulator([], keys={"k-access": "k-secret"}).session()

    with pytest.raises(AuthenticationError) as caught:
        Client("api.example.com", "k-access", "other", session).count(Leads)

    assert str(caught.value) == (
        "<Client: api.example.com>: status 401: MXInvalidAccessDetailsException: "
        "the access key or the secret key is missing or unknown; "
        "copy both keys and the API host from the account's settings"
    )


AGAIN = "try again; if it keeps happening, look for a proxy that responds for the API"
NO_OBJECT = "the response is not a JSON object"
NO_TOTAL = "the response has no number in 'TotalCount'"
NO_ROWS = "the response has no list of objects in 'Results'"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", NO_OBJECT),
        (b"<html>", NO_OBJECT),
        (b"\xff\xfe\xfd", NO_OBJECT),
        (b"[]", NO_OBJECT),
        (b"null", NO_OBJECT),
        (b'{"TotalCount": "1", "Results": [{"A"', NO_OBJECT),
        (b"[" * 100_000, NO_OBJECT),
        (b'{"TotalCount": 1' + b"0" * 5_000 + b', "Results": []}', NO_OBJECT),
        ({}, NO_TOTAL),
        ({"Results": []}, NO_TOTAL),
        ({"TotalCount": None, "Results": []}, NO_TOTAL),
        ({"TotalCount": "", "Results": []}, NO_TOTAL),
        ({"TotalCount": "many", "Results": []}, NO_TOTAL),
        ({"TotalCount": "-1", "Results": []}, NO_TOTAL),
        ({"TotalCount": "1.0", "Results": []}, NO_TOTAL),
        ({"TotalCount": "1" * 19, "Results": []}, NO_TOTAL),
        ({"TotalCount": -1, "Results": []}, NO_TOTAL),
        ({"TotalCount": 1.0, "Results": []}, NO_TOTAL),
        ({"TotalCount": True, "Results": []}, NO_TOTAL),
        ({"TotalCount": "1"}, NO_ROWS),
        ({"TotalCount": "1", "Results": None}, NO_ROWS),
        ({"TotalCount": "1", "Results": {}}, NO_ROWS),
        ({"TotalCount": "1", "Results": [{}, []]}, NO_ROWS),
    ],
)
def test_undocumented_responses_are_errors(body: object, message: str) -> None:
    """What is not the documented object is named, never shown."""
    with pytest.raises(InvalidResponseError) as caught:
        client_with_response(200, body).count(Leads)

    assert str(caught.value) == f"<Client: api.example.com>: {message}; {AGAIN}"


@pytest.mark.parametrize("total", [0, "0"])
@pytest.mark.parametrize("rows", [{}, {"Results": None}, {"Results": []}])
def test_no_rows_may_come_without_a_list(total: object, rows: dict[str, object]) -> None:
    """A total of 0 says that there are none."""
    client = client_with_response(200, {"TotalCount": total, **rows})

    result = client.run(Leads.select("Phone"))

    assert (len(result), result.total) == (0, 0)


@pytest.mark.parametrize(
    ("total", "number"),
    [("4", 4), (4, 4), ("0", 0), (0, 0), ("9" * 18, 10**18 - 1), (10**20, 10**20)],
)
def test_total_may_be_a_string_or_a_number(total: object, number: int) -> None:
    """The page's sample has text."""
    client = client_with_response(200, {"TotalCount": total, "Results": [], "Status": "Success"})

    assert client.count(Leads) == number


@pytest.mark.parametrize(
    "body",
    [b'\xef\xbb\xbf{"TotalCount": "4", "Results": []}', '{"TotalCount": "4", "Results": []}'],
)
def test_a_body_may_have_a_byte_order_mark(body: bytes | str) -> None:
    """As .NET writes it: UTF-8 or UTF-16."""
    client = client_with_response(200, body if isinstance(body, bytes) else body.encode("utf-16"))

    assert client.count(Leads) == 4


def test_a_redirect_is_not_followed() -> None:
    """The keys go to one host only."""
    wire = StubServer(302, b"")

    with pytest.raises(ApiStatusError):
        client_of(wire).count(Leads)

    assert len(wire.calls) == 1


CUT = "no connection, or it was closed"
LATE = "no response in time (5 s to connect, 60 s to respond)"
LONGER = "request fewer rows at once, or wait longer: timeout=(5, 120)"
CUT_OFF = (
    "the connection was cut off during the response; try again; if it keeps happening, "
    "request fewer rows at once"
)
REACH = "check that the host is right and that this machine can reach it"


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (requests.ConnectTimeout("secret key"), f"{LATE}; {LONGER}"),
        (requests.ReadTimeout("secret key"), f"{LATE}; {LONGER}"),
        (
            requests.exceptions.SSLError("secret key"),
            (
                "no secure connection; the certificate is not valid for this host; check the host; "
                "REQUESTS_CA_BUNDLE names a company's own certificates"
            ),
        ),
        (
            requests.exceptions.ProxyError("secret key"),
            "no connection to the proxy; check the value of HTTPS_PROXY",
        ),
        (
            requests.exceptions.InvalidURL("secret key"),
            (
                "the host cannot be called; write the API host of the account, "
                "and check the value of HTTPS_PROXY"
            ),
        ),
        (requests.ConnectionError("secret key"), f"{CUT} (ConnectionError); {REACH}"),
        (
            requests.exceptions.ChunkedEncodingError("secret key"),
            CUT_OFF,
        ),
        (ConnectionResetError("secret key"), f"{CUT} (ConnectionResetError); {REACH}"),
        (ProtocolError("secret key"), CUT_OFF),
        (BadStatusLine("secret key"), f"{CUT} (BadStatusLine); {REACH}"),
    ],
)
def test_failed_calls_raise_transport_errors(error: Exception, message: str) -> None:
    """What requests says is not repeated, because it holds the URL."""
    with pytest.raises(TransportError) as caught:
        client_with_error(error).count(Leads)

    assert str(caught.value) == f"<Client: api.example.com>: {message}"


class Torn:
    """A body that breaks off."""

    def close(self) -> None:
        """There is nothing to close."""

    def read(self, *_: object) -> Any:
        """Nothing more comes."""
        raise requests.exceptions.ChunkedEncodingError("secret key")


class TornWire(StubServer):
    """Breaks off in the body, which a session that streams reads late."""

    def send(self, request: requests.PreparedRequest, *_: object, **__: object) -> Any:
        response = super().send(request)
        response.raw = Torn()
        return response


def test_a_body_that_is_cut_off_is_an_error() -> None:
    """A session of one's own may stream: the body is a part of the call."""
    session = requests.Session()
    session.stream = True
    session.mount("https://", TornWire(200, b""))

    with pytest.raises(TransportError) as caught:
        Client("api.example.com", "access", "secret key", session, max_attempts=1).count(Leads)

    assert str(caught.value) == f"<Client: api.example.com>: {CUT_OFF}"


def test_short_keys_do_not_change_the_class_of_an_error() -> None:
    """It is decided before the keys are removed from the text."""
    client = client_with_response(200, error_body(RATE, "slow"))
    session = client._transport.session
    short = Client("api.example.com", "a", "b", session, rate=None, max_attempts=1)

    with pytest.raises(RateLimitError) as caught:
        short.count(Leads)

    assert caught.value.exception_type == RATE


def test_an_unreadable_response_is_an_error_without_its_text() -> None:
    """The error of the codec holds it."""
    raised = UnicodeDecodeError("utf-8", SECRET.encode(), 0, 1, "no")

    with pytest.raises(TransportError) as caught:
        client_with_error(raised).count(Leads)

    assert "the response cannot be read (UnicodeDecodeError)" in str(caught.value)
    assert caught.value.__context__ is None
    assert SECRET.encode() not in pickle.dumps(caught.value)
