"""The ways to write down what checking came to: a file each, loaded when it is asked for."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import Final, TextIO

from leadquery.cli.formats.results import Outcome

Lines = Callable[[Iterable[Outcome]], Iterator[str]]
"""Outcomes as lines; those of a file may come before the next one is checked."""

FORMATS: Final = ("text", "json", "github", "sarif")


def lines_of(form: str) -> Lines:
    """The function that writes a format."""
    lines: Lines = import_module(f"leadquery.cli.formats.{form}").lines
    return lines


def use_colour(out: TextIO) -> bool:
    """By the wishes of the person (no-color.org, force-color.org), else on a terminal."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (
        out.isatty() and os.environ.get("TERM") != "dumb"
    )
