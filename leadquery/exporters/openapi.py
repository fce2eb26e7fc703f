"""OpenAPI 3.1: the endpoint with its schemas, its errors, and the queries as its examples."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from typing import Final

from leadquery.exporters.base import Exporter, ExportRequest
from leadquery.exporters.openapi_responses import ANSWERS, HERE, responses
from leadquery.exporters.templating import yaml_safe_json
from leadquery.lint.diagnostics import Json
from leadquery.wire.enums import ResponseFormat
from leadquery.wire.json_schema import SchemaBuilder
from leadquery.wire.model import Request
from leadquery.wire.protocol import (
    ACCESS_KEY,
    CONTENT_TYPE,
    METHOD,
    PATH,
    RESPONSE_FORMAT,
    SECRET_KEY,
)


def _write(sent: Sequence[ExportRequest]) -> str:
    return f"{yaml_safe_json(_document(sent))}\n"


def _document(sent: Sequence[ExportRequest]) -> Json:
    parts = SchemaBuilder(HERE, generators=True)
    body = parts.refer(Request)
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
        "paths": {PATH: {METHOD.lower(): _operation(sent, body)}},
        "components": {
            "schemas": {**parts.named, **ANSWERS},
            "securitySchemes": {
                name: {"type": "apiKey", "in": "query", "name": name}
                for name in (ACCESS_KEY, SECRET_KEY)
            },
        },
    }


def _operation(sent: Sequence[ExportRequest], body: Json) -> Json:
    formats = [one.value for one in ResponseFormat]
    return {
        "operationId": PATH.rpartition("/")[2],
        "summary": "Ask for a list of leads, or for numbers of groups of them.",
        "parameters": [
            {
                "name": RESPONSE_FORMAT,
                "in": "query",
                "description": "The format of the answer.",
                "schema": {
                    "type": "string",
                    "enum": formats,
                    "x-enum-varnames": [one.name for one in ResponseFormat],
                    "default": ResponseFormat.JSON.value,
                },
                "example": sent[0].response.value,
            }
        ],
        "requestBody": {
            "required": True,
            "content": {
                CONTENT_TYPE: {
                    "schema": body,
                    "examples": _examples(sent),
                }
            },
        },
        "responses": responses(),
    }


def _examples(sent: Sequence[ExportRequest]) -> Json:
    return {
        one.name: {**({"summary": one.sentence} if one.sentence else {}), "value": one.payload}
        for one in sent
    }


EXPORTER: Final = Exporter(
    name="openapi",
    title="OpenAPI 3.1: the endpoint, to generate clients from",
    suffix=".openapi.json",
    write=_write,
    writer="derived from `schema()`, written by `json`; writers of OpenAPI for Python start from "
    "web frameworks",
    several=True,
)
