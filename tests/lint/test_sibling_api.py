"""Bodies for sibling APIs: their diagnostic, and their translation."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, strategies as st

from leadquery import check
from leadquery.wire.endpoints import Endpoint
from leadquery.wire.sibling_apis import SIBLING_APIS

LIST = {"Type": "list", "IncludeCSV": "Phone"}
PAGE = {"PageIndex": 1, "PageSize": 100}
CRITERION = {"LookupName": "Score", "LookupValue": "5", "SqlOperator": ">"}
COLUMNS = {"Include_CSV": "Phone, Score"}
SORTING = {"ColumnName": "CreatedOn", "Direction": "1"}
GROUP = {"Condition": [{"LookupName": "Role", "Operator": "eq", "LookupValue": "Sales_User"}]}

DATES = {"FromDate": "2026-07-01 00:00:00", "ToDate": "2026-07-02 00:00:00"}
MODIFIED = {"Parameter": DATES, "Columns": COLUMNS, "Sorting": SORTING, "Paging": PAGE}

LEADS_GET = {"Parameter": CRITERION, "Columns": COLUMNS, "Sorting": SORTING, "Paging": PAGE}
USERS = {
    "Columns": {"Include_CSV": "UserID"},
    "GroupConditions": [GROUP],
    "GroupOperator": None,
    "Sorting": [SORTING],
    "Paging": PAGE,
}
SEARCH = {
    "SearchParameters": {"ListId": "1", "RetrieveBehaviour": "0"},
    "Columns": COLUMNS,
    "Sorting": SORTING,
    "Paging": PAGE,
}
OPPORTUNITIES = {"OpportunityEventCode": 12000, "AdvancedSearch": "{}", "Paging": PAGE}
CONDITIONS = {"Conditions": [], "QueryTimeZone": "UTC", "GrpConOp": "And"}
NOT_CONTACTED = {"ReportFilter": {"ActivityFilters": []}, "Output": LIST, "Paging": PAGE}
TASKS = {"ReportFilter": {"LeadFilter": [], "TaskFilters": []}, "Output": LIST, "Paging": PAGE}
CAPTURE = [{"Attribute": "EmailAddress", "Value": "a@example.com"}]


def _found(payload: object) -> list[tuple[str, str]]:
    return [(diagnostic.code, diagnostic.path) for diagnostic in check(payload)]


@pytest.mark.parametrize(
    ("payload", "path", "name"),
    [
        (LEADS_GET, "$.Parameter", "Leads.Get, the search of leads by one criterion"),
        (
            {"parameter": CRITERION},
            "$.parameter",
            "Leads.Get, the search of leads by one criterion",
        ),
        (
            {"Sorting": 1, "Columns": 2},
            "$.Sorting",
            "Leads.Get, the search of leads by one criterion",
        ),
        (USERS, "$.Columns", "the advanced search of users"),
        ({"GroupConditions": None}, "$.GroupConditions", "the advanced search of users"),
        (MODIFIED, "$.Parameter", "Leads.RecentlyModified, which reads leads by a range of dates"),
        (
            {"Parameter": {**DATES, "ActivityEvent": 206}, "Paging": PAGE},
            "$.Parameter",
            "RetrieveByActivityEvent and other searches of activities",
        ),
        (
            {"Parameter": {"ActivityEvent": 201}, "Paging": {"Offset": "0", "RowCount": "10"}},
            "$.Parameter",
            "RetrieveByActivityEvent and other searches of activities",
        ),
        (
            {"Parameter": {"RelatedId": "aa11", "RelatedEntityTypeId": 1}},
            "$.Parameter",
            "RetrieveNote, which reads the notes of a lead",
        ),
        (
            {"Parameter": {**DATES, "LookupName": "OwnerEmailAddress", "StatusCode": 0}},
            "$.Parameter",
            "Task.svc/Retrieve, which reads the tasks of a user",
        ),
        ({"Parameter": {"Id": 1}}, "$.Parameter", "another API of LeadSquared"),
        ({"Parameter": None, "Columns": COLUMNS}, "$.Parameter", "another API of LeadSquared"),
        (
            {"SearchParameters": {"LeadIds": ["aa11"]}, "Columns": COLUMNS, "Paging": PAGE},
            "$.SearchParameters",
            "Leads/Retrieve/ByIds, which reads leads by their ids",
        ),
        (
            {**DATES, "Users": ["ann@example.com"], "Paging": PAGE},
            "$.FromDate",
            "a search of appointments or to-dos",
        ),
        (SEARCH, "$.SearchParameters", "the advanced search of leads or opportunities"),
        (OPPORTUNITIES, "$.AdvancedSearch", "the advanced search of leads or opportunities"),
        (CONDITIONS, "$.GrpConOp", "the advanced search of leads or opportunities"),
        (CAPTURE, "$", "Lead.Capture, which saves a lead"),
        ([CAPTURE, CAPTURE], "$", "Lead.Capture, which saves a lead"),
    ],
)
def test_a_sibling_api_is_reported_once(payload: object, path: str, name: str) -> None:
    """At the first key that identifies it."""
    [diagnostic] = check(payload)

    assert (diagnostic.code, diagnostic.path) == ("LQ207", path)
    assert diagnostic.message == f"this body is written for {name}"


@pytest.mark.parametrize(
    ("payload", "path", "origin"),
    [
        ({"TotalCount": "4", "Results": [{"Phone": "1"}]}, "$.Results", "this API"),
        (
            {
                "Status": "Error",
                "ExceptionType": "MXInvalidInputException",
                "ExceptionMessage": "x",
            },
            "$.ExceptionType",
            "LeadSquared, an error",
        ),
    ],
)
def test_a_response_is_no_request(payload: object, path: str, origin: str) -> None:
    first, *_ = check(payload)

    assert (first.code, first.path, first.fix) == ("LQ207", path, None)
    assert first.message == f"this body is a response of {origin}"
    assert first.hint == "check the payload of the request"


def test_a_criterion_on_the_address_of_owners_is_a_user_filter() -> None:
    criterion = {"LookupName": "OwnerIdEmailAddress", "SqlOperator": "in"}
    value = "ann@example.com , bob@example.com,ann@example.com"
    body = {"Parameter": {**criterion, "LookupValue": value}, "Columns": COLUMNS, "Paging": PAGE}
    [found] = check(body)
    condition = {
        "LookupName": "EmailAddress",
        "Operator": "eq",
        "LookupValue": "ann@example.com,bob@example.com",
    }

    assert found.hint is not None
    assert found.hint.endswith("; owners are filtered in 'UserFilter'")
    assert check(body).fixed(unsafe=True) == {
        "ReportFilter": {"UserFilter": {"GroupConditions": [{"Condition": [condition]}]}},
        "Output": {"Type": "list", "IncludeCSV": "Phone,Score"},
        "Paging": PAGE,
    }


OWNER = {"LookupName": "OwnerIdEmailAddress", "LookupValue": "a@example.com", "SqlOperator": "="}
TO_OWNERS = (
    "'OwnerIdEmailAddress' can only be a column of a list: filter owners in 'UserFilter', or "
    "compare 'OwnerId' with an id"
)
NOT_EXPRESSIBLE = [
    (
        {"Parameter": {**OWNER, "LookupName": "CreatedByName"}, "Columns": COLUMNS},
        "'CreatedByName' can only be a column of a list: compare 'CreatedBy' with an id",
    ),
    ({"Parameter": {**OWNER, "SqlOperator": "<>"}, "Columns": COLUMNS}, TO_OWNERS),
    ({"Parameter": {**OWNER, "LookupValue": "a@example.com,b"}, "Columns": COLUMNS}, TO_OWNERS),
    ({"Parameter": {**OWNER, "LookupValue": "a, "}, "Columns": COLUMNS}, TO_OWNERS),
    ({"Parameter": CRITERION}, "it names no lead fields for 'Output'"),
    (
        {"Parameter": CRITERION, "Columns": {}},
        'missing key \'IncludeCSV\': add "IncludeCSV": "FirstName,EmailAddress,EngagementScore"',
    ),
    (
        {"Parameter": CRITERION, "Columns": COLUMNS, "Value": 1},
        "there is nothing like 'Value' here",
    ),
    ({"Parameter": CRITERION, "Columns": COLUMNS, "Output": LIST}, "there is already 'Output'"),
    (
        {"Parameter": {"FromDate": "2026-07-01 00:00:00"}, "Columns": COLUMNS},
        'missing key \'ToDate\': add "ToDate": "2026-01-31 23:59:59"',
    ),
    ({"SearchParameters": {"LeadIds": ["a"]}}, "it names no lead fields for 'Output'"),
    (
        {"SearchParameters": {"LeadIds": []}, "Columns": COLUMNS},
        "the list is empty: write at least one entry, or remove the key",
    ),
    (
        {"SearchParameters": {"LeadIds": [1]}, "Columns": COLUMNS},
        "'LeadIds' is no list of ids as text",
    ),
    (
        {"SearchParameters": {"LeadIds": "a,b"}, "Columns": COLUMNS},
        "'LeadIds' is no list of ids as text",
    ),
    (
        {"SearchParameters": {"LeadIds": ["a"], "ListId": 1}, "Columns": COLUMNS},
        "there is nothing like 'ListId' here",
    ),
    ({"GroupConditions": [GROUP]}, "it names no lead fields for 'Output'"),
]


def test_what_is_not_read_is_named() -> None:
    hints = {one.name.partition(",")[0]: one.migration_hint for one in SIBLING_APIS}
    kinds = [hint.partition(" are not read here; ") for hint in hints.values()]

    assert [kind for kind, found, rest in kinds if found] == [
        "activities",
        "notes",
        "tasks",
        "tasks",
    ]
    assert {rest for _, found, rest in kinds if found} == {"only its paging carries over"}


@pytest.mark.parametrize(("payload", "reason"), NOT_EXPRESSIBLE)
def test_the_hint_says_why_nothing_is_translated(payload: dict[str, Any], reason: str) -> None:
    found = check({**payload, "Paging": PAGE}).diagnostics[0]

    assert (found.code, found.fix) == ("LQ207", None)
    assert found.hint is not None
    assert "; but " in found.hint
    assert found.hint.endswith(reason)


@pytest.mark.parametrize(
    ("wanted", "filter_"),
    [
        (["a"], {"LookUpName": "ProspectID", "LookUpValue": "a", "SqlOperator": "="}),
        ([" a ", "a"], {"LookUpName": "ProspectID", "LookUpValue": "a", "SqlOperator": "="}),
        (
            ["a", "b", "a"],
            {"LookUpName": "ProspectID", "SqlOperator": "in", "LookUpValues": ["a", "b"]},
        ),
    ],
)
def test_ids_are_a_filter(wanted: list[str], filter_: dict[str, Any]) -> None:
    body = {"SearchParameters": {"LeadIds": wanted}, "Columns": COLUMNS, "Paging": PAGE}
    fixed = check(body).fixed(unsafe=True)

    assert check({**body, "SearchParameters": {"lead_ids": wanted}}).fixed(unsafe=True) == fixed
    assert fixed["ReportFilter"] == {"LeadFilters": [filter_]}
    assert not check(fixed).diagnostics


@pytest.mark.parametrize(
    "payload",
    [
        {"Output": LIST, "Paging": PAGE, "Sorting": SORTING},
        {"Output": LIST, "Paging": PAGE, "Columns": COLUMNS},
        {"Output": LIST, "Paging": PAGE, "Value": "1"},
    ],
)
def test_a_key_of_several_sibling_apis_is_an_unknown_key(payload: object) -> None:
    """If it is alone."""
    assert [diagnostic.code for diagnostic in check(payload)] == ["LQ201"]


def test_a_shared_key_in_a_body_without_output() -> None:
    """The output is reported as missing."""
    found = _found({"Sorting": SORTING, "Paging": PAGE})

    assert found == [("LQ203", "$.Output"), ("LQ201", "$.Sorting")]


def test_the_first_of_two_spellings_identifies_the_api() -> None:
    """The other is unknown."""
    found = _found({"parameter": CRITERION, "Parameter": CRITERION})

    assert found == [("LQ207", "$.parameter"), ("LQ201", "$.Parameter")]


def test_both_shared_keys_beside_an_output_are_unknown_keys() -> None:
    """Columns and sorting."""
    codes = _found({"Output": LIST, "Paging": PAGE, "Sorting": SORTING, "Columns": COLUMNS})

    assert codes == [("LQ201", "$.Sorting"), ("LQ201", "$.Columns")]


@pytest.mark.parametrize(
    "payload", [[], [1], [[]], [[1]], [[CAPTURE]], [CAPTURE[0], 1], [{"Attribute": "x"}]]
)
def test_another_list_is_not_a_sibling_body(payload: object) -> None:
    """Only lists of attributes with values are."""
    assert _found(payload) == [("LQ204", "$")]


def test_what_both_bodies_share_is_still_checked() -> None:
    """Paging, dates and filters; missing keys are not reported."""
    payload = {
        "Parameter": CRITERION,
        "DateFilter": [],
        "ReportFilter": {"LeadFilters": []},
        "Paging": {"PageIndex": 0},
    }

    assert _found(payload) == [
        ("LQ207", "$.Parameter"),
        ("LQ206", "$.DateFilter"),
        ("LQ206", "$.ReportFilter.LeadFilters"),
        ("LQ203", "$.Paging.PageSize"),
        ("LQ309", "$.Paging.PageIndex"),
    ]


def test_a_body_that_differs_by_one_key_is_checked_as_its_own_report() -> None:
    """With activity or task filters, an output is required, and the key stays."""
    payload = {key: value for key, value in TASKS.items() if key != "Output"}

    assert _found(payload) == [
        ("LQ203", "$.Output"),
        ("LQ201", "$.ReportFilter.LeadFilter"),
        ("LQ206", "$.ReportFilter.LeadFilter"),
    ]
    assert check(payload).endpoint is Endpoint.NO_ACTIVE_TASKS
    assert check(NOT_CONTACTED).diagnostics == ()
    assert check(NOT_CONTACTED).endpoint is Endpoint.NOT_CONTACTED


def test_leads_get_is_translated() -> None:
    """Its criterion becomes a filter, its columns an output; sorting is not supported."""
    fixed = check(LEADS_GET).fixed(unsafe=True)

    assert fixed == {
        "ReportFilter": {
            "LeadFilters": [{"LookUpName": "Score", "LookUpValue": "5", "SqlOperator": ">"}]
        },
        "Output": {"Type": "list", "IncludeCSV": "Phone,Score"},
        "Paging": PAGE,
    }


def test_recently_modified_is_translated() -> None:
    """The hint names what the fix drops."""
    [diagnostic] = check(MODIFIED)

    assert (diagnostic.hint or "").endswith("its paging as it is; the fix drops 'Sorting'")
    assert check(MODIFIED).fixed(unsafe=True) == {
        "DateFilter": [{"DateField": "LeadModifiedOn", **DATES}],
        "Output": {"Type": "list", "IncludeCSV": "Phone,Score"},
        "Paging": PAGE,
    }


def test_groups_of_users_are_translated_beside_an_output() -> None:
    """To a user filter."""
    payload = {"GroupConditions": GROUP, "GroupOperator": None, "Output": LIST, "Paging": PAGE}
    fixed = check(payload).fixed(unsafe=True)

    assert fixed == {
        "ReportFilter": {"UserFilter": {"GroupConditions": [GROUP]}},
        "Output": LIST,
        "Paging": PAGE,
    }


def test_a_translated_text_keeps_what_is_not_translated() -> None:
    """Such as the paging."""
    text = '{"Parameter": %s,\n "Sorting": {}, "Columns": "Phone",\n\n"Paging" :{}}'
    fixed = check(text % json.dumps(CRITERION)).fixed(unsafe=True)

    assert fixed == (
        '{"ReportFilter": {"LeadFilters": [{"LookUpName": "Score", "LookUpValue": "5", '
        '"SqlOperator": ">"}]}, "Output": {"Type": "list", "IncludeCSV": "Phone"},\n\n"Paging" :{}}'
    )


@pytest.mark.parametrize(
    "payload",
    [
        USERS,
        SEARCH,
        OPPORTUNITIES,
        CAPTURE,
        {"Parameter": CRITERION},
        {"Parameter": CRITERION, "Columns": {}},
        {"Parameter": {"LookupName": "Score"}, "Columns": COLUMNS},
        {"Parameter": {**CRITERION, "SqlOperator": "in", "LookupValue": ","}, "Columns": COLUMNS},
        {**LEADS_GET, "Output": LIST},
        {**LEADS_GET, "ReportFilter": {}},
        {**LEADS_GET, "Attribute": "LeadType", "Value": "OT_1"},
    ],
)
def test_lossy_translations_are_not_offered(payload: object) -> None:
    """If more than sorting is lost."""
    [diagnostic] = [diagnostic for diagnostic in check(payload) if diagnostic.code == "LQ207"]

    assert diagnostic.fix is None


def test_a_deep_sibling_body_gets_a_report() -> None:
    """It is not translated."""
    group: dict[str, Any] = GROUP
    for _ in range(400):
        group = {"GroupConditions": [group]}

    assert _found({**group, "Output": LIST, "Paging": PAGE}) == [("LQ207", "$.GroupConditions")]


def test_a_recursive_sibling_body_gets_a_report() -> None:
    """It is not translated."""
    payload: dict[str, Any] = {"Output": LIST, "Paging": PAGE}
    payload["GroupConditions"] = [payload]

    assert _found(payload) == [("LQ207", "$.GroupConditions")]


NAMES = st.sampled_from(["Score", "CreatedOn", "mx_City"])
OPERATORS = st.sampled_from(["=", "LIKE", ">", "<", "<=", ">=", "<>"])


@given(
    criterion=st.fixed_dictionaries(
        {
            "LookupName": NAMES,
            "LookupValue": st.text(min_size=1),
            "SqlOperator": OPERATORS,
        }
    ),
    columns=st.lists(NAMES, min_size=1, unique=True),
    order=st.permutations(["Parameter", "Columns", "Sorting", "Paging"]),
)
def test_translations_are_equivalent(
    criterion: dict[str, str], columns: list[str], order: list[str]
) -> None:
    """Clean, with the same field, value and columns."""
    body = {**LEADS_GET, "Parameter": criterion, "Columns": {"Include_CSV": ", ".join(columns)}}
    fixed = check(json.dumps({key: body[key] for key in order})).fixed(unsafe=True)
    [lead_filter] = json.loads(fixed)["ReportFilter"]["LeadFilters"]

    assert check(fixed).ok
    assert lead_filter["LookUpName"] == criterion["LookupName"]
    assert lead_filter["LookUpValue"] == criterion["LookupValue"]
    assert json.loads(fixed)["Output"]["IncludeCSV"] == ",".join(columns)


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        (
            "RetrieveByActivityEvent and other searches of activities",
            "ActivityEvent ActivityEvents ActivityID IncludeCustomFields",
        ),
        ("RetrieveNote, which reads the notes of a lead", "RelatedId"),
        ("Task.svc/Retrieve, which reads the tasks of a user", "StatusCode TypeName"),
        (
            "Leads.Get, the search of leads by one criterion",
            "LookupName LookupValue SqlOperator",
        ),
        ("Leads.RecentlyModified, which reads leads by a range of dates", "FromDate ToDate"),
    ],
)
def test_each_criterion_identifies_a_sibling_api(name: str, keys: str) -> None:
    for key in keys.split():
        [diagnostic] = check({"Parameter": {key: "1"}})

        assert diagnostic.message == f"this body is written for {name}", key


@pytest.mark.parametrize(
    ("body", "keys"),
    [
        ({**DATES, "Users": ["ann@example.com"]}, "UserIds"),
        (
            {"AdvancedSearch": ""},
            "Columns Sorting Conditions QueryTimeZone OpportunityEventCode ActivityEvent",
        ),
        (USERS, "GroupOperator Sorting"),
        (MODIFIED, "Sorting"),
    ],
)
def test_other_keys_of_a_sibling_api_are_no_unknown_keys(body: dict[str, Any], keys: str) -> None:
    for key in keys.split():
        assert len(check({**body, key: "1"}).diagnostics) == 1, key


def test_no_key_identifies_two_sibling_apis() -> None:
    telling = [
        (key, criterion)
        for api in SIBLING_APIS
        for key in api.signature_keys
        for criterion in api.criteria_keys or ("",)
    ]

    assert sorted(telling) == sorted(set(telling))
