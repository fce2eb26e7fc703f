"""A law of fixes: what one writes is accepted, and nothing else changes."""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from hypothesis import given, strategies as st

from leadquery import check
from leadquery.lint.diagnostics import Edit, EditKind, Path, apply_to_object
from leadquery.lint.report import Diagnostic, path_text
from tests.laws.mistakes.accounts import FIELDS
from tests.laws.mutations import mutated

Json = Any

# A fix may make a list of one value, which is reported only then.
LEFT = {"LQ505"}

# What is reported of a value that does not fit the type of its field.
TYPES = {"LQ510", "LQ603", "LQ604", "LQ606"}

accounts = st.sampled_from([None, FIELDS])


def place_after(edit: Edit) -> Path:
    """Where the value of an edit is in the payload that it makes."""
    if edit.change is EditKind.RENAME:
        return (*edit.path[:-1], edit.to)
    return edit.path


def moved(path: str, edits: tuple[Edit, ...]) -> str:
    """Where what is reported at a path is after some edits."""
    for edit in edits:
        before = {EditKind.RENAME: edit.path, EditKind.UNWRAP: (*edit.path, 0)}.get(edit.change)
        if before is not None and path.startswith(path_text(before)):
            return path_text(place_after(edit)) + path.removeprefix(path_text(before))
    return path


def without(node: Json, paths: list[Path]) -> Json:
    """A copy of a payload without what is at some paths."""
    if () in paths:
        return None
    below: dict[str | int, list[Path]] = {}
    for first, *rest in paths:
        below.setdefault(first, []).append(tuple(rest))
    if isinstance(node, dict):
        kept = {key: without(value, below.get(key, [])) for key, value in node.items()}
        return {key: value for key, value in kept.items() if () not in below.get(key, [])}
    if isinstance(node, list):
        kept_items = [(i, without(value, below.get(i, []))) for i, value in enumerate(node)]
        return [value for i, value in kept_items if () not in below.get(i, [])]
    return node


@given(mutated(), accounts)
def test_a_fix_is_accepted_and_changes_nothing_else(payload: Json, fields: Json) -> None:
    """Each alone: at its place nothing is reported that was not before."""
    report = check(payload, fields)
    crowded = crowded_objects(report)
    for one in report:
        if one.fix is None or not one.fix.edits:
            continue
        edits = one.fix.edits
        original = copy.deepcopy(payload)
        fixed = apply_to_object(payload, edits)
        written = [place_after(edit) for edit in edits if edit.change is not EditKind.REMOVE]
        places = {*map(path_text, written)}
        # Also what was reported below a place, such as one value of a list.
        before = {
            (found.code, path)
            for found in report
            for path in places
            if moved(found.path, edits).startswith(path)
        }
        after = {(found.code, found.path) for found in check(fixed, fields)}

        assert payload == original
        # The value of a misspelt key is compared with the field's type once the key is known, and
        # a fix of one mistake may reveal more of another one in the same object.
        revealed = any(edit.change is EditKind.RENAME for edit in edits) or parent(one) in crowded
        if not revealed:
            assert {code for code, path in after - before if path in places} <= LEFT
        assert (one.code, one.path) not in after or one.path not in places
        assert without(fixed, written) == without(payload, [edit.path for edit in edits])


def parent(found: Diagnostic) -> str:
    """The object or list that a diagnostic is in."""
    return re.sub(r"(\.[^.]*|\[[^]]*\])$", "", found.path)


def crowded_objects(report: Iterable[Diagnostic]) -> set[str]:
    """The objects with more than one diagnostic in them or below them."""
    parents = Counter(map(parent, report))
    return {
        one
        for one in parents
        if sum(number for other, number in parents.items() if other.startswith(one)) > 1
    }


def errors(found: tuple[Diagnostic, ...]) -> Counter[str]:
    """The errors in a report, by code."""
    return Counter(one.code for one in found if one.severity == "error")


@given(mutated(), accounts)
def test_all_fixes_together_add_no_error(payload: Json, fields: Json) -> None:
    """Fixes may reveal a warning, such as a list of one value, but no new kind of error.

    Only the type of a value may be reported where another mistake hid it.
    """
    report = check(payload, fields)
    again = check(report.fixed(unsafe=True), fields)

    added = errors(again.diagnostics) - errors(report.diagnostics)
    assert {*added} <= TYPES
