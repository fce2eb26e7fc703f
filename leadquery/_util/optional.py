"""Import optional dependencies."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from leadquery.errors import MissingDependencyError


def import_optional(method: str, *names: str) -> Any:
    """The first of these modules that is installed.

    Raises MissingDependencyError, which says what to install for `method`.
    """
    for name in names:
        try:
            return import_module(name)
        except ModuleNotFoundError as error:
            # An installed library that lacks a dependency of its own raises its own error.
            if error.name is None or error.name.partition(".")[0] != name.partition(".")[0]:
                raise
    packages = [name.partition(".")[0] for name in names]
    raise MissingDependencyError(
        f"{method} needs {' or '.join(packages)}, which is not installed; "
        f"run pip install {packages[0]}"
    )
