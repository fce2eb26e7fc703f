"""The registry of exporters, and what each of them does not support."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest

from leadquery import Leads, LeadsNotContacted, from_payload
from leadquery.errors import MissingDependencyError, QueryError
from leadquery.exporters import NAMES, SCRIPTS, get_exporter
from leadquery.exporters.base import Exporter, ExportRequest
from leadquery.query.leads import LeadSet
from leadquery.query.reports import STARTS
from leadquery.wire.endpoints import Endpoint
from leadquery.wire.enums import VARIABLES, ResponseFormat
from tests.exporters.queries import EASY, HARD, HOSTILE
from tests.exporters.readers import READERS

EXPORTERS = [get_exporter(name) for name in NAMES]
HARD_ONE = ExportRequest(HARD.to_payload(), "hard", HARD.describe())
EASY_ONE = ExportRequest(EASY.to_payload(), "easy", EASY.describe())


def name_of(exporter: Exporter) -> str:
    """The name of a test case."""
    return exporter.name


def error_of(query: Any, exporter: Any, **options: Any) -> str:
    """The message of the error that exporting a query raises."""
    with pytest.raises(QueryError) as caught:
        query.to_request(exporter, **options)
    return str(caught.value)


def test_each_exporter_has_its_name() -> None:
    """And another suffix than all but one: two are Python."""
    assert [exporter.name for exporter in EXPORTERS] == [*NAMES]
    assert len({exporter.suffix for exporter in EXPORTERS}) == len(EXPORTERS) - 1


@pytest.mark.parametrize("exporter", EXPORTERS, ids=name_of)
@pytest.mark.parametrize("response_format", ResponseFormat)
def test_keys_are_never_values(
    exporter: Exporter, response_format: ResponseFormat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where the environment holds some."""
    for name in VARIABLES:
        monkeypatch.setenv(name, f"value-of-{name}")
    if response_format is ResponseFormat.CSV and not exporter.has_url:
        pytest.skip("without a URL there are no keys and no format")
    request = ExportRequest(HARD.to_payload(), response_format=response_format)

    for one in filter(None, (exporter, exporter.script)):
        assert "value-of-" not in one.export([request])
        assert not one.loops or "value-of-" not in one.export([request.with_all_pages()])


@pytest.mark.parametrize("exporter", EXPORTERS, ids=name_of)
def test_no_placeholder_is_left(exporter: Exporter) -> None:
    """Every part of a template is filled."""
    for one in filter(None, (exporter, exporter.script)):
        assert "⟨" not in one.export([EASY_ONE])
        assert not one.loops or "⟨" not in one.export([EASY_ONE.with_all_pages()])


@pytest.mark.parametrize(
    "exporter", [exporter for exporter in EXPORTERS if exporter.several], ids=name_of
)
def test_documents_for_several_queries(exporter: Exporter) -> None:
    """Each of them, in order."""
    text = exporter.export([EASY_ONE, HARD_ONE])

    assert len(text) > len(exporter.export([EASY_ONE]))
    assert text != exporter.export([HARD_ONE, EASY_ONE])


@pytest.mark.parametrize(
    "exporter", [exporter for exporter in EXPORTERS if not exporter.several], ids=name_of
)
def test_documents_for_one_query_only(exporter: Exporter) -> None:
    """The others are refused more, and none at all."""
    for several in ([EASY_ONE, HARD_ONE], []):
        with pytest.raises(QueryError) as caught:
            exporter.export(several)

        assert str(caught.value) == (
            f"{exporter.name} takes one query at a time; write a file for each"
        )


def test_unknown_exporter() -> None:
    """The nearest one is named, or all."""
    assert error_of(EASY, "crul") == "there is no exporter 'crul'; did you mean 'curl'?"
    assert error_of(EASY, 7) == f"there is no exporter 7; write one of {', '.join(NAMES)}"


def test_a_script_needs_an_exporter_with_one() -> None:
    assert EASY.to_request("curl", script=True).startswith("#!/bin/sh\n")
    assert error_of(EASY, "php", script=True) == "php has no other form; a script is for curl"


def test_unknown_response_format() -> None:
    """There are two, in any letters."""
    assert EASY.to_request("curl", response_format="CSV") == EASY.to_request(
        "curl", response_format="csv"
    )
    assert error_of(EASY, "curl", response_format="xml") == (
        "there is no response format 'xml'; write 'json' or 'csv'"
    )
    assert error_of(EASY, "curl", response_format=None) == (
        "there is no response format None; write 'json' or 'csv'"
    )


@pytest.mark.parametrize(
    "exporter", [exporter for exporter in EXPORTERS if not exporter.has_url], ids=name_of
)
def test_csv_needs_a_url(exporter: Exporter) -> None:
    """The URL would."""
    assert error_of(EASY, exporter.name, response_format="csv") == (
        f"{exporter.name} has no URL, which names the response format; choose another exporter"
    )


@pytest.mark.parametrize(
    "exporter", [exporter for exporter in EXPORTERS if not exporter.loops], ids=name_of
)
def test_all_pages_needs_a_loop(exporter: Exporter) -> None:
    """And what to write."""
    hint = "write its script, with script=True, or " if exporter.script else ""
    assert error_of(EASY, exporter.name, all_pages=True) == (
        f"{exporter.name} has no loop; "
        f"{hint}export a request for each page: query.page(1), and so on"
    )


def test_a_loop_adds_paging() -> None:
    """Of a hundred rows, as a query does."""
    looped = Leads.select("Phone").page(None).to_request("php", all_pages=True)

    assert "'PageSize' => 100" in looped


def test_page_names_sort_in_page_order() -> None:
    """A list of files by name is a list by page."""
    pages = EASY_ONE.pages(10)

    assert [page.name for page in pages][::9] == ["easy-01", "easy-10"]
    assert [page.payload["Paging"] for page in pages][:2] == [
        {"PageIndex": 1, "PageSize": 3},
        {"PageIndex": 2, "PageSize": 3},
    ]


def nested(levels: int) -> dict[str, Any]:
    """A payload with groups in groups."""
    group: dict[str, Any] = {
        "Condition": [{"LookupName": "Role", "Operator": "eq", "LookupValue": "a"}]
    }
    for _ in range(levels):
        group = {"GroupConditions": [group]}
    return {**EASY.to_payload(), "ReportFilter": {"UserFilter": {"GroupConditions": [group]}}}


@pytest.mark.parametrize("exporter", READERS)
def test_an_empty_object_stays_an_object(exporter: str) -> None:
    """In the notation of each language."""
    payload = {**EASY.to_payload(), "ReportFilter": {}}

    assert READERS[exporter](get_exporter(exporter).export([ExportRequest(payload)])) == payload


def test_powershell_allows_a_hundred_levels() -> None:
    """And no deeper."""
    powershell = get_exporter("powershell")

    assert "-Depth 99)" in powershell.export([ExportRequest(nested(46))])
    with pytest.raises(QueryError) as caught:
        powershell.export([ExportRequest(nested(47))])

    assert str(caught.value) == (
        "the payload is 101 levels deep, but ConvertTo-Json writes at most 100; "
        "choose another exporter"
    )


@pytest.mark.parametrize("exporter", ["php", "powershell"])
def test_lone_surrogates_raise_an_error(exporter: str) -> None:
    """Where texts are Unicode."""
    assert error_of(Leads.select("mx_\ud800"), exporter) == (
        f"{exporter} cannot write '\\ud800', a lone surrogate; choose another exporter"
    )


def test_har_needs_harfile(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says how to get it."""
    monkeypatch.setitem(sys.modules, "harfile", None)

    with pytest.raises(MissingDependencyError) as caught:
        EASY.to_request("har")
    assert str(caught.value).splitlines()[0] == (
        "--as har needs harfile, which is not installed; run pip install 'leadquery[har]'"
    )


def test_a_description_cannot_end_a_comment() -> None:
    """Nor does it say anything to the language that it stands in."""
    request = ExportRequest(HARD.to_payload(), "hard", f"{HARD_ONE.description}\n{HOSTILE}")

    for name in ("curl", "http", "javascript", "php", "powershell", "python"):
        text = get_exporter(name, script=name in SCRIPTS).export([request])
        [line] = [line for line in text.splitlines() if "Average " in line]

        assert line.isascii()
        assert line.isprintable()
        assert not any(sign in line for sign in ("{{", "}}", "?>", "</", "*/"))


def test_a_payload_without_a_description_has_no_comment() -> None:
    """It is sent all the same."""
    request = ExportRequest(EASY.to_payload(), "easy")

    assert "}\npayload = {" in get_exporter("python").export([request])
    assert from_payload(get_exporter("json").export([request])) == EASY
    assert '"comment": "easy"' in get_exporter("har").export([request])
    assert (
        "summary" not in get_exporter("openapi").export([request]).partition('"examples"')[2][:200]
    )


@pytest.mark.parametrize("exporter", READERS)
def test_a_node_of_any_json_is_written(exporter: str) -> None:
    """Other payloads have neither null, true, fractions nor empty lists."""
    node: list[Any] = [None, True, False, 1.5, -2, [], {}, {"a": [[]]}, [[1]], "x"]
    query = LeadsNotContacted.activity_filters(node).select("Phone")

    assert READERS[exporter](query.to_request(exporter)) == query.to_payload()


@pytest.mark.parametrize("exporter", [one for one in NAMES if one not in ("json", "schema")])
@pytest.mark.parametrize("leads", [*STARTS.values()])
def test_a_report_is_sent_to_its_path(exporter: str, leads: LeadSet) -> None:
    """And the document says what is assumed of it."""
    text = leads.select("Phone").to_request(exporter, script=exporter in SCRIPTS)

    assert leads._node.endpoint.path in text or leads._node.endpoint.path[1:].split("/")[1] in text
    assert "LeadDistribution" not in text
    assert f"the form of '{leads._node.endpoint.key}' (inferred)" in text.replace("\\u0027", "'")


def test_openapi_has_a_path_for_each_report() -> None:
    requests = [ExportRequest.of(one.select("Phone")) for one in (Leads, *STARTS.values())]
    document = json.loads(get_exporter("openapi").export(requests))

    assert [*document["paths"]] == sorted(one.path for one in Endpoint)
