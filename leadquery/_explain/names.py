"""Messages for names that a module or a query does not have: what to write instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from leadquery._explain.aliases import (
    FIELD_ALIASES,
    LIMIT_METHODS,
    QUERY_ALIASES,
    SORT_METHODS,
    STATISTICS,
    TOP_LEVEL_ALIASES,
    UNSUPPORTED_METHODS,
    counted_days,
)
from leadquery._explain.members import Improved
from leadquery._util.text import corrected_name, normalize_name
from leadquery.errors import Misuse
from leadquery.expr.registry import FIELDS, name_index
from leadquery.unknown_names import HOW_TO, LOCAL_METHODS


def improve_module_attribute(_message: str, misuse: Misuse) -> Improved:
    """The message for a name that a module of this package does not have."""
    lookup: Any = misuse.value  # A NameLookup.
    if lookup.module == "leadquery":
        lookup = lookup._replace(names=TOP_LEVEL_ALIASES | lookup.names)
    if lookup.module == "leadquery" and misuse.name in (*STATISTICS, "avg", "mean", "sum"):
        method = STATISTICS.get(misuse.name) or FIELD_ALIASES.get(misuse.name, misuse.name)
        lookup = lookup._replace(
            names={}, advice=f"aggregates are methods of fields: Score.{method}()"
        )
    if lookup.module == "leadquery" and misuse.name in SORT_METHODS:
        lookup = lookup._replace(
            names={}, advice="write it behind what the rows are sorted by: count().desc()"
        )
    if lookup.module == "leadquery.periods" and (days := counted_days(misuse.name)):
        lookup = lookup._replace(advice=f"that is last_days({days})")
    if lookup.module == "leadquery.users" and normalize_name(misuse.name) in _WHOLE_NAMES:
        lookup = lookup._replace(names={}, advice=_NAME_PARTS)
    message, suggestion = lookup.message(misuse.name)
    return message, Misuse(misuse.kind, name=misuse.name, value=lookup, suggestion=suggestion)


_WHOLE_NAMES: Final = ("name", "fullname", "displayname", "username", "ownername")
_NAME_PARTS: Final = (
    'users have a first and a last name: owned_by(users.FirstName == "Ann", '
    'users.LastName == "Lee")'
)


def improve_query_attribute(message: str, misuse: Misuse) -> Improved:
    """A method that a query has under another name, or not at all, or a field."""
    query, name, methods = misuse.target, misuse.name, misuse.value
    folded, letters = name.casefold(), normalize_name(name)
    if folded in LIMIT_METHODS and hasattr(type(query), "limit"):
        message = f"a query has no .{name}; write .limit(10)"
        return message, Misuse(misuse.kind, query, name)
    if folded in UNSUPPORTED_METHODS:
        message = f"a query has no .{name}: {UNSUPPORTED_METHODS[folded]}"
        return message, Misuse(misuse.kind, query, name)
    known = {method: method for method in methods}  # type: ignore[attr-defined]
    aliases = {alias: one for alias, one in QUERY_ALIASES.items() if one in known} | known
    near = corrected_name(name, known) or corrected_name(name, aliases)
    index = name_index(FIELDS.all())
    field_like = name[0].isupper() or name.startswith("mx_")
    if (letters in index and name not in QUERY_ALIASES) or (field_like and near is None):
        return _field_as_method(misuse, index)
    if near is not None:
        message = f"a query has no .{name}; did you mean .{near}?"
        if near == "aggregate" or near in LOCAL_METHODS:
            message += f" {HOW_TO[0].upper()}{HOW_TO[1:]}"
    return message, Misuse(misuse.kind, query, name, suggestion=near)


def _field_as_method(misuse: Misuse, index: Mapping[str, str]) -> Improved:
    """A field that was looked up on a query."""
    name, letters = misuse.name, normalize_name(misuse.name)
    field, near = index.get(letters), corrected_name(letters, index)
    hint = f"write from leadquery.fields import {field}"
    if field is None:
        custom = f"a field of your own account is written Field({name!r})"
        hint = f"did you mean {near} of leadquery.fields? {custom}" if near else custom
    message = f"a query has no .{name}: fields are not attributes of queries; {hint}"
    return message, Misuse("field as method", misuse.target, name, suggestion=field)
