"""Tab in IPython and Jupyter (jedi) offers every method of a state, and nothing private."""

from __future__ import annotations

from typing import Any

import jedi
import pytest

from leadquery import Leads, count
from leadquery.fields import CreatedOn, EngagementScore, Source
from tests.operators import methods_of

IMPORTS = """
from leadquery import Leads, count
from leadquery.fields import CreatedOn, EngagementScore, Source
query = Leads.where(EngagementScore < 20)
"""
PARTS = {"filters", "dates", "users", "paging"}
NARROWING = {
    *("where", "owned_by", "page"),
    *("created_between", "created_in", "created_since"),
    *("modified_between", "modified_in", "modified_since"),
}
AGGREGATES = {"aggregate", "count", "average", "sum"}
LEAD_SET = PARTS | NARROWING | {"select", "group_by"} | AGGREGATES
GROUPED = PARTS | NARROWING | {"keys"} | AGGREGATES
QUERY = (
    PARTS
    | NARROWING
    | {"having", "order_by", "limit", "with_owner_names", "compare"}
    | {"output", "describe", "plan", "is_one_request"}
    | {"to_payload", "to_json", "to_python", "to_request", "to_sql"}
)
FIELD = {"name", "label", "asc", "desc"}
RANGE = FIELD | {"min", "max", "median", "quantile"}
NUMBER = RANGE | methods_of("Number") | {"count_distinct", "average", "sum", "bins"}
TEXT = FIELD | methods_of("Choice") | {"count_distinct", "options", "others"}
DATE = RANGE | methods_of("Date") | {"in_periods", "day", "week", "month", "quarter", "year"}
AGGREGATE = {"asc", "desc", "before", "after", "change", "change_pct", "name", "field", "measure"}
CASES = [
    ("Leads.", LEAD_SET),
    ("query.", LEAD_SET),
    ("Leads.where(EngagementScore < 20).", LEAD_SET),
    ("Leads.created_between('2026-01-01', '2026-02-01').", LEAD_SET),
    ("Leads.created_since('2026-01-01').modified_since('2026-02-01').", LEAD_SET),
    ("Leads.where(EngagementScore < 20).owned_by('ann@example.com').page(2).", LEAD_SET),
    ("Leads.group_by('OwnerId').", GROUPED),
    ("Leads.group_by('OwnerId').where(EngagementScore < 20).page(2).", GROUPED),
    ("Leads.group_by('OwnerId').count().", QUERY),
    ("Leads.group_by('OwnerId').average('Score').where(EngagementScore < 20).", QUERY),
    ("Leads.select('Phone').", QUERY),
    ("Leads.select('Phone').created_between('2026-01-01', '2026-02-01').page(2).", QUERY),
    ("Leads.group_by('OwnerId', 'Source').count().", QUERY),
    ("Leads.group_by(CreatedOn.month()).aggregate(count()).", QUERY),
    ("Leads.count().having(count() > 5).order_by(count()).limit(5).page(2).", QUERY),
    ("EngagementScore.", NUMBER),
    ("Source.", TEXT),
    ("CreatedOn.", DATE),
    ("count().", AGGREGATE),
    ("EngagementScore.quantile(0.5).", AGGREGATE),
]


def public(completions: list[Any]) -> set[str]:
    """The names that are offered before an underscore is typed."""
    return {completion.name for completion in completions if completion.name[0] != "_"}


@pytest.mark.parametrize(("line", "names"), CASES)
def test_an_editor_offers_the_methods(line: str, names: set[str]) -> None:
    assert public(jedi.Script(IMPORTS + line).complete()) == names


@pytest.mark.parametrize(("line", "names"), CASES)
def test_a_notebook_offers_the_methods(line: str, names: set[str]) -> None:
    scope = {
        "Leads": Leads,
        "count": count,
        "CreatedOn": CreatedOn,
        "EngagementScore": EngagementScore,
        "Source": Source,
        "query": Leads.where(EngagementScore < 20),
    }

    assert public(jedi.Interpreter(line, [scope]).complete()) == names


AWAITING = """
from leadquery import AsyncClient, Leads
async def main(client: AsyncClient):
    result = await client.run(Leads.select("Phone"))
    async for page in client.pages(Leads.select("Phone")):
        {line}
"""


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("client.", {"run", "count", "pages", "export", "users", "aclose"}),
        ("result.", {"rows", "total", "to_pandas"}),
        ("page.", {"rows", "total", "to_pandas"}),
    ],
)
def test_an_editor_knows_what_is_awaited(line: str, names: set[str]) -> None:
    script = jedi.Script(AWAITING.format(line=line))

    assert public(script.complete(6, 8 + len(line))) >= names
