"""A reference implementation of the mock API: a plain loop over the leads.

It shares no code with `leadquery.emulator`, and is slow but obvious.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from fractions import Fraction
from typing import Any

from leadquery.expr import BaseField, Boolean, Date, Field, Number
from leadquery.fields import STANDARD
from leadquery.wire.enums import AggregateFunction, DateField, LogicalOperator, Operator
from leadquery.wire.model import (
    AggregateOutput,
    ComparisonFilter,
    LeadFilter,
    ListOutput,
    MembershipFilter,
    Paging,
    Request,
    UserCondition,
    UserGroup,
)
from tests.operators import COMPARE, SEARCHES

Texts = dict[str, str]
"""A lead or user: the texts it has, without those that are empty."""

Key = str | float | int
Types = Mapping[str, str]


def evaluate(
    leads: Iterable[Mapping[str, object]],
    users: Iterable[Mapping[str, object]],
    fields: Iterable[BaseField[Any]],
    request: Request,
) -> dict[str, Any]:
    """The JSON object of the API's response."""
    fields_by_name = dict(STANDARD)
    for field in fields:
        if type(field) is not Field:
            fields_by_name.setdefault(field.name, field)
    stated = {name: _stated(field) for name, field in fields_by_name.items()}
    kept, types = _readable([_texts(lead) for lead in leads], stated)
    report = request.report
    met = None
    if report is not None and report.users is not None:
        known, user_kinds = _readable([_texts(user) for user in users], {"UserID": "text"})
        met = [user for user in known if _meets_groups(user, report.users.groups, user_kinds)]
        ids = {user["UserID"].casefold() for user in met if "UserID" in user}
        kept = [lead for lead in kept if lead.get("OwnerId", "").casefold() in ids - {""}]
    for chosen in (report and report.filters) or ():
        kept = [lead for lead in kept if _meets(lead, chosen, types)]
    for dates in request.dates or ():
        name = "CreatedOn" if dates.field is DateField.CREATED else "ModifiedOn"
        low, high = _since_year_one(dates.start), _since_year_one(dates.end)
        kept = [lead for lead in kept if name in lead and low <= (_moment(lead[name]) or 0) <= high]
    if isinstance(request.output, ListOutput):
        return _list(kept, request.output, request.paging)
    return _groups(kept, met, request.output, types, request.paging)


def _list(leads: list[Texts], output: ListOutput, paging: Paging | None) -> dict[str, Any]:
    ordered = sorted(
        leads, key=lambda lead: ("ProspectID" not in lead, lead.get("ProspectID", "").casefold())
    )
    rows = [{name: lead.get(name) for name in output.columns} for lead in ordered]
    return {"TotalCount": str(len(rows)), "Results": _page(rows, paging)}


def _groups(
    leads: list[Texts],
    met: list[Texts] | None,
    output: AggregateOutput,
    types: Types,
    paging: Paging | None,
) -> dict[str, Any]:
    field_type = types.get(output.group, "text")
    members: dict[Key | None, list[Texts]] = {}
    first_texts: dict[Key | None, str | None] = {}
    for lead in leads:
        key = _key(lead.get(output.group), field_type)
        members.setdefault(key, []).append(lead)
        first_texts.setdefault(key, lead.get(output.group))
    if met is not None and output.group == "OwnerId":
        for user in met:
            if "UserID" in user:
                key = user["UserID"].casefold()
                members.setdefault(key, [])
                first_texts.setdefault(key, user["UserID"])
    rows = []
    by_value = sorted(members, key=lambda key: (key is None, 0 if key is None else key))
    for key in sorted(by_value, key=lambda key: -len(members[key])):
        row: dict[str, Any] = {output.group: first_texts[key], "Count": len(members[key])}
        if output.function is not AggregateFunction.COUNT:
            name = f"{output.function.value[0]}_{output.field}"
            row[name] = _computed(members[key], output, types)
        rows.append(row)
    return {"TotalCount": str(len(rows)), "Results": _page(rows, paging)}


def _computed(leads: list[Texts], output: AggregateOutput, types: Types) -> float | None:
    if types.get(output.field) != "number":
        return None
    numbers = [Fraction(float(lead[output.field])) for lead in leads if output.field in lead]
    if not numbers:
        return None
    total = sum(numbers)
    try:
        return float(total if output.function is AggregateFunction.SUM else total / len(numbers))
    except OverflowError:
        return None


def _page(rows: list[dict[str, Any]], paging: Paging | None) -> list[dict[str, Any]]:
    if paging is None:
        return rows
    return rows[(paging.index - 1) * paging.size : paging.index * paging.size]


def _meets(lead: Texts, chosen: LeadFilter, types: Types) -> bool:
    text = lead.get(chosen.name)
    if chosen.operator is Operator.HAS_DATA:
        return text is not None
    if chosen.operator is Operator.HAS_NO_DATA:
        return text is None
    if text is None:
        return False
    field_type = types.get(chosen.name, "text")
    if isinstance(chosen, MembershipFilter):
        return any(_equal(text, value, field_type) for value in chosen.values)
    assert isinstance(chosen, ComparisonFilter)
    token = chosen.operator.token
    if token in SEARCHES:
        return SEARCHES[token](text.casefold(), chosen.value.casefold())
    mine, other = _key(text, field_type), _key(chosen.value, field_type)
    return other is not None and COMPARE[token](mine, other)


def _equal(text: str, value: str, field_type: str) -> bool:
    other = _key(value, field_type)
    return other is not None and _key(text, field_type) == other


def _meets_groups(user: Texts, groups: Sequence[UserGroup], types: Types) -> bool:
    return _chained(groups, lambda group: _meets_group(user, group, types))


def _meets_group(user: Texts, group: UserGroup, types: Types) -> bool:
    own = group.conditions is None or _chained(
        group.conditions, lambda condition: _meets_condition(user, condition, types)
    )
    return own and (group.groups is None or _meets_groups(user, group.groups, types))


def _chained(links: Sequence[Any], meets: Callable[[Any], bool]) -> bool:
    joined = any if links[0].joiner is LogicalOperator.OR else all
    return joined([meets(link) for link in links])


def _meets_condition(user: Texts, condition: UserCondition, types: Types) -> bool:
    text = user.get(condition.name)
    if text is None:
        return False
    if condition.operator == "lik":
        return condition.value.casefold() in text.casefold()
    values = [condition.value]
    if "," in condition.value:
        values = [part for part in _stripped(condition.value) if part]
    return any(_equal(text, value, types.get(condition.name, "text")) for value in values)


def _stripped(value: str) -> Iterable[str]:
    return (part.strip(" \t\r\n") for part in value.split(","))


def _readable(rows: list[Texts], stated: Types) -> tuple[list[Texts], Types]:
    """The rows without values that their field's type cannot read, and the types."""
    types = dict(stated)
    for name in {name for row in rows for name in row} - set(stated):
        every = [row[name] for row in rows if name in row]
        possible = ("number", "boolean")
        types[name] = next(
            (one for one in possible if all(_key(text, one) is not None for text in every)), "text"
        )
    return [
        {name: text for name, text in row.items() if _key(text, types[name]) is not None}
        for row in rows
    ], types


def _stated(field: BaseField[Any]) -> str:
    if isinstance(field, Number):
        return "number"
    if isinstance(field, Boolean):
        return "boolean"
    return "date" if isinstance(field, Date) else "text"


def _key(text: str | None, field_type: str) -> Key | None:
    if text is None:
        return None
    if field_type == "number":
        return _number(text)
    if field_type == "boolean":
        return {"1": 1, "true": 1, "0": 0, "false": 0}.get(text.lower())
    return _moment(text) if field_type == "date" else text.casefold()


def _number(text: str) -> float | None:
    if not set(text) <= set("0123456789+-.eE") or re.search(r"\.($|[^0-9])", text):
        return None
    try:
        return None if abs(float(text)) == float("inf") else float(text)
    except ValueError:
        return None


def _moment(text: str) -> int | None:
    """Seconds since the year 1 in UTC."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    if not text.isascii() or not re.match("....-..-..($|[ T](0|1|2[0-3]))", text):
        return None
    seconds = _since_year_one(read.replace(tzinfo=None))
    offset = read.utcoffset()
    seconds -= 0 if offset is None else int(offset.total_seconds())
    return (
        seconds
        if 86400 <= seconds < _since_year_one(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)) + 1
        else None
    )


def _since_year_one(moment: datetime) -> int:
    clock = moment.hour * 3600 + moment.minute * 60 + moment.second
    return moment.toordinal() * 86400 + clock


def _texts(row: Mapping[str, object]) -> Texts:
    texts = {name: _get_fields(value) for name, value in row.items() if value is not None}
    return {name: text for name, text in texts.items() if text != ""}


def _get_fields(value: object) -> str:
    """The API's text of a Python value."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, (float, Decimal)):
        plain = f"{Decimal(str(value)):f}"
        plain = re.sub(r"\.?0*$", "", plain) if "." in plain else plain
        return "0" if plain == "-0" else plain
    if isinstance(value, datetime):
        utc = value.astimezone(UTC) if value.tzinfo else value
        # %Y writes no zeros before the years of the first millennium.
        return f"{utc.year:04}-{utc:%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return f"{value.year:04}-{value:%m-%d} 00:00:00"
    return f"{value:%H:%M:%S}" if isinstance(value, time) else str(value)
