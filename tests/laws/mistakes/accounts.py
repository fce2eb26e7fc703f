"""Mistakes that `check` finds only with the account's fields: LQ601 to LQ606."""

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
        "DataType": field_type,
        "RenderTypeTextValue": "DateTime" if field_type == "Date" else field_type,
        "Options": [{"Value": one, "IsDefault": False} for one in clean.OPTIONS.get(name, ())],
    }
    for name, field_type in clean.FIELD_TYPES.items()
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
    """The name of a field that the account does not have, similar to an existing one or not."""
    if draw(st.booleans()):
        return misspelled_field(draw, _OTHER_NAMES, FIELDS)
    payload = clean.payload(draw, "filters")
    one = clean.filter_on(draw, "Company", "def") | {
        "LookUpName": draw(st.sampled_from(("Zzyzx_Qq", "mx_\u0416\u0416", "?")))
    }
    return Wrong(payload, (*clean.with_filter(draw, payload, one), "LookUpName"), fields=FIELDS)


def display_name(draw: st.DrawFn) -> Wrong:
    """The display name of a field instead of its schema name."""
    names = {name: (label, label.lower()) for name, label in _LABELS.items()}
    return misspelled_field(draw, names, FIELDS)


def operator_for_type(draw: st.DrawFn) -> Wrong:
    """An operator that the field's type does not support."""
    payload = clean.payload(draw, "filters")
    name = draw(st.sampled_from([*clean.FIELD_TYPES]))
    one = clean.filter_on(draw, name, "=")
    one["SqlOperator"] = draw(st.sampled_from(_LACKED[clean.FIELD_TYPES[name]]))
    return Wrong(payload, (*clean.with_filter(draw, payload, one), "SqlOperator"), fields=FIELDS)


def value_for_type(draw: st.DrawFn) -> Wrong:
    """A value that the field's type does not allow."""
    payload = clean.payload(draw, "filters")
    name = draw(st.sampled_from([*_VALUES]))
    text, fix, right = draw(st.sampled_from(_VALUES[name]))
    one = clean.filter_on(draw, name, "=")
    path = (*clean.with_filter(draw, payload, one), "LookUpValue")
    edited = ((path, "value"),) if fix else ()
    fixed_payload = replaced(payload, path, right)
    wrong = replaced(payload, path, text)
    return Wrong(wrong, path, "value", fix, edited, fixed_payload, fields=FIELDS)


def function_for_type(draw: st.DrawFn) -> Wrong:
    """The average or sum of a field that is not a number."""
    payload = clean.payload(draw, output_type="aggregate")
    names = [name for name, field_type in clean.FIELD_TYPES.items() if field_type != "Number"]
    output = {
        **payload["Output"],
        "AggregateFunction": draw(st.sampled_from(("Sum", "Average"))),
        "AggregateField": draw(st.sampled_from(names)),
    }
    return Wrong({**payload, "Output": output}, ("Output", "AggregateField"), fields=FIELDS)


def option(draw: st.DrawFn) -> Wrong:
    """A value that is not an option of the dropdown, similar to one or not."""
    payload = clean.payload(draw, "filters")
    options = {
        "bsc hons": "BSc (Hons)",
        "mba": "MBA",
        "BTech, MTech": "B.Tech, M.Tech",
        "Zzyzx": None,
    }
    text = draw(st.sampled_from([*options]))
    one = clean.filter_on(draw, "mx_Course", draw(st.sampled_from(("=", "<>", "in"))))
    place = clean.with_filter(draw, payload, one)
    path: Any = (*place, "LookUpValue")
    if "LookUpValues" in one:
        path = (*place, "LookUpValues", 0)
        others = [value for value in clean.OPTIONS["mx_Course"] if value != options[text]]
        payload = replaced(payload, (*place, "LookUpValues", 1), others[0])
    fix = "unsafe" if options[text] else None
    edited = ((path, "value"),) if fix else ()
    fixed_payload = replaced(payload, path, options[text])
    return Wrong(
        replaced(payload, path, text), path, "value", fix, edited, fixed_payload, fields=FIELDS
    )


ACCOUNTS: Final[dict[str, Make]] = {
    "LQ601": unknown_field,
    "LQ602": display_name,
    "LQ603": operator_for_type,
    "LQ604": value_for_type,
    "LQ605": function_for_type,
    "LQ606": option,
}
