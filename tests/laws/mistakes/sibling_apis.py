"""Bodies of sibling APIs: LQ207."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.laws.mistakes import clean
from tests.laws.mistakes.mistake import Wrong

Json = Any


def sibling_body(draw: st.DrawFn) -> Wrong:
    """A key of a sibling API, or its whole body."""
    variant = draw(st.sampled_from(("key", "capture", "criterion")))
    if variant == "capture":
        entry = {"Attribute": "Phone", "Value": draw(clean.texts)}
        return Wrong(draw(st.sampled_from(([entry], [[entry], [entry]]))), ())
    if variant == "criterion":
        return _criterion(draw)
    payload = clean.payload(draw, "filters")
    key = draw(st.sampled_from(("SearchParameters", "AdvancedSearch")))
    wrong = {**payload, key: {"ListId": "1"}}
    wrong = {one: wrong[one] for one in draw(st.permutations([*wrong]))}
    return Wrong(wrong, (key,), "key", "unsafe", (((key,), "entry"),), payload)


def _criterion(draw: st.DrawFn) -> Wrong:
    names = {"LookupName": "LookUpName", "LookupValue": "LookUpValue", "SqlOperator": "SqlOperator"}
    criterion = {"LookupName": "Company", "LookupValue": draw(clean.texts), "SqlOperator": "="}
    paging = {"PageIndex": 1, "PageSize": 100}
    columns = {"Include_CSV": "Phone,Score"}
    body = {"Parameter": criterion, "Columns": columns, "Paging": paging}
    fixed_payload = {
        "ReportFilter": {"LeadFilters": [{names[key]: value for key, value in criterion.items()}]},
        "Output": {"Type": "list", "IncludeCSV": "Phone,Score"},
        "Paging": paging,
    }
    moved = (("Parameter",), ("Columns",))
    edited = tuple((path, what) for path in moved for what in ("key", "value"))
    return Wrong(body, ("Parameter",), "key", "unsafe", edited, fixed_payload)
