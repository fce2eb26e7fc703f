"""The client: one call for one page, and every way it can fail."""

from __future__ import annotations

import json
import os
from typing import Any, Final, Self

import requests

from leadquery.client.answer import Answer
from leadquery.client.credentials import Keys, origin
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
from leadquery.language.question import FINISHED, Question
from leadquery.spec.model import Aggregate
from leadquery.spec.vocabulary import (
    CONTENT_TYPE,
    EXCEPTION_MESSAGE,
    EXCEPTION_TYPE,
    METHOD,
    PATH,
    ROWS,
    STATUS,
    STATUS_ERROR,
    TOTAL,
    ExceptionType,
)

TIMEOUTS: Final = (5, 60)
"""Seconds to connect, and to wait for the next byte."""

OK: Final = 200
SERVER_ERRORS: Final = 500
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
        self._origin = origin(host)
        self._keys = Keys(access_key, secret_key)
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
        rows, total = self._read(*self._call(query.to_json()))
        grouped = isinstance(query.output, Aggregate)
        return Answer(rows, total, query.output.columns, grouped=grouped)

    def count(self, query: Question) -> int:
        """How many leads meet a query, finished or not; its output and page do not matter.

        Raises QueryError for what is no query, and the ApiErrors of `leadquery.errors`.
        """
        return self.send(counting(query)).total

    def _call(self, payload: str) -> tuple[int, bytes]:
        """The status and the body of the reply to a payload."""
        try:
            response = self._session.request(
                METHOD,
                self._origin + PATH,
                params=self._keys.parameters,
                data=payload,
                headers={"Content-Type": CONTENT_TYPE},
                timeout=TIMEOUTS,
                allow_redirects=False,
                # http is for this machine alone: no proxy between sees the keys.
                proxies={"http": ""},
            )
            body = response.content
        except requests.RequestException as error:
            failure = _failure(error)
        else:
            return response.status_code, body
        # Raised out here so that the error of requests, which holds the URL, is not its context.
        raise ConnectionFailedError(f"{self!r}: {failure}")

    def _read(self, status: int, body: bytes) -> tuple[tuple[dict[str, Any], ...], int]:
        answer = _parsed(body)
        if status != OK or (answer is not None and answer.get(STATUS) == STATUS_ERROR):
            raise self._rejection(status, answer or {})
        if answer is None:
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
        # Seen with status 200.
        if kind == ExceptionType.RATE_LIMIT.value:
            error = RateLimitError
        told = ": ".join(filter(None, (repr(self), f"status {status}", kind, message)))
        return error(told, status, kind, message)

    def _said(self, text: object) -> str | None:
        """What the API says, without the keys."""
        return self._keys.hidden_in(text) if isinstance(text, str) else None


def counting(query: Question) -> Query:
    """The query whose total is the number of leads: a list of one row."""
    if not isinstance(query, Question):
        raise QueryError(f"{query!r} is no query; write count(Leads.where(...))")
    leads = Unfinished(query.conditions, query.dates, query.users, None)
    return leads.select(ProspectID).page(1, 1)


def _unfinished(query: object) -> str:
    if isinstance(query, Question):
        return f"the query does not say what to show; finish it with {FINISHED}"
    return f"{query!r} is no query; write send(Leads.where(...).select(...))"


def _failure(error: requests.RequestException) -> str:
    """What happened, without the words of requests, which hold the URL and the keys."""
    if isinstance(error, requests.Timeout):
        return f"no answer in time ({TIMEOUTS[0]} s to connect, {TIMEOUTS[1]} s to answer)"
    if isinstance(error, requests.exceptions.SSLError):
        return "no secure connection; the certificate does not fit"
    return f"no connection, or it was cut off ({type(error).__name__})"


def _parsed(body: bytes) -> dict[str, Any] | None:
    """The JSON object of a body, or None."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _total(value: object) -> int | None:
    if type(value) is int and value >= 0:
        return value
    return int(value) if isinstance(value, str) and value.isdecimal() and len(value) < 19 else None
