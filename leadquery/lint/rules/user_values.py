"""LQ312, LQ313: the values of a user condition, and how they are separated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from leadquery._util.text import describe_json, nearest_option
from leadquery.lint.diagnostics import Fix, ParsedObject, Path, RawDiagnostic
from leadquery.lint.rules import Certainty, Rule, Severity, checks
from leadquery.lint.rules.combinations import DUPLICATE
from leadquery.lint.rules.examples import user_conditions
from leadquery.users import (
    ROLES,
    STATUSES,
    EmailAddress,
    ManagerUserId,
    Role,
    StatusCode,
    TeamId,
    UserID,
)
from leadquery.wire.enums import SEPARATOR, UserOperator
from leadquery.wire.model import UserCondition
from leadquery.wire.types import BLANKS

USER_LIST_FORMAT: Final = Rule(
    code="LQ312",
    name="user-list-format",
    severity=Severity.WARNING,
    title="spaces, an empty value or another separator in a list for users",
    rationale="Only commas separate values; a space may be read as part of a value.",
    spec_section="User Filter",
    certainty=Certainty.INFERRED,
    bad=user_conditions('{"LookupName": "UserID", "Operator": "eq", "LookupValue": "u1, u2"}'),
    good=user_conditions('{"LookupName": "UserID", "Operator": "eq", "LookupValue": "u1,u2"}'),
)

UNKNOWN_USER_VALUE: Final = Rule(
    code="LQ313",
    name="unknown-user-value",
    severity=Severity.WARNING,
    title="a value that the attribute of a user does not have",
    rationale="Such a condition matches nobody, and the report is empty.",
    spec_section="User Filter",
    certainty=Certainty.INFERRED,
    bad=user_conditions('{"LookupName": "StatusCode", "Operator": "eq", "LookupValue": "Active"}'),
    good=user_conditions('{"LookupName": "StatusCode", "Operator": "eq", "LookupValue": "0"}'),
)

_IDS: Final = frozenset(one.name for one in (UserID, EmailAddress, TeamId, ManagerUserId))
"""Attributes with values without spaces, commas and semicolons in them."""

_PLAIN: Final = _IDS | {Role.name, StatusCode.name}
"""Attributes with values without commas, and without spaces around them."""

_QUOTES: Final = f"{BLANKS}'\"()[]"

# As mail programs copy addresses: Ann Lee <ann@example.com>; Bob Ray <bob@example.com>
_find_addresses = re.compile(r"<([^<>\s]+@[^<>\s]+)>").findall

_find_entries = re.compile(r"[^\s,;|]+").findall

# The names of a person have none of these.
_is_of_id = re.compile(r"[@_0-9]").search


def _values(name: str, text: str) -> list[str]:
    """The different values of a text; ids and addresses also as other programs list them."""
    if name in _IDS:
        entries = _find_addresses(text) or _find_entries(text)
        values = _distinct([entry.strip(_QUOTES) for entry in entries])
        if all(map(_is_of_id, values)):
            return values
    return _distinct(_parts(text))


def _parts(text: str) -> list[str]:
    return [part.strip(BLANKS) for part in text.split(SEPARATOR)]


def _distinct(parts: list[str]) -> list[str]:
    return [*dict.fromkeys(filter(None, parts))]


_is_plain_list = re.compile(r"[\w@.+-]+(?:,[\w@.+-]+)*").fullmatch
"""Whether values are separated by commas alone. It is fast, because most are."""


def _may_be_unfit(name: str, operator: str, value: str) -> bool:
    if operator != UserOperator.EQUAL.token:
        return False
    is_plain = _is_plain_list(value)
    values = value.split(SEPARATOR) if is_plain else _values(name, value)
    is_odd = len({*values}) < len(values) if is_plain else SEPARATOR.join(values) != value
    return is_odd or any(_is_unfit(name, one) for one in values)


def _is_unfit(name: str, value: str) -> bool:
    """Whether an attribute surely does not have a value."""
    match name:
        case StatusCode.name:
            return value not in STATUSES
        case Role.name:
            return value not in ROLES and nearest_option(value, ROLES) is not None
        case UserID.name:
            return "@" in value
        case EmailAddress.name:
            return "@" not in value
    return False


@checks(UserCondition, when=_may_be_unfit)
def check_user_values(node: ParsedObject) -> Iterator[RawDiagnostic]:
    """How the values of a condition are separated, and those that its attribute does not have."""
    name, text = node.value.name, node.value.value
    values = _values(name, text)
    if SEPARATOR.join(values) != text:
        yield _odd_list(name, text, values, node.at("value"))
    unfit = [one for one in values if _is_unfit(name, one)]
    if unfit:
        yield from _unknown_values(node, values, unfit)


def _odd_list(name: str, text: str, values: list[str], path: Path) -> RawDiagnostic:
    """Values that are not separated by commas alone, or one of them twice."""
    written, parts = text.split(SEPARATOR), _parts(text)
    if not values:
        return RawDiagnostic(USER_LIST_FORMAT, path, "the list has no value", "write a value")
    corrected = SEPARATOR.join(values)
    by_commas = _distinct(parts) == values
    if by_commas and parts == written and "" not in parts:
        repeated = next(part for part in parts if parts.count(part) > 1)
        message = f"duplicate value {describe_json(repeated)}"
        fix = Fix.write(path, corrected, safe=True)
        return RawDiagnostic(DUPLICATE, path, message, "name it once", fix)
    hint = "separate the values by commas only"
    if not by_commas:
        message = "other signs than commas in the list"
    elif "" in parts:
        message = "empty value in the list"
    elif len(parts) > 1:
        message = "spaces in the list"
    else:
        message, hint = "spaces around the value", f"write {describe_json(corrected)}"
    fix = Fix.write(path, corrected, safe=by_commas and name in _PLAIN)
    return RawDiagnostic(USER_LIST_FORMAT, path, message, hint, fix)


def _unknown_values(
    node: ParsedObject, values: list[str], unfit: list[str]
) -> Iterator[RawDiagnostic]:
    """Ids or addresses under the name of the other, and values that are not in a fixed list."""
    name, path = node.value.name, node.at("value")
    if name in _IDS:
        yield _other_attribute(node, unfit[0], all_of_them=len(unfit) == len(values))
        return
    known = {one: _known_value(name, one) for one in unfit}
    corrected = SEPARATOR.join(_distinct([known.get(one) or one for one in values]))
    for value, right in known.items():
        message = f"{describe_json(value)} is not a value of {name!r}"
        if right is None:
            meanings = (f"{token!r} for {label}" for token, label in STATUSES.items())
            hint = f"write {' or '.join(meanings)}"
            yield RawDiagnostic(UNKNOWN_USER_VALUE, path, message, hint)
        else:
            fix = Fix.write(path, corrected, safe=name == StatusCode.name)
            yield RawDiagnostic(UNKNOWN_USER_VALUE, path, message, f"write {right!r}", fix)


def _other_attribute(node: ParsedObject, value: str, *, all_of_them: bool) -> RawDiagnostic:
    path, address = node.at("value"), EmailAddress.name
    if node.value.name == address:
        message = f"{describe_json(value)} is not an e-mail address"
        hint = f"write a whole address, or compare {UserID.name!r} with an id"
        return RawDiagnostic(UNKNOWN_USER_VALUE, path, message, hint)
    message = f"{describe_json(value)} is an e-mail address, not an id"
    if not all_of_them:
        hint = f"write it in a condition on {address!r}"
        return RawDiagnostic(UNKNOWN_USER_VALUE, path, message, hint)
    fix = Fix.write(node.at("name"), address, safe=False)
    return RawDiagnostic(UNKNOWN_USER_VALUE, path, message, f"compare {address!r} with it", fix)


def _known_value(name: str, value: str) -> str | None:
    """The value of a fixed list that a text stands for."""
    if name == Role.name:
        return nearest_option(value, ROLES)
    return next((one for one, label in STATUSES.items() if label == value.casefold()), None)
