"""LQ506 to LQ508, LQ511, LQ601, LQ602: names of lead fields and of user attributes.

With the fields of the account, every other name is an error. Without them, a name that is close to
a standard one is a warning; any other may be a field of the account.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import attrs

from leadquery._util.text import (
    describe_json,
    mixes_scripts,
    plain_letters,
    quote,
    warn_user,
    with_lookalike,
)
from leadquery.expr.field import BaseField
from leadquery.expr.field_types import DerivedColumn, Identifier
from leadquery.fields import STANDARD, OwnerId
from leadquery.lint.diagnostics import ParsedObject, Path, RawDiagnostic
from leadquery.lint.name_index import (
    FuzzyBudget,
    Match,
    MatchKind,
    NameIndex,
    UnknownName,
    is_custom,
    name_list,
    standard_fields,
    unknown_columns,
    user_attributes,
)
from leadquery.lint.rules import Certainty, Rule, Severity, When, checks_payload
from leadquery.lint.rules.examples import lead_filters, user_conditions
from leadquery.lint.rules.types import check_function
from leadquery.wire.enums import SEPARATOR
from leadquery.wire.model import (
    AggregateOutput,
    ComparisonFilter,
    ListOutput,
    MembershipFilter,
    PresenceFilter,
    ReportFilter,
    UserCondition,
)
from leadquery.wire.schema import key_name

if TYPE_CHECKING:
    from leadquery.lint.catalog import FieldCatalog


MISSPELLED_FIELD: Final = Rule(
    code="LQ506",
    name="misspelled-field",
    severity=Severity.WARNING,
    title="an unknown field with a name close to a known one",
    rationale="A filter on a field that the account does not have may be ignored.",
    spec_section="Lead Filters",
    certainty=Certainty.SEEN,
    bad=lead_filters('{"LookUpName": "EngagmentScore", "LookUpValue": "20", "SqlOperator": ">"}'),
    good=lead_filters('{"LookUpName": "EngagementScore", "LookUpValue": "20", "SqlOperator": ">"}'),
)

UNKNOWN_FIELD: Final = Rule(
    code="LQ601",
    name="unknown-field",
    severity=Severity.ERROR,
    title="a field that the account does not have",
    rationale="A filter on an unknown field may be ignored, and the report then covers every lead.",
    spec_section="Lead Filters",
    certainty=Certainty.SEEN,
    bad=lead_filters('{"LookUpName": "mx_Budget", "LookUpValue": "20", "SqlOperator": ">"}'),
    good=lead_filters('{"LookUpName": "Score", "LookUpValue": "20", "SqlOperator": ">"}'),
)

DISPLAY_NAME: Final = Rule(
    code="LQ507",
    name="display-name",
    severity=Severity.WARNING,
    title="a display name instead of the schema name",
    rationale="The API knows fields by their schema names only.",
    spec_section="Lead Filters",
    certainty=Certainty.SEEN,
    bad=lead_filters('{"LookUpName": "Lead Stage", "LookUpValue": "Customer", "SqlOperator": "="}'),
    good=lead_filters(
        '{"LookUpName": "ProspectStage", "LookUpValue": "Customer", "SqlOperator": "="}'
    ),
)

ACCOUNT_DISPLAY_NAME: Final = attrs.evolve(
    DISPLAY_NAME,
    code="LQ602",
    name="account-display-name",
    severity=Severity.ERROR,
    title="the display name of one of the account's fields",
)

DERIVED_COLUMN: Final = Rule(
    code="LQ511",
    name="derived-column",
    severity=Severity.WARNING,
    title="a filter or a group on a column that the API adds to lists",
    rationale=(
        "Names and addresses of users are looked up for each row of a list; they are not lead "
        "fields."
    ),
    spec_section="Lead Filters",
    certainty=Certainty.INFERRED,
    bad=lead_filters(
        '{"LookUpName": "OwnerIdEmailAddress", "LookUpValue": "ann@example.com",\n'
        '   "SqlOperator": "="}'
    ),
    good=user_conditions(
        '{"LookupName": "EmailAddress", "Operator": "eq", "LookupValue": "ann@example.com"}'
    ),
)

MISSPELLED_USER_ATTRIBUTE: Final = Rule(
    code="LQ508",
    name="misspelled-user-attribute",
    severity=Severity.WARNING,
    title="an unknown user attribute with a name close to a known one",
    rationale=(
        "The vendor's full list is not public; an attribute that users do not have matches nobody."
    ),
    spec_section="User Filter",
    certainty=Certainty.INFERRED,
    bad=user_conditions('{"LookupName": "EmailAdress", "Operator": "lik", "LookupValue": "@acme"}'),
    good=user_conditions(
        '{"LookupName": "EmailAddress", "Operator": "lik", "LookupValue": "@acme"}'
    ),
)


def is_unknown(name: str, index: NameIndex) -> bool:
    """Whether a name is neither known nor looks like a custom field."""
    return name not in index.labels and not _is_own(name)


def _is_own(name: str) -> bool:
    """Whether a name looks like a custom field, without letters that only look right."""
    return is_custom(name) and not mixes_scripts(name)


def _is_suspicious_field(name: str) -> bool:
    """Whether a field that is filtered or computed with is not one of the standard ones."""
    return name not in _COMPARABLE and not _is_own(name)


_COMPARABLE: Final = frozenset(
    name for name, field in STANDARD.items() if not isinstance(field, DerivedColumn)
)


_CONDITIONS: Final[dict[type, When]] = {
    ComparisonFilter: _is_suspicious_field,
    MembershipFilter: _is_suspicious_field,
    PresenceFilter: _is_suspicious_field,
    AggregateOutput: lambda group, field: (
        _is_suspicious_field(group) or _is_suspicious_field(field)
    ),
    ListOutput: lambda columns: any(is_unknown(name, standard_fields()) for name in columns),
    UserCondition: lambda name: is_unknown(name, user_attributes()),
}


@checks_payload(_CONDITIONS)
def check_names(
    objects: Sequence[ParsedObject], catalog: FieldCatalog | None
) -> Iterator[RawDiagnostic]:
    """Names that are not known: those of fields by the catalog of the account, if there is one."""
    fields = FieldNames(catalog)
    attributes = NameMatcher(user_attributes())
    for one in objects:
        if catalog is None and not one.certain:
            continue
        match one.value:
            case ComparisonFilter() | MembershipFilter() | PresenceFilter():
                yield from _at(one.at("name"), fields.check_field(one.value.name, compared=True))
            case AggregateOutput():
                yield from _at(one.at("group"), fields.check_field(one.value.group))
                unknown = fields.check_field(one.value.field)
                yield from _at(one.at("field"), _if_computable(unknown, one, catalog))
            case ListOutput(_, columns):
                checked = ((name, fields.check_column(name)) for name in columns)
                misnamed = {name: found for name, found in checked if found}
                yield from unknown_columns(columns, misnamed, one.at("columns"))
            case UserCondition() if one.certain:
                yield from _at(one.at("name"), _check_attribute(one.value.name, attributes))


def _if_computable(
    unknown: UnknownName | None, one: ParsedObject, catalog: FieldCatalog | None
) -> UnknownName | None:
    """What is wrong with a name, without a fix if the function cannot be used on that field."""
    if unknown is None or unknown.replacement is None:
        return unknown
    known = STANDARD if catalog is None else catalog.fields
    field = known.get(unknown.replacement)
    if field is None:
        return unknown
    refused = next(check_function(field, one.value.function, ()), None)
    if refused is None:
        return unknown
    return unknown._replace(hint=f"{unknown.hint}, but {refused.message}", replacement=None)


def _at(path: Path, unknown: UnknownName | None) -> Iterator[RawDiagnostic]:
    if unknown is not None:
        yield unknown.at(path)


class NameMatcher:
    """Finds what names stand for, with one fuzzy budget and a cache of what was found."""

    def __init__(self, index: NameIndex, budget: FuzzyBudget | None = None) -> None:
        self.index = index
        self.budget = budget or FuzzyBudget()
        self.cache: dict[str, Match | None] = {}

    def match(self, name: str) -> Match | None:
        """The known names that a name stands for; None if it is similar to none."""
        if name not in self.cache:
            self.cache[name] = self.index.exact(name) or self.budget.spend(
                lambda: self.index.misspelled(name)
            )
        return self.cache[name]


class FieldNames:
    """Checks names of lead fields, by the catalog of the account or by the standard fields."""

    def __init__(self, catalog: FieldCatalog | None) -> None:
        self._catalog = catalog
        self._matcher = NameMatcher(standard_fields() if catalog is None else catalog.names)
        self._fields: Mapping[str, BaseField[Any]] = STANDARD if catalog is None else catalog.fields

    def check_column(self, name: str) -> UnknownName | None:
        """What is wrong with the name of a column; None if nothing is."""
        return self._check(name, f"column {describe_json(name)}", "column")

    def check_field(self, name: str, *, compared: bool = False) -> UnknownName | None:
        """What is wrong with the name of a field that is computed with or `compared`."""
        unknown = self._check(name, describe_json(name), "field")
        column = self._fields.get(name if unknown is None else unknown.replacement or "")
        if not isinstance(column, DerivedColumn):
            return unknown
        message = f"{describe_json(name)} can only be a column of a list"
        rule = DERIVED_COLUMN if self._catalog is None else UNKNOWN_FIELD
        if unknown is not None:
            rule, message = unknown.rule, unknown.message
        source = _source_of(column)
        if source is None or source not in self._fields:
            return UnknownName(rule, message, "use another field")
        if compared:
            return UnknownName(rule, message, _comparison_hint(source))
        return UnknownName(rule, message, f"write {source!r}", source)

    def _check(self, name: str, text: str, noun: str) -> UnknownName | None:
        if self._catalog is None:
            return _check_standard(name, text, noun, self._matcher)
        known = self._catalog.get(name) is not None
        return None if known else self._check_in_account(name, noun)

    def _check_in_account(self, name: str, noun: str) -> UnknownName:
        match = self._matcher.index.exact(name)
        if match is not None and match.kind is MatchKind.DISPLAY_NAME:
            message = f"{describe_json(name)} is the display name of {match}"
            return UnknownName(ACCOUNT_DISPLAY_NAME, message, f"write {match}", match.single)
        message = f"the account has no field {describe_json(name)}"
        if name == _ALL:
            return UnknownName(UNKNOWN_FIELD, message, _NO_WILDCARD)
        if match is not None and match.kind is MatchKind.LETTER_CASE:
            message = _case_message(describe_json(name), match)
        elif name in STANDARD:
            hint = "it is a standard field; add it to the fields if the account has it"
            return UnknownName(UNKNOWN_FIELD, message, hint)
        match = match or self._matcher.match(name)
        message = with_lookalike(message, name)
        if match is None:
            hint = "write the schema name of one of its fields"
            several = _check_several(name, message, noun, self._matcher.index, UNKNOWN_FIELD)
            return several or UnknownName(UNKNOWN_FIELD, message, hint)
        return UnknownName(UNKNOWN_FIELD, message, f"write {match}", match.single)


def _check_standard(name: str, text: str, noun: str, matcher: NameMatcher) -> UnknownName | None:
    """What is wrong with a name that may be one of the account's own fields."""
    if not is_unknown(name, matcher.index):
        return None
    if name == _ALL:
        return UnknownName(DISPLAY_NAME, f"{text} is not a schema name", _NO_WILDCARD)
    match = matcher.match(name)
    if match is None and mixes_scripts(name):
        message, plain = f"unknown {noun} {describe_json(name)}", plain_letters(name)
        message = with_lookalike(message, name)
        return UnknownName(MISSPELLED_FIELD, message, f"write {plain!r}", plain)
    if match is None:
        message = f"{text} is not a schema name"
        return _check_several(name, message, noun, matcher.index, DISPLAY_NAME)
    if match.kind is MatchKind.LETTER_CASE:
        rule, message = MISSPELLED_FIELD, _case_message(text, match)
    elif match.kind is MatchKind.SIMILAR:
        rule = MISSPELLED_FIELD
        message = with_lookalike(f"unknown {noun} {describe_json(name)}", name)
    else:
        rule, message = DISPLAY_NAME, f"{text} is not a schema name"
    return UnknownName(rule, message, f"write {match}", match.single)


def _check_several(
    name: str, message: str, noun: str, index: NameIndex, rule: Rule
) -> UnknownName | None:
    """What is wrong with a text that has several names, or spaces around one."""
    names = index.split(name)
    if len(names) == 1:
        return UnknownName(rule, message, f"write {names[0]!r}", names[0])
    if not names:
        return None
    if noun == "column":
        return UnknownName(rule, message, "separate the names by commas", SEPARATOR.join(names))
    return UnknownName(rule, message, f"write one of them: {name_list(names)}")


def _check_attribute(name: str, matcher: NameMatcher) -> UnknownName | None:
    """What is wrong with the name of a user attribute."""
    match = matcher.match(name) if is_unknown(name, matcher.index) else None
    if match is None:
        return None
    message = with_lookalike(f"unknown user attribute {describe_json(name)}", name)
    if match.kind is MatchKind.LETTER_CASE:
        message = _case_message(describe_json(name), match)
    return UnknownName(MISSPELLED_USER_ATTRIBUTE, message, f"write {match}", match.single)


def _case_message(text: str, match: Match) -> str:
    return f"{text} differs from {match.names[0]!r} only in letter case"


_ALL: Final = "*"
"""Stands for all columns in other APIs."""

_NO_WILDCARD: Final = "write each name; there is no wildcard for all of them"


def _source_of(column: DerivedColumn) -> str | None:
    """The name of the field that a derived column comes from."""
    names = (
        name
        for name, field in STANDARD.items()
        if isinstance(field, Identifier) and column.name.startswith(name)
    )
    return next(names, None)


def _comparison_hint(source: str) -> str:
    """What to compare instead of a column that is derived from a field."""
    if source != OwnerId.name:
        return f"compare {source!r} with an id"
    return f"filter owners in {key_name(ReportFilter, 'users')!r}, or compare {source!r} with an id"


def suggest_field(name: str) -> UnknownName | None:
    """What a field was probably meant to be; None if it is known, or similar to none."""
    return _check_standard(name, describe_json(name), "field", NameMatcher(standard_fields()))


def suggest_attribute(name: str) -> UnknownName | None:
    """Like `suggest_field`, for a user attribute."""
    return _check_attribute(name, NameMatcher(user_attributes()))


def is_suspicious(name: str) -> bool:
    """Whether another field was probably meant."""
    return suggest_field(name) is not None


def warn_if_suspicious(name: str) -> str:
    """The name of a field, with a warning to the caller if another field was probably meant."""
    unknown = suggest_field(name)
    if unknown is not None:
        own = f"or Field({quote(name)}) for a field of your own"
        warn_user(f"{unknown.message}; {unknown.hint}, {own}")
    return name
