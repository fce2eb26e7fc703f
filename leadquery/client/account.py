"""The lead fields and the users of the account, which its ordinary API host has.

`Account` has the methods of a client for them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final
from unicodedata import normalize

from leadquery.client.deadline import Deadline
from leadquery.client.options import parse_origin
from leadquery.client.transport import Transport
from leadquery.errors import InvalidResponseError, QueryError, check_call
from leadquery.expr._guards import ExplainedMembers
from leadquery.expr.user_field import UserPredicate, to_model
from leadquery.fields import OwnerId, OwnerIdName
from leadquery.result import Row
from leadquery.users import EmailAddress, FirstName, LastName, Role, StatusCode, User, UserID
from leadquery.wire.enums import (
    FIELDS_PATH,
    INCLUDED_COLUMNS,
    LISTED_USERS,
    SEARCH_COLUMNS,
    SEPARATOR,
    USER_SEARCH_PATH,
    USERS_PATH,
    USERS_PER_PAGE,
)
from leadquery.wire.model import Paging, Request
from leadquery.wire.schema import key_name
from leadquery.wire.serializer import to_payload


class Account(ExplainedMembers):
    """The methods of a client for the lead fields and the users of the account."""

    _transport: Transport
    _api_host: str | None
    _users: dict[str | None, list[User]]

    @check_call
    def lead_fields(self, host: str | None = None) -> list[dict[str, Any]]:
        """The lead fields of the account, for `check(payload, fields=…)`.

        The account's ordinary API host has them. If that is not the host for reports (api instead
        of analyticsapi), pass it as `host`, or to the client as `api_host`; it gets the keys, too.

        Raises QueryError for an invalid host, and the ApiErrors of `leadquery.errors`.
        (Vendor's page: Get Metadata of Lead Fields)

        >>> from leadquery import Client, check
        >>> from leadquery.emulator import Emulator
        >>> client = Client("api.example.com", "key", "secret", Emulator.demo(9).session())
        >>> payload = {"Output": {"Type": "list", "IncludeCSV": "mx_Deal_Valu"}}
        >>> report = check(payload, fields=client.lead_fields())
        >>> "LQ601" in [diagnostic.code for diagnostic in report]
        True
        """
        return fetch_lead_fields(self._transport, self._api_host if host is None else host)

    @check_call
    def users(
        self,
        host: str | None = None,
        *,
        where: UserPredicate | None = None,
        refresh: bool = False,
    ) -> list[User]:
        """The users of the account, or those that meet a condition.

        Each is a mapping of what the API returns, with `id`, `name`, `email`, `role` and
        `is_active`. They are read once, and again with `refresh`. Those that meet a condition, as
        `owned_by` takes it, are searched for at each call. `host` is as in `lead_fields`.

        Raises QueryError for an invalid host or condition, and the ApiErrors of
        `leadquery.errors`. (Vendor's pages: Get Users, User Advanced Search)

        >>> from leadquery import Client, users
        >>> from leadquery.emulator import Emulator
        >>> client = Client("api.example.com", "key", "secret", Emulator.demo(9).session())
        >>> client.users()[0].name, client.users()[0]["FirstName"]
        ('Aarav Roy', 'Aarav')
        >>> len(client.users()), len(client.users(where=users.Role == "Sales_Manager"))
        (12, 2)
        """
        host = self._api_host if host is None else host
        if where is not None:
            return search_users(self._transport, host, where)
        if refresh or host not in self._users:
            self._users[host] = fetch_users(self._transport, host)
        return [*self._users[host]]

    @check_call
    def find_user(self, user: str) -> User:
        """The user with a name, an e-mail address or an id, for `owned_by`.

        The case of letters makes no difference. A user who is not among those that were read is
        looked for once more.

        Raises QueryError if no user is called so, with the nearest, or if several are, with the
        address and the id of each; and the ApiErrors of `leadquery.errors`.

        >>> from leadquery import Client, Leads
        >>> from leadquery.emulator import Emulator
        >>> client = Client("api.example.com", "key", "secret", Emulator.demo(9).session())
        >>> aarav = client.find_user("aarav roy")
        >>> aarav.email
        'aarav.roy@example.com'
        >>> client.count(Leads.owned_by(aarav)) == client.count(Leads.owned_by(aarav.email))
        True
        """
        is_known = self._api_host in self._users
        try:
            return find_user(user, self.users())
        except QueryError:
            if not is_known:
                raise
        return find_user(user, self.users(refresh=True))


def fetch_lead_fields(transport: Transport, host: str | None) -> list[dict[str, Any]]:
    """The lead fields of the account. Raises ApiError, and QueryError for an invalid host."""
    from leadquery.lint.catalog import FieldCatalog

    fields: list[dict[str, Any]] = transport.fetch_json(_url(transport, host, FIELDS_PATH))
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
) -> list[User]:
    """The users of the account. Raises ApiError, and QueryError for an invalid host."""
    url = _url(transport, host, USERS_PATH)
    return _parse_users(transport, transport.fetch_json(url, deadline))


def search_users(transport: Transport, host: str | None, condition: object) -> list[User]:
    """The users that meet a condition. Raises as `fetch_users` does."""
    if not isinstance(condition, UserPredicate):
        raise QueryError(
            f"users(where=...) takes a condition on users, not {condition!r}; write "
            'where=users.Role == "Sales_User"'
        )
    search = {
        SEARCH_COLUMNS: {INCLUDED_COLUMNS: SEPARATOR.join(_ATTRIBUTES)},
        **to_payload(to_model(condition)),
    }
    url, deadline = _url(transport, host, USER_SEARCH_PATH), transport.start_deadline()
    found: dict[str, User] = {}
    page, is_last = 0, False
    while not is_last:
        page += 1
        paging = {key_name(Request, "paging"): to_payload(Paging(page, USERS_PER_PAGE))}
        payload = json.dumps({**search, **paging})
        response = transport.fetch_json(url, deadline, payload)
        # Where nothing is found, the list may be left out.
        listed = response.get(LISTED_USERS, ()) if isinstance(response, dict) else response
        users = _parse_users(transport, listed or [])
        new = {user.id: user for user in users if user.id not in found}
        found |= new
        is_last = len(users) < USERS_PER_PAGE or not new
    return [*found.values()]


def _url(transport: Transport, host: str | None, path: str) -> str:
    """The address of a path, on another host of the account if one is given."""
    return (transport.origin if host is None else parse_origin(host)) + path


_ATTRIBUTES: Final = tuple(
    attribute.name for attribute in (UserID, FirstName, LastName, EmailAddress, Role, StatusCode)
)
"""What `User` needs. Some other attributes make the search fail."""


def _parse_users(transport: Transport, users: Any) -> list[User]:
    is_list = isinstance(users, list) and all(isinstance(user, dict) for user in users)
    parsed = [User(user) for user in users] if is_list else []
    if is_list and all(user.id for user in parsed):
        return parsed
    raise InvalidResponseError(
        f"{transport!r}: the response is not a list of users with their ids",
        "write api_host= with the ordinary API host of the account, as in 'api.example.com'",
    )


_CUTOFF: Final = 0.8
"""The similarity of texts for a suggestion."""

MAX_NEAREST: Final = 5
"""The most users that an error names."""


def find_user(text: object, users: Sequence[User]) -> User:
    """The only user with a name, an e-mail address or an id, whatever the case of its letters.

    Raises QueryError if there is none or several, which names the nearest or all.
    """
    if not isinstance(text, str) or not text.strip():
        raise QueryError(f"find_user takes a name, an e-mail address or an id, not {text!r}")
    last, _, first = _fold(text).partition(SEPARATOR)
    # Lists often have names as "Rao, Anita".
    forms = {_fold(text), _fold(f"{first} {last}")}
    found = [user for user in users if not forms.isdisjoint(_keys(user))]
    if len(found) == 1:
        return found[0]
    if found:
        raise QueryError(
            f"{len(found)} users are called {text!r}; write the e-mail address or the id of one: "
            f"{_list_users(found)}"
        )
    nearest = _nearest(_fold(text), users)
    hint = f"the nearest are {_list_users(nearest)}" if nearest else "client.users() lists them"
    if len(nearest) == 1:
        hint = f"did you mean {nearest[0]}?"
    raise QueryError(f"none of the {len(users):,} users is called {text!r}; {hint}")


def matching_users(text: str, users: Iterable[User]) -> list[User]:
    """The users with all words of a text in their name, e-mail address or id."""
    words = _fold(text).replace(SEPARATOR, " ").split()
    return [user for user in users if all(word in " ".join(_keys(user)) for word in words)]


def _nearest(text: str, users: Sequence[User]) -> list[User]:
    """The users that a text may mean: by all its words, or else by its spelling."""
    from difflib import get_close_matches

    keys = {key for user in users for key in _keys(user)}
    close = get_close_matches(text, sorted(keys), MAX_NEAREST, _CUTOFF)
    alike = (user for key in close for user in users if key in _keys(user))
    return matching_users(text, users) or [*dict.fromkeys(alike)]


def _keys(user: User) -> list[str]:
    return [_fold(text) for text in (user.name, user.email, user.id) if text]


def _fold(text: str) -> str:
    """A text without regard to case, and to the number of blanks."""
    return " ".join(normalize("NFKC", text).casefold().split())


def _list_users(users: Sequence[User]) -> str:
    listed = [f"{user}{' inactive' if user.is_active is False else ''}" for user in users]
    more = len(users) - MAX_NEAREST
    return ", ".join(listed[:MAX_NEAREST]) + (f" and {more:,} more" if more > 0 else "")


def add_owner_names(rows: list[Row], users: list[User]) -> list[Row]:
    """Rows with the name of their owner after its id; None for a user that is not in the list."""
    names = {user.id.casefold(): user.name for user in users}
    named: list[Row] = []
    for row in rows:
        values: Row = {}
        for column, value in row.items():
            values[column] = value
            if column == OwnerId.name:
                values[OwnerIdName.name] = names.get(str(value).casefold())
        named.append(values)
    return named
