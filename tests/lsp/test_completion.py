"""What can be written, and what is written, at a place of a payload that may be unfinished.

A bar is where the cursor is.
"""

from __future__ import annotations

import pytest

from leadquery.fields import Boolean, Choice, Number, Text
from leadquery.lint.catalog import FieldCatalog
from leadquery.lint.rules import all_rules
from leadquery.lsp.completion import MAX_ITEMS, complete, explain_rule, hover_at
from leadquery.lsp.cursor import cursor_at

ACCOUNT = FieldCatalog.of(
    [
        Choice("mx_Course", "Course", options=[*map(str, range(30))]),
        Number("mx_Score"),
        Boolean("mx_Paid"),
        Text("Phone"),
    ]
)


def split(text: str) -> tuple[str, int]:
    """A text without its bar, and where the bar was."""
    return text.replace("|", "", 1), text.index("|")


def labels(text: str, catalog: FieldCatalog | None = None) -> list[str]:
    """What is suggested."""
    return [one.label for one in complete(*split(text), catalog).items]


def written(text: str, label: str, catalog: FieldCatalog | None = None) -> str:
    """The text with a suggestion taken."""
    plain, offset = split(text)
    [one] = [one for one in complete(plain, offset, catalog).items if one.label == label]
    return f"{plain[: one.start]}{one.text}{plain[one.end :]}"


def in_filter(text: str) -> str:
    """A payload that breaks off in a lead filter."""
    return f'{{"ReportFilter": {{"LeadFilters": [{text}'


def in_condition(text: str) -> str:
    """A payload that breaks off in a user condition."""
    return f'{{"ReportFilter": {{"UserFilter": {{"GroupConditions": [{{"Condition": [{text}'


ROOT = ["Output", "ReportFilter", "DateFilter", "Paging"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{|", ROOT),
        ('{"|"}', ROOT),
        ('{"Output": {}, |', ROOT[1:]),
        ('{"output": {}\n|\n}', ROOT[1:]),
        ('{|, "Output": 1', ROOT[1:]),
        ('// {\n{"a": "\\"{", /* [ */ # {\n "Pag|', ["Paging"]),
        ('{"Out|put": {}}', ["Output"]),
        ('{"Output": {"Type": "aggregate", "|"}}', ["GroupBy", "AggregateFunction"]),
        ('{"Paging": {"x": {}}, "y": [[1]], |', ["Output", "ReportFilter", "DateFilter"]),
        ('{|, "Paging": {"x": {"y": 1}}, "Output": [{"a": [1', ROOT[1:3]),
        ('{"DateFilter": {"FromDate": "", |', ["DateField", "ToDate"]),
        ('{"ReportFilter": {"LeadFilters": {"SqlOperator": "in", |', ["LookUpName"]),
        ("{" + '"Output": 1, ' * 1001 + "|", ROOT[1:]),
        ('{"Output": [{"Type": "List", |', ["IncludeCSV"]),
        ('{"Output": {"Type": "lis", "|inc', ["IncludeCSV"]),
        (in_filter('{"LookUpName": "a", "SqlOperator": "in", |'), ["LookUpValues"]),
        (in_filter('{"LookUpName": "a", "SqlOperator": "def", |'), []),
        (
            in_filter('{"LookUpName": "a", {"LookUpName": "b", "SqlOperator": "=", |'),
            ["LookUpValue"],
        ),
        (in_filter('{"LookUpName": "Score", "SqlOperator": |}'), [*"=", "<>", *"><", ">=", "<="]),
        (in_filter('{"LookUpName": "Phone", "SqlOperator": "li|"}'), ["lik", "nlik"]),
        ('{"Paging": {"PageIndex": |', []),
        ('{"DateFilter": [{"DateField": |', ["LeadCreatedOn", "LeadModifiedOn"]),
        ('{"DateFilter": [{"FromDate": |', ["2026-01-31 00:00:00"]),
        ('{"Output": |', []),
        (in_condition('{"LookupName": "Rol|'), ["Role"]),
        (in_condition('{"Operator": |'), ["eq", "lik"]),
        (in_condition('{"ConditionOperator": |'), ["AND", "OR"]),
        (in_filter('{"LookUpName": "mx_Any", "LookUpValue": "|"'), []),
        # Not in a payload, or nothing that the API reads.
        ("|", []),
        ("[|", []),
        ('["a", |', []),
        ('{"other": {|', []),
        ('{"other": |', []),
        ('{"Output": {"other": [|', []),
        ("{" * 2000 + "|", []),
    ],
)
def test_what_is_suggested(text: str, expected: list[str]) -> None:
    found = labels(text)

    assert found[: len(expected)] == expected
    assert expected or not found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (in_filter('{"LookUpName": "cour|'), ["mx_Course"]),
        (in_filter('{"LookUpName": "mx_Course", "LookUpValue": "|"'), [*map(str, range(30))]),
        (in_filter('{"LookUpName": "mx_Course", "LookUpValues": ["1", "2|9"]'), ["2", "12", "20"]),
        (in_filter('{"LookUpName": "mx_Paid", "LookUpValue": |'), ["1", "0"]),
        (in_filter('{"LookUpName": "mx_Course", "SqlOperator": "|"}'), ["=", "<>", "lik", "nlik"]),
        ('{"Output": {"AggregateFunction": "Sum", "AggregateField": "mx|"', ["mx_Score"]),
        ('{"Output": {"AggregateFunction": "Count", "AggregateField": "mx|"', ["mx_Course"]),
        ('{"Output": {"GroupBy": "mx|"', ["mx_Course", "mx_Score", "mx_Paid"]),
        ('{"Output": {"AggregateFunction": "|"', ["Count", "Average", "Sum"]),
    ],
)
def test_fields_of_the_account(text: str, expected: list[str]) -> None:
    assert labels(text, ACCOUNT)[: len(expected)] == expected


@pytest.mark.parametrize(
    ("text", "label", "expected"),
    [
        ("{|}", "Output", '{"Output": }'),
        ('{"Ou|": 1}', "Output", '{"Output": 1}'),
        ("{Ou|t", "Output", '{"Output": '),
        ('{"Output": {"IncludeCSV": |}}', "Phone", '{"Output": {"IncludeCSV": "Phone"}}'),
        ('{"Output": {"IncludeCSV": "|"}}', "Phone", '{"Output": {"IncludeCSV": "Phone"}}'),
        (
            '{"Output": {"IncludeCSV": "A, |x ,B"}}',
            "Phone",
            '{"Output": {"IncludeCSV": "A, Phone,B"}}',
        ),
        ('{"Output": {"IncludeCSV": "A,Ph|', "Phone", '{"Output": {"IncludeCSV": "A,Phone'),
        ('{"Output": {"Type": "l|\n}', "list", '{"Output": {"Type": "list"\n}'),
    ],
)
def test_what_is_written(text: str, label: str, expected: str) -> None:
    assert written(text, label, ACCOUNT) == expected


def test_columns_are_suggested_once() -> None:
    assert "Phone" not in labels('{"Output": {"IncludeCSV": "Phone,|"}}', ACCOUNT)


def test_a_key_may_come_with_its_brackets() -> None:
    """For editors that know snippets."""
    found = complete(*split("{|}")).items

    assert [one.snippet for one in found] == [
        '"Output": {$1}',
        '"ReportFilter": {$1}',
        '"DateFilter": [{$1}]',
        '"Paging": {$1}',
    ]
    index, *_ = complete(*split('{"Paging": {|')).items
    assert index.snippet == '"PageIndex": $1'


def test_many_fields_are_suggested_in_part() -> None:
    """Typing on finds the others."""
    catalog = FieldCatalog.of([f"mx_{number}" for number in range(2 * MAX_ITEMS)])
    found = complete(*split(in_filter('{"LookUpName": "mx_|"')), catalog)

    assert (len(found.items), found.is_incomplete) == (MAX_ITEMS, True)
    assert labels(in_filter('{"LookUpName": "mx_999|"'), catalog) == ["mx_999"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"Out|put": {}}', "`Output` of a request, required\n\nWhat to show of the leads."),
        ('{"paging|": {}}', "`Paging` of a request, optional"),
        (in_filter('{"LookUpName": "S|core"}'), "`Score`: Lead Score: a Number field\n\n"),
        (in_filter('{"LookUpName": "none|"}'), "`LookUpName` of a lead filter, required"),
        (in_filter('{"SqlOperator": "li|k"}'), "`lik`: containing. In Python, `.contains()`."),
        (
            in_filter('{"LookUpName": "Score", "SqlOperator": "li|k"}'),
            "`lik`: containing. In Python, `.contains()`.\n\nIt takes one value.\n\n`Score` is",
        ),
        (in_filter('{"LookUpName": "Phone", "SqlOperator": "i|n"}'), "`in`: one of. In Python, "),
        ('{"Output": {"Type": "Li|st"}}', "`list`: list"),
        ('{"Output": {"Type": "Li|sts"}}', "`Type` of an output, required"),
        (in_condition('{"Operator": "e|q"}'), "`eq`: equal to"),
        ('{"Output": {"IncludeCSV": "A, Last|Name ,B"}}', "`LastName`: LastName: a Text field"),
        ('{"Paging": {"PageSize": 1|0}}', "`PageSize` of a paging, required\n\nHow many rows"),
    ],
)
def test_what_is_explained(text: str, expected: str) -> None:
    found = hover_at(*split(text))

    assert found is not None
    assert found.text.startswith(expected)
    assert "*API page, section '" in found.text


def test_options_are_explained() -> None:
    found = hover_at(*split(in_filter('{"LookUpName": "mx_|Course"}')), ACCOUNT)

    assert found is not None
    assert "`mx_Course`: Course: a Choice field of the account" in found.text
    assert "Options: 0, 1, 2, " in found.text
    assert ", 19, …" in found.text


@pytest.mark.parametrize("text", ["|", '{"other|": 1}', '{"Output": |}', "[1|]"])
def test_what_means_nothing_is_not_explained(text: str) -> None:
    assert hover_at(*split(text)) is None


def test_every_rule_is_explained() -> None:
    for rule in all_rules():
        assert rule.rationale in explain_rule(rule.code)


@pytest.mark.parametrize(
    "text",
    ['"' * 200_000, '{"' * 100_000, '{"' + "\\" * 200_000, "{" + "/*" * 100_000, '{"a":' * 50_000],
)
def test_hostile_texts_take_linear_time(text: str) -> None:
    """Each of these is a second if it is quadratic, and much more if it is worse."""
    for offset in (3, len(text)):
        cursor_at(text, offset)
