"""Forms in which an account's fields can be given."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from leadquery import QueryError
from leadquery.expr.field_types import Choice, Number
from leadquery.fields import STANDARD, LastVisitDate
from leadquery.lint.catalog import FieldCatalog
from leadquery.lint.name_index import Match, MatchKind

METADATA = Path(__file__).parent / "metadata"
EXPECTED = (
    "expected the response of LeadsMetaData.Get, or a list of schema names "
    'or of fields such as Number("mx_Deal_Value")'
)
TYPES = {
    "Phone": "Text",
    "OwnerId": "Identifier",
    "LeadType": "Choice",
    "ProspectStage": "Choice",
    "mx_Course": "Choice",
    "mx_Branch": "Choice",
    "EngagementScore": "Number",
    "mx1_Invoice_amount": "Number",
    "mx_City": "Text",
    "mx_Home_City": "Text",
    "mx_Work_City": "Text",
    "DoNotCall": "Boolean",
    "mx_Birthday": "Date",
    "mx_CreationTime": "Time",
    "mx_Custom_3": "Field",
}
STAGES = ("Prospect", "Opportunity", "Customer")


def _type_name(catalog: FieldCatalog, name: str) -> str:
    return type(catalog.get(name)).__name__


def _options(catalog: FieldCatalog, name: str) -> tuple[str, ...]:
    field = catalog.get(name)
    assert isinstance(field, Choice)
    return field.options


@pytest.mark.parametrize(
    ("name", "created", "stages"),
    [("today", "DateTime", STAGES), ("older", "Date", STAGES), ("short", "Date", ())],
)
def test_metadata_sets_field_types(name: str, created: str, stages: tuple[str, ...]) -> None:
    """In the current format and older ones; unknown types are ignored."""
    catalog = FieldCatalog.of((METADATA / f"{name}.json").read_bytes())

    assert {field: _type_name(catalog, field) for field in TYPES} == TYPES
    assert _type_name(catalog, "CreatedOn") == created
    assert _options(catalog, "ProspectStage") == stages


@pytest.mark.parametrize(
    "fields",
    [
        '["Score", "mx_Any"]',
        '\ufeff["Score", "mx_Any"]',
        b'\xef\xbb\xbf["Score", "mx_Any"]',
        '["Score", "mx_Any"]'.encode("utf-16"),
        bytearray(b'[{"SchemaName": "Score"}, "mx_Any"]'),
        '{"LeadFields": ["Score", "mx_Any"], "Count": 2}',
        {"LeadFields": [{"SchemaName": "Score"}, {"SchemaName": "mx_Any", "DataType": None}]},
        ("Score", "mx_Any"),
        {"mx_Any", "Score"},
        iter(["Score", "mx_Any"]),
        [STANDARD["Score"], "mx_Any"],
        FieldCatalog.of(["Score", "mx_Any"]),
    ],
    ids=["text", "mark", "marked bytes", "utf-16", "bytearray", "wrapped text", "wrapped", "tuple",
         "set", "iterator", "words and names", "account"],
)  # fmt: skip
def test_forms_of_fields(fields: object) -> None:
    """A name alone has the type of the standard field, or any."""
    catalog = FieldCatalog.of(fields)

    assert (_type_name(catalog, "Score"), _type_name(catalog, "mx_Any")) == ("Number", "Field")
    assert catalog.get("Grade") is None


def test_one_field_is_a_list_of_one() -> None:
    """An object that is a field is not taken for a wrapper because of its options."""
    catalog = FieldCatalog.of({"SchemaName": "mx_A", "DataType": "Select", "Options": ["x"]})

    assert _options(catalog, "mx_A") == ("x",)


def test_a_module_of_fields() -> None:
    """What else it holds does not matter."""
    module = ModuleType("account_fields")
    vars(module).update(Fee=Number("mx_Fee"), Users=str, Phone=STANDARD["Phone"])

    assert {"mx_Fee", "Phone"} <= FieldCatalog.of(module).fields.keys()
    with pytest.raises(QueryError, match="the list is empty"):
        FieldCatalog.of(ModuleType("empty"))


def test_fields_are_kept() -> None:
    """With type, label and options."""
    amount, course = Number("mx_Amount", "Amount"), Choice("mx_Course", options=["MBA"])
    catalog = FieldCatalog.of([amount, course])

    assert catalog.get("mx_Amount") is amount
    assert catalog.get("mx_Course") is course
    assert catalog.names.exact("amount") == Match(("mx_Amount",), MatchKind.DISPLAY_NAME)


def test_columns_that_metadata_leaves_out_are_known() -> None:
    """Derived columns need not be listed."""
    plain, listed = (
        FieldCatalog.of(["Phone"]),
        FieldCatalog.of([{"SchemaName": "Groups", "DataType": "Text"}]),
    )
    names = ("OwnerIdName", "LeadAge", "Origin", "ProspectAutoId", "Groups")

    assert [_type_name(plain, name) for name in names] == [
        "DerivedColumn",
        "Number",
        "Text",
        "Number",
        "DerivedColumn",
    ]
    assert _type_name(listed, "Groups") == "Text"


def test_a_member_is_known_by_its_set() -> None:
    """The part before the tilde is listed."""
    catalog = FieldCatalog.of(["mx_Custom_3"])

    assert _type_name(catalog, "mx_Custom_3~mx_CustomObject_1") == "Field"
    assert catalog.get("mx_Custom_4~mx_CustomObject_1") is None


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("Status", ("ProspectStage",)),
        ("status", ("ProspectStage",)),
        ("Lead Stage", ("ProspectStage",)),
        ("Lead_Stage", ("ProspectStage",)),
        ("Place", ("mx_Home_City", "mx_Work_City")),
        ("Invoice", ("mx1_Invoice_amount",)),
        ("Phone", ()),
        ("Created On", ("CreatedOn",)),
        ("", ()),
        ("—", ()),
    ],
)
def test_a_display_name_leads_to_its_fields(name: str, fields: tuple[str, ...]) -> None:
    """The account's own and the standard one."""
    catalog = FieldCatalog.of((METADATA / "today.json").read_text("utf-8"))

    match = catalog.names.exact(name)
    names = match.names if match and match.kind is MatchKind.DISPLAY_NAME else ()

    assert names == fields


def test_the_accounts_own_display_name_goes_first() -> None:
    """If both apply to different fields."""
    stage = {"SchemaName": "ProspectStage", "DisplayName": "Status"}
    catalog = FieldCatalog.of([stage, {"SchemaName": "mx_S", "DisplayName": "Lead Stage"}])

    assert catalog.names.exact("Lead Stage") == Match(("mx_S",), MatchKind.DISPLAY_NAME)


def test_a_display_name_without_letters_is_ignored() -> None:
    catalog = FieldCatalog.of([{"SchemaName": "mx_S", "DisplayName": "\u2014"}])

    assert catalog.names.exact("\u2014") is None


def _nested() -> str:
    return "[" * 100_000


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        (None, f"fields: null is not a list of fields; {EXPECTED}"),
        (5, f"fields: 5 is not a list of fields; {EXPECTED}"),
        ("5", f"fields: 5 is not a list of fields; {EXPECTED}"),
        ('"Phone"', f"fields: 'Phone' is not a list of fields; {EXPECTED}"),
        pytest.param(
            object(), f"fields: a Python object is not a list of fields; {EXPECTED}", id="object"
        ),
        (LastVisitDate, f"fields: LastVisitDate is not a list of fields; {EXPECTED}"),
        ("Phone,Score", f"fields: the text is not JSON; {EXPECTED}"),
        (b"\xff\xfe\x00", f"fields: the text is not JSON; {EXPECTED}"),
        (_nested(), f"fields: the text is not JSON; {EXPECTED}"),
        ("9" * 5_000, f"fields: the text is not JSON; {EXPECTED}"),
        ([], f"fields: the list is empty; {EXPECTED}"),
        ({}, f"fields: the object has no list; {EXPECTED}"),
        ({"Status": "Error"}, f"fields: the object has no list; {EXPECTED}"),
        ({"a": [], "b": []}, f"fields: the object has more than one list; {EXPECTED}"),
        (["Phone", 5], f"fields[1]: 5 is not a field; {EXPECTED}"),
        (["Phone", None], f"fields[1]: null is not a field; {EXPECTED}"),
        ([["Phone"]], f"fields[0]: a list is not a field; {EXPECTED}"),
        (b"[1e400]", f"fields[0]: inf is not a field; {EXPECTED}"),
        ([""], "'' names no field; write a schema name such as 'mx_City'"),
        (
            ["Phone, Score"],
            (
                "'Phone, Score' is not a schema name, which has no spaces and no commas; "
                "write 'Phone', 'Score'"
            ),
        ),
        ([{"DisplayName": "x"}], f"fields[0]: the field has no 'SchemaName'; {EXPECTED}"),
        ([{"SchemaName": ""}], f"fields[0]: the field has no 'SchemaName'; {EXPECTED}"),
        ([{"SchemaName": None}], f"fields[0]: the field has no 'SchemaName'; {EXPECTED}"),
        ([{"SchemaName": 5}], "fields[0].SchemaName: 5 is not text"),
        ([{"SchemaName": "a", "DisplayName": []}], "fields[0].DisplayName: a list is not text"),
        ([{"SchemaName": "a", "DataType": {}}], "fields[0].DataType: an object is not text"),
        (
            [{"SchemaName": "a", "DataType": "Date", "RenderTypeTextValue": 1}],
            "fields[0].RenderTypeTextValue: 1 is not text",
        ),
        (
            [{"SchemaName": "a", "DataType": "Select", "Options": "x"}],
            "fields[0].Options: 'x' is not a list",
        ),
        (
            [{"SchemaName": "a", "DataType": "Select", "Options": ["x", 5]}],
            "fields[0].Options[1]: 5 is not an option; expected text, or an object with 'Value'",
        ),
        (
            [{"SchemaName": "a", "DataType": "Select", "Options": [{"value": "x"}]}],
            (
                "fields[0].Options[0]: an object is not an option; "
                "expected text, or an object with 'Value'"
            ),
        ),
        (
            [{"SchemaName": "a", "DataType": "Select", "Options": [{"Value": 5}]}],
            "fields[0].Options[0].Value: 5 is not text",
        ),
    ],
    ids=lambda value: str(value)[:30],
)
def test_anything_else_is_rejected(fields: Any, text: str) -> None:
    """With its place and what is expected."""
    with pytest.raises(QueryError) as refusal:
        FieldCatalog.of(fields)

    assert str(refusal.value) == text


def test_the_samples_are_one_account() -> None:
    """They differ only in their form."""
    names = [
        [field["SchemaName"] for field in json.loads(path.read_bytes())]
        for path in sorted(METADATA.glob("*.json"))
    ]

    assert names[0] == names[1] == names[2]
