"""Values of other languages, each reported once with its JSON."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from leadquery import check, from_payload
from leadquery.wire.enums import Operator
from leadquery.wire.model import ComparisonFilter

TEXT = (
    '{"Output": {"Type": "list", "IncludeCSV": "Phone"}, '
    '"Paging": {"PageIndex": 1, "PageSize": %s}}'
)

OBJECT: Any = json.loads(TEXT % 5)


def reported(text: str) -> list[tuple[str, str, str | None]]:
    """The code, message and hint of each diagnostic."""
    return [(one.code, one.message, one.hint) for one in check(text)]


@pytest.mark.parametrize("figure", ["01", "+1", ".5", "1.", "0x1F", "1_000", "-007"])
def test_a_number_of_another_language_is_one_diagnostic(figure: str) -> None:
    """Without a fix, because it may be text."""
    hint = f'write it as JSON does, or as text: "{figure}"'

    assert reported(TEXT % figure) == [("LQ109", f"{figure} is not a number in JSON", hint)]
    assert check(TEXT % figure).fixed() == TEXT % figure


@pytest.mark.parametrize(
    ("literal", "suggestion"), [("tru", "true"), ("nulll", "null"), ("Flase", "false")]
)
def test_misspelt_json_literals(literal: str, suggestion: str) -> None:
    """The hint has the literal and the text."""
    found = reported(TEXT % literal)

    assert found == [
        ("LQ109", f"{literal} is not valid in JSON", f'write {suggestion}, or "{literal}"')
    ]


@pytest.mark.parametrize("infinite", ["Infinity", "-inf", "NaN"])
def test_infinity_is_rejected(infinite: str) -> None:
    found = reported(TEXT % infinite)

    assert found == [("LQ109", f"{infinite} is not a number in JSON", "write a number")]


def test_a_hexadecimal_escape_keeps_its_letter() -> None:
    """Its fix is the letter."""
    text = TEXT.replace("Phone", r"\x50hone") % 5
    fixed = check(text).fixed()

    assert from_payload(fixed).to_payload()["Output"]["IncludeCSV"] == "Phone"


def test_a_duplicate_key_is_not_renamed() -> None:
    """It would leave the other one, which then counts."""
    paging = '"Paging": {"PageNumber": 1, "PageNumber": 1, "PageSize": 9}'
    text = f'{{{paging}, "Output": {{"Type": "list", "IncludeCSV": "Phone"}}}}'
    report = check(text)

    assert {"LQ110", "LQ201"} <= {found.code for found in report}
    assert report.fixed(unsafe=True) == text


def test_an_infinite_number_behind_a_duplicate_key_is_reported_as_one() -> None:
    text = '{"Paging": {"PageIndex": 1, "PageIndex": 1, "PageSize": 5}, "Output": NaN}'

    assert [code for code, *_ in reported(text)] == ["LQ110", "LQ109"]


def test_a_key_mistake_is_reported_beside_an_invalid_number() -> None:
    """Only consequences of the number are not."""
    text = TEXT.replace("PageSize", "PAGESIZE") % "Infinity"

    assert [code for code, *_ in reported(text)] == ["LQ202", "LQ109"]


@pytest.mark.parametrize(
    "text",
    ['["{0}", {1}]', '["{0}", {1},]', "['{0}', {1}]", '["{0}", {1}x]'],
    ids=["alone", "comma", "quotes", "letters"],
)
def test_a_number_with_too_many_digits_has_its_place(text: str) -> None:
    """Not that of digits in a text before it."""
    digits = "9" * 5_000
    diagnostic = check(text.replace("{0}", digits).replace("{1}", digits)).diagnostics[-1]

    assert (diagnostic.code, diagnostic.line, diagnostic.column) == ("LQ101", 1, 5_006)


@pytest.mark.parametrize("depth", [950, 1_200, 20_000])
def test_deep_nesting_is_rejected_or_parsed(depth: int) -> None:
    """The limit depends on the version of Python."""
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
    """A duplicate filter is removed with its misspelt key."""
    one = {"LookUpName": "Phone", "SqlOperator": "def"}
    other = {"LookupName": "Phone", "SqlOperator": "def"}
    payload = json.loads(TEXT % 5) | {"ReportFilter": {"LeadFilters": [one, other]}}
    text = json.dumps(payload)

    assert [diagnostic.code for diagnostic in check(text)] == ["LQ408", "LQ202"]
    assert json.loads(check(text).fixed())["ReportFilter"]["LeadFilters"] == [one]
    assert check(payload).fixed()["ReportFilter"]["LeadFilters"] == [one]


USERS = '{"ReportFilter": {"UserFilter": {"GroupConditions": [{"Condition": %s}]}}, ' + TEXT[1:] % 5
ONE = {"LookupName": "Role", "Operator": "eq", "LookupValue": "a"}


def test_a_misplaced_joining_operator_is_one_diagnostic() -> None:
    """The fix moves it."""
    conditions = [{**ONE, "ConditionOperator": None}, {**ONE, "ConditionOperator": "or"}]
    report = check(USERS % json.dumps(conditions))
    fixed = json.loads(report.fixed(unsafe=True))["ReportFilter"]["UserFilter"]["GroupConditions"]

    assert [(one.code, one.hint) for one in report] == [
        ("LQ406", "write 'OR' here instead of on the last condition")
    ]
    assert report.fixed() == USERS % json.dumps(conditions)
    assert fixed[0]["Condition"] == [{**ONE, "ConditionOperator": "OR"}, ONE]


def test_an_unused_joining_operator_is_one_diagnostic() -> None:
    """In any letter case."""
    report = check(USERS % json.dumps([{**ONE, "ConditionOperator": "or"}]))

    assert [one.code for one in report] == ["LQ409"]
    assert check(report.fixed()).diagnostics == ()


@pytest.mark.parametrize("written", [5, ["OR"], True])
def test_a_joining_operator_that_is_not_text_is_an_error(written: object) -> None:
    """Also on the last entry."""
    report = check(USERS % json.dumps([{**ONE, "ConditionOperator": written}]))

    assert [one.code for one in report] == ["LQ204"]


def test_objects_of_the_model_have_a_repr() -> None:
    """With their attributes."""
    assert repr(ComparisonFilter("Phone", "5", Operator.EQUAL)) == (
        "ComparisonFilter(name='Phone', value='5', operator=<Operator.EQUAL: ('=', "
        "'equal to', '==', <Arity.ONE: 2>)>)"
    )


def test_a_payload_without_fixes_is_returned_unchanged() -> None:
    """However deep or unusual."""
    deep: dict[str, object] = {}
    for _ in range(20_000):
        deep = {"GroupConditions": [deep]}

    assert check(deep).fixed() is deep


def below(frames: int, text: str) -> list[str]:
    """The codes that `check` reports if it is called from so deep in the stack."""
    if frames:
        return below(frames - 1, text)
    return [diagnostic.code for diagnostic in check(text)]


@pytest.mark.parametrize("start", ["", "['a', "], ids=["JSON", "behind a slip"])
def test_deep_nesting_is_rejected_deep_in_the_stack(start: str) -> None:
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
    """Each once; without one there is no fix."""
    output = {"Type": "list", "IncludeCSV": columns}
    report = check({"Output": output, "Paging": {"PageIndex": 1, "PageSize": 1}})

    assert [(one.code, one.hint) for one in report] == [("LQ204", hint)]
    assert report.fixed()["Output"]["IncludeCSV"] == ("Phone,Fax" if hint else columns)


def test_a_list_around_an_object_is_read_inside() -> None:
    """Its mistakes are reported; other lists are not read."""
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


def test_the_fix_of_a_list_around_an_object_keeps_the_rest() -> None:
    """In a text, too."""
    rest = ', "Paging": {"PageIndex": 1, "PageSize": 1}}'
    text = f'{{"Output": [ {{"type": "list",\n "IncludeCSV": "Owner"}} ]{rest}'
    fixed = f'{{"Output": {{"Type": "list",\n "IncludeCSV": "OwnerId"}}{rest}'

    assert check(text).fixed(unsafe=True) == fixed
    assert check(json.loads(text)).fixed(unsafe=True) == json.loads(fixed)


@pytest.mark.parametrize("value", [[], {}, 5, None])
def test_a_value_of_no_use_under_the_key_of_another_operator_has_no_fix(value: object) -> None:
    payload = json.loads(TEXT % 5)
    lead_filter = {"LookUpName": "Company", "SqlOperator": "=", "LookUpValues": value}
    payload["ReportFilter"] = {"LeadFilters": [lead_filter]}

    [diagnostic] = [one for one in check(payload) if one.code == "LQ401"]

    assert diagnostic.hint == "rename it to 'LookUpValue'"
    assert diagnostic.fix is None


QUOTES = ["“”", "„“", "‘’", "``", "«»", "»«", *(one * 2 for one in "\u00b4\u2032\u2033\uff02")]


@pytest.mark.parametrize("pair", [*QUOTES, ('""', '""'), ("''", "''")])
def test_quotes_of_other_programs_are_read(pair: tuple[str, str]) -> None:
    """Also doubled ones, of which nothing is lost."""
    opening, closing = pair
    text = re.sub('"([^"]*)"', rf"{opening}\1{closing}", TEXT % 5)
    report = check(text)

    assert {(one.code, one.message) for one in report} == {
        ("LQ107", f"{opening} is not a quote in JSON")
    }
    assert report.fixed() == TEXT % 5


@pytest.mark.parametrize("mark", list(":,{}"))
def test_punctuation_of_wide_keyboards_is_read(mark: str) -> None:
    wide = chr(ord(mark) + 0xFEE0)
    report = check((TEXT % 5).replace(mark, wide))

    assert {one.code for one in report} == {"LQ106"}
    assert report.fixed() == TEXT % 5


@pytest.mark.parametrize(("quote", "around"), [('""', '"'), ('\\"', "")])
def test_a_text_with_escaped_quotes_is_read(quote: str, around: str) -> None:
    """As in a cell of a table, or in a log."""
    text = around + (TEXT % 5).replace('"', quote) + around
    message = "the quotes are escaped, as in a program or in CSV"
    assert reported(text) == [("LQ113", message, "check the JSON alone")]


@pytest.mark.parametrize(
    ("given", "path", "hint"),
    [
        ([OBJECT, OBJECT], "$", "check each payload alone"),
        ({**OBJECT, "Paging": [OBJECT["Paging"]] * 2}, "$.Paging", "write one object"),
    ],
)
def test_of_several_objects_one_is_to_be_written(given: Any, path: str, hint: str) -> None:
    [found] = check(given)

    assert (found.code, found.path, found.hint) == ("LQ204", path, hint)


@pytest.mark.parametrize("wrong", [10, "10", [10], [], True])
def test_what_is_no_object_gets_an_example_of_one(wrong: Any) -> None:
    [found] = check({**OBJECT, "Paging": wrong})

    assert (found.code, found.hint) == ("LQ204", 'write {"PageIndex": 1, "PageSize": 100}')


def test_an_example_is_given_for_each_type_of_output() -> None:
    [found] = check({**OBJECT, "Output": "list"})

    assert found.hint is not None
    assert found.hint.count('"Type"') == 2
