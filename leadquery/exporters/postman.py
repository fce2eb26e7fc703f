"""A Postman collection, version 2.1."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from leadquery.exporters.base import Exporter, ExportRequest
from leadquery.exporters.templating import ascii_json, brace_safe_json, render
from leadquery.wire.enums import ACCESS_KEY, CONTENT_TYPE, METHOD, PATH, RESPONSE_FORMAT, SECRET_KEY
from leadquery.wire.types import Json

SCHEMA: Final = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"

VARIABLES: Final = {
    "host": "The API host of the account, such as api.example.com; https:// is put before it.",
    ACCESS_KEY: "The access key of the account.",
    SECRET_KEY: "The secret key of the account.",
}

# Postman itself would put http:// before a bare host, and would not encode `&`, `+` and `%` in
# keys. `pm.variables` last for one call, so the values that people set stay as they are.
PRE_REQUEST: Final = """\
const scopes = [pm.iterationData, pm.environment, pm.collectionVariables, pm.globals];
const given = (name) => String(scopes.map((one) => one.get(name)).find(Boolean) ?? "").trim();
const host = given("host").replace(/\\/+$/, "");
pm.variables.set("host", host.includes("://") ? host : `https://${host}`);
for (const name of ["⟨access⟩", "⟨secret⟩"]) {
  pm.variables.set(name, encodeURIComponent(given(name)));
}"""


def _write(requests: Sequence[ExportRequest]) -> str:
    collection = {
        "info": {"name": ", ".join(request.name for request in requests), "schema": SCHEMA},
        "item": [_item(request) for request in requests],
        "event": [
            {
                "listen": "prerequest",
                "script": {
                    "type": "text/javascript",
                    "exec": render(PRE_REQUEST, requests[0]).splitlines(),
                },
            }
        ],
        "variable": [
            {"key": name, "value": "", "type": "string", "description": description}
            for name, description in VARIABLES.items()
        ],
    }
    return f"{ascii_json(collection)}\n"


def _item(request: ExportRequest) -> Json:
    parameters = {name: f"{{{{{name}}}}}" for name in (ACCESS_KEY, SECRET_KEY)}
    parameters[RESPONSE_FORMAT] = request.response_format.value
    query = "&".join(f"{name}={value}" for name, value in parameters.items())
    return {
        "name": request.name,
        "request": {
            "method": METHOD,
            "description": request.description,
            "header": [{"key": "Content-Type", "value": CONTENT_TYPE}],
            "url": {
                "raw": f"{{{{host}}}}{PATH}?{query}",
                "host": ["{{host}}"],
                "path": PATH.strip("/").split("/"),
                "query": [{"key": name, "value": value} for name, value in parameters.items()],
            },
            "body": {
                "mode": "raw",
                "raw": brace_safe_json(request.payload),
                "options": {"raw": {"language": "json"}},
            },
        },
    }


POSTMAN: Final = Exporter(
    name="postman",
    title="Postman, collection 2.1",
    suffix=".postman_collection.json",
    write=_write,
    written_by="Python's `json`",
    several=True,
)
