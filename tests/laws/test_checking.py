"""Law 5: `check` answers whatever it is given, and its fast yes leaves nothing to explain."""

from __future__ import annotations

import json
import math
from collections import Counter, OrderedDict, UserDict
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, strategies as st

from leadquery import check, from_payload, testing
from leadquery.errors import PayloadError, UnsupportedQueryError
from leadquery.lint.decoder import decode_request
from leadquery.lint.reader import read_with_diagnostics
from leadquery.lint.report import Report
from leadquery.lint.rules.sibling_api import SIBLING_API
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


def messages(payload: object) -> Report:
    """What `check` says, after each of its ways to say it was tried."""
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
def test_check_answers_whatever_object_it_is_given(payload: object) -> None:
    """Law 5: JSON values and any other Python object."""
    messages(payload)


@given(st.text() | testing.texts() | st.binary(max_size=50))
def test_check_answers_whatever_text_it_is_given(payload: str | bytes) -> None:
    """Law 5: texts and bytes."""
    messages(payload)


@st.composite
def broken_texts(draw: st.DrawFn) -> str:
    """The text of a payload with a piece cut out, doubled, or put in."""
    text: str = json.dumps(draw(testing.payloads()), indent=draw(st.sampled_from((None, 2))))
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, min(len(text), start + 20)))
    put: str = draw(st.sampled_from((*"{}[],:\"'/\\\n\0", "//", "NaN", "1e999", "\ufeff")))
    rest: str = draw(st.sampled_from((text[start:], text[end:])))
    return text[:start] + draw(st.sampled_from((put, text[start:end], ""))) + rest


@given(broken_texts())
def test_check_answers_broken_text(text: str) -> None:
    """Law 5: the text of a payload with a slip in it, and its bytes."""
    assert messages(text).diagnostics == messages(text.encode()).diagnostics


def looped() -> dict[str, Any]:
    """A user filter that holds itself."""
    group: dict[str, Any] = {}
    group["GroupConditions"] = [group]
    return {"Output": {"Type": "list", "IncludeCSV": "a"}, "ReportFilter": {"UserFilter": group}}


def test_check_answers_an_object_that_holds_itself() -> None:
    """Law 5: what has no end is nested too deeply."""
    [diagnostic] = messages(looped()).diagnostics

    assert diagnostic.message == "the payload is nested too deeply"


def untold(payload: object) -> bool:
    """Whether a payload is taken as it is: a text is first read as JSON."""
    return not isinstance(payload, (str, bytes))


def explained(payload: Any) -> list[str]:
    """The codes that the explaining reader finds, which are those that `check` reports.

    Of a body that is written for a neighbour, one problem says it all.
    """
    found = read_with_diagnostics(payload).diagnostics
    codes = {one.rule.code for one in found}
    reported = {one.code for one in check(payload).diagnostics}

    assert codes <= reported or SIBLING_API.code in reported
    return sorted(codes)


@given((mutated() | mutated() | mutated() | objects).filter(untold))
def test_the_fast_yes_leaves_nothing_to_explain(payload: Any) -> None:
    """Law 5: where the compiled test says yes, the reader finds no problem."""
    try:
        clean = decode_request(payload) is not None
    except RecursionError:
        clean = False
    codes = explained(payload)

    assert not (clean and codes)


@given(testing.payloads())
def test_the_fast_test_knows_a_usual_payload(payload: Any) -> None:
    """What needs no word is passed by the fast test, but for numbers written with a point."""
    pages = payload.get("Paging", {}).values()

    assert (
        decode_request(payload) is not None
        or check(payload).diagnostics
        or any(isinstance(one, float) for one in pages)
    )


@given(mutated())
def test_a_payload_is_read_where_check_finds_no_error(payload: Any) -> None:
    """`from_payload` reads what `check` passes, and raises its report where it does not."""
    report = messages(payload)
    if not report.ok:
        with pytest.raises(PayloadError) as refused:
            from_payload(payload)

        assert refused.value.report.diagnostics == report.diagnostics
        return
    try:
        query = from_payload(payload)
    except UnsupportedQueryError:
        # More groups than one query can say.
        return

    assert check(query.to_payload()).ok


@given(mutated().filter(untold))
def test_text_has_the_problems_of_its_object(payload: Any) -> None:
    """The text of a payload has the problems of the payload, at the same places."""
    text = json.dumps(payload)

    assert [(one.code, one.path) for one in messages(text)] == [
        (one.code, one.path) for one in messages(json.loads(text))
    ]


# Of repeated values one is left, of which more is said only then.
_LEFT = {"LQ505"}


@given(payload=mutated() | mutated(), fields=st.sampled_from([None, FIELDS]))
def test_one_look_says_all_that_a_second_one_would(payload: Any, fields: Any) -> None:
    """What is mended safely is read as mended, so that nothing comes to light behind it."""
    report = check(payload, fields)
    again = check(report.fixed(), fields)
    said, left = (Counter(one.code for one in each) for each in (report, again))

    assert set(left - said) <= _LEFT
