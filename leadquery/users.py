"""The documented user attributes, for `owned_by`, and `User`, a user of the account.

>>> from leadquery import users
>>> (users.Role == "Sales_User") & users.EmailAddress.contains("@acme")
(users.Role == "Sales_User") & users.EmailAddress.contains("@acme")

A comparison makes a `UserPredicate`. For another attribute use `Attribute("Team")`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

import attrs

from leadquery.expr.registry import ATTRIBUTES
from leadquery.expr.user_field import Attribute as Attribute, UserPredicate as UserPredicate
from leadquery.wire.enums import FALSE, TRUE, USER_IDS

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

STATUSES: Final = {FALSE: "active", TRUE: "inactive"}
"""The values of StatusCode, and what they mean."""

ROLES: Final = ("Administrator", "Marketing_User", "Sales_Manager", "Sales_User")
"""The values of Role."""


@attrs.frozen(eq=False, repr=False)
class User(Mapping[str, Any]):
    """A user of the account, as `Client.users` and `Client.find_user` return them.

    It is a mapping of all `attributes` that the API returns. `owned_by` takes it.

    >>> from leadquery import Leads
    >>> anita = User({"ID": "a1", "FirstName": "Anita", "LastName": "Rao", "StatusCode": 0})
    >>> anita.name, anita.is_active, anita["LastName"]
    ('Anita Rao', True, 'Rao')
    >>> Leads.owned_by(anita)
    Leads.owned_by("a1")
    """

    attributes: Mapping[str, Any]

    @property
    def id(self) -> str:
        """The id, which leads have as OwnerId; empty if there is none."""
        return next((text for text in map(self._text, USER_IDS) if text), "")

    @property
    def name(self) -> str | None:
        """The first and the last name, as far as they are known."""
        return " ".join(filter(None, map(self._text, (FirstName.name, LastName.name)))) or None

    @property
    def email(self) -> str | None:
        """The e-mail address."""
        return self._text(EmailAddress.name)

    @property
    def role(self) -> str | None:
        """The role, such as Sales_User."""
        return self._text(Role.name)

    @property
    def is_active(self) -> bool | None:
        """Whether the user is active; None if it is not known."""
        status = STATUSES.get(str(self.attributes.get(StatusCode.name)))
        return None if status is None else status == STATUSES[FALSE]

    def _text(self, attribute: str) -> str | None:
        value = self.attributes.get(attribute)
        return (value.strip() or None) if isinstance(value, str) else None

    def __getitem__(self, attribute: str) -> Any:
        return self.attributes[attribute]

    def __iter__(self) -> Iterator[str]:
        return iter(self.attributes)

    def __len__(self) -> int:
        return len(self.attributes)

    def __hash__(self) -> int:
        return hash(self.id)

    def __str__(self) -> str:
        known = [text for text in (self.email, f"id {self.id}") if text]
        return f"{self.name or 'no name'} ({', '.join(known)})"

    def __repr__(self) -> str:
        return f"<User: {self}>"


if not TYPE_CHECKING:
    # Derived from the names above; type checkers use the imports instead.
    __all__ = [*STANDARD, "Attribute", "User", "UserPredicate"]  # noqa: PLE0604

    def __dir__():
        return __all__

    def __getattr__(name):
        if name.startswith("__"):
            raise AttributeError(name)
        from leadquery.expr.registry import name_index
        from leadquery.unknown_names import unknown_name_error

        custom = f"another attribute is written users.Attribute({name!r})"
        raise unknown_name_error("leadquery.users", name, name_index(STANDARD), custom)
