"""What a question is made of: things that Python may neither test, go over, nor join unasked.

Type checkers refuse most of these lines by themselves, and see none of the methods that explain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NoReturn

from leadquery.errors import QueryError, SlipError, UnknownNameError
from leadquery.slips.texts import Texts


class Asked:
    """A thing that is neither true nor false and holds no values."""

    __slots__ = ()
    _slips: ClassVar[Texts]

    def __bool__(self) -> NoReturn:
        raise SlipError(self._slips.truth)

    if not TYPE_CHECKING:

        def __iter__(self):
            raise SlipError(self._slips.iteration)

        def __contains__(self, item):
            raise SlipError(self._slips.iteration)


class Joinable(Asked):
    """A thing that stands beside `&` and `|`; what Python puts there on its left is no condition.

    In `A < 20 & B == 1` that is 20.
    """

    __slots__ = ()

    if not TYPE_CHECKING:

        def __rand__(self, left):
            self._unbracketed("&", left)

        def __ror__(self, left):
            self._unbracketed("|", left)

    def _unbracketed(self, sign: str, beside: object) -> NoReturn:
        texts = self._slips
        made = "; a bool that comes of `is`, `in` or `not` is no condition"
        raise SlipError(
            f"{beside!r} stands beside {sign}, which binds tighter than {texts.tight}; "
            f"put each condition in brackets, {texts.joins[sign]}"
            f"{made if isinstance(beside, bool) else ''}"
        )


class Bare(Joinable):
    """A name to compare: no condition yet, and without the operators that its kind lacks."""

    __slots__ = ()

    if not TYPE_CHECKING:

        def __and__(self, other):
            self._unbracketed("&", self)

        def __or__(self, other):
            self._unbracketed("|", self)

        def __invert__(self):
            raise SlipError(self._slips.inverted.format(self))

        def __lt__(self, value):
            self._lacks("<")

        def __le__(self, value):
            self._lacks("<=")

        def __gt__(self, value):
            self._lacks(">")

        def __ge__(self, value):
            self._lacks(">=")

        def __getattr__(self, name):
            if name.startswith("_"):
                raise AttributeError(name)
            self._lacks(f".{name}()", UnknownNameError)

    if TYPE_CHECKING:

        def _described(self) -> str:
            """Itself with its kind, as the subject of what the kind lacks."""
            raise NotImplementedError

        def _offered(self) -> list[str]:
            """The operators of its kind, as they are written."""
            raise NotImplementedError

    def _lacks(self, operator: str, error: type[QueryError] = QueryError) -> NoReturn:
        has = ", ".join(self._offered())
        raise error(f"{self._described()} has no {operator}; it has {has}")
