"""The same payload for other clients: one small file for each, and their registry.

A target's file is loaded when the target is named.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from leadquery.errors import QueryError
from leadquery.slips import nearest

if TYPE_CHECKING:
    from leadquery.targets.target import Target

NAMES: Final = (
    "json",
    "curl",
    "http",
    "python",
    "httpx",
    "javascript",
    "php",
    "powershell",
    "har",
    "postman",
    "openapi",
    "schema",
)


def named(name: str) -> Target:
    """The target of a name; QueryError for a name that is none.

    >>> named("curl").suffix
    '.sh'
    """
    if name not in NAMES:
        near = nearest(name, {one: one for one in NAMES}) if isinstance(name, str) else None
        hint = f"write {near!r}" if near else f"known are {', '.join(NAMES)}"
        raise QueryError(f"{name!r} is no target; {hint}")
    target: Target = import_module(f"leadquery.targets.{name}").TARGET
    return target
