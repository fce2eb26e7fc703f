"""Libraries that answers turn into, where they are installed."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from leadquery.errors import MissingDependencyError


def import_optional(method: str, *names: str) -> Any:
    """The first of some modules that is installed; the error names what to install."""
    for name in names:
        try:
            return import_module(name)
        except ModuleNotFoundError as error:
            # What an installed library lacks of its own is for it to say.
            if error.name is None or error.name.partition(".")[0] != name.partition(".")[0]:
                raise
    packages = [name.partition(".")[0] for name in names]
    raise MissingDependencyError(
        f"{method} needs {' or '.join(packages)}, which is not installed; "
        f"write pip install {packages[0]}"
    )
