"""A law of fixes: what one writes is accepted, and nothing else changes."""

from __future__ import annotations

import copy
from collections import Counter
from typing import Any

from hypothesis import example, given, strategies as st

from leadquery import check
from leadquery.lint.diagnostics import Edit, EditKind, Path, path_text
from leadquery.lint.fixes import Replacement, apply_to_object, replacements
from leadquery.lint.json_text import parse
from leadquery.lint.report import Diagnostic
from tests.laws.broken_texts import broken_texts
from tests.laws.mistakes.accounts import FIELDS
from tests.laws.mutations import mutated

Json = Any

# What can be reported only once the name of a field can be read: names that the account does not
# have, and what the type of a field does not support.
OF_FIELDS = {"LQ510", "LQ601", "LQ603", "LQ604", "LQ606"}

accounts = st.sampled_from([None, FIELDS])

NAMES = ["Score", "Scor", "LastVisitDate", "CreatedOn", "ProspectStage", "DoNotCall", "Phone"]
OPERATORS = ["=", "==", "<>", ">", "LIKE", "lik", "nlik", "in", "IN", "def", "eq", "", 5, None]
VALUES = ["a", "5", "a,b", "5,6", "2026-01-01", "2026-01-01 00:00:00", "%a%", "Yes", "", 5, None]

NUMBERS = {"LookUpName": "Score", "SqlOperator": "in", "LookUpValues": [1, True]}
LIST = {"Type": "list", "IncludeCSV": "FirstName"}


@st.composite
def filters_with_mistakes(draw: st.DrawFn) -> Json:
    """A payload with filters whose name, operator and value may all be wrong."""
    one = st.fixed_dictionaries(
        {
            draw(st.sampled_from(["LookUpName", "lookupname", "LookUpNme"])): st.sampled_from(
                NAMES
            ),
            draw(st.sampled_from(["SqlOperator", "Operator"])): st.sampled_from(OPERATORS),
            draw(st.sampled_from(["LookUpValue", "LookUpValues", "lookUpValue", "LookUpVale"])): (
                st.sampled_from(VALUES) | st.lists(st.sampled_from(VALUES), max_size=2)
            ),
        }
    )
    return {
        "ReportFilter": {"LeadFilters": draw(one | st.lists(one, max_size=3))},
        "Output": LIST,
        "Paging": {"PageIndex": 1, "PageSize": 100},
    }


payloads = mutated() | filters_with_mistakes()


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


def is_refusal(found: Diagnostic) -> bool:
    """Whether it says that something cannot be; other warnings may need a key that is right."""
    return found.severity == "error" or found.code == "LQ510"


@given(payloads, accounts)
def test_a_fix_is_accepted_and_changes_nothing_else(payload: Json, fields: Json) -> None:
    """Each alone: at its place nothing is reported that was not before.

    What moves changes two places, and has laws of its own.
    """
    report = check(payload, fields)
    for one in report:
        if one.fix is None or not one.fix.edits or one.fix.moves:
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
        again = check(fixed, fields)
        after = {(found.code, found.path) for found in again if is_refusal(found)}

        assert payload == original
        assert not {(code, path) for code, path in after - before if path in places}
        # One text can have several names that are wrong, and a list several duplicates of one.
        if one.path in places:
            remaining = {(found.code, found.path, found.message) for found in again}
            assert (one.code, one.path, one.message) not in remaining
        assert without(fixed, written) == without(payload, [edit.path for edit in edits])


def errors(found: tuple[Diagnostic, ...]) -> Counter[str]:
    """The errors in a report, by code."""
    return Counter(one.code for one in found if one.severity == "error")


@given(payloads, accounts)
def test_all_fixes_together_add_no_error(payload: Json, fields: Json) -> None:
    """Fixes may reveal a warning, such as a list of one value, but no new kind of error.

    Only what depends on a field may be reported once the name of the field is right.
    """
    report = check(payload, fields)
    again = check(report.fixed(unsafe=True), fields)

    added = errors(again.diagnostics) - errors(report.diagnostics)
    assert {*added} <= OF_FIELDS


@given(payloads | broken_texts(), accounts, st.booleans())
@example({"ReportFilter": {"LeadFilters": [NUMBERS]}, "Output": LIST}, None, True)
@example({"Filters": {"Output": {**LIST, "IncludeCSV": "Phone, Fax"}}}, None, False)
def test_what_is_fixed_has_no_safe_fix(payload: Json, fields: Json, unsafe: bool) -> None:
    """So fixing it again changes nothing."""
    fixed = check(payload, fields).fixed(unsafe=unsafe)
    again = check(fixed, fields)

    assert [str(one) for one in again.all_diagnostics if one.fix and one.fix.safe] == []
    assert again.fixed() == fixed


def replaced(text: str, changes: tuple[Replacement, ...]) -> str:
    """A text with replacements made."""
    for change in reversed(changes):
        text = text[: change.start] + change.text + text[change.end :]
    return text


@given(broken_texts(), accounts)
def test_one_fix_changes_only_its_place_in_a_broken_text(text: str, fields: Json) -> None:
    """The value that is read is the fixed one, and all other mistakes of the text are left."""
    report = check(text, fields)
    parsed = parse(text)
    for one in report:
        changes = replacements(report, one)
        if one.fix is None or "NaN" in str(report.source and report.source.repaired):
            continue
        after = replaced(text, changes)
        again = parse(after)
        issues = Counter(
            issue.rule.code for issue in (parsed.source and parsed.source.issues) or ()
        )
        left = Counter(issue.rule.code for issue in (again.source and again.source.issues) or ())
        if one.fix.edits:
            assert again.raw == apply_to_object(parsed.raw, one.fix.edits)
            assert not left - issues
        else:
            assert again.raw == parsed.raw
            assert left == issues - Counter([one.code])
