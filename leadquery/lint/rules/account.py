"""What in a payload is strange to an account: unknown names first, then what its fields lack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import attrs

from leadquery._util.suggest import closest_match
from leadquery._util.text import describe_json
from leadquery.expr.field import BaseField
from leadquery.expr.field_types import Choice, DerivedColumn, Field, Identifier, Number
from leadquery.fields import STANDARD
from leadquery.lint.catalog import FieldCatalog
from leadquery.lint.diagnostics import (
    Cursor,
    EditKind,
    ParsedObject,
    Path,
    RawDiagnostic,
    ReadContext,
)
from leadquery.lint.name_index import (
    FuzzyBudget,
    Match,
    MatchKind,
    UnknownName,
    fold,
    report_columns,
)
from leadquery.lint.rules.base import Certainty, Rule, Severity
from leadquery.lint.rules.examples import lead_filters
from leadquery.lint.rules.types import check_value, operators_of, report_function, report_operator
from leadquery.wire.enums import AggregateFunction, Operator
from leadquery.wire.model import (
    AggregateOutput,
    ComparisonFilter,
    LeadFilter,
    ListOutput,
    MembershipFilter,
    PresenceFilter,
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

ACCOUNT_DISPLAY_NAME: Final = Rule(
    code="LQ602",
    name="account-display-name",
    severity=Severity.ERROR,
    title="the display name of one of the account's fields",
    rationale="The API knows fields by their schema names only.",
    spec_section="Lead Filters",
    certainty=Certainty.SEEN,
    bad=lead_filters('{"LookUpName": "Lead Stage", "LookUpValue": "Customer", "SqlOperator": "="}'),
    good=lead_filters(
        '{"LookUpName": "ProspectStage", "LookUpValue": "Customer", "SqlOperator": "="}'
    ),
)

UNKNOWN_OPTION: Final = Rule(
    code="LQ606",
    name="unknown-option",
    severity=Severity.WARNING,
    title="a value that is not an option of the dropdown",
    rationale=(
        "A value that differs by a space or a comma finds nothing; stored values may not be "
        "options."
    ),
    spec_section="Lead Filters",
    certainty=Certainty.SEEN,
    bad=lead_filters(
        '{"LookUpName": "ProspectStage", "LookUpValue": "Customer ", "SqlOperator": "="}'
    ),
    good=lead_filters(
        '{"LookUpName": "ProspectStage", "LookUpValue": "Customer", "SqlOperator": "="}'
    ),
)


_CUTOFF: Final = 0.7
"""What an account does not have is most likely a slip, so that any nearness counts."""

_NAMED: Final = 5
"""How many options a hint names."""


def check_account(nodes: Sequence[ParsedObject], account: FieldCatalog) -> list[RawDiagnostic]:
    """What is strange to an account in the objects of a payload.

    One mistake is one finding: nothing else is said of a field that is not known, nor of the
    value beside an operator that its field lacks.
    """
    look = _AccountChecker(account)
    for node in nodes:
        match node.value:
            case ComparisonFilter() | MembershipFilter() | PresenceFilter():
                look.at_filter(node.value, node)
            case ListOutput():
                look.at_columns(node.value, node)
            case AggregateOutput():
                look.at_aggregate(node.value, node)
    return look.walk.findings


@attrs.define(eq=False)
class _AccountChecker:
    """One look at a payload: what is found, and what was guessed on the way."""

    account: FieldCatalog
    walk: ReadContext = attrs.field(
        factory=lambda: ReadContext(lambda form, raw, spot: form.read(raw, spot))
    )
    options: dict[str, dict[str, str]] = attrs.field(factory=dict)
    guesses: FuzzyBudget = attrs.field(factory=FuzzyBudget)

    def at_filter(self, one: LeadFilter, node: ParsedObject) -> None:
        """Look at a filter: its name, then its operator, then its values."""
        word = self.read(one.name, compared=True)
        if isinstance(word, UnknownName):
            word.report(self.spot(node.at("name")))
        elif one.operator not in operators_of(word):
            report_operator(word, one.operator, self.spot(node.at("operator")))
        else:
            for value, path in _values(one, node):
                check_value(word, value, one.operator, self.spot(path))
                if isinstance(word, Choice) and word.options:
                    self.option(word, value, one.operator, self.spot(path))

    def at_columns(self, listing: ListOutput, node: ParsedObject) -> None:
        """Look at the columns of a list."""
        words = {name: self.name(name) for name in listing.columns}
        strange = {name: one for name, one in words.items() if isinstance(one, UnknownName)}
        report_columns(listing.columns, strange, self.spot(node.at("columns")))

    def at_aggregate(self, aggregate: AggregateOutput, node: ParsedObject) -> None:
        """Look at the fields of an aggregate, and at what is computed."""
        for attribute, name in (("group", aggregate.group), ("field", aggregate.field)):
            word = self.read(name, compared=False)
            spot = self.spot(node.at(attribute))
            if isinstance(word, UnknownName):
                word.report(spot)
            elif attribute == "field" and not _computes(aggregate.function, word):
                report_function(word, aggregate.function, spot)

    def spot(self, path: Path) -> Cursor:
        """A place of the payload."""
        return Cursor(path, self.walk)

    def read(self, name: str, *, compared: bool) -> BaseField[Any] | UnknownName:
        """The field that a filter or an aggregate reads, or what is said of its name."""
        word = meant = self.name(name)
        message = f"{describe_json(name)} is a column of lists, which nothing else is known to read"
        if isinstance(word, UnknownName) and word.to is not None:
            message, meant = word.message, self.account.words[word.to]
        return (
            _only_shown(meant, message, compared=compared)
            if isinstance(meant, DerivedColumn)
            else word
        )

    def name(self, name: str) -> BaseField[Any] | UnknownName:
        """The field of a name, or what is said of a name without one."""
        word = self.account.word(name)
        if word is not None:
            return word
        meant = self.account.names.surely(name)
        if meant is not None and meant.how is MatchKind.DISPLAYED:
            return _display_name(name, meant)
        message = f"{describe_json(name)} is no field of the account"
        if meant is not None and meant.how is MatchKind.OTHER_LETTERS:
            message = f"{describe_json(name)} is {meant.names[0]!r} in other letters"
        elif name in STANDARD:
            hint = "it is a standard one; list it with the others if the account has it"
            return UnknownName(UNKNOWN_FIELD, message, hint)
        meant = meant or self.guesses.make(lambda: self.account.names.nearly(name, _CUTOFF))
        if meant is None:
            return UnknownName(UNKNOWN_FIELD, message, "write the schema name of one")
        return UnknownName(UNKNOWN_FIELD, message, f"write {meant.said}", meant.only)

    def option(self, word: Choice, value: str, operator: Operator, spot: Cursor) -> None:
        """Look for a value among the options of a dropdown."""
        if operator in (Operator.CONTAINS, Operator.DOES_NOT_CONTAIN):
            return
        if word.name not in self.options:
            self.options[word.name] = {one: one for one in word.options}
        options = self.options[word.name]
        if value in options:
            return
        near = self.guesses.make(lambda: _near_option(value, options))
        fix = None if near is None else spot.fix(EditKind.WRITE, near, safe=False)
        hint = _said_options(word) if near is None else f"write {near!r}"
        message = f"{describe_json(value)} is none of the options of {describe_json(word.name)}"
        spot.report(UNKNOWN_OPTION, message, hint, fix)


def _values(one: LeadFilter, node: ParsedObject) -> Iterator[tuple[str, Path]]:
    """The values of a filter, each with its place."""
    match one:
        case ComparisonFilter(_, value):
            yield value, node.at("value")
        case MembershipFilter(_, _, values):
            for index, value in enumerate(values):
                yield value, (*node.at("values"), index)


def _computes(function: AggregateFunction, word: BaseField[Any]) -> bool:
    """Whether a field has what is computed."""
    return function is AggregateFunction.COUNT or isinstance(word, (Number, Field))


def _display_name(name: str, meant: Match) -> UnknownName:
    message = f"{describe_json(name)} is the display name of {meant.said}"
    return UnknownName(ACCOUNT_DISPLAY_NAME, message, f"write {meant.said}", meant.only)


def _only_shown(column: DerivedColumn, message: str, *, compared: bool) -> UnknownName:
    """What is said of a derived column outside of a list: where it comes from."""
    of = [
        name
        for name, one in STANDARD.items()
        if isinstance(one, Identifier) and column.name.startswith(name)
    ]
    if not of:
        return UnknownName(UNKNOWN_FIELD, message, "name another field")
    if compared:
        return UnknownName(UNKNOWN_FIELD, message, f"compare {of[0]!r} with an id")
    return UnknownName(UNKNOWN_FIELD, message, f"write {of[0]!r}", of[0])


def _near_option(said: str, options: Mapping[str, str]) -> str | None:
    """The option that differs in letter case, blanks and signs alone, else the nearest."""
    plain = fold(said)
    alike = [one for one in options if plain and fold(one) == plain]
    return alike[0] if alike else closest_match(said, options)


def _said_options(word: Choice) -> str:
    named = ", ".join(map(describe_json, word.options[:_NAMED]))
    more = len(word.options) - _NAMED
    return f"the options are {named} and {more} more" if more > 0 else f"the options are {named}"
