"""The base class of all lead fields, and schema names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, SupportsIndex, TypeVar

from leadquery._util.text import exact_str, normalize_name, python_literal
from leadquery.errors import Misuse, QueryError, UsageError, check_call
from leadquery.expr import encoders
from leadquery.expr._guards import FIELD, Operand, frozen_with_message
from leadquery.expr.predicate import Predicate
from leadquery.expr.registry import FIELDS, name_index, standard_field
from leadquery.wire.enums import EQUAL, NOT_EQUAL, SEPARATOR, Arity, Operator
from leadquery.wire.model import ComparisonFilter, PresenceFilter

if TYPE_CHECKING:
    from leadquery.expr.aggregate import Aggregate, SortKey

V = TypeVar("V")
"""The type of the values that a field is compared with."""


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


@frozen_with_message
class BaseField(Operand, Generic[V]):
    """A lead field: something to compare, select and group by, never a value.

    `name` is the schema name, `label` the display name. Subclasses define the operators. An
    operator that a field type lacks raises QueryError, and type checkers reject it.
    """

    __slots__ = ("__weakref__", "label", "name")
    name: Final[str]
    label: Final[str]

    _messages: ClassVar = FIELD
    # The text of a value; a function, because a method that calls it would take twice as long.
    _encode: ClassVar[encoders.Encoder] = encoders.reject
    # What a field alone in a boolean context probably means: `== True` (True), `.has_data()`
    # (False), or either (None).
    _is_flag: ClassVar[bool | None] = False
    _comparisons: ClassVar[tuple[str, ...]] = ("==", "!=")

    # Written out, because attrs would take most of the time that this module takes to load.
    def __init__(self, name: str, label: str | None = None) -> None:
        name = _check_name(name)
        label = name if label is None else _check_label(label)
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "label", label)
        if TYPE_CHECKING:
            # Final attributes are assigned in the constructor.
            self.name, self.label = name, label

    def _compare(self, operator: Operator, value: Any) -> Predicate:
        try:
            text = self._encode(value, operator)
        except QueryError as error:
            hint = encoders.list_hint(self, operator.python, value)
            raise hint or self._value_error(error, operator, value) from None
        return Predicate({ComparisonFilter(self.name, text, operator): self})

    def _value_error(self, error: QueryError, operator: Operator, value: Any) -> QueryError:
        """The most helpful error for a value that the field does not take."""
        if value is None or (isinstance(value, str) and not value):
            return UsageError(self._missing_message(operator, value), Misuse("comparison", self))
        if isinstance(value, (BaseField, Predicate)):
            return UsageError(
                f"{self._comparison_source(operator, value)} compares a field with a field; "
                "the API compares fields with values only",
                Misuse("comparison", self),
            )
        if encoders.is_missing(value):
            return QueryError(self._missing_message(operator, value))

        def encode(member_value: Any) -> str:
            return self._encode(member_value, operator)

        return encoders.enum_member_hint(error, value, encode) or error

    def _missing_message(self, operator: Operator, value: Any) -> str:
        verb = "looks for" if operator.python.isidentifier() else "compares with"
        return (
            f"{self._comparison_source(operator, value)} {verb} nothing; for leads without "
            f"data write {self!r}.has_no_data(), for leads with data {self!r}.has_data()"
        )

    def _comparison_source(self, operator: Operator, value: Any) -> str:
        name, literal = operator.python, python_literal(value)
        if name.isidentifier():
            return f"{self!r}.{name}({literal})"
        return f"{self!r} {name} {literal}"

    def has_data(self) -> Predicate:
        """Leads that have a value in the field. (API page: Lead Filters)

        >>> from leadquery.fields import Phone
        >>> Phone.has_data()
        Phone.has_data()
        """
        return Predicate({PresenceFilter(self.name, Operator.HAS_DATA, None): self})

    def has_no_data(self) -> Predicate:
        """Leads without a value in the field. (API page: Lead Filters)"""
        return Predicate({PresenceFilter(self.name, Operator.HAS_NO_DATA, None): self})

    def asc(self) -> SortKey:
        """Sort rows by the field, from low to high."""
        from leadquery.expr.aggregate import SortKey

        return SortKey(self.name)

    def desc(self) -> SortKey:
        """Sort rows by the field, from high to low; those without data come last.

        >>> from leadquery import Leads
        >>> from leadquery.fields import Score
        >>> Leads.select("Phone", Score).order_by(Score.desc()).limit(3)
        Leads.select(Phone, Score).order_by(Score.desc()).limit(3)
        """
        from leadquery.expr.aggregate import SortKey

        return SortKey(self.name, descending=True)

    def _aggregate(self, function: str, q: float | None = None) -> Aggregate:
        from leadquery.expr.aggregate import Aggregate, Function, Measure

        return Aggregate(Measure(Function[function], self.name, q), self)

    @check_call
    def __eq__(self, value: V) -> Predicate:  # type: ignore[override]
        return self._compare(EQUAL, value)

    @check_call
    def __ne__(self, value: V) -> Predicate:  # type: ignore[override]
        return self._compare(NOT_EQUAL, value)

    __hash__ = object.__hash__

    def __reduce_ex__(self, protocol: SupportsIndex) -> str | tuple[Any, ...]:
        # A standard field is the same object in every process.
        if FIELDS.get(self.name) is self:
            return standard_field, (self.name,)
        return super().__reduce_ex__(protocol)

    def __repr__(self) -> str:
        from leadquery.expr.codegen import field_source

        return field_source(self)

    def _described(self) -> str:
        noun = type_name(self)
        return f"{self!r} is {noun}, and {noun}"

    def _unsupported(self, operator: str) -> str:
        message = super()._unsupported(operator)
        if not operator.startswith("."):
            return message
        from leadquery.expr.aggregate import Function

        names = [function.name.lower() for function in Function]
        aggregates = [f".{name}()" for name in names if hasattr(type(self), name)]
        keys = [f".{name}()" for name in _GROUP_KEYS if hasattr(type(self), name)]
        for kind, methods in (("aggregates", aggregates), ("group keys", keys)):
            if methods:
                message += f"; its {kind} are {', '.join(methods)}"
        return message

    def _offered(self) -> list[str]:
        with_value = [operator for operator in Operator if operator.takes is not Arity.NONE]
        with_value.sort(key=lambda operator: operator.takes is Arity.ONE)
        names = [operator.python for operator in with_value if operator.python.isidentifier()]
        names += ["between", "during"]
        methods = [f".{name}()" for name in names if hasattr(type(self), name)]
        return [*self._comparisons, *methods, ".has_data()", ".has_no_data()"]


def encode_value(field: BaseField[Any], value: Any, operator: Operator = EQUAL) -> str:
    """The text that is sent when a field is compared with a value."""
    return field._encode(value, operator)


def supports(field: BaseField[Any], operator: Operator) -> bool:
    """Whether a field has an operator."""
    field_type, name = type(field), operator.python
    if not name.isidentifier():
        return name in field_type._comparisons
    # A field without comparisons cannot be filtered at all.
    return bool(field_type._comparisons) and hasattr(field_type, name)


_GROUP_KEYS: Final = ("day", "week", "month", "quarter", "year", "in_periods", "bins")
"""Methods that make a key to group by."""

_TWO_FILTERS: Final = ("between", "during")
"""Methods that make two filters each."""


def operators_of(field: BaseField[Any]) -> list[str]:
    """The operators of a field, as Python writes them."""
    methods = [f".{name}()" for name in _TWO_FILTERS if hasattr(type(field), name)]
    return [*(operator_source(one) for one in Operator if supports(field, one)), *methods]


def operator_source(operator: Operator) -> str:
    """An operator as Python writes it: `<`, or `.contains()`."""
    return f".{operator.python}()" if operator.python.isidentifier() else operator.python


def type_name(field: BaseField[Any]) -> str:
    """The type of a field in a message: 'a Text field', 'an Identifier field'."""
    name = type(field).__name__
    return f"{'an' if name[0] in 'AEIOU' else 'a'} {name} field"


def schema_name(field: BaseField[Any] | str) -> str:
    """The schema name of a field that is given as a field or by its name."""
    if isinstance(field, BaseField):
        return field.name
    if not isinstance(field, str):
        raise QueryError(f"give a field or its schema name, not {field!r}")
    return validate_schema_name(exact_str(field))


def single_field_name(method: str, field: str) -> str:
    """The schema name of the one field that a method takes."""
    is_several = isinstance(field, str) and SEPARATOR in field and "(" not in field
    if is_several or isinstance(field, (list, tuple, set, frozenset)):
        raise QueryError(f"{method} takes one field, not {field!r}")
    return schema_name(field)


def validate_schema_name(text: str) -> str:
    """The text, if it can be a schema name."""
    if _is_single_name(text):
        return text
    if _SIGNS.intersection(text):
        raise _expression_error(text)
    parts = [part for part in map(str.strip, text.split(SEPARATOR)) if part]
    if not parts:
        raise QueryError(f"{text!r} names no field; write a schema name such as 'mx_City'")
    suggestions = list(map(_suggest_name, parts))
    names = [repr(name) for name in suggestions if name is not None]
    hint = ", ".join(names) if len(names) == len(suggestions) else "a name such as 'mx_City'"
    raise QueryError(
        f"{text!r} is not a schema name, which has no spaces and no commas; write {hint}"
    )


_SIGNS: Final = frozenset("()/*+=<>.")
"""Signs of Python, which are in no schema name."""


def _expression_error(text: str) -> QueryError:
    """The error for Python in place of a schema name."""
    known = text.partition(".")[0] in FIELDS.all()
    hint = f"{text} without quotes" if known and text.endswith(")") else "a name such as 'mx_City'"
    return QueryError(
        f"{text!r} is not a schema name, which has no signs such as ( ) / and .; write {hint}"
    )


def _is_single_name(text: str) -> bool:
    return text.split() == [text] and SEPARATOR not in text and _SIGNS.isdisjoint(text)


def _suggest_name(part: str) -> str | None:
    """The schema name of the standard field with this name or label."""
    if _is_single_name(part):
        return part
    return name_index(FIELDS.all()).get(normalize_name(part))
