"""The owners that `owned_by` takes: ids, e-mail addresses, or conditions on users."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from leadquery.errors import Misuse, QueryError, UsageError
from leadquery.expr._guards import misplaced_message, position_of
from leadquery.expr.predicate import OtherOwners
from leadquery.expr.user_field import Attribute, UserPredicate, one_condition
from leadquery.wire.enums import SEPARATOR, UserOperator

if TYPE_CHECKING:
    from leadquery.expr.predicate import Condition

_EQUAL: Final = UserOperator.EQUAL.token

_ID_CHARACTERS: Final = frozenset("0123456789_")
"""Characters of ids that names of persons do not have."""


def parse_owners(owners: tuple[object, ...]) -> UserPredicate | list[Condition]:
    """The condition on users with one of the ids or addresses, or the conditions that are given."""
    if not owners:
        raise QueryError("owned_by() names no user; give it ids, e-mail addresses or conditions")
    ids: dict[str, None] = {}
    addresses: dict[str, None] = {}
    conditions: list[Condition] = []
    for owner in owners:
        if isinstance(owner, str) and owner.strip():
            if "@" in owner:
                addresses[owner] = None
            elif _is_name(owner):
                raise _owner_name_error(owner, owners)
            else:
                ids[owner] = None
        elif isinstance(owner, (UserPredicate, OtherOwners)):
            conditions.append(owner)
        else:
            ids[_user_id(owner, owners)] = None
    if conditions and (ids or addresses):
        raise QueryError(
            "owned_by takes ids and addresses, or conditions, not both; write a second owned_by"
        )
    if conditions:
        return conditions
    if not addresses:
        return _in_list("UserID", ids)
    by_address = _in_list("EmailAddress", addresses)
    return _in_list("UserID", ids) | by_address if ids else by_address


def _user_id(owner: object, owners: tuple[object, ...]) -> str:
    """The id of a user of the account."""
    from leadquery.users import User

    if isinstance(owner, User) and owner.id:
        return owner.id
    raise _owner_error(owner, owners)


def _is_name(owner: str) -> bool:
    """Whether a text is more likely the name of a person than an id.

    An id is one word with a digit or an underscore, such as a GUID.
    """
    if SEPARATOR in owner:
        # Several ids have an error of their own; "Smith, Ann" is one name.
        return any(map(_is_name, map(str.strip, owner.split(SEPARATOR))))
    return len(owner) > 1 and (_ID_CHARACTERS.isdisjoint(owner) or len(owner.split()) > 1)


def _owner_name_error(owner: str, owners: tuple[object, ...]) -> QueryError:
    may_be_id = SEPARATOR not in owner
    by_id = f', or users.Attribute("UserID") == {owner!r} if it is an id' if may_be_id else ""
    return QueryError(
        f"owned_by takes ids or e-mail addresses, but {owner!r} looks like a name; write the "
        f"address, or owned_by(client.find_user({owner!r})) to look it up{by_id}",
        _misuse(owner, owners),
    )


def _owner_error(owner: object, owners: tuple[object, ...]) -> QueryError:
    """The error for an argument that is not an owner."""
    misuse = _misuse(owner, owners)
    message = misplaced_message(owner)
    if message is not None:
        return UsageError(message, misuse)
    if isinstance(owner, (list, tuple, set, frozenset)):
        return QueryError("owned_by takes owners one by one; write owned_by(*owners)", misuse)
    expected = "ids or e-mail addresses"
    if not isinstance(owner, str):
        expected = f"{expected} as text, or user conditions"
    return QueryError(f"owned_by takes {expected}, not {owner!r}", misuse)


def _misuse(owner: object, owners: tuple[object, ...]) -> Misuse:
    return Misuse("not an owner", value=owner, position=position_of(owner, owners))


def _in_list(attribute: str, values: Collection[str]) -> UserPredicate:
    """Users with one of several ids or addresses, which the API takes comma-joined."""
    value = SEPARATOR.join(values)
    if value.count(SEPARATOR) == len(values) - 1:
        return one_condition(attribute, _EQUAL, value)
    # Some value contains a comma, which is_in rejects.
    return Attribute(attribute).is_in(values)
