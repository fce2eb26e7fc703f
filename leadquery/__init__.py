"""Write, check and send queries for LeadSquared's Lead Distribution Analytics API.

>>> from leadquery import Leads
>>> from leadquery.fields import EngagementScore, OwnerId
>>> low = Leads.where(EngagementScore < 20).group_by(OwnerId).average(EngagementScore)
>>> print(low.explain())
Average EngagementScore and number of leads per OwnerId, of leads with EngagementScore below 20.
"""

from typing import TYPE_CHECKING

from leadquery.errors import (
    ApiError,
    LeadQueryError,
    NotExpressibleError,
    PayloadError,
    QueryError,
)
from leadquery.language.query import Grouped, Leads, Query, Unfinished

if TYPE_CHECKING:
    from leadquery import fields, periods, users
    from leadquery.client import Answer, Client
    from leadquery.language.reading import from_payload
    from leadquery.payload.check import check
    from leadquery.payload.report import Problem, Report
    from leadquery.payload.schema import schema

    __version__: str

__all__ = [
    "Answer",
    "ApiError",
    "Client",
    "Grouped",
    "LeadQueryError",
    "Leads",
    "NotExpressibleError",
    "PayloadError",
    "Problem",
    "Query",
    "QueryError",
    "Report",
    "Unfinished",
    "check",
    "fields",
    "from_payload",
    "periods",
    "schema",
    "users",
]


# What queries do without is loaded on first use: the client brings requests, checks bring json.
_ROOMS = ("fields", "periods", "users")
_LATER = {
    "Answer": "client",
    "Client": "client",
    "Problem": "payload.report",
    "Report": "payload.report",
    "check": "payload.check",
    "from_payload": "language.reading",
    "schema": "payload.schema",
}


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name in _ROOMS:
        return import_module(f"leadquery.{name}")
    if name == "__version__":
        return import_module("importlib.metadata").version("leadquery")
    if name.startswith("__"):
        raise AttributeError(name)
    if name not in _LATER:
        from leadquery.slips import unknown_name
        from leadquery.slips.called import DOOR

        names = DOOR | {one.casefold(): one for one in __all__}
        raise unknown_name("leadquery", name, names, "fields are in leadquery.fields")
    return getattr(import_module(f"leadquery.{_LATER[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, "__version__"})
