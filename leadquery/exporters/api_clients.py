"""Files of desktop API clients: Postman, Insomnia and Bruno.

They have no loop over pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import indent
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from leadquery.exporters.base import (
    Exporter,
    ExportRequest,
    ascii_json,
    brace_safe_json,
    comment_text,
    render,
)
from leadquery.exporters.documents import url_of, url_parameters
from leadquery.wire.enums import ACCESS_KEY, CONTENT_TYPE, METHOD, SECRET_KEY
from leadquery.wire.types import Json

POSTMAN_SCHEMA: Final = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"

VARIABLES: Final = {
    "host": "The API host of the account, such as api.example.com; https:// is put before it.",
    ACCESS_KEY: "The access key of the account.",
    SECRET_KEY: "The secret key of the account.",
}

# Postman itself would put http:// before a bare host, and would not encode `&`, `+` and `%` in
# keys. `pm.variables` last for one call, so the values that people set stay as they are.
POSTMAN_SCRIPT: Final = """\
const scopes = [pm.iterationData, pm.environment, pm.collectionVariables, pm.globals];
const given = (name) => String(scopes.map((one) => one.get(name)).find(Boolean) ?? "").trim();
const host = given("host").replace(/\\/+$/, "");
pm.variables.set("host", host.includes("://") ? host : `https://${host}`);
for (const name of ["⟨access⟩", "⟨secret⟩"]) {
  pm.variables.set(name, encodeURIComponent(given(name)));
}"""


def _write_postman(requests: Sequence[ExportRequest]) -> str:
    collection = {
        "info": {"name": ", ".join(request.name for request in requests), "schema": POSTMAN_SCHEMA},
        "item": [_postman_item(request) for request in requests],
        "event": [
            {
                "listen": "prerequest",
                "script": {
                    "type": "text/javascript",
                    "exec": render(POSTMAN_SCRIPT, requests[0]).splitlines(),
                },
            }
        ],
        "variable": [
            {"key": name, "value": "", "type": "string", "description": description}
            for name, description in VARIABLES.items()
        ],
    }
    return f"{ascii_json(collection)}\n"


def _postman_item(request: ExportRequest) -> Json:
    parameters = url_parameters(request)
    return {
        "name": request.name,
        "request": {
            "method": METHOD,
            "description": request.description,
            "header": [{"key": "Content-Type", "value": CONTENT_TYPE}],
            "url": {
                "raw": url_of("", request),
                "host": ["{{host}}"],
                "path": request.path.strip("/").split("/"),
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
    write=_write_postman,
    written_by="Python's `json`",
    several=True,
)


def _write_insomnia(requests: Sequence[ExportRequest]) -> str:
    # Versions of before 2023 replace what has the same ids.
    digest = uuid5(NAMESPACE_URL, ascii_json([[one.name, one.payload] for one in requests])).hex
    workspace = {
        "_id": f"wrk_{digest}",
        "_type": "workspace",
        "parentId": None,
        "name": ", ".join(request.name for request in requests),
        "scope": "collection",
    }
    # Importing into a collection that has these variables keeps their values.
    environment = {
        "_id": f"env_{digest}",
        "_type": "environment",
        "parentId": workspace["_id"],
        "name": "Base Environment",
        "data": dict.fromkeys(VARIABLES, ""),
    }
    items = [
        {"_id": f"req_{digest}_{number}", "parentId": workspace["_id"], **_insomnia_item(request)}
        for number, request in enumerate(requests, 1)
    ]
    export = {
        "_type": "export",
        "__export_format": 4,
        "__export_source": "leadquery",
        "resources": [workspace, environment, *items],
    }
    return f"{ascii_json(export)}\n"


def _insomnia_item(request: ExportRequest) -> dict[str, Json]:
    parameters = {
        name: value.replace("{{", "{{ _.").replace("}}", " }}")  # as Insomnia writes variables
        for name, value in url_parameters(request).items()
    }
    body = brace_safe_json(request.payload)
    return {
        "_type": "request",
        "name": request.name,
        "description": request.description,
        "method": METHOD,
        "url": f"https://{{{{ _.host }}}}{request.path}",
        "parameters": [{"name": name, "value": value} for name, value in parameters.items()],
        "headers": [{"name": "Content-Type", "value": CONTENT_TYPE}],
        "body": {
            "mimeType": CONTENT_TYPE,
            # Insomnia also runs tags of templates, {% … %}.
            "text": body.replace("{%", r"\u007b%").replace("{#", r"\u007b#"),
        },
        "settingFollowRedirects": "off",
    }


INSOMNIA: Final = Exporter(
    name="insomnia",
    title="Insomnia, export format 4",
    suffix=".insomnia.json",
    write=_write_insomnia,
    written_by="Python's `json`",
    several=True,
)

# Bruno's own encoding of URLs would leave `&`, `+` and `#` in keys. Its variables last for one run.
BRUNO_TEMPLATE: Final = """\
meta {
  name: ⟨name⟩
  type: http
  seq: 1
}

post {
  url: ⟨url⟩
  body: json
  auth: none
}

params:query {
⟨parameters⟩
}

headers {
  Content-Type: ⟨CONTENT_TYPE⟩
}

body:json {
⟨body⟩
}

script:pre-request {
  const given = (name) => {
    const value = String(bru.getProcessEnv(name) ?? "").trim();
    if (!value) throw new Error(`${name} is not set`);
    return value;
  };
  const host = given("⟨HOST⟩").replace(/\\/+$/, "");
  bru.setVar("host", host.includes("://") ? host : `https://${host}`);
  bru.setVar("⟨access⟩", encodeURIComponent(given("⟨ACCESS⟩")));
  bru.setVar("⟨secret⟩", encodeURIComponent(given("⟨SECRET⟩")));
}

settings {
  encodeUrl: false
}

docs {
  ⟨description⟩
}
"""


def _write_bruno(requests: Sequence[ExportRequest]) -> str:
    request = requests[0]
    parameters = url_parameters(request).items()
    return render(
        BRUNO_TEMPLATE,
        request,
        name=comment_text(request.name),
        url=url_of("", request),
        parameters="\n".join(f"  {name}: {value}" for name, value in parameters),
        body=indent(brace_safe_json(request.payload), "  "),
        description=comment_text(request.description),
    )


BRUNO: Final = Exporter(
    name="bruno",
    title="Bruno, a .bru file",
    suffix=".bru",
    write=_write_bruno,
    written_by="leadquery itself, as no library for Python writes .bru files",
)
