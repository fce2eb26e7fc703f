"""Values and marks of other languages, each told once, with what JSON writes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from leadquery import check, from_payload
from leadquery.wire.enums import Operator
from leadquery.wire.model import ComparisonFilter

TEXT = (
    '{"Output": {"Type": "list", "IncludeCSV": "Phone"}, '
    '"Paging": {"PageIndex": 1, "PageSize": %s}}'
)


def reported(text: str) -> list[tuple[str, str, str | None]]:
    """The code, the message and the hint of each problem."""
    return [(one.code, one.message, one.hint) for one in check(text)]


@pytest.mark.parametrize("figure", ["01", "+1", ".5", "1.", "0x1F", "1_000", "-007"])
def test_a_number_of_another_language_is_one_problem(figure: str) -> None:
    """Whether it is meant as a number or as text is not guessed."""
    hint = f'write it as JSON does, or as text: "{figure}"'

    assert reported(TEXT % figure) == [("LQ109", f"{figure} is not a number in JSON", hint)]
    assert check(TEXT % figure).fixed() == TEXT % figure


@pytest.mark.parametrize(
    ("literal", "suggestion"), [("tru", "true"), ("nulll", "null"), ("Flase", "false")]
)
def test_what_is_almost_a_word_of_json_is_not_taken_for_text(literal: str, suggestion: str) -> None:
    """The word is named, and what it would be as text."""
    found = reported(TEXT % literal)

    assert found == [
        ("LQ109", f"{literal} is not valid in JSON", f'write {suggestion}, or "{literal}"')
    ]


@pytest.mark.parametrize("infinite", ["Infinity", "-inf", "NaN"])
def test_no_number_is_no_number(infinite: str) -> None:
    """JSON has no infinity."""
    found = reported(TEXT % infinite)

    assert found == [("LQ109", f"{infinite} is not a number in JSON", "write a number")]


def test_a_hexadecimal_escape_keeps_its_letter() -> None:
    r"""`\x41` is A in other languages, and so it is behind the fix."""
    text = TEXT.replace("Phone", r"\x50hone") % 5
    fixed = check(text).fixed()

    assert from_payload(fixed).to_payload()["Output"]["IncludeCSV"] == "Phone"


def test_a_key_mistake_is_reported_beside_an_invalid_number() -> None:
    """Only what comes of the number goes unsaid."""
    text = TEXT.replace("PageSize", "PAGESIZE") % "Infinity"

    assert [code for code, *_ in reported(text)] == ["LQ202", "LQ109"]


@pytest.mark.parametrize(
    "text",
    ['["{0}", {1}]', '["{0}", {1},]', "['{0}', {1}]", '["{0}", {1}x]'],
    ids=["alone", "comma", "quotes", "letters"],
)
def test_a_number_without_end_is_named_at_its_place(text: str) -> None:
    """Digits in a text before it are not blamed."""
    digits = "9" * 5_000
    diagnostic = check(text.replace("{0}", digits).replace("{1}", digits)).diagnostics[-1]

    assert (diagnostic.code, diagnostic.line, diagnostic.column) == ("LQ101", 1, 5_006)


@pytest.mark.parametrize("depth", [950, 1_200, 20_000])
def test_a_nest_is_refused_or_read(depth: int) -> None:
    """How deep Python reads differs by version; each depth has one answer."""
    codes = {diagnostic.code for diagnostic in check("[" * depth + "]" * depth + ",")}

    assert codes in ({"LQ103"}, {"LQ101"}, {"LQ204"})
    assert {diagnostic.code for diagnostic in check("[" * depth + "]" * depth)} <= {
        "LQ103",
        "LQ204",
    }
    assert check("['a', " + "[" * depth + "]" * depth + "]").diagnostics[-1].code in (
        "LQ103",
        "LQ107",
    )


def test_a_fix_inside_what_another_fix_removes_is_left_out() -> None:
    """A repeated filter goes as a whole, its misspelt key with it."""
    one = {"LookUpName": "Phone", "SqlOperator": "def"}
    other = {"LookupName": "Phone", "SqlOperator": "def"}
    payload = json.loads(TEXT % 5) | {"ReportFilter": {"LeadFilters": [one, other]}}
    text = json.dumps(payload)

    assert [diagnostic.code for diagnostic in check(text)] == ["LQ408", "LQ202"]
    assert json.loads(check(text).fixed())["ReportFilter"]["LeadFilters"] == [one]
    assert check(payload).fixed()["ReportFilter"]["LeadFilters"] == [one]


USERS = '{"ReportFilter": {"UserFilter": {"GroupConditions": [{"Condition": %s}]}}, ' + TEXT[1:] % 5
ONE = {"LookupName": "Role", "Operator": "eq", "LookupValue": "a"}


def test_a_word_on_the_wrong_condition_is_one_problem() -> None:
    """The word is not lost: the fix moves it to where it joins."""
    conditions = [{**ONE, "ConditionOperator": None}, {**ONE, "ConditionOperator": "or"}]
    report = check(USERS % json.dumps(conditions))
    fixed = json.loads(report.fixed(unsafe=True))["ReportFilter"]["UserFilter"]["GroupConditions"]

    assert [(one.code, one.hint) for one in report] == [
        ("LQ406", "write 'OR' here instead of on the last condition")
    ]
    assert report.fixed() == USERS % json.dumps(conditions)
    assert fixed[0]["Condition"] == [{**ONE, "ConditionOperator": "OR"}, ONE]


def test_an_idle_word_is_one_problem_in_any_letters() -> None:
    """What joins nothing is left out, not mended first."""
    report = check(USERS % json.dumps([{**ONE, "ConditionOperator": "or"}]))

    assert [one.code for one in report] == ["LQ409"]
    assert check(report.fixed()).diagnostics == ()


@pytest.mark.parametrize("written", [5, ["OR"], True])
def test_a_joining_word_that_is_no_text_is_an_error(written: object) -> None:
    """On the last one too, where a word would be left out."""
    report = check(USERS % json.dumps([{**ONE, "ConditionOperator": written}]))

    assert [one.code for one in report] == ["LQ204"]


def test_what_travels_shows_what_it_holds() -> None:
    """One repr for all classes, by attribute."""
    assert repr(ComparisonFilter("Phone", "5", Operator.EQUAL)) == (
        "ComparisonFilter(name='Phone', value='5', operator=<Operator.EQUAL: ('=', "
        "'equal to', '==', <Arity.ONE: 2>)>)"
    )


def test_what_no_fix_touches_stays_itself() -> None:
    """A payload with nothing to mend comes back as it is, however deep or odd."""
    deep: dict[str, object] = {}
    for _ in range(20_000):
        deep = {"GroupConditions": [deep]}

    assert check(deep).fixed() is deep


def below(frames: int, text: str) -> list[str]:
    """The codes that a check finds which is called from so far down."""
    if frames:
        return below(frames - 1, text)
    return [diagnostic.code for diagnostic in check(text)]


@pytest.mark.parametrize("start", ["", "['a', "], ids=["JSON", "behind a slip"])
def test_a_nest_is_refused_from_far_down_too(start: str) -> None:
    """Where the stack is half used up, less of a nest can be read."""
    codes = below(400, start + "[" * 700 + "]" * 700 + ("]" if start else ""))

    assert codes[-1] in ("LQ103", "LQ204", "LQ107")


@pytest.mark.parametrize(
    ("columns", "hint"),
    [
        (["Phone", "Fax"], "write 'Phone,Fax'"),
        ([" Phone", "Fax,Phone", ""], "write 'Phone,Fax'"),
        (["", ","], None),
        ([], None),
        (["Phone", 5], None),
    ],
)
def test_a_list_of_columns_is_read_as_their_text(columns: Any, hint: str | None) -> None:
    """Its names, each once; without one there is nothing to write."""
    output = {"Type": "list", "IncludeCSV": columns}
    report = check({"Output": output, "Paging": {"PageIndex": 1, "PageSize": 1}})

    assert [(one.code, one.hint) for one in report] == [("LQ204", hint)]
    assert report.fixed()["Output"]["IncludeCSV"] == ("Phone,Fax" if hint else columns)


def test_a_list_around_an_object_is_read_inside() -> None:
    """What is wrong in it is told beside it; a list of anything else is not looked into."""
    paging: Any = {"pageIndex": 0, "PageSize": 1}
    output = {"Type": "list", "IncludeCSV": "Phone"}
    around, apart, other = (
        check({"Output": output, "Paging": one}) for one in ([paging], [paging] * 2, [{"Page1": 1}])
    )

    assert [(one.code, one.path) for one in around] == [
        ("LQ204", "$.Paging"),
        ("LQ202", "$.Paging[0].pageIndex"),
        ("LQ309", "$.Paging[0].pageIndex"),
    ]
    assert around.fixed()["Paging"] == {"PageIndex": 0, "PageSize": 1}
    assert [[one.path for one in report] for report in (apart, other)] == [["$.Paging"]] * 2


def test_a_list_around_an_object_goes_and_the_rest_stays() -> None:
    """In a text too, with what is mended inside."""
    rest = ', "Paging": {"PageIndex": 1, "PageSize": 1}}'
    text = f'{{"Output": [ {{"type": "list",\n "IncludeCSV": "Owner"}} ]{rest}'
    fixed = f'{{"Output": {{"Type": "list",\n "IncludeCSV": "OwnerId"}}{rest}'

    assert check(text).fixed(unsafe=True) == fixed
    assert check(json.loads(text)).fixed(unsafe=True) == json.loads(fixed)
