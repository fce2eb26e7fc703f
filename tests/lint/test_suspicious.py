"""The smells of a payload: what each one says, and what passes."""

from __future__ import annotations

from typing import Any

import pytest

from leadquery import check
from leadquery.lint.decoder import decode_request
from leadquery.lint.diagnostics import RawDiagnostic
from leadquery.lint.edits import apply_to_object
from leadquery.lint.reader import read_request
from leadquery.lint.report import path_text
from leadquery.lint.rules.base import run_checks

LIST = {"Type": "list", "IncludeCSV": "Phone"}
PAGING = {"PageIndex": 1, "PageSize": 100}


def payload(**parts: Any) -> dict[str, Any]:
    """A list of phone numbers, with other parts."""
    return {"Output": LIST, "Paging": PAGING, **parts}


def lead_filters(*filters: tuple[Any, ...]) -> dict[str, Any]:
    """A payload with lead filters, as name, operator, value; a list is the values of `in`."""
    return payload(ReportFilter={"LeadFilters": [_filter(*one) for one in filters]})


def _filter(name: str, operator: str, *values: Any) -> dict[str, Any]:
    written: dict[str, Any] = {"LookUpName": name, "SqlOperator": operator}
    if values:
        written["LookUpValues" if isinstance(values[0], list) else "LookUpValue"] = values[0]
    return written


def date_ranges(*ends: tuple[str, str]) -> dict[str, Any]:
    """A payload with ranges of the creation date."""
    return payload(
        DateFilter=[
            {"DateField": "LeadCreatedOn", "FromDate": start, "ToDate": end} for start, end in ends
        ]
    )


def columns(columns: str) -> dict[str, Any]:
    """A payload with some columns."""
    return payload(Output={"Type": "list", "IncludeCSV": columns})


def aggregate(group: str, field: str) -> dict[str, Any]:
    """A payload with an average."""
    output = {"Type": "aggregate", "GroupBy": group, "AggregateFunction": "Average"}
    return payload(Output={**output, "AggregateField": field})


def find(raw: Any) -> list[RawDiagnostic]:
    """What the rules for suspicious patterns find in a payload."""
    return [*run_checks(read_request(raw).context)]


def messages(raw: Any) -> list[str]:
    """The smells of a payload as a person reads them."""
    return [
        f"{one.rule.code} {path_text(one.path)}: {one.message}; {one.hint}" for one in find(raw)
    ]


def fixed(raw: Any) -> Any:
    """A payload with every fix of its smells applied."""
    return apply_to_object(raw, [edit for one in find(raw) if one.fix for edit in one.fix.edits])


def test_noon_at_either_end() -> None:
    """Each end has a problem and a fix of its own."""
    raw = date_ranges(("2017-11-10 12:00:00", "2018-11-10 12:00:00"))

    assert messages(raw) == [
        (
            "LQ501 $.DateFilter[0].FromDate: '2017-11-10 12:00:00' is noon, "
            "not the start of a day; write '2017-11-10 00:00:00' for the whole day"
        ),
        (
            "LQ501 $.DateFilter[0].ToDate: '2018-11-10 12:00:00' is noon, not the end of a day; "
            "write '2018-11-10 23:59:59' for the whole day"
        ),
    ]
    assert fixed(raw) == date_ranges(("2017-11-10 00:00:00", "2018-11-10 23:59:59"))


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        ("2026-01-01 00:00:00", "2026-01-31 23:59:59", 0),
        ("2026-01-01 11:59:59", "2026-01-31 12:00:01", 0),
        ("2026-01-01 00:12:00", "2026-01-31 12:12:00", 0),
        ("2026-01-01 12:00:00", "2026-01-31 23:59:59", 1),
        ("2026-01-01 00:00:00", "2026-01-31 12:00:00", 1),
        ("2026-01-01 12:00:00", "2026-01-01 12:00:00", 2),
    ],
)
def test_only_noon_itself_is_noon(start: str, end: str, count: int) -> None:
    """A second before or after it, a range means what it says."""
    assert [one.rule.code for one in find(date_ranges((start, end)))] == ["LQ501"] * count


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        (
            [("Score", "<", "10"), ("Score", ">", "20")],
            "this and [0], 'Score' < '10'; all filters must match; remove one",
        ),
        (
            [("Source", "=", "Web"), ("Source", "=", "Fair")],
            (
                "this and [0], 'Source' = 'Web'; all filters must match; "
                "for either value write one filter with 'in'"
            ),
        ),
        (
            [("Source", "in", ["Web", "Fair"]), ("Source", "in", ["Phone", "Mail"])],
            (
                "this and [0], 'Source' in 'Web', 'Fair'; all filters must match; "
                "for either value write one filter with 'in'"
            ),
        ),
        (
            [("Source", "in", ["a", "b", "c", "d"]), ("Source", "=", "e")],
            (
                "this and [0], 'Source' in 4 values; all filters must match; "
                "for either value write one filter with 'in'"
            ),
        ),
        (
            [("Phone", "ndef"), ("Phone", "lik", "98")],
            "this and [0], 'Phone' ndef; all filters must match; remove one",
        ),
        (
            [("Source", "<>", "Web"), ("Source", "<>", "Fair"), ("Source", "in", ["web", "fair"])],
            (
                "this and [1], 'Source' <> 'Fair', together with those before it; "
                "all filters must match; remove one"
            ),
        ),
    ],
)
def test_a_contradiction_names_the_earlier_filter(
    filters: list[tuple[Any, ...]], message: str
) -> None:
    """The problem stands at the later one."""
    place = f"$.ReportFilter.LeadFilters[{len(filters) - 1}]"

    assert messages(lead_filters(*filters)) == [f"LQ502 {place}: no lead can match both {message}"]


CONTRADICTIONS = [
    [("Score", "<", "10"), ("Score", ">=", "10")],
    [("Score", "=", "9"), ("Score", ">", "9.0")],
    [("Score", "=", "1"), ("Score", "<>", "1.0")],
    [("Score", ">=", "5"), ("Score", "<=", "5"), ("Score", "<>", "5")],
    [("Score", "in", ["1", "2"]), ("Score", ">", "2")],
    [("Score", ">=", "5"), ("Score", ">", "5"), ("Score", "<=", "5")],
    [("Score", "<=", "5"), ("Score", "<", "5"), ("Score", ">=", "5")],
    [("CreatedOn", ">", "2026-01-02"), ("CreatedOn", "<", "2026-01-01 23:59:59")],
    [("CreatedOn", "=", "2026-01-02"), ("CreatedOn", "=", "2026-01-03")],
    [("Phone", "def"), ("Phone", "ndef")],
    [("Phone", "ndef"), ("Phone", "<>", "1")],
    [("Phone", "ndef"), ("Phone", "in", ["1", "2"])],
    [("Phone", "nlik", "9"), ("Phone", "ndef")],
    [("Source", "=", "Web"), ("Source", "<>", "WEB")],
    [("Source", "=", "Website"), ("Source", "nlik", "SITE")],
    [("Source", "=", "Web"), ("Source", "lik", "site")],
    [("Source", "in", ["Web", "Fair"]), ("Source", "lik", "e"), ("Source", "nlik", "w")],
    [("Source", "lik", "website"), ("Source", "nlik", "Web")],
    [("Source", "<", "B"), ("Source", ">", "b")],
    [("mx_Course", "=", "MBA"), ("mx_Course", "=", "BSc")],
    [("mx_Course", "in", ["MBA", "MA"]), ("mx_Course", "in", ["BA", "BSc"])],
    [("mx_Age", "<", "10"), ("mx_Age", ">", "20")],
    [("mx_Age", "=", "10"), ("mx_Age", "=", "20")],
    [("mx_Day", "<", "2026-01-01"), ("mx_Day", ">", "2026-01-31")],
    [("mx_Note", "lik", "abc"), ("mx_Note", "nlik", "B")],
]
POSSIBLE = [
    [("Score", ">", "9"), ("Score", "<", "10")],
    [("Score", ">=", "9"), ("Score", "<=", "9.0")],
    [("Score", "=", "1"), ("Score", "=", "1.0")],
    [("Score", "in", ["1", "2"]), ("Score", ">=", "2")],
    [("Score", "=", "10"), ("Score", "lik", "e")],
    [("CreatedOn", ">", "2026-01-01"), ("CreatedOn", "<", "2026-01-02")],
    [("CreatedOn", "=", "2026-01-02"), ("CreatedOn", "=", "2026-01-02 00:00:00")],
    [("Phone", "def"), ("Phone", "lik", "9")],
    [("Phone", "ndef"), ("Phone", "ndef")],
    [("Source", "=", "Web"), ("Source", "=", "WEB")],
    [("Source", "in", ["Web", "Fair"]), ("Source", "in", ["fair", "Phone"])],
    [("Source", "=", "Straße"), ("Source", "lik", "SS")],
    [("Source", "lik", "a"), ("Source", "nlik", "ab")],
    [("Source", "=", "Web"), ("Phone", "=", "1")],
    [("Source", "=", "Web"), ("source", "=", "Fair")],
    # As numbers they leave something, as text they do not; and the other way round.
    [("mx_Age", ">", "9"), ("mx_Age", "<", "10")],
    [("mx_Age", ">", "10"), ("mx_Age", "<", "9")],
    [("mx_Age", "=", "1"), ("mx_Age", "=", "1.0")],
    [("mx_Age", "=", "10"), ("mx_Age", "lik", "e")],
    # A date in two spellings.
    [("mx_Day", "=", "2026-01-01"), ("mx_Day", "=", "2026-01-01 00:00:00")],
    # What the kind cannot read is another mistake.
    [("Score", "=", "high"), ("Score", "<", "5")],
    [("Score", "=", "1e999"), ("Score", "<", "5")],
    [("Score", "=", "high"), ("Score", "=", "low")],
]


@pytest.mark.parametrize("filters", CONTRADICTIONS, ids=str)
def test_filters_that_no_lead_can_meet(filters: list[tuple[Any, ...]]) -> None:
    """They are found, at the last of them."""
    found = [one for one in find(lead_filters(*filters)) if one.rule.code == "LQ502"]

    assert [one.path[-1] for one in found] == [len(filters) - 1]


@pytest.mark.parametrize("filters", POSSIBLE, ids=str)
def test_filters_that_some_lead_may_meet(filters: list[tuple[Any, ...]]) -> None:
    """Nothing is said of them."""
    found = [one for one in find(lead_filters(*filters)) if one.rule.code == "LQ502"]

    assert found == []


@pytest.mark.parametrize("others", [("=", "lik", "b"), ("lik", "nlik", "aa")])
def test_a_search_through_very_much_text_is_left_out(others: tuple[str, str, str]) -> None:
    """Where looking takes long, nothing is said."""
    first, second, part = others
    short, long = (
        lead_filters(("Notes", first, "a" * size), ("Notes", second, part))
        for size in (10**6, 10**6 + 1)
    )

    assert [one.rule.code for one in find(short)] == ["LQ502"]
    assert find(long) == []


def test_a_field_has_one_contradiction() -> None:
    """What comes after it follows from it; another field has its own."""
    raw = lead_filters(
        *(("Source", "=", value) for value in "abc"), *(("Phone", "=", value) for value in "12")
    )

    assert [one.path[-1] for one in find(raw)] == [1, 4]


def test_date_ranges_without_a_moment_in_common() -> None:
    """The later range names the earlier one."""
    january = "2026-01-01 00:00:00", "2026-01-31 23:59:59"
    february = "2026-02-01 00:00:00", "2026-02-28 23:59:59"

    assert messages(date_ranges(january, february)) == [
        (
            "LQ502 $.DateFilter[1]: no lead can match both this and [0], '2026-01-01 00:00:00' to "
            "'2026-01-31 23:59:59'; all filters must match; remove one"
        )
    ]


def test_date_ranges_that_share_a_second() -> None:
    """Both ends are included."""
    first = "2026-01-01 00:00:00", "2026-01-31 23:59:59"
    second = "2026-01-31 23:59:59", "2026-02-28 23:59:59"

    assert find(date_ranges(first, second)) == []


def test_ranges_of_two_dates_are_apart() -> None:
    """A lead may be created in January and modified in February."""
    raw = date_ranges(("2026-01-01 00:00:00", "2026-01-31 23:59:59"))
    modified = {"FromDate": "2026-02-01 00:00:00", "ToDate": "2026-02-28 23:59:59"}
    raw["DateFilter"].append({"DateField": "LeadModifiedOn", **modified})

    assert find(raw) == []


def test_a_guessed_filter_contradicts_nothing() -> None:
    """A filter that is not read for certain gives no smell beside its problem."""
    raw = lead_filters(("Company", "lik", "acme"), ("Company", "nlikk", "acme"))

    assert find(raw) == []


@pytest.mark.parametrize(
    "fixable",
    [
        {"LookUpName": "Score", "SqlOperator": "gt", "LookUpValue": "20"},
        {"LookUpName": "Score", "SqlOperator": ">", "LookUpValue": 20},
        {"lookupname": "Score", "Operator": ">", "Value": "20"},
    ],
)
def test_a_filter_that_is_mended_for_certain_is_read_as_mended(fixable: Any) -> None:
    """So that one look says all that a second one would."""
    raw = lead_filters(("Score", "<", "10"))
    filters = raw["ReportFilter"]["LeadFilters"]
    texts = (
        "LQ502 $.ReportFilter.LeadFilters[1]: no lead can match both this and [0], 'Score' < '10'"
    )

    for every_object in (False, True):
        filters[1:] = [fixable]
        found = [*run_checks(read_request(raw, every_object=every_object).context)]
        assert [f"{one.rule.code} {path_text(one.path)}: {one.message}" for one in found] == [texts]
        filters[1:] = [{**fixable, "LookUpName": 5}]
        assert [*run_checks(read_request(raw, every_object=every_object).context)] == []


def test_no_paging() -> None:
    """It is missed where it would stand."""
    assert messages({"Output": LIST}) == [
        (
            "LQ503 $.Paging: missing 'Paging': how many rows come without it is not documented; "
            'add "Paging": {"PageIndex": 1, "PageSize": 100}'
        )
    ]


def test_a_large_page() -> None:
    """5,000 rows pass, one more does not."""
    fits, large = (payload(Paging={"PageIndex": 1, "PageSize": size}) for size in (5_000, 5_001))

    assert find(fits) == []
    assert messages(large) == [
        (
            "LQ504 $.Paging.PageSize: a page of 5001 rows is very large; "
            "write 5000 or less, and request several pages"
        )
    ]


def test_one_value_of_a_list() -> None:
    """It becomes the plain comparison."""
    raw = lead_filters(("Source", "in", ["Web"]))

    assert messages(raw) == [
        (
            "LQ505 $.ReportFilter.LeadFilters[0].LookUpValues: the list has only one value, 'Web'; "
            "use the operator '=', or add the missing values"
        )
    ]
    assert fixed(raw) == lead_filters(("Source", "=", "Web"))


def test_one_value_with_a_comma() -> None:
    """It may be several, so that nothing is written."""
    raw = lead_filters(("Source", "in", ["Web,Fair"]))

    assert messages(raw) == [
        (
            "LQ505 $.ReportFilter.LeadFilters[0].LookUpValues: "
            "the list has only one value, 'Web,Fair'; "
            "write each value as its own text, or use the operator '=' for this one"
        )
    ]
    assert fixed(raw) == raw


@pytest.mark.parametrize(
    ("name", "code", "expected"),
    [
        ("score", "LQ506", "Score"),
        ("OwnerID", "LQ506", "OwnerId"),
        ("ProspectId", "LQ506", "ProspectID"),
        ("MX_City", "LQ506", "mx_City"),
        ("EngagmentScore", "LQ506", "EngagementScore"),
        ("PropsectStage", "LQ506", "ProspectStage"),
        ("Scoer", "LQ506", "Score"),
        ("EmailAdress", "LQ506", "EmailAddress"),
        ("Lead Stage", "LQ507", "ProspectStage"),
        ("LeadStage", "LQ507", "ProspectStage"),
        ("lead_stage", "LQ507", "ProspectStage"),
        ("Stage", "LQ507", "ProspectStage"),
        ("Lead Source", "LQ507", "Source"),
        ("LeadScore", "LQ507", "Score"),
        ("Created_On", "LQ507", "CreatedOn"),
        ("Created On", "LQ507", "CreatedOn"),
        ("LeadCreatedOn", "LQ507", "CreatedOn"),
        ("LeadModifiedOn", "LQ507", "ModifiedOn"),
        ("First Name", "LQ507", "FirstName"),
        ("Last Modified On", "LQ507", "LastModifiedOn"),
        ("Owner", "LQ507", "OwnerId"),
        ("Lead Owner", "LQ507", "OwnerId"),
        ("Last Activity Date", "LQ507", "ProspectActivityDate_Max"),
        ("WebReferrer", "LQ507", "Web_Referrer"),
        ("Age", "LQ507", "LeadAge"),
        ("City", "LQ507", "mx_City"),
        ("Email", "LQ507", "EmailAddress"),
        ("e-mail", "LQ507", "EmailAddress"),
        ("Mobile Number", "LQ507", "Mobile"),
        ("Lead Mobile Number", "LQ507", "Mobile"),
        ("MobilePhone", "LQ507", "Mobile"),
        ("Created Date", "LQ507", "CreatedOn"),
        ("updated_at", "LQ507", "ModifiedOn"),
        ("Last Activity", "LQ507", "ProspectActivityDate_Max"),
        ("Lead ID", "LQ507", "ProspectID"),
        ("id", "LQ507", "ProspectID"),
    ],
)
def test_a_name_that_was_meant_for_another(name: str, code: str, expected: str) -> None:
    """Wherever it stands it is found, and written as it was meant."""
    raws = lead_filters((name, "<>", "1")), aggregate(name, "Score"), aggregate("OwnerId", name)
    fixable = (
        lead_filters((expected, "<>", "1")),
        aggregate(expected, "Score"),
        aggregate("OwnerId", expected),
    )

    assert [[one.rule.code for one in find(raw)] for raw in raws] == [[code]] * 3
    assert tuple(map(fixed, raws)) == fixable
    assert fixed(columns(f"Phone,{name},Fax")) == columns(f"Phone,{expected},Fax")


@pytest.mark.parametrize(
    "name",
    [
        *("mx_Course", "mx_city", "mx1_Invoice_amount", "mx_Custom_3~mx_CustomObject_1", "A~B"),
        *("LeadAge", "Course", "Status", "x", "é", "\ud800", "S" * 100),
        *("SubSource", "TimeZoneName", "Department", "Pincode"),
    ],
)
def test_a_name_that_passes(name: str) -> None:
    """What is known, made as an account's own, or near to nothing."""
    raws = lead_filters((name, "<>", "1")), aggregate(name, name), columns(f"{name},Phone")

    assert [find(raw) for raw in raws] == [[], [], []]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (
            lead_filters(("EngagmentScore", "def")),
            (
                "LQ506 $.ReportFilter.LeadFilters[0].LookUpName: unknown field "
                "'EngagmentScore'; write 'EngagementScore'"
            ),
        ),
        (
            lead_filters(("score", "in", ["1", "2"])),
            (
                "LQ506 $.ReportFilter.LeadFilters[0].LookUpName: 'score' "
                "differs from 'Score' only in letter case; write 'Score'"
            ),
        ),
        (
            aggregate("Lead Stage", "Score"),
            "LQ507 $.Output.GroupBy: 'Lead Stage' is not a schema name; write 'ProspectStage'",
        ),
        (
            columns("Phone,Created_On"),
            (
                "LQ507 $.Output.IncludeCSV: column 'Created_On' is not a schema name; "
                "write 'CreatedOn'"
            ),
        ),
        (
            lead_filters(("Name", "def")),
            (
                "LQ507 $.ReportFilter.LeadFilters[0].LookUpName: 'Name' is not a schema name; "
                "write 'FirstName' or 'LastName'"
            ),
        ),
        (
            columns("*"),
            (
                "LQ507 $.Output.IncludeCSV: column '*' is not a schema name; "
                "write each name; there is no wildcard for all of them"
            ),
        ),
    ],
)
def test_what_is_said_of_a_name(raw: Any, text: str) -> None:
    """A column is named, because the columns are one text."""
    assert messages(raw) == [text]


def test_one_edit_fixes_every_column() -> None:
    """The fixes of one text agree, and name no column twice."""
    raw = columns("score,Phone,Created_On,Score")

    assert [one.rule.code for one in find(raw)] == ["LQ506", "LQ507"]
    assert fixed(raw) == columns("Score,Phone,CreatedOn")


def test_what_stands_for_nothing_certain_is_left_to_the_person() -> None:
    """Names that may be two fields, and what stands for all of them elsewhere."""
    raw = columns("Full Name,*,Created Date")

    assert [one.fix is None for one in find(raw)] == [True, True, False]
    assert fixed(raw) == columns("Full Name,*,CreatedOn")


def users(*names: str) -> dict[str, Any]:
    """A payload with a group of conditions on users, and a group in it."""
    [*most, last] = [{"LookupName": one, "Operator": "eq", "LookupValue": "a"} for one in names]
    inner = {"GroupConditions": [{"Condition": [last]}]}
    joined = [{**one, "ConditionOperator": "OR"} for one in most[:-1]]
    group = {"Condition": [*joined, *most[-1:]], "GroupOperator": "AND"} if most else None
    return payload(
        ReportFilter={"UserFilter": {"GroupConditions": [group, inner] if group else [inner]}}
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("EmailAdress", "EmailAddress"),
        ("Email Address", "EmailAddress"),
        ("email_address", "EmailAddress"),
        ("Roel", "Role"),
        ("ManagerUserID", "ManagerUserId"),
        ("Departments", "Department"),
        ("MX_Custom_1", "mx_Custom_1"),
    ],
)
def test_an_attribute_that_was_meant_for_another(name: str, expected: str) -> None:
    """In any group it is found, and written as it was meant."""
    for others in ((), ("Role",), ("Role", "UserID")):
        assert [one.rule.code for one in find(users(*others, name))] == ["LQ508"]
        assert fixed(users(*others, name)) == users(*others, expected)
        assert fixed(users(name, *others)) == users(expected, *others)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("userid", "'userid' differs from 'UserID' only in letter case; write 'UserID'"),
        ("User ID", "unknown user attribute 'User ID'; write 'UserID'"),
        ("Designatoin", "unknown user attribute 'Designatoin'; write 'Designation'"),
    ],
)
def test_what_is_said_of_an_attribute(name: str, text: str) -> None:
    """As of a field, at its place."""
    place = "$.ReportFilter.UserFilter.GroupConditions[0].GroupConditions[0].Condition[0]"

    assert messages(users(name)) == [f"LQ508 {place}.LookupName: {text}"]


@pytest.mark.parametrize("name", ["Role", "mx_Custom_11", "Team", "City", "ProspectStage", "x"])
def test_an_attribute_that_passes(name: str) -> None:
    """What is known, an account's own, or near to nothing; fields of leads are another matter."""
    assert find(users(name)) == []


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("%acme%", "acme"),
        ("acme%", "acme"),
        ("%acme", "acme"),
        ("*acme*", "acme"),
        ("acme*", "acme"),
        ("%%*acme", "acme"),
        ("%a*b%", "a*b"),
        ("%a b%", "a b"),
        ("a%b", None),
        ("%a%b%", None),
        ("%", None),
        ("***", None),
    ],
)
@pytest.mark.parametrize("operator", ["lik", "nlik"])
def test_a_wildcard_is_a_letter(operator: str, text: str, part: str | None) -> None:
    """It is left out where it stands at an end, alone and among other filters."""
    for others in ((), [("Score", ">", "5")], [("Source", "def"), ("Company", operator, "x")]):
        raw = lead_filters(*others, ("Company", operator, text))
        expected = "a part of the text without wildcards"
        expected = expected if part is None else f"{part!r}, which is found anywhere in the text"

        assert messages(raw) == [
            (
                f"LQ509 $.ReportFilter.LeadFilters[{len(others)}].LookUpValue: {text!r} is "
                f"searched for as it is, including its wildcards; write {expected}"
            )
        ]
        assert fixed(raw) == lead_filters(*others, ("Company", operator, part or text))


@pytest.mark.parametrize(
    "filters",
    [
        [("Company", "lik", "a*b")],
        [("Company", "lik", "a_b")],
        [("Company", "lik", "acme*\n")],
        [("Company", "=", "100%"), ("Notes", "in", ["*", "%"])],
        [("Company", "=", "*"), ("Notes", "lik", "5/5")],
        [("Notes", "<>", "%a%"), ("Notes", "lik", "a")],
    ],
)
def test_a_sign_that_passes(filters: Any) -> None:
    """Within a text a star is a star; and what is compared with as a whole is as it is."""
    raw = lead_filters(*filters)

    assert find(raw) == []


def test_a_wildcard_behind_an_operator_of_sql() -> None:
    """What is mended safely is read as mended, so that both are told at once."""
    raw = lead_filters(("Company", "like", "%acme%"))

    assert [one.code for one in check(raw)] == ["LQ304", "LQ509"]
    assert check(raw).fixed(unsafe=True) == lead_filters(("Company", "lik", "acme"))


def test_only_some_names_are_compared() -> None:
    """Comparing is slow, so that the first fifty unknown names are; letters cost nothing."""
    names = [*(f"Unknown{number}" for number in range(50)), "EngagmentScore", "score"]

    assert [one.message for one in find(columns(",".join(names)))] == [
        "column 'score' differs from 'Score' only in letter case"
    ]


@pytest.mark.parametrize(
    "raw",
    [
        payload(),
        lead_filters(("Score", "<>", "0"), ("Source", "in", ["Web", "Fair"]), ("Phone", "def")),
        date_ranges(("2026-01-01 00:00:00", "2026-01-31 23:59:59")),
        aggregate("OwnerId", "EngagementScore"),
        columns("Phone,mx_Course"),
        lead_filters(("Company", "lik", "acme")),
        lead_filters(("Company", "lik", "acme"), ("Company", "lik", "a"), ("Notes", "nlik", "b*c")),
        users("Role", "UserID", "mx_Custom_11"),
        payload(Paging={"PageIndex": 1, "PageSize": 5_000}),
    ],
)
def test_the_fast_look_knows_what_is_common(raw: Any) -> None:
    """A usual payload is decoded, and the rules find nothing."""
    assert decode_request(raw) is not None
    assert find(raw) == []
