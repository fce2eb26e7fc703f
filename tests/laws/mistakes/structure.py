"""Mistakes in keys and types of values, and bodies of sibling APIs: LQ201 to LQ207."""

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
_ALIASES: Final = {
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


def _complete(draw: st.DrawFn) -> Json:
    return clean.payload(draw, "filters", "users", "dates")


def unknown_key(draw: st.DrawFn) -> Wrong:
    """A key under an alias, with a typo, or an invented one."""
    payload = _complete(draw)
    variant = draw(st.sampled_from(("slip", "typo", "invented", "beside")))
    if variant == "invented":
        return _invented(draw, payload)
    names = (
        _TYPOS
        if variant == "typo"
        else {key: draw(st.sampled_from(_ALIASES[key])) for key in _ALIASES}
    )
    path = draw(st.sampled_from(paths_of(payload, *names)))
    name = names[str(path[-1])]
    wrong = (*path[:-1], name)
    if variant == "beside":
        holder = {**at(payload, path[:-1]), name: at(payload, path)}
        return Wrong(replaced(payload, path[:-1], holder), wrong, "key")
    fix = "unsafe" if variant == "typo" else "safe"
    return Wrong(renamed(payload, path, name), wrong, "key", fix, ((wrong, "key"),), payload)


def _invented(draw: st.DrawFn, payload: Json) -> Wrong:
    holders = [(), *(path for path in places(payload) if isinstance(at(payload, path), dict))]
    path = (*draw(st.sampled_from(holders)), draw(st.sampled_from(("Zzyzx", "x y", "", "ключ"))))
    holder = {**at(payload, path[:-1]), path[-1]: 1}
    return Wrong(replaced(payload, path[:-1], holder), path, "key")


def key_case(draw: st.DrawFn) -> Wrong:
    """A key in lower, upper or swapped case."""
    payload = _complete(draw)
    path = draw(st.sampled_from([one for one in places(payload) if isinstance(one[-1], str)]))
    key = draw(st.sampled_from((str.lower, str.upper, str.swapcase)))(str(path[-1]))
    wrong = (*path[:-1], key)
    return Wrong(renamed(payload, path, key), wrong, "key", "safe", ((wrong, "key"),), payload)


def missing_key(draw: st.DrawFn) -> Wrong:
    """A required key that is missing."""
    payload = _complete(draw)
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
    """A value of the wrong JSON type."""
    variant = draw(
        st.sampled_from(
            (
                number_for_text,
                boolean,
                object_for_list,
                list_for_object,
                page_as_text,
                columns_as_list,
                text_for_list,
                unusable_value,
            )
        )
    )
    return variant(draw)


def number_for_text(draw: st.DrawFn) -> Wrong:
    """A number where the API expects text."""
    payload = clean.payload(draw, "filters", "users")
    one = clean.filter_on(draw, "Score", draw(st.sampled_from(("=", ">", "in"))))
    place = clean.with_filter(draw, payload, one)
    path = (*place, "LookUpValue") if "LookUpValue" in one else (*place, "LookUpValues", 0)
    value = draw(st.sampled_from((987, -6, 1.5, 10**17)))
    return _retyped(payload, path, value, "safe", replaced(payload, path, str(value)))


def boolean(draw: st.DrawFn) -> Wrong:
    """`true` or `false` where the API expects `1` or `0`."""
    payload = clean.payload(draw, "filters")
    place = clean.with_filter(draw, payload, clean.filter_on(draw, "DoNotCall", "="))
    path, value = (*place, "LookUpValue"), draw(st.booleans())
    return _retyped(payload, path, value, "unsafe", replaced(payload, path, "01"[value]))


def object_for_list(draw: st.DrawFn) -> Wrong:
    """An object instead of a list of one object."""
    payload = _complete(draw)
    keys = ("LeadFilters", "DateFilter", "Condition", "GroupConditions")
    path = draw(st.sampled_from(paths_of(payload, *keys)))
    last = at(payload, path)[-1]
    fixed_payload = replaced(payload, path, [last])
    return _retyped(fixed_payload, path, last, "safe", fixed_payload)


def list_for_object(draw: st.DrawFn) -> Wrong:
    """A list of one around an object or a text."""
    payload = _complete(draw)
    keys = ("ReportFilter", "UserFilter", "Output", "Paging", "LookUpName", "LookupValue")
    path = draw(st.sampled_from(paths_of(payload, *keys)))
    return _retyped(payload, path, [at(payload, path)], "safe", payload)


def page_as_text(draw: st.DrawFn) -> Wrong:
    """A page number as text."""
    payload = clean.payload(draw)
    path = ("Paging", draw(st.sampled_from(("PageIndex", "PageSize"))))
    return _retyped(payload, path, str(at(payload, path)), "safe", payload)


def columns_as_list(draw: st.DrawFn) -> Wrong:
    """The columns as a list."""
    payload = clean.payload(draw, output_type="list")
    path = ("Output", "IncludeCSV")
    return _retyped(payload, path, at(payload, path).split(","), "safe", payload)


def text_for_list(draw: st.DrawFn) -> Wrong:
    """Several values in one text."""
    payload = clean.payload(draw, "filters")
    one = {"LookUpName": "Company", "SqlOperator": "in", "LookUpValues": ["a", "b c"]}
    path = (*clean.with_filter(draw, payload, one), "LookUpValues")
    gap = draw(st.sampled_from((",", ", ")))
    return _retyped(payload, path, f"a{gap}b c", "unsafe", payload)


def unusable_value(draw: st.DrawFn) -> Wrong:
    """A value of a type that cannot be converted."""
    payload = _complete(draw)
    path = draw(st.sampled_from([(), *places(payload)]))
    here = at(payload, path)
    others_by_type: dict[type, tuple[Json, ...]] = {
        dict: ([], 7, "x", True),
        list: (7, True),
        int: ([], {}, True, 1.5, "x"),
        str: ([], {}),
    }
    others = others_by_type.get(type(here), ([], {}, 7, True))
    return _retyped(payload, path, draw(st.sampled_from(others)), None, None)


def null(draw: st.DrawFn) -> Wrong:
    """Null instead of a required value."""
    payload = _complete(draw)
    found = [path for path in places(payload) if path[-1] not in _JOINERS]
    path = draw(st.sampled_from([(), *found]))
    return _retyped(payload, path, None, None, None)


def empty(draw: st.DrawFn) -> Wrong:
    """An empty list, an empty name, or no columns."""
    payload = _complete(draw)
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
