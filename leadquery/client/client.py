"""The client: one call for one page, and every way it can fail."""

from __future__ import annotations

import json
import os
from typing import Any, Final, Self
from urllib.parse import SplitResult, urlsplit

import requests

from leadquery.client.answer import Answer
from leadquery.errors import (
    BadRequestError,
    ConnectionFailedError,
    NotFoundError,
    QueryError,
    RateLimitError,
    RejectedError,
    ServerError,
    UnauthorizedError,
    UnreadableAnswerError,
)
from leadquery.fields import ProspectID
from leadquery.language.query import Query, Unfinished
from leadquery.language.question import Question
from leadquery.spec.model import Aggregate
from leadquery.spec.vocabulary import (
    ACCESS_KEY,
    CONTENT_TYPE,
    EXCEPTION_MESSAGE,
    EXCEPTION_TYPE,
    METHOD,
    PATH,
    ROWS,
    SECRET_KEY,
    STATUS,
    STATUS_ERROR,
    TOTAL,
    ExceptionType,
)

TIMEOUTS: Final = (5, 60)
"""Seconds to connect, and to wait for the next byte."""

OK: Final = 200
SERVER_ERRORS: Final = 500
LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
VARIABLES: Final = ("LEADQUERY_HOST", "LEADQUERY_ACCESS_KEY", "LEADQUERY_SECRET_KEY")

REJECTIONS: Final[dict[int, type[RejectedError]]] = {
    400: BadRequestError,
    401: UnauthorizedError,
    404: NotFoundError,
    429: RateLimitError,
}


class Client:
    """Sends queries to one host with one pair of keys. Keys never show in any text.

    `host` is the API host of the account, with https unless it says otherwise; http is for
    this machine alone. `session` is a `requests.Session` of your own, or an emulator's.

    Raises QueryError for a host or a key that cannot be used. (API page: Request URL)

    >>> from leadquery import Leads
    >>> from leadquery.emulator import Emulator
    >>> client = Client("api.example.com", "key", "secret", Emulator.demo(500).session())
    >>> client.count(Leads)
    500
    """

    def __init__(
        self,
        host: str,
        access_key: str,
        secret_key: str,
        session: requests.Session | None = None,
    ) -> None:
        self._origin = _origin(host)
        self._keys = {
            ACCESS_KEY: _key("access_key", access_key),
            SECRET_KEY: _key("secret_key", secret_key),
        }
        self._session = requests.Session() if session is None else session

    @classmethod
    def from_env(cls) -> Self:
        """A client of LEADQUERY_HOST, LEADQUERY_ACCESS_KEY and LEADQUERY_SECRET_KEY.

        Raises QueryError that names those which are not set.
        """
        missing = [name for name in VARIABLES if not os.environ.get(name, "").strip()]
        if missing:
            raise QueryError(f"the environment lacks {', '.join(missing)}; set all three")
        host, access_key, secret_key = (os.environ[name] for name in VARIABLES)
        return cls(host, access_key, secret_key)

    def __repr__(self) -> str:
        return f"<Client: {self._origin.partition('://')[2]}>"

    def send(self, query: Query) -> Answer:
        """The answer to exactly the page that the query asks for.

        Raises QueryError for an unfinished query, and the ApiErrors of `leadquery.errors`.
        """
        if not isinstance(query, Query):
            raise QueryError(_unfinished(query))
        rows, total = self._read(self._call(query.to_json()))
        return Answer(rows, total, grouped=isinstance(query.output, Aggregate))

    def count(self, query: Question) -> int:
        """How many leads meet a query, finished or not; its output and page do not matter.

        Raises as `send` does.
        """
        return self.send(counting(query)).total

    def _call(self, body: str) -> requests.Response:
        try:
            return self._session.request(
                METHOD,
                self._origin + PATH,
                params=self._keys,
                data=body,
                headers={"Content-Type": CONTENT_TYPE},
                timeout=TIMEOUTS,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            failure = _failure(error)
        # Raised out here so that the error of requests, which holds the URL, is not its context.
        raise ConnectionFailedError(f"{self!r}: {failure}")

    def _read(self, response: requests.Response) -> tuple[tuple[dict[str, Any], ...], int]:
        answer = _parsed(response.content)
        failed = isinstance(answer, dict) and answer.get(STATUS) == STATUS_ERROR
        if response.status_code != OK or failed:
            raise self._rejection(response.status_code, answer if isinstance(answer, dict) else {})
        if not isinstance(answer, dict):
            raise UnreadableAnswerError(f"{self!r}: the answer is not a JSON object")
        rows, total = answer.get(ROWS), _total(answer.get(TOTAL))
        if total is None:
            raise UnreadableAnswerError(f"{self!r}: the answer has no number as {TOTAL!r}")
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise UnreadableAnswerError(f"{self!r}: the answer has no list of objects as {ROWS!r}")
        return tuple(rows), total

    def _rejection(self, status: int, answer: dict[str, Any]) -> RejectedError:
        kind, message = (self._said(answer.get(key)) for key in (EXCEPTION_TYPE, EXCEPTION_MESSAGE))
        error = REJECTIONS.get(status, ServerError if status >= SERVER_ERRORS else RejectedError)
        if status == OK and kind == ExceptionType.RATE_LIMIT.value:
            error = RateLimitError
        told = ": ".join(filter(None, (repr(self), f"status {status}", kind, message)))
        return error(told, status, kind, message)

    def _said(self, text: object) -> str | None:
        """What the API says, without the keys."""
        if not isinstance(text, str):
            return None
        # The longer key first: the other may be a part of it.
        for key in sorted(self._keys.values(), key=len, reverse=True):
            text = text.replace(key, "***")
        return text


def counting(query: Question) -> Query:
    """The query whose total is the number of leads: a list of one row."""
    if not isinstance(query, Question):
        raise QueryError(f"{query!r} is no query; write count(Leads.where(...))")
    leads = Unfinished(query.filters, query.words, query.dates, query.users, None)
    return leads.select(ProspectID).page(1, 1)


def _unfinished(query: object) -> str:
    if isinstance(query, Question):
        return (
            "the query does not say what to show; finish it with select(...), "
            "or group_by(...) and count(), average(...) or sum(...)"
        )
    return f"{query!r} is no query; write send(Leads.where(...).select(...))"


def _origin(host: str) -> str:
    hint = "write the API host of the account, as in 'api.example.com'"
    if not isinstance(host, str) or not host.strip():
        raise QueryError(f"the host is empty; {hint}")
    said = host.strip()
    try:
        url = urlsplit(said if "://" in said else f"https://{said}")
        alone = _is_alone(url)
    except ValueError:
        alone = False
    # What was given is not repeated: it may hold a password or a key.
    if not alone:
        raise QueryError(f"the host is more or less than a host; {hint}")
    if url.scheme == "http" and url.hostname not in LOOPBACK:
        raise QueryError("http would send the keys in the clear; write 'https://' or no scheme")
    return f"{url.scheme}://{url.netloc}"


def _is_alone(url: SplitResult) -> bool:
    """Whether a URL is a scheme, a host and perhaps a port. ValueError for a port that is none."""
    plain = url.path in ("", "/") and not (url.query or url.fragment) and "@" not in url.netloc
    spaced = any(character.isspace() or character in "\\?#" for character in url.netloc)
    known = url.scheme in ("http", "https") and bool(url.hostname) and url.port != 0
    return plain and known and not spaced


def _key(name: str, key: str) -> str:
    if not isinstance(key, str) or not key.strip():
        raise QueryError(f"{name} is empty; write the key from the account's settings")
    return key.strip()


def _failure(error: requests.RequestException) -> str:
    """What happened, without the words of requests, which hold the URL and the keys."""
    if isinstance(error, requests.Timeout):
        return f"no answer in time ({TIMEOUTS[0]} s to connect, {TIMEOUTS[1]} s to answer)"
    if isinstance(error, requests.exceptions.SSLError):
        return "no secure connection; the certificate does not fit"
    return f"no connection, or it was cut off ({type(error).__name__})"


def _parsed(content: bytes) -> Any:
    """The JSON value of a body, or None."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _total(value: object) -> int | None:
    if type(value) is int and value >= 0:
        return value
    return int(value) if isinstance(value, str) and value.isdecimal() and len(value) < 19 else None
