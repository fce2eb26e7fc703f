"""The lead fields and the users of the account, which its ordinary API host has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leadquery.client.deadline import Deadline
from leadquery.client.transport import Transport
from leadquery.errors import InvalidResponseError, QueryError
from leadquery.fields import OwnerId, OwnerIdName
from leadquery.result import Row
from leadquery.users import FirstName, LastName
from leadquery.wire.enums import FIELDS_PATH, USER_IDS, USERS_PATH


def fetch_lead_fields(transport: Transport, host: str | None) -> list[dict[str, Any]]:
    """The lead fields of the account. Raises ApiError, and QueryError for an invalid host."""
    from leadquery.lint.catalog import FieldCatalog

    fields: list[dict[str, Any]] = transport.fetch_json(FIELDS_PATH, host=host)
    try:
        FieldCatalog.of(fields)
    except QueryError as error:
        reason = str(error)
    else:
        return fields
    raise InvalidResponseError(
        f"{transport!r}: the response is not a list of lead fields: {reason}",
        "write host= with the ordinary API host of the account, as in 'api.example.com'",
    )


def fetch_users(
    transport: Transport, host: str | None, deadline: Deadline | None = None
) -> list[dict[str, Any]]:
    """The users of the account. Raises ApiError, and QueryError for an invalid host."""
    users: list[dict[str, Any]] = transport.fetch_json(USERS_PATH, host=host, deadline=deadline)
    is_list = isinstance(users, list) and all(isinstance(user, dict) for user in users)
    if is_list and all(user_id(user) for user in users):
        return users
    raise InvalidResponseError(
        f"{transport!r}: the response is not a list of users with their ids",
        "write api_host= with the ordinary API host of the account, as in 'api.example.com'",
    )


def add_owner_names(rows: list[Row], users: list[dict[str, Any]]) -> list[Row]:
    """Rows with the name of their owner after its id; None for a user that is not in the list."""
    names = {user_id(user).casefold(): user_name(user) for user in users}
    named: list[Row] = []
    for row in rows:
        values: Row = {}
        for column, value in row.items():
            values[column] = value
            if column == OwnerId.name:
                values[OwnerIdName.name] = names.get(str(value).casefold())
        named.append(values)
    return named


def user_name(user: Mapping[str, Any]) -> str | None:
    """The first and the last name of a user, as far as they are known."""
    parts = (user.get(attribute.name) for attribute in (FirstName, LastName))
    known = [part.strip() for part in parts if isinstance(part, str) and part.strip()]
    return " ".join(known) or None


def user_id(user: Mapping[str, Any]) -> str:
    """The id of a user, under whichever name; empty if there is none."""
    return next((user[name] for name in USER_IDS if isinstance(user.get(name), str)), "")
