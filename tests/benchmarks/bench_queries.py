"""What a query costs to build and to write, beside the literal it becomes."""

from __future__ import annotations

import json
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING, Any

import pytest

from leadquery import Leads
from leadquery.fields import Company, EngagementScore, Number, OwnerId, Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from leadquery import Unfinished
    from leadquery.words import Condition

    from .conftest import Compare, Note

ONE, OTHER = "01f131a5-7746-11e6-bcaf-0677ec402fcf", "07934579-8551-11e6-88b9-0677ec402fcf"


def built() -> str:
    """The sample query as JSON text."""
    return (
        Leads.where(
            EngagementScore < 20, Source.is_in(["Web", "Fair"]), Company.contains("Holdings")
        )
        .created_between("2017-11-10 12:00:00", "2018-11-10 12:00:00")
        .owned_by(ONE, OTHER)
        .group_by(OwnerId)
        .average(EngagementScore)
        .page(1, 10)
        .to_json()
    )


def literal() -> str:
    """The same text from a dict written out."""
    condition = {"LookupName": "UserID", "Operator": "eq", "LookupValue": f"{ONE},{OTHER}"}
    return json.dumps(
        {
            "ReportFilter": {
                "UserFilter": {"GroupConditions": [{"Condition": [condition]}]},
                "LeadFilters": [
                    {"LookUpName": "EngagementScore", "LookUpValue": "20", "SqlOperator": "<"},
                    {
                        "LookUpName": "Source",
                        "SqlOperator": "in",
                        "LookUpValues": ["Web", "Fair"],
                    },
                    {"LookUpName": "Company", "LookUpValue": "Holdings", "SqlOperator": "lik"},
                ],
            },
            "DateFilter": [
                {
                    "DateField": "LeadCreatedOn",
                    "FromDate": "2017-11-10 12:00:00",
                    "ToDate": "2018-11-10 12:00:00",
                }
            ],
            "Output": {
                "Type": "aggregate",
                "GroupBy": "OwnerId",
                "AggregateFunction": "Average",
                "AggregateField": "EngagementScore",
            },
            "Paging": {"PageIndex": 1, "PageSize": 10},
        }
    )


def test_a_query_beside_its_literal(compare: Compare) -> None:
    """The sample query, from words to text."""
    assert built() == literal()

    compare("build a query and write it / json.dumps", ours=built, floor=literal, target=2.5)


def _at_once(conditions: list[Condition]) -> Unfinished:
    return Leads.where(*conditions)


def _one_at_a_time(conditions: list[Condition]) -> Unfinished:
    asked = Leads
    for condition in conditions:
        asked = asked.where(condition)
    return asked


def _chained(conditions: list[Condition]) -> Unfinished:
    return Leads.where(reduce(and_, conditions))


@pytest.mark.parametrize("build", [_at_once, _one_at_a_time, _chained])
@pytest.mark.parametrize("count", [1_000, 10_000])
def test_many_filters(
    build: Callable[[list[Condition]], Unfinished], count: int, benchmark: Any, note: Note
) -> None:
    """What each filter costs among few and among many."""
    field = Number("mx_Deal_Value")
    conditions = [field != number for number in range(count)]
    asked = benchmark.pedantic(build, (conditions,), rounds=3 if build is _at_once else 1)

    assert len(asked.filters) == count
    name = build.__name__.strip("_").replace("_", " ")
    each = benchmark.stats.stats.median / count
    note(f"{count:,} filters, {name}", f"{each * 1e6:7.2f} µs a filter")
