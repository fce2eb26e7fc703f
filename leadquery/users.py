"""The documented user attributes, for `owned_by`.

>>> from leadquery import users
>>> (users.Role == "Sales_User") & users.EmailAddress.contains("@acme")
(users.Role == "Sales_User") & users.EmailAddress.contains("@acme")

A comparison makes a `UserPredicate`. For another attribute use `Attribute("Team")`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from leadquery.expr.registry import ATTRIBUTES
from leadquery.expr.user_field import Attribute as Attribute, UserPredicate as UserPredicate

UserID = Attribute("UserID")
FirstName = Attribute("FirstName")
LastName = Attribute("LastName")
EmailAddress = Attribute("EmailAddress")
Role = Attribute("Role")
StatusCode = Attribute("StatusCode")
TeamId = Attribute("TeamId")
AssociatedPhoneNumbers = Attribute("AssociatedPhoneNumbers")
PhoneMain = Attribute("PhoneMain")
PhoneMobile = Attribute("PhoneMobile")
Department = Attribute("Department")
Designation = Attribute("Designation")
Groups = Attribute("Groups")
ManagerUserId = Attribute("ManagerUserId")
SalesRegions = Attribute("SalesRegions")
Skills = Attribute("Skills")
OfficeLocationName = Attribute("OfficeLocationName")
TimeZone = Attribute("TimeZone")
UserType = Attribute("UserType")
mx_Custom_1 = Attribute("mx_Custom_1")
mx_Custom_2 = Attribute("mx_Custom_2")
mx_Custom_3 = Attribute("mx_Custom_3")
mx_Custom_4 = Attribute("mx_Custom_4")
mx_Custom_5 = Attribute("mx_Custom_5")
mx_Custom_6 = Attribute("mx_Custom_6")
mx_Custom_7 = Attribute("mx_Custom_7")
mx_Custom_8 = Attribute("mx_Custom_8")
mx_Custom_9 = Attribute("mx_Custom_9")
mx_Custom_10 = Attribute("mx_Custom_10")

STANDARD: Final[dict[str, Attribute]] = {
    name: value for name, value in list(globals().items()) if isinstance(value, Attribute)
}
"""The attributes above by name."""

ATTRIBUTES.register(STANDARD)

if not TYPE_CHECKING:
    # Derived from the names above; type checkers use the imports instead.
    __all__ = [*STANDARD, "Attribute", "UserPredicate"]  # noqa: PLE0604

    def __dir__():
        return __all__

    def __getattr__(name):
        if name.startswith("__"):
            raise AttributeError(name)
        from leadquery.errors import unknown_name_error
        from leadquery.expr.registry import name_index

        custom = f"another attribute is written users.Attribute({name!r})"
        raise unknown_name_error("leadquery.users", name, name_index(STANDARD), custom)
