"""A word and the conditions it builds: what every kind of lead field shares.

What a kind does not offer is refused at the call, with what to write instead, and unknown to
type checkers.
"""

from __future__ import annotations

from typing import Any, ClassVar, Generic, SupportsIndex, TypeVar

import attrs

from leadquery._util.suggest import normalize_name
from leadquery._util.text import exact_str, python_literal
from leadquery.errors import Misuse, QueryError, UsageError, check_call
from leadquery.expr import encoders
from leadquery.expr._guards import FIELD, Operand, frozen_with_message
from leadquery.expr.predicate import Predicate
from leadquery.expr.registry import FIELDS, name_index, standard_field
from leadquery.wire.enums import EQUAL, NOT_EQUAL, Arity, Operator
from leadquery.wire.model import ComparisonFilter, PresenceFilter
from leadquery.wire.protocol import SEPARATOR

V = TypeVar("V")
"""What a kind of field is compared with."""


def _check_name(name: str) -> str:
    if isinstance(name, str) and name:
        return exact_str(name)
    raise QueryError(f"a field's name is text such as 'mx_City', not {name!r}")


def _check_label(label: str) -> str:
    if isinstance(label, str) and label:
        return exact_str(label)
    raise QueryError(
        f"a field's label is text such as 'City', not {label!r}; options are written options=[...]"
    )


def _name_as_label(word: BaseField[Any]) -> str:
    return word.name


@frozen_with_message
@attrs.frozen(eq=False, repr=False)
class BaseField(Operand, Generic[V]):
    """A lead field of some kind: a name to compare, select and group by, never a value.

    `name` is the schema name, `label` the name that people see.
    """

    name: str = attrs.field(converter=_check_name)
    label: str = attrs.field(
        default=attrs.Factory(_name_as_label, takes_self=True), converter=_check_label
    )

    _messages: ClassVar = FIELD
    # None where each value says itself how it travels.
    _way: ClassVar[encoders.ValueEncoder | None] = encoders.NO_ENCODER
    # Whether a field that stands alone asks for its truth, or for its data; None where for either.
    _truth: ClassVar[bool | None] = False
    _signs: ClassVar[tuple[str, ...]] = ("==", "!=")

    def text(self, value: Any, operator: Operator = Operator.EQUAL) -> str:
        """A value as it travels."""
        way = self._way or encoders.encoder_for(value)
        if way.last is not None and operator in (Operator.ABOVE, Operator.AT_MOST):
            return way.last(self, value)
        return way.write(self, value)

    def _compare(self, operator: Operator, value: Any) -> Predicate:
        try:
            text = self.text(value, operator)
        except QueryError as refused:
            from leadquery.expr.encoders import list_hint

            several = list_hint(self, operator.python, value)
            raise several or self._refusal(refused, operator, value) from None
        return Predicate({ComparisonFilter(self.name, text, operator): self})

    def _sent(self, operator: Operator, value: Any) -> str:
        """A value as it travels; what is nothing, or a field, is refused in words of its own."""
        try:
            return self.text(value, operator)
        except QueryError as refused:
            raise self._refusal(refused, operator, value) from None

    def _refusal(self, refused: QueryError, operator: Operator, value: Any) -> QueryError:
        return self._no_value(operator, value) or self._meant(refused, operator, value)

    def _meant(self, refused: QueryError, operator: Operator, value: Any) -> QueryError:
        from leadquery.expr.encoders import enum_member_hint, is_missing

        if is_missing(value):
            return QueryError(self._finds_nothing(operator, value))

        def takes(given: Any) -> str:
            return (self._way or encoders.encoder_for(given)).write(self, given)

        return enum_member_hint(refused, value, takes) or refused

    def _no_value(self, operator: Operator, value: Any) -> QueryError | None:
        if value is None or (isinstance(value, str) and not value):
            return UsageError(self._finds_nothing(operator, value), Misuse("comparison", self))
        if isinstance(value, (BaseField, Predicate)):
            return UsageError(
                f"{self._line(operator, value)} compares a field with a field; "
                "the API compares fields with values only",
                Misuse("comparison", self),
            )
        return None

    def _finds_nothing(self, operator: Operator, value: Any) -> str:
        finds = "looks for" if operator.python.isidentifier() else "compares with"
        return (
            f"{self._line(operator, value)} {finds} nothing; for leads without "
            f"data write {self!r}.has_no_data(), for leads with data {self!r}.has_data()"
        )

    def _line(self, operator: Operator, value: Any) -> str:
        """A comparison as it was written."""
        sign, said = operator.python, python_literal(value)
        return f"{self!r}.{sign}({said})" if sign.isidentifier() else f"{self!r} {sign} {said}"

    def has_data(self) -> Predicate:
        """Leads that have a value in the field. (API page: Lead Filters)"""
        return Predicate({PresenceFilter(self.name, Operator.HAS_DATA, None): self})

    def has_no_data(self) -> Predicate:
        """Leads whose field is empty. (API page: Lead Filters)"""
        return Predicate({PresenceFilter(self.name, Operator.HAS_NO_DATA, None): self})

    @check_call
    def __eq__(self, value: V) -> Predicate:  # type: ignore[override]
        return self._compare(EQUAL, value)

    @check_call
    def __ne__(self, value: V) -> Predicate:  # type: ignore[override]
        return self._compare(NOT_EQUAL, value)

    __hash__ = object.__hash__

    def __reduce_ex__(self, protocol: SupportsIndex) -> str | tuple[Any, ...]:
        if FIELDS.get(self.name) is self:
            return standard_field, (self.name,)
        return super().__reduce_ex__(protocol)

    def __repr__(self) -> str:
        from leadquery.expr.codegen import field_source

        return field_source(self)

    def _described(self) -> str:
        kind = type_name(self)
        return f"{self!r} is {kind}, and {kind}"

    def _offered(self) -> list[str]:
        taking = sorted((row for row in Operator if row.takes is not Arity.NONE), key=_takes_one)
        methods = [row.python for row in taking if row.python.isidentifier()]
        methods += ["between", "during"]
        has = [f".{name}()" for name in methods if hasattr(type(self), name)]
        return [*self._signs, *has, ".has_data()", ".has_no_data()"]


def _takes_one(row: Operator) -> bool:
    return row.takes is Arity.ONE


def supports(word: BaseField[Any], operator: Operator) -> bool:
    """Whether the kind of a word has an operator."""
    kind, sign = type(word), operator.python
    if not sign.isidentifier():
        return sign in kind._signs
    # What is not compared at all is not asked for data either.
    return bool(kind._signs) and hasattr(kind, sign)


def type_name(word: BaseField[Any]) -> str:
    """The kind of a word, as people say it: a Text field, an Identifier field."""
    name = type(word).__name__
    return f"{'an' if name[0] in 'AEIOU' else 'a'} {name} field"


def schema_name(field: BaseField[Any] | str) -> str:
    """The schema name of a word, or of a text that is one."""
    if isinstance(field, BaseField):
        return field.name
    if not isinstance(field, str):
        raise QueryError(f"name a field by its word or its schema name, not by {field!r}")
    return validate_schema_name(exact_str(field))


def single_field_name(method: str, field: str) -> str:
    """The schema name that a method takes one of."""
    several = isinstance(field, str) and SEPARATOR in field
    if several or isinstance(field, (list, tuple, set, frozenset)):
        raise QueryError(f"{method} takes one field, not {field!r}")
    return schema_name(field)


def validate_schema_name(text: str) -> str:
    """A text that is one schema name."""
    if _is_single_name(text):
        return text
    parts = [part for part in map(str.strip, text.split(SEPARATOR)) if part]
    if not parts:
        raise QueryError(f"{text!r} names no field; write a schema name such as 'mx_City'")
    meant = list(map(_suggest_name, parts))
    names = [repr(name) for name in meant if name is not None]
    hint = ", ".join(names) if len(names) == len(meant) else "a name such as 'mx_City'"
    raise QueryError(f"{text!r} is no schema name, which has no blank and no comma; write {hint}")


def _is_single_name(text: str) -> bool:
    return text.split() == [text] and SEPARATOR not in text


def _suggest_name(part: str) -> str | None:
    """The schema name of the standard field with this label."""
    if _is_single_name(part):
        return part
    return name_index(FIELDS.all()).get(normalize_name(part))
