"""Equality of the classes of the model."""

from __future__ import annotations

from copy import deepcopy
from functools import reduce
from operator import getitem
from typing import Any

import pytest

from leadquery import check
from leadquery.wire.enums import Operator, OutputType
from leadquery.wire.model import ListOutput, MembershipFilter, Paging, ReportFilter, Request

LISTING = ListOutput(OutputType.LIST, ("Phone",))
REQUEST = Request(None, (), LISTING, Paging(1, 100))


def test_equal_objects_are_equal() -> None:
    assert Request(None, (), ListOutput(OutputType.LIST, ("Phone",)), Paging(1, 100)) == REQUEST
    assert MembershipFilter("A", Operator.ONE_OF, ("a",)) == MembershipFilter(
        "A", Operator.ONE_OF, ("a",)
    )


@pytest.mark.parametrize(
    "other",
    [
        Request(None, (), LISTING, Paging(2, 100)),
        Request(None, (), ListOutput(OutputType.LIST, ("Fax",)), Paging(1, 100)),
        ReportFilter(None, ()),
        LISTING,
        None,
        "Phone",
    ],
    ids=repr,
)
def test_objects_that_differ_are_not_equal(other: object) -> None:
    """In a value, or in their class."""
    assert other != REQUEST
    assert not REQUEST == other  # noqa: SIM201 - both signs are asked


LISTED = {
    "ReportFilter": {
        "UserFilter": {
            "GroupConditions": [
                {"Condition": [{"LookupName": "Role", "Operator": "eq", "LookupValue": "a"}]}
            ]
        },
        "LeadFilters": [
            {"LookUpName": "Source", "LookUpValue": "a", "SqlOperator": "="},
            {"LookUpName": "Phone", "LookUpValues": ["a", "b"], "SqlOperator": "in"},
        ],
    },
    "DateFilter": [
        {
            "DateField": "LeadCreatedOn",
            "FromDate": "2026-01-01 00:00:00",
            "ToDate": "2026-01-31 00:00:00",
        }
    ],
    "Output": {"Type": "list", "IncludeCSV": "Phone"},
    "Paging": {"PageIndex": 1, "PageSize": 100},
}
COUNTED = {
    "Output": {
        "Type": "aggregate",
        "GroupBy": "OwnerId",
        "AggregateFunction": "Count",
        "AggregateField": "OwnerId",
    },
    "Paging": {"PageIndex": 1, "PageSize": 100},
}
FILTER = ("ReportFilter", "LeadFilters", 0)
GROUP = ("ReportFilter", "UserFilter", "GroupConditions", 0)
USER = (*GROUP, "Condition", 0)


@pytest.mark.parametrize(
    ("payload", "path", "intended", "words"),
    [
        (LISTED, ("ReportFilter",), "LeadFilters", "LeadFilter Filters"),
        (LISTED, FILTER, "LookUpName", "Attribute Field FieldName SchemaName Name"),
        (LISTED, FILTER, "LookUpValue", "Value lookup_value"),
        (LISTED, FILTER, "SqlOperator", "Operator Op Condition"),
        (LISTED, (*FILTER[:-1], 1), "LookUpValues", "Values"),
        (LISTED, GROUP[:-2], "GroupConditions", "GroupCondition Groups"),
        (LISTED, GROUP, "Condition", "Conditions"),
        (LISTED, USER, "LookupName", "Attribute Field"),
        (LISTED, USER, "Operator", "SqlOperator Op"),
        (LISTED, USER, "LookupValue", "Value"),
        (LISTED, ("DateFilter", 0), "DateField", "Field"),
        (LISTED, ("DateFilter", 0), "FromDate", "From StartDate Start"),
        (LISTED, ("DateFilter", 0), "ToDate", "To EndDate End"),
        (LISTED, ("Output",), "IncludeCSV", "Include_CSV Columns"),
        (COUNTED, ("Output",), "GroupBy", "Group GroupField"),
        (COUNTED, ("Output",), "AggregateFunction", "Function"),
        (LISTED, ("Paging",), "PageIndex", "PageNumber PageNo Page"),
        (LISTED, ("Paging",), "PageSize", "PerPage Limit PageLimit Size"),
    ],
)
def test_aliases_of_keys_are_known(
    payload: Any, path: tuple[Any, ...], intended: str, words: str
) -> None:
    """They are read as the intended key."""
    for word in words.split():
        renamed = deepcopy(payload)
        place = reduce(getitem, path[:-1], renamed)
        place[path[-1]] = {
            word if key == intended else key: value for key, value in place[path[-1]].items()
        }
        report = check(renamed)

        assert [diagnostic.hint for diagnostic in report] == [f"write {intended!r}"], word
        assert report.fixed(unsafe=True) == payload
