"""Diagnostics of long lists, which are checked faster."""

from __future__ import annotations

import json
from collections import OrderedDict
from typing import Any, Final

import pytest
from hypothesis import example, given, strategies as st

from leadquery import check
from leadquery.lint.check import run_checks
from leadquery.lint.diagnostics import Path, RawDiagnostic, in_order
from leadquery.lint.reader import ReadResult, read_request
from leadquery.lint.source_text import locate
from leadquery.wire.model import MembershipFilter

LIST: Final = {"Type": "list", "IncludeCSV": "Phone"}
PAGING: Final = {"PageIndex": 1, "PageSize": 100}


def payload(filters: list[Any]) -> dict[str, Any]:
    """A payload with lead filters."""
    return {"ReportFilter": {"LeadFilters": filters}, "Output": LIST, "Paging": PAGING}


NAMES = st.sampled_from(("Score", "Source", "mx_A", "mx_B", "mx_C", "mx_D", "Scroe", "", 5))
VALUES = st.sampled_from(("1", "2", "ab", "a", "", 5, None))
OPERATORS = st.sampled_from(("=", "<>", ">", "<", ">=", "lik", "nlik", "eq", "LIK", "ndef", "in"))
FILTERS: st.SearchStrategy[Any] = st.one_of(
    st.builds(
        lambda *parts: dict(zip(("LookUpName", "LookUpValue", "SqlOperator"), parts, strict=True)),
        NAMES,
        VALUES,
        OPERATORS,
    ),
    st.builds(
        lambda name, values: {"LookUpName": name, "SqlOperator": "in", "LookUpValues": values},
        NAMES,
        st.lists(VALUES, max_size=4),
    ),
    st.builds(
        lambda name, own: own({"LookUpName": name, "SqlOperator": "ndef"}),
        NAMES,
        st.sampled_from((dict, OrderedDict)),
    ),
    st.sampled_from((None, {}, {"Attribute": "mx_A", "SqlOperator": "ndef", "LookUpValue": ""})),
)


def found(raw: Any, reading: ReadResult) -> list[RawDiagnostic]:
    """All diagnostics, in the order of the payload."""
    return in_order(raw, [*reading.context.diagnostics, *run_checks(reading.context)])


CLEAN = st.one_of(
    st.builds(
        lambda name, value, operator: {
            "LookUpName": name,
            "LookUpValue": value,
            "SqlOperator": operator,
        },
        st.sampled_from(("Score", "mx_A")),
        st.sampled_from(("1", "2")),
        st.sampled_from(("=", "<>", ">", "<", ">=", "<=", "lik", "nlik")),
    ),
    st.builds(
        lambda name, values: {"LookUpName": name, "SqlOperator": "in", "LookUpValues": values},
        st.sampled_from(("Score", "mx_A")),
        st.lists(st.sampled_from(("1", "2", "3", "4")), min_size=2, unique=True),
    ),
    st.builds(
        lambda name, operator: {"LookUpName": name, "SqlOperator": operator},
        st.sampled_from(("Score", "mx_A")),
        st.sampled_from(("def", "ndef")),
    ),
)
HAS_NONE: Final = {"LookUpName": "mx_A", "SqlOperator": "ndef"}
AMONG: Final = {"LookUpName": "mx_A", "SqlOperator": "in"}
SEVERAL: Final[dict[str, Any]] = {**AMONG, "LookUpValues": ["1", "2"]}
CLEAN_ONE: Final = {"LookUpName": "mx_B", "LookUpValue": "1", "SqlOperator": "<>"}
IS_ONE: Final = {"LookUpName": "mx_A", "LookUpValue": "1", "SqlOperator": "="}


@example([IS_ONE, OrderedDict(HAS_NONE)])
@given(st.lists(FILTERS, max_size=8) | st.lists(CLEAN, max_size=4))
def test_skipped_entries_have_no_diagnostics(filters: list[Any]) -> None:
    raw = payload(filters)

    assert found(raw, read_request(raw)) == found(raw, read_request(raw, every_object=True))


@example([CLEAN_ONE] * 30, {17: {**CLEAN_ONE, "Note": ""}})
@example([CLEAN_ONE] * 30, {17: OrderedDict(CLEAN_ONE)})
@example([*[CLEAN_ONE] * 300], {17: HAS_NONE, 299: {**IS_ONE, "SqlOperator": "gt"}})
@given(
    st.lists(CLEAN, max_size=4).map(lambda some: some * 80),
    st.dictionaries(st.integers(0, 319), FILTERS, max_size=4),
)
def test_a_long_list_is_read_as_its_items(clean: list[Any], others: dict[int, Any]) -> None:
    """Whether its items are decoded together or read one by one."""
    raw = payload([others.get(index, one) for index, one in enumerate(clean)])

    assert found(raw, read_request(raw)) == found(raw, read_request(raw, every_object=True))


@example([IS_ONE, HAS_NONE])
@example([{**AMONG, "LookUpValues": ["1", "2"]}, {**AMONG, "LookUpValues": ["3", "4"]}])
@example([{**IS_ONE, "SqlOperator": "lik"}, {**IS_ONE, "SqlOperator": "nlik"}])
@example([{**IS_ONE, "SqlOperator": ">"}, {**IS_ONE, "SqlOperator": "<"}])
@given(st.lists(CLEAN, min_size=2, max_size=4))
def test_check_reports_what_the_readers_and_the_rules_find(filters: list[Any]) -> None:
    """Also if it can decode the payload."""
    raw = payload(filters)
    codes = [one.rule.code for one in found(raw, read_request(raw, every_object=True))]

    assert [one.code for one in check(raw)] == codes


@pytest.mark.parametrize(
    "suspicious",
    [
        {**IS_ONE, "LookUpValue": "a%", "SqlOperator": "lik"},
        {**IS_ONE, "LookUpName": "Scroe"},
        {**IS_ONE, "LookUpName": "Source", "SqlOperator": "<"},
        {"LookUpName": "Scroe", "SqlOperator": "ndef"},
        {**AMONG, "LookUpName": "Scroe", "LookUpValues": ["1", "2"]},
        {**AMONG, "LookUpValues": ["1"]},
    ],
    ids=str,
)
def test_a_suspicious_filter_is_found_among_many(suspicious: dict[str, Any]) -> None:
    """Of its own class, and of others; long lists are decoded together."""
    others = [{**IS_ONE, "LookUpName": f"mx_Other{number}"} for number in range(20)]
    clean = next(one for one in (SEVERAL, IS_ONE, HAS_NONE) if one.keys() == suspicious.keys())
    same = [*({**clean, "LookUpName": f"mx_Same{number}"} for number in range(20)), suspicious]
    alone = [(one.code, one.message) for one in check(payload([suspicious])).diagnostics]
    among_others = check(payload([*others, suspicious])).diagnostics
    among_same = check(payload(same)).diagnostics

    assert alone
    assert [(one.code, one.message) for one in among_others] == alone
    assert [(one.code, one.message) for one in among_same] == alone


def test_date_ranges_are_compared_without_those_that_cannot_be_read() -> None:
    """An end before its start leaves no range to compare with."""
    january = ("2026-01-01 00:00:00", "2026-01-31 23:59:59")
    march = ("2026-03-01 00:00:00", "2026-03-31 23:59:59")
    ranges = [
        {"DateField": "LeadCreatedOn", "FromDate": start, "ToDate": end}
        for start, end in (january, march[::-1], march)
    ]
    report = check({"DateFilter": ranges, "Output": LIST, "Paging": PAGING})

    assert [(one.code, one.path) for one in report] == [
        ("LQ404", "$.DateFilter[1].ToDate"),
        ("LQ502", "$.DateFilter[2]"),
    ]


ENTRIES: Final[tuple[Any, ...]] = (
    "a",
    '"',
    "\\",
    'b\\"',
    "}, {",
    '",',
    1,
    None,
    {"a": ["]", "}"]},
    {"a": {}},
    [[]],
)


@pytest.mark.parametrize("indent", [None, 1])
@given(
    pools=st.lists(st.lists(st.sampled_from(ENTRIES), min_size=1, max_size=3), max_size=3),
    wanted=st.sets(st.integers(0, 300)),
)
@example(pools=[['",', *[","] * 99]], wanted={90})
def test_places_behind_many_entries(indent: int | None, pools: Any, wanted: set[int]) -> None:
    """Each is at its value."""
    entries = [one for pool in pools for one in (pool * 100)[:100]]
    text = json.dumps(entries, indent=indent)
    paths: list[Path] = [(index,) for index in wanted]
    places = locate(text, paths)

    assert places[()].end == len(text)
    assert set(places) - {()} == {(index,) for index in wanted if index < len(entries)}
    for index in wanted & set(range(len(entries))):
        place = places[(index,)]
        assert json.loads(text[place.value : place.end]) == entries[index]
        assert (place.before is None) == (index == 0)
        assert (place.after is None) == (index == len(entries) - 1)


def test_diagnostics_of_a_long_list() -> None:
    """Each with its line and column."""
    filters = [
        {"LookUpName": f"mx_{i}", "LookUpValue": "1", "SqlOperator": ">"} for i in range(999)
    ]
    for index in (0, 500, 998):
        filters[index]["SqlOperator"] = "gt"
    lines = json.dumps(payload(filters), indent=1).splitlines()
    diagnostics = check("\n".join(lines)).diagnostics

    assert len(diagnostics) == 3
    for one in diagnostics:
        assert lines[(one.line or 0) - 1][(one.column or 0) - 1 :].startswith('"gt"')


@pytest.mark.parametrize("blank", ["", " ", "\n", "\t", "\r"])
def test_a_duplicate_key_is_found_before_any_whitespace(blank: str) -> None:
    text = (
        f'{{"Output": {{"Type": "list", "IncludeCSV": "Phone"}}, "Paging"{blank}: 5, "Paging": 5}}'
    )
    codes = [one.code for one in check(text)]

    assert "LQ110" in codes


@pytest.mark.parametrize("value", [":", " :", "a: b", '":', "12:00:00"])
def test_colons_in_texts_are_no_keys(value: str) -> None:
    text = json.dumps(payload([{"LookUpName": "mx_A", "LookUpValue": value, "SqlOperator": "="}]))

    assert not check(text).diagnostics


def test_a_filter_with_an_invalid_value_is_ignored() -> None:
    """By later rules."""
    one = {"LookUpName": "Source", "SqlOperator": "in", "LookUpValues": ["Web", {}]}
    nodes = read_request({"ReportFilter": {"LeadFilters": [one]}}).context.objects

    assert [node.value for node in nodes if node.of is MembershipFilter] == [None]
