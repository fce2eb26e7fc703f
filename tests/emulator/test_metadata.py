"""The lead fields that the mock API lists, and their use in checks."""

from __future__ import annotations

from typing import Any

import pytest

from leadquery import check
from leadquery.emulator import Emulator
from leadquery.expr import BaseField
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
from leadquery.fields import STANDARD
from leadquery.lint.catalog import UNDOCUMENTED_FIELDS, FieldCatalog
from tests.emulator.payloads import KEYS

URL = "https://api.example.com/v2/LeadManagement.svc/LeadsMetaData.Get"


def get_fields(emulator: Emulator, **parameters: str) -> dict[str, dict[str, Any]]:
    """The lead fields by schema name."""
    reply = emulator.session().get(URL, params={**KEYS, **parameters})

    assert (reply.status_code, reply.headers["Content-Type"]) == (200, "application/json")
    return {field["SchemaName"]: field for field in reply.json()}


def test_standard_fields() -> None:
    """All but the columns that metadata does not list."""
    fields = get_fields(Emulator([]))

    assert sorted(fields) == sorted(STANDARD.keys() - UNDOCUMENTED_FIELDS.keys())
    assert not any(isinstance(STANDARD[name], DerivedColumn) for name in fields)
    assert fields["ProspectStage"] == {
        "SchemaName": "ProspectStage",
        "DisplayName": "Lead Stage",
        "DataType": "Select",
        "IsMandatory": False,
    }


@pytest.mark.parametrize(
    ("field", "entry"),
    [
        (Number("mx_A", "An A"), {"DisplayName": "An A", "DataType": "Number"}),
        (Boolean("mx_A"), {"DisplayName": "mx_A", "DataType": "Boolean"}),
        (Date("mx_A"), {"DataType": "Date"}),
        (DateTime("mx_A"), {"DataType": "Date", "RenderTypeTextValue": "DateTime"}),
        (Time("mx_A"), {"DataType": "Time"}),
        (Field("mx_A"), {"DataType": "Text"}),
        (Choice("mx_A"), {"DataType": "Select"}),
        (
            Choice("mx_A", options=["x", "y"]),
            {"DataType": "Select", "Options": [{"Value": "x"}, {"Value": "y"}]},
        ),
        (
            Choice("mx_A", others=True),
            {"DataType": "Select", "RenderTypeTextValue": "DropdownWithOthers"},
        ),
    ],
)
def test_given_fields(field: BaseField[Any], entry: dict[str, Any]) -> None:
    """With type, label and options."""
    whole = {"SchemaName": "mx_A", "DisplayName": "mx_A", "IsMandatory": False, **entry}

    assert get_fields(Emulator([], fields=[field]))["mx_A"] == whole
    assert "Options" not in get_fields(Emulator([], fields=[field]), excludeOptionSets="1")["mx_A"]


@pytest.mark.parametrize(("value", "data_type"), [("7", "Number"), ("x", "Text"), (None, None)])
def test_fields_of_leads(value: object, data_type: str | None) -> None:
    """Numbers if all values are. A field without data in all leads is not listed."""
    lead = {"mx_Own": value, "mx_Named": value, "OwnerIdName": "Zoë"}
    fields = get_fields(Emulator([lead], fields=[Field("mx_Named", "Named")]))

    assert fields.get("mx_Own", {}).get("DataType") == data_type
    assert fields["mx_Named"]["DataType"] == (data_type or "Text")
    assert fields["mx_Named"]["DisplayName"] == "Named"
    assert "OwnerIdName" not in fields


def test_field_types_survive_a_round_trip() -> None:
    """Through `check`; ids are text to the API."""
    emulator = Emulator.demo(50)
    catalog = FieldCatalog.of([*get_fields(emulator).values()]).fields

    changed = {
        (type(field), type(catalog[name]))
        for name, field in STANDARD.items()
        if type(catalog[name]) is not type(field)
    }

    assert changed == {(Identifier, Text)}
    assert type(catalog["mx_Deal_Value"]) is Number
    assert catalog["mx_Deal_Value"].label == "Deal Value"


def test_a_check_with_the_fields_of_the_demo() -> None:
    """It knows custom fields and the options of dropdowns."""
    fields = [*get_fields(Emulator.demo(50)).values()]
    filters = [{"LookUpName": "ProspectStage", "LookUpValue": "Prospekt", "SqlOperator": "="}]
    output = {"Type": "list", "IncludeCSV": "mx_Deal_Value,mx_Deal_Valu"}
    payload = {"ReportFilter": {"LeadFilters": filters}, "Output": output}

    hints = " ".join(diagnostic.advice for diagnostic in check(payload, fields=fields).diagnostics)

    assert "'Prospect'" in hints
    assert "'mx_Deal_Value'" in hints
