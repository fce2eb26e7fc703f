"""The example of a rule as its mistake, for rules without a function that makes theirs."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from leadquery import check
from leadquery.lint.rules import Rule, examples
from tests.laws.mistakes import clean
from tests.laws.mistakes.mistake import Make, Mistake, Wrong, at, in_text


def mistake_of(rule: Rule) -> st.SearchStrategy[Mistake]:
    """The payload that breaks a rule, in a payload without mistakes, in any style."""
    if rule.code.startswith("LQ1"):
        [found] = [one for one in check(rule.bad) if one.code == rule.code]
        return st.just(Mistake(rule.bad, (), (found.column or 1) - 1))
    return in_text(_in_clean_payload(rule))


def _in_clean_payload(rule: Rule) -> Make:
    fields: Any = [*examples.FIELDS] if rule.code.startswith("LQ6") else None
    bad = json.loads(rule.bad)
    is_whole = not {"Output", "ReportFilter", "DateFilter", "Paging"} & {*bad}
    parts = {key: bad.get(key) for key in ("Output", "Paging")}
    [found] = [one for one in check(bad, fields) if one.code == rule.code]
    path = _steps(found.pointer, bad)

    def make(draw: st.DrawFn) -> Wrong:
        output_type = "aggregate" if (parts["Output"] or {}).get("Type") == "aggregate" else "list"
        # An example without a key of the API is one as a whole.
        payload = bad if is_whole else {**clean.payload(draw, output_type=output_type), **bad}
        if fields is not None and "Output" not in bad:
            payload["Output"] = {"Type": "list", "IncludeCSV": "Phone"}
        entries = {key: payload[key] for key in draw(st.permutations([*payload]))}
        missing = not _holds(entries, path)
        points = "object" if missing else "key" if rule.at_key else "value"
        fixed = check(entries, fields).fixed(unsafe=True) if found.fix else None
        edited = (
            tuple((edit.path, "entry" if edit.path else "value") for edit in found.fix.edits)
            if found.fix
            else ()
        )
        fix = found.fix and ("safe" if found.fix.safe else "unsafe")
        return Wrong(entries, path, points, fix, edited, fixed, fields=fields)

    return make


def _steps(pointer: str, payload: Any) -> tuple[str | int, ...]:
    """The path of a JSON Pointer."""
    steps: list[str | int] = []
    for part in pointer.split("/")[1:]:
        holder = at(payload, tuple(steps))
        step = part.replace("~1", "/").replace("~0", "~")
        steps.append(int(step) if isinstance(holder, list) else step)
    return tuple(steps)


def _holds(payload: Any, path: tuple[str | int, ...]) -> bool:
    try:
        at(payload, path)
    except (KeyError, IndexError):
        return False
    return True
