"""A contradiction is reported if and only if no lead can match."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import event, given, strategies as st

from leadquery import check
from leadquery.emulator import Emulator
from leadquery.expr import BaseField, Date, Number, Text
from leadquery.lint.check import run_checks
from leadquery.lint.diagnostics import RawDiagnostic
from leadquery.lint.reader import read_request
from leadquery.lint.rules.suspicious import CONTRADICTION
from leadquery.lint.rules.types import merge_types
from leadquery.wire.enums import Arity, DateField, Operator, OutputType
from leadquery.wire.model import (
    ComparisonFilter,
    DateRange,
    LeadFilter,
    ListOutput,
    MembershipFilter,
    Paging,
    PresenceFilter,
    ReportFilter,
    Request,
)
from leadquery.wire.serializer import to_payload

Filters = Sequence[LeadFilter]

STANDARD = ("Score", "FirstName", "ProspectStage", "CreatedOn", "DoNotCall")
OWN = "mx_Anything"
NUMBERS = ("0", "-0", "1", "1.0", "01", "2", "10", "9", "1e1", "1e999", "0.5", "-1")
DATES = (
    *("2026-01-05", "2026-01-05 00:00:00", "2026-01-05T05:30:00+05:30", "2026-01-05 00:00:01"),
    *("2026-01-06", "2026-02-30"),
)
TEXTS = ("a", "A", "ab", "B", "abc", "b", "ß", "SS", "a b", "\0", "\ud800", "\U0001f600", "\uffff")
VALUES = st.sampled_from((*NUMBERS, *DATES, *TEXTS))


def requested(filters: Filters, dates: Sequence[DateRange] = ()) -> Request:
    """A request for ids with these filters."""
    report = ReportFilter(None, tuple(filters)) if filters else None
    listing = ListOutput(OutputType.LIST, ("ProspectID",))
    return Request(report, tuple(dates) or None, listing, Paging(1, 100))


def contradictions(request: Request) -> list[RawDiagnostic]:
    """The contradictions in a request."""
    context = read_request(to_payload(request)).context
    return [one for one in run_checks(context) if one.rule is CONTRADICTION]


def lead_filters(names: st.SearchStrategy[str], values: st.SearchStrategy[str] = VALUES) -> Any:
    """Filters of every class."""
    by_takes = [
        st.sampled_from([operator for operator in Operator if operator.takes is takes])
        for takes in (Arity.ONE, Arity.MANY, Arity.NONE)
    ]
    several = st.lists(values, min_size=1, max_size=3, unique=True).map(tuple)
    comparisons = st.builds(ComparisonFilter, names, values, by_takes[0])
    return st.one_of(
        comparisons,
        comparisons,
        st.builds(MembershipFilter, names, by_takes[1], several),
        st.builds(PresenceFilter, names, by_takes[2], st.none()),
    )


def values_around(filters: Iterable[LeadFilter]) -> list[str]:
    """The values in some filters, and values close to them."""
    values = [one.value for one in filters if isinstance(one, ComparisonFilter)]
    values += [
        value for one in filters if isinstance(one, MembershipFilter) for value in one.values
    ]
    found = [*values, *(f"{one}{other}" for one in values for other in values)]
    for value in values:
        found += value.swapcase(), f"{value}\0", f"{value}~", value[:-1], f" {value}"
        found += _beside(value)
    return list(dict.fromkeys(found))


def _beside(value: str) -> list[str]:
    """The numbers and datetimes next to a value."""
    found = []
    try:
        found += [f"{float(value) + step:f}" for step in (-0.25, 0.25)]
        found += [f"{float(value):.1f}", f"{float(value):e}"]
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(value)
        found += [f"{moment + timedelta(seconds=step):%Y-%m-%d %H:%M:%S}" for step in (-1, 0, 1)]
    except ValueError:
        pass
    return found


FIELD_TYPES: tuple[Callable[[str], BaseField[Any]], ...] = (Number, Date, Text)


def values_found(request: Request, name: str, texts: Sequence[str]) -> set[str]:
    """The values of a field that match a request, for each type that the field may have."""
    found: set[str] = set()
    payload = to_payload(request)
    # A field without a type is a number if all of its values are numbers.
    numbers = [text for text in texts if text.replace(".", "", 1).isdecimal()]
    for stored, fields in (
        (texts, []),
        (numbers, []),
        *((texts, [field_type(name)]) for field_type in FIELD_TYPES),
    ):
        leads = [{"ProspectID": "none"}, *({"ProspectID": text, name: text} for text in stored)]
        result = Emulator(leads, fields=fields).answer(payload)
        found |= {row["ProspectID"] for row in result["Results"]}
    return found


@given(st.data())
def test_no_lead_matches_a_contradiction(data: st.DataObject) -> None:
    """Neither with all filters on the field, nor with the two that are named."""
    name = data.draw(st.sampled_from((*STANDARD, OWN, OWN)))
    some = data.draw(st.lists(VALUES, min_size=1, max_size=3, unique=True))
    values = st.sampled_from(some)
    filters = data.draw(
        st.lists(lead_filters(st.just(name), values), min_size=2, max_size=5, unique=True)
    )
    found = contradictions(requested(filters))
    texts = [*values_around(filters), *data.draw(st.lists(VALUES | st.text(), max_size=5))]
    texts = list(dict.fromkeys(filter(None, texts)))
    event(f"{len(found)} found")

    assert len(found) <= 1
    for one in found:
        later = filters[int(one.path[-1])]
        named = filters[int(one.message.split("[")[1].split("]")[0])]
        alone = "with those before it" not in one.message
        assert not values_found(requested([named, later] if alone else filters), name, texts)


@given(
    st.lists(lead_filters(st.sampled_from((*STANDARD, OWN))), min_size=1, max_size=6, unique=True),
    st.lists(st.sampled_from((*NUMBERS, *DATES, *TEXTS, "")), min_size=1, max_size=6),
)
def test_no_lead_matches_a_contradiction_among_other_filters(
    filters: list[LeadFilter], values: list[str]
) -> None:
    """Filters on other fields only narrow the result."""
    request = requested(filters)
    every = [*values, *values_around(filters)]
    leads = [
        {name: every[(place + row) % len(every)] for place, name in enumerate((*STANDARD, OWN))}
        for row in range(len(every))
    ]
    total = Emulator(leads).answer(to_payload(request))["TotalCount"]

    assert not contradictions(request) or total == "0"


STEPS = [
    f"{datetime(2026, 1, 5, tzinfo=UTC) + timedelta(seconds=step):%Y-%m-%d %H:%M:%S}"
    for step in range(10)
]
SCALES = {
    "Score": [f"{number / 2:g}" for number in range(10)],
    "FirstName": [f"{letter}{end}" for letter in "abcde" for end in ("", "m")],
    "LastVisitDate": STEPS,
    OWN: [f"{letter}{end}" for letter in "abcde" for end in ("", "m")],
}
"""Values in order; filters use every second one, so that there is always one between."""


@st.composite
def on_a_scale(draw: st.DrawFn) -> tuple[str, list[LeadFilter]]:
    """Filters that compare one field with every second value of its scale."""
    name = draw(st.sampled_from([*SCALES]))
    filters = lead_filters(st.just(name), st.sampled_from(SCALES[name][::2]))
    # Methods with one value search in a text, which has no order.
    compared = filters.filter(
        lambda one: one.operator.takes is not Arity.ONE or not one.operator.python.isidentifier()
    )
    return name, draw(st.lists(compared, min_size=2, max_size=5, unique=True))


@given(on_a_scale())
def test_every_contradiction_of_comparisons_is_reported(case: tuple[str, list[LeadFilter]]) -> None:
    """If no lead with any value of the scale matches."""
    name, filters = case
    scale = SCALES[name]
    low, high = ("2025-01-01", "2027-01-01") if name == "LastVisitDate" else ("-1", "99")
    if scale[0] == "a":
        low, high = "\1", "z"
    leads: list[dict[str, str]] = [{}, *({name: value} for value in (low, *scale, high))]
    request = requested(filters)
    total = Emulator(leads).answer(to_payload(request))["TotalCount"]
    event(f"{total != '0'}")

    assert bool(contradictions(request)) is (total == "0")


@given(
    st.lists(st.sampled_from("abcde"), min_size=1, max_size=3, unique=True).map(tuple),
    st.lists(
        st.builds(
            ComparisonFilter,
            st.just("FirstName"),
            st.sampled_from(("a", "B", "ab", "c")),
            st.sampled_from((Operator.CONTAINS, Operator.DOES_NOT_CONTAIN, Operator.NOT_EQUAL)),
        ),
        min_size=1,
        max_size=4,
        unique=True,
    ),
)
def test_every_contradiction_of_a_list_and_searches_is_reported(
    values: tuple[str, ...], searches: list[LeadFilter]
) -> None:
    """If no value of the list matches the searches."""
    request = requested([MembershipFilter("FirstName", Operator.ONE_OF, values), *searches])
    leads = [{"FirstName": value} for value in (*"abcde", *"ABCDE")]
    total = Emulator(leads).answer(to_payload(request))["TotalCount"]

    assert bool(contradictions(request)) is (total == "0")


moments = st.integers(0, 6).map(
    lambda step: datetime(2026, 1, 5, tzinfo=UTC) + timedelta(seconds=step)
)
date_ranges = st.builds(
    lambda field, ends: DateRange(field, *sorted(ends)),
    st.sampled_from(DateField),
    st.tuples(moments, moments),
)


@given(st.lists(date_ranges, min_size=1, max_size=4, unique=True))
def test_ranges_without_a_common_second_contradict(dates: list[DateRange]) -> None:
    seconds = [datetime(2026, 1, 5, tzinfo=UTC) + timedelta(seconds=step) for step in range(7)]
    leads = [{"CreatedOn": one, "ModifiedOn": other} for one in seconds for other in seconds]
    request = requested([], dates)
    total = Emulator(leads).answer(to_payload(request))["TotalCount"]

    assert bool(contradictions(request)) is (total == "0")


@given(
    st.lists(
        lead_filters(st.sampled_from((*STANDARD, OWN, "Stage", "score"))), max_size=3, unique=True
    ),
    st.lists(date_ranges, max_size=3, unique=True),
)
def test_check_finds_every_suspicious_pattern(
    filters: list[LeadFilter], dates: list[DateRange]
) -> None:
    """`check` finds what the rules find in the objects of the full reader."""
    raw = to_payload(requested(filters, dates))
    found = merge_types([], run_checks(read_request(raw).context))
    event(f"suspicious: {bool(found)}")

    assert sorted(one.code for one in check(raw)) == sorted(one.rule.code for one in found)
