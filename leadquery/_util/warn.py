"""Warnings at the line of the caller."""

from __future__ import annotations

import sys
import warnings


def warn_user(message: str, category: type[Warning] = UserWarning) -> None:
    """Warn at the first line outside this package."""
    depth, frame = 1, sys._getframe()
    # Code that is run by `exec` may have no name.
    while frame.f_back is not None and str(frame.f_globals.get("__name__")).startswith(
        "leadquery."
    ):
        depth, frame = depth + 1, frame.f_back
    warnings.warn(message, category, stacklevel=depth)
