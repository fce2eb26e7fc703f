"""Write, check and send queries for LeadSquared's Lead Distribution Analytics API.

>>> from leadquery import Leads
>>> from leadquery.fields import EngagementScore, OwnerId
>>> low = Leads.where(EngagementScore < 20).group_by(OwnerId).average(EngagementScore)
>>> print(low.describe())
Average EngagementScore and number of leads per OwnerId, of leads with EngagementScore below 20.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leadquery import fields, periods, users
    from leadquery.client import AsyncClient, Client, Result
    from leadquery.errors import (
        ApiError,
        LeadQueryError,
        PayloadError,
        QueryError,
        UnsupportedQueryError,
    )
    from leadquery.expr.aggregate import count
    from leadquery.lint.check import check
    from leadquery.lint.report import Diagnostic, Report
    from leadquery.query.from_payload import from_payload
    from leadquery.query.leads import GroupedLeads, Leads, LeadSet
    from leadquery.query.query import Query
    from leadquery.query.reports import (
        LeadsNotContacted,
        LeadsWithNoActiveTasks,
        LeadsWithPendingTasks,
    )
    from leadquery.wire.json_schema import schema

    __version__: str

__all__ = [
    "ApiError",
    "AsyncClient",
    "Client",
    "Diagnostic",
    "GroupedLeads",
    "LeadQueryError",
    "LeadSet",
    "Leads",
    "LeadsNotContacted",
    "LeadsWithNoActiveTasks",
    "LeadsWithPendingTasks",
    "PayloadError",
    "Query",
    "QueryError",
    "Report",
    "Result",
    "UnsupportedQueryError",
    "check",
    "count",
    "fields",
    "from_payload",
    "periods",
    "schema",
    "users",
]


# Every name is loaded on first use: the client brings requests, checks bring json, and the command
# needs few of them.
_SUBMODULES = ("errors", "fields", "periods", "users")
_OTHER_MODULES = ("fields", "users", "periods", "sql", "emulator")
"""Where a name may be that is not here; loaded only for the error that says so."""
_LAZY = {
    "ApiError": "errors",
    "LeadQueryError": "errors",
    "PayloadError": "errors",
    "QueryError": "errors",
    "UnsupportedQueryError": "errors",
    "GroupedLeads": "query.leads",
    "LeadSet": "query.leads",
    "Leads": "query.leads",
    "Query": "query.query",
    "Result": "client",
    "AsyncClient": "client",
    "Client": "client",
    "Diagnostic": "lint.report",
    "Report": "lint.report",
    "check": "lint.check",
    "count": "expr.aggregate",
    "LeadsNotContacted": "query.reports",
    "LeadsWithNoActiveTasks": "query.reports",
    "LeadsWithPendingTasks": "query.reports",
    "from_payload": "query.from_payload",
    "schema": "wire.json_schema",
}


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name in _SUBMODULES:
        return import_module(f"leadquery.{name}")
    if name == "__version__":
        return import_module("importlib.metadata").version("leadquery")
    if name.startswith("__"):
        raise AttributeError(name)
    if name not in _LAZY:
        from leadquery.unknown_names import unknown_name_error

        for module in _OTHER_MODULES if not name.startswith("_") else ():
            if name in import_module(f"leadquery.{module}").__all__:
                advice = f"write from leadquery.{module} import {name}"
                raise unknown_name_error("leadquery", name, {}, advice)
        names = {public.casefold(): public for public in __all__}
        raise unknown_name_error("leadquery", name, names, "fields are in leadquery.fields")
    found = getattr(import_module(f"leadquery.{_LAZY[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, "__version__"})
