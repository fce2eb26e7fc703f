"""One mistake in a payload is one diagnostic: of two rules that see it, one reports it."""

from __future__ import annotations

from typing import Any

import pytest

from leadquery import check
from tests.laws.mistakes.mistake import paths_of, renamed, replaced
from tests.operators import token_list

NUMBER = {"LookUpName": "EngagementScore", "LookUpValue": "20", "SqlOperator": ">"}
LIST = {"LookUpName": "Source", "LookUpValues": ["a", "b"], "SqlOperator": "in"}
DATE = {"LookUpName": "CreatedOn", "LookUpValue": "2026-01-01 00:00:00", "SqlOperator": ">="}
TEXT = {"LookUpName": "FirstName", "LookUpValue": "An", "SqlOperator": "lik"}
PRESENCE = {"LookUpName": "Phone", "SqlOperator": "def"}
ROLE = {"LookupName": "Role", "Operator": "eq", "LookupValue": "Sales_User"}
COLUMNS = {"Type": "list", "IncludeCSV": "Phone,Score"}
AVERAGE = {
    "Type": "aggregate",
    "GroupBy": "ProspectStage",
    "AggregateFunction": "Average",
    "AggregateField": "Score",
}

NUMBERS = "write a number such as '20' or '0.5'"

Payload = dict[str, Any]


def payload(*, output: Payload = COLUMNS, lead_filter: Payload = NUMBER) -> Payload:
    """A payload without mistakes, unless they are in its parts."""
    group = {"Condition": [{**ROLE, "ConditionOperator": "OR"}, {**ROLE, "LookupValue": "Admin"}]}
    groups = [{**group, "GroupOperator": "AND"}, {"Condition": [ROLE]}]
    return {
        "ReportFilter": {
            "UserFilter": {"GroupConditions": groups},
            "LeadFilters": [lead_filter, {**TEXT, "LookUpName": "LastName"}],
        },
        "DateFilter": [
            {
                "DateField": "LeadCreatedOn",
                "FromDate": "2026-01-01 00:00:00",
                "ToDate": "2026-01-31 23:59:59",
            }
        ],
        "Output": output,
        "Paging": {"PageIndex": 1, "PageSize": 100},
    }


def advice(given: Payload) -> list[tuple[str, str | None, str | None]]:
    """Each diagnostic: its code, what to write, and the safety of its fix."""
    return [
        (one.code, one.hint, one.fix and ("safe" if one.fix.safe else "unsafe"))
        for one in check(given)
    ]


def test_the_payload_has_no_mistake() -> None:
    for lead_filter in (NUMBER, LIST, DATE, TEXT, PRESENCE):
        assert advice(payload(lead_filter=lead_filter)) == []
    assert advice(payload(output=AVERAGE)) == []


HAS = f"it has {token_list('Number')}"
FILTERS = [
    (
        {**NUMBER, "SqlOperator": "LIKE"},
        ("LQ304", f"'EngagementScore' is a number, which has no 'lik'; {HAS}", None),
    ),
    (
        {**NUMBER, "SqlOperator": "LIK"},
        ("LQ306", f"'EngagementScore' is a number, which has no 'lik'; {HAS}", None),
    ),
    (
        {**NUMBER, "LookUpValue": ["high"]},
        ("LQ204", "'high' is not a number; write a number such as '20' or '0.5'", None),
    ),
    (
        {**NUMBER, "LookUpValue": ["1,000"]},
        ("LQ204", "'1,000' is not a plain number; write '1000'", "unsafe"),
    ),
    (
        {**DATE, "LookUpValue": 1767225600},
        (
            "LQ204",
            "'1767225600' is not in the format 'yyyy-MM-dd HH:mm:ss'; write '2026-01-01 00:00:00'",
            "unsafe",
        ),
    ),
    # A value under the name of another key, for the operator beside it.
    (
        {"LookUpName": "Source", "SqlOperator": "in", "Value": ["a", "b"]},
        ("LQ401", "rename it to 'LookUpValues'", "safe"),
    ),
    (
        {"LookUpName": "Source", "SqlOperator": "=", "Values": ["a"]},
        ("LQ401", "rename it to 'LookUpValue'", "safe"),
    ),
    (
        {"LookUpName": "Source", "SqlOperator": "in", "lookupvalue": "a"},
        ("LQ401", "rename it to 'LookUpValues'", "safe"),
    ),
    ({**PRESENCE, "Values": ["a"]}, ("LQ401", "remove it", "unsafe")),
    (
        {**PRESENCE, "Value": "a"},
        ("LQ402", "remove it, or use an operator that compares", None),
    ),
    # Several values: another operator, but none with another meaning.
    *(
        (
            {**LIST, "SqlOperator": operator},
            ("LQ401", "for one of several values, use the operator 'in'", "unsafe"),
        )
        for operator in ("=", "==", "EQ", " = ")
    ),
    (
        {**LIST, "SqlOperator": "=", "LookUpValues": ["a", 5]},
        ("LQ401", "for one of several values, use the operator 'in'", None),
    ),
    ({**LIST, "SqlOperator": "<>"}, ("LQ401", "write a filter with '<>' for each value", None)),
    (
        {**LIST, "SqlOperator": "nlik"},
        ("LQ401", "write a filter with 'nlik' for each value", None),
    ),
    ({**LIST, "SqlOperator": "lik"}, ("LQ401", "write one value under 'LookUpValue'", None)),
    ({**LIST, "SqlOperator": ">"}, ("LQ401", "write one value under 'LookUpValue'", None)),
    # What would be refused in turn is no fix.
    (
        {"LookUpName": "CreatedOn", "LookUpValues": ["a", "b"], "SqlOperator": "="},
        ("LQ401", "'CreatedOn' is a date, which has no 'in'", None),
    ),
    (
        {"LookUpName": "Score", "LookUpValue": "a", "SqlOperator": "in"},
        ("LQ401", f"rename it to 'LookUpValues'; 'a' is not a number; {NUMBERS}", None),
    ),
    (
        {"LookUpName": "Score", "LookUpVale": "a", "SqlOperator": ">"},
        ("LQ201", f"write 'LookUpValue'; 'a' is not a number; {NUMBERS}", None),
    ),
    (
        {"LookUpName": "Score", "LookUpValues": ["a"], "SqlOperator": "in"},
        ("LQ510", NUMBERS, None),
    ),
]


@pytest.mark.parametrize(("lead_filter", "expected"), FILTERS)
def test_a_mistake_in_a_filter_is_reported_once(lead_filter: Payload, expected: Any) -> None:
    found = advice(payload(lead_filter=lead_filter))

    assert found == [expected]


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ({**COLUMNS, "GroupBy": value}, ("LQ407", "remove it", "unsafe"))
        for value in ("Score", 5, True, ["Score"], ["a", "b"], [], {}, {"a": 1})
    ]
    + [
        ({**COLUMNS, "GroupBy": None}, ("LQ205", "remove it", None)),
        ({**AVERAGE, "IncludeCSV": ["Phone"]}, ("LQ407", "remove it", "unsafe")),
        ({**AVERAGE, "Type": "list"}, ("LQ410", "write 'aggregate'", "unsafe")),
        ({**AVERAGE, "Type": "chart"}, ("LQ301", "write 'aggregate'", "unsafe")),
    ],
)
def test_a_mistake_in_the_output_is_reported_once(output: Payload, expected: Any) -> None:
    assert advice(payload(output=output)) == [expected]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (["lik"], ("LQ204", "write 'lik'", "safe")),
        (["contains"], ("LQ204", None, None)),
        (["eq", "lik"], ("LQ204", None, None)),
        ([["eq"]], ("LQ204", None, None)),
        ({}, ("LQ204", None, None)),
    ],
)
def test_a_wrong_user_operator_is_reported_once(value: object, expected: Any) -> None:
    given = payload()
    [path, *_] = paths_of(given, "Operator")

    assert advice(replaced(given, path, value)) == [expected]


# Not aliases, but of the missing keys, the value fits one only.
RENAMED = [
    ("Paging", "Pagination", "unsafe"),
    ("DateFilter", "Dates", "unsafe"),
    ("DateField", "Type", "unsafe"),
    ("FromDate", "Since", None),
    ("ToDate", "Until", None),
    ("ReportFilter", "Where", "unsafe"),
    ("UserFilter", "Owners", "unsafe"),
    ("LeadFilters", "Conditions", "unsafe"),
    ("LookUpName", "Column", None),
    ("LookUpValue", "FieldValue", None),
    ("SqlOperator", "Comparison", "unsafe"),
    ("Condition", "Members", "unsafe"),
    ("LookupName", "Key", None),
    ("LookupValue", "Text", None),
    ("Operator", "Comparison", None),
    ("ConditionOperator", "Logic", "unsafe"),
    ("ConditionOperator", "GroupOperator", "unsafe"),
    ("GroupOperator", "Join", "unsafe"),
    ("Output", "Result", "unsafe"),
    ("Type", "Kind", "unsafe"),
    ("IncludeCSV", "Select", None),
    ("GroupBy", "By", None),
    ("AggregateFunction", "Calculation", "unsafe"),
    ("AggregateField", "Of", None),
]


@pytest.mark.parametrize(("key", "other", "fix"), RENAMED)
def test_the_only_unknown_key_is_the_missing_one(key: str, other: str, fix: str | None) -> None:
    for given in (payload(), payload(output=AVERAGE)):
        for path in paths_of(given, key):
            wrong = renamed(given, path, other)
            hint = f"write {key!r}" if fix else f"write {key!r}, which is missing"

            assert advice(wrong) == [("LQ201", hint, fix)]
            if fix:
                assert check(wrong).fixed(unsafe=True) == given


# Two mistakes: what is there is unknown, and does not fit what is missing.
@pytest.mark.parametrize(
    ("key", "other", "value"),
    [
        ("PageIndex", "Offset", 0),
        ("PageSize", "Total", 500),
        ("FromDate", "Since", "long ago"),
        ("IncludeCSV", "Title", ["My report"]),
        ("Output", "Report", "Leads by stage"),
        ("Output", "Report", {}),
        ("LookUpName", "GroupBy", "Score"),
        ("LookUpValue", "or", "5"),
    ],
)
def test_another_key_is_not_the_missing_one(key: str, other: str, value: object) -> None:
    given = payload()
    [path, *_] = paths_of(given, key)
    wrong = replaced(renamed(given, path, other), (*path[:-1], other), value)

    assert sorted(code for code, _, _ in advice(wrong)) == ["LQ201", "LQ203"]


def test_of_two_unknown_keys_none_is_the_missing_one() -> None:
    lead_filter = {"Column": "Score", "Text": "5", "SqlOperator": "="}
    found = sorted(code for code, _, _ in advice(payload(lead_filter=lead_filter)))

    assert found == ["LQ201", "LQ201", "LQ203", "LQ203"]


@pytest.mark.parametrize("around", ["GroupConditions", None])
def test_a_condition_outside_its_group_is_not_taken_for_a_joiner(around: str | None) -> None:
    """Its operator belongs to it, so no fix renames or removes it."""
    users = {around: [ROLE]} if around else ROLE
    given = {"ReportFilter": {"UserFilter": users}, "Output": COLUMNS}
    report = check({**given, "Paging": {"PageIndex": 1, "PageSize": 100}})
    [operator] = [one for one in report if one.path.endswith(".Operator")]

    assert (operator.hint, operator.fix) == ("it belongs in 'Condition'", None)
    assert report.fixed(unsafe=True)["ReportFilter"]["UserFilter"] == users
