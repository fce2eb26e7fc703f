"""Paths, summaries and the text of reports."""

from __future__ import annotations

import json
from typing import Any

import pytest

from leadquery import Leads, check, from_payload
from leadquery.errors import PayloadError
from leadquery.lint.diagnostics import Place, path_text, pointer

OUTPUT = {"Type": "list", "IncludeCSV": "Phone"}
PAGING = {"PageIndex": 1, "PageSize": 100}


@pytest.mark.parametrize(
    ("path", "text", "pointed"),
    [
        ((), "$", ""),
        (("Output", "Type"), "$.Output.Type", "/Output/Type"),
        (("DateFilter", 0), "$.DateFilter[0]", "/DateFilter/0"),
        (("a b",), "$['a b']", "/a b"),
        (("",), "$['']", "/"),
        (("a/b~c",), "$['a/b~c']", "/a~1b~0c"),
        (("é",), "$['é']", "/é"),
        (("it's",), '$["it\'s"]', "/it's"),
    ],
)
def test_a_path_and_its_pointer(path: tuple[str | int, ...], text: str, pointed: str) -> None:
    """Unusual keys are quoted in a path and escaped in a pointer."""
    texts = path_text(path), pointer(path)

    assert texts == (text, pointed)


GOOD = {"Output": OUTPUT, "Paging": PAGING}


def test_a_repr_has_no_payload() -> None:
    """Which may name people."""
    report = check(json.dumps({**GOOD, "Output": {**OUTPUT, "IncludeCSV": "mx_Secret"}}))

    assert "mx_Secret" not in repr(report)


@pytest.mark.parametrize(
    "payload",
    [
        GOOD,
        json.dumps(GOOD),
        json.dumps(GOOD).encode(),
        {"output": OUTPUT, "Paging": PAGING},
        {"Output": None},
        '{"output": 5}',
        "{",
        b"\xff",
    ],
    ids=repr,
)
def test_a_report_contains_the_payload(payload: Any) -> None:
    """Of the same type."""
    report = check(payload)
    fixed = report.fixed(unsafe=True)

    assert report.payload is payload
    assert type(fixed) is type(payload)
    assert bool(report.diagnostics) or fixed == payload


@pytest.mark.parametrize("payload", ["{", '{"Output": 5}', {"Output": 5}])
def test_a_rejected_payload_has_the_same_report(payload: Any) -> None:
    """With lines."""
    with pytest.raises(PayloadError) as caught:
        from_payload(payload)
    report = caught.value.report

    assert report.payload is payload
    assert str(report) == str(check(payload))
    assert [one.line for one in report] == [one.line for one in check(payload)]


def test_a_report_counts_its_diagnostics() -> None:
    """Warnings alone leave it ok."""
    report = check({"output": OUTPUT, "Paging": PAGING})

    assert (len(report), report.ok, report.summary()) == (1, True, "1 warning; 1 can be fixed")
    assert [diagnostic.code for diagnostic in report] == ["LQ202"]


@pytest.mark.parametrize(
    ("paging", "summary"),
    [
        (PAGING, "no problems found"),
        ({**PAGING, "PageIndex": 0}, "1 error"),
        ({"PageIndex": "1", "PageSize": "1"}, "2 errors; 2 can be fixed"),
        ({"pageindex": 1, "pagesize": 0}, "1 error, 2 warnings; 2 can be fixed"),
    ],
)
def test_a_summary(paging: object, summary: str) -> None:
    """Singular and plural; unsafe fixes are not counted."""
    assert check({"Output": OUTPUT, "Paging": paging}).summary() == summary


def test_a_diagnostic_of_an_object_has_no_line() -> None:
    """Two lines: code, severity and path, then message, hint and fix."""
    [diagnostic] = check({"Output": OUTPUT, "Paging": {"PageIndex": "1", "PageSize": 1}})

    assert str(diagnostic) == (
        "LQ204 error  $.Paging.PageIndex\n"
        "expected a whole number, found '1'; write 1, without quotes   [fix: safe]"
    )


def test_a_diagnostic_of_a_text_has_its_line() -> None:
    """First line and column; without a fix the hint is last."""
    [diagnostic] = check(
        '{"Output": {"Type": "list", "IncludeCSV": "Phone"},\n'
        ' "Paging": {"PageIndex": 0, "PageSize": 1}}'
    )

    assert str(diagnostic) == (
        "2:26: LQ309 error  $.Paging.PageIndex\n"
        "0 is out of range; write a number from 1 to 2147483647"
    )


def test_a_report_of_a_text_shows_its_lines() -> None:
    """With carets, and the advice beside them if it fits."""
    report = check('{"Output": {"Type": "list", "IncludeCSV": "Phone"},\n "paging": null}')

    assert str(report) == (
        "2:2: LQ202 warning  $.paging\n"
        '    2 |  "paging": null}\n'
        "      |  ^^^^^^^^\n"
        "      | 'paging' differs from 'Paging' only in letter case; write 'Paging'   [fix: safe]\n"
        "2:12: LQ205 error  $.paging\n"
        '    2 |  "paging": null}\n'
        "      |            ^^^^ unexpected null; write an object\n"
        "1 error, 1 warning; 1 can be fixed"
    )


@pytest.mark.parametrize(("before", "behind"), [(25, True), (26, False)])
def test_advice_follows_the_carets_up_to_80_columns(before: int, behind: bool) -> None:
    """Otherwise it has a line of its own."""
    text = '{"Output": {"Type": "list", "IncludeCSV": "Phone"},\n'
    report = check(f'{text}{" " * before}"Paging": null}}')
    marks = f"      | {' ' * (before + 10)}^^^^"
    advice = "unexpected null; write an object"

    lines = str(report).splitlines()

    assert len(f"{marks} {advice}") == 55 + before
    assert lines[2:-1] == ([f"{marks} {advice}"] if behind else [marks, f"      | {advice}"])


def test_long_line_numbers_move_the_carets() -> None:
    text = '{"Output": {"Type": "list", "IncludeCSV": "Phone"},' + "\n" * 123_455
    report = check(text + '"Paging": null}')

    assert str(report).splitlines()[1:3] == [
        '123456 | "Paging": null}',
        "       |           ^^^^ unexpected null; write an object",
    ]


def test_a_query_is_not_a_payload() -> None:
    """The hint is to_payload(), if the query is complete."""
    query: Any = Leads.select("Phone").page(1, 100)
    message = "expected an object, found a Python Query"

    assert [(one.message, one.hint) for one in check(query)] == [
        (message, "write query.to_payload()")
    ]
    assert [(one.message, one.hint) for one in check({"Output": query, "Paging": PAGING})] == [
        (message, None)
    ]
    assert [one.hint for one in check(Leads)] == [None]
    with pytest.raises(PayloadError) as caught:
        from_payload(query)
    assert str(caught.value) == (
        "LQ204 error  $\n    expected an object, found a Python Query; "
        "write query.to_payload()\n1 error"
    )


def test_a_report_of_an_object_shows_what_was_found() -> None:
    """Indented."""
    report = check({"Output": OUTPUT, "Paging": None})

    assert str(report) == ("LQ205 error  $.Paging\n    unexpected null; write an object\n1 error")


def test_a_report_is_neither_true_nor_false() -> None:
    """The message suggests `.ok`."""
    with pytest.raises(TypeError) as raised:
        bool(check({}))

    assert str(raised.value) == (
        "the truth of a report is ambiguous; use .ok (no errors) or .diagnostics"
    )


@pytest.mark.parametrize(
    ("written", "underlined"),
    [
        ("LIKE", "LIKE"),
        ("LIKE/* x */", "LIKE"),
        ("'LIKE'", "'LIKE'"),
        ("/* x */ “LIKE”", "“LIKE”"),
    ],
)
def test_a_value_is_underlined_as_it_is_written(written: str, underlined: str) -> None:
    """Not as it is read: without its quotes it is shorter."""
    text = (
        f'{{"ReportFilter": {{"LeadFilters": [{{"SqlOperator": {written}, "LookUpValue": "1"}}]}}}}'
    )

    [one] = [found for found in check(text) if found.code == "LQ304"]

    assert one.column is not None
    assert one.width is not None
    assert text[one.column - 1 : one.column - 1 + one.width] == underlined


def test_a_diagnostic_names_the_other_place() -> None:
    """The first of two equal filters, and that with which a filter cannot match."""
    first = '{"LookUpName": "mx_A", "SqlOperator": "=", "LookUpValue": "1"}'
    other = first.replace('"1"', '"2"')
    text = f'{{"ReportFilter": {{"LeadFilters": [\n{first},\n{first},\n{other}]}}}}'
    path = "$.ReportFilter.LeadFilters[0]"

    related = {one.code: one.related for one in check(text) if one.related}

    assert related == dict.fromkeys(("LQ408", "LQ502"), Place(path, 2, 1, len(first)))
    without_text = [one.related for one in check(json.loads(text)) if one.related]
    assert without_text == [Place(path)] * 2


def test_a_key_with_escapes_is_at_its_place() -> None:
    text = '{"Out\\u0070ut": {"Type": "lists", "IncludeCSV": "Phone"}}'

    [found] = [one for one in check(text) if one.code == "LQ301"]

    assert (found.path, found.line, found.column) == ("$.Output.Type", 1, text.index('"lists"') + 1)
