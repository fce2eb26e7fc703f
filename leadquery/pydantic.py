"""Queries and payloads as field types of pydantic models.

`Query` is one as it is: it takes a query, a payload or JSON, and is dumped as a payload.
`Query[OneRequest]` is one that has a payload. `Payload` is a dict in which `check` finds no errors.
Each error of a payload is one of pydantic, at its key. pydantic is imported when a model is made.

>>> from leadquery import Query
>>> from pydantic import BaseModel
>>> class Report(BaseModel):
...     query: Query
>>> Report(query={"Output": {"Type": "list", "IncludeCSV": "Phone"}}).query
Leads.select(Phone).page(None)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Final, get_args

from leadquery.errors import PayloadError, QueryError
from leadquery.lint.report import message_text
from leadquery.query.base import MISSING_OUTPUT, BaseQuery
from leadquery.query.from_payload import from_payload
from leadquery.query.query import OneRequest, Query, several_requests_error
from leadquery.wire.json_schema import DEFINITIONS, SchemaBuilder
from leadquery.wire.model import Request
from leadquery.wire.schema import SCHEMA_KEY

__all__ = ["Payload"]

_SCHEMA_ID: Final = "https://leadquery.invalid/payload"
"""Identifies the JSON Schema of a payload inside another one, whose references stay its own."""


def query_schema(source: Any) -> Any:
    """The pydantic schema of `Query`, or of `Query[OneRequest]`, which has a payload."""
    validate = _with_payload if OneRequest in get_args(source) else _read
    return _schema(validate, lambda query: query.to_payload())


def _with_payload(value: Any) -> Query[OneRequest]:
    query = _read(value)
    if not query.is_one_request:
        raise _custom_error("several_requests", str(several_requests_error(query)))
    return query


def _read(value: Any) -> Query:
    if isinstance(value, Query):
        return value
    if isinstance(value, BaseQuery):
        raise _custom_error("unfinished", f"the query has no output; add {MISSING_OUTPUT}")
    try:
        return from_payload(value)
    except PayloadError as error:
        raise _validation_error(error, value) from None
    except QueryError as error:
        # Without the line of the source, which is pydantic's.
        raise _custom_error("unsupported", error.args[0]) from None


class _PayloadType:
    """Marks a dict as a payload, for pydantic."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        def validate(value: Any) -> dict[str, Any]:
            query = _with_payload(value)
            is_sent = isinstance(value, dict) and SCHEMA_KEY not in value
            return value if is_sent else query.to_payload()

        return _schema(validate, lambda payload: payload)

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        return json_schema()


Payload = Annotated[dict[str, Any], _PayloadType()]
"""A payload, as a dict: from a dict, JSON or a query, without errors by `check`."""


def _schema(validate: Callable[[Any], Any], serialize: Callable[[Any], Any]) -> Any:
    from pydantic_core import core_schema

    to_json = core_schema.plain_serializer_function_ser_schema(serialize, when_used="json")
    return core_schema.no_info_plain_validator_function(validate, serialization=to_json)


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a payload, as a part of another one."""
    builder = SchemaBuilder(f"{_SCHEMA_ID}#/{DEFINITIONS}/")
    root = builder.build(Request)
    return {"$id": _SCHEMA_ID, **root, DEFINITIONS: builder.definitions}


def _validation_error(error: PayloadError, value: Any) -> Exception:
    """An error of pydantic for each error of a payload, at its key."""
    from pydantic_core import InitErrorDetails, ValidationError

    details = [
        InitErrorDetails(
            type=_custom_error(one.code, message_text(one)), loc=_location(one.pointer), input=value
        )
        for one in error.report
        if one.severity == "error"
    ]
    return ValidationError.from_exception_data("payload", details)


def _custom_error(code: Any, message: str) -> Any:
    from pydantic_core import PydanticCustomError

    # A message may have braces, which a template would fill in. The code is no literal.
    return PydanticCustomError(code, "{message}", {"message": message})


def _location(pointer: str) -> tuple[str | int, ...]:
    """The keys of a JSON pointer; those of lists are numbers."""
    keys = [key.replace("~1", "/").replace("~0", "~") for key in pointer.split("/")[1:]]
    return tuple(int(key) if key.isdecimal() else key for key in keys)
