"""OpenAPI 3.1: the endpoint with its schemas, its errors, and the queries as its examples."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from itertools import groupby
from operator import attrgetter
from typing import Final

from leadquery.exporters.base import Exporter, ExportRequest, yaml_safe_json
from leadquery.wire.enums import (
    ACCESS_KEY,
    CONTENT_TYPE,
    CSV_CONTENT_TYPE,
    EXCEPTION_MESSAGE,
    EXCEPTION_TYPE,
    METHOD,
    RESPONSE_FORMAT,
    ROWS,
    SECRET_KEY,
    STATUS,
    STATUS_ERROR,
    STATUSES,
    TOTAL,
    ExceptionType,
    ResponseFormat,
)
from leadquery.wire.json_schema import SchemaBuilder
from leadquery.wire.model import Request
from leadquery.wire.types import Json

SCHEMAS: Final = "#/components/schemas/"


def _write(requests: Sequence[ExportRequest]) -> str:
    return f"{yaml_safe_json(_document(requests))}\n"


def _document(requests: Sequence[ExportRequest]) -> Json:
    from importlib.metadata import version

    schemas = SchemaBuilder(SCHEMAS, for_generators=True)
    body = schemas.reference(Request)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Lead Distribution Analytics",
            "version": version("leadquery"),
            "description": "Leads and their numbers, by conditions on owners, fields and dates. "
            "The version is that of leadquery, which wrote this.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [
            {
                "url": "https://{host}",
                "variables": {
                    "host": {
                        "default": "api.example.com",
                        "description": "The API host of the account.",
                    }
                },
            }
        ],
        "security": [{ACCESS_KEY: [], SECRET_KEY: []}],
        "paths": {
            path: {METHOD.lower(): _operation(path, [*same], body)}
            for path, same in groupby(sorted(requests, key=_path), key=_path)
        },
        "components": {
            "schemas": {**schemas.definitions, **RESPONSE_SCHEMAS},
            "securitySchemes": {
                name: {"type": "apiKey", "in": "query", "name": name}
                for name in (ACCESS_KEY, SECRET_KEY)
            },
        },
    }


_path: Final = attrgetter("path")


def _operation(path: str, requests: Sequence[ExportRequest], body: Json) -> Json:
    examples = {
        request.name: {
            **({"summary": request.description} if request.description else {}),
            "value": request.payload,
        }
        for request in requests
    }
    return {
        "operationId": path.rpartition("/")[2],
        "summary": "Get a list of leads, or numbers of groups of leads.",
        "parameters": [
            {
                "name": RESPONSE_FORMAT,
                "in": "query",
                "description": "The format of the response.",
                "schema": {
                    "type": "string",
                    "enum": [known.value for known in ResponseFormat],
                    "x-enum-varnames": [known.name for known in ResponseFormat],
                    "default": ResponseFormat.JSON.value,
                },
                "example": requests[0].response_format.value,
            }
        ],
        "requestBody": {
            "required": True,
            "content": {CONTENT_TYPE: {"schema": body, "examples": examples}},
        },
        "responses": {
            str(status): _response(status, meaning) for status, meaning in STATUSES.items()
        },
    }


def _response(status: int, meaning: str) -> Json:
    """The response with a status. (API page: HTTP Response Codes)"""
    description = f"{meaning[0].upper()}{meaning[1:]}."
    error = {"$ref": f"{SCHEMAS}Error"}
    if status == HTTPStatus.OK:
        # The error for too many calls has been seen with this status.
        response_schema = {"oneOf": [{"$ref": f"{SCHEMAS}Result"}, error]}
        text = {"type": "string", "description": "A header, then a line for each row."}
        content = {CONTENT_TYPE: {"schema": response_schema}, CSV_CONTENT_TYPE: {"schema": text}}
        return {"description": description, "content": content}
    content = {CONTENT_TYPE: {"schema": error, **_error_example(status, meaning)}}
    return {"description": description, "content": content}


def _error_example(status: int, meaning: str) -> dict[str, Json]:
    if status not in _EXCEPTION_TYPES:
        return {}
    error = {
        STATUS: STATUS_ERROR,
        EXCEPTION_TYPE: _EXCEPTION_TYPES[status].value,
        EXCEPTION_MESSAGE: meaning,
    }
    return {"example": error}


_EXCEPTION_TYPES: Final = {
    400: ExceptionType.INVALID_INPUT,
    401: ExceptionType.INVALID_ACCESS,
    429: ExceptionType.RATE_LIMIT,
}
"""The exception types whose status is known."""

RESPONSE_SCHEMAS: Final[dict[str, Json]] = {
    "Result": {
        "type": "object",
        "description": "A page of the result.",
        "properties": {
            TOTAL: {
                "type": "string",
                "description": "The number of rows on all pages.",
                "examples": ["4"],
            },
            ROWS: {
                "type": "array",
                "description": "The rows of the page.",
                "items": {"$ref": f"{SCHEMAS}Row"},
            },
        },
        "required": [TOTAL, ROWS],
    },
    "Row": {
        "type": "object",
        "description": "A lead by schema names, its values as text; or a group with its numbers.",
        "additionalProperties": {"type": ["string", "number", "null"]},
    },
    "Error": {
        "type": "object",
        "description": "What went wrong, in the API's own words.",
        "properties": {
            STATUS: {"type": "string", "const": STATUS_ERROR},
            EXCEPTION_TYPE: {
                "type": "string",
                "description": "The type of the error; these have been seen.",
                "examples": [exception.value for exception in ExceptionType],
            },
            EXCEPTION_MESSAGE: {"type": "string", "description": "The error message."},
        },
        "required": [STATUS, EXCEPTION_TYPE, EXCEPTION_MESSAGE],
    },
}

OPENAPI: Final = Exporter(
    name="openapi",
    title="OpenAPI 3.1: the endpoint, to generate clients from",
    suffix=".openapi.json",
    write=_write,
    written_by="leadquery itself, from its model of the request, and `json`: "
    "OpenAPI libraries for Python start from web frameworks",
    several=True,
)
