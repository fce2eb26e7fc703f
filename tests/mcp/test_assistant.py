"""What each tool returns, and what it refuses."""

from __future__ import annotations

import json
from typing import Any

import pytest

from leadquery import Client, Leads
from leadquery.emulator import Emulator
from leadquery.errors import ApiError, LeadQueryError
from leadquery.exporters import NAMES
from leadquery.fields import Phone, Score
from leadquery.lint.catalog import FieldCatalog
from leadquery.mcp.assistant import (
    MAX_CHARACTERS,
    MAX_PAYLOAD,
    MAX_ROWS,
    MAX_VALUE,
    Assistant,
    Scope,
)
from leadquery.mcp.budget import ApprovalNeededError, Budget, CallCancelledError
from leadquery.mcp.drafts import MAX_AGE, MOST_DRAFTS
from leadquery.mcp.refusals import plain_message
from tests.mcp.accounts import Clock, Journal, called, demo_assistant, demo_client
from tests.request_files import OTHER_URL, URL, WRITERS

PAYLOAD = Leads.where(Score > 50).select(Phone).page(1, 10).to_payload()
LIST = {"where": [{"field": "Score", "op": ">", "value": 50}], "select": ["Phone", "Score"]}
SEVERAL = {
    "where": {"any": [{"field": "mx_City", "op": "==", "value": "Delhi"},
                      {"field": "Score", "op": ">", "value": 80}]},
    "group_by": ["OwnerId"],
}  # fmt: skip
MEDIAN = {"group_by": ["ProspectStage"], "aggregate": [{"function": "median", "field": "Score"}]}
SUSPICIOUS = {
    "where": [{"field": "ProspectStage", "op": "==", "value": "Prospekt"}],
    "select": ["Phone"],
}


def refused(assistant: Assistant, tool: str, **arguments: Any) -> str:
    """The message of a call that is refused."""
    with pytest.raises(LeadQueryError) as caught:
        called(assistant, tool, **arguments)
    return str(caught.value)


def test_fields_by_a_part_of_their_name(assistant: Assistant) -> None:
    found = called(assistant, "find_fields", text="stage")

    assert [field["field"] for field in found["fields"]] == ["ProspectStage"]
    assert found["fields"][0]["type"] == "Choice"
    assert "Customer" in found["fields"][0]["options"]
    assert "is_in" in found["fields"][0]["operators"]
    assert found["fields"][0]["functions"] == ["count_distinct"]


def test_all_fields(assistant: Assistant) -> None:
    found = called(assistant, "find_fields")

    assert (len(found["fields"]), found["found"]) == (25, 25 + len(found["others"]))
    assert len(json.dumps(found)) < MAX_CHARACTERS


def test_fields_that_are_not_found(assistant: Assistant) -> None:
    assert refused(assistant, "find_fields", text="shoe size").endswith(
        "search for a shorter part of the name"
    )
    assert refused(assistant, "find_fields", text="Engagment Score").endswith(
        "did you mean 'EngagementScore'?"
    )


def test_long_lists_of_options_are_cut() -> None:
    options = [f"Option {number}" for number in range(50)]
    metadata = [
        {
            "SchemaName": "mx_Course",
            "DisplayName": "Course",
            "DataType": "Select",
            "Options": [{"Value": option} for option in options],
        }
    ]
    assistant = Assistant(demo_client(), Budget(9), FieldCatalog.of(metadata))

    (field,) = called(assistant, "find_fields", text="course")["fields"]
    assert (len(field["options"]), field["more_options"]) == (20, 30)


def test_a_draft_says_what_it_asks(assistant: Assistant, journal: Journal) -> None:
    assert called(assistant, "draft", query=LIST) == {
        "draft": "draft-1",
        "sentence": "List of Phone and Score of leads with Score above 50.",
        "columns": ["Phone", "Score"],
        "price": "1 request",
        "warnings": [],
    }
    assert called(assistant, "draft", query=SEVERAL)["price"] == "6 requests"
    assert called(assistant, "draft", query=MEDIAN)["price"] == (
        "at least 4 requests and about 103 at most: up to 40 requests for Median_Score of each "
        "group"
    )
    assert journal.payloads == []


EACH_MONTH = (
    "one request, or more, for each month from the first CreatedOn to the last; limit CreatedOn to "
    "know how many"
)
EACH_PAGE = "one request for each page of the leads"
MONTHS = {"group_by": [{"field": "CreatedOn", "by": "month"}]}


@pytest.mark.parametrize(
    ("query", "price"),
    [
        (MONTHS, f"at least 4 requests and about 103 at most: {EACH_MONTH}"),
        ({**MONTHS, "created": "2026-Q1"}, "6 requests"),
        (
            {"group_by": ["OwnerId", "ProspectStage"]},
            "at least 4 requests and about 103 at most: one request, or more, for each value found",
        ),
        ({**LIST, "limit": 5}, "1 request"),
        ({**LIST, "order_by": ["Score"], "limit": 5}, f"at least 1 request: {EACH_PAGE}"),
        ({"where": SEVERAL["where"], "select": ["Phone"]}, f"at least 6 requests: {EACH_PAGE}"),
        ({"group_by": ["OwnerId"], "owner_names": True}, "2 requests"),
    ],
)
def test_prices(query: dict[str, Any], price: str, assistant: Assistant) -> None:
    """They name what they depend on. A list that is sorted here is read to its last page."""
    assert called(assistant, "draft", query=query)["price"] == price


def test_a_list_with_many_pages_stops_at_the_budget() -> None:
    leads = [{"ProspectID": str(n), "Score": n} for n in range(4_500)]
    client = Client("api.example.com", "key", "secret", Emulator(leads).session())
    assistant = Assistant(client, Budget(3), FieldCatalog.of(["ProspectID", "Score"]))
    called(assistant, "draft", query={"select": ["Score"], "order_by": ["Score"], "limit": 2})

    assert refused(assistant, "run", draft="draft-1").startswith("stopped after 3 requests")
    assert called(assistant, "run", 5, draft="draft-1", max_requests=5)["rows"] == [[0], [1]]


def test_a_draft_is_run(assistant: Assistant, journal: Journal) -> None:
    called(assistant, "draft", query=LIST)
    ran = called(assistant, "run", draft="draft-1", limit=3)

    client = demo_client()
    expected = client.run(Leads.where(Score > 50).select(Phone, Score), limit=3)
    assert ran["rows"] == [[row["Phone"], row["Score"]] for row in expected]
    assert (ran["returned"], ran["total"], ran["requests"]) == (3, expected.total, 1)
    assert ran["budget_left"] == 98
    assert [payload["Paging"]["PageSize"] for payload in journal.payloads[:1]] == [3]
    assert ran["notes"][0].startswith("there are more rows")
    assert ran["notes"][1].startswith("personal data")


def test_a_query_of_several_requests(assistant: Assistant, journal: Journal) -> None:
    called(assistant, "draft", query=SEVERAL)
    ran = called(assistant, "run", draft="draft-1")

    assert (ran["columns"], ran["returned"], ran["requests"]) == (["OwnerId", "Count"], 11, 6)
    assert len(journal.payloads) == 6
    assert called(assistant, "count", draft="draft-1")["leads"] == sum(n for _, n in ran["rows"])


def test_a_count_of_one_request(assistant: Assistant) -> None:
    called(assistant, "draft", query={"group_by": ["OwnerId"]})

    assert called(assistant, "count", draft="draft-1") == {
        "draft": "draft-1",
        "leads": 300,
        "requests": 1,
        "budget_left": 98,
    }


def test_times_are_in_the_zone_of_the_query(assistant: Assistant) -> None:
    called(assistant, "draft", query={"select": ["CreatedOn"], "tz": "Asia/Kolkata"})
    (value,) = called(assistant, "run", draft="draft-1", limit=1)["rows"][0]

    assert value.endswith("+05:30")


def test_long_values_and_many_rows_are_cut() -> None:
    leads = [{"ProspectID": str(n), "Notes": f"{n:04}" + "x" * 600} for n in range(100)]
    client = Client("api.example.com", "key", "secret", Emulator(leads).session())
    assistant = Assistant(client, Budget(9), FieldCatalog.of(["ProspectID", "Notes"]))
    called(assistant, "draft", query={"select": ["Notes"]})
    ran = called(assistant, "run", draft="draft-1", limit=MAX_ROWS)

    assert len(ran["rows"]) == MAX_CHARACTERS // (MAX_VALUE + 8)
    assert ran["rows"][0] == ["0000" + "x" * (MAX_VALUE - 4) + "…"]
    assert (
        ran["notes"][0] == f"{100 - len(ran['rows'])} more rows are too long; select fewer columns"
    )
    assert ran["total"] == 100


def test_an_empty_result_says_why(assistant: Assistant) -> None:
    query = {"where": [{"field": "Score", "op": ">", "value": 10**6}], "select": ["Phone"]}
    called(assistant, "draft", query=query)
    ran = called(assistant, "run", draft="draft-1")

    assert (ran["columns"], ran["rows"], ran["total"]) == (["Phone"], [], 0)
    assert ran["notes"]


def test_a_draft_with_a_warning_runs_when_it_is_named(
    assistant: Assistant, journal: Journal
) -> None:
    draft = called(assistant, "draft", query=SUSPICIOUS)
    (warning,) = draft["warnings"]
    assert warning["name"] == "LQ606"
    assert "'Prospekt'" in warning["warning"]

    text = refused(assistant, "run", draft="draft-1")
    assert text.startswith(
        "draft-1 has a warning, so it was not run; make another draft, or if this is intended, "
        'pass accept_warnings: ["LQ606"]\n- LQ606: '
    )
    text = refused(assistant, "run", draft="draft-1", accept_warnings=["LQ606", "LQ999"])
    assert text == "accept_warnings: draft-1 has no warning 'LQ999'; its warnings: LQ606"
    assert journal.payloads == []

    assert called(assistant, "run", draft="draft-1", accept_warnings=["LQ606"])["total"] == 0
    assert len(journal.payloads) == 1


def test_several_warnings_have_names_of_their_own(assistant: Assistant) -> None:
    conditions = [
        {"field": "ProspectStage", "op": "!=", "value": value} for value in ("Prospekt", "Kustomer")
    ]
    draft = called(assistant, "draft", query={"where": conditions, "select": ["Phone"]})

    assert [one["name"] for one in draft["warnings"]] == ["LQ606", "LQ606-2"]
    assert "draft-1 has warnings" in refused(
        assistant, "run", draft="draft-1", accept_warnings=["LQ606"]
    )


def test_warnings_of_a_statement(assistant: Assistant) -> None:
    sql = "SELECT Source, COUNT(*) FROM leads GROUP BY Source"
    draft = called(assistant, "draft_from_sql", sql=sql)

    assert [one["name"] for one in draft["warnings"]] == ["NOTE"]
    assert "letter case" in draft["warnings"][0]["warning"]


def test_statements_that_are_refused(assistant: Assistant) -> None:
    text = refused(assistant, "draft_from_sql", sql="SELECT Scor FROM leads WHERE Phne = 'x'")
    assert text.startswith("the statement has 2 mistakes:\n- 1:8: ")
    assert refused(assistant, "draft_from_sql", sql="SELECT * FROM leads").startswith(
        "the statement: 1:8: "
    )
    text = refused(assistant, "draft_from_sql", sql="SELECT Score FROM leads", dialect="foxpro")
    assert text.startswith("the statement: ")
    assert "foxpro" in text


PAYLOAD = {"Output": {"Type": "list", "IncludeCSV": "Phone"}}


@pytest.mark.parametrize("payload", [PAYLOAD, json.dumps(PAYLOAD)])
def test_a_draft_of_a_payload(payload: object, assistant: Assistant) -> None:
    draft = called(assistant, "draft_from_payload", payload=payload)

    assert (draft["sentence"], draft["warnings"]) == ("List of Phone of all leads.", [])
    described = called(assistant, "describe", draft="draft-1")
    assert described["payload"]["Paging"] == {"PageIndex": 1, "PageSize": 100}


def test_a_payload_with_warnings(assistant: Assistant) -> None:
    payload = {**PAYLOAD, "output": 3, "Paging": {"pageIndex": 1, "PageSize": 10}}
    payload.pop("output")
    draft = called(assistant, "draft_from_payload", payload=payload)

    assert [one["name"] for one in draft["warnings"]] == ["LQ202"]


def test_payloads_that_are_refused(assistant: Assistant) -> None:
    wrong = {"Output": {"Type": "lst", "IncludeCSV": "Fone"}, "Pageing": {}}
    text = refused(assistant, "draft_from_payload", payload=wrong)
    assert text.splitlines()[0].startswith("the payload has ")
    assert all("; " in line or line.startswith("- and") for line in text.splitlines()[1:])

    later = {**PAYLOAD, "Paging": {"PageIndex": 3, "PageSize": 10}}
    assert refused(assistant, "draft_from_payload", payload=later).startswith(
        "the query asks for page 3"
    )
    nested: dict[str, Any] = {"GroupConditions": [{"Conditions": [], "NestedConditions": []}]}
    assert refused(
        assistant, "draft_from_payload", payload={**PAYLOAD, "ReportFilter": {"UserFilter": nested}}
    ).startswith("the payload")


def test_user_groups_that_no_query_can_express(assistant: Assistant) -> None:
    def role(number: int, joiner: str | None = None) -> dict[str, Any]:
        condition = {"LookupName": "Role", "Operator": "eq", "LookupValue": f"Role {number}"}
        return condition if joiner is None else {**condition, "ConditionOperator": joiner}

    any_role = [*(role(number, "OR") for number in range(65)), role(65)]
    nested = {"Condition": any_role, "GroupConditions": [{"Condition": [role(66)]}]}
    groups = [{**nested, "GroupOperator": "OR"}, {"Condition": [role(67)]}]
    users = {"UserFilter": {"GroupConditions": groups}}

    text = refused(assistant, "draft_from_payload", payload={**PAYLOAD, "ReportFilter": users})
    assert text == (
        "the payload: the API's user groups need more than 64 conditions for this; "
        "use several queries"
    )


def test_fields_that_requests_need(assistant: Assistant) -> None:
    """Requests of a list that takes several ask for ids, too."""
    assistant = Assistant(demo_client(), Budget(9), FieldCatalog.of(["mx_City", "Score"]))
    text = refused(assistant, "draft", query={"where": SEVERAL["where"], "select": ["Score"]})
    assert text.startswith("the payload: LQ601 $.Output.IncludeCSV: ")
    assert "ProspectID" in text


def test_a_call_that_was_cancelled_before_it_began(assistant: Assistant) -> None:
    scope = Scope()
    scope.cancel()
    with pytest.raises(CallCancelledError):
        assistant.draft(scope, LIST)


def test_errors_that_may_not_last() -> None:
    client = Client("127.0.0.1:1", "key", "secret", max_attempts=1)
    assistant = Assistant(client, Budget(9))
    with pytest.raises(ApiError) as caught:
        called(assistant, "find_fields")
    caught.value.hint = ""
    assert plain_message(caught.value).endswith("; call the tool again")


def test_a_payload_is_checked_and_corrected(assistant: Assistant) -> None:
    wrong = {"Output": {"type": "lst", "IncludeCSV": "Phone"}, "Paging": {"PageIndex": 1}}
    checked = called(assistant, "check_payload", payload={**wrong, "Paging": None})
    assert not checked["ok"]
    assert "corrected" not in checked

    wrong["Paging"] = {"PageIndex": 1, "PageSize": 10}
    checked = called(assistant, "check_payload", payload=json.dumps(wrong))
    assert (checked["ok"], len(checked["diagnostics"])) == (False, 2)
    assert checked["corrected"]["Output"] == {"Type": "list", "IncludeCSV": "Phone"}

    checked = called(assistant, "check_payload", payload=checked["corrected"])
    assert checked == {"ok": True, "summary": "no problems found", "diagnostics": []}


@pytest.mark.parametrize("kind", ["single quotes", "carets", "http", "bruno"])
def test_the_body_of_a_request_is_checked_and_drafted(assistant: Assistant, kind: str) -> None:
    text = WRITERS[kind](json.dumps(PAYLOAD))
    found = called(assistant, "check_payload", payload=text)
    assert found["ok"]
    assert found["summary"] == called(assistant, "check_payload", payload=PAYLOAD)["summary"]
    assert called(assistant, "draft_from_payload", payload=text)["price"]

    wrong = called(assistant, "check_payload", payload=text.replace("PageSize", "pagesize"))
    assert wrong["corrected"] == PAYLOAD


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (f"curl '{URL}' -d '{{}}'\n" * 2, "a file of curl commands with 2 requests"),
        (f"curl '{OTHER_URL}'\n", "a curl command with no requests for this API"),
        (f"curl '{URL}'\n", "payload: this is a curl command; it has no body"),
        (
            f"curl '{URL}' -d '{{\"a\": \"'$x'\"}}'\n",
            "payload: replace the variables by values: $x",
        ),
    ],
)
def test_requests_without_one_body_are_refused(
    assistant: Assistant, text: str, reason: str
) -> None:
    assert reason in refused(assistant, "check_payload", payload=text)


def test_what_is_too_long_is_refused(assistant: Assistant) -> None:
    for tool, name in (("draft_from_sql", "sql"), ("check_payload", "payload")):
        text = refused(assistant, tool, **{name: "x" * (MAX_PAYLOAD + 1)})
        assert text.startswith(f"{name}: 200,001 characters are too many")


def test_a_description(assistant: Assistant) -> None:
    called(assistant, "draft", query=SEVERAL)
    described = called(assistant, "describe", draft="draft-1")
    assert described["plan"].startswith("3 requests and 3 that watch for changes")
    assert described["python"].startswith("from leadquery import Leads")
    assert "payload" not in described

    many = {"field": "Phone", "op": "is_in", "value": [f"+91-{n:010}" for n in range(3_000)]}
    called(assistant, "draft", query={"where": [many], "select": ["Phone"]})
    described = called(assistant, "describe", draft="draft-2")
    assert not {"python", "payload"} & described.keys()
    assert len(json.dumps(described)) < MAX_CHARACTERS
    text = refused(assistant, "export_as", draft="draft-2", exporter="json")
    assert "characters, too many for a tool" in text


@pytest.mark.parametrize("exporter", NAMES)
def test_exports(exporter: str, assistant: Assistant) -> None:
    pytest.importorskip("harfile")
    called(assistant, "draft", query=LIST)
    text = called(assistant, "export_as", draft="draft-1", exporter=exporter)["text"]

    assert text == Leads.where(Score > 50).select(Phone, Score).to_request(exporter)


def test_exports_that_are_refused(assistant: Assistant) -> None:
    called(assistant, "draft", query=LIST)
    assert refused(assistant, "export_as", draft="draft-1", exporter="crul") == (
        "exporter: there is no exporter 'crul'; did you mean 'curl'?"
    )
    called(assistant, "draft", query={**LIST, "limit": 5})
    assert refused(assistant, "export_as", draft="draft-2", exporter="curl") == (
        "export_as writes one request, and draft-2 is more than that, because limit is done with "
        "the rows; describe shows its plan and its Python"
    )


@pytest.mark.parametrize("name", [PAYLOAD, [PAYLOAD], json.dumps(PAYLOAD), 7, None])
def test_a_payload_is_no_draft(name: object, assistant: Assistant, journal: Journal) -> None:
    called(assistant, "draft", query=LIST)
    for tool in ("run", "count", "describe"):
        assert refused(assistant, tool, draft=name).startswith(
            "draft takes the name of a draft, such as 'draft-1', not a query or a payload"
        )
    assert journal.payloads == []


def test_drafts_that_do_not_exist(assistant: Assistant) -> None:
    assert refused(assistant, "run", draft="draft-1") == (
        "there is no draft 'draft-1'; there is none yet; make one by draft, draft_from_sql or "
        "draft_from_payload"
    )
    called(assistant, "draft", query=LIST)
    assert "the last are draft-1;" in refused(assistant, "run", draft="draft-2")


def test_only_the_latest_drafts_are_kept(assistant: Assistant) -> None:
    for _ in range(MOST_DRAFTS + 1):
        called(assistant, "draft", query=LIST)

    assert "there is no draft 'draft-1'" in refused(assistant, "describe", draft="draft-1")
    assert called(assistant, "describe", draft="draft-2")["draft"] == "draft-2"


def test_a_draft_gets_too_old_and_fields_are_read_again() -> None:
    clock = Clock()
    assistant = demo_assistant(clock=clock)
    called(assistant, "draft", query={**LIST, "owners": ["Aarav Roy"]})
    clock.time += MAX_AGE
    assert called(assistant, "count", draft="draft-1")["budget_left"] >= 98
    clock.time += 1
    assert refused(assistant, "run", draft="draft-1").startswith("draft-1 is more than an hour old")

    called(assistant, "draft", query=LIST)
    assert assistant.budget.free == 98


def test_queries_that_are_too_dear(assistant: Assistant) -> None:
    cities = {"field": "CreatedOn", "by": "day"}
    query = {"group_by": [cities], "created": "2025"}

    text = refused(assistant, "draft", query=query)
    assert text.startswith("the query: this query takes more than 100 requests; group by longer p")
    assert "scan" not in text


def test_more_than_the_budget_needs_an_approval(journal: Journal) -> None:
    assistant = demo_assistant(budget=4)
    called(assistant, "draft", query=SEVERAL)
    assert assistant.draft_sentence("draft-1").startswith("\nNumber of leads per OwnerId")
    assert assistant.draft_sentence("draft-2") == ""

    with pytest.raises(ApprovalNeededError) as caught:
        called(assistant, "run", draft="draft-1")
    assert caught.value.requests == 6
    assert journal.payloads == []

    with pytest.raises(ApprovalNeededError):
        called(assistant, "run", 5, draft="draft-1")
    assert called(assistant, "run", 6, draft="draft-1")["requests"] == 6
    assert (len(journal.payloads), assistant.budget.free) == (6, 0)
    with pytest.raises(ApprovalNeededError):
        called(assistant, "draft", query={**LIST, "owners": ["Aarav Roy"]})


def test_what_takes_more_than_its_price_stops(journal: Journal) -> None:
    assistant = demo_assistant(budget=9)
    called(assistant, "draft", query=MEDIAN)
    text = refused(assistant, "run", draft="draft-1")
    assert text == (
        "stopped after 8 requests, which is all that may be sent; ask for fewer leads or groups, "
        "or pass max_requests with what it may take, so that the person is asked"
    )
    assert (len(journal.payloads), assistant.budget.free) == (8, 0)

    assert called(assistant, "run", 200, draft="draft-1", max_requests=200)["returned"] == 6
    text = refused(assistant, "run", draft="draft-1", max_requests=2)
    assert text == "max_requests: this takes at least 4 requests, not 2; leave it out"


def test_a_plan_of_more_steps_than_it_may_have() -> None:
    assistant = demo_assistant()
    called(assistant, "draft", query={"group_by": ["OwnerId", "Source"]})

    text = refused(assistant, "run", draft="draft-1", max_requests=4)
    assert text.startswith("this query takes more than 1 requests")
    assert text.endswith("so that the person is asked")


def test_a_plan_with_many_pages(journal: Journal) -> None:
    """Every page counts."""
    assistant = demo_assistant(budget=5)
    query = {"where": SEVERAL["where"], "select": ["Phone"]}
    called(assistant, "draft", query=query)

    ran = called(assistant, "run", 9, draft="draft-1", limit=MAX_ROWS)
    assert ran["requests"] == len(journal.payloads) <= 9
