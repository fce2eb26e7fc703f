"""Messages for wrong arguments: what to write instead."""

from __future__ import annotations

import ast
import inspect
import operator
import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import date
from itertools import permutations
from typing import Any, Final, NamedTuple

from leadquery._explain.aliases import CLIENT_ALIASES, CLIENT_OPTIONS, KEYWORD_ALIASES
from leadquery._explain.members import Improved, improve_field_attribute, improve_member
from leadquery._explain.names import improve_module_attribute, improve_query_attribute
from leadquery._util.text import (
    closest_match,
    corrected_name,
    normalize_name,
    python_literal,
    safe_repr,
)
from leadquery.errors import Misuse, QueryError
from leadquery.expr._guards import CONDITION, FIELD, NotBoolean, misplaced_message
from leadquery.expr.registry import ATTRIBUTES, FIELDS, name_index
from leadquery.periods import zone
from leadquery.query.base import page_number
from leadquery.wire.model import FIRST_PAGE, Paging
from leadquery.wire.schema import keys_of

_LISTS: Final = (list, tuple, set, frozenset)

_TIME_ZONE_NAMES: Final = ("timezone", "time_zone", "zone", "tzinfo")


class Call(NamedTuple):
    """A call whose arguments do not fit the function."""

    function: Callable[..., object]
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]


def improve_message(message: str, misuse: Misuse) -> Improved:
    """The message with advice that needs more than the error itself, and the misuse it is about."""
    rule = _RULES.get(misuse.kind)
    return (message, misuse) if rule is None else rule(message, misuse)


def _wrong_call(_message: str, misuse: Misuse) -> Improved:
    call = Call(*misuse.value)  # type: ignore[misc]
    if misuse.name in ("where", "owned_by"):
        return _keyword(call, misuse.name)
    if call.function.__module__.startswith("leadquery.periods"):
        return _period_call(call), misuse
    rule = _CALLS.get(misuse.name, _signature)
    return rule(call), misuse


def _signature(call: Call) -> str:
    signature = inspect.signature(call.function)
    is_method = "." in call.function.__qualname__
    parameters = [*signature.parameters.values()][is_method:]
    bare = [parameter.replace(annotation=parameter.empty) for parameter in parameters]
    # A class is called by its own name.
    name = call.function.__qualname__.removesuffix(".__init__").rpartition(".")[2]
    written = f"write {name}{inspect.Signature(bare)}"
    unknown = next((key for key in call.kwargs if key not in signature.parameters), None)
    if unknown is None:
        return f"wrong arguments for {name}; {written}"
    known = {parameter.name: parameter.name for parameter in parameters}
    near = corrected_name("tz" if unknown in _TIME_ZONE_NAMES else unknown, known)
    hint = f"did you mean {near}=? {written}" if near else written
    return f"{name} takes no {unknown}=; {hint}"


def _new_client(_message: str, misuse: Misuse) -> Improved:
    """The arguments of a client. None of them is repeated, because it may be a key."""
    call, name = Call(*misuse.value), misuse.name  # type: ignore[misc]
    unknown = next((key for key in call.kwargs if key not in CLIENT_OPTIONS), None)
    if unknown is None:
        message = f"wrong arguments for {name}; write {name}(host, access_key, secret_key)"
        return f"{message}, and options by name, such as session=...", misuse
    near = corrected_name(unknown, CLIENT_ALIASES | {one: one for one in CLIENT_OPTIONS})
    hint = f"did you mean {near}=?" if near else f"it takes {', '.join(CLIENT_OPTIONS)}"
    if near == "session" and unknown != near:
        hint = "set it on a session of requests: write session=..."
    return f"{name} takes no {unknown}=; {hint}", misuse


def _keyword(call: Call, method: str) -> Improved:
    """Conditions that were written as keywords."""
    if method == "where":
        names, other = name_index(FIELDS.all()), 'Field("{}")'
    else:
        index = name_index(ATTRIBUTES.all())
        names = {letters: f"users.{name}" for letters, name in index.items()}
        other = 'users.Attribute("{}")'
    name, value = next(iter(call.kwargs.items()))
    field, _, lookup = name.partition("__")
    known, near = names.get(normalize_name(field)), closest_match(normalize_name(field), names)
    hint = f"write {_comparison(known or other.format(field), lookup, value)}"
    if near and not known:
        hint = f"did you mean {_comparison(near, lookup, value)}? else {hint}"
    message = f"{method} takes conditions, not keywords such as {name}={safe_repr(value)}; {hint}"
    return message, Misuse("keywords", call.args[0], name)


def _comparison(field: str, lookup: str, value: object) -> str:
    """The condition for a keyword such as `Score__lt=5`."""
    operator, text = KEYWORD_ALIASES.get(lookup, "" if lookup else "=="), safe_repr(value)
    if operator == "==" and type(value) in _LISTS:
        operator = "is_in" if value else ""
    if operator == "has_no_data" or (operator == "==" and (value is None or text == "''")):
        return f"{field}.{'has_data' if value is False else 'has_no_data'}()"
    if not operator:
        return f"a condition on {field}"
    return (
        f"{field}.{operator}({text})" if operator.isidentifier() else f"{field} {operator} {text}"
    )


def _date_range(call: Call) -> str:
    """`created_between` and `modified_between`."""
    name = call.function.__name__
    given, extra = call.args[1:3], call.args[3:]
    wrong = [value for key, value in call.kwargs.items() if key not in ("start", "end", "tz")]
    if len(given) == 1 and not wrong:
        [start] = given
        takes = f"{name} takes a start and an end"
        if isinstance(start, (list, tuple)) and len(start) == 2:
            return f"{takes}; write {name}({', '.join(map(safe_repr, start))})"
        since = f"{name.removesuffix('between')}since(start) for all days from it on"
        return f"{takes}; write {name}(start, start) for one day, or {since}"
    named = [value for value in (*extra, *wrong) if isinstance(value, str) and _is_zone(value)]
    tz = f"tz={named[0]!r}" if named else "tz=..."
    return f"{name} takes a start, an end and tz=; write {name}(start, end, {tz})"


def _is_zone(name: str) -> bool:
    try:
        zone(name)
    except QueryError:
        return False
    return True


def _one_period(call: Call) -> str:
    """`created_in` and `modified_in`."""
    name = call.function.__name__
    between = name.removesuffix("in") + "between"
    return f"{name} takes one period; write {between}(start, end)"


def _page(call: Call) -> str:
    keys = {attribute: keys_of(Paging)[attribute] for attribute in ("index", "size")}
    aliases = {"index": ("index", "number", "n"), "size": ("size", "rows", "count")}
    numbers: dict[str, Any] = dict(zip(("index", "size"), call.args[1:], strict=False))
    for attribute, key in keys.items():
        known = {*aliases[attribute], *map(normalize_name, (key.name, *key.aliases))}
        for name, value in call.kwargs.items():
            if normalize_name(name) in known:
                numbers[attribute] = value
    index = page_number(numbers.get("index"), digits=True) or FIRST_PAGE.index
    size = page_number(numbers.get("size"), digits=True) or FIRST_PAGE.size
    return f"page takes an index and a size; write page({index}, {size})"


def _range(call: Call) -> str:
    field, *given = call.args
    low = given[0] if len(given) == 1 else None
    both = isinstance(low, (list, tuple)) and len(low) == 2
    ends = ", ".join(map(python_literal, low)) if both else "low, high"  # type: ignore[arg-type]
    return f"between takes two ends; write {field!r}.between({ends})"


def _one_list(call: Call) -> str:
    field, *values = call.args
    listed = ", ".join(map(python_literal, values)) or "..."
    return f"is_in takes one list; write {field!r}.is_in([{listed}])"


def _count(call: Call) -> str:
    """`count` of a field: the function, or the method of a query without groups."""
    if (condition := next(filter(_is_condition, call.args), None)) is not None:
        return (
            "count() takes no condition, which belongs in where(...); write "
            f"Leads.where({condition!r}).group_by(...).count(); a share of the leads takes two "
            "queries, or one with the field among its group keys and result.pivot()"
        )
    given = [value for value in call.args if type(value) is str or is_a_field(value)]
    if call.function.__module__ == "leadquery.client.client" or (not given and call.kwargs):
        return _signature(call)
    field = "Score" if not given else given[-1] if type(given[-1]) is str else repr(given[-1])
    return (
        f"count() counts leads, and takes no field; write group_by({field}).count() for each "
        f"value, {field}.count_distinct() for the number of values, or "
        f"where({field}.has_data()) for the leads that have one"
    )


def is_a_field(value: object) -> bool:
    """Whether a value is a field."""
    return issubclass(type(value), NotBoolean) and value._messages is FIELD  # type: ignore[attr-defined]


def _is_condition(value: object) -> bool:
    return issubclass(type(value), NotBoolean) and value._messages is CONDITION  # type: ignore[attr-defined]


def _order_by(_call: Call) -> str:
    return (
        "order_by takes only what the rows are sorted by, and its direction is a method of that; "
        "write order_by(count().desc(), OwnerId)"
    )


def _compare(_call: Call) -> str:
    return (
        "compare takes two periods and the date field that they are about; "
        "write compare(periods.last_month(), periods.this_month(), on=CreatedOn)"
    )


def _period_call(call: Call) -> str:
    """The call with dates as numbers and keywords under their names, if that gives a period."""
    name, parameters = call.function.__name__, inspect.signature(call.function).parameters
    positional = [key for key, one in parameters.items() if one.kind is not one.KEYWORD_ONLY]
    keywords = [key for key in parameters if key not in positional]
    args = [part for value in call.args for part in _date_parts(value, positional)]
    kwargs = {_period_keyword(key, parameters): value for key, value in call.kwargs.items()}
    spare = [kwargs.pop(key) for key in [*kwargs] if key not in parameters]
    spare += args[len(positional) :]
    args = args[: len(positional)]
    args += [kwargs.pop(key) for key in positional[len(args) :] if key in kwargs]
    # A time zone or a weekday cannot be mistaken for another argument.
    places = [key for key in keywords if key != "now" and key not in kwargs]
    for extra in permutations(places, len(spare)):
        named = kwargs | dict(zip(extra, spare, strict=True))
        if _is_period(call.function, args, named):
            written = [*map(safe_repr, args), *(f"{k}={safe_repr(v)}" for k, v in named.items())]
            break
    else:
        written = [*positional, *(f"{key}=..." for key in keywords)]
    return f"wrong arguments for {name}; write {name}({', '.join(written)})"


def _period_keyword(key: str, parameters: Iterable[str]) -> str:
    """The parameter that a keyword such as `y` or `timezone` stands for."""
    if key in _TIME_ZONE_NAMES:
        return "tz"
    if key in ("days", "count"):
        return "n" if "n" in parameters else key
    return next((one for one in parameters if one.startswith(key) or one == key[:-1]), key)


def _is_period(function: Callable[..., object], args: list[Any], kwargs: dict[str, Any]) -> bool:
    try:
        function(*args, **kwargs)
    except (QueryError, TypeError):
        return False
    return True


def _date_parts(value: object, positional: list[str]) -> list[Any]:
    """The numbers of a date or of its text for year(...), month(...) and day(...)."""
    is_date = positional == ["year", "month", "day"][: len(positional)]
    if isinstance(value, date) and is_date:
        return [value.year, value.month, value.day][: len(positional)]
    if isinstance(value, str) and _DATE.fullmatch(value) and (is_date or "-" not in value):
        return [*map(int, value.split("-"))]
    return [value]


_DATE: Final = re.compile(r"[0-9]{4}(-[0-9]{1,2}){0,2}")


_CALLS: Final[dict[str, Callable[[Call], str]]] = {
    "between": _range,
    "compare": _compare,
    "count": _count,
    "created_between": _date_range,
    "created_in": _one_period,
    "is_in": _one_list,
    "modified_between": _date_range,
    "modified_in": _one_period,
    "order_by": _order_by,
    "page": _page,
}
"""The message for a wrong call of each method, by its name."""


def _not_a_condition(message: str, misuse: Misuse) -> Improved:
    value: Any = misuse.value
    if misplaced_message(value) is not None:
        return message, misuse
    if (written := _condition_of(value)) is not None:
        message = (
            f"where takes conditions in Python, not {safe_repr(value)}; write where({written})"
        )
        return message, misuse
    if type(value) is bool:
        message = (
            f"where({value}) holds a Python bool, not a condition: two things were compared that "
            "are no field of leadquery.fields, or a field with a value by `is`, `in` or `not`"
        )
    elif issubclass(type(value), str):
        beginning = str.__getitem__(value, slice(60))
        whole = str.__getitem__(value, slice(61))
        written = (_condition_in(whole) if whole == beginning else None) or "as in where(Score < 5)"
        message = f"where({beginning!r}) holds a text; write the condition in Python: {written}"
    elif issubclass(type(value), Iterable) and not issubclass(
        type(value), (NotBoolean, Mapping, bytes)
    ):
        is_short = type(value) in (list, tuple) and 0 < len(value) < 6
        is_short = is_short and all(issubclass(type(one), NotBoolean) for one in value)
        each = ", ".join(map(safe_repr, value)) if is_short else "*conditions"
        message = f"where takes conditions one by one; write where({each})"
    return message, misuse


def _condition_of(value: Any) -> str | None:
    """The conditions that a dict of values, or a tuple such as `("Score", ">", 50)`, has."""
    if type(value) is dict and 0 < len(value) < 6:
        parts = [(key, "==", one) for key, one in value.items()]
    elif type(value) in (list, tuple) and len(value) == 3:
        parts = [value]
    else:
        return None
    names = name_index(FIELDS.all())
    conditions = []
    for key, sign, one in parts:
        if type(key) is not str or type(sign) is not str or issubclass(type(one), NotBoolean):
            return None
        field = names.get(normalize_name(key))
        lookup = _SIGNS.get(sign, sign)
        if field is None or (lookup and lookup not in KEYWORD_ALIASES):
            return None
        conditions.append(_comparison(field, lookup, one))
    return ", ".join(conditions)


def _condition_in(text: str) -> str | None:
    """The call with the condition that a text holds, if it is one in Python."""
    try:
        node = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        return None
    match node:
        case ast.Compare(ast.Name(name), [sign], [ast.Constant(value)]):
            compare = _COMPARISONS.get(type(sign))
            field = FIELDS.all().get(name)
            if compare is not None and field is not None:
                with suppress(QueryError):
                    return f"where({compare(field, value)!r})"
    return None


_SIGNS: Final = {
    **dict.fromkeys(("=", "=="), ""),
    **dict.fromkeys(("!=", "<>"), "ne"),
    "<": "lt",
    "<=": "le",
    ">": "gt",
    ">=": "ge",
}
"""The word of each operator, as behind `__` in keywords."""

_COMPARISONS: Final[Mapping[type[ast.cmpop], Callable[[Any, Any], Any]]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


_RULES: Final[dict[str, Callable[[str, Misuse], Improved]]] = {
    "attribute": improve_field_attribute,
    "call": _wrong_call,
    "import": improve_module_attribute,
    "member": improve_member,
    "module attribute": improve_module_attribute,
    "new client": _new_client,
    "not a condition": _not_a_condition,
    "query attribute": improve_query_attribute,
}
