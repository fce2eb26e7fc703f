"""The same payload for other clients: one small file for each, and their registry.

A target's file is loaded when the target is named.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from leadquery._util.suggest import closest_match
from leadquery.errors import QueryError

if TYPE_CHECKING:
    from leadquery.exporters.base import Exporter


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


def get_exporter(name: str) -> Exporter:
    """The target of a name; QueryError for a name that is none.

    >>> get_exporter("curl").suffix
    '.sh'
    """
    if name not in NAMES:
        near = closest_match(name, {one: one for one in NAMES}) if isinstance(name, str) else None
        hint = f"write {near!r}" if near else f"known are {', '.join(NAMES)}"
        raise QueryError(f"{name!r} is no target; {hint}")
    target: Exporter = import_module(f"leadquery.exporters.{name}").EXPORTER
    return target
