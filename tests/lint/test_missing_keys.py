"""Missing keys: the diagnostic says what to write, and that is right."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from leadquery import check
from leadquery.wire.examples import SAMPLES, advice, required_keys
from leadquery.wire.serializer import to_payload
from tests.operators import COMPARE

Path = tuple[str | int, ...]

PAYLOADS = [to_payload(sample) for sample in SAMPLES]


def paths(node: Any, path: Path = ()) -> Iterator[Path]:
    """The paths of all keys of a payload."""
    entries = node.items() if isinstance(node, dict) else enumerate(node)
    for step, value in entries:
        if isinstance(node, dict):
            yield (*path, step)
        if isinstance(value, (dict, list)):
            yield from paths(value, (*path, step))


def parent_of(payload: Any, path: Path) -> Any:
    for step in path[:-1]:
        payload = payload[step]
    return payload


def advised(hint: str, key: str) -> list[Any]:
    """The values that a hint advises to add."""
    rest = hint.removeprefix(f'add "{key}": ')
    assert rest != hint
    values = []
    while rest:
        value, end = json.JSONDecoder().raw_decode(rest)
        values.append(value)
        rest = rest[end:].removeprefix(", ").removeprefix(" or ")
    return values


CASES = [(payload, path) for payload in PAYLOADS for path in paths(payload)]


@pytest.mark.parametrize(("payload", "path"), CASES, ids=lambda case: str(case)[-40:])
def test_what_is_advised_for_a_missing_key_is_right(payload: Any, path: Path) -> None:
    """With each value, nothing is reported at that place."""
    without = copy.deepcopy(payload)
    del parent_of(without, path)[path[-1]]
    found = [one for one in check(without) if one.message.startswith("missing")]
    for one in found:
        key = one.path.rpartition(".")[2]
        values = advised(one.hint or "", key)
        assert values
        for value in values:
            corrected = copy.deepcopy(without)
            parent_of(corrected, path)[key] = value
            again = {(each.code, each.path) for each in check(corrected)}
            assert (one.code, one.path) not in again


def hint_of(payload: Any) -> str | None:
    return next(one.hint for one in check(payload) if one.code in ("LQ203", "LQ406"))


LIST_EXAMPLE = '{"Type": "list", "IncludeCSV": "FirstName,EmailAddress,EngagementScore"}'

AGGREGATE_EXAMPLE = (
    '{"Type": "aggregate", "GroupBy": "OwnerId", "AggregateFunction": "Average", '
    '"AggregateField": "EngagementScore"}'
)

LIST = {"Type": "list", "IncludeCSV": "Phone"}
NAME = {"LookUpName": "Phone"}


@pytest.mark.parametrize(
    ("payload", "hint"),
    [
        (
            {
                "Output": LIST,
                "DateFilter": [
                    {"FromDate": "2026-01-01 00:00:00", "ToDate": "2026-01-02 00:00:00"}
                ],
            },
            'add "DateField": "LeadCreatedOn" or "LeadModifiedOn"',
        ),
        (
            {"Paging": {"PageIndex": 1, "PageSize": 9}},
            f'add "Output": {LIST_EXAMPLE} or {AGGREGATE_EXAMPLE}',
        ),
        ({"Output": {"IncludeCSV": "Phone"}}, 'add "Type": "list"'),
        ({"Output": {"GroupBy": "OwnerId", "IncludeCSV": ""}}, 'add "Type": "aggregate"'),
        ({"Output": {}}, 'add "Type": "list" or "aggregate"'),
        (
            {"Output": LIST, "ReportFilter": {"LeadFilters": [{**NAME, "LookUpValues": ["1"]}]}},
            'add "SqlOperator": "in"',
        ),
        (
            {"Output": LIST, "ReportFilter": {"LeadFilters": [{**NAME, "LookUpValue": "1"}]}},
            advice("SqlOperator", map(json.dumps, COMPARE)),
        ),
    ],
)
def test_only_what_fits_the_other_keys_is_advised(payload: Any, hint: str) -> None:
    assert hint_of(payload) == hint


def test_every_required_key_has_an_example() -> None:
    """`leadquery rule LQ203` lists them."""
    listed = required_keys()

    assert len(listed) == 20
    assert 'a date filter: add "DateField": "LeadCreatedOn" or "LeadModifiedOn"' in listed
    assert 'an output: add "Type": "list" or "aggregate"' in listed
