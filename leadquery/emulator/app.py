"""The request handler of the mock API: a request in, a response out; it does no I/O.

The wording of the real API's errors is not known, so the messages here are leadquery's own.
The exception types for a wrong path, a wrong method and status 500 are guesses.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from http import HTTPStatus
from io import StringIO
from typing import Any, Final, cast

from attrs import frozen

from leadquery._util.text import describe_json
from leadquery.emulator.collations import AS_NUMBER, AS_TEXT, AS_TRUTH, Collation
from leadquery.emulator.executor import ClosedError, ResultSet
from leadquery.emulator.faults import ALL_LEADS, RateWindow, Snapshot
from leadquery.emulator.storage import Table, iterate
from leadquery.errors import PayloadError, QueryError
from leadquery.expr import BaseField, Boolean, Choice, DateTime, Field, Number, Text
from leadquery.fields import STANDARD
from leadquery.lint.catalog import FIELD_TYPES, UNDOCUMENTED_FIELDS
from leadquery.lint.rules import Severity
from leadquery.wire.endpoints import Endpoint
from leadquery.wire.enums import (
    ACCESS_KEY,
    ACCESS_KEY_HEADER,
    CONTENT_TYPE,
    CSV_CONTENT_TYPE,
    DATA_TYPE,
    DISPLAY_NAME,
    EXCEPTION_MESSAGE,
    EXCEPTION_TYPE,
    FIELDS_METHOD,
    FIELDS_PATH,
    MANDATORY,
    METHOD,
    OPTION,
    OPTIONS,
    RENDERED_TYPE,
    RESPONSE_FORMAT,
    ROWS,
    SCHEMA_NAME,
    SECRET_KEY,
    SECRET_KEY_HEADER,
    STATUS,
    STATUS_ERROR,
    TOTAL,
    TRUE,
    USER_SEARCH_PATH,
    USERS_METHOD,
    USERS_PATH,
    WITH_OTHERS,
    WITHOUT_OPTIONS,
    ExceptionType,
    ResponseFormat,
)
from leadquery.wire.types import Json

Keys = Mapping[str, str] | Iterable[tuple[str, str]]
"""Pairs of an access and a secret key."""


@frozen
class ApiRequest:
    """A request as it arrives. The names and values of the query are decoded, and may repeat."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes

    def parameter(self, name: str) -> str | None:
        """The value of a query parameter, whatever the case of its name."""
        return _first(name, self.query)

    def header(self, name: str) -> str | None:
        """The value of a header, whatever the case of its name."""
        return _first(name, self.headers.items())

    @property
    def keys(self) -> tuple[str | None, str | None]:
        """The access key and the secret key, from the query or the headers."""
        return (
            self.parameter(ACCESS_KEY) or self.header(ACCESS_KEY_HEADER),
            self.parameter(SECRET_KEY) or self.header(SECRET_KEY_HEADER),
        )


def _first(name: str, pairs: Iterable[tuple[str, str]]) -> str | None:
    return next((value for key, value in pairs if key.lower() == name.lower()), None)


@frozen
class ApiResponse:
    """A response as it leaves."""

    status: HTTPStatus
    headers: Mapping[str, str]
    body: bytes


def json_response(
    status: HTTPStatus, value: object, headers: Mapping[str, str] | None = None
) -> ApiResponse:
    """A response with a JSON body."""
    headers = {"Content-Type": CONTENT_TYPE, **(headers or {})}
    return ApiResponse(status, headers, json.dumps(value).encode())


def error_response(
    message: str,
    status: HTTPStatus = HTTPStatus.BAD_REQUEST,
    exception: ExceptionType = ExceptionType.INVALID_INPUT,
    headers: Mapping[str, str] | None = None,
) -> ApiResponse:
    """A response with the API's error body."""
    error = {
        STATUS: STATUS_ERROR,
        EXCEPTION_TYPE: exception.value,
        EXCEPTION_MESSAGE: message,
    }
    return json_response(status, error, headers)


class App:
    """Handles requests, or rejects them.

    `execute` runs a request body on the leads of a snapshot, as a report, or raises PayloadError or
    QueryError. `lead_fields` lists the account's lead fields, with their options or without, and
    `users` its users. `search_users` runs a request body on those, or raises QueryError.
    `keys` are the pairs of keys that may call; any pair may when it is None. `window` limits the
    calls.
    """

    def __init__(
        self,
        execute: Callable[[bytes, Snapshot, Endpoint], ResultSet],
        lead_fields: Callable[[bool], Json],
        users: Callable[[], Json],
        search_users: Callable[[bytes], Json],
        keys: frozenset[tuple[str, str]] | None = None,
        window: RateWindow | None = None,
    ) -> None:
        self._execute = execute
        self._lead_fields = lead_fields
        self._users = users
        self._search_users = search_users
        self._keys = keys
        self._window = window

    def __call__(self, request: ApiRequest) -> ApiResponse:
        """The response to a request."""
        return self.reject(request) or self.handle(request)

    def reject(self, request: ApiRequest) -> ApiResponse | None:
        """The error for a wrong path, method or keys, or for too many calls; None if all is well.

        Only calls with the right keys count against the limit.
        """
        route = ROUTES.get(request.path)
        if route is None:
            known = Endpoint.DISTRIBUTION.path
            return error_response(f"there is no such API; write {known}", HTTPStatus.NOT_FOUND)
        if request.method != route.method:
            return error_response(
                f"the method {describe_json(request.method)} is not allowed; write {route.method}",
                HTTPStatus.METHOD_NOT_ALLOWED,
                headers={"Allow": route.method},
            )
        keys = request.keys
        if not all(keys) or (self._keys is not None and keys not in self._keys):
            return error_response(
                "the access key or the secret key is missing or unknown",
                HTTPStatus.UNAUTHORIZED,
                ExceptionType.INVALID_ACCESS,
            )
        if self._window is not None and not self._window.allow():
            return error_response(
                f"API calls exceeded the limit of {self._window}",
                HTTPStatus.TOO_MANY_REQUESTS,
                ExceptionType.RATE_LIMIT,
            )
        return None

    def handle(self, request: ApiRequest, snapshot: Snapshot = ALL_LEADS) -> ApiResponse:
        """The response to a request that is not rejected."""
        return ROUTES[request.path].handle(self, request, snapshot)

    def lead_fields(self, request: ApiRequest, _: Snapshot = ALL_LEADS) -> ApiResponse:
        """The lead fields of the account."""
        with_options = request.parameter(WITHOUT_OPTIONS) != TRUE
        return json_response(HTTPStatus.OK, self._lead_fields(with_options))

    def users(self, _: ApiRequest, __: Snapshot = ALL_LEADS) -> ApiResponse:
        """The users of the account."""
        try:
            return json_response(HTTPStatus.OK, self._users())
        except ClosedError as error:
            return error_response(str(error), HTTPStatus.INTERNAL_SERVER_ERROR)

    def search_users(self, request: ApiRequest, _: Snapshot = ALL_LEADS) -> ApiResponse:
        """The users that meet conditions. Invalid input is seen to have status 500 here."""
        try:
            return json_response(HTTPStatus.OK, self._search_users(request.body))
        except QueryError as error:
            return error_response(str(error), HTTPStatus.INTERNAL_SERVER_ERROR)

    def report(self, request: ApiRequest, snapshot: Snapshot, endpoint: Endpoint) -> ApiResponse:
        """The leads, or the groups of leads, that a payload asks for."""
        content_type = request.header("Content-Type")
        if content_type is None:
            return error_response(f"the Content-Type is missing; write {CONTENT_TYPE}")
        if content_type.split(";")[0].strip().lower() != CONTENT_TYPE:
            return error_response(
                f"the Content-Type {describe_json(content_type)} is not allowed; "
                f"write {CONTENT_TYPE}"
            )
        response_format = request.parameter(RESPONSE_FORMAT)
        if response_format is None:
            response_format = ResponseFormat.JSON.value
        respond = _FORMATS.get(response_format.lower())
        if respond is None:
            known = " or ".join(known.value for known in ResponseFormat)
            return error_response(
                f"{RESPONSE_FORMAT} {describe_json(response_format)} is unknown; write {known}"
            )
        try:
            return respond(self._execute(request.body, snapshot, endpoint))
        except PayloadError as error:
            return error_response(_first_error(error))
        except ClosedError as error:
            return error_response(str(error), HTTPStatus.INTERNAL_SERVER_ERROR)
        except QueryError as error:
            return error_response(str(error))


@frozen
class Route:
    """The method that a path takes, and the function that handles it."""

    method: str
    handle: Callable[[App, ApiRequest, Snapshot], ApiResponse]


ROUTES: Final = {
    **{
        endpoint.path: Route(METHOD, partial(App.report, endpoint=endpoint))
        for endpoint in Endpoint
    },
    FIELDS_PATH: Route(FIELDS_METHOD, App.lead_fields),
    USERS_PATH: Route(USERS_METHOD, App.users),
    USER_SEARCH_PATH: Route(METHOD, App.search_users),
}


def _first_error(error: PayloadError) -> str:
    return next(
        f"{diagnostic.path}: {diagnostic.code}: {diagnostic.advice}"
        for diagnostic in error.report.all_diagnostics
        if diagnostic.severity == Severity.ERROR.value
    )


def to_json(result: ResultSet) -> dict[str, Any]:
    """A result as the API's JSON object."""
    rows = [dict(zip(result.columns, row, strict=True)) for row in result.rows]
    return {TOTAL: str(result.total), ROWS: rows}


def _json_result(result: ResultSet) -> ApiResponse:
    return json_response(HTTPStatus.OK, to_json(result))


def _csv_result(result: ResultSet) -> ApiResponse:
    """RFC 4180 in UTF-8; what is not Unicode, such as a lone surrogate, becomes '?'."""
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(result.columns)
    writer.writerows(result.rows)
    headers = {
        "Content-Type": CSV_CONTENT_TYPE,
        "Content-Disposition": 'attachment; filename="leads.csv"',
    }
    return ApiResponse(HTTPStatus.OK, headers, text.getvalue().encode("utf-8", "replace"))


_FORMATS: Final = {
    ResponseFormat.JSON.value.lower(): _json_result,
    ResponseFormat.CSV.value.lower(): _csv_result,
}


def parse_keys(keys: Keys) -> frozenset[tuple[str, str]]:
    """The pairs of keys that may call. The message of an error holds no key."""
    message = "keys= takes pairs of texts; write [('access key', 'secret key')]"
    given = keys.items() if isinstance(keys, Mapping) else keys
    pairs = tuple(iterate(cast("Iterable[tuple[str, str]]", given), message))
    for pair in pairs:
        if not isinstance(pair, (tuple, list)) or [type(key) for key in pair] != [str, str]:
            raise QueryError(message)
    return frozenset((access, secret) for access, secret in pairs)


_DATA_TYPES: Final = {
    field_type: data_type for data_type, field_type in reversed(FIELD_TYPES.items())
}


def lead_fields_metadata(
    leads: Table, fields: Iterable[BaseField[Any]], options: bool
) -> list[dict[str, Json]]:
    """The standard fields, the given ones, and all others that a lead has.

    A field whose type is not given is a number or a checkbox if its values are, or else text.
    """
    known: dict[str, BaseField[Any]] = {
        name: field for name, field in STANDARD.items() if name not in UNDOCUMENTED_FIELDS
    }
    known |= {field.name: field for field in fields}
    stored = leads.collations
    names = dict.fromkeys([*known, *(name for name in stored if name not in UNDOCUMENTED_FIELDS)])
    typed = (_with_type(known.get(name, Field(name)), stored) for name in names)
    return [_field_entry(field, options=options) for field in typed]


def _with_type(field: BaseField[Any], stored: Mapping[str, Collation]) -> BaseField[Any]:
    if type(field) is not Field:
        return field
    known: dict[Collation, type[BaseField[Any]]] = {AS_NUMBER: Number, AS_TRUTH: Boolean}
    field_type = known.get(stored.get(field.name, AS_TEXT), Text)
    return field_type(field.name, field.label)


def _field_entry(field: BaseField[Any], *, options: bool) -> dict[str, Json]:
    """The JSON object of a field. Empty values are left out."""
    data_type = next(
        (data_type for cls, data_type in _DATA_TYPES.items() if isinstance(field, cls)),
        _DATA_TYPES[Text],
    )
    entry: dict[str, Json] = {
        SCHEMA_NAME: field.name,
        DISPLAY_NAME: field.label or field.name,
        DATA_TYPE: data_type,
        MANDATORY: False,
    }
    if isinstance(field, DateTime):
        entry[RENDERED_TYPE] = DateTime.__name__
    if options and isinstance(field, Choice) and field.options:
        entry[OPTIONS] = [{OPTION: option} for option in field.options]
    if isinstance(field, Choice) and field.others:
        entry[RENDERED_TYPE] = f"Dropdown{WITH_OTHERS}"
    return entry
