"""Statuses, keys, error bodies and the two response formats."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from io import StringIO
from typing import Any

import pytest

from leadquery.emulator import Emulator
from leadquery.emulator.app import ApiRequest, App, Keys
from leadquery.emulator.executor import ResultSet
from leadquery.wire.enums import AggregateFunction
from tests.emulator.payloads import KEYS, URL, group_by, leads_of, list_of, payload, user_group

LIST = payload(list_of("ProspectID", "FirstName"))
LEADS = leads_of("FirstName", "Ann")
HEADER_KEYS = {"X-LSQ-AccessKey": "u$r", "x-lsq-secretkey": "s&cret"}


def call(
    emulator: Emulator,
    *,
    method: str = "POST",
    url: str = URL,
    params: Mapping[str, str] = KEYS,
    headers: Mapping[str, str | bytes] | None = None,
    body: Any = LIST,
) -> tuple[int, str, str]:
    """The error of a call: status, exception type, message."""
    response = emulator.session().request(method, url, params=params, headers=headers, json=body)
    error = response.json()
    return response.status_code, error.get("ExceptionType"), error.get("ExceptionMessage")


def test_a_valid_request() -> None:
    """200 and JSON, equal to `answer`."""
    emulator = Emulator(LEADS)

    response = emulator.session().post(URL, params=KEYS, json=LIST)

    assert (response.status_code, response.reason) == (200, "OK")
    assert response.headers["content-type"] == "application/json"
    assert response.json() == emulator.answer(LIST)


@pytest.mark.parametrize(
    ("parts", "status", "exception", "message"),
    [
        (
            {"url": URL + "/"},
            404,
            "MXInvalidInputException",
            "there is no such API; write /Leads/LeadDistribution/FilterByLeadField",
        ),
        (
            {"method": "GET"},
            405,
            "MXInvalidInputException",
            "the method 'GET' is not allowed; write POST",
        ),
        (
            {"params": {}},
            401,
            "MXInvalidAccessDetailsException",
            "the access key or the secret key is missing or unknown",
        ),
        (
            {"params": {"accessKey": "u$r", "secretKey": ""}},
            401,
            "MXInvalidAccessDetailsException",
            "the access key or the secret key is missing or unknown",
        ),
        (
            {"headers": {"Content-Type": "text/plain"}},
            400,
            "MXInvalidInputException",
            "the Content-Type 'text/plain' is not allowed; write application/json",
        ),
        (
            {"params": {**KEYS, "responseformat": "XML"}},
            400,
            "MXInvalidInputException",
            "responseformat 'XML' is unknown; write JSON or CSV",
        ),
        (
            {"body": payload(list_of("A"), groups=[user_group(("Role", "sw", "Sales"))])},
            400,
            "MXInvalidInputException",
            "the mock API does not support the user operator 'sw'; write 'eq' or 'lik'",
        ),
    ],
)
def test_rejected_requests(
    parts: dict[str, Any], status: int, exception: str, message: str
) -> None:
    """Each with its status and the API's error body."""
    assert call(Emulator(LEADS), **parts) == (status, exception, message)


def test_the_error_names_the_first_diagnostic() -> None:
    """400, with the place of the first error."""
    status, exception, message = call(Emulator(LEADS), body={"Output": {"Type": "list"}})

    assert (status, exception) == (400, "MXInvalidInputException")
    assert "$.Output.IncludeCSV" in message


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[]", b"null", b"[" * 100_000])
def test_invalid_bodies(body: bytes) -> None:
    """400 for any bytes."""
    response = (
        Emulator(LEADS)
        .session()
        .post(URL, params=KEYS, data=body, headers={"Content-Type": "application/json"})
    )

    assert response.status_code == 400
    assert response.json()["Status"] == "Error"


def test_a_missing_content_type() -> None:
    """400, whatever else is wrong."""
    app = App(lambda *_: ResultSet((), [], 0), lambda _: [], list, lambda _: {})

    response = app(
        ApiRequest(
            "POST", "/Leads/LeadDistribution/FilterByLeadField", tuple(KEYS.items()), {}, b""
        )
    )

    assert response.status == 400
    assert json.loads(response.body)["ExceptionMessage"] == (
        "the Content-Type is missing; write application/json"
    )


def test_a_405_names_the_allowed_method() -> None:
    """As HTTP requires."""
    assert Emulator([]).session().put(URL).headers["Allow"] == "POST"


@pytest.mark.parametrize(
    ("keys", "status"),
    [
        (None, 200),
        ([("u$r", "s&cret")], 200),
        ({"u$r": "s&cret", "other": "x"}, 200),
        ((pair for pair in [("u$r", "s&cret")]), 200),
        ([("u$r", "other"), ("other", "s&cret")], 401),
        ([], 401),
    ],
)
def test_keys(keys: Keys | None, status: int) -> None:
    """Any keys are valid unless some are given."""
    emulator = Emulator(LEADS, keys=keys)

    assert call(emulator)[0] == status
    assert call(emulator, params={}, headers=HEADER_KEYS)[0] == status
    assert call(emulator, params={})[0] == 401


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=utf-8", "Application/JSON ;", b"application/json"]
)
def test_a_content_type_may_have_parameters(content_type: str | bytes) -> None:
    """And any letter case; requests accepts headers as bytes."""
    assert call(Emulator(LEADS), headers={"Content-Type": content_type})[0] == 200


@pytest.mark.parametrize(
    ("name", "value", "content_type"),
    [
        ("responseformat", "JSON", "application/json"),
        ("responseformat", "CSV", "text/csv"),
        ("ResponseFormat", "csv", "text/csv"),
        ("RESPONSEFORMAT", "Json", "application/json"),
    ],
)
def test_the_response_format_ignores_case(name: str, value: str, content_type: str) -> None:
    """In the name and the value."""
    response = Emulator(LEADS).session().post(URL, params={**KEYS, name: value}, json=LIST)

    assert response.headers["Content-Type"] == content_type


def csv_rows(leads: Iterable[dict[str, object]], body: Any) -> list[list[str]]:
    """The rows of a CSV response, header included."""
    response = (
        Emulator(leads).session().post(URL, params={**KEYS, "responseformat": "CSV"}, json=body)
    )

    assert response.headers["Content-Disposition"] == 'attachment; filename="leads.csv"'
    return list(csv.reader(StringIO(response.content.decode("utf-8"), newline="")))


def test_csv_holds_any_value() -> None:
    """Quotes, commas, line ends and other scripts round-trip; no data is empty."""
    values = ['say "hi"', "a,b", "a\r\nb", "a\nb", "São", "\U0001f600", "", " "]

    assert csv_rows(leads_of("FirstName", *values), LIST) == [
        ["ProspectID", "FirstName"],
        *([chr(97 + place), value] for place, value in enumerate(values)),
    ]


def test_csv_replaces_lone_surrogates() -> None:
    """With a question mark."""
    assert csv_rows(leads_of("FirstName", "a\ud800"), LIST)[1] == ["a", "a?"]


def test_csv_line_ends() -> None:
    """CR and LF after every record, and after the header."""
    response = (
        Emulator(LEADS).session().post(URL, params={**KEYS, "responseformat": "CSV"}, json=LIST)
    )

    assert response.content == b"ProspectID,FirstName\r\na,Ann\r\n"


def test_csv_of_groups_and_of_no_rows() -> None:
    """Numbers are plain decimals, null is empty; without rows there is only the header."""
    groups = payload(group_by("FirstName", AggregateFunction.AVERAGE))

    assert csv_rows([{"FirstName": "Ann", "Score": "2.5"}, {"FirstName": "Bo"}], groups) == [
        ["FirstName", "Count", "Average_Score"],
        ["Ann", "1", "2.5"],
        ["Bo", "1", ""],
    ]
    assert csv_rows([], LIST) == [["ProspectID", "FirstName"]]


def test_json_holds_any_text() -> None:
    """NULs and lone surrogates are escaped."""
    response = (
        Emulator(leads_of("FirstName", "\0\ud800")).session().post(URL, params=KEYS, json=LIST)
    )

    assert json.loads(response.content)["Results"] == [{"ProspectID": "a", "FirstName": "\0\ud800"}]
