"""What the API answers with, as an OpenAPI document says it."""

from __future__ import annotations

from typing import Final

from leadquery.lint.diagnostics import Json
from leadquery.wire.enums import ExceptionType
from leadquery.wire.protocol import (
    CONTENT_TYPE,
    CSV_CONTENT_TYPE,
    EXCEPTION_MESSAGE,
    EXCEPTION_TYPE,
    ROWS,
    STATUS,
    STATUS_ERROR,
    STATUSES,
    TOTAL,
)

HERE: Final = "#/components/schemas/"
"""Where an OpenAPI document has its schemas."""

OK: Final = 200

ANSWERS: Final[dict[str, Json]] = {
    "Answer": {
        "type": "object",
        "description": "A page of the answer.",
        "properties": {
            TOTAL: {
                "type": "string",
                "description": "How many rows there are in all, before paging.",
                "examples": ["4"],
            },
            ROWS: {
                "type": "array",
                "description": "The rows of the page.",
                "items": {"$ref": f"{HERE}Row"},
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
                "description": "The kind of the error; these have been seen.",
                "examples": [one.value for one in ExceptionType],
            },
            EXCEPTION_MESSAGE: {"type": "string", "description": "The error in words."},
        },
        "required": [STATUS, EXCEPTION_TYPE, EXCEPTION_MESSAGE],
    },
}

_TYPES: Final = {
    400: ExceptionType.INVALID_INPUT,
    401: ExceptionType.INVALID_ACCESS,
    429: ExceptionType.RATE_LIMIT,
}
"""The types of exception of which it is known with what status they come."""


def responses() -> Json:
    """The answers by status. (API page: HTTP Response Codes)"""
    return {str(status): _response(status, said) for status, said in STATUSES.items()}


def _response(status: int, said: str) -> Json:
    described = {"description": f"{said[0].upper()}{said[1:]}."}
    error = {"$ref": f"{HERE}Error"}
    if status == OK:
        # The error over the limit has been seen with this status.
        answer = {"oneOf": [{"$ref": f"{HERE}Answer"}, error]}
        text = {"schema": {"type": "string", "description": "A header, then a line for each row."}}
        content = {CONTENT_TYPE: {"schema": answer}, CSV_CONTENT_TYPE: text}
        return {**described, "content": content}
    content = {CONTENT_TYPE: {"schema": error, **_example(status, said)}}
    return {**described, "content": content}


def _example(status: int, said: str) -> dict[str, Json]:
    if status not in _TYPES:
        return {}
    values = {
        STATUS: STATUS_ERROR,
        EXCEPTION_TYPE: _TYPES[status].value,
        EXCEPTION_MESSAGE: said,
    }
    return {"example": values}
