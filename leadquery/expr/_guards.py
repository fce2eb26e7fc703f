"""Base classes of fields, conditions and queries that reject what Python would do with values.

`NotBoolean` has no truth value, no length and no items; `Combinable` is joined by `&` and `|`;
`Operand` is something to compare. Type checkers reject most of this misuse by themselves, and see
none of the methods below.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import attrgetter
from types import MethodType
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Final,
    NamedTuple,
    NoReturn,
    TypeVar,
    dataclass_transform,
)

from leadquery.errors import (
    FrozenError,
    Misuse,
    QueryError,
    UnknownNameError,
    UnsupportedQueryError,
    UsageError,
)

N = TypeVar("N", bound="NotBoolean")

_WITHOUT_ARGUMENTS: Final = ("where", "count", "describe")


class Messages(NamedTuple):
    """The messages for one type of operand.

    `noun` names the type, `reason` says why it has no truth value. `truth` and `iteration` are
    whole messages, `misplaced` says where the object belongs (`{0!r}` is the object itself).
    `operators` are those that `&` binds tighter than, `joins` how to write what `&` and `|` join,
    `inverted` is the message for `~`. `length`, `item` and `order` say what to write instead.
    """

    noun: str
    reason: str
    truth: str
    iteration: str
    misplaced: str | None = None
    operators: str = ""
    joins: Mapping[str, str] = {}
    inverted: str = ""
    length: str = ""
    item: str = ""
    order: str = ""


_LEADS: Final = {
    "&": "(A < 5) & (B == 1), or write where(A < 5, B == 1)",
    "|": "(A == 1) | (A == 5), or write A.is_in([1, 5])",
}

_USERS: Final = {
    "&": '(users.A == "x") & (users.B == "y"), or write owned_by(users.A == "x", users.B == "y")',
    "|": '(users.A == "x") | (users.B == "y")',
}

_ALONE: Final = "~ binds tighter than == and inverts {0!r} alone; "

_ANSWERED: Final = "which only the API can answer"

CONDITION: Final = Messages(
    "a condition",
    _ANSWERED,
    "a condition is neither true nor false before the API answers, so `and`, `or`, `not`, `if` "
    "and chains such as 5 < A < 20 cannot read it; join conditions with a comma or with &, each in "
    "brackets: where((A < 5) & (B == 1)), invert one with ~, and write a range as "
    "A.between(5, 20)",
    "a condition holds no values; give it to where(...)",
    "{0!r} is about leads; write where({0!r})",
    "< and ==",
    _LEADS,
)

FIELD: Final = Messages(
    "a field",
    "and it is a name without a value",
    "a field is neither true nor false; compare it, as in where(A == 1), "
    "or ask where(A.has_data())",
    "a field holds no values; write A.is_in([...]) for one of several, "
    "A.contains(...) for a part of a text",
    "{0!r} is a field; compare it, as in {0!r}.has_data()",
    "< and ==",
    _LEADS,
    f"{_ALONE}put the condition in brackets, ~({{0!r}} == ...), or write {{0!r}}.has_no_data()",
)

USER_CONDITION: Final = Messages(
    "a user condition",
    _ANSWERED,
    "a user condition is neither true nor false before the API answers, so `and`, `or`, `not` and "
    "`if` cannot read it; join user conditions with & and |, each in brackets: "
    'owned_by((users.A == "x") | (users.B == "y"))',
    "a user condition holds no values; give it to owned_by(...)",
    "{0!r} is about users; write owned_by({0!r})",
    "==",
    _USERS,
)

ATTRIBUTE: Final = Messages(
    "a user attribute",
    "and it is a name without a value",
    'a user attribute is neither true nor false; compare it, as in owned_by(users.A == "x")',
    "a user attribute holds no values; write users.A.is_in([...]) for one of several, "
    "users.A.contains(...) for a part of a text",
    "{0!r} is a user attribute; write owned_by({0!r} == ...)",
    "==",
    _USERS,
    f"{_ALONE}put the condition in brackets, ~({{0!r}} == ...)",
)

AGGREGATE: Final = Messages(
    "an aggregate",
    "and it has a value for each group",
    "an aggregate is neither true nor false; compare it, as in having(count() > 50)",
    "an aggregate holds no values; they are in the rows of client.run(query)",
    "{0!r} is an aggregate of a group; write having({0!r} > ...)",
    "< and ==",
    {
        "&": "(count() > 50) & (Score.average() < 20), or write having(a, b)",
        "|": "(count() > 50) | (Score.average() < 20)",
    },
    f"{_ALONE}put the condition in brackets, ~({{0!r}} > ...)",
)

GROUP_CONDITION: Final = Messages(
    "a condition on groups",
    "before it is known",
    "a condition on groups is neither true nor false before the groups are known, so `and`, `or`, "
    "`not` and `if` cannot read it; join such conditions with & and |, each in brackets: "
    "having((count() > 50) & (Score.average() < 20))",
    "a condition holds no values; give it to having(...)",
    "{0!r} is about groups; write having({0!r}) after the aggregates",
    "< and ==",
    AGGREGATE.joins,
)

QUERY: Final = Messages(
    "a query",
    "before it is sent",
    "a query is neither true nor false before it is sent; "
    "ask client.count(query) how many leads match",
    "a query holds no rows before it is sent; loop over the rows of client.run(query)",
    length="; ask client.count(query) how many leads match",
    item="; ask for a part of the rows, query.page(1, 10), or take them from client.run(query)",
    order="; sort its rows by query.order_by(...)",
)

_CONDITIONS: Final = (CONDITION, USER_CONDITION)


class NotBoolean:
    """An object that is neither true nor false and holds no values."""

    __slots__ = ()
    _messages: ClassVar[Messages]

    def __bool__(self) -> NoReturn:
        raise UsageError(self._messages.truth, Misuse("truth", self))

    if not TYPE_CHECKING:

        def __iter__(self):
            raise UsageError(self._messages.iteration, Misuse("iteration", self))

        def __contains__(self, item):
            raise UsageError(self._messages.iteration, Misuse("contains", self))

        def __len__(self):
            message = f"{self._messages.noun} has no length{self._messages.length}"
            raise UsageError(message, Misuse("length", self))

        def __getitem__(self, item):
            message = f"{self._messages.noun} has no items{self._messages.item}"
            if self._messages is QUERY and getattr(type(item), "_messages", None) in _CONDITIONS:
                message = f"a query has no items; {misplaced_message(item)}"
            raise UsageError(message, Misuse("item", self))

        def __lt__(self, other):
            message = f"{self._messages.noun} has no order{self._messages.order}"
            raise UsageError(message, Misuse("order", self))

        __le__ = __gt__ = __ge__ = __lt__


class ExplainedMembers:
    """An object whose unknown attributes raise an error that says what to write instead."""

    __slots__ = ()

    # Type checkers and completion know only the attributes that exist.
    if not TYPE_CHECKING:

        def __getattr__(self, name):
            message = f"{type(self).__name__!r} object has no attribute {name!r}"
            if name.startswith("_"):
                raise AttributeError(message)
            raise UnknownNameError(message, Misuse("member", self, name, value=type(self)))


class Combinable(NotBoolean):
    """An operand of `&` and `|`.

    If the left operand is of another type, parentheses are missing: in `A < 20 & B == 1`,
    `&` gets 20 and `B`.
    """

    __slots__ = ()

    if not TYPE_CHECKING:

        def __rand__(self, left):
            raise self._precedence_error("&", left)

        def __ror__(self, left):
            raise self._precedence_error("|", left)

        def _refuse_arithmetic(self, *_):
            raise QueryError(
                f"{self._messages.noun} has no value before the API answers, so nothing is "
                "computed from it; compare it alone, or compute with the rows of client.run(query)"
            )

        __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _refuse_arithmetic
        __truediv__ = __rtruediv__ = __floordiv__ = __pow__ = _refuse_arithmetic
        __abs__ = __pos__ = __round__ = _refuse_arithmetic

    def __setstate__(self, state: tuple[Mapping[str, object] | None, ...]) -> None:
        # A copy and a pickle have the attributes of a __dict__, if any, and those of slots.
        for attributes in filter(None, state):
            for name, value in attributes.items():
                object.__setattr__(self, name, value)

    def _precedence_error(self, operator: str, left: object) -> UsageError:
        from leadquery._util.text import safe_repr

        messages = self._messages
        bool_hint = "; `is`, `in` and `not` make a bool, not a condition"
        message = (
            f"{operator} binds tighter than {messages.operators}, and {safe_repr(left)} is not a "
            f"condition; put each condition in brackets, {messages.joins[operator]}"
            f"{bool_hint if type(left) is bool else ''}"
        )
        return UsageError(message, Misuse("precedence", self, operator, left))


class Comparable(Combinable):
    """An operand that equals others of its type with the same parts."""

    __slots__ = ()
    _compared: ClassVar[attrgetter[Any]]

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self._compared(other) == self._compared(self)

    def __hash__(self) -> int:
        return hash((type(self), self._compared(self)))


class Operand(Combinable):
    """A field or a user attribute: something to compare, without the operators its type lacks."""

    __slots__ = ()

    if not TYPE_CHECKING:

        def __and__(self, other):
            raise self._precedence_error("&", self)

        def __or__(self, other):
            raise self._precedence_error("|", self)

        def __invert__(self):
            raise UsageError(self._messages.inverted.format(self), Misuse("inverted", self))

        def __neg__(self):
            message = f"-{self!r} is not an order; write order_by({self!r}.desc())"
            raise UsageError(message, Misuse("negated", self))

        def __lt__(self, value):
            raise QueryError(self._unsupported("<"))

        def __le__(self, value):
            raise QueryError(self._unsupported("<="))

        def __gt__(self, value):
            raise QueryError(self._unsupported(">"))

        def __ge__(self, value):
            raise QueryError(self._unsupported(">="))

        def __getattr__(self, name):
            if name.startswith("_"):
                raise AttributeError(name)
            misuse = Misuse("attribute", self, name, suggestion=self._similar_method(name))
            raise UnknownNameError(self._unsupported(f".{name}()"), misuse)

    if TYPE_CHECKING:

        def _described(self) -> str:
            """The object with its type, as the beginning of a message."""
            raise NotImplementedError

        def _offered(self) -> list[str]:
            """The operators of its type, as they are written."""
            raise NotImplementedError

    def _unsupported(self, operator: str) -> str:
        return f"{self._described()} has no {operator}; it has {', '.join(self._offered())}"

    def _similar_method(self, name: str) -> str | None:
        from leadquery._util.text import corrected_name

        methods = [method for method in dir(type(self)) if method[0] != "_"]
        return corrected_name(name.casefold(), {method: method for method in methods})


def frozen_with_message(cls: type[N]) -> type[N]:
    """Let no attribute be set, by a `__setattr__` that says what to write."""

    def assign(self: N, name: str, _value: object = None) -> NoReturn:
        noun = self._messages.noun
        hint = "; each method returns a new one: query = query.where(...)"
        message = f"{noun} never changes, so .{name} cannot be set"
        if noun == "a query":
            message += hint
        raise FrozenError(message, Misuse("assignment", self, name))

    # attrs refuses a class that already has these; its own __init__ does not use them.
    cls.__setattr__ = assign  # type: ignore[assignment]
    cls.__delattr__ = assign  # type: ignore[assignment]
    return cls


@dataclass_transform(eq_default=False, frozen_default=True)
def frozen_class(cls: type[N]) -> type[N]:
    """The same for a class without attrs; type checkers refuse to set its attributes, too."""
    return frozen_with_message(cls)


MAX_DEPTH: Final = 100
"""How deep conditions nest. Python reads twice as many brackets in each other, but copies fewer."""


def check_depth(depth: int, advice: str) -> None:
    """Refuse conditions that nest too deep for what is done with them later."""
    if depth > MAX_DEPTH:
        raise UnsupportedQueryError(
            f"conditions are joined by & and | in each other more than {MAX_DEPTH} times; {advice}"
        )


def misplaced_message(value: object) -> str | None:
    """Where a field or a condition belongs that was passed to the wrong method."""
    # `isinstance` would ask the object for its class, and so run its code.
    ours = issubclass(type(value), NotBoolean)
    template = value._messages.misplaced if ours else None  # type: ignore[attr-defined]
    return None if template is None else template.format(value)


def position_of(value: object, arguments: Sequence[object]) -> int:
    """The place of an object among the arguments of a call; 0 if it is the only one."""
    return next((index for index, argument in enumerate(arguments) if argument is value), 0)


def uncalled_method_error(value: object, function: str) -> UsageError | None:
    """The error for a method of a query that was passed to a function instead of its result."""
    if type(value) is not MethodType or not isinstance(value.__self__, NotBoolean):
        return None
    name = value.__name__
    without_arguments = name in _WITHOUT_ARGUMENTS or name.startswith("to_")
    if function not in ("check", "from_payload") and name.startswith("to_"):
        hint, misuse = "give it the query", Misuse("payload")
    else:
        hint = f"call it: .{name}({'' if without_arguments else '...'})"
        misuse = Misuse("uncalled method", name=name if without_arguments else "")
    return UsageError(f"{function} was given the method .{name} itself; {hint}", misuse)
