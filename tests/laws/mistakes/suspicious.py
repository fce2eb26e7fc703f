"""Suspicious patterns: LQ501 to LQ509."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from hypothesis import strategies as st

from tests.laws.mistakes import clean
from tests.laws.mistakes.mistake import Make, Wrong, at, paths_of, replaced, without

Json = Any

_CLASHES: Final = (
    (("Company", "=", "a"), ("Company", "=", "b")),
    (("Company", "lik", "ab"), ("Company", "nlik", "b")),
    (("Company", "def", ""), ("Company", "ndef", "")),
    (("Company", "=", "a"), ("Company", "<>", "A")),
    (("Score", ">", "5"), ("Score", "<", "3")),
    (("Score", ">=", "5"), ("Score", "<", "5.0")),
    (("CreatedOn", ">", "2026-01-02 00:00:00"), ("CreatedOn", "<=", "2026-01-01 00:00:00")),
)
_NEAR: Final = {
    "EngagementScore": ("EngagementScor", "engagementscore", "EngagmentScore"),
    "FirstName": ("FristName", "firstname", "FirstNam\u0435"),
    "ProspectStage": ("ProspectStag", "prospectstage"),
    "Revenue": ("Revenu", "REVENUE"),
}
_LABELS: Final = {"ProspectStage": ("Lead Stage", "lead stage"), "Source": ("Lead Source",)}
_NEAR_ATTRIBUTES: Final = {
    "EmailAddress": (
        "EmailAdress",
        "emailaddress",
        "Email Address",
        "Email_Address",
        "\uff25mailAddress",
    ),
    "UserID": ("UserId", "USERID", "User ID"),
    "TeamId": ("TeamID", "Team_Id"),
    "Department": ("Departmnet",),
}


def noon(draw: st.DrawFn) -> Wrong:
    """Noon as the start or end of a range."""
    payload = clean.payload(draw, "dates")
    path = ("DateFilter", 0, draw(st.sampled_from(("FromDate", "ToDate"))))
    # Move the other end far away, so that noon does not reverse the range.
    day = at(payload, path)[:10]
    midnight = "00:00:00" if path[-1] == "FromDate" else "23:59:59"
    other = {"FromDate": "ToDate", "ToDate": "FromDate"}[str(path[-1])]
    far = {"FromDate": "2035-01-01 00:00:00", "ToDate": "2015-01-01 00:00:00"}[str(path[-1])]
    payload = replaced(payload, ("DateFilter", 0, other), far)
    wrong = replaced(payload, path, f"{day} 12:00:00")
    fixed_payload = replaced(payload, path, f"{day} {midnight}")
    return Wrong(wrong, path, "value", "unsafe", ((path, "value"),), fixed_payload)


def contradiction(draw: st.DrawFn) -> Wrong:
    """Two filters on one field, or two ranges of one date, that exclude each other."""
    payload = clean.payload(draw, "filters", "dates")
    if draw(st.booleans()):
        field = payload["DateFilter"][0]["DateField"]
        span = {
            "DateField": field,
            "FromDate": "2015-01-01 00:00:00",
            "ToDate": "2015-01-02 00:00:00",
        }
        ranges = [*payload["DateFilter"], clean.shuffled(draw, span)]
        return Wrong({**payload, "DateFilter": ranges}, ("DateFilter", len(ranges) - 1))
    pair = draw(st.permutations(draw(st.sampled_from(_CLASHES))))
    first, second = (
        {"LookUpName": name, "SqlOperator": operator, "LookUpValue": value}
        for name, operator, value in pair
    )
    *filters, index = clean.with_filter(draw, payload, first)
    later = draw(st.integers(int(index) + 1, len(at(payload, tuple(filters)))))
    at(payload, tuple(filters)).insert(later, second)
    return Wrong(payload, (*filters, later))


def no_paging(draw: st.DrawFn) -> Wrong:
    """A payload without paging."""
    return Wrong(without(clean.payload(draw), ("Paging",)), ("Paging",), "object")


def large_page(draw: st.DrawFn) -> Wrong:
    """A page size that no sibling API uses."""
    path = ("Paging", "PageSize")
    return Wrong(replaced(clean.payload(draw), path, draw(st.integers(5_001, 2**31 - 1))), path)


def single_value_list(draw: st.DrawFn) -> Wrong:
    """A list with one value."""
    payload = clean.payload(draw, "filters")
    value = draw(st.sampled_from(("a", "a b", "a, b")))
    one = {"LookUpName": "Company", "SqlOperator": "in", "LookUpValues": [value]}
    place = clean.with_filter(draw, payload, clean.shuffled(draw, one))
    path = (*place, "LookUpValues")
    if "," in value:
        return Wrong(payload, path)
    fixed_payload = {"LookUpName": "Company", "SqlOperator": "=", "LookUpValue": value}
    edited = (((*place, "SqlOperator"), "value"), (path, "key"), (path, "value"))
    return Wrong(payload, path, "value", "unsafe", edited, replaced(payload, place, fixed_payload))


def misspelled_field(
    draw: st.DrawFn, names: Mapping[str, Sequence[str]], fields: Json = None
) -> Wrong:
    """A misspelled field name in a filter, a group or a column."""
    right = draw(st.sampled_from([*names]))
    wrong = draw(st.sampled_from(names[right]))
    place_of_name = draw(st.sampled_from(("filter", "group", "column")))
    if place_of_name == "filter":
        payload = clean.payload(draw, "filters")
        operator = draw(st.sampled_from(clean.OPERATORS[clean.FIELD_TYPES[right]]))
        place = clean.with_filter(draw, payload, clean.filter_on(draw, right, operator))
        path: Any = (*place, "LookUpName")
        written = wrong
    elif place_of_name == "group":
        payload = replaced(
            clean.payload(draw, output_type="aggregate"), ("Output", "GroupBy"), right
        )
        path, written = ("Output", "GroupBy"), wrong
    else:
        payload, path = clean.payload(draw, output_type="list"), ("Output", "IncludeCSV")
        others = [one for one in at(payload, path).split(",") if one != right]
        index = draw(st.integers(0, len(others)))
        payload = replaced(payload, path, ",".join([*others[:index], right, *others[index:]]))
        written = ",".join([*others[:index], wrong, *others[index:]])
    changed = replaced(payload, path, written)
    return Wrong(changed, path, "value", "unsafe", ((path, "value"),), payload, fields=fields)


def near_name(draw: st.DrawFn) -> Wrong:
    """A name similar to that of a standard field."""
    return misspelled_field(draw, _NEAR)


def label_for_name(draw: st.DrawFn) -> Wrong:
    """The display name of a standard field."""
    return misspelled_field(draw, _LABELS)


def near_attribute(draw: st.DrawFn) -> Wrong:
    """A name similar to that of a user attribute."""
    payload = clean.payload(draw, "users")
    path = draw(st.sampled_from(paths_of(payload, "LookupName")))
    right = draw(st.sampled_from([*_NEAR_ATTRIBUTES]))
    payload = replaced(payload, path, right)
    # One that fits every attribute.
    payload = replaced(payload, (*path[:-1], "Operator"), "lik")
    payload = replaced(payload, (*path[:-1], "LookupValue"), "a1")
    wrong = replaced(payload, path, draw(st.sampled_from(_NEAR_ATTRIBUTES[right])))
    return Wrong(wrong, path, "value", "unsafe", ((path, "value"),), payload)


def wildcard(draw: st.DrawFn) -> Wrong:
    """A search text with a wildcard of SQL or of a shell."""
    part = draw(st.sampled_from(("acme", "@acme.com", "9 x", "a*b", "\u0939")))
    fixable = [
        f"%{part}%",
        f"{part}%",
        f"%{part}",
        f"*{part}*",
        f"*{part}",
        f"{part}*",
        f"%%{part}*",
    ]
    lost = [f"%{part}%{part}%", f"{part}%{part}", "%", "**", "%%"]
    written = draw(st.sampled_from([*fixable, *lost]))
    if draw(st.booleans()):
        payload = clean.payload(draw, "users")
        conditions = [place[:-1] for place in paths_of(payload, "LookupName")]
        place = draw(st.sampled_from(conditions))
        payload = replaced(payload, (*place, "Operator"), "lik")
        path: Any = (*place, "LookupValue")
    else:
        payload = clean.payload(draw, "filters")
        operator = draw(st.sampled_from(("lik", "nlik")))
        place = clean.with_filter(draw, payload, clean.filter_on(draw, "Company", operator))
        path = (*place, "LookUpValue")
    payload = replaced(payload, path, part)
    wrong = replaced(payload, path, written)
    if written in lost:
        return Wrong(wrong, path)
    return Wrong(wrong, path, "value", "unsafe", ((path, "value"),), payload)


SUSPICIOUS: Final[dict[str, Make]] = {
    "LQ501": noon,
    "LQ502": contradiction,
    "LQ503": no_paging,
    "LQ504": large_page,
    "LQ505": single_value_list,
    "LQ506": near_name,
    "LQ507": label_for_name,
    "LQ508": near_attribute,
    "LQ509": wildcard,
}
