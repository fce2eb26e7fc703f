"""Mistakes in single values: LQ301 to LQ313."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from hypothesis import strategies as st

from tests.laws.formatting import Path
from tests.laws.mistakes import clean
from tests.laws.mistakes.mistake import Make, Wrong, at, paths_of, replaced

Json = Any
Variants = dict[str, dict[str | None, tuple[str, ...]]]
"""For each valid value, by the safety of the fix, wrong ways to write it."""

_TYPES: Final[Variants] = {
    "list": {"safe": ("rows", "Table", "leads"), "unsafe": ("lst", "lists", "chart", "")},
    "aggregate": {"safe": ("summary", "Group"), "unsafe": ("agregate", "pivot")},
}
_DATE_FIELDS: Final[Variants] = {
    "LeadCreatedOn": {
        "safe": ("CreatedOn", "Created_On", "created"),
        "unsafe": ("LeadCreatdOn",),
        None: ("ProspectStage", ""),
    },
    "LeadModifiedOn": {
        "safe": ("ModifiedOn", "LastModifiedOn"),
        "unsafe": ("LeadModifiedOm",),
        None: ("Score",),
    },
}
_FUNCTIONS: Final[Variants] = {
    "Count": {"safe": ("cnt", "Number"), "unsafe": ("Coutn",), None: ("Max", "")},
    "Average": {"safe": ("Avg", "mean"), "unsafe": ("Averge",), None: ("Min",)},
    "Sum": {"safe": ("Total",), "unsafe": ("Summ",), None: ("Percentile",)},
}
_OPERATORS: Final[Variants] = {
    "=": {"safe": ("==", "eq", "EQUALS"), None: ("between", "starts with", "")},
    "<>": {"safe": ("!=", "ne", "not equal"), None: ("~",)},
    ">": {"safe": ("gt", "after"), None: ("between",)},
    "<": {"safe": ("lt", "below"), None: (">>",)},
    ">=": {"safe": ("=>", "gte", "≥"), None: ("?",)},
    "<=": {"safe": ("=<", "lte", "≤"), None: ("?",)},
    "lik": {"safe": ("LIKE", "contains"), None: ("startswith",)},
    "nlik": {"safe": ("not like", "notlike"), "unsafe": ("nlikk",), None: ("regex",)},
    "in": {"safe": ("in*", "is in", "one of"), None: ("between",)},
    "def": {"safe": ("is not null", "exists"), "unsafe": ("deff",), None: ("?",)},
    "ndef": {"safe": ("is null", "is empty"), "unsafe": ("ndeff",), None: ("?",)},
}
_JOINERS: Final[Variants] = {
    "AND": {"safe": ("&", "&&"), "unsafe": ("ANDD",), None: ("XOR?", "then", "")},
    "OR": {"safe": ("|", "||"), None: ("then",)},
}
_USER_OPERATORS: Final[Variants] = {
    "eq": {"unsafe": ("=", "==", "equals"), None: ("sw", "gt")},
    "lik": {"unsafe": ("like", "contains", "likk"), None: ("between",)},
}
_CASED: Final = ("Type", "DateField", "AggregateFunction", "SqlOperator", "Operator")


def _with_variant(draw: st.DrawFn, payload: Json, path: Path, variants: Variants) -> Wrong:
    """Replace the value at a path with one of its variants."""
    right = at(payload, path)
    right = right.lower() if path[-1] == "Type" else right
    fix = draw(st.sampled_from([*variants[right]]))
    wrong = replaced(payload, path, draw(st.sampled_from(variants[right][fix])))
    edited = ((path, "value"),) if fix else ()
    return Wrong(wrong, path, "value", fix, edited, replaced(payload, path, right))


def output_type(draw: st.DrawFn) -> Wrong:
    """A wrong name for a type of output."""
    return _with_variant(draw, clean.payload(draw), ("Output", "Type"), _TYPES)


def date_field(draw: st.DrawFn) -> Wrong:
    """A wrong name for a date field."""
    payload = clean.payload(draw, "dates")
    return _with_variant(
        draw, payload, draw(st.sampled_from(paths_of(payload, "DateField"))), _DATE_FIELDS
    )


def function(draw: st.DrawFn) -> Wrong:
    """A wrong name for a function."""
    payload = clean.payload(draw, output_type="aggregate")
    return _with_variant(draw, payload, ("Output", "AggregateFunction"), _FUNCTIONS)


def operator(draw: st.DrawFn) -> Wrong:
    """An operator of another language."""
    payload = clean.payload(draw, "filters")
    path = draw(st.sampled_from(paths_of(payload, "SqlOperator")))
    return _with_variant(draw, payload, path, _OPERATORS)


def _joining(payload: Json) -> list[Path]:
    return [
        path
        for path in paths_of(payload, "ConditionOperator", "GroupOperator")
        if at(payload, path) is not None
    ]


def joiner(draw: st.DrawFn) -> Wrong:
    """A wrong operator between two conditions or groups."""
    payload = clean.payload(draw, "users", least=2)
    path = draw(st.sampled_from(_joining(payload)))
    return _with_variant(draw, payload, path, _JOINERS)


def value_case(draw: st.DrawFn) -> Wrong:
    """A value of a fixed list in another letter case, or with whitespace around it."""
    payload = clean.payload(draw, "users", "dates", "filters", least=2)
    found = [*paths_of(payload, *_CASED), *_joining(payload)]
    path = draw(st.sampled_from(found))
    right = at(payload, path)
    right = right.lower() if path[-1] == "Type" else right
    variants = [f" {right}", f"{right}\t", right.upper(), right.lower(), right.swapcase()]
    variants = [one for one in variants if one not in (right, right.capitalize())]
    wrong = replaced(payload, path, draw(st.sampled_from(variants)))
    fixed_payload = replaced(payload, path, right)
    return Wrong(wrong, path, "value", "safe", ((path, "value"),), fixed_payload)


def other_date_format(draw: st.DrawFn) -> Wrong:
    """A date in another format."""
    payload = clean.payload(draw, "dates")
    path = draw(st.sampled_from(paths_of(payload, "FromDate", "ToDate")))
    text = at(payload, path)
    moment = datetime.fromisoformat(f"{text}Z")
    there = moment.astimezone(_zone(5.5))
    variants: dict[str, tuple[str | None, str | None]] = {
        text.replace(" ", "T"): ("safe", text),
        text.replace(" ", "T") + "Z": ("safe", text),
        f"{text}.000": ("safe", text),
        f" {text}": ("safe", text),
        there.isoformat(): ("safe", text),
        moment.strftime("%d.%m.%Y %H:%M:%S"): ("safe", text),
        moment.strftime("%Y/%m/%d %I:%M:%S %p"): ("safe", text),
        there.strftime("%a, %d %b %Y %H:%M:%S %z"): ("safe", text),
        f"/Date({moment.timestamp():.0f}000)/": ("safe", text),
        f"{moment.timestamp():.0f}": ("unsafe", text),
        "yesterday": (None, None),
        "": (None, None),
    }
    if moment.day <= 12 and moment.day != moment.month:
        variants[moment.strftime("%m/%d/%Y %H:%M:%S")] = (None, None)
    clock = "00:00:00" if path[-1] == "FromDate" else "23:59:59"
    variants[text[:10]] = variants[moment.strftime("%d %B %Y")] = ("unsafe", f"{text[:10]} {clock}")
    wrong = draw(st.sampled_from([*variants]))
    fix, right = variants[wrong]
    edited = ((path, "value"),) if fix else ()
    fixed_payload = replaced(payload, path, right)
    return Wrong(replaced(payload, path, wrong), path, "value", fix, edited, fixed_payload)


def _zone(hours: float) -> Any:
    from datetime import timezone

    return timezone(timedelta(hours=hours))


def impossible_date(draw: st.DrawFn) -> Wrong:
    """A date or time that does not exist."""
    payload = clean.payload(draw, "dates")
    path = draw(st.sampled_from(paths_of(payload, "FromDate", "ToDate")))
    days = (
        "2026-02-30 00:00:00",
        "2026-13-01 00:00:00",
        "2026-01-00 00:00:00",
        "0000-01-01 00:00:00",
    )
    times = ("2026-01-31 24:00:01", "2026-01-31 23:60:00", "2026-01-31 23:59:60")
    wrong = replaced(payload, path, draw(st.sampled_from((*days, *times))))
    return Wrong(wrong, path)


def page_number(draw: st.DrawFn) -> Wrong:
    """A page number below 1, or too large."""
    payload = clean.payload(draw)
    path = ("Paging", draw(st.sampled_from(("PageIndex", "PageSize"))))
    value = draw(st.sampled_from((0, -1, -(2**40), 2**31, 10**30, -0.0, 0.0)))
    return Wrong(replaced(payload, path, value), path)


def column_list(draw: st.DrawFn) -> Wrong:
    """Whitespace or an empty name among the columns."""
    payload = clean.payload(draw, output_type="list")
    path = ("Output", "IncludeCSV")
    text = at(payload, path)
    variants = [f" {text}", f"{text} ", f"{text},", f",{text}", f"{text},,", f"\n{text}"]
    if "," in text:
        variants += [text.replace(",", ", "), text.replace(",", ",,", 1), text.replace(",", "\t,")]
    wrong = replaced(payload, path, draw(st.sampled_from(variants)))
    return Wrong(wrong, path, "value", "safe", ((path, "value"),), payload)


def user_operator(draw: st.DrawFn) -> Wrong:
    """An undocumented user operator."""
    payload = clean.payload(draw, "users")
    path = draw(st.sampled_from(paths_of(payload, "Operator")))
    return _with_variant(draw, payload, path, _USER_OPERATORS)


def _with_user_value(draw: st.DrawFn, name: str, wrong: str, right: str, fix: str | None) -> Wrong:
    """A condition on a user attribute, with a wrong value in place of the right one."""
    payload = clean.payload(draw, "users")
    *condition, _ = path = draw(st.sampled_from(paths_of(payload, "LookupValue")))
    for key, value in (("LookupName", name), ("Operator", "eq"), ("LookupValue", right)):
        payload = replaced(payload, (*condition, key), value)
    edited = ((path, "value"),) if fix else ()
    return Wrong(replaced(payload, path, wrong), path, "value", fix, edited, payload)


def user_list(draw: st.DrawFn) -> Wrong:
    """Spaces, an empty value or a semicolon between the values for users."""
    names = ("UserID", "EmailAddress", "Role", "Department")
    name = draw(st.sampled_from(names))
    right = "ann@example.com,bob@example.com" if name == "EmailAddress" else "a1,b2"
    first, second = right.split(",")
    variants = [f"{first}, {second}", f" {right}", f"{right},", f"{first},,{second}"]
    wrong = draw(st.sampled_from(variants))
    fix = "unsafe" if name == "Department" else "safe"
    if name in ("UserID", "EmailAddress") and draw(st.booleans()):
        wrong, fix = draw(st.sampled_from((f"{first};{second}", f"{first} {second}"))), "unsafe"
    return _with_user_value(draw, name, wrong, right, fix)


def user_value(draw: st.DrawFn) -> Wrong:
    """A value that an attribute of users does not have."""
    variants = (
        ("StatusCode", "Active", "0", "safe"),
        ("StatusCode", "inactive", "1", "safe"),
        ("StatusCode", "true", "1", None),
        ("Role", "Sales User", "Sales_User", "unsafe"),
        ("Role", "administrater", "Administrator", "unsafe"),
        ("EmailAddress", "Ann Lee", "ann@example.com", None),
    )
    return _with_user_value(draw, *draw(st.sampled_from(variants)))


VALUES: Final[dict[str, Make]] = {
    "LQ301": output_type,
    "LQ302": date_field,
    "LQ303": function,
    "LQ304": operator,
    "LQ305": joiner,
    "LQ306": value_case,
    "LQ307": other_date_format,
    "LQ308": impossible_date,
    "LQ309": page_number,
    "LQ310": column_list,
    "LQ311": user_operator,
    "LQ312": user_list,
    "LQ313": user_value,
}
