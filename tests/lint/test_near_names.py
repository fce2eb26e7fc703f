"""Names and options that a misspelt one stands for, and others that only look alike."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from hypothesis import given, strategies as st

from leadquery import check
from leadquery._util.text import _edit_distance, _Spelling, misspelled, nearest_option
from leadquery.fields import STANDARD

MISSPELLED = [
    ("mx_Deal_Valeu", "mx_Deal_Value"),
    ("mx_DealValu", "mx_Deal_Value"),
    ("mx_Cyti", "mx_City"),
    ("FristName", "FirstName"),
    ("engagementscor", "EngagementScore"),
    ("EngagmentScor", "EngagementScore"),
    ("EngagementScores", "EngagementScore"),
    ("Departments", "Department"),
    ("mx_Kurs", "mx_K\u00fcrs"),
    ("mx_Etat", "mx_\u00c9tat"),
    ("mx_Prefered_Course", "mx_Preferred_Course"),
]
OTHER = [
    ("mx_PIN", "mx_PAN"),
    ("mx_Name", "mx_Age"),
    ("mx_Color", "mx_Course"),
    ("mx_Status", "mx_State"),
    ("mx_Stage", "mx_State"),
    ("mx_Campaign_Id", "mx_Campaign_Name"),
    ("mx_Campaign_Id", "mx_Campaign"),
    ("mx_Campaign", "mx_Campaign_Id"),
    ("mx_Address_Line_1", "mx_Address_Line_2"),
    ("mx_AddressLine1", "mx_Address_Line_2"),
    ("mx_Owner_Name", "mx_Lead_Owner_Name"),
    ("mx_Street_2", "mx_Street_1"),
    ("mx_NAP", "mx_PAN"),
    ("mx_Name_Course", "mx_Course_Name"),
    ("mx_Marks_21", "mx_Marks_12"),
    ("mx_Opt_Out", "mx_Opt_In"),
    ("mx_Q2_Revenue", "mx_Q1_Revenue"),
    ("mx_Start_Date", "mx_End_Date"),
    ("mx_Max_Budget", "mx_Min_Budget"),
    ("mx_Employee_Name", "mx_Employer_Name"),
    ("mx_Father_Name", "mx_Mother_Name"),
    ("mx_Custom_11", "mx_Custom_1"),
    ("mx_Inactive", "mx_Active"),
    ("mx_Unsubscribed", "mx_Subscribed"),
    ("mx_Religion", "mx_Region"),
    ("OwnersEmailAddress", "EmailAddress"),
    ("mx_", "mx_A"),
    ("mx_\u0939\u093f", "mx_\u0939\u093e"),
    ("m" * 61, "m" * 62),
]


@pytest.mark.parametrize(("name", "known"), MISSPELLED)
def test_a_misspelt_name_is_that_of_a_field(name: str, known: str) -> None:
    assert misspelled(name, {known: known, "mx_Other": "mx_Other"}) == [known]


@pytest.mark.parametrize(("name", "known"), OTHER)
def test_a_name_with_a_part_in_common_is_another_one(name: str, known: str) -> None:
    assert misspelled(name, {known: known}) == []


def test_two_names_that_are_as_near_are_both_named() -> None:
    names = {name: name for name in ("mx_Course1", "mx_Courses", "mx_Coursed")}

    assert misspelled("mx_Course", names) == ["mx_Courses", "mx_Coursed"]


@given(st.sampled_from([*STANDARD]), st.data())
def test_a_name_with_two_letters_swapped_is_still_known(name: str, data: st.DataObject) -> None:
    """In a word of four letters or more."""
    places = [
        place
        for place in range(1, len(name) - 1)
        if name[place : place + 2].islower() and name[place] != name[place + 1]
    ]
    place = data.draw(st.sampled_from(places))
    swapped = f"{name[:place]}{name[place + 1]}{name[place]}{name[place + 2 :]}"
    parts = "".join(f" {one}" if one.isupper() else one for one in name).replace("_", " ").split()

    found = misspelled(swapped, {one: one for one in STANDARD})
    assert swapped in STANDARD or name in found or min(map(len, parts)) < 4


@cache
def edits_between(one: str, other: str) -> int:
    """The letters to insert, remove, replace or swap with the next, by the definition."""
    if not one or not other:
        return len(one) + len(other)
    choices = [
        edits_between(one[1:], other) + 1,
        edits_between(one, other[1:]) + 1,
        edits_between(one[1:], other[1:]) + (one[0] != other[0]),
    ]
    if one[:2] == other[1::-1] and len(one) > 1:
        choices.append(edits_between(one[2:], other[2:]) + 1)
    return min(choices)


LETTERS = st.text("abc", max_size=5)


@given(LETTERS, LETTERS, LETTERS, LETTERS)
def test_equal_ends_of_two_words_do_not_count(start: str, one: str, other: str, end: str) -> None:
    one, other = f"{start}{one}{end}", f"{start}{other}{end}"

    assert _edit_distance(one, other, limit=len(one) + len(other)) == edits_between(one, other)


@given(st.sampled_from([*STANDARD]), st.lists(st.integers(0, 30), min_size=2, max_size=2))
def test_two_mistakes_leave_the_letters_similar(name: str, places: list[int]) -> None:
    """A letter is replaced, removed or inserted, so that the two are compared at all."""
    mistyped = name
    for place in places:
        letter = "xyz"[place % 3] * (place % 2)
        mistyped = f"{mistyped[:place]}{letter}{mistyped[place + place % 3 // 2 :]}"

    assert _Spelling(mistyped).may_misspell(_Spelling(name))
    assert _Spelling("mx_Etat").may_misspell(_Spelling("mx_\u00c9tat"))


NEAREST = [
    ("Customer ", "Customer"),
    ("BTech, MTech", "B.Tech, M.Tech"),
    ("Converted-100%", "Converted - 100%"),
    ("bsc hons", "BSc (Hons)"),
    ("Yes.", "Yes"),
    ("Delih", "Delhi"),
    ("Custmer", "Customer"),
]
OTHER_OPTIONS = [
    ("Customer 1", "Customer 2"),
    ("Interested", "Not Interested"),
    ("Interested", "Uninterested"),
    ("Enabled", "Disabled"),
    ("Paid", "Unpaid"),
    ("Hot Lead", "Cold Lead"),
    ("Customer (Old)", "Customer (New)"),
    ("2025", "2026"),
    ("<5", ">5"),
    ("-5", "5"),
    ("5 - 10", "510"),
    ("1.5", "15"),
    ("$5", "\u20ac5"),
    ("C", "C++"),
    ("A-", "A"),
    ("50%", "50"),
    ("\u0926\u0932", "\u0926\u093f\u0932"),
    ("!", "?"),
]


@pytest.mark.parametrize(("value", "option"), NEAREST)
def test_a_value_is_probably_an_option(value: str, option: str) -> None:
    assert nearest_option(value, [option, "Other"]) == option


@pytest.mark.parametrize(("value", "option"), OTHER_OPTIONS)
def test_a_value_is_another_option(value: str, option: str) -> None:
    """The other way round, too."""
    assert nearest_option(value, [option]) is None
    assert nearest_option(option, [value]) is None


def test_of_two_options_that_are_alike_none_is_meant() -> None:
    assert nearest_option("mba", ["MBA", "mba "]) is None


@pytest.mark.parametrize(("name", "known"), OTHER)
def test_no_fix_writes_another_field_of_the_account(name: str, known: str) -> None:
    fields: list[Any] = [
        {"SchemaName": one, "DisplayName": one.removeprefix("mx_").replace("_", " ")}
        for one in (known, "Phone")
    ]
    filters = [{"LookUpName": name, "LookUpValue": "x", "SqlOperator": "="}]
    output = {"Type": "list", "IncludeCSV": "Phone"}
    report = check({"ReportFilter": {"LeadFilters": filters}, "Output": output}, fields=fields)

    assert [one.code for one in report if one.path.endswith("LookUpName")] == ["LQ601"]
    assert not any(known in (one.hint or "") for one in report)


@pytest.mark.parametrize("name", [" mx_Budget", "mx_Budget ", "mx_Budget\u00a0", "mx_Budget;"])
def test_signs_beside_the_name_of_a_custom_field_are_reported(name: str) -> None:
    one = {"LookUpName": name, "LookUpValue": "x", "SqlOperator": "="}
    output = {"Type": "list", "IncludeCSV": "Phone"}
    paging = {"PageIndex": 1, "PageSize": 9}
    given = {"ReportFilter": {"LeadFilters": [one]}, "Output": output, "Paging": paging}
    report = check(given)

    assert [(found.code, found.hint) for found in report] == [("LQ507", "write 'mx_Budget'")]
    assert report.fixed(unsafe=True)["ReportFilter"]["LeadFilters"][0]["LookUpName"] == "mx_Budget"
