"""The arguments of the methods of a query that one request cannot carry, checked and added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from types import MethodType
from typing import TYPE_CHECKING, Any, Final

import attrs

from leadquery._util.text import closest_match, warn_user
from leadquery.errors import Misuse, QueryError, UsageError
from leadquery.expr.aggregate import (
    Aggregate,
    GroupCondition,
    HavingCondition,
    JoinedGroupCondition,
    SortKey,
    aggregates_in,
    count as aggregate_count,
)
from leadquery.expr.field import BaseField, schema_name
from leadquery.expr.field_types import Date, Field
from leadquery.expr.group_key import Bins, DateBucket, GroupKey, NamedPeriods, key_name
from leadquery.expr.predicate import CompoundPredicate, OtherOwners, Predicate, filter_names
from leadquery.expr.registry import FIELDS
from leadquery.expr.user_field import UserPredicate
from leadquery.fields import DATE_FIELDS, OwnerId, OwnerIdName
from leadquery.periods import Period
from leadquery.periods.parsing import not_a_period_error
from leadquery.query.aggregation import (
    Aggregation,
    Column,
    Comparison,
    LocalSteps,
    as_aggregation,
    local_steps,
    result_columns,
    simplest,
)
from leadquery.query.base import BaseQuery, page_number
from leadquery.wire.enums import COUNT
from leadquery.wire.model import AggregateOutput, ListOutput

if TYPE_CHECKING:
    from leadquery.query.query import Query


def several_keys(keys: Sequence[GroupKey]) -> tuple[GroupKey, ...]:
    """Group keys, each with a column of its own. Raises QueryError for none."""
    if not keys:
        raise QueryError(
            "group_by() names no field; write group_by(OwnerId), or leave it out for one row of "
            "all leads"
        )
    names = list(map(key_name, keys))
    if twice := _duplicate(names):
        raise QueryError(f"group_by has the column {twice} twice; leave one of them out")
    return tuple(keys)


def _duplicate(names: Sequence[str]) -> str | None:
    return next((name for name in names if names.count(name) > 1), None)


def build_aggregation(
    keys: tuple[GroupKey, ...],
    aggregates: Sequence[Aggregate],
    named: Mapping[str, Aggregate],
) -> tuple[AggregateOutput | Aggregation, tuple[BaseField[Any], ...]]:
    """The output of `aggregate`, and the fields of its aggregates."""
    for one in (*aggregates, *named.values()):
        if not isinstance(one, Aggregate):
            raise _not_an_aggregate_error(one)
        if one.measure.side:
            raise QueryError(f"{one!r} is a column of compare(...); leave .{one.measure.side} out")
    columns = [Column(one.name, one.measure) for one in aggregates]
    columns += [Column(name, one.measure) for name, one in named.items()]
    if not columns:
        raise QueryError("aggregate() computes nothing; write aggregate(count(), Score.average())")
    names = [*map(key_name, keys), *(column.name for column in columns)]
    if twice := _duplicate(names):
        raise QueryError(
            f"the result would have the column {twice} twice; name one of them, as in "
            "aggregate(count(), total=Revenue.sum())"
        )
    fields = tuple(one.field for one in (*aggregates, *named.values()) if one.field is not None)
    return simplest(Aggregation(keys, tuple(columns))), fields


def _not_an_aggregate_error(value: object) -> QueryError:
    misuse = Misuse("not an aggregate", value=value)
    message = f"aggregate takes aggregates such as count() and Score.average(), not {value!r}"
    if isinstance(value, (GroupCondition, JoinedGroupCondition)):
        message = (
            f"{value!r} is a condition on groups; write having({value!r}) after aggregate(...)"
        )
    elif isinstance(value, SortKey):
        message = f"{value!r} is an order; write order_by({value!r}) after aggregate(...)"
    elif isinstance(value, BaseField):
        names = [name for name in _AGGREGATES if hasattr(type(value), name)]
        methods = [f".{name}({'0.9' if name == 'quantile' else ''})" for name in names]
        hint = f"write {value!r}{methods[0]}" if methods else "no function is computed of its type"
        rest = f", or {', '.join(methods[1:])}" if methods[1:] else ""
        message = f"{value!r} is a field; {hint}{rest}"
    elif isinstance(value, (list, tuple)):
        message = "aggregate takes aggregates one by one; write aggregate(*aggregates)"
    elif value is aggregate_count:
        message = "count is a function; write aggregate(count())"
    elif isinstance(value, str):
        message = (
            f"aggregate takes aggregates, not names such as {value!r}; "
            "write aggregate(count(), Score.average())"
        )
    elif isinstance(value, MethodType):
        message = f"aggregate was given the method .{value.__name__} itself; call it"
    return UsageError(message, misuse)


_AGGREGATES: Final = ("average", "sum", "min", "max", "median", "quantile", "count_distinct")


def _aggregation_of(query: Query, method: str) -> Aggregation:
    """The aggregation of a query. Raises QueryError for a list."""
    if isinstance(query.output, ListOutput):
        raise QueryError(
            f"{method} is about groups, and this query lists leads; "
            "write group_by(...) in place of select(...)"
        )
    return as_aggregation(query.output)


def add_having(query: Query, conditions: Sequence[HavingCondition]) -> LocalSteps:
    """The local steps with more conditions on groups."""
    _aggregation_of(query, "having")
    if not conditions:
        raise QueryError("having() has no condition; write having(count() > 50)")
    for condition in conditions:
        if not isinstance(condition, (GroupCondition, JoinedGroupCondition)):
            raise _not_a_group_condition_error(condition)
        for aggregate in aggregates_in(condition):
            _check_side(query, aggregate)
    having = tuple(dict.fromkeys((*local_steps(query).having, *conditions)))
    return attrs.evolve(local_steps(query), having=having)


def _not_a_group_condition_error(value: object) -> UsageError:
    misuse = Misuse("not a group condition", value=value)
    message = f"having takes conditions on aggregates such as count() > 50, not {value!r}"
    if isinstance(value, (Predicate, CompoundPredicate, OtherOwners, UserPredicate)):
        message = (
            f"{value!r} is a condition on leads; write where({value!r}), or compare an aggregate, "
            "as in having(count() > 50)"
        )
    elif isinstance(value, Aggregate):
        message = f"{value!r} is an aggregate; compare it, as in having({value!r} > ...)"
    elif isinstance(value, (list, tuple)):
        message = "having takes conditions one by one; write having(*conditions)"
    elif value is aggregate_count:
        message = "count is a function; write having(count() > 50)"
    elif isinstance(value, bool):
        message = (
            f"having({value}) has a Python bool, not a condition: "
            "two values were compared that are not aggregates such as count()"
        )
    return UsageError(message, misuse)


def _check_side(query: Query, aggregate: Aggregate) -> None:
    """Raise QueryError for a column of a comparison where there is none, and the reverse."""
    is_compared = local_steps(query).comparison is not None
    if aggregate.measure.side and not is_compared:
        raise QueryError(
            f"{aggregate!r} is a column of compare(...), which is missing; write it before, "
            f"or leave .{aggregate.measure.side} out"
        )
    if is_compared and not aggregate.measure.side:
        raise QueryError(
            f"{aggregate!r} has two values, one for each period; write {aggregate!r}.after, "
            ".before, .change or .change_pct"
        )


def add_order(query: Query, keys: Sequence[object]) -> LocalSteps:
    """The local steps with more sort keys."""
    if not keys:
        raise QueryError("order_by() names no column; write order_by(OwnerId)")
    order = tuple(_sort_key(query, key) for key in keys)
    return attrs.evolve(local_steps(query), order=(*local_steps(query).order, *order))


def _sort_key(query: Query, key: object) -> SortKey:
    if isinstance(key, SortKey):
        sort_key = key
    elif isinstance(key, (Aggregate, str)):
        sort_key = SortKey(key)
    elif isinstance(key, (BaseField, DateBucket, Bins, NamedPeriods)):
        sort_key = SortKey(key.name)
    else:
        raise _not_a_sort_key_error(key)
    if isinstance(sort_key.by, Aggregate):
        _aggregation_of(query, "an aggregate in order_by")
        _check_side(query, sort_key.by)
        return sort_key
    columns = result_columns(query)
    is_list = isinstance(query.output, ListOutput)
    if sort_key.by == OwnerIdName.name and not is_list and sort_key.by not in query.output.columns:
        raise QueryError(
            f"groups cannot be sorted by {OwnerIdName.name}, which is added to the rows at the "
            f"end; write sorted(client.run(query), key=lambda row: row[{OwnerIdName.name!r}] or '')"
        )
    if sort_key.by not in columns:
        if isinstance(key, str):
            _check_column_name(key)
        if not is_list:
            raise _no_column_error(query, sort_key.by, columns)
        if isinstance(key, str):
            schema_name(key)
    return sort_key


def _not_a_sort_key_error(key: object) -> QueryError:
    message = f"order_by takes aggregates, fields and names of columns, not {key!r}"
    if isinstance(key, (list, tuple)):
        message = "order_by takes columns one by one; write order_by(*columns)"
    elif key is aggregate_count:
        message = "count is a function; write order_by(count().desc())"
    elif isinstance(key, MethodType) and isinstance(key.__self__, (Aggregate, BaseField)):
        name = f"{key.__self__!r}.{key.__name__}"
        message = f"order_by was given the method {name} itself; write order_by({name}())"
    elif isinstance(key, (GroupCondition, JoinedGroupCondition)):
        message = f"{key!r} is a condition on groups; write having({key!r})"
    return UsageError(message, Misuse("not a sort key", value=key))


def _check_column_name(name: str) -> None:
    """Raise QueryError for a direction that is written into the name of a column."""
    bare, _, direction = name.strip("-+ ").partition(" ")
    if name[:1] not in ("-", "+") and direction.casefold() not in ("asc", "desc"):
        return
    descending = name[:1] == "-" or direction.casefold() == "desc"
    by = "count()" if bare == COUNT else bare
    hint = f"{by}.desc()" if descending else by
    raise QueryError(f"{name!r} is not the name of a column; write order_by({hint})")


def _no_column_error(query: Query, name: str, columns: Sequence[str]) -> QueryError:
    near = closest_match(name.casefold(), {column.casefold(): column for column in columns})
    hint = f"did you mean {near!r}?" if near else f"it has {', '.join(columns)}"
    if local_steps(query).comparison is not None:
        hint = f"it has {', '.join(columns)}"
    return QueryError(f"the result has no column {name!r}; {hint}")


def add_limit(query: Query, n: object) -> LocalSteps:
    """The local steps with a limit."""
    number = page_number(n)
    if number is None:
        valid = page_number(n, digits=True) or 5
        raise QueryError(f"limit takes a whole number from 1, not {n!r}; write limit({valid})")
    steps = local_steps(query)
    if not isinstance(query.output, ListOutput) and not steps.order:
        raise QueryError(
            f"limit({number}) of groups in an order that the API does not document are any groups; "
            f"write order_by(count().desc()).limit({number})"
        )
    return attrs.evolve(steps, limit=min(number, steps.limit or number))


def add_owner_names(query: Query) -> LocalSteps:
    """The local steps with the names of owners."""
    columns = result_columns(query)
    if OwnerId.name not in columns:
        raise QueryError("with_owner_names adds names to OwnerId; write group_by(OwnerId)")
    if OwnerIdName.name in columns:
        raise QueryError("the rows have OwnerIdName already; leave with_owner_names() out")
    return attrs.evolve(local_steps(query), owner_names=True)


def select_owner_names(output: ListOutput) -> ListOutput:
    """The columns of a list with the names of owners, which the API derives."""
    columns = list(output.columns)
    if OwnerId.name not in columns:
        raise QueryError("with_owner_names adds names to OwnerId; write select(OwnerId, ...)")
    if OwnerIdName.name not in columns:
        columns.insert(columns.index(OwnerId.name) + 1, OwnerIdName.name)
    return attrs.evolve(output, columns=tuple(columns))


def add_comparison(
    query: Query, before: Period, after: Period, on: BaseField[Any] | str, to_date: bool
) -> LocalSteps:
    """The local steps with a comparison of two periods."""
    _aggregation_of(query, "compare")
    for period in (before, after):
        if not isinstance(period, Period):
            raise not_a_period_error("each of the two arguments of compare is", period)
    if not isinstance(to_date, bool):
        raise QueryError(f"to_date: {to_date!r} is not True or False; write to_date=True")
    field = FIELDS.all().get(on, on) if isinstance(on, str) else on
    name = schema_name(field)
    if isinstance(field, BaseField) and not isinstance(field, (Date, Field)):
        raise QueryError(f"compare(on=...) takes a date field such as CreatedOn, not {field!r}")
    check_compared_date(query, name)
    steps = local_steps(query)
    if steps.comparison is not None:
        raise QueryError("the query compares two periods already; leave one compare(...) out")
    if steps.having or steps.order:
        raise QueryError("call compare(...) before having(...) and order_by(...)")
    _check_compared_time(after, to_date)
    return attrs.evolve(steps, comparison=Comparison(before, after, name, to_date))


def _check_compared_time(after: Period, to_date: bool) -> None:
    """Warn of a second period that is not over; refuse to cut one that has not begun."""
    now = datetime.now(timezone.utc)
    has_begun = after.start <= now
    if to_date and not has_begun:
        raise QueryError(
            f"the second period begins at {after.start:%Y-%m-%d %H:%M:%S} UTC, so to_date=True "
            "leaves nothing to compare; name a period that has begun"
        )
    if not has_begun:
        warn_user("the second period has not begun, so it has no leads")
    elif not to_date and now < after.end:
        warn_user(
            "the second period is not over, so it has fewer leads than a whole one; "
            "compare(..., to_date=True) cuts both after the same time"
        )


def check_compared_date(query: BaseQuery, name: str) -> None:
    """Raise QueryError if a query has a condition on the date whose periods are compared."""
    ranges = {DATE_FIELDS[dates.field].name for dates in query.dates}
    names = {one.name for one in query.filters}.union(*map(filter_names, query._compounds))
    if name in ranges | names:
        raise QueryError(
            f"the query has a condition on {name}, which compare(...) sets; leave it out"
        )
