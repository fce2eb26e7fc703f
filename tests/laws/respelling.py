"""Writes a payload in another allowed spelling, with the same meaning."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Json = Any


@st.composite
def respelled(draw: st.DrawFn, payload: Json) -> Json:
    """The payload with keys reordered, unused keys added, and alternative spellings."""
    if isinstance(payload, list):
        return _vary_last_joiner(draw, [draw(respelled(one)) for one in payload])
    if not isinstance(payload, dict):
        return payload
    other = {key: draw(respelled(value)) for key, value in payload.items()}
    _vary_unused_keys(draw, other)
    return {key: other[key] for key in draw(st.permutations(list(other)))}


def _vary_unused_keys(draw: st.DrawFn, one: dict[str, Json]) -> None:
    """Add keys that have no effect, and vary the spelling of the type."""
    if one.get("SqlOperator") in ("def", "ndef") and draw(st.booleans()):
        one["LookUpValue"] = ""
    if "Type" in one:
        one["Type"] = draw(st.sampled_from((one["Type"], one["Type"].capitalize())))
        idle = "AggregateField" if "IncludeCSV" in one else "IncludeCSV"
        one.update(draw(st.sampled_from(({}, {idle: ""}))))
    if "IncludeCSV" in one and "GroupBy" not in one:
        gap = draw(st.sampled_from((",", ", ", " ,")))
        one["IncludeCSV"] = gap.join(one["IncludeCSV"].split(","))
    if "PageSize" in one:
        one["PageSize"] = draw(st.sampled_from((one["PageSize"], float(one["PageSize"]))))
    if "GroupConditions" in one and "Condition" not in one:
        one.update(draw(st.sampled_from(({}, {"GroupOperator": None}))))


def _vary_last_joiner(draw: st.DrawFn, entries: list[Json]) -> list[Json]:
    """Vary the joining operator of the last entry, which has no effect."""
    # Only the node of a sibling report may be empty.
    last = entries[-1] if entries else None
    for key, sign_of_entry in (
        ("ConditionOperator", "LookupValue"),
        ("GroupOperator", "Condition"),
    ):
        if isinstance(last, dict) and sign_of_entry in last:
            variants: list[dict[str, Json]] = [
                {},
                {key: None},
                *({key: one[key]} for one in entries[:-1]),
            ]
            last.update(draw(st.sampled_from(variants)))
    return entries
