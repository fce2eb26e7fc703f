"""Letters of other scripts in names, keys and fixed values: the message names the letter."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from leadquery import check
from tests.lint.test_one_mistake import payload

ES = "'\u0441' is CYRILLIC SMALL LETTER ES"
IE = "'\u0435' is CYRILLIC SMALL LETTER IE"
FULL = "'\uff33' is FULLWIDTH LATIN CAPITAL LETTER S"
PAGING = {"PageIndex": 1, "PageSize": 100}
PLACE = {"LookUpName": "mx_Place", "LookUpValue": "Delhi", "SqlOperator": "="}
ACCOUNT = [{"SchemaName": "mx_Place", "DataType": "Select", "Options": [{"Value": "Delhi"}]}]


def reported(given: Any, fields: Any = None) -> list[tuple[str, str, str | None]]:
    """The code, message and hint of each diagnostic."""
    return [(one.code, one.message, one.hint) for one in check(given, fields)]


def filtered(name: str, value: str = "a") -> Any:
    """A payload with one lead filter."""
    return payload(lead_filter={"LookUpName": name, "LookUpValue": value, "SqlOperator": "="})


@pytest.mark.parametrize(
    ("written", "letter", "right"),
    [
        ("S\u0441our\u0441e", ES, "Source"),
        ("\uff33ource", FULL, "Source"),
        ("Sour\u200bce", r"'\u200b' is ZERO WIDTH SPACE", "Source"),
        ("mx_\u0441ity", ES, "mx_City"),
        ("mx_Sour\u0441e_Code", ES, "mx_Source_Code"),
        ("FirstNam\u0435s", IE, "FirstName"),
    ],
)
def test_a_letter_that_only_looks_right_is_found_in_a_name(
    written: str, letter: str, right: str
) -> None:
    message = f"unknown field {written!r}: {letter}"

    assert reported(filtered(written)) == [("LQ506", message, f"write {right!r}")]
    fixed = check(filtered(written)).fixed(unsafe=True)
    assert fixed["ReportFilter"]["LeadFilters"][0]["LookUpName"] == right


@pytest.mark.parametrize(
    "name", ["mx_\u0422\u0435\u0441\u0442", "mx_Caf\u00e9", "mx_\u0928\u093e", "mx_Area_m\u00b2"]
)
def test_a_custom_field_in_another_script_is_right(name: str) -> None:
    """It has no English letters in the word that is in another script."""
    assert reported(filtered(name)) == []


def test_a_column_with_such_a_letter_is_found() -> None:
    """Also as the field of an aggregate, where it is no field that is known."""
    total = {"Type": "aggregate", "GroupBy": "OwnerId", "AggregateFunction": "Sum"}
    given = payload(output={**total, "AggregateField": "mx_\u0421harge"})
    message = "unknown field 'mx_\u0421harge': '\u0421' is CYRILLIC CAPITAL LETTER ES"
    assert reported(given) == [("LQ506", message, "write 'mx_Charge'")]

    given = payload(output={"Type": "list", "IncludeCSV": "Phone,S\u0441ore"})
    message = f"unknown column 'S\u0441ore': {ES}"

    assert reported(given) == [("LQ506", message, "write 'Score'")]
    assert check(given).fixed(unsafe=True)["Output"]["IncludeCSV"] == "Phone,Score"


def test_keys_and_values_of_fixed_lists_are_read_as_they_look() -> None:
    """Safely, because nothing else looks like them."""
    given = payload(output={"Typ\u0435": "list", "Includ\u0435CSV": "Phone"})
    message = f"unknown key 'Typ\u0435' in an output: {IE}"
    assert reported(given)[0] == ("LQ201", message, "write 'Type'")
    assert check(given).fixed() == payload(output={"Type": "list", "IncludeCSV": "Phone"})

    given = deepcopy(filtered("FirstName"))
    given["ReportFilter"]["LeadFilters"][0]["SqlOperator"] = "\uff1d"
    message = "unknown operator '\uff1d': '\uff1d' is FULLWIDTH EQUALS SIGN"
    assert reported(given) == [("LQ304", message, "write '='")]
    assert check(given).fixed() == filtered("FirstName")


def test_names_and_options_of_an_account_are_found() -> None:
    given: Any = {"Output": {"Type": "list", "IncludeCSV": "mx_Place"}, "Paging": PAGING}
    given["ReportFilter"] = {"LeadFilters": [{**PLACE, "LookUpName": "mx_Pla\u0441e"}]}
    message = f"the account has no field 'mx_Pla\u0441e': {ES}"
    assert reported(given, ACCOUNT) == [("LQ601", message, "write 'mx_Place'")]

    given["ReportFilter"] = {"LeadFilters": [{**PLACE, "LookUpValue": "D\u0435lhi"}]}
    message = f"'D\u0435lhi' is not an option of 'mx_Place': {IE}"
    assert reported(given, ACCOUNT) == [("LQ606", message, "write 'Delhi'")]


def test_attributes_of_users_are_found() -> None:
    given = deepcopy(payload())
    condition = given["ReportFilter"]["UserFilter"]["GroupConditions"][1]["Condition"][0]
    condition["LookupName"] = "Rol\u0435"
    message = f"unknown user attribute 'Rol\u0435': {IE}"

    assert reported(given) == [("LQ508", message, "write 'Role'")]
