"""Every place of a payload with other values: the diagnostic and its fix."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest

from leadquery import check
from tests.operators import token_list

BASE = {
    "ReportFilter": {
        "UserFilter": {
            "GroupConditions": [
                {"Condition": [{"LookupName": "Role", "Operator": "eq", "LookupValue": "a"}]}
            ]
        },
        "LeadFilters": [
            {"LookUpName": "Source", "LookUpValue": "a", "SqlOperator": "="},
            {"LookUpName": "Phone", "LookUpValues": ["a", "b"], "SqlOperator": "in"},
        ],
    },
    "DateFilter": [
        {
            "DateField": "LeadCreatedOn",
            "FromDate": "2026-01-01 00:00:00",
            "ToDate": "2026-01-31 00:00:00",
        }
    ],
    "Output": {"Type": "list", "IncludeCSV": "Phone"},
    "Paging": {"PageIndex": 1, "PageSize": 100},
}
TYPE = "Output.Type"
COLUMNS = "Output.IncludeCSV"
OPERATOR = "ReportFilter.LeadFilters.0.SqlOperator"
VALUE = "ReportFilter.LeadFilters.0.LookUpValue"
NAME = "ReportFilter.LeadFilters.0.LookUpName"
VALUES = "ReportFilter.LeadFilters.1.LookUpValues"
USER_OPERATOR = "ReportFilter.UserFilter.GroupConditions.0.Condition.0.Operator"
START = "DateFilter.0.FromDate"
DATE_FIELD = "DateFilter.0.DateField"
SIZE = "Paging.PageSize"
UNREAD = "Output.GroupBy"
NO_BREAK = r": '\xa0' is NO-BREAK SPACE"
OPERATORS = token_list("Field", "or")
LONG = "x" * 36
LONGER = [f"{LONG[1:]}{number}" for number in range(4)]


def placed(place: str, value: object) -> Any:
    """A valid payload, except for the value at a place."""
    payload = deepcopy(BASE)
    *steps, last = place.split(".")
    at(payload, steps)[last] = value
    return payload


def at(payload: Any, steps: list[str]) -> Any:
    """The value at the end of these steps."""
    for step in steps:
        payload = payload[int(step) if step.isdigit() else step]
    return payload


@pytest.mark.parametrize(
    ("place", "value", "code", "message", "hint", "expected"),
    [
        (TYPE, 5, "LQ204", "expected 'list', found 5", None, None),
        (
            TYPE,
            "list\xa0",
            "LQ301",
            f"unknown output type 'list\\xa0'{NO_BREAK}",
            "write 'list'",
            "list",
        ),
        (
            TYPE,
            " LIST\t",
            "LQ306",
            "' LIST\\t' differs from 'list' only in letter case or spaces",
            "write 'list'",
            "list",
        ),
        (
            TYPE,
            "x" * 60,
            "LQ301",
            "unknown output type 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'",
            "write 'list'",
            "list",
        ),
        (
            TYPE,
            "x" * 61,
            "LQ301",
            "unknown output type 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'…",
            "write 'list'",
            "list",
        ),
        (
            DATE_FIELD,
            "CreatedOn\xa0",
            "LQ302",
            f"unknown date field 'CreatedOn\\xa0'{NO_BREAK}",
            "write 'LeadCreatedOn'",
            "LeadCreatedOn",
        ),
        (
            DATE_FIELD,
            "createdon ",
            "LQ302",
            "unknown date field 'createdon '",
            "write 'LeadCreatedOn'",
            "LeadCreatedOn",
        ),
        (
            OPERATOR,
            5,
            "LQ204",
            f"expected {OPERATORS}, found 5",
            None,
            None,
        ),
        (
            OPERATOR,
            "between\xa0",
            "LQ304",
            f"unknown operator 'between\\xa0'{NO_BREAK}",
            "write two filters, with '>=' and '<='",
            None,
        ),
        (
            OPERATOR,
            " between ",
            "LQ304",
            "unknown operator ' between '",
            "write two filters, with '>=' and '<='",
            None,
        ),
        (
            OPERATOR,
            "==\xa0",
            "LQ304",
            f"unknown operator '==\\xa0'{NO_BREAK}",
            "write '='",
            "=",
        ),
        (OPERATOR, " == ", "LQ304", "unknown operator ' == '", "write '='", "="),
        (
            OPERATOR,
            "li",
            "LQ304",
            "unknown operator 'li'",
            f"write {OPERATORS}",
            None,
        ),
        (
            USER_OPERATOR,
            5,
            "LQ204",
            "expected 'eq' or 'lik', found 5",
            None,
            None,
        ),
        (USER_OPERATOR, True, "LQ204", "expected 'eq' or 'lik', found true", None, None),
        (USER_OPERATOR, ["lik"], "LQ204", "expected text, found a list", "write 'lik'", "lik"),
        (USER_OPERATOR, None, "LQ205", "unexpected null", "write 'eq' or 'lik'", None),
        (NAME, True, "LQ204", "expected text, found true", None, None),
        (USER_OPERATOR, "", "LQ206", "the text is empty", "write 'eq' or 'lik'", None),
        (
            USER_OPERATOR,
            "EQ",
            "LQ306",
            "'EQ' differs from 'eq' only in letter case",
            "write 'eq'",
            "eq",
        ),
        (
            USER_OPERATOR,
            "zz",
            "LQ311",
            "unknown user operator 'zz'",
            "write 'eq' or 'lik', the only known ones",
            None,
        ),
        (
            USER_OPERATOR,
            "liek",
            "LQ311",
            "unknown user operator 'liek'",
            "write 'lik'",
            "lik",
        ),
        (USER_OPERATOR, ["eq"], "LQ204", "expected text, found a list", "write 'eq'", "eq"),
        (VALUE, 5, "LQ204", "expected text, found 5", "write '5'; numbers are sent as text", "5"),
        (
            VALUE,
            None,
            "LQ205",
            "unexpected null",
            "write a value, or find empty fields with 'ndef'",
            None,
        ),
        (VALUE, ["a"], "LQ204", "expected text, found a list", "write 'a'", "a"),
        (
            VALUE,
            ["a", ""],
            "LQ204",
            "expected text, found a list",
            "write a value, or find empty fields with 'ndef'",
            None,
        ),
        (
            VALUE,
            ["a", "b"],
            "LQ204",
            "expected text, found a list",
            "write one text; for one of several values, use the operator 'in'",
            None,
        ),
        (VALUE, {}, "LQ204", "expected text, found an object", None, None),
        (
            VALUE,
            True,
            "LQ204",
            "expected text, found true",
            "write '1'; values are sent as text",
            "1",
        ),
        (NAME, None, "LQ205", "unexpected null", "write a name", None),
        (NAME, ["Phone"], "LQ204", "expected text, found a list", "write 'Phone'", "Phone"),
        (COLUMNS, 5, "LQ204", "expected text with names separated by commas, found 5", None, None),
        (
            COLUMNS,
            None,
            "LQ205",
            "unexpected null",
            "write text with names separated by commas",
            None,
        ),
        (
            COLUMNS,
            [],
            "LQ204",
            "expected text with names separated by commas, found a list",
            None,
            None,
        ),
        (
            COLUMNS,
            [""],
            "LQ204",
            "expected text with names separated by commas, found a list",
            None,
            None,
        ),
        (
            COLUMNS,
            ["Phone ", " Fax"],
            "LQ204",
            "expected text with names separated by commas, found a list",
            "write 'Phone,Fax'",
            "Phone,Fax",
        ),
        (
            COLUMNS,
            ["mx_a\x07"],
            "LQ204",
            "expected text with names separated by commas, found a list",
            "write 'mx_a\\x07'",
            "mx_a\x07",
        ),
        (
            COLUMNS,
            ["mx_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"],
            "LQ204",
            "expected text with names separated by commas, found a list",
            "write 'mx_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'",
            "mx_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        ),
        (
            COLUMNS,
            ["mx_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"],
            "LQ204",
            "expected text with names separated by commas, found a list",
            None,
            "mx_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        ),
        (
            COLUMNS,
            " Phone",
            "LQ310",
            "spaces in the column list",
            "separate the names by commas only",
            "Phone",
        ),
        (
            COLUMNS,
            "Phone\xa0",
            "LQ507",
            "column 'Phone\\xa0' is not a schema name",
            "write 'Phone'",
            "Phone",
        ),
        (
            START,
            True,
            "LQ204",
            "expected a date as text, 'yyyy-MM-dd HH:mm:ss', found true",
            None,
            None,
        ),
        (
            START,
            None,
            "LQ205",
            "unexpected null",
            "write a date as text, 'yyyy-MM-dd HH:mm:ss'",
            None,
        ),
        (
            START,
            [],
            "LQ204",
            "expected a date as text, 'yyyy-MM-dd HH:mm:ss', found a list",
            None,
            None,
        ),
        (
            START,
            1769817600,
            "LQ204",
            "expected a date as text, 'yyyy-MM-dd HH:mm:ss', found 1769817600",
            "write '2026-01-31 00:00:00'",
            "2026-01-31 00:00:00",
        ),
        (VALUES, 5, "LQ204", "expected a list, found 5", None, None),
        (VALUES, " , ", "LQ204", "expected a list, found ' , '", None, None),
        (VALUES, "a, é", "LQ204", "expected a list, found 'a, é'", 'write ["a", "é"]', ["a", "é"]),
        (
            VALUES,
            "\u200b",
            "LQ204",
            "expected a list, found '\\u200b'",
            'write ["\\u200b"]',
            ["\u200b"],
        ),
        (
            VALUES,
            ",".join([*LONGER, f"{LONG}xx"]),
            "LQ204",
            f"expected a list, found '{LONGER[0]},{'x' * 20}'…",
            f"write {json.dumps([*LONGER, f'{LONG}xx'])}",
            [*LONGER, f"{LONG}xx"],
        ),
        (
            VALUES,
            ",".join([*LONGER, f"{LONG}xxx"]),
            "LQ204",
            f"expected a list, found '{LONGER[0]},{'x' * 20}'…",
            None,
            [*LONGER, f"{LONG}xxx"],
        ),
        (VALUES, {"a": 1}, "LQ204", "expected a list, found an object", None, None),
        (
            VALUES,
            ["a", None],
            "LQ205",
            "unexpected null",
            "write a value, or find empty fields with 'ndef'",
            None,
        ),
        (SIZE, None, "LQ205", "unexpected null", "write a whole number", None),
        (
            SIZE,
            "100",
            "LQ204",
            "expected a whole number, found '100'",
            "write 100, without quotes",
            100,
        ),
        (SIZE, 10.5, "LQ204", "expected a whole number, found 10.5", None, None),
        (
            SIZE,
            2**190,
            "LQ309",
            "a very large number is out of range",
            "write a number from 1 to 2147483647",
            None,
        ),
        (
            SIZE,
            2**189,
            "LQ309",
            "784637716923335095479473677900958302012794430558004314112 is out of range",
            "write a number from 1 to 2147483647",
            None,
        ),
        (UNREAD, None, "LQ205", "unexpected null", "remove it", None),
    ],
)
def test_wrong_values_have_one_diagnostic_and_its_fix(
    place: str, value: object, code: str, message: str, hint: str | None, expected: object
) -> None:
    report = check(placed(place, value))
    fixed = at(report.fixed(unsafe=True), place.split("."))

    assert [(one.code, one.message, one.hint) for one in report] == [(code, message, hint)]
    assert fixed == (value if expected is None else expected)


@pytest.mark.parametrize(
    ("operator", "words"),
    [
        ("=", "==, ===, eq, equals, equal, is"),
        ("<>", "!=, !==, ne, neq, not equals, not equal, is not"),
        (">", "gt, greater than, above, after, GreaterThan, is_greater_than"),
        ("<", "lt, less than, below, before"),
        (">=", "=>, gte, ge, at least, ≥, GreaterThanOrEqualTo, greater than equal to"),
        ("<=", "=<, lte, le, at most, ≤, LESS_THAN_OR_EQUAL_TO, is less than or equal to"),
        ("lik", "like, contains, contain, ilike, %"),
        ("nlik", "not like, notlike, not contains, does not contain, ncontains, Doesn’t contain"),
        ("in", "in*, is in, one of, any of, isin"),
        ("def", "is not null, not null, exists, has data, notnull, is not empty"),
        ("def", "Contains data, is not blank"),
        ("ndef", "is null, null, isnull, not exists, has no data, is empty, empty"),
        ("ndef", "Doesn’t contain data, is-blank"),
    ],
)
def test_operators_of_other_languages_are_known(operator: str, words: str) -> None:
    for word in words.split(", "):
        payload = placed(OPERATOR, word)
        at(payload, ["ReportFilter", "LeadFilters", "0"])["LookUpName"] = "mx_Any"
        hints = [one.hint for one in check(payload) if one.code == "LQ304"]

        assert hints == [f"write {operator!r}"], word


@pytest.mark.parametrize("columns", [" mx_Any", "mx_Any ", "mx_Any, mx_Other", "mx_Any\t,mx_Other"])
def test_spaces_around_columns_of_an_account_are_reported(columns: str) -> None:
    """Their names are like no standard name."""
    assert [one.code for one in check(placed(COLUMNS, columns))] == ["LQ310"]


def test_reversed_dates_are_swapped() -> None:
    """In an object and in its text."""
    payload = placed(START, "2026-02-28 00:00:00")
    one = {**payload["DateFilter"][0], "FromDate": "2026-01-31 00:00:00"}
    turned = {**payload, "DateFilter": [{**one, "ToDate": "2026-02-28 00:00:00"}]}

    assert check(payload).fixed(unsafe=True) == turned
    assert json.loads(check(json.dumps(payload)).fixed(unsafe=True)) == turned


def test_account_rules_report_all_other_diagnostics_too() -> None:
    payload = {"Output": {"Type": "list", "IncludeCSV": "phone", "GroupBy": "a"}}
    codes = [one.code for one in check(payload, fields=["Phone"])]

    assert [one.code for one in check(payload)] == ["LQ503", "LQ407"]
    assert codes == ["LQ503", "LQ601", "LQ407"]


@pytest.mark.parametrize(
    "text",
    [
        "2026\u201301\u201302 03:04:05",
        "\uff12\uff10\uff12\uff16-01-02 03:04:05",
        "'2026-01-02 03:04:05'",
    ],
)
def test_a_date_with_signs_of_other_programs_is_read(text: str) -> None:
    """Dashes of a word processor, digits of a wide keyboard, and quotes."""
    assert at(check(placed(START, text)).fixed(), START.split(".")) == "2026-01-02 03:04:05"


def test_an_address_is_no_id() -> None:
    one = {"LookUpName": "OwnerId", "LookUpValue": "ann@example.com", "SqlOperator": "="}
    payload = placed(OPERATOR, "=")
    payload["ReportFilter"]["LeadFilters"][0] = one

    assert [(found.code, found.message, found.hint) for found in check(payload)] == [
        (
            "LQ510",
            "'ann@example.com' is an e-mail address, not an id",
            "write an id, or find owners by their address in 'UserFilter'",
        )
    ]
