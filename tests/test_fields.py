"""The standard fields and attributes, and errors for misspelt names."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from leadquery import fields, users
from leadquery._util.text import normalize_name
from leadquery.errors import QueryError, UnknownNameError
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
from tests.plain import plain

FIELD_TYPES = (
    Boolean,
    Choice,
    DerivedColumn,
    Date,
    DateTime,
    Field,
    Identifier,
    Number,
    Text,
    Time,
)
# Written by hand, so that a field that is lost or changes its kind is seen.
TABLE: dict[type[Any], str] = {
    Identifier: """
        ProspectID RelatedProspectId RelatedLandingPageId FirstLandingPageSubmissionId
        ImportTransactionId OwnerId CreatedBy ModifiedBy
    """,
    Text: """
        FirstName LastName Company JobTitle Region TimeZone Notes SourceMedium SourceCampaign
        SourceContent Origin NotableEvent ProspectActivityName_Max Web_Referrer Web_RefKeyword
        SourceReferrer SourceReferrerURL ConversionReferrerURL SourceIPAddress TwitterId FacebookId
        LinkedInId SkypeId GTalkId GooglePlusId mx_Street1 mx_Street2 mx_City mx_State mx_Country
        mx_Zip EmailAddress Phone Mobile Fax Website PhotoUrl
    """,
    Choice: "Source ProspectStage JobTitleLevel LeadType MailingPreferences",
    Number: """
        Score EngagementScore QualityScore01 Grade Revenue TotalVisits PageViewsPerVisit
        AvgTimePerVisit ProspectAutoId LeadAge Latitude Longitude StatusCode StatusReason
        DeletionStatusCode
    """,
    Boolean: "DoNotEmail DoNotCall IsLead IsPrimaryContact",
    DateTime: """
        CreatedOn ModifiedOn LastModifiedOn LeadLastModifiedOn LeadConversionDate LastVisitDate
        NotableEventdate ProspectActivityDate_Max ProspectActivityDate_Min
        FirstLandingPageSubmissionDate
    """,
    DerivedColumn: "OwnerIdName OwnerIdEmailAddress CreatedByName ModifiedByName Groups",
}
STANDARD = [(name, field_type) for field_type, names in TABLE.items() for name in names.split()]
LABELS = {
    "OwnerId": "Owner",
    "ProspectStage": "Lead Stage",
    "Source": "Lead Source",
    "Score": "Lead Score",
    "ProspectActivityDate_Max": "Last Activity Date",
}
ATTRIBUTES = str.split(
    """
    UserID FirstName LastName EmailAddress Role StatusCode TeamId AssociatedPhoneNumbers PhoneMain
    PhoneMobile Department Designation Groups ManagerUserId SalesRegions Skills OfficeLocationName
    TimeZone UserType mx_Custom_1 mx_Custom_2 mx_Custom_3 mx_Custom_4 mx_Custom_5 mx_Custom_6
    mx_Custom_7 mx_Custom_8 mx_Custom_9 mx_Custom_10
    """
)


@pytest.mark.parametrize(("name", "field_type"), STANDARD)
def test_standard_fields_have_their_type(name: str, field_type: type[Any]) -> None:
    """And their label, under their schema name."""
    field = getattr(fields, name)

    assert type(field) is field_type
    assert field.name == name
    assert field.label == LABELS.get(name, name)
    assert repr(field) == name


def test_there_are_no_other_fields() -> None:
    """And the table has each once."""
    names = [name for name, _ in STANDARD]

    assert sorted(fields.STANDARD) == sorted(names)
    assert max(Counter(names).values()) == 1


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_standard_attributes_exist(name: str) -> None:
    """Under their own name."""
    attribute = getattr(users, name)

    assert type(attribute) is users.Attribute
    assert attribute.name == name


def test_there_are_no_other_attributes() -> None:
    assert sorted(users.STANDARD) == sorted(ATTRIBUTES)


@pytest.mark.parametrize("field_type", FIELD_TYPES)
def test_field_types_can_be_imported_from_fields(field_type: type[Any]) -> None:
    """No type shares its name with a field."""
    assert getattr(fields, field_type.__name__) is field_type
    assert field_type.__name__ not in fields.STANDARD


@pytest.mark.parametrize("module", [fields, users])
def test_an_editor_completes_every_field(module: Any) -> None:
    """`dir` and the module's dictionary contain them."""
    assert set(module.STANDARD) <= set(dir(module))
    assert set(module.STANDARD) <= set(vars(module))


def test_dir_lists_only_public_names() -> None:
    type_names = {field_type.__name__ for field_type in FIELD_TYPES}

    assert set(dir(fields)) == {name for name, _ in STANDARD} | type_names | {
        "Condition",
        "Predicate",
    }
    assert set(dir(users)) == {*ATTRIBUTES, "Attribute", "User", "UserPredicate"}


@pytest.mark.parametrize("module", [fields, users])
def test_a_star_import_has_the_names_of_dir(module: Any) -> None:
    scope: dict[str, Any] = {}
    exec(f"from {module.__name__} import *", scope)  # noqa: S102 - our own text.

    assert set(scope) - {"__builtins__"} == set(dir(module))


def test_what_a_comparison_builds_has_a_public_name() -> None:
    """For annotations."""
    assert type(fields.Score < 5) is fields.Predicate
    assert type(users.Role == "a") is users.UserPredicate


def test_aliases_are_not_names_or_labels() -> None:
    """And each belongs to an existing field."""
    letters = {
        normalize_name(one)
        for field in fields.STANDARD.values()
        for one in (field.name, field.label)
    }

    assert set(fields.ALIASES) <= set(fields.STANDARD)
    assert {
        alias for alias in fields.alias_index(fields.STANDARD, normalize_name) if alias in letters
    } == set()


OWN = "a field of your own account is written Field('{}')"
OTHER = "another attribute is written users.Attribute('{}')"
MISSPELT = [
    (fields, "Engagementscore", "did you mean EngagementScore? " + OWN),
    (fields, "engagement_score", "did you mean EngagementScore? " + OWN),
    (fields, "OwnerID", "did you mean OwnerId? " + OWN),
    (fields, "LeadStage", "did you mean ProspectStage? " + OWN),
    (fields, "Lead_Source", "did you mean Source? " + OWN),
    (fields, "lastactivitydate", "did you mean ProspectActivityDate_Max? " + OWN),
    (fields, "number", "did you mean Number? " + OWN),
    (fields, "Numbr", "did you mean Number? " + OWN),
    (fields, "Select", "did you mean Choice? " + OWN),
    (fields, "Datetime", "did you mean DateTime? " + OWN),
    (fields, "CreatedAt", "did you mean CreatedOn? " + OWN),
    (fields, "Email", "did you mean EmailAddress? " + OWN),
    (fields, "PhoneNumber", "did you mean Phone? " + OWN),
    (fields, "CreatedDate", "did you mean CreatedOn? " + OWN),
    (fields, "ID", "did you mean ProspectID? " + OWN),
    (fields, "Full_Name", "write FirstName or LastName; " + OWN),
    (fields, "mx_Ctiy", "did you mean mx_City? " + OWN),
    (fields, "Zebra", OWN),
    (fields, "QualityScore02", OWN),
    (fields, "mx_Deal_Value_2026", OWN),
    (users, "Rol", "did you mean Role? " + OTHER),
    (users, "UserId", "did you mean UserID? " + OTHER),
    (users, "emailaddress", "did you mean EmailAddress? " + OTHER),
    (users, "Zebra", OTHER),
]


@pytest.mark.parametrize(("module", "name", "hint"), MISSPELT)
def test_a_misspelt_field_suggests_the_nearest(module: Any, name: str, hint: str) -> None:
    """Or how to write a custom field."""
    with pytest.raises(UnknownNameError) as caught:
        getattr(module, name)

    assert plain(caught.value) == f"{module.__name__} has no {name!r}; {hint.format(name)}"
    assert isinstance(caught.value, (AttributeError, QueryError))


@pytest.mark.parametrize(("module", "name", "hint"), MISSPELT)
def test_a_misspelt_import_suggests_the_nearest(module: Any, name: str, hint: str) -> None:
    """Also for `from ... import ...`."""
    with pytest.raises(ImportError) as caught:
        exec(f"from {module.__name__} import {name}", {})  # noqa: S102 - our own text.

    assert str(caught.value) == f"{module.__name__} has no {name!r}; {hint.format(name)}"
    assert caught.value.name == module.__name__


@pytest.mark.parametrize("module", [fields, users])
def test_names_that_tools_look_up_are_plain_attribute_errors(module: Any) -> None:
    """Such as __wrapped__ and __path__."""
    assert not hasattr(module, "__wrapped__")
    assert not hasattr(module, "Zebra")
