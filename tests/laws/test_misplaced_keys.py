"""Laws of keys that are one object too far out: they are reported, read, and moved back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, strategies as st

from leadquery import check, testing
from leadquery.lint.fixes import fix_all

OUTER = ("ReportFilter", "Paging")
"""The objects whose keys may be in the outermost object."""


@st.composite
def misplaced(draw: st.DrawFn) -> tuple[Any, Any]:
    """A payload without errors, and the same with some keys too far out."""
    payload = draw(testing.payloads())
    spoiled = {}
    for name, value in payload.items():
        if name not in OUTER:
            spoiled[name] = value
            continue
        out = draw(st.sets(st.sampled_from(sorted(value)), max_size=2)) if value else set()
        kept = {key: inner for key, inner in value.items() if key not in out}
        if kept or not out:
            spoiled[name] = kept
        spoiled |= {key: value[key] for key in out}
    keys = draw(st.permutations(list(spoiled)))
    return payload, {key: spoiled[key] for key in keys}


@given(misplaced(), st.sampled_from([None, 1, "\t"]))
def test_moved_back_it_is_the_same_payload(pair: tuple[Any, Any], indent: int | str | None) -> None:
    """As an object and as text of any layout."""
    payload, spoiled = pair
    right = fix_all(check(payload), check)

    as_object = fix_all(check(spoiled), check)
    as_text = fix_all(check(json.dumps(spoiled, indent=indent)), check)

    assert as_object.content == right.content
    assert json.loads(as_text.content) == right.content
    assert {*as_object.report} == {*right.report}


SCORE = {"LookUpName": "Score", "LookUpValue": "20", "SqlOperator": ">"}
PRESENT = {"LookUpName": "Phone", "SqlOperator": "def"}
USERS = {
    "GroupConditions": [
        {"Condition": [{"LookupName": "Role", "Operator": "eq", "LookupValue": "Sales_User"}]}
    ]
}
PAGING = {"PageIndex": 1, "PageSize": 100}


@pytest.mark.parametrize(
    "payload",
    [
        {"LeadFilters": [SCORE], "ReportFilter": {"LeadFilters": [PRESENT]}},
        {"LeadFilters": [SCORE], "ReportFilter": {"leadfilters": [PRESENT]}},
        {"LeadFilters": [SCORE], "ReportFilter": "no object"},
        {"PageIndex": 1},
        {"ReportFilter": {"LeadFilters": [SCORE], "Paging": PAGING}},
    ],
    ids=["taken", "taken-in-another-case", "no-object", "a-part-is-missing", "too-far-in"],
)
def test_what_would_be_lost_or_wrong_is_not_moved(payload: Any) -> None:
    """It is reported with its place, and left to the author."""
    output = {"Output": {"Type": "list", "IncludeCSV": "Phone"}}
    found = [one for one in check({**payload, **output}) if "belongs in" in str(one.hint)]

    assert len(found) == 1
    assert found[0].fix is None


def test_a_misplaced_value_is_read() -> None:
    """So that all its mistakes are in the first report; it moves with what is fixed in it."""
    wrong = {"LookUpName": "Score", "LookUpValue": 20, "SqlOperator": ">"}
    payload = {
        "LeadFilters": [wrong],
        "Paging": PAGING,
        "Output": {"Type": "list", "IncludeCSV": "Phone"},
    }
    report = check(payload)

    assert [(one.code, one.path) for one in report] == [
        ("LQ201", "$.LeadFilters"),
        ("LQ204", "$.LeadFilters[0].LookUpValue"),
    ]
    assert report.fixed()["ReportFilter"] == {"LeadFilters": [SCORE]}


@pytest.mark.parametrize(
    ("written", "fixed"),
    [
        ('{"ReportFilter": {}, "LeadFilters": []', '{"ReportFilter": {"LeadFilters": []}'),
        (
            '{"LeadFilters": [],\n  "ReportFilter": {\n    "UserFilter": {}\n  }',
            '{"ReportFilter": {\n    "UserFilter": {},\n    "LeadFilters": []\n  }',
        ),
        (
            '{"UserFilter": {}, "LeadFilters": []',
            '{"ReportFilter": {"UserFilter": {}, "LeadFilters": []}',
        ),
    ],
)
def test_a_text_keeps_its_layout(written: str, fixed: str) -> None:
    """An entry moves as it is written, after those that are there."""
    filters = json.dumps([SCORE]), json.dumps(USERS)
    ends = ', "Output": {"Type": "list", "IncludeCSV": "Phone"}}'
    written, fixed = (
        text.replace("[]", filters[0]).replace('"UserFilter": {}', f'"UserFilter": {filters[1]}')
        + ends
        for text in (written, fixed)
    )

    assert check(written).fixed() == fixed


def test_paging_that_is_misplaced_is_not_missing() -> None:
    """It is reported once, at each of its keys."""
    report = check({**PAGING, "Output": {"Type": "list", "IncludeCSV": "Phone"}})

    assert [(one.code, one.path) for one in report] == [
        ("LQ201", "$.PageIndex"),
        ("LQ201", "$.PageSize"),
    ]


@pytest.mark.parametrize("key", ["Condition", "Operator", "LogicalOperator"])
def test_an_operator_between_lead_filters_is_not_misplaced(key: str) -> None:
    """They are joined by AND only, so it belongs nowhere."""
    output = {"Type": "list", "IncludeCSV": "Phone"}
    filters = {key: "or", "LeadFilters": [SCORE]}
    [found] = check({"ReportFilter": filters, "Output": output, "Paging": PAGING})

    assert found.path == f"$.ReportFilter.{key}"
    assert "joined by AND only" in str(found.hint)
