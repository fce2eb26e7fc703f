"""The advanced search of users in the mock API.

Its body has the groups of conditions of a user filter, columns and paging. The wording of errors
is that of live responses, as far as it was seen.
"""

from __future__ import annotations

import json
from typing import Any, Final

from leadquery.emulator.executor import Database
from leadquery.errors import PayloadError, QueryError
from leadquery.fields import ProspectID
from leadquery.lint.check import read
from leadquery.query.leads import Leads
from leadquery.users import STANDARD
from leadquery.wire.enums import (
    INCLUDED_COLUMNS,
    LISTED_USERS,
    SEARCH_COLUMNS,
    SEPARATOR,
    USER_IDS,
    USERS_PER_PAGE,
)
from leadquery.wire.model import FIRST_PAGE, Paging, ReportFilter, Request, UserFilter
from leadquery.wire.schema import key_name, keys_of
from leadquery.wire.types import Json

_LISTED: Final = Leads.select(ProspectID).to_payload()


def search_users(database: Database, body: bytes) -> dict[str, Json]:
    """The response to the body of a search. Raises QueryError for one that is not valid."""
    try:
        search = json.loads(body)
    except ValueError:
        search = None
    if not isinstance(search, dict):
        raise QueryError("the body is not a JSON object")
    request = _request(search)
    paging = request.paging or FIRST_PAGE
    if paging.size > USERS_PER_PAGE:
        raise QueryError(f"{key_name(Paging, 'size')} can not be more than {USERS_PER_PAGE}")
    users = request.report.users if request.report else None
    known = {*STANDARD, *USER_IDS, *database.users.collations}
    listed = search.get(SEARCH_COLUMNS) or {}
    names = {name.strip() for name in str(listed.get(INCLUDED_COLUMNS, "*")).split(SEPARATOR)}
    columns = known if "*" in names else names
    conditions = (
        {condition.name for group in users.groups for condition in group.conditions or ()}
        if users
        else set()
    )
    if not columns | conditions <= known:
        raise QueryError("User search has some invalid Attributes")
    return {LISTED_USERS: database.search_users(users, columns, paging)}


def _request(search: dict[str, Any]) -> Request:
    """The groups and the paging of a search, read as those of a report."""
    keys = [key.name for key in keys_of(UserFilter).values()]
    groups = {key: search[key] for key in keys if search.get(key) is not None}
    paging = key_name(Request, "paging")
    payload = {**_LISTED, **({paging: search[paging]} if paging in search else {})}
    if groups:
        payload[key_name(Request, "report")] = {key_name(ReportFilter, "users"): groups}
    try:
        return read(payload)
    except PayloadError as error:
        raise QueryError(str(error)) from None
