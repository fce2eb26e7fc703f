"""What an error says beside the line that it shows."""

from __future__ import annotations


def plain(error: BaseException) -> str:
    """The text of an error without the place, the line, and the line written right."""
    return str(error).partition('\n  File "')[0]
