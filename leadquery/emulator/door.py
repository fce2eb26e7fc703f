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

from leadquery.emulator.account import ClosedError, Sheet
from leadquery.emulator.calls import (
    Call,
    Reply,
    header,
    keys_of,
    of_json,
    parameter,
    refusal,
)
from leadquery.emulator.clock import Window
from leadquery.emulator.drift import WHOLE, View
from leadquery.errors import PayloadError, QueryError
from leadquery.spec.findings import Json, shown
from leadquery.spec.metadata import FIELDS_METHOD, FIELDS_PATH, WITHOUT_OPTIONS
from leadquery.spec.rules import Severity
from leadquery.spec.vocabulary import (
    CONTENT_TYPE,
    CSV_CONTENT_TYPE,
    METHOD,
    PATH,
    RESPONSE_FORMAT,
    ROWS,
    TOTAL,
    TRUE,
    ExceptionType,
    ResponseFormat,
)


class Door:
    """Lets calls in, or tells why not.

    `sheet` answers a body, or raises PayloadError or QueryError. `fields` says what fields leads
    have, with their options or without. `allowed` are the pairs of keys that may call; any may
    when it is None, but both must be there. `window` limits the calls.
    """

    def __init__(
        self,
        sheet: Callable[[bytes, View], Sheet],
        fields: Callable[[bool], Json],
        allowed: frozenset[tuple[str, str]] | None = None,
        window: Window | None = None,
    ) -> None:
        self._sheet = sheet
        self._fields = fields
        self._allowed = allowed
        self._window = window

    def __call__(self, call: Call) -> Reply:
        """The reply to a call."""
        return self.refused(call) or self.answer(call)

    def refused(self, call: Call) -> Reply | None:
        """What stands at the door: the wrong path, method or keys, and the limit.

        Only who has keys counts against the limit.
        """
        route = ROUTES.get(call.path)
        if route is None:
            return refusal(f"there is no such API; write {PATH}", HTTPStatus.NOT_FOUND)
        if call.method != route.method:
            return refusal(
                f"the method {shown(call.method)} is not allowed; write {route.method}",
                HTTPStatus.METHOD_NOT_ALLOWED,
                headers={"Allow": route.method},
            )
        pair = keys_of(call)
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
        return ROUTES[call.path].answer(self, call, view)

    def fields(self, call: Call, _: View = WHOLE) -> Reply:
        """The lead fields of the account."""
        return of_json(HTTPStatus.OK, self._fields(parameter(call, WITHOUT_OPTIONS) != TRUE), {})

    def report(self, call: Call, view: View = WHOLE) -> Reply:
        """A report on leads."""
        kind = header(call, "Content-Type")
        if kind is None:
            return refusal(f"the Content-Type is missing; write {CONTENT_TYPE}")
        if kind.split(";")[0].strip().lower() != CONTENT_TYPE:
            return refusal(f"the Content-Type {shown(kind)} is not allowed; write {CONTENT_TYPE}")
        asked = parameter(call, RESPONSE_FORMAT)
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


@frozen
class Route:
    """What is found at a path: the method that it takes, and what answers it."""

    method: str
    answer: Callable[[Door, Call, View], Reply]


ROUTES: Final = {
    PATH: Route(METHOD, Door.report),
    FIELDS_PATH: Route(FIELDS_METHOD, Door.fields),
}


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
    return of_json(HTTPStatus.OK, as_json(sheet), {})


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
