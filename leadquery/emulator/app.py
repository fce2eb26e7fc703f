"""The door: a call in, a reply out, as the API's page says it; nothing is read or sent here.

The real API's wording of its errors is not known: the texts here are leadquery's own.
Of the types of exception, those of a wrong path or method and of status 500 are guesses.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from http import HTTPStatus
from io import StringIO
from typing import Any, Final

from attrs import frozen

from leadquery.emulator.clock import RateWindow
from leadquery.emulator.drift import WHOLE, Snapshot
from leadquery.emulator.executor import ClosedError, ResultSet
from leadquery.emulator.messages import (
    ApiRequest,
    ApiResponse,
    error_response,
    header,
    json_response,
    keys_of,
    parameter,
)
from leadquery.errors import PayloadError, QueryError
from leadquery.lint.diagnostics import Json
from leadquery.lint.json_values import describe_json
from leadquery.lint.rules.base import Severity
from leadquery.wire.enums import ExceptionType, ResponseFormat
from leadquery.wire.protocol import (
    CONTENT_TYPE,
    CSV_CONTENT_TYPE,
    FIELDS_METHOD,
    FIELDS_PATH,
    METHOD,
    PATH,
    RESPONSE_FORMAT,
    ROWS,
    TOTAL,
    TRUE,
    WITHOUT_OPTIONS,
)


class App:
    """Lets calls in, or tells why not.

    `sheet` answers a body, or raises PayloadError or QueryError. `fields` says what fields leads
    have, with their options or without. `allowed` are the pairs of keys that may call; any may
    when it is None, but both must be there. `window` limits the calls.
    """

    def __init__(
        self,
        sheet: Callable[[bytes, Snapshot], ResultSet],
        fields: Callable[[bool], Json],
        allowed: frozenset[tuple[str, str]] | None = None,
        window: RateWindow | None = None,
    ) -> None:
        self._sheet = sheet
        self._fields = fields
        self._allowed = allowed
        self._window = window

    def __call__(self, call: ApiRequest) -> ApiResponse:
        """The reply to a call."""
        return self.refused(call) or self.answer(call)

    def refused(self, call: ApiRequest) -> ApiResponse | None:
        """What stands at the door: the wrong path, method or keys, and the limit.

        Only who has keys counts against the limit.
        """
        route = ROUTES.get(call.path)
        if route is None:
            return error_response(f"there is no such API; write {PATH}", HTTPStatus.NOT_FOUND)
        if call.method != route.method:
            return error_response(
                f"the method {describe_json(call.method)} is not allowed; write {route.method}",
                HTTPStatus.METHOD_NOT_ALLOWED,
                headers={"Allow": route.method},
            )
        pair = keys_of(call)
        if not all(pair) or (self._allowed is not None and pair not in self._allowed):
            return error_response(
                "the access key and the secret key are missing or not known",
                HTTPStatus.UNAUTHORIZED,
                ExceptionType.INVALID_ACCESS,
            )
        if self._window is not None and not self._window.admits():
            return error_response(
                f"more than {self._window}",
                HTTPStatus.TOO_MANY_REQUESTS,
                ExceptionType.RATE_LIMIT,
            )
        return None

    def answer(self, call: ApiRequest, view: Snapshot = WHOLE) -> ApiResponse:
        """The reply to a call that is not refused, from the leads that it sees."""
        return ROUTES[call.path].answer(self, call, view)

    def fields(self, call: ApiRequest, _: Snapshot = WHOLE) -> ApiResponse:
        """The lead fields of the account."""
        return json_response(
            HTTPStatus.OK, self._fields(parameter(call, WITHOUT_OPTIONS) != TRUE), {}
        )

    def report(self, call: ApiRequest, view: Snapshot = WHOLE) -> ApiResponse:
        """A report on leads."""
        kind = header(call, "Content-Type")
        if kind is None:
            return error_response(f"the Content-Type is missing; write {CONTENT_TYPE}")
        if kind.split(";")[0].strip().lower() != CONTENT_TYPE:
            return error_response(
                f"the Content-Type {describe_json(kind)} is not allowed; write {CONTENT_TYPE}"
            )
        asked = parameter(call, RESPONSE_FORMAT)
        shape = _json_reply if asked is None else _SHAPES.get(asked.lower())
        if shape is None:
            known = " or ".join(known.value for known in ResponseFormat)
            return error_response(
                f"{RESPONSE_FORMAT} {describe_json(asked)} is not known; write {known}"
            )
        try:
            return shape(self._sheet(call.body, view))
        except PayloadError as error:
            return error_response(_first_error(error))
        except ClosedError as error:
            return error_response(str(error), HTTPStatus.INTERNAL_SERVER_ERROR)
        except QueryError as error:
            return error_response(str(error))


@frozen
class Route:
    """What is found at a path: the method that it takes, and what answers it."""

    method: str
    answer: Callable[[App, ApiRequest, Snapshot], ApiResponse]


ROUTES: Final = {
    PATH: Route(METHOD, App.report),
    FIELDS_PATH: Route(FIELDS_METHOD, App.fields),
}


def _first_error(error: PayloadError) -> str:
    return next(
        f"{problem.path}: {problem.code}: {problem.advice}"
        for problem in error.report.problems
        if problem.severity == Severity.ERROR.value
    )


def as_json(sheet: ResultSet) -> dict[str, Any]:
    """An answer as the API's JSON object."""
    rows = [dict(zip(sheet.columns, row, strict=True)) for row in sheet.rows]
    return {TOTAL: str(sheet.total), ROWS: rows}


def _json_reply(sheet: ResultSet) -> ApiResponse:
    return json_response(HTTPStatus.OK, as_json(sheet), {})


def _csv_reply(sheet: ResultSet) -> ApiResponse:
    """RFC 4180, in UTF-8; what is not Unicode, such as half a surrogate pair, becomes '?'."""
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(sheet.columns)
    writer.writerows(sheet.rows)
    headers = {
        "Content-Type": CSV_CONTENT_TYPE,
        "Content-Disposition": 'attachment; filename="leads.csv"',
    }
    return ApiResponse(HTTPStatus.OK, headers, text.getvalue().encode("utf-8", "replace"))


_SHAPES: Final = {
    ResponseFormat.JSON.value.lower(): _json_reply,
    ResponseFormat.CSV.value.lower(): _csv_reply,
}
