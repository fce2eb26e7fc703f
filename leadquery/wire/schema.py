"""How JSON objects are declared: objects, lists, unions, and the key of each attribute."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, cached_property
from operator import attrgetter
from typing import Any, ClassVar, Final, NamedTuple, TypeAlias

import attrs

from leadquery.wire.types import EnumType, Leaf

SCHEMA_KEY: Final = "$schema"
"""The key of a payload file that names its JSON Schema, for editors; it is not sent."""

Class = Any
"""A class of `leadquery.wire.model`."""


class Object:
    """A JSON object of one class."""

    def __init__(self, of: Class) -> None:
        self.of = of


class Union:
    """A JSON object of one of several classes, which the value of one key decides.

    `discriminator` is the attribute of that key. With `ignores_other_keys`, the API ignores the
    keys of the other classes; otherwise they are errors.
    """

    def __init__(
        self, of: tuple[Class, ...], discriminator: str, *, ignores_other_keys: bool = False
    ) -> None:
        self.of, self.discriminator = of, discriminator
        self.ignores_other_keys = ignores_other_keys

    @cached_property
    def discriminator_type(self) -> EnumType[Any]:
        """The type of the deciding key, with the members of every class."""
        return EnumType(keys_of(self.of[0])[self.discriminator].type.enum)

    @cached_property
    def discriminate(self) -> Callable[[Any], Class | None]:
        """The class that a member of the deciding key belongs to, or None."""
        types = {cls: keys_of(cls)[self.discriminator].type for cls in self.of}
        return {member: cls for cls, of in types.items() for member in of.allowed()}.get

    @cached_property
    def all_keys(self) -> dict[str, Key]:
        """The keys of all classes, by name; the deciding one takes the members of every class."""
        known = {name: key for cls in self.of for name, key in keys_by_name(cls).items()}
        decides = keys_of(self.of[0])[self.discriminator]
        return known | {decides.name: decides._replace(type=self.discriminator_type)}

    @cached_property
    def own_keys(self) -> dict[Class, dict[str, Key]]:
        """The keys of each class that not all classes have, by attribute."""
        shared = set.intersection(*({*keys_of(cls)} for cls in self.of))
        return {
            cls: {
                attribute: key for attribute, key in keys_of(cls).items() if attribute not in shared
            }
            for cls in self.of
        }


class Array:
    """A list with at least one entry."""

    def __init__(self, of: Type) -> None:
        self.of = of


class JoinedArray:
    """A list of objects, of which each but the last names the operator that joins it to the next.

    The operator is in the attribute `joiner`, and is the same in the whole list.
    """

    def __init__(self, of: Callable[[], Class]) -> None:
        self._of = of

    @cached_property
    def of(self) -> Object:
        return Object(self._of())


Type: TypeAlias = "Leaf | Object | Union | Array | JoinedArray"


class Key(NamedTuple):
    """How an attribute is serialized: its JSON key, its type, and other names people give it."""

    name: str
    type: Any
    required: bool = True
    aliases: tuple[str, ...] = ()


_KEY: Final = "leadquery.key"


def key(
    name: str,
    wire_type: Type,
    *,
    required: bool = True,
    aliases: tuple[str, ...] = (),
    default: Any = attrs.NOTHING,
) -> Any:
    """An attrs field under a JSON key. One that is not required is None when absent."""
    return attrs.field(metadata={_KEY: Key(name, wire_type, required, aliases)}, default=default)


class WireObject:
    """A JSON object of the request.

    One repr, one comparison and one hash for all classes; attrs would compile its own for each.
    `label` is what messages call it, `section` the section of the API page that describes it.
    """

    __slots__ = ()

    label: ClassVar[str]
    section: ClassVar[str]

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and _values_of(other) == _values_of(self)

    def __hash__(self) -> int:
        return hash((type(self), _values_of(self)))

    def __repr__(self) -> str:
        values = [f"{attribute}={getattr(self, attribute)!r}" for attribute in keys_of(type(self))]
        return f"{type(self).__name__}({', '.join(values)})"


def _values_of(instance: object) -> object:
    """The values of all keys: a tuple, or the only one."""
    cls = type(instance)
    getter = _GETTERS.get(cls)
    if getter is None:
        getter = _GETTERS[cls] = attrgetter(*keys_of(cls))
    return getter(instance)


def keys_of(cls: Class) -> dict[str, Key]:
    """The keys of a class of the model, by attribute, in the order they are written."""
    keys = _KEYS.get(cls)
    if keys is None:
        keys = _KEYS[cls] = {field.name: field.metadata[_KEY] for field in attrs.fields(cls)}
    return keys


@cache
def keys_by_name(cls: Class) -> dict[str, Key]:
    """The keys of a class, by their names in JSON."""
    return {key.name: key for key in keys_of(cls).values()}


def key_name(cls: Class, attribute: str) -> str:
    """The JSON key of an attribute."""
    return keys_of(cls)[attribute].name


_KEYS: Final[dict[Class, dict[str, Key]]] = {}
_GETTERS: Final[dict[Class, Callable[[object], object]]] = {}


def classes_of(cls: Class) -> list[Class]:
    """A class, and those of the objects in its objects."""
    found: dict[Class, None] = {}
    waiting: list[Any] = [cls]
    for one in waiting:
        if isinstance(one, (Object, Array, JoinedArray)):
            waiting.append(one.of)
        elif isinstance(one, Union):
            waiting += one.of
        elif isinstance(one, type) and one not in found:
            found[one] = None
            waiting += [key.type for key in keys_of(one).values()]
    return [*found]


def define_functions(sources: Iterable[str], names: dict[str, Any]) -> None:
    """Define functions by their generated sources, which take everything else from `names`."""
    exec("\n\n".join(sources), names)  # noqa: S102 - made of the declarations of the model only.
