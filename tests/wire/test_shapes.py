"""Equality of the classes of the model."""

from __future__ import annotations

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


@pytest.mark.parametrize(
    ("written", "intended"),
    [
        *((one, "LookUpName") for one in ("Attribute", "Field", "FieldName", "SchemaName", "Name")),
        *((one, "LookUpValue") for one in ("Value", "lookup_value")),
        *((one, "SqlOperator") for one in ("Operator", "Op", "Condition")),
    ],
)
def test_aliases_of_keys_are_known(written: str, intended: str) -> None:
    """They are read as the intended key."""
    one = {"LookUpName": "Source", "LookUpValue": "a", "SqlOperator": "="}
    right = {
        "ReportFilter": {"LeadFilters": [one]},
        "Output": {"Type": "list", "IncludeCSV": "Phone"},
        "Paging": {"PageIndex": 1, "PageSize": 100},
    }
    renamed = {written if key == intended else key: value for key, value in one.items()}
    report = check({**right, "ReportFilter": {"LeadFilters": [renamed]}})

    assert [diagnostic.hint for diagnostic in report] == [f"write {intended!r}"]
    assert report.fixed(unsafe=True) == right
