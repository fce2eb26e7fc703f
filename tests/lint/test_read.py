"""Payloads that files cannot contain: Python values, and very large ones."""

from __future__ import annotations

from typing import Any

import pytest

from leadquery import check

LIST = {"Type": "list", "IncludeCSV": "Phone"}
PAGE = {"PageIndex": 1, "PageSize": 100}


def _cyclic() -> dict[str, Any]:
    group: dict[str, Any] = {}
    group["GroupConditions"] = [group]
    return {"ReportFilter": {"UserFilter": group}, "Output": LIST, "Paging": PAGE}


def _filter(**keys: object) -> dict[str, Any]:
    return {"ReportFilter": {"LeadFilters": [keys]}, "Output": LIST, "Paging": PAGE}


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        ((), "LQ204 error  $\nexpected an object, found a Python tuple"),
        ({1}, "LQ204 error  $\nexpected an object, found a Python set"),
        (5, "LQ204 error  $\nexpected an object, found 5"),
        (_cyclic(), "LQ103 error  $\nthe payload is nested too deeply"),
        (
            {"Output": LIST, "Paging": PAGE, 1: 2},
            (
                "LQ201 error  $['1']\nunknown key '1' in a request; "
                "valid keys here: 'ReportFilter', 'DateFilter'"
            ),
        ),
        (
            {"Output": LIST, "Paging": {"PageIndex": float("nan"), "PageSize": 1}},
            "LQ204 error  $.Paging.PageIndex\nexpected a whole number, found nan",
        ),
        (
            {"Output": LIST, "Paging": {"PageIndex": 10**5000, "PageSize": 1}},
            (
                "LQ309 error  $.Paging.PageIndex\na very large number is out of range; "
                "write a number from 1 to 2147483647"
            ),
        ),
    ],
    ids=["tuple", "set", "number", "cyclic", "number key", "nan", "huge"],
)
def test_python_values_get_a_report(payload: object, text: str) -> None:
    report = check(payload)

    assert [str(diagnostic) for diagnostic in report] == [text]
    assert report.summary() == "1 error"


def test_a_huge_number_as_a_key_gets_a_report() -> None:
    codes = [diagnostic.code for diagnostic in check({"Output": LIST, "Paging": PAGE, 10**5000: 1})]

    assert codes == ["LQ201"]


def test_a_missing_joining_operator_beside_an_invalid_key() -> None:
    one = {"LookupName": "Role", "Operator": "eq", "LookupValue": "x"}
    groups = [{1: 2, "Condition": [one]}, {"Condition": [one]}]
    report = check(
        {
            "ReportFilter": {"UserFilter": {"GroupConditions": groups}},
            "Output": LIST,
            "Paging": PAGE,
        }
    )

    assert [diagnostic.code for diagnostic in report] == ["LQ406", "LQ201"]


def test_a_filter_without_a_name() -> None:
    """Its value is read under the key of its operator."""
    missed, misplaced = check(_filter(SqlOperator="in", LookUpValue="Web"))

    assert missed.path == "$.ReportFilter.LeadFilters[0].LookUpName"
    assert misplaced.hint == "rename it to 'LookUpValues'"


@pytest.mark.slow
def test_a_million_keys_are_read() -> None:
    """Each is a diagnostic."""
    payload: dict[str, Any] = {f"key {number}": 1 for number in range(10**6)}

    report = check(payload | {"Output": LIST, "Paging": PAGE}, max_diagnostics=None)

    assert len(report) == 10**6
