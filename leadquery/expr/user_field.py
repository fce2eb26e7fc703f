"""An attribute of users, and the conditions it builds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Final, NoReturn, SupportsIndex

import attrs

from leadquery._util.text import exact_str, python_literal
from leadquery.errors import QueryError, UnsupportedQueryError
from leadquery.expr._guards import ATTRIBUTE, Operand, frozen_with_message
from leadquery.expr.encoders import type_error
from leadquery.expr.registry import ATTRIBUTES, standard_attribute
from leadquery.expr.user_predicate import UserPredicate, one_condition
from leadquery.wire import model
from leadquery.wire.enums import LogicalOperator, UserOperator
from leadquery.wire.protocol import SEPARATOR

# The API takes several of these in one value, joined by commas.
_JOINED: Final = ("UserID", "EmailAddress")


def _named(name: str) -> str:
    if isinstance(name, str) and name:
        return exact_str(name)
    raise QueryError(f"an attribute's name is text such as 'Team', not {name!r}")


def _parted(texts: list[Any]) -> str:
    """The list of what commas part in some texts, as it is written."""
    from leadquery.expr.codegen import list_node, render_flat

    written = [text for text in texts if isinstance(text, str)]
    parts = [part.strip() for text in written for part in text.split(SEPARATOR)]
    return render_flat(list_node(dict.fromkeys(filter(None, parts)))) if any(parts) else "[...]"


@frozen_with_message
@attrs.frozen(eq=False, repr=False)
class Attribute(Operand):
    """An attribute of users: `users.Attribute("Team")`, or a name of `leadquery.users`.

    Values are text. `==` and `is_in` cannot carry a comma, which the API reads as "one of".
    (API page: User Filter)
    """

    name: str = attrs.field(converter=_named)

    _messages: ClassVar = ATTRIBUTE

    def __eq__(self, value: str) -> UserPredicate:  # type: ignore[override]
        try:
            text = self._single(value)
        except QueryError as error:
            from leadquery.expr.encoders import list_hint

            raise list_hint(self, "==", value) or error from None
        return one_condition(self.name, UserOperator.EQUAL.token, text)

    __hash__ = object.__hash__

    def __ne__(self, value: object) -> NoReturn:
        from leadquery._util.text import safe_repr

        said = python_literal(value) if isinstance(value, str) else safe_repr(value)
        raise UnsupportedQueryError(
            f"{self!r} != {said}: no such operator is known for users; "
            f"name the values that may stand: {self!r}.is_in([...])"
        )

    def is_in(self, values: Iterable[str]) -> UserPredicate:
        """Users whose attribute is one of `values`: one condition for ids and e-mail addresses,
        which the API takes comma-joined, else conditions joined by OR.
        """
        if isinstance(values, (str, bytes)) or not hasattr(values, "__iter__"):
            given = python_literal(values)
            raise QueryError(f"is_in takes a list of values; write {self!r}.is_in([{given}])")
        several = list(values)
        texts = dict.fromkeys([self._single(value, several) for value in several])
        if not texts:
            raise QueryError(f"{self!r}.is_in([]) names nobody; give it at least one value")
        equal = UserOperator.EQUAL.token
        if self.name in _JOINED:
            return one_condition(self.name, equal, SEPARATOR.join(texts))
        group = [model.UserCondition(self.name, equal, text, None) for text in texts]
        return UserPredicate((tuple(group),), LogicalOperator.AND)

    def contains(self, part: str) -> UserPredicate:
        """Users whose attribute holds `part`."""
        return one_condition(self.name, UserOperator.CONTAINS.token, self._text(part))

    def matches(self, operator: str, value: str) -> UserPredicate:
        """A condition word by word, with an operator that nobody has seen, or a value as it is."""
        if not isinstance(operator, str) or not operator:
            raise QueryError(f"an operator is text such as 'eq', not {operator!r}")
        for known in UserOperator:
            if operator != known.token and operator.strip().casefold() == known.token:
                raise QueryError(f"{operator!r} is {known.token!r} in other letters; write that")
        return one_condition(self.name, exact_str(operator), self._text(value))

    def _text(self, value: object) -> str:
        if not isinstance(value, str) or not value:
            raise self._refused(value)
        return exact_str(value)

    def _refused(self, value: object) -> QueryError:
        from leadquery.expr.encoders import enum_member_hint

        error = type_error(self, value, "text")
        return enum_member_hint(error, value, self._text) or error

    def _single(self, value: object, beside: list[Any] | None = None) -> str:
        """A value that stands for itself alone, `beside` others of a list."""
        text = self._text(value)
        if not text.strip():
            raise self._refused(text)
        if SEPARATOR in text:
            raise QueryError(
                f"{text!r} holds a comma, which the API reads as 'one of'; "
                f"write {self!r}.is_in({_parted(beside or [value])})"
            )
        return text

    def _described(self) -> str:
        return f"{self!r} is a user attribute, and a user attribute"

    def _offered(self) -> list[str]:
        return ["==", ".is_in()", ".contains()", ".matches()"]

    def __reduce_ex__(self, protocol: SupportsIndex) -> str | tuple[Any, ...]:
        if ATTRIBUTES.get(self.name) is self:
            return standard_attribute, (self.name,)
        return super().__reduce_ex__(protocol)

    def __repr__(self) -> str:
        from leadquery.expr.codegen import attribute_node, render_flat

        return render_flat(attribute_node(self))
