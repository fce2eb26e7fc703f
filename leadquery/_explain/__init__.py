"""What a person meant: the nearest name, and what to write where Python reads a line otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leadquery._explain.lines import (
        comparison_error,
        keyword_error,
        misplaced_error,
        misplaced_field_error,
        not_a_condition_error,
        uncalled_error,
        unsendable_error,
        warn_user,
        wrong_call_error,
    )
    from leadquery._explain.names import module_attribute_error, query_attribute_error
    from leadquery._util.suggest import closest_match, normalize_name


__all__ = [
    "closest_match",
    "comparison_error",
    "keyword_error",
    "misplaced_error",
    "misplaced_field_error",
    "module_attribute_error",
    "normalize_name",
    "not_a_condition_error",
    "query_attribute_error",
    "uncalled_error",
    "unsendable_error",
    "warn_user",
    "wrong_call_error",
]


def __getattr__(name: str) -> object:
    # What is said of a mistake is loaded with the first one.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from leadquery._explain import lines, names

    return getattr(lines, name, None) or getattr(names, name)
