"""What the files of tests/cases cannot hold: Python values, and very large ones."""

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
def test_python_values_get_an_answer(payload: object, text: str) -> None:
    """Whatever Python hands in is answered, never raised at."""
    report = check(payload)

    assert [str(diagnostic) for diagnostic in report] == [text]
    assert report.summary() == "1 error"


def test_a_huge_key_gets_an_answer() -> None:
    """A number with more digits than Python prints may stand as a key."""
    codes = [diagnostic.code for diagnostic in check({"Output": LIST, "Paging": PAGE, 10**5000: 1})]

    assert codes == ["LQ201"]


def test_a_joiner_is_missed_beside_a_key_that_is_no_text() -> None:
    """A number among the keys of a group does not hide what joins it."""
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


def test_a_bare_filter_misses_its_name() -> None:
    """A value under the key of another operator is sent to that operator's own key."""
    missed, misplaced = check(_filter(SqlOperator="in", LookUpValue="Web"))

    assert missed.path == "$.ReportFilter.LeadFilters[0].LookUpName"
    assert misplaced.hint == "rename it to 'LookUpValues'"


@pytest.mark.slow
def test_a_million_keys_are_read() -> None:
    """A million unknown keys are a million problems."""
    payload: dict[str, Any] = {f"key {number}": 1 for number in range(10**6)}

    assert len(check(payload | {"Output": LIST, "Paging": PAGE})) == 10**6
