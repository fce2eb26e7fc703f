"""What only an account's own fields tell: LQ601 to LQ606."""

from __future__ import annotations

from typing import Any, Final

from hypothesis import strategies as st

from tests.laws.mistakes import clean
from tests.laws.mistakes.mistake import Make, Wrong, replaced
from tests.laws.mistakes.suspicious import misspelled_field

Json = Any

_LABELS: Final = {"mx_Deal_Value": "Expected Amount", "mx_Course": "Programme", "Source": "Channel"}
FIELDS: Final = [
    {
        "SchemaName": name,
        "DisplayName": _LABELS.get(name, name),
        "DataType": kind,
        "RenderTypeTextValue": "DateTime" if kind == "Date" else kind,
        "Options": [{"Value": one, "IsDefault": False} for one in clean.OPTIONS.get(name, ())],
    }
    for name, kind in clean.KINDS.items()
]
"""The lead fields of an account, as its metadata lists them."""

_OTHER_NAMES: Final = {
    "mx_Deal_Value": ("mx_Deal_Valeu", "MX_DEAL_VALUE"),
    "mx_Course": ("mx_Cuorse", "mx_course"),
}
_LACKED: Final = {
    "Number": ("lik", "nlik"),
    "Select": ("<", ">", ">="),
    "Text": ("<=", ">"),
    "Boolean": ("lik", "<"),
    "Date": ("lik", "nlik"),
    "ActiveUsers": ("nlik", ">"),
}
_VALUES: Final[dict[str, tuple[tuple[str, str | None, str | None], ...]]] = {
    "Score": (
        ("twenty", None, None),
        ("1,000", "unsafe", "1000"),
        ("1e3", "safe", "1000"),
        (" 20", "safe", "20"),
        ("nan", None, None),
    ),
    "DoNotCall": (("Yes", "safe", "1"), ("FALSE", "safe", "0"), ("maybe", None, None)),
    "CreatedOn": (
        ("2026-01-31T10:00:00Z", "safe", "2026-01-31 10:00:00"),
        ("2026-02-30 00:00:00", None, None),
        ("yesterday", None, None),
    ),
}


def unknown_field(draw: st.DrawFn) -> Wrong:
    """A name of none of the account's fields, near to one of them or to none."""
    if draw(st.booleans()):
        return misspelled_field(draw, _OTHER_NAMES, FIELDS)
    payload = clean.payload(draw, "filters")
    one = clean.filter_on(draw, "Company", "def") | {
        "LookUpName": draw(st.sampled_from(("Zzyzx_Qq", "mx_\u0416\u0416", "?")))
    }
    return Wrong(payload, (*clean.with_filter(draw, payload, one), "LookUpName"), fields=FIELDS)


def display_name(draw: st.DrawFn) -> Wrong:
    """The name under which the account shows a field."""
    names = {name: (label, label.lower()) for name, label in _LABELS.items()}
    return misspelled_field(draw, names, FIELDS)


def kind_operator(draw: st.DrawFn) -> Wrong:
    """An operator that the kind of the field lacks."""
    payload = clean.payload(draw, "filters")
    name = draw(st.sampled_from([*clean.KINDS]))
    one = clean.filter_on(draw, name, "=")
    one["SqlOperator"] = draw(st.sampled_from(_LACKED[clean.KINDS[name]]))
    return Wrong(payload, (*clean.with_filter(draw, payload, one), "SqlOperator"), fields=FIELDS)


def kind_value(draw: st.DrawFn) -> Wrong:
    """A value that the field cannot have."""
    payload = clean.payload(draw, "filters")
    name = draw(st.sampled_from([*_VALUES]))
    said, fix, right = draw(st.sampled_from(_VALUES[name]))
    one = clean.filter_on(draw, name, "=")
    path = (*clean.with_filter(draw, payload, one), "LookUpValue")
    edited = ((path, "value"),) if fix else ()
    fixed_payload = replaced(payload, path, right)
    wrong = replaced(payload, path, said)
    return Wrong(wrong, path, "value", fix, edited, fixed_payload, fields=FIELDS)


def kind_function(draw: st.DrawFn) -> Wrong:
    """An average or a sum of what is no number."""
    payload = clean.payload(draw, kind="aggregate")
    names = [name for name, kind in clean.KINDS.items() if kind != "Number"]
    output = {
        **payload["Output"],
        "AggregateFunction": draw(st.sampled_from(("Sum", "Average"))),
        "AggregateField": draw(st.sampled_from(names)),
    }
    return Wrong({**payload, "Output": output}, ("Output", "AggregateField"), fields=FIELDS)


def option(draw: st.DrawFn) -> Wrong:
    """A value that the dropdown does not offer, near to one of its options or to none."""
    payload = clean.payload(draw, "filters")
    ways = {"bsc hons": "BSc (Hons)", "mba": "MBA", "BTech, MTech": "B.Tech, M.Tech", "Zzyzx": None}
    said = draw(st.sampled_from([*ways]))
    one = clean.filter_on(draw, "mx_Course", draw(st.sampled_from(("=", "<>", "in"))))
    place = clean.with_filter(draw, payload, one)
    path: Any = (*place, "LookUpValue")
    if "LookUpValues" in one:
        path = (*place, "LookUpValues", 0)
        others = [value for value in clean.OPTIONS["mx_Course"] if value != ways[said]]
        payload = replaced(payload, (*place, "LookUpValues", 1), others[0])
    fix = "unsafe" if ways[said] else None
    edited = ((path, "value"),) if fix else ()
    fixed_payload = replaced(payload, path, ways[said])
    return Wrong(
        replaced(payload, path, said), path, "value", fix, edited, fixed_payload, fields=FIELDS
    )


ACCOUNTS: Final[dict[str, Make]] = {
    "LQ601": unknown_field,
    "LQ602": display_name,
    "LQ603": kind_operator,
    "LQ604": kind_value,
    "LQ605": kind_function,
    "LQ606": option,
}
