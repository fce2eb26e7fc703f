"""What a question is made of: things that Python may neither test, go over, nor join unasked.

Type checkers refuse most of these lines by themselves, and see none of the methods that explain.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, TypeVar

from leadquery.errors import FrozenError, QueryError, UnknownNameError, UsageError
from leadquery.expr._messages import Messages
from leadquery.expr._misuse import Misuse, explain

A = TypeVar("A", bound="NotBoolean")


class NotBoolean:
    """A thing that is neither true nor false and holds no values."""

    __slots__ = ()
    _slips: ClassVar[Messages]

    def __bool__(self) -> NoReturn:
        raise explain(UsageError(self._slips.truth), Misuse("truth", self))

    if not TYPE_CHECKING:

        def __iter__(self):
            raise explain(UsageError(self._slips.iteration), Misuse("iteration", self))

        def __contains__(self, item):
            raise explain(UsageError(self._slips.iteration), Misuse("contains", self))

        def __len__(self):
            text = f"{self._slips.noun} has no length{self._slips.length}"
            raise explain(UsageError(text), Misuse("length", self))

        def __getitem__(self, item):
            text = f"{self._slips.noun} holds no values to take{self._slips.item}"
            raise explain(UsageError(text), Misuse("part", self))

        def __lt__(self, other):
            text = f"{self._slips.noun} has no order{self._slips.order}"
            raise explain(UsageError(text), Misuse("part", self))

        __le__ = __gt__ = __ge__ = __lt__


def frozen_with_message(made: type[A]) -> type[A]:
    """A class of values that says what to write where one is assigned to."""

    def assign(self: A, name: str, _value: object = None) -> NoReturn:
        noun = self._slips.noun
        new = "; each method returns a new one: query = query.where(...)"
        text = f"{noun} never changes, so .{name} cannot be set{new if noun == 'a query' else ''}"
        raise explain(FrozenError(text), Misuse("assigned", self, name))

    # attrs refuses a class of its own that has these; what it makes itself does not use them.
    made.__setattr__ = assign  # type: ignore[assignment]
    made.__delattr__ = assign  # type: ignore[assignment]
    return made


def lenient(method: Callable[..., object], *defaults: object) -> None:
    """Let a method run without its last values; its signature stays that of its source."""
    made: Any = method
    # To ask `inspect` for it takes longer, as it is loaded, than to keep who has none.
    kept = FunctionType(made.__code__, made.__globals__, made.__name__, made.__defaults__)
    kept.__kwdefaults__, kept.__annotations__ = made.__kwdefaults__, made.__annotations__
    made.__wrapped__, made.__defaults__ = kept, defaults


class Combinable(NotBoolean):
    """A thing that stands beside `&` and `|`; what Python puts there on its left is no condition.

    In `A < 20 & B == 1` that is 20.
    """

    __slots__ = ()

    if not TYPE_CHECKING:

        def __rand__(self, left):
            raise self._unbracketed("&", left)

        def __ror__(self, left):
            raise self._unbracketed("|", left)

    def _unbracketed(self, sign: str, beside: object) -> UsageError:
        from leadquery._util.text import safe_repr

        texts = self._slips
        made = "; a bool that comes of `is`, `in` or `not` is no condition"
        error = UsageError(
            f"{safe_repr(beside)} stands beside {sign}, which binds tighter than {texts.tight}; "
            f"put each condition in brackets, {texts.joins[sign]}"
            f"{made if type(beside) is bool else ''}"
        )
        return explain(error, Misuse("beside", self, sign, beside))


class Operand(Combinable):
    """A name to compare: no condition yet, and without the operators that its kind lacks."""

    __slots__ = ()

    if not TYPE_CHECKING:

        def __and__(self, other):
            raise self._unbracketed("&", self)

        def __or__(self, other):
            raise self._unbracketed("|", self)

        def __invert__(self):
            error = UsageError(self._slips.inverted.format(self))
            raise explain(error, Misuse("inverted", self))

        def __lt__(self, value):
            raise self._lacks("<")

        def __le__(self, value):
            raise self._lacks("<=")

        def __gt__(self, value):
            raise self._lacks(">")

        def __ge__(self, value):
            raise self._lacks(">=")

        def __getattr__(self, name):
            if name.startswith("_"):
                raise AttributeError(name)
            error = self._lacks(f".{name}()", UnknownNameError)
            raise explain(error, Misuse("named", self, name, near=self._near(name)))

    if TYPE_CHECKING:

        def _described(self) -> str:
            """Itself with its kind, as the subject of what the kind lacks."""
            raise NotImplementedError

        def _offered(self) -> list[str]:
            """The operators of its kind, as they are written."""
            raise NotImplementedError

    def _lacks(self, operator: str, error: type[QueryError] = QueryError) -> QueryError:
        has = ", ".join(self._offered())
        return error(f"{self._described()} has no {operator}; it has {has}")

    def _near(self, name: str) -> str | None:
        """The method of its kind that a misspelt name means."""
        from leadquery._util.suggest import closest_match

        methods = [one.strip(".()") for one in self._offered() if one.startswith(".")]
        return closest_match(name.casefold(), {one: one for one in methods}, 0.8)
