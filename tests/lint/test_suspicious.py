"""Suspicious patterns."""

from __future__ import annotations

from typing import Any

import pytest

from leadquery import check
from leadquery.lint.check import run_checks
from leadquery.lint.decoder import decode_request
from leadquery.lint.diagnostics import RawDiagnostic, path_text
from leadquery.lint.fixes import apply_to_object
from leadquery.lint.reader import read_request

LIST = {"Type": "list", "IncludeCSV": "Phone"}
PAGING = {"PageIndex": 1, "PageSize": 100}


def payload(**parts: Any) -> dict[str, Any]:
    """A list of phone numbers, with other parts."""
    return {"Output": LIST, "Paging": PAGING, **parts}


def lead_filters(*filters: tuple[Any, ...]) -> dict[str, Any]:
    """A payload with lead filters as (name, operator, value); a list is the values of `in`."""
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


def test_a_name_is_not_corrected_to_a_field_without_that_function() -> None:
    output = {"Type": "aggregate", "GroupBy": "Source", "AggregateFunction": "Average"}
    [found] = check(payload(Output={**output, "AggregateField": "FristName"}))

    assert (found.code, found.fix) == ("LQ506", None)
    assert found.hint == "write 'FirstName', but 'FirstName' is text, which has no average"


def aggregate(group: str, field: str) -> dict[str, Any]:
    """A payload with an average."""
    output = {"Type": "aggregate", "GroupBy": group, "AggregateFunction": "Count"}
    return payload(Output={**output, "AggregateField": field})


def find(raw: Any) -> list[RawDiagnostic]:
    """The diagnostics of the rules for suspicious patterns."""
    return [*run_checks(read_request(raw).context)]


def messages(raw: Any) -> list[str]:
    """The diagnostics as text."""
    return [
        f"{one.rule.code} {path_text(one.path)}: {one.message}; {one.hint}" for one in find(raw)
    ]


def fixed(raw: Any) -> Any:
    """The payload after every fix."""
    return apply_to_object(raw, [edit for one in find(raw) if one.fix for edit in one.fix.edits])


def test_noon_at_either_end() -> None:
    """Each end has its own diagnostic and fix."""
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
    """Not a second before or after."""
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
    """The diagnostic is on the later one."""
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
    [("Source", "lik", "web"), ("Source", "nlik", "WEB")],
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
def test_filters_that_no_lead_can_match(filters: list[tuple[Any, ...]]) -> None:
    """On the last of them."""
    found = [one for one in find(lead_filters(*filters)) if one.rule.code == "LQ502"]

    assert [one.path[-1] for one in found] == [len(filters) - 1]


@pytest.mark.parametrize("filters", POSSIBLE, ids=str)
def test_filters_that_some_lead_may_match(filters: list[tuple[Any, ...]]) -> None:
    found = [one for one in find(lead_filters(*filters)) if one.rule.code == "LQ502"]

    assert found == []


@pytest.mark.parametrize("others", [("=", "lik", "b"), ("lik", "nlik", "aa")])
def test_slow_searches_are_skipped(others: tuple[str, str, str]) -> None:
    first, second, part = others
    short, long = (
        lead_filters(("Notes", first, "a" * size), ("Notes", second, part))
        for size in (10**6, 10**6 + 1)
    )

    assert [one.rule.code for one in find(short)] == ["LQ502"]
    assert find(long) == []


def test_a_field_has_one_contradiction() -> None:
    """Others follow from it."""
    raw = lead_filters(
        *(("Source", "=", value) for value in "abc"), *(("Phone", "=", value) for value in "12")
    )

    assert [one.path[-1] for one in find(raw)] == [1, 4]


def test_date_ranges_without_a_common_second() -> None:
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


def test_ranges_of_two_dates_are_independent() -> None:
    raw = date_ranges(("2026-01-01 00:00:00", "2026-01-31 23:59:59"))
    modified = {"FromDate": "2026-02-01 00:00:00", "ToDate": "2026-02-28 23:59:59"}
    raw["DateFilter"].append({"DateField": "LeadModifiedOn", **modified})

    assert find(raw) == []


def test_a_guessed_filter_contradicts_nothing() -> None:
    """It only has its own diagnostic."""
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
def test_a_filter_with_a_safe_fix_is_checked_as_fixed(fixable: Any) -> None:
    """So one run reports everything."""
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
    """At the place where it would be."""
    assert messages({"Output": LIST}) == [
        (
            "LQ503 $.Paging: missing 'Paging': how many rows come without it is not documented; "
            'add "Paging": {"PageIndex": 1, "PageSize": 100}'
        )
    ]


def test_a_large_page() -> None:
    """Above 5,000 rows."""
    fits, large = (payload(Paging={"PageIndex": 1, "PageSize": size}) for size in (5_000, 5_001))

    assert find(fits) == []
    assert messages(large) == [
        (
            "LQ504 $.Paging.PageSize: a page of 5001 rows is very large; "
            "write 5000 or less, and request several pages"
        )
    ]


def test_one_value_of_a_list() -> None:
    """The fix is a plain comparison."""
    raw = lead_filters(("Source", "in", ["Web"]))

    assert messages(raw) == [
        (
            "LQ505 $.ReportFilter.LeadFilters[0].LookUpValues: the list has only one value, 'Web'; "
            "use the operator '=', or add the missing values"
        )
    ]
    assert fixed(raw) == lead_filters(("Source", "=", "Web"))


def test_one_value_with_a_comma() -> None:
    """It may be several values, so there is no fix."""
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
def test_similar_names_of_fields(name: str, code: str, expected: str) -> None:
    """In filters, groups and columns."""
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
def test_names_of_fields_without_diagnostic(name: str) -> None:
    """Known ones, custom ones, and those similar to none."""
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
def test_messages_about_field_names(raw: Any, text: str) -> None:
    """A column is quoted, because the columns are one text."""
    assert messages(raw) == [text]


def test_one_edit_fixes_every_column() -> None:
    """Without duplicates."""
    raw = columns("score,Phone,Created_On,Score")

    assert [one.rule.code for one in find(raw)] == ["LQ506", "LQ507"]
    assert fixed(raw) == columns("Score,Phone,CreatedOn")


def test_ambiguous_names_have_no_fix() -> None:
    raw = columns("Full Name,*,Created Date")

    assert [one.fix is None for one in find(raw)] == [True, True, False]
    assert fixed(raw) == columns("Full Name,*,CreatedOn")


def users(*names: str) -> dict[str, Any]:
    """A payload with user conditions in a group and in a nested group."""
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
        ("ID", "UserID"),
        ("ManagerUserID", "ManagerUserId"),
        ("Departments", "Department"),
        ("MX_Custom_1", "mx_Custom_1"),
    ],
)
def test_similar_names_of_attributes(name: str, expected: str) -> None:
    """In any group."""
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
def test_messages_about_attributes(name: str, text: str) -> None:
    place = "$.ReportFilter.UserFilter.GroupConditions[0].GroupConditions[0].Condition[0]"

    assert messages(users(name)) == [f"LQ508 {place}.LookupName: {text}"]


@pytest.mark.parametrize("name", ["Role", "mx_Custom_11", "Team", "City", "ProspectStage", "x"])
def test_attributes_without_diagnostic(name: str) -> None:
    """Known ones, custom ones, and names of lead fields."""
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
def test_wildcards_of_other_languages(operator: str, text: str, part: str | None) -> None:
    """The fix removes them at the ends."""
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
def test_wildcards_without_diagnostic(filters: Any) -> None:
    """Within a text, and in comparisons of the whole value."""
    raw = lead_filters(*filters)

    assert find(raw) == []


def test_a_wildcard_behind_an_operator_of_sql() -> None:
    """Both are reported in one run."""
    raw = lead_filters(("Company", "like", "%acme%"))

    assert [one.code for one in check(raw)] == ["LQ304", "LQ509"]
    assert check(raw).fixed(unsafe=True) == lead_filters(("Company", "lik", "acme"))


def test_only_some_names_are_compared() -> None:
    """The first fifty unknown ones; letter case costs nothing."""
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
def test_common_payloads_take_the_fast_path(raw: Any) -> None:
    assert decode_request(raw) is not None
    assert find(raw) == []


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Converted - 100%", []),
        ("100 % paid", []),
        ("50%", []),
        ("5* hotel", []),
        ("%50%", ["LQ509"]),
        ("100%", []),
        ("acme%", ["LQ509"]),
    ],
)
def test_a_per_cent_sign_is_no_wildcard(text: str, codes: list[str]) -> None:
    payload = lead_filters(("Company", "lik", text))

    assert [one.code for one in check(payload) if one.code == "LQ509"] == codes


@pytest.mark.parametrize("text", ["A*", "%", "* new", "Paid %"])
def test_an_option_has_no_wildcard(text: str) -> None:
    fields: list[Any] = [
        {"SchemaName": "mx_Grade", "DataType": "Select", "Options": [{"Value": f"{text} (UK)"}]},
        {"SchemaName": "mx_Other", "DataType": "Select", "Options": [{"Value": "B"}]},
        "Phone",
    ]
    found = [
        [
            one.code
            for one in check(lead_filters((name, "lik", text)), fields)
            if "LQ509" == one.code
        ]
        for name in ("mx_Grade", "mx_Other")
    ]

    assert found == [[], ["LQ509"]]


@pytest.mark.parametrize("key", ["LookUpValue", "LookUpValues"])
def test_an_option_with_commas_is_not_split(key: str) -> None:
    options = [{"Value": "B.Tech, M.Tech"}]
    fields: list[Any] = [{"SchemaName": "mx_Course", "DataType": "Select", "Options": options}]
    payload = lead_filters(("mx_Course", "in", ["x"]))
    [entry] = payload["ReportFilter"]["LeadFilters"]
    del entry["LookUpValues"]
    entry[key] = "B.Tech, M.Tech"
    report = check(payload, fields)
    [fixed] = report.fixed(unsafe=True)["ReportFilter"]["LeadFilters"]

    assert 'write ["B.Tech, M.Tech"], which is one option' in [one.hint for one in report]
    assert fixed["LookUpValues"] == ["B.Tech, M.Tech"]
    [split] = check(payload).fixed(unsafe=True)["ReportFilter"]["LeadFilters"]
    assert split["LookUpValues"] == ["B.Tech", "M.Tech"]
