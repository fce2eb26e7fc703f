"""What stands where no such thing belongs, and warnings at the line that brought them about."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterable, Mapping, Sequence
from types import FrameType, MethodType
from typing import Any, Final

from leadquery._explain.aliases import KEYWORD_ALIASES
from leadquery.errors import QueryError, UsageError
from leadquery.expr._guards import NotBoolean
from leadquery.expr._misuse import E, Misuse, explain

_ALONE: Final = ("where", "count", "describe")
"""The methods of a query that are called with nothing."""


def warn_user(text: str, category: type[Warning] = UserWarning) -> None:
    """Warn of something at the line outside this package that brought it about."""
    depth, frame = 1, sys._getframe()
    while frame.f_back is not None and _is_ours(frame):
        depth, frame = depth + 1, frame.f_back
    warnings.warn(text, category, stacklevel=depth)


def _is_ours(frame: FrameType) -> bool:
    # Code that is run by `exec` may have no name.
    return str(frame.f_globals.get("__name__")).startswith("leadquery.")


def not_a_condition_error(value: object, given: Sequence[object] = ()) -> UsageError:
    """The error for what `where`, or a sign, was given in place of a condition, among others."""
    return misplaced_error(UsageError(misplaced_field_error(value) or _given(value)), value, given)


def misplaced_error(error: E, value: object, given: Sequence[object] = ()) -> E:
    """The error of a call that was given what does not belong there, among others."""
    place = next((at for at, one in enumerate(given) if one is value), 0)
    return explain(error, Misuse("given", value=value, argument=place))


def wrong_call_error(text: str) -> UsageError:
    """The error of a call that was given more, less, or under other names than it takes."""
    return explain(UsageError(text), Misuse("called"))


def keyword_error(
    method: str, given: Mapping[str, object], live: object, names: Mapping[str, str], other: str
) -> UsageError:
    """The error for conditions that were written as keywords.

    `names` leads from what people may write, as `same_letters` leaves it, to how a word is
    written; `other` is how one is written that nobody knows.
    """
    from leadquery._util.suggest import closest_match, normalize_name
    from leadquery._util.text import safe_repr

    name, value = next(iter(given.items()))
    said, (field, _, way) = safe_repr(value), name.partition("__")
    letters = normalize_name(field)
    word, near = names.get(letters), closest_match(letters, names)
    meant = _comparison(word or other.format(field), way, value, said)
    hint = f"write {meant}"
    if near and not word:
        hint = f"did you mean {_comparison(near, way, value, said)}? else {hint}"
    error = UsageError(f"{method} takes conditions, and {name}={said} is none; {hint}")
    return explain(error, Misuse("keywords", live, name))


def _comparison(field: str, way: str, value: object, said: str) -> str:
    """What a keyword means, as it is written here."""
    sign = KEYWORD_ALIASES.get(way, "" if way else "==")
    if sign == "==" and type(value) in (list, tuple, set, frozenset):
        sign = "is_in" if value else ""
    if sign == "has_no_data" or (sign == "==" and (value is None or said == "''")):
        return f"{field}.{'has_data' if value is False else 'has_no_data'}()"
    if not sign:
        return f"a condition on {field}"
    return f"{field}.{sign}({said})" if sign.isidentifier() else f"{field} {sign} {said}"


def comparison_error(slip: UsageError, word: object) -> UsageError:
    """The error of a comparison with nothing, or with a field, told at the line that makes it."""
    return explain(slip, Misuse("compared", word))


def misplaced_field_error(value: object) -> str | None:
    """Where a word or a condition belongs, for one that stands in the wrong place."""
    # What a thing says of its class would be its own code.
    asked = issubclass(type(value), NotBoolean)
    text = value._slips.elsewhere if asked else None  # type: ignore[attr-defined]
    return None if text is None else text.format(value)


def uncalled_error(given: object, door: str) -> UsageError | None:
    """The error for a method of a question that was given in place of what it returns."""
    if type(given) is not MethodType or not isinstance(given.__self__, NotBoolean):
        return None
    name = given.__name__
    asks = door not in ("check", "from_payload") and name.startswith("to_")
    alone = name in _ALONE or name.startswith("to_")
    meant = "give it the query" if asks else f"call it: .{name}({'' if alone else '...'})"
    error = UsageError(f"{door} was given the method .{name} itself; {meant}")
    return explain(
        error, Misuse("uncalled", name="ask" if asks else "call", near=name if alone else None)
    )


def unsendable_error(text: str, given: object, door: str) -> QueryError:
    """The error for what a client cannot send: a method, a payload, what is unfinished."""
    event = (
        Misuse("uncalled", name="ask") if issubclass(type(given), (dict, str)) else Misuse("called")
    )
    return uncalled_error(given, door) or explain(QueryError(text), event)


def _given(value: Any) -> str:
    kind = type(value)
    if kind is bool:
        return (
            f"where({value}) holds a Python bool, not a condition: two things were compared that "
            "are no field of leadquery.fields, or a field with a value by `is`, `in` or `not`"
        )
    if issubclass(kind, str):
        said = str.__getitem__(value, slice(60))
        return f"where({said!r}) holds a text; write the condition in Python: where(Score < 5)"
    if issubclass(kind, Iterable) and not issubclass(kind, (NotBoolean, Mapping, bytes)):
        return "where takes conditions one by one; write where(*conditions)"
    return f"where() takes conditions such as Score < 5, not {type(value).__name__}"
