"""Law 5: `check` accepts any input, and its fast path agrees with the full reader."""

from __future__ import annotations

import json
import math
from collections import Counter, OrderedDict, UserDict
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, strategies as st

from leadquery import check, from_payload, testing
from leadquery.errors import PayloadError, UnsupportedQueryError
from leadquery.lint.check import may_find
from leadquery.lint.decoder import decode_request, decode_text
from leadquery.lint.json_text import parse
from leadquery.lint.reader import read_request
from leadquery.lint.report import Report
from leadquery.lint.rules import all_checks
from leadquery.lint.rules.sibling_api import SIBLING_API
from leadquery.lint.rules.wrapped import WRAPPED_BODY
from tests.laws.mistakes.accounts import FIELDS
from tests.laws.mutations import json_values, mutated

PYTHON = st.one_of(
    st.binary(max_size=4),
    st.sampled_from((math.nan, math.inf, -0.0, 1j, Decimal(1), object(), int, (), frozenset({1}))),
    st.integers(),
    # Too long for Python to write, so not to be named in a strategy.
    st.integers(4_400, 4_500).map(lambda digits: 10**digits),
    st.sampled_from(("LookUpName", "GroupConditions", "Output", "\ud800", "")),
)
objects: st.SearchStrategy[Any] = st.recursive(
    json_values | PYTHON,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.tuples(inner, inner),
        st.dictionaries(PYTHON.filter(lambda one: one is not None), inner, max_size=3),
        st.builds(lambda one: OrderedDict(Output=one), inner),
        st.builds(lambda one: UserDict(Output=one), inner),
        st.builds(lambda one: {"Output": one, "ReportFilter": one, "Paging": one}, inner),
    ),
    max_leaves=5,
)


def checked(payload: object) -> Report:
    """The report on a payload, after rendering each diagnostic."""
    report = check(payload)
    severe = {"error" for one in report if one.severity == "error"}

    assert report.ok is not bool(severe)
    assert str(report).count("\n") >= len(report.diagnostics)
    for one in report:
        assert one.path.startswith("$")
        assert one.message
        assert hash(one) == hash(one)
        assert (one.line is None) == (one.column is None)
    return report


@given(json_values | objects)
def test_check_reports_on_any_object(payload: object) -> None:
    """Law 5: JSON values and any other Python object."""
    checked(payload)


@given(st.text() | testing.texts() | st.binary(max_size=50))
def test_check_reports_on_any_text(payload: str | bytes) -> None:
    """Law 5: texts and bytes."""
    checked(payload)


@st.composite
def broken_texts(draw: st.DrawFn) -> str:
    """The text of a payload with a piece removed, doubled or inserted."""
    text: str = json.dumps(draw(testing.payloads()), indent=draw(st.sampled_from((None, 2))))
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, min(len(text), start + 20)))
    put: str = draw(st.sampled_from((*"{}[],:\"'/\\\n\0", "//", "NaN", "1e999", "\ufeff")))
    rest: str = draw(st.sampled_from((text[start:], text[end:])))
    return text[:start] + draw(st.sampled_from((put, text[start:end], ""))) + rest


@given(broken_texts())
def test_check_reports_on_broken_text(text: str) -> None:
    """Law 5: a text with one change, and its bytes."""
    assert checked(text).diagnostics == checked(text.encode()).diagnostics


def recursive_payload() -> dict[str, Any]:
    """A payload with a user group that contains itself."""
    group: dict[str, Any] = {}
    group["GroupConditions"] = [group]
    return {"Output": {"Type": "list", "IncludeCSV": "a"}, "ReportFilter": {"UserFilter": group}}


def test_check_reports_on_a_recursive_object() -> None:
    """Law 5."""
    [diagnostic] = checked(recursive_payload()).diagnostics

    assert diagnostic.message == "the payload is nested too deeply"


def is_parsed(payload: object) -> bool:
    """Whether a payload is an object, not JSON text."""
    return not isinstance(payload, (str, bytes))


def codes_of_full_reader(payload: Any) -> list[str]:
    """The codes that the full reader reports, which `check` reports too.

    A body of a sibling API has one diagnostic instead, and a body inside another object is read.
    """
    found = read_request(payload).context.diagnostics
    codes = {one.rule.code for one in found}
    reported = {one.code for one in check(payload).diagnostics}

    assert codes <= reported or reported & {SIBLING_API.code, WRAPPED_BODY.code}
    return sorted(codes)


@given((mutated() | mutated() | mutated() | objects).filter(is_parsed))
def test_the_fast_path_accepts_only_what_the_reader_accepts(payload: Any) -> None:
    """Law 5: whether it builds the request or not."""
    clean = decode_request(payload) is not None
    codes = codes_of_full_reader(payload)

    assert not (clean and codes)
    assert decode_request(payload, builds=False) is (payload if clean else None)


GOOD = [json.loads(one.read_bytes()) for one in sorted(Path("tests/cases/good").glob("*.json"))]


class Repeated(dict[str, Any]):
    """An object that is written with its first key a second time, at its end."""

    def items(self) -> Any:
        return [*super().items(), *[*super().items()][:1]]


PAGING = '{"PageIndex": 1, "PageSize": 100}}'


@st.composite
def texts_of_payloads(draw: st.DrawFn) -> str:
    """The text of a payload, or of one with a duplicate key in some objects."""
    payload = draw(st.sampled_from(GOOD) | st.sampled_from(GOOD) | testing.payloads())
    if draw(st.booleans()):
        payload = json.loads(
            json.dumps(payload),
            object_hook=lambda one: Repeated(one) if draw(st.integers(0, 3)) == 0 else one,
        )
    indent = draw(st.sampled_from((None, 1)))
    separators = draw(st.sampled_from(((",", ":"), (" , ", " : "))))
    text = json.dumps(
        payload, indent=indent, separators=separators, ensure_ascii=draw(st.booleans())
    )
    return draw(st.sampled_from(("", " \n"))) + text + draw(st.sampled_from(("", "\n", "", " x")))


@example('{"Output": {"Type": "list", "Type": "list", "IncludeCSV": "Phone"}, "Paging": ' + PAGING)
@example('{"Output": {"Type": "list", "IncludeCSV": "Phone"}, "Paging": ' + PAGING)
@given(texts_of_payloads())
def test_the_fast_path_of_text_is_that_of_its_object(text: str) -> None:
    """Law 5: it parses the text as `check` does otherwise, and sees each duplicate key."""
    parsed = parse(text)
    is_sound = parsed.source is not None and not parsed.source.issues and not parsed.duplicates
    request = decode_request(parsed.raw) if is_sound else None

    assert decode_text(text) == (None if "\\" in text else request)
    with suppress(UnicodeEncodeError):
        assert decode_text(text.encode()) == decode_text(text)
    assert (decode_text(text, builds=False) is None) == (decode_text(text) is None)


def is_suspicious(payload: Any) -> bool:
    """Whether a check may find something in an object or list of a payload."""
    context = read_request(payload, every_object=True).context
    checks = all_checks()
    return any(
        may_find(check, one.value) for one in context.objects for check in checks.get(one.of, ())
    ) or any(
        check.when(values) for array, values, _ in context.lists for check in checks.get(array, ())
    )


@given(testing.payloads())
def test_the_fast_path_accepts_clean_payloads(payload: Any) -> None:
    """Except those with float page numbers, and those that a check looks at more closely."""
    pages = payload.get("Paging", {}).values()

    assert (
        decode_request(payload) is not None
        or is_suspicious(payload)
        or check(payload).diagnostics
        or any(isinstance(one, float) for one in pages)
    )


@given(mutated())
def test_from_payload_agrees_with_check(payload: Any) -> None:
    """It reads what `check` accepts, and raises its report otherwise."""
    report = checked(payload)
    if not report.ok:
        with pytest.raises(PayloadError) as refused:
            from_payload(payload)

        assert refused.value.report.diagnostics == report.diagnostics
        return
    try:
        query = from_payload(payload)
    except UnsupportedQueryError:
        # More groups than one query can have.
        return

    assert check(query.to_payload()).ok


@given(mutated().filter(is_parsed))
def test_text_has_the_diagnostics_of_its_object(payload: Any) -> None:
    """With the same codes and paths; in a text, a key is before its value."""
    text = json.dumps(payload)

    assert sorted((one.code, one.path) for one in checked(text)) == sorted(
        (one.code, one.path) for one in checked(json.loads(text))
    )


# Removing duplicate values may leave one, which is reported only then.
_LEFT = {"LQ505"}


@given(payload=mutated() | mutated(), fields=st.sampled_from([None, FIELDS]))
def test_one_run_reports_everything(payload: Any, fields: Any) -> None:
    """Safe fixes are applied before later checks, so the fixed payload has nothing new."""
    report = check(payload, fields)
    again = check(report.fixed(), fields)
    before, after = (Counter(one.code for one in each) for each in (report, again))

    assert set(after - before) <= _LEFT
