"""Mistakes of shape: keys, kinds of values, bodies of other APIs. LQ201 to LQ207."""

from __future__ import annotations

from typing import Any, Final

from hypothesis import strategies as st

from tests.laws.mistakes import clean
from tests.laws.mistakes.mistake import (
    Make,
    Wrong,
    at,
    paths_of,
    places,
    renamed,
    replaced,
    without,
)
from tests.laws.mistakes.sibling_apis import sibling_body

Json = Any

_JOINERS: Final = ("ConditionOperator", "GroupOperator")
_SLIPS: Final = {
    "LookUpName": ("Attribute", "Field", "Schema_Name"),
    "SqlOperator": ("Operator", "sql_operator", "Sql Operator"),
    "LeadFilters": ("LeadFilter", "Lead_Filters"),
    "Operator": ("SqlOperator",),
    "DateField": ("Field", "date_field"),
    "FromDate": ("From", "StartDate", "from_date"),
    "ToDate": ("To", "EndDate"),
    "IncludeCSV": ("Include_CSV", "Columns"),
    "GroupBy": ("Group", "Group_By"),
    "AggregateFunction": ("Function",),
    "PageIndex": ("PageNumber", "Page"),
    "PageSize": ("Limit", "page_size"),
    "DateFilter": ("DateFilters", "DateRange"),
}
_TYPOS: Final = {
    "LookUpName": "LookUpNmae",
    "LookupValue": "LookupVaule",
    "UserFilter": "UserFliter",
    "Condition": "Condtion",
    "Output": "Outptu",
    "IncludeCSV": "IncludCSV",
    "AggregateField": "AgregateField",
    "PageSize": "PageSzie",
    "ReportFilter": "ReportFiltr",
}
_REQUIRED: Final = (
    *("Output", "Type", "IncludeCSV", "GroupBy", "AggregateFunction", "AggregateField"),
    *("LookUpName", "SqlOperator", "LookUpValues", "LookupName", "Operator", "LookupValue"),
    *("DateField", "FromDate", "ToDate", "PageIndex", "PageSize"),
)
_NAMES: Final = ("LookUpName", "LookupName", "GroupBy", "AggregateField", "Operator")


def _whole(draw: st.DrawFn) -> Json:
    return clean.payload(draw, "filters", "users", "dates")


def unknown_key(draw: st.DrawFn) -> Wrong:
    """A key under another name: one that people use, one letter off, or one of nobody's."""
    payload = _whole(draw)
    way = draw(st.sampled_from(("slip", "typo", "invented", "beside")))
    if way == "invented":
        return _invented(draw, payload)
    names = _TYPOS if way == "typo" else {key: draw(st.sampled_from(_SLIPS[key])) for key in _SLIPS}
    path = draw(st.sampled_from(paths_of(payload, *names)))
    name = names[str(path[-1])]
    wrong = (*path[:-1], name)
    if way == "beside":
        held = {**at(payload, path[:-1]), name: at(payload, path)}
        return Wrong(replaced(payload, path[:-1], held), wrong, "key")
    fix = "unsafe" if way == "typo" else "safe"
    return Wrong(renamed(payload, path, name), wrong, "key", fix, ((wrong, "key"),), payload)


def _invented(draw: st.DrawFn, payload: Json) -> Wrong:
    holders = [(), *(path for path in places(payload) if isinstance(at(payload, path), dict))]
    path = (*draw(st.sampled_from(holders)), draw(st.sampled_from(("Zzyzx", "x y", "", "ключ"))))
    held = {**at(payload, path[:-1]), path[-1]: 1}
    return Wrong(replaced(payload, path[:-1], held), path, "key")


def key_case(draw: st.DrawFn) -> Wrong:
    """A key in small, large or swapped letters."""
    payload = _whole(draw)
    path = draw(st.sampled_from([one for one in places(payload) if isinstance(one[-1], str)]))
    key = draw(st.sampled_from((str.lower, str.upper, str.swapcase)))(str(path[-1]))
    wrong = (*path[:-1], key)
    return Wrong(renamed(payload, path, key), wrong, "key", "safe", ((wrong, "key"),), payload)


def missing_key(draw: st.DrawFn) -> Wrong:
    """A key left out that the API needs."""
    payload = _whole(draw)
    groups = [path for path in paths_of(payload, "GroupConditions") if path[-2] == "UserFilter"]
    values = [path for path in paths_of(payload, "LookUpValue") if at(payload, path) != ""]
    bare = [
        path
        for path in paths_of(payload, "Condition")
        if "GroupConditions" not in at(payload, path[:-1])
    ]
    path = draw(st.sampled_from([*paths_of(payload, *_REQUIRED), *groups, *values, *bare]))
    return Wrong(without(payload, path), path, "object")


def _retyped(payload: Json, path: Any, value: Json, fix: str | None, fixed_payload: Json) -> Wrong:
    edited = ((path, "value"),) if fix else ()
    return Wrong(replaced(payload, path, value), path, "value", fix, edited, fixed_payload)


def wrong_type(draw: st.DrawFn) -> Wrong:
    """A number for text, text for a number, an object for a list, a list for text, and so on."""
    way = draw(st.sampled_from((number, truth, lone, only, page, columns, texts, anything)))
    return way(draw)


def number(draw: st.DrawFn) -> Wrong:
    """A number where values are text."""
    payload = clean.payload(draw, "filters", "users")
    one = clean.filter_on(draw, "Score", draw(st.sampled_from(("=", ">", "in"))))
    place = clean.with_filter(draw, payload, one)
    path = (*place, "LookUpValue") if "LookUpValue" in one else (*place, "LookUpValues", 0)
    value = draw(st.sampled_from((987, -6, 1.5, 10**17)))
    return _retyped(payload, path, value, "safe", replaced(payload, path, str(value)))


def truth(draw: st.DrawFn) -> Wrong:
    """True or false where the API has `1` and `0`."""
    payload = clean.payload(draw, "filters")
    place = clean.with_filter(draw, payload, clean.filter_on(draw, "DoNotCall", "="))
    path, value = (*place, "LookUpValue"), draw(st.booleans())
    return _retyped(payload, path, value, "unsafe", replaced(payload, path, "01"[value]))


def lone(draw: st.DrawFn) -> Wrong:
    """An object where a list of one belongs."""
    payload = _whole(draw)
    keys = ("LeadFilters", "DateFilter", "Condition", "GroupConditions")
    path = draw(st.sampled_from(paths_of(payload, *keys)))
    last = at(payload, path)[-1]
    fixed_payload = replaced(payload, path, [last])
    return _retyped(fixed_payload, path, last, "safe", fixed_payload)


def only(draw: st.DrawFn) -> Wrong:
    """A list of one around an object or a text."""
    payload = _whole(draw)
    keys = ("ReportFilter", "UserFilter", "Output", "Paging", "LookUpName", "LookupValue")
    path = draw(st.sampled_from(paths_of(payload, *keys)))
    return _retyped(payload, path, [at(payload, path)], "safe", payload)


def page(draw: st.DrawFn) -> Wrong:
    """A page as text."""
    payload = clean.payload(draw)
    path = ("Paging", draw(st.sampled_from(("PageIndex", "PageSize"))))
    return _retyped(payload, path, str(at(payload, path)), "safe", payload)


def columns(draw: st.DrawFn) -> Wrong:
    """Columns as a list."""
    payload = clean.payload(draw, kind="list")
    path = ("Output", "IncludeCSV")
    return _retyped(payload, path, at(payload, path).split(","), "safe", payload)


def texts(draw: st.DrawFn) -> Wrong:
    """Several values in one text."""
    payload = clean.payload(draw, "filters")
    one = {"LookUpName": "Company", "SqlOperator": "in", "LookUpValues": ["a", "b c"]}
    path = (*clean.with_filter(draw, payload, one), "LookUpValues")
    gap = draw(st.sampled_from((",", ", ")))
    return _retyped(payload, path, f"a{gap}b c", "unsafe", payload)


def anything(draw: st.DrawFn) -> Wrong:
    """A value of a kind that nothing can be made of."""
    payload = _whole(draw)
    path = draw(st.sampled_from([(), *places(payload)]))
    here = at(payload, path)
    kinds: dict[type, tuple[Json, ...]] = {
        dict: ([], 7, "x", True),
        list: (7, True),
        int: ([], {}, True, 1.5, "x"),
        str: ([], {}),
    }
    others = kinds.get(type(here), ([], {}, 7, True))
    return _retyped(payload, path, draw(st.sampled_from(others)), None, None)


def null(draw: st.DrawFn) -> Wrong:
    """Null where a value belongs."""
    payload = _whole(draw)
    found = [path for path in places(payload) if path[-1] not in _JOINERS]
    path = draw(st.sampled_from([(), *found]))
    return _retyped(payload, path, None, None, None)


def empty(draw: st.DrawFn) -> Wrong:
    """An empty list, an empty name, no column."""
    payload = _whole(draw)
    lists = [path for path in places(payload) if isinstance(at(payload, path), list)]
    names = paths_of(payload, *_NAMES, "IncludeCSV")
    path = draw(st.sampled_from([*lists, *names]))
    nothing = ("", ",", " , ") if path[-1] == "IncludeCSV" else ("",)
    value = [] if isinstance(at(payload, path), list) else draw(st.sampled_from(nothing))
    return _retyped(payload, path, value, None, None)


STRUCTURE: Final[dict[str, Make]] = {
    "LQ201": unknown_key,
    "LQ202": key_case,
    "LQ203": missing_key,
    "LQ204": wrong_type,
    "LQ205": null,
    "LQ206": empty,
    "LQ207": sibling_body,
}
