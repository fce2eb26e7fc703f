"""Where a client calls: a host, with a port or without, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from leadquery import Client, Leads
from leadquery.client.options import parse_origin
from leadquery.errors import QueryError
from tests.client.stub_server import StubServer, client_of

HINT = "write the API host of the account, as in 'api.example.com'"
EMPTY = f"the host is empty; {HINT}"
NO_HOST = f"the host is not a host name alone; {HINT}"
GIVEN = "the host is not a host name alone; write '{}'"
CLEAR = "http would send the keys unencrypted; write 'https://' or no scheme"


@pytest.mark.parametrize(
    ("host", "called"),
    [
        ("api.example.com", "https://api.example.com"),
        (" api.example.com\n", "https://api.example.com"),
        ("https://api.example.com", "https://api.example.com"),
        ("HTTPS://API.Example.com/", "https://api.example.com"),
        ("api-in21.example.com:8443", "https://api-in21.example.com:8443"),
        ("api_1.example.com:65535", "https://api_1.example.com:65535"),
        ("localhost", "https://localhost"),
        ("10.0.0.1:1", "https://10.0.0.1:1"),
        ("[2001:db8::1]", "https://[2001:db8::1]"),
        ("[2001:DB8::1]:443", "https://[2001:db8::1]:443"),
        ("http://localhost", "http://localhost"),
        ("http://LocalHost:8000/", "http://localhost:8000"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_hosts_are_parsed(host: str, called: str) -> None:
    """https, unless http is written for this machine."""
    assert parse_origin(host) == called


@pytest.mark.parametrize(
    ("host", "message"),
    [
        ("", EMPTY),
        (" \t", EMPTY),
        (None, EMPTY),
        (b"api.example.com", EMPTY),
        ("http://api.example.com", CLEAR),
        ("http://localhost.example.com", CLEAR),
        ("http://127.0.0.1.example.com", CLEAR),
        ("https://", NO_HOST),
        ("//api.example.com", NO_HOST),
        ("ftp://api.example.com", NO_HOST),
        ("https://https://api.example.com", NO_HOST),
        ("https://api-in21.example.com/v2/", GIVEN.format("api-in21.example.com")),
        ("api.example.com/v2", GIVEN.format("api.example.com")),
        ("api.example.com//", GIVEN.format("api.example.com")),
        ("api.example.com:443/v2?accessKey=a", GIVEN.format("api.example.com:443")),
        ("api.example.com?accessKey=a", GIVEN.format("api.example.com")),
        ("api.example.com#a", GIVEN.format("api.example.com")),
        ("secret/key/", NO_HOST),
        ("u:p@api.example.com/v2", NO_HOST),
        ("a:b@api.example.com", NO_HOST),
        ("https://me@api.example.com", NO_HOST),
        ("http://localhost@api.example.com", NO_HOST),
        ("http://localhost\\@api.example.com", NO_HOST),
        ("api.example.com:", NO_HOST),
        ("api.example.com:0", NO_HOST),
        ("api.example.com:65536", NO_HOST),
        ("api.example.com:443:443", NO_HOST),
        ("api.example.com:port", NO_HOST),
        (":443", NO_HOST),
        ("api example.com", NO_HOST),
        ("api.exa\nmple.com", NO_HOST),
        ("api..example.com", NO_HOST),
        (".example.com", NO_HOST),
        ("*.example.com", NO_HOST),
        ("a,b", NO_HOST),
        ("a%2fb", NO_HOST),
        (f"{'a' * 64}.com", NO_HOST),
        ("\u217ci.example.com", NO_HOST),
        ("api.example.com\uff0fx", NO_HOST),
        ("::1", NO_HOST),
        ("[::1", NO_HOST),
        ("[::1%25eth0]", NO_HOST),
        ("[]", NO_HOST),
    ],
)
def test_invalid_hosts_are_rejected(host: Any, message: str) -> None:
    """It is not repeated: it may hold a password or a key."""
    with pytest.raises(QueryError) as caught:
        Client(host, "access", "secret")

    assert str(caught.value) == message


def test_a_client_shows_its_host() -> None:
    """And nothing else."""
    assert repr(Client("https://API.example.com:8443/", "access", "secret")) == (
        "<Client: api.example.com:8443>"
    )


def test_the_request_is_as_documented() -> None:
    """Method, path, parameters and content type."""
    wire = StubServer(200, b'{"TotalCount": "0", "Results": []}')

    client_of(wire).count(Leads)

    (call,) = wire.calls
    assert (call.method, str(call.url).partition("?")[0]) == (
        "POST",
        "https://api.example.com/Leads/LeadDistribution/FilterByLeadField",
    )
    assert call.headers["Content-Type"] == "application/json"
