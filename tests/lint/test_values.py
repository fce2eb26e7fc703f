"""What may stand at a place of a payload, what is said of anything else, and what mends it."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest

from leadquery import check

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
OPERATORS = "'=', '<>', '>', '<', '>=', '<=', 'lik', 'nlik', 'in', 'def' or 'ndef'"
LONG = "x" * 36


def placed(place: str, value: object) -> Any:
    """A payload without a mistake, but for what stands at that place."""
    payload = deepcopy(BASE)
    *steps, last = place.split(".")
    at(payload, steps)[last] = value
    return payload


def at(payload: Any, steps: list[str]) -> Any:
    """What a payload holds at the end of these steps."""
    for step in steps:
        payload = payload[int(step) if step.isdigit() else step]
    return payload


@pytest.mark.parametrize(
    ("place", "value", "code", "message", "hint", "mended"),
    [
        (TYPE, 5, "LQ204", "5 is not 'list' or 'aggregate'", None, None),
        (TYPE, "list\xa0", "LQ301", "'list\\xa0' is no output type", "write 'list'", "list"),
        (TYPE, " LIST\t", "LQ306", "' LIST\\t' is 'list' in other letters", "write 'list'", "list"),
        (
            TYPE,
            "x" * 60,
            "LQ301",
            "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' is no output type",
            "write 'list' or 'aggregate'",
            None,
        ),
        (
            TYPE,
            "x" * 61,
            "LQ301",
            "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'… is no output type",
            "write 'list' or 'aggregate'",
            None,
        ),
        (
            DATE_FIELD,
            "CreatedOn\xa0",
            "LQ302",
            "'CreatedOn\\xa0' is no date field of this API",
            "write 'LeadCreatedOn'",
            "LeadCreatedOn",
        ),
        (
            DATE_FIELD,
            "createdon ",
            "LQ302",
            "'createdon ' is no date field of this API",
            "write 'LeadCreatedOn'",
            "LeadCreatedOn",
        ),
        (
            OPERATOR,
            5,
            "LQ204",
            f"5 is not {OPERATORS}",
            None,
            None,
        ),
        (
            OPERATOR,
            "between\xa0",
            "LQ304",
            "'between\\xa0' is no operator of this API",
            f"write {OPERATORS}",
            None,
        ),
        (
            OPERATOR,
            " between ",
            "LQ304",
            "' between ' is no operator of this API",
            "write two filters, with '>=' and '<='",
            None,
        ),
        (
            OPERATOR,
            "==\xa0",
            "LQ304",
            "'==\\xa0' is no operator of this API",
            f"write {OPERATORS}",
            None,
        ),
        (OPERATOR, " == ", "LQ304", "' == ' is no operator of this API", "write '='", "="),
        (
            OPERATOR,
            "li",
            "LQ304",
            "'li' is no operator of this API",
            f"write {OPERATORS}",
            None,
        ),
        (USER_OPERATOR, 5, "LQ204", "5 is not text", "write '5'; numbers travel as text", "5"),
        (USER_OPERATOR, None, "LQ205", "null stands where a value belongs", "write text", None),
        (USER_OPERATOR, "", "LQ206", "the text is empty", "write 'eq' or 'lik'", None),
        (USER_OPERATOR, "EQ", "LQ306", "'EQ' is 'eq' in other letters", "write 'eq'", "eq"),
        (
            USER_OPERATOR,
            "zz",
            "LQ311",
            "nobody has seen the user operator 'zz'",
            "known are 'eq' or 'lik'",
            None,
        ),
        (
            USER_OPERATOR,
            "liek",
            "LQ311",
            "nobody has seen the user operator 'liek'",
            "write 'lik'",
            "lik",
        ),
        (USER_OPERATOR, ["eq"], "LQ204", "a list is not text", "write 'eq'", "eq"),
        (VALUE, 5, "LQ204", "5 is not text", "write '5'; numbers travel as text", "5"),
        (
            VALUE,
            None,
            "LQ205",
            "null stands where a value belongs",
            "write a value, or ask for empty fields with 'ndef'",
            None,
        ),
        (VALUE, ["a"], "LQ204", "a list is not text", "write 'a'", "a"),
        (
            VALUE,
            ["a", ""],
            "LQ204",
            "a list is not text",
            "write a value, or ask for empty fields with 'ndef'",
            None,
        ),
        (
            VALUE,
            ["a", "b"],
            "LQ204",
            "a list is not text",
            "write one text; for one of several values, write the operator 'in'",
            None,
        ),
        (VALUE, {}, "LQ204", "an object is not text", None, None),
        (VALUE, True, "LQ204", "true is not text", "write '1'; values are text", "1"),
        (NAME, None, "LQ205", "null stands where a value belongs", "write a name", None),
        (NAME, ["Phone"], "LQ204", "a list is not text", "write 'Phone'", "Phone"),
        (COLUMNS, 5, "LQ204", "5 is not text with names joined by commas", None, None),
        (
            COLUMNS,
            None,
            "LQ205",
            "null stands where a value belongs",
            "write text with names joined by commas",
            None,
        ),
        (COLUMNS, [], "LQ204", "a list is not text with names joined by commas", None, None),
        (COLUMNS, [""], "LQ204", "a list is not text with names joined by commas", None, None),
        (
            COLUMNS,
            ["Phone ", " Fax"],
            "LQ204",
            "a list is not text with names joined by commas",
            "write 'Phone,Fax'",
            "Phone,Fax",
        ),
        (
            COLUMNS,
            ["mx_a\xa0"],
            "LQ204",
            "a list is not text with names joined by commas",
            "write 'mx_a\\xa0'",
            "mx_a\xa0",
        ),
        (
            COLUMNS,
            ["mx_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"],
            "LQ204",
            "a list is not text with names joined by commas",
            "write 'mx_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'",
            "mx_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        ),
        (
            COLUMNS,
            ["mx_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"],
            "LQ204",
            "a list is not text with names joined by commas",
            None,
            "mx_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        ),
        (
            COLUMNS,
            " Phone",
            "LQ310",
            "blanks stand among the columns",
            "write names and commas alone",
            "Phone",
        ),
        (
            COLUMNS,
            "Phone\xa0",
            "LQ507",
            "the column 'Phone\\xa0' is no schema name",
            "write 'Phone'",
            "Phone",
        ),
        (
            START,
            True,
            "LQ204",
            "true is not a date written as text, 'yyyy-MM-dd HH:mm:ss'",
            None,
            None,
        ),
        (
            START,
            None,
            "LQ205",
            "null stands where a value belongs",
            "write a date written as text, 'yyyy-MM-dd HH:mm:ss'",
            None,
        ),
        (
            START,
            [],
            "LQ204",
            "a list is not a date written as text, 'yyyy-MM-dd HH:mm:ss'",
            None,
            None,
        ),
        (
            START,
            1769817600,
            "LQ204",
            "1769817600 is not a date written as text, 'yyyy-MM-dd HH:mm:ss'",
            "write '2026-01-31 00:00:00'",
            "2026-01-31 00:00:00",
        ),
        (VALUES, 5, "LQ204", "5 is not a list", None, None),
        (VALUES, " , ", "LQ204", "' , ' is not a list", None, None),
        (VALUES, "a, é", "LQ204", "'a, é' is not a list", 'write ["a", "é"]', ["a", "é"]),
        (VALUES, "\u200b", "LQ204", "'\\u200b' is not a list", 'write ["\\u200b"]', ["\u200b"]),
        (
            VALUES,
            ",".join([*[LONG] * 4, f"{LONG}xx"]),
            "LQ204",
            f"'{LONG},{'x' * 20}'… is not a list",
            f"write {json.dumps([*[LONG] * 4, f'{LONG}xx'])}",
            [*[LONG] * 4, f"{LONG}xx"],
        ),
        (
            VALUES,
            ",".join([*[LONG] * 4, f"{LONG}xxx"]),
            "LQ204",
            f"'{LONG},{'x' * 20}'… is not a list",
            None,
            [*[LONG] * 4, f"{LONG}xxx"],
        ),
        (VALUES, {"a": 1}, "LQ204", "an object is not a list", None, None),
        (
            VALUES,
            ["a", None],
            "LQ205",
            "null stands where a value belongs",
            "write a value, or ask for empty fields with 'ndef'",
            None,
        ),
        (SIZE, None, "LQ205", "null stands where a value belongs", "write a whole number", None),
        (SIZE, "100", "LQ204", "'100' is not a whole number", "write 100, without quotes", 100),
        (SIZE, 10.5, "LQ204", "10.5 is not a whole number", None, None),
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
        (UNREAD, None, "LQ205", "null stands where a value belongs", "write text", None),
    ],
)
def test_what_stands_elsewhere_is_told_and_mended(
    place: str, value: object, code: str, message: str, hint: str | None, mended: object
) -> None:
    """One problem at the place; what is meant is written, where it can be known."""
    report = check(placed(place, value))
    fixed = at(report.fixed(unsafe=True), place.split("."))

    assert [(one.code, one.message, one.hint) for one in report] == [(code, message, hint)]
    assert fixed == (value if mended is None else mended)


def test_dates_that_stand_backwards_change_places() -> None:
    """Both are written, in an object and in its text."""
    payload = placed(START, "2026-02-28 00:00:00")
    one = {**payload["DateFilter"][0], "FromDate": "2026-01-31 00:00:00"}
    turned = {**payload, "DateFilter": [{**one, "ToDate": "2026-02-28 00:00:00"}]}

    assert check(payload).fixed(unsafe=True) == turned
    assert json.loads(check(json.dumps(payload)).fixed(unsafe=True)) == turned


def test_with_the_fields_of_an_account_all_else_is_told_too() -> None:
    """What is strange to it stands among what needs none."""
    payload = {"Output": {"Type": "list", "IncludeCSV": "phone", "GroupBy": "a"}}
    codes = [one.code for one in check(payload, fields=["Phone"])]

    assert [one.code for one in check(payload)] == ["LQ503", "LQ407"]
    assert codes == ["LQ503", "LQ601", "LQ407"]
