"""Whose line it is: the first frame that is neither this package's nor the standard library's."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType
from typing import Final

_OURS: Final = str(Path(__file__).parent.parent)

_STANDARD: Final = str(Path(os.__file__).parent)

# Code that is written while a program runs, as attrs and dataclasses do, is nobody's line.
_GENERATED: Final = ("<attrs generated", "<frozen ")


def caller_entry(traceback: TracebackType | None) -> TracebackType | None:
    """The traceback entry of the caller's line; None before the error has reached it."""
    found = None
    while traceback is not None:
        if _is_callers(traceback.tb_frame.f_code.co_filename):
            found = traceback
        traceback = traceback.tb_next
    return found


def _is_callers(file: str) -> bool:
    return not file.startswith((_OURS, *_GENERATED)) and not _is_pythons(file)


def _is_pythons(file: str) -> bool:
    """Whether a file is of the standard library, beside which packages are installed."""
    rest = file.removeprefix(_STANDARD)
    return rest != file and "-packages" not in rest
