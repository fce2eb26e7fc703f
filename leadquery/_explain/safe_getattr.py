"""What things hold, read without asking them: no code of the user's runs."""

from __future__ import annotations

import functools
import sys
from types import GetSetDescriptorType, MemberDescriptorType, ModuleType
from typing import Any, Final

from leadquery.expr._guards import Messages, NotBoolean

_CLIENTS: Final = "leadquery.client.client"

_DICT: Final = type.__dict__["__dict__"]

_MRO: Final = type.__dict__["__mro__"]

MISSING: Final = object()


def is_a(thing: object, *kinds: type) -> bool:
    """Whether a thing is of a kind; what it says of its class is not asked for."""
    return issubclass(type(thing), kinds)


def are_all(several: Any, texts: Messages) -> bool:
    """Whether a list holds one kind of our things alone."""
    listed = type(several) in (list, tuple, set, frozenset) and len(several) > 0
    return listed and all(is_a(one, NotBoolean) and one._messages is texts for one in several)


def is_client(thing: object) -> bool:
    """Whether a thing is a client."""
    kind = _client()
    return kind is not None and is_a(thing, kind)


def makes_clients(thing: Any) -> bool:
    """Whether a thing is a class of clients, or one with some of its arguments given."""
    if is_a(thing, functools.partial):
        thing = functools.partial.__dict__["func"].__get__(thing)
    kind = _client()
    return kind is not None and is_a(thing, type) and kind in _MRO.__get__(thing)


def getattr_static(owner: Any, name: str) -> Any:
    """What stands under a name in a module, a class or a plain object, which is not asked."""
    if is_a(owner, type):
        places = [_DICT.__get__(kind) for kind in _MRO.__get__(owner)]
    else:
        places = [own_names(owner), _DICT.__get__(type(owner))]
    for held in places:
        if name in held and _is_plain(owner, held[name]):
            return held[name]
    return MISSING


def own_names(owner: Any) -> dict[str, Any]:
    """The names of a module or a plain object; none where it has its own way to keep them."""
    kept = _of_kind(type(owner), "__dict__")
    sure = type(kept) in (GetSetDescriptorType, MemberDescriptorType)
    found = kept.__get__(owner) if sure else {}
    return found if type(found) is dict else {}


def _client() -> type | None:
    """The class of clients, which no line can name before it is loaded."""
    module = sys.modules.get(_CLIENTS)
    return None if module is None else own_names(module).get("Client")


def _is_plain(owner: Any, held: Any) -> bool:
    found = is_a(owner, ModuleType) or is_a(held, NotBoolean)
    return found or _of_kind(type(held), "__get__") is MISSING


def _of_kind(kind: type, name: str) -> Any:
    """What a class or one above it has under a name."""
    places = (_DICT.__get__(one) for one in _MRO.__get__(kind))
    return next((place[name] for place in places if name in place), MISSING)
