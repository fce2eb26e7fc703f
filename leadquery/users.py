"""The words for users: which owners a question is about.

>>> from leadquery import users
>>> (users.Role == "Sales_User") & users.EmailAddress.contains("@acme")
(users.Role == "Sales_User") & users.EmailAddress.contains("@acme")
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Final, NoReturn

import attrs

from leadquery import slips
from leadquery.errors import NotExpressibleError, QueryError
from leadquery.slips import unknown_name
from leadquery.spec import model
from leadquery.spec.vocabulary import SEPARATOR, Joiner, UserOperator
from leadquery.words.said import quoted

MOST: Final = 64
"""How many conditions may come of distributing AND over OR."""

Group = tuple[model.UserCondition, ...]


@attrs.frozen(repr=False)
class UserCondition:
    """What a user must meet: groups joined by `joiner`, and joined inside by the other word.

    `&` and `|` mix freely, since the groups of the API can say both.
    """

    groups: tuple[Group, ...]
    joiner: Joiner

    def __and__(self, other: UserCondition) -> UserCondition:
        return combined(Joiner.AND, self, other)

    def __or__(self, other: UserCondition) -> UserCondition:
        return combined(Joiner.OR, self, other)

    def __invert__(self) -> NoReturn:
        raise NotExpressibleError(
            "no opposite of a user condition is known to the API; name the users who do meet it, "
            "or say an operator of your account with users.Attribute(...).matches(...)"
        )

    def __bool__(self) -> NoReturn:
        slips.truth("condition")

    def __iter__(self) -> NoReturn:
        slips.iteration("condition")

    def __repr__(self) -> str:
        groups = [_group_source(group, self.joiner.other) for group in self.groups]
        if len(groups) == 1:
            return groups[0]
        return _SIGNS[self.joiner].join(
            f"({text})" if len(group) > 1 else _bracketed(group[0])
            for text, group in zip(groups, self.groups, strict=True)
        )


_SIGNS = {Joiner.AND: " & ", Joiner.OR: " | "}


def _group_source(group: Group, joiner: Joiner) -> str:
    if len(group) == 1:
        return _source(group[0])
    return _SIGNS[joiner].join(map(_bracketed, group))


def _bracketed(one: model.UserCondition) -> str:
    source = _source(one)
    return source if source.endswith(")") else f"({source})"


def _source(one: model.UserCondition) -> str:
    """One condition as the plainest expression that builds it."""
    word = Attribute(one.name)
    known = STANDARD.get(one.name)
    name = f"users.{one.name}" if known is not None else f"users.Attribute({quoted(one.name)})"
    values = one.value.split(SEPARATOR)
    said = [
        (lambda: word == one.value, f"{name} == {quoted(one.value)}"),
        (lambda: word.is_in(values), f"{name}.is_in([{', '.join(map(quoted, values))}])"),
        (lambda: word.contains(one.value), f"{name}.contains({quoted(one.value)})"),
    ]
    for build, source in said:
        try:
            if build().groups == ((one,),):
                return source
        except QueryError:
            continue
    return f"{name}.matches({quoted(one.operator)}, {quoted(one.value)})"


def one_condition(name: str, operator: str, value: str) -> UserCondition:
    """A condition of one attribute."""
    return UserCondition(((model.UserCondition(name, operator, value, None),),), Joiner.AND)


def combined(joiner: Joiner, left: UserCondition, right: UserCondition) -> UserCondition:
    """Both sides joined, as groups of one word each, in the shorter of the two ways."""
    for side in (left, right):
        if not isinstance(side, UserCondition):
            raise slips.SlipError(
                f"{side!r} is no user condition; join user conditions only with user conditions, "
                "each in brackets, and give lead conditions to where(...)"
            )
    plain = _gathered(joiner, left, right)
    spread = _distributed(joiner, left, right)
    found = min((one for one in (plain, spread) if one is not None), key=_size, default=None)
    if found is None:
        raise NotExpressibleError(
            f"the API's groups could say this only with more than {MOST} conditions; "
            "ask in several queries"
        )
    return _tidy(found)


def _size(condition: UserCondition) -> int:
    return sum(map(len, condition.groups))


def _gathered(joiner: Joiner, left: UserCondition, right: UserCondition) -> UserCondition | None:
    """The groups of both sides, one after the other."""
    one, other = _groups(left, joiner), _groups(right, joiner)
    return None if one is None or other is None else UserCondition(_distinct(one + other), joiner)


def _distributed(joiner: Joiner, left: UserCondition, right: UserCondition) -> UserCondition | None:
    """Each group of one side joined with each group of the other."""
    one, other = _groups(left, joiner.other), _groups(right, joiner.other)
    if one is None or other is None or len(one) * len(other) > MOST:
        return None
    merged = UserCondition(_distinct(a + b for a, b in product(one, other)), joiner.other)
    return merged if _size(merged) <= MOST or len(merged.groups) == 1 else None


def _groups(condition: UserCondition, joiner: Joiner) -> tuple[Group, ...] | None:
    """A condition as groups joined by a word; None where that takes too many conditions."""
    if condition.joiner is joiner:
        return condition.groups
    if (
        prod(map(len, condition.groups)) * len(condition.groups) > MOST
        and len(condition.groups) > 1
    ):
        return None
    return _distinct(product(*condition.groups))


def _distinct(groups: Iterable[Group]) -> tuple[Group, ...]:
    return tuple(dict.fromkeys(tuple(dict.fromkeys(group)) for group in groups))


def _tidy(condition: UserCondition) -> UserCondition:
    """Groups of one condition each are one group."""
    if len(condition.groups) > 1 and all(len(group) == 1 for group in condition.groups):
        return UserCondition(
            (tuple(group[0] for group in condition.groups),), condition.joiner.other
        )
    if len(condition.groups) == 1 and len(condition.groups[0]) == 1:
        return UserCondition(condition.groups, Joiner.AND)
    return condition


@attrs.frozen(eq=False, repr=False)
class Attribute:
    """An attribute of users: `users.Attribute("Team")`, or one of the names in this module.

    Values are text. `==` and `is_in` cannot carry a comma, which the API reads as "one of".
    (API page: User Filter)
    """

    name: str = attrs.field()

    @name.validator
    def _check(self, _: object, name: object) -> None:
        if not isinstance(name, str) or not name:
            raise QueryError(f"an attribute's name is text such as 'Team', not {name!r}")

    def __eq__(self, value: str) -> UserCondition:  # type: ignore[override]
        return one_condition(self.name, UserOperator.EQUAL.token, self._single(value))

    __hash__ = object.__hash__

    def __ne__(self, value: object) -> NoReturn:  # type: ignore[override]
        raise NotExpressibleError(
            f"users.{self.name} != {value!r}: no such operator is known for users; "
            f"name the values that may stand: users.{self.name}.is_in([...])"
        )

    def is_in(self, values: Iterable[str]) -> UserCondition:
        """Users whose attribute is one of `values`: one condition for ids and e-mail addresses,
        which the API takes comma-joined, else conditions joined by OR.
        """
        if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
            raise QueryError(
                f"is_in takes a list of values; write users.{self.name}.is_in([{values!r}])"
            )
        texts = list(dict.fromkeys(map(self._single, values)))
        if not texts:
            raise QueryError(
                f"users.{self.name}.is_in([]) names nobody; give it at least one value"
            )
        if self.name in _JOINED:
            texts = [SEPARATOR.join(texts)]
        equal = UserOperator.EQUAL.token
        group = tuple(model.UserCondition(self.name, equal, text, None) for text in texts)
        return UserCondition((group,), Joiner.AND)

    def contains(self, part: str) -> UserCondition:
        """Users whose attribute holds `part`."""
        return one_condition(self.name, UserOperator.CONTAINS.token, self._text(part))

    def matches(self, operator: str, value: str) -> UserCondition:
        """A condition word by word, with an operator that nobody has seen, or a value as it is."""
        if not isinstance(operator, str) or not operator:
            raise QueryError(f"an operator is text such as 'eq', not {operator!r}")
        return one_condition(self.name, operator, self._text(value))

    def _text(self, value: object) -> str:
        if not isinstance(value, str) or not value:
            raise QueryError(f"users.{self.name} compares with text, not {value!r}")
        return str(value)

    def _single(self, value: object) -> str:
        text = self._text(value)
        if SEPARATOR in text:
            raise QueryError(
                f"{text!r} holds a comma, which the API reads as 'one of'; "
                f"write users.{self.name}.is_in([...]) for several values"
            )
        return text

    def __bool__(self) -> NoReturn:
        slips.truth("field")

    if not TYPE_CHECKING:

        def __iter__(self):
            slips.iteration("field")

    def __repr__(self) -> str:
        return (
            f"users.{self.name}"
            if self.name in STANDARD
            else f"users.Attribute({quoted(self.name)})"
        )


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
    name: word for name, word in list(globals().items()) if isinstance(word, Attribute)
}
"""Every attribute above, by its name."""

_JOINED = {UserID.name, EmailAddress.name}


def to_model(condition: UserCondition) -> model.UserFilter:
    """The user filter that travels."""
    inner, last = condition.joiner.other, len(condition.groups) - 1
    groups = tuple(
        model.UserGroup(_chained(group, inner), None, condition.joiner if index < last else None)
        for index, group in enumerate(condition.groups)
    )
    return model.UserFilter(groups, None)


def _chained(group: Group, joiner: Joiner) -> Group:
    if len(group) == 1:
        return group
    named = tuple(
        model.UserCondition(one.name, one.operator, one.value, joiner) for one in group[:-1]
    )
    return (*named, group[-1])


def from_model(users: model.UserFilter) -> UserCondition:
    """The condition of a user filter; a group's conditions and its nested groups must both hold."""
    return _level(users.groups)


def _level(groups: tuple[model.UserGroup, ...]) -> UserCondition:
    return _joined([_group(group) for group in groups], groups[0].joiner)


def _group(group: model.UserGroup) -> UserCondition:
    parts = []
    if group.conditions:
        bare = [one_condition(one.name, one.operator, one.value) for one in group.conditions]
        parts.append(_joined(bare, group.conditions[0].joiner))
    if group.groups:
        parts.append(_level(group.groups))
    return _joined(parts, Joiner.AND)


def _joined(parts: list[UserCondition], joiner: Joiner | None) -> UserCondition:
    first, *rest = parts
    for part in rest:
        first = combined(joiner or Joiner.AND, first, part)
    return first


if not TYPE_CHECKING:

    def __getattr__(name):
        if name.startswith("__"):
            raise AttributeError(name)
        custom = f"another attribute is written users.Attribute({name!r})"
        unknown_name("leadquery.users", name, STANDARD, custom)
