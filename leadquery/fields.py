"""The standard lead fields by schema name, and the field types.

For a field of your account use its type: `Number("mx_Deal_Value")`,
`Choice("mx_Course", options=["MBA", "BSc"])`, or `Field("mx_Anything")` if you do not know it. A
comparison makes a `Predicate`; a `Condition` is one, or several joined by `&`, `|` and `~`.

>>> from leadquery.fields import EngagementScore, Number
>>> EngagementScore < 20
EngagementScore < 20
>>> Number("mx_Deal_Value").between(1_000, 5_000)
(Number("mx_Deal_Value") >= 1000) & (Number("mx_Deal_Value") <= 5000)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final

from leadquery.expr import (
    BaseField,
    Boolean as Boolean,
    Choice as Choice,
    Condition as Condition,
    Date as Date,
    DateTime as DateTime,
    DerivedColumn as DerivedColumn,
    Field as Field,
    Identifier as Identifier,
    Number as Number,
    Predicate as Predicate,
    Text as Text,
    Time as Time,
    registry,
)
from leadquery.expr.registry import FIELDS
from leadquery.wire.enums import DateField

# Ids of leads, owners and other users.
ProspectID = Identifier("ProspectID")
RelatedProspectId = Identifier("RelatedProspectId")
RelatedLandingPageId = Identifier("RelatedLandingPageId")
FirstLandingPageSubmissionId = Identifier("FirstLandingPageSubmissionId")
ImportTransactionId = Identifier("ImportTransactionId")
OwnerId = Identifier("OwnerId", "Owner")
CreatedBy = Identifier("CreatedBy")
ModifiedBy = Identifier("ModifiedBy")

# Text, e-mail addresses, phone numbers, web pages.
FirstName = Text("FirstName")
LastName = Text("LastName")
Company = Text("Company")
JobTitle = Text("JobTitle")
Region = Text("Region")
TimeZone = Text("TimeZone")
Notes = Text("Notes")
SourceMedium = Text("SourceMedium")
SourceCampaign = Text("SourceCampaign")
SourceContent = Text("SourceContent")
Origin = Text("Origin")
NotableEvent = Text("NotableEvent")
ProspectActivityName_Max = Text("ProspectActivityName_Max")
Web_Referrer = Text("Web_Referrer")
Web_RefKeyword = Text("Web_RefKeyword")
SourceReferrer = Text("SourceReferrer")
SourceReferrerURL = Text("SourceReferrerURL")
ConversionReferrerURL = Text("ConversionReferrerURL")
SourceIPAddress = Text("SourceIPAddress")
TwitterId = Text("TwitterId")
FacebookId = Text("FacebookId")
LinkedInId = Text("LinkedInId")
SkypeId = Text("SkypeId")
GTalkId = Text("GTalkId")
GooglePlusId = Text("GooglePlusId")
mx_Street1 = Text("mx_Street1")
mx_Street2 = Text("mx_Street2")
mx_City = Text("mx_City")
mx_State = Text("mx_State")
mx_Country = Text("mx_Country")
mx_Zip = Text("mx_Zip")
EmailAddress = Text("EmailAddress")
Phone = Text("Phone")
Mobile = Text("Mobile")
Fax = Text("Fax")
Website = Text("Website")
PhotoUrl = Text("PhotoUrl")

# Dropdowns.
Source = Choice("Source", "Lead Source")
ProspectStage = Choice("ProspectStage", "Lead Stage")
JobTitleLevel = Choice("JobTitleLevel")
LeadType = Choice("LeadType")
MailingPreferences = Choice("MailingPreferences")

# Numbers.
Score = Number("Score", "Lead Score")
EngagementScore = Number("EngagementScore")
QualityScore01 = Number("QualityScore01")
Grade = Number("Grade")
Revenue = Number("Revenue")
TotalVisits = Number("TotalVisits")
PageViewsPerVisit = Number("PageViewsPerVisit")
AvgTimePerVisit = Number("AvgTimePerVisit")
ProspectAutoId = Number("ProspectAutoId")
LeadAge = Number("LeadAge")
Latitude = Number("Latitude")
Longitude = Number("Longitude")
StatusCode = Number("StatusCode")
StatusReason = Number("StatusReason")
DeletionStatusCode = Number("DeletionStatusCode")

# True or false.
DoNotEmail = Boolean("DoNotEmail")
DoNotCall = Boolean("DoNotCall")
IsLead = Boolean("IsLead")
IsPrimaryContact = Boolean("IsPrimaryContact")

# Dates with a time of day.
CreatedOn = DateTime("CreatedOn")
ModifiedOn = DateTime("ModifiedOn")
LastModifiedOn = DateTime("LastModifiedOn")
LeadLastModifiedOn = DateTime("LeadLastModifiedOn")
LeadConversionDate = DateTime("LeadConversionDate")
LastVisitDate = DateTime("LastVisitDate")
NotableEventdate = DateTime("NotableEventdate")
ProspectActivityDate_Max = DateTime("ProspectActivityDate_Max", "Last Activity Date")
ProspectActivityDate_Min = DateTime("ProspectActivityDate_Min")
FirstLandingPageSubmissionDate = DateTime("FirstLandingPageSubmissionDate")

# Derived columns of the result, for `select`.
OwnerIdName = DerivedColumn("OwnerIdName")
OwnerIdEmailAddress = DerivedColumn("OwnerIdEmailAddress")
CreatedByName = DerivedColumn("CreatedByName")
ModifiedByName = DerivedColumn("ModifiedByName")
Groups = DerivedColumn("Groups")

FIELD_TYPES: Final = (
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
STANDARD: Final[dict[str, BaseField[Any]]] = {
    name: field for name, field in list(globals().items()) if isinstance(field, BaseField)
}
"""The fields above by schema name."""

ALIASES: Final[dict[str, tuple[str, ...]]] = {
    "ProspectID": ("Id", "Lead Id"),
    "ProspectAutoId": ("Lead Number",),
    "OwnerId": ("Lead Owner", "Assigned To"),
    "OwnerIdName": ("Owner Name", "Lead Owner Name"),
    "OwnerIdEmailAddress": ("Owner Email", "Owner Email Address"),
    "FirstName": ("Name", "Full Name", "Lead Name", "Given Name"),
    "LastName": ("Name", "Full Name", "Lead Name", "Surname", "Family Name"),
    "EmailAddress": ("Email", "Email Id", "Mail", "Lead Email"),
    "Phone": ("Phone Number", "Telephone"),
    "Mobile": ("Mobile Number", "Mobile Phone", "Cell Phone"),
    "Company": ("Company Name",),
    "mx_City": ("City",),
    "mx_State": ("State",),
    "mx_Country": ("Country",),
    "mx_Zip": ("Zip", "Zip Code", "Postal Code"),
    "ProspectStage": ("Stage",),
    "CreatedOn": ("Created", "Created Date", "Created At", "Creation Date", "Date Created"),
    "ModifiedOn": ("Modified", "Modified Date", "Modified At", "Updated On", "Updated At"),
    "ProspectActivityDate_Max": ("Last Activity", "Last Activity On"),
}
"""Other names of fields, beside schema name and label; several fields may share one."""


FIELDS.register(STANDARD, ALIASES)

DATE_FIELDS: Final = {DateField.CREATED: CreatedOn, DateField.MODIFIED: ModifiedOn}
"""The field of each date that a request can be limited by."""


def alias_index(
    names: Iterable[str], normalize: Callable[[str], str]
) -> dict[str, tuple[str, ...]]:
    """The schema names, among some, that each normalized alias stands for."""
    return registry.alias_index({name: ALIASES.get(name, ()) for name in names}, normalize)


_TYPE_ALIASES: Final = {
    "Select": "Choice",
    "Dropdown": "Choice",
    "String": "Text",
    "Integer": "Number",
}
"""Names of field types in the account and in other languages."""

if not TYPE_CHECKING:
    # Derived from the names above; type checkers use the imports instead.
    _types = (field_type.__name__ for field_type in FIELD_TYPES)
    __all__ = [*STANDARD, *_types, "Condition", "Predicate"]  # noqa: PLE0604

    def __dir__():
        return __all__

    def __getattr__(name):
        if name.startswith("__"):
            raise AttributeError(name)
        from leadquery._util.text import normalize_name
        from leadquery.expr.registry import name_index
        from leadquery.unknown_names import unknown_name_error

        types = {field_type.__name__: field_type.__name__ for field_type in FIELD_TYPES}
        known = {normalize_name(alias): name for alias, name in (types | _TYPE_ALIASES).items()}
        known |= name_index(STANDARD)
        advice = f"a field of your own account is written Field({name!r})"
        key = normalize_name(name)
        aliased = alias_index(STANDARD, normalize_name).get(key, ())
        if len(aliased) > 1:
            advice = f"write {' or '.join(aliased)}; {advice}"
            known = {}
        elif key in known or aliased:
            # Without the other names, of which another may be more similar.
            known = {name: known.get(key) or aliased[0]}
        raise unknown_name_error("leadquery.fields", name, known, advice)
