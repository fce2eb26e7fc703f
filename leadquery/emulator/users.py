"""The users of the mock API: their ids, what lists show of them, and their advanced search.

The body of a search has the groups of conditions of a user filter, columns and paging. The wording
of errors is that of live responses, as far as it was seen.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from leadquery._util.text import describe_json
from leadquery.errors import PayloadError, QueryError
from leadquery.fields import OwnerId, OwnerIdEmailAddress, OwnerIdName, ProspectID
from leadquery.lint.check import read
from leadquery.query.leads import Leads
from leadquery.users import STANDARD, User, UserID
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

if TYPE_CHECKING:
    from leadquery.emulator.executor import Database

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


OwnerText = Callable[[Mapping[str, str]], str | None]
"""Makes a text of the owner of a lead."""

OWNER_COLUMNS: Final[dict[str, OwnerText]] = {
    OwnerIdName.name: lambda owner: User(owner).name,
    OwnerIdEmailAddress.name: lambda owner: User(owner).email,
}
"""The columns that the API makes of the owner of a lead."""


def with_user_ids(users: Iterable[Any]) -> Iterator[Any]:
    """The users, each with its id under the name that conditions use.

    Raises QueryError after the last one if none has an id, because they would own no lead.
    """
    names: dict[str, None] = {}
    for user in users:
        if not isinstance(user, Mapping):
            yield user
            continue
        names.update(dict.fromkeys(user))
        ids = (user[name] for name in (UserID.name, *USER_IDS) if user.get(name))
        yield {**user, UserID.name: next(ids, None)}
    if names and names.keys().isdisjoint(USER_IDS):
        found = ", ".join(map(describe_json, [*names][:_MAX_NAMED]))
        others = " or ".join(map(repr, USER_IDS[:2]))
        raise QueryError(
            f"the users have no id, only {found}; write the id that leads have as "
            f"{OwnerId.name!r} under {UserID.name!r}, or under {others}"
        )


_MAX_NAMED: Final = 5
"""How many names a message lists."""
