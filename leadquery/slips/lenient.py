"""Methods that are called with fewer values than they take, and say themselves what to write."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any


def lenient(method: Callable[..., Any], *defaults: object) -> None:
    """Let a method run without its last values; its signature stays that of its source."""
    made: Any = method
    made.__signature__ = inspect.signature(method)
    made.__defaults__ = defaults
