"""The page, served from this process: the same page without Pyodide and CodeMirror.

Its calls are answered by `leadquery.page.analysis`, which reads texts and runs none of them. Other
websites that the browser shows cannot call it: their requests have another Origin or Host.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from http import HTTPStatus
from ipaddress import ip_address
from threading import Lock
from typing import TYPE_CHECKING, Final

from leadquery.page.analysis import CALLS, call
from leadquery.page.build import WEB, examples_script

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}

_FILES: Final = {
    "/": "index.html",
    "/main.js": "served.js",
    **{f"/{name}": name for name in ("editor.js", "icon.svg", "page.js", "places.js", "style.css")},
}
"""The files of the page by their paths."""

_CALL: Final = "/call"

_MOST_VALUES: Final = 3
"""The name of a call, a text, and the number of a diagnostic."""

_EXAMPLES: Final = "/examples.js"

POLICY: Final = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

_HEADERS: Final = (
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Cache-Control", "no-store"),
)

# Warnings are collected by a list of the process.
_lock: Final = Lock()


class _RefusedError(Exception):
    """A request that gets an error, and why."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = status


def with_page(app: WSGIApplication, host: str) -> WSGIApplication:
    """The WSGI app with the page at `/`; other paths are those of `app`, which serves on a host."""

    def handle(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        respond = _respond(environ["PATH_INFO"])
        if respond is None:
            return app(environ, start_response)
        try:
            _check_host(environ, host)
            status, (content_type, body) = HTTPStatus.OK, respond(environ)
        except _RefusedError as error:
            status, content_type, body = error.status, "text/plain", str(error).encode()
        headers = [("Content-Type", content_type), ("Content-Length", str(len(body))), *_HEADERS]
        start_response(f"{status.value} {status.phrase}", headers)
        return [body]

    return handle


_Response = tuple[str, bytes]


def _respond(path: str) -> Callable[[WSGIEnvironment], _Response] | None:
    """What answers a path of the page."""
    if path == _CALL:
        return _respond_to_call
    if path == _EXAMPLES:
        return lambda _: (_TYPES[".js"], examples_script().encode())
    if path in _FILES:
        file = WEB / _FILES[path]
        return lambda _: (_TYPES[file.suffix], file.read_bytes())
    return None


def _check_host(environ: WSGIEnvironment, host: str) -> None:
    """Refuse a name that somebody else may have given to this address."""
    named = re.sub(r":[0-9]*$", "", environ.get("HTTP_HOST", "")).strip("[]")
    if named not in ("localhost", host) and not _is_address(named):
        raise _RefusedError(HTTPStatus.FORBIDDEN, "open the page by the address it is served at")


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _respond_to_call(environ: WSGIEnvironment) -> _Response:
    if environ["REQUEST_METHOD"] != "POST":
        raise _RefusedError(HTTPStatus.METHOD_NOT_ALLOWED, "POST a list: a name and its values")
    origin = environ.get("HTTP_ORIGIN")
    if origin is not None and origin != f"http://{environ['HTTP_HOST']}":
        raise _RefusedError(HTTPStatus.FORBIDDEN, "another website may not call the page")
    if environ.get("CONTENT_TYPE", "").partition(";")[0].strip() != "application/json":
        raise _RefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "POST application/json")
    try:
        called = json.loads(environ["wsgi.input"].read())
    except (ValueError, RecursionError):
        called = None
    match called:
        case [str(name), str(), *_] if name in CALLS and len(called) <= _MOST_VALUES:
            with _lock:
                return "application/json", call(name, json.dumps(called[1:])).encode()
    known = ", ".join(CALLS)
    raise _RefusedError(HTTPStatus.BAD_REQUEST, f"POST a list: one of {known}, and a text")
