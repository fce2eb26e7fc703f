"""Fields, conditions and aggregates as Python source, built as nodes of `source_layout`."""

from __future__ import annotations

from datetime import datetime
from keyword import iskeyword
from typing import TYPE_CHECKING, Any

from leadquery._util.text import quote
from leadquery.errors import QueryError
from leadquery.expr.registry import ATTRIBUTES, FIELDS
from leadquery.expr.source_layout import (
    BinaryNode,
    CallNode,
    MethodChain,
    Node,
    PairNode,
    binary_node,
    chain_node,
    list_node,
    render_flat,
)
from leadquery.wire.enums import FALSE, SEPARATOR, TRUE, LogicalOperator, Operator
from leadquery.wire.model import ComparisonFilter, LeadFilter, PresenceFilter

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from datetime import timezone

    from leadquery.expr.aggregate import Aggregate, HavingCondition, SortKey
    from leadquery.expr.field import BaseField
    from leadquery.expr.group_key import Bins, DateBucket, NamedPeriods
    from leadquery.expr.predicate import Condition, Predicate
    from leadquery.expr.user_field import Attribute, UserPredicate
    from leadquery.periods import Period
    from leadquery.wire import model


OPERATORS = {LogicalOperator.AND: "&", LogicalOperator.OR: "|"}


def field_source(field: BaseField[Any]) -> str:
    """A field as an expression."""
    return render_flat(field_node(field))


def field_node(field: BaseField[Any]) -> Node:
    """A standard field by its name, any other by its type and name."""
    if type(FIELDS.get(field.name)) is type(field):
        return field.name
    return CallNode(f"{type(field).__name__}(", (quote(field.name),))


def aggregate_node(aggregate: Aggregate) -> Node:
    """An aggregate as an expression."""
    from leadquery.expr.field_types import Field

    measure = aggregate.measure
    side = [f".{measure.side}"] if measure.side else []
    method = measure.function.name.lower()
    if aggregate.field is None:
        return MethodChain((f"{method}()", *side))
    # The field may have been built with another type, in another place of a query.
    field = aggregate.field if hasattr(type(aggregate.field), method) else Field(measure.field)
    call = CallNode(f".{method}(", (repr(measure.q),)) if measure.q is not None else f".{method}()"
    return MethodChain((field_node(field), call, *side))


def key_node(key: DateBucket | Bins | NamedPeriods) -> Node:
    """A group key other than a field as an expression."""
    from leadquery.expr.field_types import Date, Number
    from leadquery.expr.group_key import Bins, DateBucket

    if isinstance(key, Bins):
        edges = tuple(map(str, key.edges))
        return MethodChain((_key_field(key.field, Number), CallNode(".bins(", edges)))
    field = _key_field(key.field, Date)
    if not isinstance(key, DateBucket):
        return MethodChain((field, CallNode(".in_periods(", _period_arguments(key.periods))))
    arguments: list[Node] = []
    if key.tz is not None:
        name = quote(key.tz) if isinstance(key.tz, str) else _offset_node(key.tz)
        arguments.append(PairNode("tz", name))
    if key.week_starts != "monday":
        arguments.append(PairNode("week_starts", quote(key.week_starts)))
    if key.fill:
        arguments.append(PairNode("fill", "True"))
    call = CallNode(f".{key.unit}(", tuple(arguments)) if arguments else f".{key.unit}()"
    return MethodChain((field, call))


def _key_field(name: str, field_type: type[BaseField[Any]]) -> Node:
    """A field to make a group key of."""
    standard = FIELDS.get(name)
    return field_node(standard if isinstance(standard, field_type) else field_type(name))


def _offset_node(offset: timezone) -> Node:
    seconds = int(offset.utcoffset(None).total_seconds())
    unit, number = ("seconds", seconds) if seconds % 60 else ("minutes", seconds // 60)
    return CallNode("timezone(", (CallNode("timedelta(", (PairNode(unit, str(number)),)),))


def period_node(period: Period) -> Node:
    """A period as an expression."""
    from leadquery.wire.types import format_timestamp

    ends = (quote(format_timestamp(period.start)), quote(format_timestamp(period.end)))
    return CallNode("periods.between(", ends)


def _period_arguments(periods: tuple[tuple[str, Period], ...]) -> tuple[Node, ...]:
    """Periods as arguments, with their names unless these are derived."""
    from leadquery.expr.group_key import period_name

    pairs = [(name, period_node(period)) for name, period in periods]
    derived = {name for name, period in periods if name == period_name(period)}
    return named_arguments(pairs, derived)


def named_arguments(
    pairs: Iterable[tuple[str, Node]], unnamed: Collection[str]
) -> tuple[Node, ...]:
    """Arguments, positional while their names are among `unnamed`, then by keyword."""
    arguments: list[Node] = []
    items: list[Node] = []
    is_positional = True
    for name, node in pairs:
        is_positional = is_positional and name in unnamed
        if is_positional:
            arguments.append(node)
        elif not items and name.isidentifier() and name.isascii() and not iskeyword(name):
            arguments.append(PairNode(name, node))
        else:
            items.append(PairNode(quote(name), node, ": "))
    if items:
        arguments.append(CallNode("**{", tuple(items), "}"))
    return tuple(arguments)


def having_node(condition: HavingCondition) -> Node:
    """A condition on groups as an expression."""
    from leadquery.expr.aggregate import GroupCondition
    from leadquery.wire.types import format_timestamp

    if not isinstance(condition, GroupCondition):
        return binary_node(OPERATORS[condition.joiner], list(map(having_node, condition.parts)))
    value = condition.value
    literal = quote(format_timestamp(value)) if isinstance(value, datetime) else str(value)
    return BinaryNode(condition.operator.python, (aggregate_node(condition.aggregate), literal))


def sort_node(key: SortKey) -> Node:
    """A sort key as an expression."""
    if isinstance(key.by, str):
        is_standard = FIELDS.get(key.by) is not None
        if not key.descending:
            return key.by if is_standard else quote(key.by)
        by = key.by if is_standard else CallNode("Field(", (quote(key.by),))
        return MethodChain((by, ".desc()"))
    return chain_node(aggregate_node(key.by), ".desc()" if key.descending else ".asc()")


def predicate_source(condition: Predicate) -> str:
    """A condition as an expression."""
    return condition_source(condition)


def predicate_nodes(conditions: Mapping[LeadFilter, BaseField[Any]]) -> list[Node]:
    """Each filter as an expression, of the field that built it if that gives the same filter."""
    return [_filter_node(lead_filter, field) for lead_filter, field in conditions.items()]


def _filter_node(lead_filter: LeadFilter, field: BaseField[Any]) -> Node:
    from leadquery.expr.field_types import Field

    # Without the label and options, which the source does not show.
    bare = type(field)(field.name)
    return _try_render(lead_filter, bare) or _try_render(lead_filter, Field(lead_filter.name)) or ""


def _try_render(lead_filter: LeadFilter, field: BaseField[Any]) -> Node | None:
    """The filter as a condition on a field; None if that would be another filter."""
    from leadquery.expr.field import supports

    if not supports(field, lead_filter.operator):
        return None
    name = field_node(field)
    match lead_filter:
        case PresenceFilter():
            return MethodChain((name, f".{lead_filter.operator.python}()"))
        case ComparisonFilter(_, value, operator):
            literal = _value_source(field, value, operator)
            if literal is None:
                return None
            if operator.python.isidentifier():
                return MethodChain((name, CallNode(f".{operator.python}(", (literal,))))
            return BinaryNode(operator.python, (name, literal))
    literals = [_value_source(field, value, lead_filter.operator) for value in lead_filter.values]
    if None in literals:
        return None
    listed = CallNode("[", tuple(filter(None, literals)), "]")
    return MethodChain((name, CallNode(f".{lead_filter.operator.python}(", (listed,))))


def _value_source(field: BaseField[Any], text: str, operator: Operator) -> str | None:
    """The Python value that the field encodes as this text; None if there is none."""
    from leadquery.expr.field import encode_value
    from leadquery.expr.field_types import Boolean, Number

    if isinstance(field, Boolean):
        return {TRUE: "True", FALSE: "False"}.get(text)
    try:
        if not isinstance(field, Number):
            return quote(text) if encode_value(field, text, operator) == text else None
        value = int(text) if "." not in text else float(text)
        return text if encode_value(field, value) == text else None
    except (ValueError, OverflowError, QueryError):
        return None


def condition_source(condition: Condition) -> str:
    """A condition of any kind as an expression."""
    return render_flat(condition_node(condition))


def condition_node(condition: Condition) -> Node:
    """A condition of any kind as a node."""
    from leadquery.expr.predicate import CompoundPredicate, OtherOwners, Predicate

    if isinstance(condition, Predicate):
        return binary_node("&", predicate_nodes(condition._conditions))
    if isinstance(condition, OtherOwners):
        return MethodChain(("~(", user_node(condition.users), ")"))
    if isinstance(condition, CompoundPredicate):
        parts = [condition_node(part) for part in condition.parts]
        return binary_node(OPERATORS[condition.joiner], parts)
    return user_node(condition)


def attribute_node(attribute: Attribute) -> Node:
    """A standard user attribute by its name, any other by the class."""
    if attribute.name in ATTRIBUTES.all():
        return f"users.{attribute.name}"
    return CallNode("users.Attribute(", (quote(attribute.name),))


def user_node(predicate: UserPredicate) -> Node:
    """A user condition as an expression."""
    inner, outer = OPERATORS[predicate.joiner.other], OPERATORS[predicate.joiner]
    groups = [
        binary_node(inner, list(map(_user_condition_node, group))) for group in predicate.groups
    ]
    return binary_node(outer, groups)


def _user_condition_node(condition: model.UserCondition) -> Node:
    """One condition as the simplest expression that builds it."""
    from leadquery.expr.user_field import Attribute

    attribute = Attribute(condition.name)
    name, value = attribute_node(attribute), quote(condition.value)
    values = condition.value.split(SEPARATOR)
    candidates: tuple[tuple[Callable[[], UserPredicate], Node], ...] = (
        (lambda: attribute == condition.value, BinaryNode("==", (name, value))),
        (
            lambda: attribute.is_in(values),
            MethodChain((name, CallNode(".is_in(", (list_node(values),)))),
        ),
        (
            lambda: attribute.contains(condition.value),
            MethodChain((name, CallNode(".contains(", (value,)))),
        ),
    )
    for build, node in candidates:
        try:
            if build().groups == ((condition,),):
                return node
        except QueryError:
            continue
    return MethodChain((name, CallNode(".matches(", (quote(condition.operator), value))))
