"""The payloads and the query that are timed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from leadquery import Leads
from leadquery.fields import Company, EngagementScore, OwnerId, Source

CASES = Path(__file__).parent.parent / "cases"
SAMPLE = CASES / "good" / "vendor-sample.json"

ONE, OTHER = "01f131a5-7746-11e6-bcaf-0677ec402fcf", "07934579-8551-11e6-88b9-0677ec402fcf"


def sample() -> Any:
    """The API page's sample, with whole days instead of noons, which are a suspicious pattern."""
    payload = json.loads(SAMPLE.read_bytes())
    [dates] = payload["DateFilter"]
    dates["FromDate"], dates["ToDate"] = "2017-11-10 00:00:00", "2018-11-10 23:59:59"
    return payload


def filtered(filters: list[Any]) -> dict[str, Any]:
    """A payload with other lead filters."""
    return {**sample(), "ReportFilter": {"LeadFilters": filters}}


def compared(count: int, names: int, wrong: int) -> dict[str, Any]:
    """Many filters on a few fields; every n-th has an invalid operator."""
    return filtered(
        [
            {
                "LookUpName": f"mx_Field_{index % names}",
                "LookUpValue": f"a value of some length, number {index:09d}",
                "SqlOperator": "<>" if (index + 1) % (count // wrong) else "!=",
            }
            for index in range(count)
        ]
    )


def listed(count: int, wrong: int) -> dict[str, Any]:
    """One filter with many values; every n-th is a number."""
    values = [
        f"value {index:06d} and so on" if (index + 1) % (count // wrong) else index
        for index in range(count)
    ]
    return filtered([{"LookUpName": "Source", "SqlOperator": "in", "LookUpValues": values}])


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
    """The same text from a literal dict."""
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
