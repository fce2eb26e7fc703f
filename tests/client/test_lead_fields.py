"""The lead fields of the account, from a host of their own, as checks take them."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from leadquery import Client, Leads, check
from leadquery.emulator import Emulator, Fault, Faults
from leadquery.errors import AuthenticationError, InvalidResponseError, NotFoundError, QueryError
from leadquery.expr.field_types import Choice, Number
from tests.client.stub_server import ACCESS, SECRET, client_with_response

PATH = "/v2/LeadManagement.svc/LeadsMetaData.Get"
EMULATOR = Emulator(
    [],
    fields=[Number("mx_Deal_Value", "Deal Value"), Choice("mx_Course", options=["MBA", "BSc"])],
    keys={ACCESS: SECRET},
)


def record_calls(session: requests.Session) -> list[str]:
    """Methods, hosts and paths of the calls that a session makes from now on."""
    calls: list[str] = []

    def keep(response: requests.Response, *_: Any, **__: Any) -> None:
        url = response.request.url or ""
        calls.append(f"{response.request.method} {url.partition('?')[0]}")

    session.hooks["response"].append(keep)
    return calls


@pytest.mark.parametrize(
    ("host", "called"),
    [
        (None, "analyticsapi.example.com"),
        ("api.example.com", "api.example.com"),
        ("https://api.example.com/", "api.example.com"),
    ],
)
def test_the_fields_of_the_account(host: str | None, called: str) -> None:
    """From the client's own host, or from the one that is given; reports stay where they were."""
    session = EMULATOR.session()
    calls = record_calls(session)
    client = Client("analyticsapi.example.com", ACCESS, SECRET, session)

    fields = {field["SchemaName"]: field for field in client.lead_fields(host)}
    client.count(Leads)

    assert fields["mx_Deal_Value"]["DisplayName"] == "Deal Value"
    assert fields["mx_Course"]["Options"] == [{"Value": "MBA"}, {"Value": "BSc"}]
    assert calls[0] == f"GET https://{called}{PATH}"
    assert calls[1].startswith("POST https://analyticsapi.example.com/")


def test_lead_fields_fit_check() -> None:
    """A field that the account lacks is an error, one that it has is none."""
    fields = Client("api.example.com", ACCESS, SECRET, EMULATOR.session()).lead_fields()
    payload = {"Output": {"Type": "list", "IncludeCSV": "mx_Deal_Value,mx_Other"}}

    diagnostics = check(payload, fields=fields).diagnostics

    assert [one.code for one in diagnostics if one.severity == "error"] == ["LQ601"]


def test_another_host_gets_no_unencrypted_keys() -> None:
    """Its name is held to the same rules as the client's own."""
    client = Client("api.example.com", ACCESS, SECRET, EMULATOR.session())

    with pytest.raises(QueryError, match=r"^http would send the keys unencrypted"):
        client.lead_fields("http://api.example.com")
    with pytest.raises(QueryError, match=r"^the host is empty"):
        client.lead_fields("")


def test_wrong_keys_raise_an_error() -> None:
    """As for reports."""
    with pytest.raises(AuthenticationError):
        Client("api.example.com", ACCESS, "other", EMULATOR.session()).lead_fields()


def test_lead_fields_are_retried() -> None:
    """As a report is; it only reads."""
    session = EMULATOR.session(Faults([Fault.UNAVAILABLE]))

    assert Client("api.example.com", ACCESS, SECRET, session).lead_fields()
    assert session.fault_log == (Fault.UNAVAILABLE, None)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({}, "fields: the object has no list; "),
        ([], "fields: the list is empty; "),
        (7, "fields: 7 is not a list of fields; "),
        ([{"Name": "x"}], "fields[0]: the field has no 'SchemaName'; "),
    ],
)
def test_a_response_that_is_not_a_field_list_is_an_error(body: object, reason: str) -> None:
    """And which host to ask."""
    with pytest.raises(InvalidResponseError) as caught:
        client_with_response(200, body).lead_fields()

    text = str(caught.value)
    assert f"the response is not a list of lead fields: {reason}" in text
    assert text.endswith(
        "write host= with the ordinary API host of the account, as in 'api.example.com'"
    )
    assert caught.value.__context__ is None


def test_a_host_without_lead_fields_is_an_error() -> None:
    """404, as from a host of reports alone."""
    with pytest.raises(NotFoundError):
        client_with_response(404, b"<html>").lead_fields()
