"""Whose line it is: the first frame that is neither this package's nor the standard library's."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import FrameType
from typing import Final

import leadquery._explain

_OURS: Final = str(Path(leadquery._explain.__file__).parent.parent)

_STANDARD: Final = str(Path(os.__file__).parent)

# Code that is written while a program runs, as attrs and dataclasses do, is nobody's line.
_GENERATED: Final = ("<attrs generated", "<frozen ")


def caller_frame() -> FrameType:
    """The frame of the user's line; LookupError where there is none."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and not _is_internal(frame.f_code.co_filename):
        frame = frame.f_back
    if frame is None:
        raise LookupError("nobody's line is running")
    return frame


def _is_internal(file: str) -> bool:
    return not file.startswith((_OURS, *_GENERATED)) and not _is_pythons(file)


def _is_pythons(file: str) -> bool:
    """Whether a file is of the standard library, beside which packages are installed."""
    rest = file.removeprefix(_STANDARD)
    return rest != file and "-packages" not in rest
