"""Rules that need the account's fields."""

from __future__ import annotations

import operator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from leadquery import Leads, QueryError, check
from leadquery.expr.field_types import (
    Boolean,
    Choice,
    Date,
    DateTime,
    DerivedColumn,
    Field,
    Identifier,
    Number,
    Text,
    Time,
)
from leadquery.fields import FIELD_TYPES, STANDARD
from leadquery.lint.catalog import FieldCatalog
from leadquery.lint.check import run_checks
from leadquery.lint.diagnostics import path_text
from leadquery.lint.fixes import apply_to_object
from leadquery.lint.reader import read_request
from leadquery.wire.enums import Arity, Operator
from tests.operators import token_list

ACCOUNT = FieldCatalog.of((Path(__file__).parent / "metadata" / "today.json").read_bytes())
FILTER = "$.ReportFilter.LeadFilters[0]"
STANDARD_ONE = "it is a standard field; add it to the fields if the account has it"


def _filter(name: str, sign: str, value: Any = None) -> dict[str, Any]:
    values = {"in": {"LookUpValues": value}, "def": {}, "ndef": {}}
    return {"LookUpName": name, "SqlOperator": sign, **values.get(sign, {"LookUpValue": value})}


def _listing(columns: str, *filters: dict[str, Any]) -> dict[str, Any]:
    output = {"Output": {"Type": "list", "IncludeCSV": columns}}
    return {"ReportFilter": {"LeadFilters": list(filters)}, **output} if filters else output


def _aggregate(group: str, function: str, field: str) -> dict[str, Any]:
    keys = {"GroupBy": group, "AggregateFunction": function, "AggregateField": field}
    return {"Output": {"Type": "aggregate", **keys}}


def _messages(payload: dict[str, Any], catalog: FieldCatalog = ACCOUNT) -> list[str]:
    """Each diagnostic as a line: code, place, message and hint, and the result of its fix."""
    request, context = read_request(payload, every_object=True)
    assert request is not None
    assert context.diagnostics == []
    lines = []
    for one in run_checks(context, catalog):
        if one.rule.code[:3] != "LQ6":
            continue
        fix = ""
        if one.fix:
            [edit] = one.fix.edits
            fix = f" [{'safe' if one.fix.safe else 'unsafe'}: {edit.to}]"
        lines.append(
            f"{one.rule.code} {path_text(one.path).removeprefix(FILTER)} "
            f"{one.message}; {one.hint}{fix}"
        )
    return lines


NAMES = [
    ("mx_Cyti", "LQ601 {} the account has no field 'mx_Cyti'; write 'mx_City'", "mx_City"),
    ("phone", "LQ601 {} 'phone' differs from 'Phone' only in letter case; write 'Phone'", "Phone"),
    ("Invoise", "LQ601 {} the account has no field 'Invoise'; write {!r}", "mx1_Invoice_amount"),
    (
        "Xyzzy",
        "LQ601 {} the account has no field 'Xyzzy'; write the schema name of one of its fields",
        None,
    ),
    ("Grade", f"LQ601 {{}} the account has no field 'Grade'; {STANDARD_ONE}", None),
    ("Status", "LQ602 {} 'Status' is the display name of {!r}; write {!r}", "ProspectStage"),
    ("Telephone", "LQ601 {} the account has no field 'Telephone'; write {!r}", "Phone"),
    ("LeadStage", "LQ602 {} 'LeadStage' is the display name of {!r}; write {!r}", "ProspectStage"),
    ("Stage", "LQ601 {} the account has no field 'Stage'; write {!r}", "ProspectStage"),
    ("Created_On", "LQ602 {} 'Created_On' is the display name of {!r}; write {!r}", "CreatedOn"),
    (
        "Place",
        (
            "LQ602 {} 'Place' is the display name of 'mx_Home_City' or 'mx_Work_City'; "
            "write 'mx_Home_City' or 'mx_Work_City'"
        ),
        None,
    ),
    (
        "*",
        (
            "LQ601 {} the account has no field '*'; "
            "write each name; there is no wildcard for all of them"
        ),
        None,
    ),
    (
        "mx_Nine~mx_A",
        (
            "LQ601 {} the account has no field 'mx_Nine~mx_A'; "
            "write the schema name of one of its fields"
        ),
        None,
    ),
]


@pytest.mark.parametrize(
    ("payload", "line"),
    [
        (
            _aggregate("ProspectStage,mx_City", "Count", "Phone"),
            (
                "LQ601 $.Output.GroupBy the account has no field 'ProspectStage,mx_City'; "
                "write one of them: 'ProspectStage' or 'mx_City'"
            ),
        ),
        (
            _listing("phone;mx_City,Phone"),
            (
                "LQ601 $.Output.IncludeCSV the account has no field 'phone;mx_City'; "
                "separate the names by commas [unsafe: Phone,mx_City]"
            ),
        ),
    ],
)
def test_several_names_in_the_place_of_one(payload: dict[str, Any], line: str) -> None:
    assert _messages(payload) == [line]


def _line(text: str, place: str, to: str | None) -> str:
    line = text.format(place, to, to)
    return f"{line} [unsafe: {to}]" if to else line


@pytest.mark.parametrize(("name", "text", "to"), NAMES)
@pytest.mark.parametrize(
    ("payload", "place"),
    [
        (lambda name: _listing("Phone", _filter(name, ">", "x")), ".LookUpName"),
        (lambda name: _listing("Phone", _filter(name, "in", ["x", "y"])), ".LookUpName"),
        (lambda name: _listing("Phone", _filter(name, "def")), ".LookUpName"),
        (_listing, "$.Output.IncludeCSV"),
        (lambda name: _aggregate(name, "Count", "Phone"), "$.Output.GroupBy"),
        (lambda name: _aggregate("Phone", "Count", name), "$.Output.AggregateField"),
    ],
    ids=["comparison", "membership", "presence", "columns", "group", "field"],
)
def test_an_unknown_name_is_one_diagnostic(
    payload: Any, place: str, name: str, text: str, to: str | None
) -> None:
    """Wherever it is; nothing else is reported there."""
    messages = _messages(payload(name))

    assert messages == [_line(text, place, to)]


def test_no_field_is_offered_that_the_function_refuses() -> None:
    messages = _messages(_aggregate("ProspectStage", "Average", "mx_Cyti"))

    assert messages == [
        (
            "LQ601 $.Output.AggregateField the account has no field 'mx_Cyti'; "
            "write 'mx_City', but 'mx_City' is text, which has no average"
        )
    ]


@pytest.mark.parametrize(
    ("catalog", "hint"),
    [
        (["FirstName", "LastName"], "write 'FirstName' or 'LastName'"),
        (["FirstName", "Phone"], "write 'FirstName' [unsafe: FirstName]"),
        (["FirstName", "mx_Full_Name"], "write 'mx_Full_Name' [unsafe: mx_Full_Name]"),
    ],
)
def test_aliases_suggest_fields_of_the_account(catalog: list[str], hint: str) -> None:
    """There is no fix if several fit; custom fields precede standard ones."""
    messages = _messages(_listing("Full Name"), FieldCatalog.of(catalog))

    assert messages == [f"LQ601 $.Output.IncludeCSV the account has no field 'Full Name'; {hint}"]


def test_columns_share_one_fix() -> None:
    """Each unknown column is reported, and one fix corrects all that have a nearest name."""
    messages = _messages(_listing("phone,Phone,Status,Xyzzy,OwnerIdName,LeadAge,mx_Custom_3~mx_A"))

    fix = "[unsafe: Phone,ProspectStage,Xyzzy,OwnerIdName,LeadAge,mx_Custom_3~mx_A]"
    assert messages == [
        (
            "LQ601 $.Output.IncludeCSV 'phone' differs from 'Phone' only in letter case; "
            f"write 'Phone' {fix}"
        ),
        (
            "LQ602 $.Output.IncludeCSV 'Status' is the display name of 'ProspectStage'; "
            f"write 'ProspectStage' {fix}"
        ),
        (
            "LQ601 $.Output.IncludeCSV the account has no field 'Xyzzy'; "
            "write the schema name of one of its fields"
        ),
    ]


COLUMN_ONLY = "can only be a column of a list"
BY_OWNER = "filter owners in 'UserFilter', or compare 'OwnerId' with an id"


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        (
            _listing("Phone", _filter("OwnerIdName", "=", "Ann")),
            f"LQ601 .LookUpName 'OwnerIdName' {COLUMN_ONLY}; {BY_OWNER}",
        ),
        (
            _listing("Phone", _filter("Groups", "def")),
            f"LQ601 .LookUpName 'Groups' {COLUMN_ONLY}; use another field",
        ),
        (
            _aggregate("CreatedByName", "Count", "Phone"),
            # The account has no 'CreatedBy'.
            f"LQ601 $.Output.GroupBy 'CreatedByName' {COLUMN_ONLY}; use another field",
        ),
        (
            _aggregate("OwnerName", "Count", "Phone"),
            (
                "LQ601 $.Output.GroupBy the account has no field 'OwnerName'; write 'OwnerId' "
                "[unsafe: OwnerId]"
            ),
        ),
        (
            _listing("Phone", _filter("owneridname", "=", "Ann")),
            (
                "LQ601 .LookUpName 'owneridname' differs from 'OwnerIdName' only in letter case; "
                "filter owners in 'UserFilter', or compare 'OwnerId' with an id"
            ),
        ),
        (
            _aggregate("Phone", "Count", "Groups"),
            f"LQ601 $.Output.AggregateField 'Groups' {COLUMN_ONLY}; use another field",
        ),
    ],
)
def test_a_derived_column_is_only_a_column(payload: dict[str, Any], text: str) -> None:
    """It cannot be used in a filter, group or sum."""
    assert _messages(payload) == [text]


OPERATORS = [
    ("EngagementScore", "lik", "5", "'EngagementScore' is a number", "Number"),
    ("ProspectStage", ">", "Nobody", "'ProspectStage' is a dropdown", "Choice"),
    ("mx_City", "<=", "x", "'mx_City' is text", "Text"),
    ("DoNotCall", "in", ["yes", "no"], "'DoNotCall' is true or false", "Boolean"),
    ("CreatedOn", "in", ["x", "y"], "'CreatedOn' is a date", "Date"),
    ("mx_CreationTime", "nlik", "9", "'mx_CreationTime' is a time of day", "Time"),
    ("OwnerId", "lik", "x", "'OwnerId' is an id", "Identifier"),
]


@pytest.mark.parametrize(("name", "sign", "value", "found", "field_type"), OPERATORS)
def test_an_operator_that_a_type_lacks(
    name: str, sign: str, value: Any, found: str, field_type: str
) -> None:
    """Its value is not reported."""
    messages = _messages(_listing("Phone", _filter(name, sign, value)))

    hint = f"it has {token_list(field_type)}"
    assert messages == [f"LQ603 .SqlOperator {found}, which has no {sign!r}; {hint}"]


VALUES: dict[type, Any] = {
    Boolean: True, Date: date(2026, 1, 1), DateTime: "2026-01-01 00:00:00", Number: 5,
    Time: "09:30:00",
}  # fmt: skip
BUILT = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le,
    ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def _has(field: Any, term: Operator) -> bool:
    """Whether a field supports an operator in Python."""
    value = VALUES.get(type(field), "x")
    try:
        if term.python in BUILT:
            BUILT[term.python](field, "2026-01-01 00:00:00" if isinstance(field, Date) else value)
        else:
            method = getattr(field, term.python)
            method(*{Arity.NONE: (), Arity.ONE: (value,), Arity.MANY: ([value],)}[term.takes])
    except QueryError:
        return False
    return True


@pytest.mark.parametrize("term", Operator, ids=lambda term: term.token)
@pytest.mark.parametrize(
    "field_type", [field_type for field_type in FIELD_TYPES if field_type is not DerivedColumn]
)
def test_operators_of_a_type_are_those_of_its_field(field_type: Any, term: Operator) -> None:
    value: Any = ["1", "2"] if term.takes is Arity.MANY else "1"
    payload = _listing("Phone", _filter("mx_A", term.token, value))
    context = read_request(payload, every_object=True).context
    catalog = FieldCatalog.of([field_type("mx_A"), "Phone"])
    codes = {one.rule.code for one in run_checks(context, catalog)}

    assert ("LQ603" not in codes) == _has(field_type("mx_A"), term)


NO_NUMBER = "write a number such as '20' or '0.5'"
EXPECTED_BOOLEAN = "expected '1' or '0', found"
WRONG_FORMAT = "is not in the format 'yyyy-MM-dd HH:mm:ss'"
WHOLE_DAY = (
    "for the whole day write two filters, '>=' '2026-01-31 00:00:00' and '<=' '2026-01-31 23:59:59'"
)
HALF_PAST = "write '2026-01-31 04:30:00' [safe: 2026-01-31 04:30:00]"
ANY_MOMENT = "write a date and time such as '2026-01-31 00:00:00', in UTC"
EITHER_DAY = "write '2026-02-01 00:00:00' or '2026-01-02 00:00:00', whichever is meant"
NO_TIME = "is not a time of day in the format of the API"
KIND_VALUES = [
    ("EngagementScore", ">", "high", f"'high' is not a number; {NO_NUMBER}"),
    ("EngagementScore", "=", "true", f"'true' is not a number; {NO_NUMBER}"),
    ("EngagementScore", "=", "NaN", f"'NaN' is not a number; {NO_NUMBER}"),
    ("EngagementScore", "=", "1e9999999", f"'1e9999999' is not a number; {NO_NUMBER}"),
    ("EngagementScore", "=", "1,5", f"'1,5' is not a number; {NO_NUMBER}"),
    ("EngagementScore", "=", " 5", "' 5' is not a plain number; write '5' [safe: 5]"),
    ("EngagementScore", "=", "1e3", "'1e3' is not a plain number; write '1000' [safe: 1000]"),
    ("EngagementScore", "=", "1,000.5",
     "'1,000.5' is not a plain number; write '1000.5' [unsafe: 1000.5]"),
    ("EngagementScore", "=", "1,00,000",
     "'1,00,000' is not a plain number; write '100000' [unsafe: 100000]"),
    ("LeadAge", "<", "old", f"'old' is not a number; {NO_NUMBER}"),
    ("DoNotCall", "=", "true", f"{EXPECTED_BOOLEAN} 'true'; write '1' [safe: 1]"),
    ("DoNotCall", "<>", "False", f"{EXPECTED_BOOLEAN} 'False'; write '0' [safe: 0]"),
    ("DoNotCall", "=", " yes ", f"{EXPECTED_BOOLEAN} ' yes '; write '1' [safe: 1]"),
    ("DoNotCall", "=", "No", f"{EXPECTED_BOOLEAN} 'No'; write '0' [safe: 0]"),
    ("DoNotCall", "=", "0 ", f"{EXPECTED_BOOLEAN} '0 '; write '0' [safe: 0]"),
    ("DoNotCall", "=", "2", f"{EXPECTED_BOOLEAN} '2'; write '1' for true or '0' for false"),
    ("CreatedOn", ">", "2026-01-31",
     "'2026-01-31' has no time of day; write '2026-01-31 23:59:59' [unsafe: 2026-01-31 23:59:59]"),
    ("CreatedOn", "<=", "2026-01-31",
     "'2026-01-31' has no time of day; write '2026-01-31 23:59:59' [unsafe: 2026-01-31 23:59:59]"),
    ("CreatedOn", ">=", "20260131",
     "'20260131' has no time of day; write '2026-01-31 00:00:00' [unsafe: 2026-01-31 00:00:00]"),
    ("mx_Birthday", "<", "2026-01-31",
     "'2026-01-31' has no time of day; write '2026-01-31 00:00:00' [unsafe: 2026-01-31 00:00:00]"),
    ("CreatedOn", "=", "2026-01-31",
     f"'2026-01-31' has no time of day; {WHOLE_DAY}"),
    ("CreatedOn", "<>", "2026-01-31",
     "'2026-01-31' has no time of day; write a date and time such as '2026-01-31 00:00:00'"),
    ("CreatedOn", ">", "2026-02-30", f"'2026-02-30' {WRONG_FORMAT}; {ANY_MOMENT}"),
    ("CreatedOn", ">", "31/01/2026",
     "'31/01/2026' has no time of day; write '2026-01-31 23:59:59' [unsafe: 2026-01-31 23:59:59]"),
    ("CreatedOn", "=", "01/02/2026",
     f"'01/02/2026' {WRONG_FORMAT}; {EITHER_DAY}"),
    ("CreatedOn", ">", "01/02/2026",
     f"'01/02/2026' {WRONG_FORMAT}; {EITHER_DAY.replace('00:00:00', '23:59:59')}"),
    ("CreatedOn", ">=", "01/02/2026",
     f"'01/02/2026' {WRONG_FORMAT}; {EITHER_DAY}"),
    ("CreatedOn", ">", "2026-01-31T10:00+05:30",
     f"'2026-01-31T10:00+05:30' {WRONG_FORMAT}; {HALF_PAST}"),
    ("CreatedOn", ">", "2026-02-30 00:00:00",
     "'2026-02-30 00:00:00' does not exist; write a day and time that exist"),
    ("mx_CreationTime", "<", "9", f"'9' {NO_TIME}; write a time such as '09:30:00'"),
    ("mx_CreationTime", "<", "09:30", f"'09:30' {NO_TIME}; write '09:30:00' [unsafe: 09:30:00]"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "sign", "value", "text"), KIND_VALUES)
def test_a_value_that_a_type_cannot_have(name: str, sign: str, value: str, text: str) -> None:
    """The fix writes the value in the type's format, if possible."""
    messages = _messages(_listing("Phone", _filter(name, sign, value)))

    assert messages == [f"LQ604 .LookUpValue {text}"]


def test_each_value_of_a_list_has_its_place() -> None:
    """Only invalid ones are reported."""
    messages = _messages(_listing("Phone", _filter("EngagementScore", "in", ["1", "x", "2", "y"])))

    assert messages == [
        f"LQ604 .LookUpValues[1] 'x' is not a number; {NO_NUMBER}",
        f"LQ604 .LookUpValues[3] 'y' is not a number; {NO_NUMBER}",
    ]


OPTIONS = [
    ("ProspectStage", "prospect", "write 'Prospect' [unsafe: Prospect]"),
    ("ProspectStage", "Oportunity ", "write 'Opportunity' [unsafe: Opportunity]"),
    ("ProspectStage", "?", "the options are 'Prospect', 'Opportunity', 'Customer'"),
    ("mx_Course", "mba", "write 'M.B.A.' [unsafe: M.B.A.]"),
    ("mx_Course", "B.Sc.,Physics", "write 'B.Sc., Physics' [unsafe: B.Sc., Physics]"),
    (
        "mx_Course",
        "-",
        "the options are 'M.B.A.', 'B.Sc., Physics', 'B.A.', 'Ph.D.', 'Law' and 2 more",
    ),
]


@pytest.mark.parametrize(("name", "value", "hint"), OPTIONS)
@pytest.mark.parametrize(
    ("sign", "place"), [("=", ".LookUpValue"), ("<>", ".LookUpValue"), ("in", ".LookUpValues[1]")]
)
def test_a_value_outside_the_options(
    sign: str, place: str, name: str, value: str, hint: str
) -> None:
    """Options that differ only in case, spaces or commas are the nearest."""
    filters = {"in": ["Law" if name == "mx_Course" else "Customer", value]}
    messages = _messages(_listing("Phone", _filter(name, sign, filters.get(sign, value))))

    assert messages == [f"LQ606 {place} {value!r} is not an option of {name!r}; {hint}"]


@pytest.mark.parametrize(("number", "more"), [(4, ""), (5, ""), (6, " and 1 more")])
def test_a_hint_names_five_options(number: int, more: str) -> None:
    """And counts the others."""
    options = [str(one) for one in range(number)]
    catalog = FieldCatalog.of([Choice("mx_A", options=options), "Phone"])
    messages = _messages(_listing("Phone", _filter("mx_A", "=", "?")), catalog)

    named = ", ".join(map(repr, options[:5]))
    message = "'?' is not an option of 'mx_A'"
    assert messages == [f"LQ606 .LookUpValue {message}; the options are {named}{more}"]


@pytest.mark.parametrize("function", ["Average", "Sum"])
@pytest.mark.parametrize(
    ("name", "called"),
    [("Phone", "text"), ("ProspectStage", "a dropdown"), ("DoNotCall", "true or false")],
)
def test_only_numbers_are_computed(name: str, called: str, function: str) -> None:
    """A count of any field is allowed."""
    messages = _messages(_aggregate("OwnerId", function, name))

    message = f"{name!r} is {called}, which has no {function.lower()}"
    hint = "use a number field, or 'Count'"
    assert messages == [f"LQ605 $.Output.AggregateField {message}; {hint}"]
    assert _messages(_aggregate("OwnerId", "Count", name)) == []


@pytest.mark.parametrize(
    "payload",
    [
        _listing("Phone,OwnerIdEmailAddress,Groups,LeadAge,ProspectAutoId,Origin,mx_Custom_3"),
        _listing("Phone", _filter("LeadAge", ">", "5"), _filter("Origin", "lik", "x")),
        _listing("Phone", _filter("EngagementScore", "=", "+0.50"), _filter("Phone", "ndef")),
        _listing("Phone", _filter("DoNotCall", "=", "1"), _filter("DoNotCall", "<>", "0")),
        _listing("Phone", _filter("CreatedOn", ">", "2026-01-31 10:00:00")),
        _listing("Phone", _filter("mx_CreationTime", "=", "09:30:00")),
        _listing("Phone", _filter("mx_Course", "lik", "Sc"), _filter("mx_Course", "nlik", "x")),
        _listing("Phone", _filter("mx_Course", "in", ["Law", "+"]), _filter("mx_Branch", "=", "x")),
        _listing("Phone", _filter("mx_Custom_3~mx_CustomObject_1", ">", "x")),
        _listing("Phone", _filter("mx_Custom_3", "lik", "x")),
        _aggregate("OwnerId", "Average", "EngagementScore"),
        _aggregate("mx_City", "Sum", "mx_Custom_3"),
        _aggregate("CreatedOn", "Count", "CreatedOn"),
    ],
)
def test_fields_of_the_account_are_clean(payload: dict[str, Any]) -> None:
    """Derived columns, members of sets and fields of any type."""
    assert _messages(payload) == []


def test_fields_given_by_name_have_their_standard_type() -> None:
    """Custom ones allow every operator and any value."""
    catalog = FieldCatalog.of(["DoNotCall", "mx_Any", "Phone"])
    filters = _filter("mx_Any", ">", "true"), _filter("DoNotCall", "=", "true")
    messages = _messages(_listing("Phone", *filters), catalog)

    assert messages == [
        (
            f"LQ604 $.ReportFilter.LeadFilters[1].LookUpValue {EXPECTED_BOOLEAN} 'true'; "
            "write '1' [safe: 1]"
        )
    ]


def test_queries_of_typed_fields_are_clean() -> None:
    """If the account has these fields."""
    amount, course = Number("mx_Amount"), Choice("mx_Course", options=["MBA"])
    seen, visit_time, code = DateTime("mx_Seen"), Time("mx_Door"), Identifier("mx_Code")
    query = Leads.where(
        amount.between(1, 2.5), course == "MBA", Boolean("mx_Ok") == True,  # noqa: E712
        seen == "2026-01-31", Date("mx_Day") <= "2026-01-31", visit_time > "09:30:15",
        code.is_in(["a", "b"]), Text("mx_Name").contains("x"), Field("mx_Any") > "x",
    ).group_by(course).sum(amount)  # fmt: skip
    fields = [
        amount,
        course,
        Boolean("mx_Ok"),
        seen,
        Date("mx_Day"),
        visit_time,
        code,
        Text("mx_Name"),
    ]

    assert _messages(query.to_payload(), FieldCatalog.of([*fields, "mx_Any"])) == []
    assert _messages(query.to_payload(), FieldCatalog.of(STANDARD.values())) != []


def _fixed(payload: dict[str, Any]) -> Any:
    found = [
        one
        for one in run_checks(read_request(payload, every_object=True).context, ACCOUNT)
        if one.rule.code[:3] == "LQ6"
    ]
    return apply_to_object(payload, [edit for one in found if one.fix for edit in one.fix.edits])


FIXABLE = [
    *(_listing(name, _filter(name, "def")) for name, _, to in NAMES if to),
    *(_listing("Phone", _filter(*row[:3])) for row in KIND_VALUES if row[3].endswith("]")),
    *(_listing("Phone", _filter(row[0], "=", row[1])) for row in OPTIONS if row[2].endswith("]")),
]


@pytest.mark.parametrize("payload", FIXABLE)
def test_a_fix_leaves_no_diagnostics(payload: dict[str, Any]) -> None:
    assert _messages(payload) != []
    assert _messages(_fixed(payload)) == []


def test_suggestions_are_limited() -> None:
    """After fifty unknown names there are no suggestions."""
    starts = [(name[:end], name[end:]) for name in ["EngagementScore"] for end in (2, 4, 6)]
    names = [f"{start}{one}{rest}" for start, rest in starts for one in "bcdfhijklopqrstuvwxy"]
    messages = _messages(_listing(",".join(names)))

    assert sum("write 'EngagementScore'" in one for one in messages) == 50
    assert sum("write the schema name of one of its fields" in one for one in messages) == 10


def test_a_dropdown_with_others_takes_any_value() -> None:
    options = [{"Value": "Delhi"}]
    entry = {"SchemaName": "mx_City", "DataType": "Select", "Options": options}
    catalogs = [
        FieldCatalog.of([{**entry, "RenderTypeTextValue": rendered}, "Phone"])
        for rendered in (
            *("Dropdown", "MultiSelect", ""),
            *("DropdownWithOthers", "dropdown with others", "SearchableDropdownWithOthers"),
        )
    ]
    payload = _listing("Phone", _filter("mx_City", "=", "Delih"))

    assert [len(_messages(payload, catalog)) for catalog in catalogs] == [1, 1, 1, 0, 0, 0]


def test_no_field_is_offered_that_cannot_be_averaged() -> None:
    """The id of an owner is no number."""
    output = {"Type": "aggregate", "GroupBy": "OwnerId", "AggregateFunction": "Average"}
    payload = {
        "Output": output | {"AggregateField": "OwnerIdName"},
        "Paging": {"PageIndex": 1, "PageSize": 9},
    }
    (found,) = check(payload, [{"SchemaName": "OwnerId", "DataType": "Text"}])

    assert found.code == "LQ601"
    assert found.fix is None
