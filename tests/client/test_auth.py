"""Keys are in the URL of a call, and in no text, error, log or pickle."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import traceback
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
import requests

from leadquery import Client, Leads
from leadquery.client.auth import ApiKeys
from leadquery.client.redaction import LOGGERS
from leadquery.emulator import Emulator
from leadquery.errors import ApiError, LeadQueryError, QueryError
from tests.client.scripted_server import Reply, Script, client_of as client_of_script
from tests.client.stub_server import (
    ACCESS,
    SECRET,
    StubServer,
    client_of,
    client_with_error,
    client_with_response,
    error_body,
)

FORMS = [form for key in (ACCESS, SECRET) for form in (key, quote(key, safe=""), quote_plus(key))]
URL = f"https://api.example.com/?accessKey={quote(ACCESS)}&secretKey={quote(SECRET)}"


def leaks(text: str) -> list[str]:
    """The keys in a text."""
    return [form for form in FORMS if form in text]


def all_texts(error: BaseException) -> str:
    """Every text of an error."""
    pickled = pickle.dumps(error, 0).decode("latin-1")
    return f"{error} {error!r} {vars(error)} {''.join(traceback.format_exception(error))} {pickled}"


def test_the_keys_are_sent() -> None:
    """Escaped in the URL, so the tests below have something to find."""
    wire = StubServer(200, b'{"TotalCount": "0", "Results": []}')

    client_of(wire).count(Leads)

    assert leaks(str(wire.calls[0].url)) == [
        quote(ACCESS, safe=""),
        quote_plus(ACCESS),
        quote_plus(SECRET),
    ]


@pytest.mark.parametrize("say", [repr, str, lambda client: f"{vars(client)}"])
def test_a_client_does_not_show_its_keys(say: Callable[[Client], str]) -> None:
    """Nor do its parts."""
    assert leaks(say(client_with_response())) == []


@pytest.mark.parametrize(
    "client",
    [
        client_with_error(requests.ConnectionError(URL)),
        client_with_error(requests.Timeout(URL)),
        client_with_error(requests.exceptions.SSLError(URL)),
        client_with_response(200, b"<html>" + URL.encode()),
        client_with_response(200, {"TotalCount": URL, "Results": []}),
        client_with_response(401, error_body(ACCESS, SECRET)),
        client_with_response(404, error_body(None, f"no such URL: {URL}")),
        client_with_response(
            500, error_body(None, f"{quote_plus(SECRET)} {quote(ACCESS, safe='')}")
        ),
        client_with_response(
            200, error_body("MXAPIRateLimitExceededException", f"{ACCESS}{SECRET}")
        ),
    ],
)
def test_errors_do_not_show_the_keys(client: Client) -> None:
    """Neither do tracebacks, pickles and chained errors."""
    with pytest.raises(ApiError) as caught:
        client.count(Leads)

    assert caught.value.__cause__ is caught.value.__context__ is None
    assert leaks(all_texts(caught.value)) == []


@pytest.mark.parametrize(
    "client",
    [
        client_with_error(requests.ConnectionError(URL)),
        client_with_response(500),
        client_with_response(200, []),
    ],
)
def test_a_traceback_with_all_locals_does_not_show_the_keys(client: Client) -> None:
    """As error reporters print it."""
    with pytest.raises(ApiError) as caught:
        client.count(Leads)
    lines = traceback.TracebackException.from_exception(caught.value, capture_locals=True).format()

    assert leaks("".join(lines)) == []


def test_a_key_within_the_other_is_redacted() -> None:
    """The longer one first."""
    keys = ApiKeys("abc", "abcdef")

    assert keys.redact("abc abcdef xabcx") == "*** *** x***x"


@pytest.mark.parametrize(
    "keep", [pickle.dumps, copy.deepcopy, lambda client: pickle.dumps(vars(client))]
)
def test_a_client_is_not_pickled(keep: Callable[[Client], Any]) -> None:
    with pytest.raises(QueryError) as caught:
        keep(Client("api.example.com", ACCESS, SECRET))

    assert str(caught.value) == (
        "a client holds keys and cannot be pickled; create one where it is used"
    )


@pytest.mark.parametrize(
    ("access", "secret", "message"),
    [
        ("", "s", "access_key is empty; write the key from the account's settings"),
        ("a", " \n", "secret_key is empty; write the key from the account's settings"),
        (None, "s", "access_key is empty; write the key from the account's settings"),
        (
            "a\0b",
            "s",
            "access_key has an unprintable character; copy it again from the account's settings",
        ),
        (
            "a",
            "s\ud800",
            "secret_key has an unprintable character; copy it again from the account's settings",
        ),
    ],
)
def test_invalid_keys_are_rejected(access: Any, secret: Any, message: str) -> None:
    """The message names the parameter, not its value."""
    with pytest.raises(LeadQueryError) as caught:
        Client("api.example.com", access, secret)

    assert str(caught.value) == message


def test_blanks_around_a_key_are_not_sent() -> None:
    """They come from copying."""
    keys = ApiKeys(" access\n", "\tsecret ")

    assert keys.sign_url("https://a/?x=y") == "https://a/?x=y&accessKey=access&secretKey=secret"


def test_urllib3_logs_do_not_show_the_keys(caplog: pytest.LogCaptureFixture) -> None:
    """At DEBUG it logs URLs."""
    url = f"/Leads?accessKey={quote_plus(ACCESS)}&secretKey={quote_plus(SECRET)}&x=y"
    caplog.set_level(logging.DEBUG)

    logging.getLogger("urllib3.connectionpool").debug('"%s %s" %s', "POST", url, 200)
    logging.getLogger("urllib3.util.retry").debug("Incremented Retry for (url='%s')", url)
    logging.getLogger("urllib3.connectionpool").debug("a line without arguments")
    logging.getLogger("urllib3.connectionpool").debug("%(name)s", {"name": "by name"})

    assert [record.getMessage() for record in caplog.records] == [
        '"POST /Leads?accessKey=***&secretKey=***&x=y" 200',
        "Incremented Retry for (url='/Leads?accessKey=***&secretKey=***&x=y')",
        "a line without arguments",
        "by name",
    ]


def test_a_secret_key_function_is_called_for_each_call() -> None:
    """And each retry."""
    keys = iter(["first", "second", "third"])
    script = Script(Reply(), Reply(503, b""), Reply())
    session = requests.Session()
    session.mount("https://", script)
    client = Client(
        "api.example.com", ACCESS, lambda: next(keys), session, rate=None, clock=script.clock
    )
    assert not script.calls

    client.count(Leads)
    client.count(Leads)

    assert [str(call.url).rpartition("=")[2] for call in script.calls] == [
        "first",
        "second",
        "third",
    ]


@pytest.mark.parametrize("key", ["", " ", None, "a\0b"])
def test_an_invalid_secret_key_from_a_function(key: Any) -> None:
    """Rejected before the call."""
    script = Script(Reply())
    session = requests.Session()
    session.mount("https://", script)

    with pytest.raises(
        QueryError, match=r"^secret_key (is empty; write|has an unprintable character; copy)"
    ):
        Client("api.example.com", ACCESS, lambda: key, session).count(Leads)
    assert not script.calls


def test_keys_can_be_sent_in_headers() -> None:
    """Instead of the URL."""
    script = Script(Reply())

    client_of_script(script, auth="headers").count(Leads)
    (call,) = script.calls

    assert (call.headers["x-LSQ-AccessKey"], call.headers["x-LSQ-SecretKey"]) == (ACCESS, SECRET)
    assert str(call.url).endswith("/FilterByLeadField")
    emulator = Emulator([{}], keys={ACCESS: SECRET})
    boxed = Client("api.example.com", ACCESS, SECRET, emulator.session(), auth="headers")
    assert boxed.count(Leads) == 1


@pytest.mark.parametrize(
    ("access", "secret", "name"), [("aé", "s", "access_key"), ("a", "s€", "secret_key")]
)
def test_a_key_that_a_header_cannot_contain_is_rejected(
    access: str, secret: str, name: str
) -> None:
    with pytest.raises(QueryError) as caught:
        Client("api.example.com", access, secret, auth="headers")

    assert str(caught.value) == (
        f"{name} has a character that a header cannot hold; write auth='query'"
    )
    assert Client("api.example.com", access, secret)


@pytest.mark.parametrize("one", [ApiKeys(ACCESS, SECRET), ApiKeys(ACCESS, lambda: SECRET)])
def test_objects_with_keys_do_not_show_them(one: object) -> None:
    """Neither as text nor as a pickle."""
    assert leaks(f"{one} {one!r}") == []
    with pytest.raises(QueryError, match="cannot be pickled"):
        pickle.dumps(one)


def test_escaped_keys_are_redacted() -> None:
    """In URLs, JSON and HTML, in any letter case, and in part."""
    keys = ApiKeys("u$r é&k", "s<ec\\ret>'\"")
    spellings = [
        "u$r é&k",
        "u%24r%20%C3%A9%26k",
        "u%24r+%c3%a9&k",
        r"u$r \u00e9&amp;k",
        r"u$r \xe9&k",
        r"u$r \xc3\xa9&k",
        "u$r Ã©&k",
        "U$R É&K",
        "s&lt;ec\\ret&gt;&#x27;&quot;",
        "s<ec" + 4 * "\\" + "ret>\\'\\\"",
        repr(repr("s<ec\\ret>'\""))[3:-3],
        json.dumps(json.dumps("s<ec\\ret>'\""))[3:-3],
    ]

    assert [keys.redact(f"<{one}>") for one in spellings] == ["<***>"] * len(spellings)


def test_redaction_ignores_case() -> None:
    """Also where one letter becomes two."""
    keys = ApiKeys("İstanbul-ß", "secret")

    assert keys.redact("İSTANBUL-SS i̇stanbul-ß İstanbul-ẞ") == "*** *** ***"


def test_the_log_filter_is_added_once() -> None:
    for _ in range(3):
        Client("api.example.com", ACCESS, SECRET)

    assert [len(logging.getLogger(name).filters) for name in LOGGERS] == [1] * len(LOGGERS)


def test_a_traceback_in_the_log_does_not_show_the_keys(caplog: pytest.LogCaptureFixture) -> None:
    """An error may contain the server's text."""
    caplog.set_level(logging.DEBUG)
    error = ValueError(f"/Leads?accessKey={quote_plus(ACCESS)}&x=y")

    logging.getLogger("urllib3.connection").warning("failed", exc_info=error)

    (record,) = caplog.records
    text = logging.Formatter().format(record)
    assert text.splitlines()[-1] == "ValueError: /Leads?accessKey=***&x=y"
