"""Keys stand in the URL of a call and in no text, error, log or pickle."""

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
from leadquery.client.auth import LOGGERS, ApiKeys, Credentials
from leadquery.emulator import Emulator
from leadquery.errors import ApiError, LeadQueryError, QueryError
from tests.client.script import Act, Script, client_of as client_of_script
from tests.client.wire import ACCESS, SECRET, Wire, answering, breaking, client_of, refusal

FORMS = [form for key in (ACCESS, SECRET) for form in (key, quote(key, safe=""), quote_plus(key))]
URL = f"https://api.example.com/?accessKey={quote(ACCESS)}&secretKey={quote(SECRET)}"


def leaks(text: str) -> list[str]:
    """The keys that a text holds."""
    return [form for form in FORMS if form in text]


def all_texts(error: BaseException) -> str:
    """What an error says in every way it can."""
    pickled = pickle.dumps(error, 0).decode("latin-1")
    return f"{error} {error!r} {vars(error)} {''.join(traceback.format_exception(error))} {pickled}"


def test_the_keys_are_sent() -> None:
    """In the query of the URL, escaped: what the tests below look for is there to be shown."""
    wire = Wire(200, b'{"TotalCount": "0", "Results": []}')

    client_of(wire).count(Leads)

    assert leaks(str(wire.calls[0].url)) == [
        quote(ACCESS, safe=""),
        quote_plus(ACCESS),
        quote_plus(SECRET),
    ]


@pytest.mark.parametrize("say", [repr, str, lambda client: f"{vars(client)}"])
def test_a_client_does_not_show_its_keys(say: Callable[[Client], str]) -> None:
    """Nor do its parts."""
    assert leaks(say(answering())) == []


@pytest.mark.parametrize(
    "client",
    [
        breaking(requests.ConnectionError(URL)),
        breaking(requests.Timeout(URL)),
        breaking(requests.exceptions.SSLError(URL)),
        answering(200, b"<html>" + URL.encode()),
        answering(200, {"TotalCount": URL, "Results": []}),
        answering(401, refusal(ACCESS, SECRET)),
        answering(404, refusal(None, f"no such URL: {URL}")),
        answering(500, refusal(None, f"{quote_plus(SECRET)} {quote(ACCESS, safe='')}")),
        answering(200, refusal("MXAPIRateLimitExceededException", f"{ACCESS}{SECRET}")),
    ],
)
def test_errors_do_not_show_the_keys(client: Client) -> None:
    """Neither the error, its traceback nor its pickle, and there is no other behind it."""
    with pytest.raises(ApiError) as caught:
        client.count(Leads)

    assert caught.value.__cause__ is caught.value.__context__ is None
    assert leaks(all_texts(caught.value)) == []


@pytest.mark.parametrize(
    "client", [breaking(requests.ConnectionError(URL)), answering(500), answering(200, [])]
)
def test_a_traceback_with_all_locals_does_not_show_the_keys(client: Client) -> None:
    """As reporters of errors write it: no frame holds a key."""
    with pytest.raises(ApiError) as caught:
        client.count(Leads)
    lines = traceback.TracebackException.from_exception(caught.value, capture_locals=True).format()

    assert leaks("".join(lines)) == []


def test_a_key_within_the_other_is_hidden_too() -> None:
    """The longer one is hidden first, so that no rest of it stays."""
    keys = ApiKeys("abc", "abcdef")

    assert keys.redact("abc abcdef xabcx") == "*** *** x***x"


@pytest.mark.parametrize(
    "keep", [pickle.dumps, copy.deepcopy, lambda client: pickle.dumps(vars(client))]
)
def test_a_client_is_not_pickled(keep: Callable[[Client], Any]) -> None:
    """A pickle would hold the keys."""
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
def test_what_is_no_key_is_refused(access: Any, secret: Any, message: str) -> None:
    """The error names the parameter, not its value."""
    with pytest.raises(LeadQueryError) as caught:
        Client("api.example.com", access, secret)

    assert str(caught.value) == message


def test_blanks_around_a_key_are_not_sent() -> None:
    """They come with copying."""
    keys = ApiKeys(" access\n", "\tsecret ")

    assert keys.sign_url("https://a/?x=y") == "https://a/?x=y&accessKey=access&secretKey=secret"


def test_the_log_of_urllib3_does_not_show_the_keys(caplog: pytest.LogCaptureFixture) -> None:
    """It logs the URL of a call when told to debug, and of one tried again."""
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


def test_a_secret_key_may_be_told_at_each_call() -> None:
    """It may change meanwhile, also between two attempts."""
    told = iter(["first", "second", "third"])
    script = Script(Act(), Act(503, b""), Act())
    session = requests.Session()
    session.mount("https://", script)
    client = Client(
        "api.example.com", ACCESS, lambda: next(told), session, rate=None, clock=script.clock
    )
    assert not script.calls

    client.count(Leads)
    client.count(Leads)

    assert [str(call.url).rpartition("=")[2] for call in script.calls] == [
        "first",
        "second",
        "third",
    ]


@pytest.mark.parametrize("told", ["", " ", None, "a\0b"])
def test_a_secret_key_that_is_told_wrong(told: Any) -> None:
    """Before anything is sent."""
    script = Script(Act())
    session = requests.Session()
    session.mount("https://", script)

    with pytest.raises(
        QueryError, match=r"^secret_key (is empty; write|has an unprintable character; copy)"
    ):
        Client("api.example.com", ACCESS, lambda: told, session).count(Leads)
    assert not script.calls


def test_keys_may_travel_in_headers() -> None:
    """And not in the URL; the emulator knows them there too."""
    script = Script(Act())

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
def test_a_key_that_a_header_cannot_hold_is_refused(access: str, secret: str, name: str) -> None:
    """There is no one way to write it there."""
    with pytest.raises(QueryError) as caught:
        Client("api.example.com", access, secret, auth="headers")

    assert str(caught.value) == (
        f"{name} has a character that a header cannot hold; write auth='query'"
    )
    assert Client("api.example.com", access, secret)


@pytest.mark.parametrize("one", [ApiKeys(ACCESS, SECRET), Credentials(ACCESS, SECRET)])
def test_what_holds_keys_shows_none(one: object) -> None:
    """Neither as text nor as a pickle."""
    assert leaks(f"{one} {one!r}") == []
    with pytest.raises(QueryError, match="cannot be pickled"):
        pickle.dumps(one)


def test_a_key_is_hidden_however_it_is_spelt() -> None:
    """As a URL, JSON or HTML writes it, in any letter case, and in part only."""
    keys = ApiKeys("u$r é&k", "s<ec\\ret>'\"")
    said = [
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

    assert [keys.redact(f"<{one}>") for one in said] == ["<***>"] * len(said)


def test_a_key_is_hidden_in_letters_of_another_case() -> None:
    """Also where one letter becomes two."""
    keys = ApiKeys("İstanbul-ß", "secret")

    assert keys.redact("İSTANBUL-SS i̇stanbul-ß İstanbul-ẞ") == "*** *** ***"


def test_the_log_is_scrubbed_once() -> None:
    """However many clients there are."""
    for _ in range(3):
        Client("api.example.com", ACCESS, SECRET)

    assert [len(logging.getLogger(name).filters) for name in LOGGERS] == [1] * len(LOGGERS)


def test_a_traceback_in_the_log_does_not_show_the_keys(caplog: pytest.LogCaptureFixture) -> None:
    """The text of an error may hold what the server said."""
    caplog.set_level(logging.DEBUG)
    error = ValueError(f"/Leads?accessKey={quote_plus(ACCESS)}&x=y")

    logging.getLogger("urllib3.connection").warning("failed", exc_info=error)

    (record,) = caplog.records
    told = logging.Formatter().format(record)
    assert told.splitlines()[-1] == "ValueError: /Leads?accessKey=***&x=y"
