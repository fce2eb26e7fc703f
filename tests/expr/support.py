"""Helpers: the filters of a condition, and error messages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from leadquery import Leads, QueryError
from tests.plain import plain


def sent(condition: Any) -> Any:
    """The lead filters that a condition becomes."""
    report = Leads.where(condition).select("Phone").to_payload()["ReportFilter"]
    return report["LeadFilters"]


def one(operator: str, value: str, name: str = "mx_A") -> dict[str, str]:
    """A lead filter with one value."""
    return {"LookUpName": name, "LookUpValue": value, "SqlOperator": operator}


def many(*values: str, name: str = "mx_A") -> dict[str, Any]:
    """A lead filter with several values."""
    return {"LookUpName": name, "SqlOperator": "in", "LookUpValues": list(values)}


def none(operator: str, name: str = "mx_A") -> dict[str, str]:
    """A lead filter without a value."""
    return {"LookUpName": name, "SqlOperator": operator}


def refusal(build: Callable[[], object], error: type[QueryError] = QueryError) -> str:
    """The message of the error that a call raises, of exactly this class."""
    with pytest.raises(QueryError) as caught:
        build()
    assert type(caught.value) is error

    return plain(caught.value)


def literal(value: object) -> str:
    """A value as messages show it: text in double quotes."""
    return f'"{value}"' if isinstance(value, str) else repr(value)
