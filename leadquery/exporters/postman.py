"""A collection for Postman, version 2.1."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from leadquery.exporters.base import Exporter, ExportRequest
from leadquery.exporters.templating import as_json, plain_json, render
from leadquery.lint.diagnostics import Json
from leadquery.wire.protocol import (
    ACCESS_KEY,
    CONTENT_TYPE,
    METHOD,
    PATH,
    RESPONSE_FORMAT,
    SECRET_KEY,
)

SCHEMA: Final = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"

VARIABLES: Final = {
    "host": "The API host of the account, such as api.example.com; https:// is put before it.",
    ACCESS_KEY: "The access key of the account.",
    SECRET_KEY: "The secret key of the account.",
}

# Postman itself would put http:// before a bare host, and leaves `&`, `+` and `%` of keys as they
# are. What is set here holds for one call; it is read from where people write it.
BEFORE: Final = """\
const scopes = [pm.iterationData, pm.environment, pm.collectionVariables, pm.globals];
const given = (name) => String(scopes.map((one) => one.get(name)).find(Boolean) ?? "").trim();
const host = given("host").replace(/\\/+$/, "");
pm.variables.set("host", host.includes("://") ? host : `https://${host}`);
for (const name of ["⟨access⟩", "⟨secret⟩"]) {
  pm.variables.set(name, encodeURIComponent(given(name)));
}"""


def _write(sent: Sequence[ExportRequest]) -> str:
    collection = {
        "info": {"name": ", ".join(one.name for one in sent), "schema": SCHEMA},
        "item": [_item(one) for one in sent],
        "event": [
            {
                "listen": "prerequest",
                "script": {
                    "type": "text/javascript",
                    "exec": render(BEFORE, sent[0]).splitlines(),
                },
            }
        ],
        "variable": [
            {"key": name, "value": "", "type": "string", "description": said}
            for name, said in VARIABLES.items()
        ],
    }
    return f"{as_json(collection)}\n"


def _item(sending: ExportRequest) -> Json:
    parameters = {
        ACCESS_KEY: f"{{{{{ACCESS_KEY}}}}}",
        SECRET_KEY: f"{{{{{SECRET_KEY}}}}}",
        RESPONSE_FORMAT: sending.response.value,
    }
    asked = "&".join(f"{name}={value}" for name, value in parameters.items())
    return {
        "name": sending.name,
        "request": {
            "method": METHOD,
            "description": sending.sentence,
            "header": [{"key": "Content-Type", "value": CONTENT_TYPE}],
            "url": {
                "raw": f"{{{{host}}}}{PATH}?{asked}",
                "host": ["{{host}}"],
                "path": PATH.strip("/").split("/"),
                "query": [{"key": name, "value": value} for name, value in parameters.items()],
            },
            "body": {
                "mode": "raw",
                "raw": plain_json(sending.payload),
                "options": {"raw": {"language": "json"}},
            },
        },
    }


EXPORTER: Final = Exporter(
    name="postman",
    title="Postman, collection 2.1",
    suffix=".postman_collection.json",
    write=_write,
    writer="none is kept for Python; the format is JSON, written by `json`",
    several=True,
)
