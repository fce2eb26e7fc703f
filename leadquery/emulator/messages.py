"""Calls and replies as they travel, whose keys they carry, and the vendor's error body."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import cast

from attrs import frozen

from leadquery.emulator.collation import each
from leadquery.errors import QueryError
from leadquery.wire.enums import ExceptionType
from leadquery.wire.protocol import (
    ACCESS_KEY,
    ACCESS_KEY_HEADER,
    CONTENT_TYPE,
    EXCEPTION_MESSAGE,
    EXCEPTION_TYPE,
    SECRET_KEY,
    SECRET_KEY_HEADER,
    STATUS,
    STATUS_ERROR,
)

Keys = Mapping[str, str] | Iterable[tuple[str, str]]
"""Pairs of an access and a secret key."""


@frozen
class ApiRequest:
    """A call as it comes in. The query's names and values are decoded; a name may stand twice."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes


@frozen
class ApiResponse:
    """What goes out."""

    status: HTTPStatus
    headers: Mapping[str, str]
    body: bytes


def keys_of(call: ApiRequest) -> tuple[str | None, str | None]:
    """The access key and the secret key of a call, from its query or its headers."""
    return (
        parameter(call, ACCESS_KEY) or header(call, ACCESS_KEY_HEADER),
        parameter(call, SECRET_KEY) or header(call, SECRET_KEY_HEADER),
    )


def parameter(call: ApiRequest, name: str) -> str | None:
    """What the query of a call says under a name, in any letter case."""
    return _named(name, call.query)


def header(call: ApiRequest, name: str) -> str | None:
    """What the headers of a call say under a name, in any letter case."""
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


def error_response(
    message: str,
    status: HTTPStatus = HTTPStatus.BAD_REQUEST,
    exception: ExceptionType = ExceptionType.INVALID_INPUT,
    headers: Mapping[str, str] | None = None,
) -> ApiResponse:
    """The API's error body."""
    error = {
        STATUS: STATUS_ERROR,
        EXCEPTION_TYPE: exception.value,
        EXCEPTION_MESSAGE: message,
    }
    return json_response(status, error, headers or {})


def json_response(status: HTTPStatus, value: object, headers: Mapping[str, str]) -> ApiResponse:
    """A value as the body of a reply."""
    return ApiResponse(
        status, {"Content-Type": CONTENT_TYPE, **headers}, json.dumps(value).encode()
    )
