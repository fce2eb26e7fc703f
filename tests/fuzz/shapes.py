"""Payloads of any size, each with one mistake repeated."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any, Final

CLEAN: Final = (
    '{"Output": {"Type": "list", "IncludeCSV": "Phone"}, '
    '"Paging": {"PageIndex": 1, "PageSize": 100}}'
)


def whole(**output: Any) -> str:
    """A clean payload with the given output."""
    payload = json.loads(CLEAN)
    return json.dumps(payload | {"Output": payload["Output"] | output})


def _beside(text: str) -> str:
    return f"{CLEAN[:-1]}, {text}}}"


def _filters(each: Iterable[str]) -> str:
    return _beside(f'"ReportFilter": {{"LeadFilters": [{", ".join(each)}]}}')


def _conditions(each: Iterable[str]) -> str:
    group = f'{{"Condition": [{", ".join(each)}]}}'
    return _beside(f'"ReportFilter": {{"UserFilter": {{"GroupConditions": [{group}]}}}}')


def _compared(name: object, operator: str, value: object) -> str:
    one = {"LookUpName": f"{name}", "SqlOperator": operator, "LookUpValue": f"{value}"}
    return json.dumps(one)


def _listed(entry: str, size: int) -> str:
    return ", ".join([entry] * size)


def _joined(number: int) -> str:
    joiner = ("AND", "OR")[number % 2]
    one = {"LookupName": "Role", "Operator": "eq", "LookupValue": "a", "ConditionOperator": joiner}
    return json.dumps(one)


def _in(values: Iterable[str]) -> str:
    key = '"LookUpName": "Company", "SqlOperator": "in"'
    return _filters([f'{{{key}, "LookUpValues": [{", ".join(values)}]}}'])


_BACKWARDS: Final = (
    '{"DateField": "LeadCreatedOn", '
    '"FromDate": "2026-01-02 00:00:00", "ToDate": "2026-01-01T00:00"}'
)
_OTHER_CASE: Final = '{"datefield": 1, "fromdate": 1}'
_TWICE: Final = '{"a": 1, "a": 2}'

SHAPES: Final[dict[str, Callable[[int], str]]] = {
    "semicolons before closers": lambda size: _beside(f'"a": [{"[1;], " * size}1]'),
    "commas": lambda size: _beside(f'"a": [{"1,, " * size}1]'),
    "comments": lambda size: _beside(f'"a": [{"1, /**/" * size}1]'),
    "quotes": lambda size: _beside(f'"a": [{"‘a’, " * size}1]'),
    "escapes": lambda size: _beside(f'"a": "{chr(92)}d{"x" * size}"'),
    "no commas": lambda size: _beside(f'"a": [{"1 " * size}1]'),
    "bare keys": lambda size: _beside("".join(f"k{one}: 1, " for one in range(size)) + '"z": 1'),
    "unknown keys": lambda size: _beside(", ".join(f'"k{one}": 1' for one in range(size))),
    "keys in other case": lambda size: _beside(f'"DateFilter": [{_listed(_OTHER_CASE, size)}]'),
    "objects with a key twice": lambda size: _beside(f'"a": [{_listed(_TWICE, size)}]'),
    "numbers that json lacks": lambda size: _in(["NaN"] * size),
    "numbers": lambda size: _in(map(str, range(size))),
    "one value again": lambda size: _in(['"a"'] * size),
    "columns": lambda size: whole(IncludeCSV=", ".join(f"Scor{one}" for one in range(size))),
    "one column again": lambda size: whole(IncludeCSV=",".join(["Phone"] * size)),
    "backward dates": lambda size: _beside(f'"DateFilter": [{_listed(_BACKWARDS, size)}]'),
    "filters on one field": lambda size: _filters(
        _compared("Company", "lik", one) for one in range(size)
    ),
    "clashing filters": lambda size: _filters(
        _compared("Score", "<>" if one else "=", one) for one in range(size)
    ),
    "near names": lambda size: _filters(_compared(f"Companx{one}", "=", 1) for one in range(size)),
    "operators": lambda size: _filters(_compared(f"mx_{one}", "like", 1) for one in range(size)),
    "joiners": lambda size: _conditions(map(_joined, range(size))),
}
"""What makes a payload with about as many mistakes as it is told."""
