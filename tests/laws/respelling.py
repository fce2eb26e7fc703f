"""A payload written in another way that is allowed and asks the same."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Json = Any


@st.composite
def respelt(draw: st.DrawFn, payload: Json) -> Json:
    """The same question: keys in another order, idle keys added, names spelt another way."""
    if isinstance(payload, list):
        return _last_said(draw, [draw(respelt(one)) for one in payload])
    if not isinstance(payload, dict):
        return payload
    other = {key: draw(respelt(value)) for key, value in payload.items()}
    _idle(draw, other)
    return {key: other[key] for key in draw(st.permutations(list(other)))}


def _idle(draw: st.DrawFn, one: dict[str, Json]) -> None:
    """Add what is read and says nothing, and use the other spelling of a type."""
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


def _last_said(draw: st.DrawFn, entries: list[Json]) -> list[Json]:
    """Say of the last condition or group what joins it to the next, of which there is none."""
    *_, last = entries
    for key, kind in (("ConditionOperator", "LookupValue"), ("GroupOperator", "Condition")):
        if isinstance(last, dict) and kind in last:
            said: list[dict[str, Json]] = [
                {},
                {key: None},
                *({key: one[key]} for one in entries[:-1]),
            ]
            last.update(draw(st.sampled_from(said)))
    return entries
