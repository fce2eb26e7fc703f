"""Mistakes in how values are combined: LQ401 to LQ409."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from hypothesis import assume, strategies as st

from tests.laws.formatting import Path
from tests.laws.mistakes import clean
from tests.laws.mistakes.mistake import Make, Wrong, at, paths_of, replaced, without

Json = Any


class _Misplaced(NamedTuple):
    """A filter with a value under the wrong key, the key, and its fix."""

    entry: dict[str, Json]
    key: str
    fix: str
    edited: tuple[tuple[str, str], ...]
    fixed_payload: dict[str, Json]
    left: tuple[str, ...] = ()


_KEY_AND_VALUE: Final = {
    key: ((key, "key"), (key, "value")) for key in ("LookUpValue", "LookUpValues")
}
_MISPLACED: Final = (
    _Misplaced(
        {"SqlOperator": "=", "LookUpValues": ["a"]},
        "LookUpValues",
        "safe",
        _KEY_AND_VALUE["LookUpValues"],
        {"SqlOperator": "=", "LookUpValue": "a"},
    ),
    _Misplaced(
        {"SqlOperator": "=", "LookUpValues": ["a", "b"]},
        "LookUpValues",
        "unsafe",
        (("SqlOperator", "value"),),
        {"SqlOperator": "in", "LookUpValues": ["a", "b"]},
    ),
    _Misplaced(
        {"SqlOperator": "in", "LookUpValue": "a"},
        "LookUpValue",
        "safe",
        _KEY_AND_VALUE["LookUpValue"],
        {"SqlOperator": "in", "LookUpValues": ["a"]},
        left=("LQ505",),
    ),
    _Misplaced(
        {"SqlOperator": "in", "LookUpValue": "a, b"},
        "LookUpValue",
        "unsafe",
        _KEY_AND_VALUE["LookUpValue"],
        {"SqlOperator": "in", "LookUpValues": ["a", "b"]},
    ),
    _Misplaced(
        {"SqlOperator": "in", "LookUpValue": ["a", "b"]},
        "LookUpValue",
        "safe",
        (("LookUpValue", "key"),),
        {"SqlOperator": "in", "LookUpValues": ["a", "b"]},
    ),
    _Misplaced(
        {"SqlOperator": "in", "LookUpValue": "x", "LookUpValues": ["a", "b"]},
        "LookUpValue",
        "unsafe",
        (("LookUpValue", "entry"),),
        {"SqlOperator": "in", "LookUpValues": ["a", "b"]},
    ),
    _Misplaced(
        {"SqlOperator": "ndef", "LookUpValues": ["a", "b"]},
        "LookUpValues",
        "unsafe",
        (("LookUpValues", "entry"),),
        {"SqlOperator": "ndef"},
    ),
)


def value_key(draw: st.DrawFn) -> Wrong:
    """A value under the key that another operator uses."""
    payload = clean.payload(draw, "filters")
    case = draw(st.sampled_from(_MISPLACED))
    one = clean.shuffled(draw, {"LookUpName": "Company", **case.entry})
    place = clean.with_filter(draw, payload, one)
    edited = tuple(((*place, name), what) for name, what in case.edited)
    fixed_payload = replaced(payload, place, {"LookUpName": "Company", **case.fixed_payload})
    return Wrong(payload, (*place, case.key), "key", case.fix, edited, fixed_payload, case.left)


def needless_value(draw: st.DrawFn) -> Wrong:
    """A value with an operator that takes none."""
    payload = clean.payload(draw, "filters")
    one = clean.filter_on(draw, "Company", draw(st.sampled_from(("def", "ndef"))))
    one["LookUpValue"] = draw(st.sampled_from(("x", " ", 1, False, ["x"])))
    return Wrong(payload, (*clean.with_filter(draw, payload, one), "LookUpValue"))


def empty_value(draw: st.DrawFn) -> Wrong:
    """An empty value to compare with."""
    payload = clean.payload(draw, "filters", "users")
    one = clean.filter_on(draw, "Company", draw(st.sampled_from(("=", "<>", "lik", "in"))))
    place = clean.with_filter(draw, payload, one)
    mine = (*place, "LookUpValue") if "LookUpValue" in one else (*place, "LookUpValues", 1)
    path = draw(st.sampled_from([mine, *paths_of(payload, "LookupValue")]))
    return Wrong(replaced(payload, path, ""), path)


def reversed_range(draw: st.DrawFn) -> Wrong:
    """A range whose ends are swapped, with or without times of day."""
    payload = clean.payload(draw, "dates")
    path = ("DateFilter", draw(st.integers(0, len(payload["DateFilter"]) - 1)))
    first, last = (*path, "FromDate"), (*path, "ToDate")
    start, end = at(payload, first), at(payload, last)
    ends = end, start
    if draw(st.booleans()):
        start, end = f"{start[:10]} 00:00:00", f"{end[:10]} 23:59:59"
        ends = f"{end[:10]} 00:00:00", f"{start[:10]} 23:59:59"
        payload = replaced(replaced(payload, first, start), last, end)
    else:
        assume(not (end.endswith(" 00:00:00") and start.endswith(" 23:59:59")))
    wrong = replaced(replaced(payload, first, ends[0]), last, ends[1])
    return Wrong(wrong, last, "value", "unsafe", ((first, "value"), (last, "value")), payload)


def _chains(payload: Json) -> list[tuple[Path, str, int]]:
    """The lists whose entries are joined: path, key of the operator, length."""
    joiners = {"Condition": "ConditionOperator", "GroupConditions": "GroupOperator"}
    found = paths_of(payload, *joiners)
    return [(path, joiners[str(path[-1])], len(at(payload, path))) for path in found]


def mixed_joiners(draw: st.DrawFn) -> Wrong:
    """A joining operator that differs from the first of its list."""
    payload = clean.payload(draw, "users", least=3)
    place, key, size = draw(st.sampled_from(_chains(payload)))
    path = (*place, draw(st.integers(1, size - 2)), key)
    return Wrong(replaced(payload, path, {"AND": "OR", "OR": "AND"}[at(payload, path)]), path)


def missing_joiner(draw: st.DrawFn) -> Wrong:
    """No operator between an entry and the next."""
    payload = clean.payload(draw, "users", least=2)
    place, key, size = draw(st.sampled_from(_chains(payload)))
    path = (*place, draw(st.integers(0, size - 2)), key)
    if draw(st.booleans()):
        return Wrong(without(payload, path), path, "object")
    # If the list has another operator, the fix uses it.
    fix = "unsafe" if size > 2 else None
    edited = ((path, "value"),) if fix else ()
    return Wrong(replaced(payload, path, None), path, "value", fix, edited, payload)


def other_output(draw: st.DrawFn) -> Wrong:
    """A key that belongs to the other type of output."""
    payload = clean.payload(draw)
    others = ("GroupBy", "AggregateFunction", "AggregateField")
    listed = "GroupBy" not in payload["Output"]
    path = ("Output", draw(st.sampled_from(others if listed else ("IncludeCSV",))))
    output = clean.shuffled(draw, {**payload["Output"], path[1]: "OwnerId"})
    fixed_payload = {**payload, "Output": {key: output[key] for key in output if key != path[1]}}
    return Wrong(
        {**payload, "Output": output}, path, "key", "unsafe", ((path, "entry"),), fixed_payload
    )


def repeated(draw: st.DrawFn) -> Wrong:
    """A duplicate filter, value, range or column."""
    payload = clean.payload(draw, "filters", "dates", output_type="list")
    place = clean.with_filter(draw, payload, clean.filter_on(draw, "Company", "in"))
    lists = (("ReportFilter", "LeadFilters"), ("DateFilter",), (*place, "LookUpValues"))
    path: Path = draw(st.sampled_from((*lists, ("Output", "IncludeCSV"))))
    here = at(payload, path)
    entries = here.split(",") if isinstance(here, str) else here
    again = draw(st.sampled_from(entries))
    later = draw(st.integers(entries.index(again) + 1, len(entries)))
    if isinstance(again, dict):
        again = clean.shuffled(draw, again)
    more = [*entries[:later], again, *entries[later:]]
    if isinstance(here, str):
        wrong = replaced(payload, path, ",".join(more))
        return Wrong(wrong, path, "value", "safe", ((path, "value"),), payload)
    wrong, entry = replaced(payload, path, more), (*path, later)
    return Wrong(wrong, entry, "value", "safe", ((entry, "entry"),), payload)


def idle_joiner(draw: st.DrawFn) -> Wrong:
    """An operator on the last entry, or beside the groups."""
    payload = clean.payload(draw, "users")
    ends = [(*place, size - 1, key) for place, key, size in _chains(payload)]
    path = draw(st.sampled_from([("ReportFilter", "UserFilter", "GroupOperator"), *ends]))
    last = {**at(payload, path[:-1]), path[-1]: draw(st.sampled_from(("AND", "OR")))}
    wrong = replaced(payload, path[:-1], last)
    fixed_payload = without(wrong, path)
    return Wrong(wrong, path, "value", "safe", ((path, "entry"),), fixed_payload)


COMBINATIONS: Final[dict[str, Make]] = {
    "LQ401": value_key,
    "LQ402": needless_value,
    "LQ403": empty_value,
    "LQ404": reversed_range,
    "LQ405": mixed_joiners,
    "LQ406": missing_joiner,
    "LQ407": other_output,
    "LQ408": repeated,
    "LQ409": idle_joiner,
}
