"""The door: a call in, a reply out, as the API's page says it; nothing is read or sent here.

The real API's wording of its errors is not known: the texts here are leadquery's own.
Of the types of exception, those of a wrong path or method and of status 500 are guesses.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from io import StringIO
from typing import Any, Final, cast

from attrs import frozen

from leadquery.emulator.account import ClosedError, Sheet
from leadquery.emulator.clock import Window
from leadquery.emulator.drift import WHOLE, View
from leadquery.emulator.kinds import each
from leadquery.errors import PayloadError, QueryError
from leadquery.spec.findings import shown
from leadquery.spec.rules import Severity
from leadquery.spec.vocabulary import (
    ACCESS_KEY,
    ACCESS_KEY_HEADER,
    CONTENT_TYPE,
    CSV_CONTENT_TYPE,
    EXCEPTION_MESSAGE,
    EXCEPTION_TYPE,
    METHOD,
    PATH,
    RESPONSE_FORMAT,
    ROWS,
    SECRET_KEY,
    SECRET_KEY_HEADER,
    STATUS,
    STATUS_ERROR,
    TOTAL,
    ExceptionType,
    ResponseFormat,
)

Keys = Mapping[str, str] | Iterable[tuple[str, str]]
"""Pairs of an access and a secret key."""


@frozen
class Call:
    """A call as it comes in. The query's names and values are decoded; a name may stand twice."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes


@frozen
class Reply:
    """What goes out."""

    status: HTTPStatus
    headers: Mapping[str, str]
    body: bytes


class Door:
    """Lets calls in, or tells why not.

    `sheet` answers a body, or raises PayloadError or QueryError. `allowed` are the pairs of keys
    that may call; any may when it is None, but both must be there. `window` limits the calls.
    """

    def __init__(
        self,
        sheet: Callable[[bytes, View], Sheet],
        allowed: frozenset[tuple[str, str]] | None = None,
        window: Window | None = None,
    ) -> None:
        self._sheet = sheet
        self._allowed = allowed
        self._window = window

    def __call__(self, call: Call) -> Reply:
        """The reply to a call."""
        return self.refused(call) or self.answer(call)

    def refused(self, call: Call) -> Reply | None:
        """What stands at the door: the wrong path, method or keys, and the limit.

        Only who has keys counts against the limit.
        """
        if call.path != PATH:
            return refusal(f"there is no such API; write {PATH}", HTTPStatus.NOT_FOUND)
        if call.method != METHOD:
            return refusal(
                f"the method {shown(call.method)} is not allowed; write {METHOD}",
                HTTPStatus.METHOD_NOT_ALLOWED,
                headers={"Allow": METHOD},
            )
        pair = _keys_of(call)
        if not all(pair) or (self._allowed is not None and pair not in self._allowed):
            return refusal(
                "the access key and the secret key are missing or not known",
                HTTPStatus.UNAUTHORIZED,
                ExceptionType.INVALID_ACCESS,
            )
        if self._window is not None and not self._window.admits():
            return refusal(
                f"more than {self._window}",
                HTTPStatus.TOO_MANY_REQUESTS,
                ExceptionType.RATE_LIMIT,
            )
        return None

    def answer(self, call: Call, view: View = WHOLE) -> Reply:
        """The reply to a call that is not refused, from the leads that it sees."""
        kind = _header(call, "Content-Type")
        if kind is None:
            return refusal(f"the Content-Type is missing; write {CONTENT_TYPE}")
        if kind.split(";")[0].strip().lower() != CONTENT_TYPE:
            return refusal(f"the Content-Type {shown(kind)} is not allowed; write {CONTENT_TYPE}")
        asked = _parameter(call, RESPONSE_FORMAT)
        shape = _json_reply if asked is None else _SHAPES.get(asked.lower())
        if shape is None:
            known = " or ".join(known.value for known in ResponseFormat)
            return refusal(f"{RESPONSE_FORMAT} {shown(asked)} is not known; write {known}")
        try:
            return shape(self._sheet(call.body, view))
        except PayloadError as error:
            return refusal(_first_error(error))
        except ClosedError as error:
            return refusal(str(error), HTTPStatus.INTERNAL_SERVER_ERROR)
        except QueryError as error:
            return refusal(str(error))


def _keys_of(call: Call) -> tuple[str | None, str | None]:
    return (
        _parameter(call, ACCESS_KEY) or _header(call, ACCESS_KEY_HEADER),
        _parameter(call, SECRET_KEY) or _header(call, SECRET_KEY_HEADER),
    )


def _parameter(call: Call, name: str) -> str | None:
    return _named(name, call.query)


def _header(call: Call, name: str) -> str | None:
    return _named(name, call.headers.items())


def _named(name: str, pairs: Iterable[tuple[str, str]]) -> str | None:
    """The first value of a name, in any letter case."""
    return next((value for said, value in pairs if said.lower() == name.lower()), None)


def pairs(keys: Keys) -> frozenset[tuple[str, str]]:
    """The pairs that may call. Keys never appear in an error."""
    refusal = "keys= takes pairs of texts; write [('access key', 'secret key')]"
    given = keys.items() if isinstance(keys, Mapping) else keys
    found = tuple(each(cast("Iterable[tuple[str, str]]", given), refusal))
    for pair in found:
        if not isinstance(pair, (tuple, list)) or [type(key) for key in pair] != [str, str]:
            raise QueryError(refusal)
    return frozenset((access, secret) for access, secret in found)


def _first_error(error: PayloadError) -> str:
    return next(
        f"{problem.path}: {problem.code}: {problem.advice}"
        for problem in error.report.problems
        if problem.severity == Severity.ERROR.value
    )


def as_json(sheet: Sheet) -> dict[str, Any]:
    """An answer as the API's JSON object."""
    rows = [dict(zip(sheet.columns, row, strict=True)) for row in sheet.rows]
    return {TOTAL: str(sheet.total), ROWS: rows}


def _json_reply(sheet: Sheet) -> Reply:
    return _of_json(HTTPStatus.OK, as_json(sheet), {})


def _csv_reply(sheet: Sheet) -> Reply:
    """RFC 4180, in UTF-8; what is not Unicode, such as half a surrogate pair, becomes '?'."""
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(sheet.columns)
    writer.writerows(sheet.rows)
    headers = {
        "Content-Type": CSV_CONTENT_TYPE,
        "Content-Disposition": 'attachment; filename="leads.csv"',
    }
    return Reply(HTTPStatus.OK, headers, text.getvalue().encode("utf-8", "replace"))


_SHAPES: Final = {
    ResponseFormat.JSON.value.lower(): _json_reply,
    ResponseFormat.CSV.value.lower(): _csv_reply,
}


def refusal(
    message: str,
    status: HTTPStatus = HTTPStatus.BAD_REQUEST,
    exception: ExceptionType = ExceptionType.INVALID_INPUT,
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """The API's error body."""
    error = {
        STATUS: STATUS_ERROR,
        EXCEPTION_TYPE: exception.value,
        EXCEPTION_MESSAGE: message,
    }
    return _of_json(status, error, headers or {})


def _of_json(status: HTTPStatus, value: dict[str, Any], headers: Mapping[str, str]) -> Reply:
    return Reply(status, {"Content-Type": CONTENT_TYPE, **headers}, json.dumps(value).encode())
