"""Looks for the keys in everything that a failed call leaves behind, with observers installed.

Sentry and OpenTelemetry observe each call, as they do in a program that is monitored.
"""

from __future__ import annotations

import json
import logging
import pickle
import socket
import ssl
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
import requests

from leadquery import Client, Leads
from leadquery.client.auth import AuthMethod
from leadquery.errors import ApiError
from tests.client.raw_server import Respond, raw_server, refusing_port

sentry_sdk = pytest.importorskip("sentry_sdk", reason="sentry-sdk is not installed")
pytest.importorskip("opentelemetry.sdk", reason="opentelemetry-sdk is not installed")

ACCESS, SECRET = "u$r-access+key&1", "secret/key='2'"
CERTIFICATE = Path(__file__).parent / "localhost.pem"
FORMS = {
    form
    for key in (ACCESS, SECRET)
    for form in (key, quote(key), quote(key, safe=""), quote_plus(key), repr(key)[1:-1])
}
HEAD = b"HTTP/1.1 %s X\r\nConnection: close\r\n"


def echo(status: bytes, form: Callable[[str], str] = str, header: bytes = b"") -> Respond:
    """Sends back the request, as careless servers do, in a header or in an error."""

    def respond(connection: socket.socket, request: bytes) -> None:
        target = request.split(b" ")[1]
        head = request.partition(b"\r\n\r\n")[0].decode("latin-1")
        message = form(f"{ACCESS} {SECRET} {head}")
        body = {"Status": "Error", "ExceptionType": "MXSomething", "ExceptionMessage": message}
        more = header % target if header else b""
        connection.sendall(HEAD % status + more + b"\r\n" + json.dumps(body).encode())

    return respond


def nothing(connection: socket.socket, _: bytes) -> None:
    connection.shutdown(socket.SHUT_RDWR)


def reset(connection: socket.socket, _: bytes) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")


def late(connection: socket.socket, _: bytes) -> None:
    connection.settimeout(1)
    connection.recv(1)


def junk(head: bytes) -> Respond:
    """Sends the request's target in what is no HTTP."""
    return lambda connection, request: connection.sendall(
        head + request.split(b" ")[1] + b"\r\n\r\n"
    )


SERVER_FAULTS: dict[str, Respond] = {
    **{
        status: echo(status.encode())
        for status in ("200", "400", "401", "403", "404", "405", "407", "408", "429", "500", "503")
    },
    "error as a URL": echo(b"500", lambda text: quote(quote(text, safe=""), safe="")),
    "error as HTML": echo(b"500", lambda text: "".join(f"&#{ord(char)};" for char in text)),
    "error as JSON": echo(b"500", lambda text: json.dumps(json.dumps(text))),
    "redirect": echo(b"302", header=b"Location: http://other.example.com%s\r\n"),
    "redirect in Latin-1": echo(b"302", header=b"Location: http://other.example.com/\xe9%s\r\n"),
    "redirect nowhere": echo(b"307", header=b"Location: http://[%s\r\n"),
    "Retry-After": echo(b"429", header=b"Retry-After: %s\r\n"),
    "cookie": echo(b"500", header=b"Set-Cookie: a=%s\r\n"),
    "bad header": echo(b"500", header=b"a b%s c\r\n"),
    "bad length": echo(b"200", header=b"Content-Length: %s\r\n"),
    "bad encoding": echo(b"200", header=b"Content-Encoding: gzip\r\nX: %s\r\n"),
    "bad chunks": echo(b"200", header=b"Transfer-Encoding: chunked\r\nX: %s\r\n"),
    "bad version": junk(b"HTTP/7 200 "),
    "bad status": junk(b"HTTP/1.1 abc "),
    "no HTTP": junk(b"220 mail.example.com "),
    "long line": junk(b"HTTP/1.1 200 " + b"x" * 70_000),
    "nothing": nothing,
    "reset": reset,
    "late": late,
}


@contextmanager
def server_fault(respond: Respond) -> Iterator[str]:
    with raw_server(respond) as server:
        yield f"http://127.0.0.1:{server.port}"


@contextmanager
def no_listener() -> Iterator[str]:
    with refusing_port() as port:
        yield f"http://127.0.0.1:{port}"


@contextmanager
def unknown_host() -> Iterator[str]:
    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(socket, "getaddrinfo", fail)
        yield "api.example.com"


@contextmanager
def unknown_certificate() -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    with raw_server(nothing, tls=context) as server:
        yield f"localhost:{server.port}"


@contextmanager
def no_tls() -> Iterator[str]:
    with raw_server(nothing) as server:
        yield f"localhost:{server.port}"


@contextmanager
def missing_certificates() -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("REQUESTS_CA_BUNDLE", "/no/such/file.pem")
        yield "api.example.com"


@contextmanager
def refusing_proxy() -> Iterator[str]:
    with raw_server(HEAD % b"407" + b"\r\n") as proxy, pytest.MonkeyPatch.context() as patched:
        for name in ("no_proxy", "NO_PROXY"):
            patched.delenv(name, raising=False)
        patched.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        yield "api.example.com"


FAULTS: dict[str, Callable[[], Any]] = {
    **{name: partial(server_fault, respond) for name, respond in SERVER_FAULTS.items()},
    "no listener": no_listener,
    "unknown host": unknown_host,
    "unknown certificate": unknown_certificate,
    "no TLS": no_tls,
    "missing certificates": missing_certificates,
    "refusing proxy": refusing_proxy,
}


@pytest.fixture(scope="module")
def observed() -> Iterator[Callable[[], str]]:
    """Returns all that Sentry and OpenTelemetry have recorded since the last time."""
    from opentelemetry.instrumentation.requests import RequestsInstrumentor
    from opentelemetry.instrumentation.urllib3 import URLLib3Instrumentor
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    events: list[Any] = []

    class Recorder(sentry_sdk.transport.Transport):  # type: ignore[misc, name-defined]
        def capture_envelope(self, envelope: Any) -> None:
            events.append(envelope.serialize().decode())

    spans = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    instrumentors: list[Any] = [RequestsInstrumentor(), URLLib3Instrumentor()]
    sentry_sdk.init(
        dsn="https://public@sentry.example.com/1",
        transport=Recorder(),
        traces_sample_rate=1.0,
        send_default_pii=True,
        max_request_body_size="always",
    )
    for instrumentor in instrumentors:
        instrumentor.instrument(tracer_provider=provider)

    def recorded() -> str:
        sentry_sdk.flush()
        text = "".join(events) + "".join(span.to_json() for span in spans.get_finished_spans())
        events.clear()
        spans.clear()
        return text

    yield recorded
    for instrumentor in instrumentors:
        instrumentor.uninstrument()
    sentry_sdk.init()


def failed(client: Client) -> ApiError | None:
    """The error of a call, which Sentry sees with the locals of all frames."""
    with sentry_sdk.start_transaction(name="query"):
        try:
            client.count(Leads)
        except ApiError as error:
            sentry_sdk.capture_exception(error)
            return error
    return None


def all_texts(error: BaseException) -> str:
    lines = traceback.TracebackException.from_exception(error, capture_locals=True).format()
    pickled = pickle.dumps(error, 0).decode("latin-1")
    return f"{error} {error!r} {vars(error)} {''.join(lines)} {pickled}"


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("auth", ["query", "headers"])
@pytest.mark.parametrize("name", FAULTS)
def test_no_key_leaves(name: str, auth: AuthMethod, observed: Callable[[], str]) -> None:
    """In errors, pickles, locals, logs, breadcrumbs, events or spans."""
    log = StringIO()
    handler = logging.StreamHandler(log)
    root = logging.getLogger()
    level = root.level
    with ExitStack() as stack:
        host = stack.enter_context(FAULTS[name]())
        stack.callback(root.removeHandler, handler)
        stack.callback(root.setLevel, level)
        root.addHandler(handler)
        root.setLevel(logging.DEBUG)
        options: dict[str, Any] = {"rate": None, "max_attempts": 1, "timeout": (2, 0.3)}
        session = stack.enter_context(requests.Session())
        for chosen in (None, session):
            client = Client(host, ACCESS, SECRET, chosen, auth=auth, **options)
            error = failed(stack.enter_context(client))
            assert error is not None
            text = all_texts(error) + log.getvalue() + observed()
            assert [form for form in FORMS if form in text or form.lower() in text.lower()] == []
