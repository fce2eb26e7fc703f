"""Payloads without diagnostics, written without the model."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from hypothesis import strategies as st

from tests.laws.formatting import Path

Json = Any

OPTIONS: Final = {
    "Source": ("Web", "Event", "Walk-in / Fair"),
    "ProspectStage": ("Prospect", "Not Reachable", "Enrolled"),
    "mx_Course": ("MBA", "BSc (Hons)", "B.Tech, M.Tech"),
}
FIELD_TYPES: Final = {
    **dict.fromkeys(("FirstName", "Company", "mx_City", "EmailAddress", "mx_Remark"), "Text"),
    **dict.fromkeys(OPTIONS, "Select"),
    **dict.fromkeys(("Score", "EngagementScore", "mx_Deal_Value", "Revenue"), "Number"),
    **dict.fromkeys(("DoNotCall", "mx_Has_Laptop"), "Boolean"),
    **dict.fromkeys(("CreatedOn", "LastVisitDate", "mx_Exam_Date"), "Date"),
    **dict.fromkeys(("OwnerId", "CreatedBy"), "ActiveUsers"),
}
"""The lead fields, each with its type in the account's metadata."""

_ALIKE: Final = ("=", "<>", "def", "ndef")
_ORDERED: Final = (*_ALIKE, "<", ">", "<=", ">=")
_WORDED: Final = (*_ALIKE, "in", "lik", "nlik")
OPERATORS: Final = {
    "Text": _WORDED,
    "Select": _WORDED,
    "Number": (*_ORDERED, "in"),
    "Boolean": _ALIKE,
    "Date": _ORDERED,
    "ActiveUsers": (*_ALIKE, "in"),
}
ATTRIBUTES: Final = ("Role", "UserID", "EmailAddress", "FirstName", "Team")
DAY: Final = timedelta(days=1)

texts = st.sampled_from(
    (
        *("Acme", "a b", "O'Neil", 'say "x"', "C:\\dir", "50/50", "100%", "-3.5", "null"),
        *(
            "Zoë",
            "नमस्ते",
            "😀",
            "“q”",
            "tab\tand\nline",
            "\u2028",
            "\x00",
            "\ud800",
            "{[,:]}",
            "// no",
        ),
    )
) | st.text(min_size=1, max_size=4)
ids = texts.filter(lambda text: "," not in text and "@" not in text)
attribute_texts = ids.filter(lambda text: text == text.strip(" \t\r\n"))
USER_VALUES: Final = {
    "UserID": st.sampled_from(("u1", "u1,u2", "01f131a5-7746-11e6-bcaf-0677ec402fcf")),
    "EmailAddress": st.sampled_from(("ann@example.com", "o'neil@example.com,zoë@example.com")),
    "Role": st.sampled_from(("Sales_User", "Sales_User,Sales_Manager", "Auditor")),
}
plain_texts = st.sampled_from(("Acme", "Web", "Zoë", "a_b", "x1"))
moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 12, 1)).filter(
    lambda one: one.hour != 12
)


def timestamp(moment: datetime) -> str:
    """A datetime in the API's format."""
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def value_of(draw: st.DrawFn, name: str) -> str:
    """A value for a field."""
    match FIELD_TYPES[name]:
        case "Number":
            return str(draw(st.sampled_from((0, 7, -3, 0.5, 12.25, 1000000))))
        case "Boolean":
            return draw(st.sampled_from("01"))
        case "Date":
            return timestamp(draw(moments))
        case "Select":
            return draw(st.sampled_from(OPTIONS[name]))
        case "ActiveUsers":
            return draw(ids)
    return draw(texts)


def filter_on(draw: st.DrawFn, name: str, operator: str) -> dict[str, Json]:
    """A lead filter."""
    one: dict[str, Json] = {"LookUpName": name, "SqlOperator": operator}
    if operator == "in":
        first = value_of(draw, name)
        drawn = (value_of(draw, name) for _ in range(20))
        one["LookUpValues"] = [first, next((v for v in drawn if v != first), f"{first}1")]
    elif operator not in ("def", "ndef"):
        value = value_of(draw, name)
        one["LookUpValue"] = _literal(value) if operator in ("lik", "nlik") else value
    elif draw(st.booleans()):
        one["LookUpValue"] = ""
    return shuffled(draw, one)


def shuffled(draw: st.DrawFn, one: dict[str, Json]) -> dict[str, Json]:
    """The same object with its keys in another order."""
    return {key: one[key] for key in draw(st.permutations([*one]))}


def _literal(text: str) -> str:
    """A text without the characters that `lik` reports as wildcards."""
    return text.replace("%", "").strip("*") or "a"


def condition(draw: st.DrawFn) -> dict[str, Json]:
    """A user condition, without its joining operator."""
    name = draw(st.sampled_from(ATTRIBUTES))
    operator = draw(st.sampled_from(("eq", "lik")))
    value = (
        _literal(draw(texts)) if operator == "lik" else draw(USER_VALUES.get(name, attribute_texts))
    )
    return {"LookupName": name, "Operator": operator, "LookupValue": value}


def _joined(draw: st.DrawFn, entries: list[dict[str, Json]], key: str) -> list[dict[str, Json]]:
    joiner = draw(st.sampled_from(("AND", "OR")))
    *most, last = entries
    for one in most:
        one[key] = joiner
    if draw(st.booleans()):
        last[key] = None
    return [shuffled(draw, one) for one in entries]


def group(draw: st.DrawFn, least: int = 1, depth: int = 0) -> dict[str, Json]:
    """A user group; each of its lists has `least` entries or one more."""
    sizes = st.sampled_from((least, least, least + 1))
    parts: tuple[str, ...] = ("Condition",)
    if depth == 0 and least < 3:
        parts = draw(
            st.sampled_from(
                (
                    ("Condition",),
                    ("Condition",),
                    ("GroupConditions",),
                    ("Condition", "GroupConditions"),
                )
            )
        )
    made: dict[str, Json] = {}
    if "Condition" in parts:
        conditions = [condition(draw) for _ in range(draw(sizes))]
        made["Condition"] = _joined(draw, conditions, "ConditionOperator")
    if "GroupConditions" in parts:
        groups = [group(draw, least, depth + 1) for _ in range(draw(sizes))]
        made["GroupConditions"] = _joined(draw, groups, "GroupOperator")
    return made


def user_filter(draw: st.DrawFn, least: int = 1) -> dict[str, Json]:
    """A user filter."""
    groups = [group(draw, least) for _ in range(draw(st.sampled_from((least, least, least + 1))))]
    joiner = draw(st.sampled_from(({}, {"GroupOperator": None})))
    return {**joiner, "GroupConditions": _joined(draw, groups, "GroupOperator")}


def date_range(draw: st.DrawFn, field: str) -> dict[str, str]:
    """A date filter that ends at least a day after its start."""
    start = draw(moments)
    end = start + DAY * draw(st.integers(1, 30))
    return shuffled(
        draw, {"DateField": field, "FromDate": timestamp(start), "ToDate": timestamp(end)}
    )


def output(draw: st.DrawFn, output_type: str | None = None) -> dict[str, str]:
    """An output of type `list` or `aggregate`."""
    if (output_type or draw(st.sampled_from(("list", "aggregate")))) == "list":
        names = draw(st.lists(st.sampled_from([*FIELD_TYPES]), min_size=1, max_size=3, unique=True))
        made = {"Type": draw(st.sampled_from(("list", "List"))), "IncludeCSV": ",".join(names)}
    else:
        made = {
            "Type": draw(st.sampled_from(("aggregate", "Aggregate"))),
            "GroupBy": draw(st.sampled_from([*FIELD_TYPES])),
            "AggregateFunction": draw(st.sampled_from(("Count", "Sum", "Average"))),
            "AggregateField": draw(st.sampled_from(("Score", "mx_Deal_Value"))),
        }
    return shuffled(draw, made)


def payload(
    draw: st.DrawFn, *parts: str, output_type: str | None = None, least: int = 1
) -> dict[str, Json]:
    """A payload with at least these parts: filters, users, dates."""
    has = {part: part in parts or draw(st.booleans()) for part in ("filters", "users", "dates")}
    made: dict[str, Json] = {"Output": output(draw, output_type)}
    made["Paging"] = {"PageIndex": draw(st.integers(1, 9)), "PageSize": draw(st.integers(1, 5000))}
    report: dict[str, Json] = {}
    if has["filters"]:
        names = draw(st.lists(st.sampled_from([*FIELD_TYPES]), min_size=1, max_size=3, unique=True))
        report["LeadFilters"] = [
            filter_on(draw, name, draw(st.sampled_from(OPERATORS[FIELD_TYPES[name]])))
            for name in names
        ]
    if has["users"]:
        report["UserFilter"] = user_filter(draw, least)
    if report:
        made["ReportFilter"] = shuffled(draw, report)
    if has["dates"]:
        fields = draw(st.sampled_from((("LeadCreatedOn",), ("LeadModifiedOn", "LeadCreatedOn"))))
        made["DateFilter"] = [date_range(draw, field) for field in fields]
    return shuffled(draw, made)


def with_filter(draw: st.DrawFn, made: Json, one: dict[str, Json]) -> Path:
    """Insert a filter in place of those on the same field, and return its path."""
    filters = made["ReportFilter"]["LeadFilters"]
    filters[:] = [other for other in filters if other["LookUpName"] != one["LookUpName"]]
    index = draw(st.integers(0, len(filters)))
    filters.insert(index, one)
    return ("ReportFilter", "LeadFilters", index)
