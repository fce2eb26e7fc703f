"""Law: no key is in any log, error, pickle or file."""

from __future__ import annotations

import html
import http.client
import json
import logging
import pickle
import re
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.parse import quote, quote_plus, urlencode

import pytest
import requests
from hypothesis import given, settings, strategies as st

import leadquery
from leadquery import Client, Leads
from leadquery.client import transport
from leadquery.client.auth import ApiKeys, AuthMethod
from leadquery.client.rate_limiter import rate_limiter_for
from leadquery.errors import ApiError, LeadQueryError
from tests.client.clocks import InstantClock
from tests.client.faulty_server import REPLIES, FaultyServer, faulty_server
from tests.client.scripted_server import Reply, Script, error_response
from tests.client.test_retries import REPLIES as SCRIPTED

HOME = str(Path(leadquery.__file__).parent)
# Nothing but a key looks like it.
MARK = "Kq$%7&"


AWKWARD = ["***", "\\\\", "\\'", "accessKey=", "&quot;", "&#x27;", "%5c", "%25", "\\u0024", "\\x24"]


def keys_of(alphabet: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, str]]:
    """Pairs of keys that are unlike any other text."""
    parts = st.lists(st.text(alphabet, max_size=8) | st.sampled_from(AWKWARD), max_size=4)
    ends = parts.map(lambda report: f"{MARK}{''.join(report)}".strip())
    return st.tuples(ends.map(lambda key: f"u{key}"), ends.map(lambda key: f"s{key}"))


printable = st.characters(exclude_categories=["C", "Z"]) | st.sampled_from(
    " $%&+/=?#'\"\\<>éß€İ\u0131\u017f\u212a"
)
ascii_only = st.characters(min_codepoint=32, max_codepoint=126)
pairs = keys_of(printable.filter(lambda char: char.isprintable()))
header_pairs = keys_of(ascii_only)


def forms(keys: tuple[str, str]) -> set[str]:
    """Escaped forms of the keys."""
    forms_of_keys = {
        form
        for key in keys
        for form in (key, quote(key), quote(key, safe=""), quote_plus(key), repr(key)[1:-1])
    }
    forms_of_keys |= {urlencode({"": key})[1:] for key in keys} | {
        json.dumps(key)[1:-1] for key in keys
    }
    return forms_of_keys | {form.lower() for form in forms_of_keys}


def leaks(keys: tuple[str, str], text: str) -> list[str]:
    """The keys in a text."""
    return [form for form in forms(keys) if form in text or form in text.lower()]


def all_texts(error: BaseException) -> str:
    """Every text of an error, with the locals of its frames."""
    report = traceback.TracebackException.from_exception(error, capture_locals=True)
    pickled = pickle.dumps(error, 0).decode("latin-1")
    return f"{error} {error!r} {vars(error)} {''.join(report.format())} {pickled}"


@contextmanager
def everything_logged() -> Iterator[StringIO]:
    """All logs at DEBUG, and the debug output of http.client."""
    heard = StringIO()
    handler = logging.StreamHandler(heard)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    http.client.HTTPConnection.debuglevel = 1
    try:
        with redirect_stdout(heard):
            yield heard
    finally:
        http.client.HTTPConnection.debuglevel = 0
        root.setLevel(level)
        root.removeHandler(handler)


def outcome(client: Client) -> BaseException | None:
    """The error that a call ends with, if any; no frame above this one is in its traceback."""
    try:
        client.count(Leads)
    except Exception as error:  # noqa: BLE001 - each is looked at.
        return error
    return None


def echoing(keys: tuple[str, str]) -> list[Reply]:
    """Responses that repeat the keys."""
    forms_of_keys = " ".join(sorted(forms(keys)))
    url = f"https://api.example.com/?{urlencode({'accessKey': keys[0], 'secretKey': keys[1]})}"
    return [
        error_response(401, keys[0], f"{forms_of_keys} ask {keys[1]}.example.com"),
        error_response(500, None, forms_of_keys),
        error_response(200, forms_of_keys, url),
        Reply(302, b"", {"Location": url.replace("api.", "else.")}),
        Reply(200, url.encode()),
        Reply(error=requests.ConnectionError(url)),
        Reply(error=requests.exceptions.SSLError(url)),
        Reply(error=requests.exceptions.InvalidURL(url)),
        Reply(error=ConnectionResetError(url)),
    ]


@given(st.data())
@settings(max_examples=max(50, settings().max_examples // 2))
def test_no_fault_shows_the_keys(data: st.DataObject) -> None:
    """In any order, with keys in the URL or in headers."""
    auth: AuthMethod = data.draw(st.sampled_from(["query", "headers"]))
    keys = data.draw(pairs if auth == "query" else header_pairs)
    acts = [*echoing(keys), *(act for act, _ in SCRIPTED.values())]
    script = Script(*data.draw(st.lists(st.sampled_from(acts), min_size=1, max_size=3)))
    session = requests.Session()
    session.mount("https://", script)
    client = Client("api.example.com", *keys, session, rate=None, clock=script.clock, auth=auth)

    with everything_logged() as heard:
        error = outcome(client)

    assert isinstance(error, ApiError)
    assert error.__cause__ is error.__context__ is None
    assert (
        leaks(keys, all_texts(error) + heard.getvalue() + f"{client._transport} {vars(client)}")
        == []
    )
    assert leaks(keys, str(script.calls[0].url) + f"{script.calls[0].headers}")


@pytest.fixture(scope="module")
def server() -> Iterator[FaultyServer]:
    """A real server."""
    with faulty_server() as running:
        yield running


def options_for(act: str) -> dict[str, Any]:
    """The options of a client that waits long for a server on a busy machine, unless in vain."""
    return {"rate": None, "max_attempts": 2, "timeout": (30, 0.1 if act == "late" else 30)}


@given(st.data())
@settings(max_examples=max(20, settings().max_examples // 10))
def test_no_fault_of_a_real_server_shows_the_keys(
    server: FaultyServer, data: st.DataObject
) -> None:
    """With the logs of urllib3 and http.client."""
    auth: AuthMethod = data.draw(st.sampled_from(["query", "headers"]))
    keys = data.draw(pairs if auth == "query" else header_pairs)
    server.act = data.draw(st.sampled_from(sorted(REPLIES)))
    host = f"http://127.0.0.1:{server.server_port}"
    before = len(server.got)

    with (
        pytest.MonkeyPatch.context() as patched,
        everything_logged() as heard,
        Client(host, *keys, auth=auth, **options_for(server.act)) as client,
    ):
        patched.setattr(transport, "FIRST_PAUSE", 0.001)
        error = outcome(client)
    server.wait_for_calls(before + getattr(error, "attempts", 1))

    assert isinstance(error, ApiError) is (server.act != "fine")
    assert "urllib3" in heard.getvalue() or "Starting new HTTP connection" in heard.getvalue()
    assert leaks(keys, heard.getvalue() + (all_texts(error) if error else "")) == []
    assert leaks(keys, server.got[-1])


@pytest.mark.parametrize("act", sorted(REPLIES))
@pytest.mark.parametrize("auth", ["query", "headers"])
@pytest.mark.parametrize("own", [True, False])
def test_no_fault_shows_the_keys_in_any_session(
    server: FaultyServer, act: str, auth: AuthMethod, own: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a custom session, where urllib3 logs the URL."""
    monkeypatch.setattr(transport, "FIRST_PAUSE", 0.001)
    keys, records = (f"u{MARK}'\"", f"s{MARK} x"), StringIO()
    server.act = act
    handler = logging.StreamHandler(records)
    logger = logging.getLogger("urllib3")
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    host = f"http://127.0.0.1:{server.server_port}"
    before = len(server.got)

    session = requests.Session() if own else None
    with Client(host, *keys, session, auth=auth, **options_for(act)) as client:
        error = outcome(client)
    server.wait_for_calls(before + getattr(error, "attempts", 1))
    logger.setLevel(logging.NOTSET)
    logger.removeHandler(handler)

    assert leaks(keys, records.getvalue() + (all_texts(error) if error else "")) == []
    assert leaks(keys, server.got[-1])
    assert "Starting new HTTP connection" in records.getvalue()


class OopsError(Exception):
    """An unexpected error."""


def ours(error: BaseException) -> str:
    """The locals of leadquery's frames in a traceback."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    return " ".join(
        f"{frame.f_locals}" for frame in frames if frame.f_code.co_filename.startswith(HOME)
    )


KEYS = f"u{MARK}", f"s{MARK}"


@pytest.mark.parametrize(
    "make",
    [
        lambda: Client("a/b", *KEYS),
        lambda: Client("api.example.com", f"{MARK}\0", KEYS[1]),
        lambda: Client("api.example.com", KEYS[0], f"{MARK}\0"),
        lambda: Client("api.example.com", KEYS[0], f"{MARK}é", auth="headers"),
        lambda: Client("api.example.com", *KEYS, rate=(0, 5.0)),
        lambda: Client("api.example.com", *KEYS, max_attempts=0),
        lambda: Client("api.example.com", *KEYS, lock_file="/no/such/folder/pace"),
        lambda: pickle.dumps(Client("api.example.com", *KEYS)),
    ],
)
def test_no_local_of_ours_shows_a_key_when_a_client_is_made(make: Any) -> None:
    with pytest.raises(LeadQueryError) as caught:
        make()

    assert MARK not in ours(caught.value)
    assert MARK not in str(caught.value)


def test_no_local_of_ours_shows_a_key_from_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in zip(("HOST", "ACCESS_KEY", "SECRET_KEY"), ("a/b", *KEYS), strict=True):
        monkeypatch.setenv(f"LEADQUERY_{name}", value)

    with pytest.raises(LeadQueryError) as caught:
        Client.from_env()

    assert MARK not in ours(caught.value)


@pytest.mark.parametrize("secret", [KEYS[1], lambda: KEYS[1]])
def test_no_local_shows_a_key_when_the_unexpected_happens(secret: Any) -> None:
    """Even in frames of requests."""
    session = requests.Session()
    session.mount("https://", Script(Reply(error=OopsError())))
    client = Client(
        "api.example.com", KEYS[0], secret, session, rate=(25, 5.0), clock=InstantClock()
    )

    error = outcome(client)

    assert isinstance(error, OopsError)
    assert MARK not in all_texts(error)


def test_no_file_contains_a_key(tmp_path: Path) -> None:
    """Such as the lock file."""
    path = tmp_path / "pace"
    session = requests.Session()
    session.mount("https://", Script(Reply()))
    Client("api.example.com", *KEYS, session, lock_file=path, clock=InstantClock()).count(Leads)

    assert MARK.encode() not in path.read_bytes()
    assert MARK not in f"{rate_limiter_for.__globals__}"


def recorded(path: Path, server: FaultyServer, keys: tuple[str, str], **options: Any) -> int:
    """A call that a recorder writes to a file."""
    vcr = pytest.importorskip("vcr", reason="vcrpy is not installed")
    with (
        vcr.use_cassette(str(path), record_mode="once"),
        Client(f"http://127.0.0.1:{server.server_port}", *keys, rate=None, **options) as client,
    ):
        return client.count(Leads)


@pytest.mark.parametrize("auth", ["query", "headers"])
def test_no_cassette_contains_a_key(tmp_path: Path, server: FaultyServer, auth: AuthMethod) -> None:
    """The recorder sees the call without keys, and can replay it."""
    server.act = "fine"
    cassette = tmp_path / "calls.yaml"

    assert recorded(cassette, server, KEYS, auth=auth) == 3
    assert leaks(KEYS, server.got[-1])
    calls_made = len(server.got)
    assert leaks(KEYS, cassette.read_text("utf-8")) == []
    assert "FilterByLeadField" in cassette.read_text("utf-8")
    assert recorded(cassette, server, KEYS, auth=auth) == 3
    assert len(server.got) == calls_made


def _as_numbers(text: str) -> str:
    return "".join(f"&#{ord(char):#x};".replace("0x", "x") for char in text)


ENCODERS: list[Callable[[str], str]] = [
    quote,
    quote_plus,
    html.escape,
    _as_numbers,
    lambda text: "".join(f"&#{ord(char):03};" for char in text),
    lambda text: quote(text, safe=""),
    lambda text: json.dumps(text)[1:-1],
    lambda text: json.dumps(text, ensure_ascii=False).replace("/", r"\/")[1:-1],
    lambda text: repr(text)[1:-1],
    lambda text: ascii(text)[1:-1],
    lambda text: text.encode("raw_unicode_escape").decode("latin-1"),
    lambda text: re.sub(r"[!-/:-@]", lambda match: f"\\u{ord(match[0]):04X}", text),
    lambda text: re.sub(r"[$&]", lambda match: f"%u{ord(match[0]):04x}", text),
    lambda text: re.sub(r"[$&]", lambda match: f"\\x{ord(match[0]):02x}", text),
    lambda text: re.sub(r"[$&]", lambda match: f"\\u{{{ord(match[0]):x}}}", text),
    str.lower,
    str.upper,
]


@given(pairs, st.lists(st.sampled_from(ENCODERS), max_size=4))
def test_keys_are_redacted_however_they_are_escaped(
    keys: tuple[str, str], encoders: list[Callable[[str], str]]
) -> None:
    """Escaped several times, one way after another."""
    text = keys[0]
    for encode in encoders:
        text = encode(text)

    # Quoting may add a backslash before the key.
    assert ApiKeys(*keys).redact(f"<{text}>").replace("\\", "") == "<***>"


@pytest.mark.parametrize(
    "text", ["u%252524r0", "u&#36;r0", "u&AMP;#X24;r0", "u\\u0024r0", "u%u0024r0"]
)
def test_escapes_of_escapes_are_redacted(text: str) -> None:
    """As a URL in a URL, HTML and .NET spell a character."""
    assert ApiKeys("u$r0", "other-secret").redact(f"<{text}>") == "<***>"


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("x00", r"\\\x7800"),
        ('"rr', r"%5C%5Cx26%5C%5Cx71%5C%5Cx75%5C%5Cx6f%5C%5Cx74%5C%5Cx3b%5C%5Cx72%5C%5Cx72"),
        ('0$;04x"', r"\\x7830\\x78\x324\\x783\x62\x5c\x783\x30\\x7834\\x7878\x5cx2\x32"),
    ],
)
def test_escapes_of_parts_of_escapes_are_redacted(key: str, text: str) -> None:
    """Each backslash may be doubled, or belong to an escape of its own."""
    assert "***" in ApiKeys(key, "other-secret").redact(f"<{text}>")


def test_text_in_a_wrong_encoding_is_redacted() -> None:
    """UTF-8 that was read as Latin-1, and escapes of single octets."""
    keys = ApiKeys("u\xe9", "other-secret")

    assert keys.redact("<u\xc3\xa9 u%C3%A9 u\\xc3\\xa9 u%E9>") == "<*** *** *** ***>"


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
@pytest.mark.parametrize("before", [str, str.lower, str.upper])
@pytest.mark.parametrize("after", [str, str.lower, str.upper])
def test_text_in_a_wrong_encoding_is_redacted_in_any_case(
    encoding: str, before: Callable[[str], str], after: Callable[[str], str]
) -> None:
    """The octets of the other case of a letter are others."""
    key = "kS\xe9\u0107-1"
    text = after(before(key).encode().decode(encoding))

    assert ApiKeys(key, "other-secret").redact(f"<{text}>") == "<***>"


def test_octets_that_an_encoding_lacks_stay_as_they_are() -> None:
    """The last octet of this letter is none of Windows-1252."""
    assert ApiKeys("k\u20ac\xc1", "other-secret").redact("<k\xe2\u201a\xac\xc3\x81>") == "<***>"


def test_a_neighbour_that_completes_an_escape_hides_no_key() -> None:
    """The `%` of the key and the digits after it are an escape, too."""
    assert ApiKeys("u$r%", "other-secret").redact("u$r%41, u%24r%2541") == "***41, u%24r%2541"


@pytest.mark.parametrize(
    "text", ["\\" * 50_000, "%25" * 20_000, "&amp;" * 20_000, "%" * 20_000 + "25" * 20_000]
)
def test_redaction_takes_linear_time(text: str) -> None:
    """Also of backslashes, for keys that begin with them."""
    keys = ApiKeys("\\'\\'x12345", "'zzzzzzzzz")
    began = perf_counter()

    assert keys.redact(text) == text
    # In the square of its size, it would take minutes.
    assert perf_counter() - began < 30
