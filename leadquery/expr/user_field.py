"""User attributes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Final, NoReturn, SupportsIndex

import attrs

from leadquery._util.text import exact_str, python_literal, safe_repr
from leadquery.errors import QueryError, UnsupportedQueryError, check_call
from leadquery.expr._guards import ATTRIBUTE, Operand, frozen_with_message
from leadquery.expr.encoders import enum_member_hint, list_hint, type_error
from leadquery.expr.registry import ATTRIBUTES, standard_attribute
from leadquery.expr.user_predicate import UserPredicate, one_condition
from leadquery.wire import model
from leadquery.wire.enums import LogicalOperator, UserOperator
from leadquery.wire.protocol import SEPARATOR

# One value may contain several of these, joined by commas.
_COMMA_JOINED: Final = ("UserID", "EmailAddress")


def _check_name(name: str) -> str:
    if isinstance(name, str) and name:
        return exact_str(name)
    raise QueryError(f"an attribute's name is text such as 'Team', not {name!r}")


def _split_source(values: list[Any]) -> str:
    """The source of a list of the comma-separated parts of some values."""
    from leadquery.expr.codegen import list_node, render_flat

    texts = [value for value in values if isinstance(value, str)]
    parts = [part.strip() for text in texts for part in text.split(SEPARATOR)]
    return render_flat(list_node(dict.fromkeys(filter(None, parts)))) if any(parts) else "[...]"


@frozen_with_message
@attrs.frozen(eq=False, repr=False)
class Attribute(Operand):
    """A user attribute, for `owned_by`.

    Values are text. `==` and `is_in` do not take commas, which the API reads as "one of". The
    documented attributes are in `leadquery.users`. (API page: User Filter)

    >>> from leadquery import users
    >>> users.Attribute("Team").is_in(["North", "South"])
    (users.Attribute("Team") == "North") | (users.Attribute("Team") == "South")
    """

    name: str = attrs.field(converter=_check_name)

    _messages: ClassVar = ATTRIBUTE

    @check_call
    def __eq__(self, value: str) -> UserPredicate:  # type: ignore[override]
        try:
            text = self._encode_single(value)
        except QueryError as error:
            raise list_hint(self, "==", value) or error from None
        return one_condition(self.name, UserOperator.EQUAL.token, text)

    __hash__ = object.__hash__

    @check_call
    def __ne__(self, value: object) -> NoReturn:
        literal = python_literal(value) if isinstance(value, str) else safe_repr(value)
        raise UnsupportedQueryError(
            f"{self!r} != {literal}: the API has no documented operator for this; "
            f"list the values to include: {self!r}.is_in([...])"
        )

    @check_call
    def is_in(self, values: Iterable[str]) -> UserPredicate:
        """Users whose attribute is one of `values`.

        For ids and e-mail addresses this sends one condition with comma-joined values, for other
        attributes conditions joined by OR. (API page: User Filter)
        """
        if isinstance(values, (str, bytes)) or not hasattr(values, "__iter__"):
            value = python_literal(values)
            raise QueryError(f"is_in takes a list of values; write {self!r}.is_in([{value}])")
        items = list(values)
        texts = dict.fromkeys([self._encode_single(item, items) for item in items])
        if not texts:
            raise QueryError(f"{self!r}.is_in([]) matches no user; give it at least one value")
        equal = UserOperator.EQUAL.token
        if self.name in _COMMA_JOINED:
            return one_condition(self.name, equal, SEPARATOR.join(texts))
        group = [model.UserCondition(self.name, equal, text, None) for text in texts]
        return UserPredicate((tuple(group),), LogicalOperator.AND)

    @check_call
    def contains(self, part: str) -> UserPredicate:
        """Users whose attribute contains `part`. (API page: User Filter)"""
        return one_condition(self.name, UserOperator.CONTAINS.token, self._encode(part))

    @check_call
    def matches(self, operator: str, value: str) -> UserPredicate:
        """Users by any operator and value, sent unchanged, for undocumented operators."""
        if not isinstance(operator, str) or not operator:
            raise QueryError(f"an operator is text such as 'eq', not {operator!r}")
        for known in UserOperator:
            if operator != known.token and operator.strip().casefold() == known.token:
                raise QueryError(f"{operator!r} is {known.token!r} in another case; write that")
        return one_condition(self.name, exact_str(operator), self._encode(value))

    def _encode(self, value: object) -> str:
        if not isinstance(value, str) or not value:
            raise self._value_error(value)
        return exact_str(value)

    def _value_error(self, value: object) -> QueryError:
        error = type_error(self, value, "text")
        return enum_member_hint(error, value, self._encode) or error

    def _encode_single(self, value: object, siblings: list[Any] | None = None) -> str:
        """The text of a single value; `siblings` are the values of its list."""
        text = self._encode(value)
        if not text.strip():
            raise self._value_error(text)
        if SEPARATOR in text:
            raise QueryError(
                f"{text!r} contains a comma, which the API reads as 'one of'; "
                f"write {self!r}.is_in({_split_source(siblings or [value])})"
            )
        return text

    def _described(self) -> str:
        return f"{self!r} is a user attribute, and a user attribute"

    def _offered(self) -> list[str]:
        return ["==", ".is_in()", ".contains()", ".matches()"]

    def __reduce_ex__(self, protocol: SupportsIndex) -> str | tuple[Any, ...]:
        # A standard attribute is the same object in every process.
        if ATTRIBUTES.get(self.name) is self:
            return standard_attribute, (self.name,)
        return super().__reduce_ex__(protocol)

    def __repr__(self) -> str:
        from leadquery.expr.codegen import attribute_node, render_flat

        return render_flat(attribute_node(self))
