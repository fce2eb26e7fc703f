"""What in a payload is strange to an account: unknown names first, then what its fields lack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import attrs

from leadquery.fields import STANDARD, Choice, Column, Field, Identifier, Number
from leadquery.payload.account import Account
from leadquery.payload.kinds import check_value, operators_of, report_function, report_operator
from leadquery.payload.names import Guesses, How, Meant, Stranger, folded, report_columns
from leadquery.slips import nearest
from leadquery.spec.findings import Change, Finding, Node, Path, Spot, Walk, shown
from leadquery.spec.model import Aggregate, Comparison, LeadFilter, Listing, Membership, Presence
from leadquery.spec.rules import Rule
from leadquery.spec.vocabulary import Function, Operator
from leadquery.words.word import Word

_CUTOFF: Final = 0.7
"""What an account does not have is most likely a slip, so that any nearness counts."""

_NAMED: Final = 5
"""How many options a hint names."""


def strangers(nodes: Sequence[Node], account: Account) -> list[Finding]:
    """What is strange to an account in the objects of a payload.

    One mistake is one finding: nothing else is said of a field that is not known, nor of the
    value beside an operator that its field lacks.
    """
    look = _Look(account)
    for node in nodes:
        match node.value:
            case Comparison() | Membership() | Presence():
                look.at_filter(node.value, node)
            case Listing():
                look.at_columns(node.value, node)
            case Aggregate():
                look.at_aggregate(node.value, node)
    return look.walk.findings


@attrs.define(eq=False)
class _Look:
    """One look at a payload: what is found, and what was guessed on the way."""

    account: Account
    walk: Walk = attrs.field(factory=lambda: Walk(lambda form, raw, spot: form.read(raw, spot)))
    options: dict[str, dict[str, str]] = attrs.field(factory=dict)
    guesses: Guesses = attrs.field(factory=Guesses)

    def at_filter(self, one: LeadFilter, node: Node) -> None:
        """Look at a filter: its name, then its operator, then its values."""
        word = self.read(one.name, compared=True)
        if isinstance(word, Stranger):
            word.report(self.spot(node.at("name")))
        elif one.operator not in operators_of(word):
            report_operator(word, one.operator, self.spot(node.at("operator")))
        else:
            for value, path in _values(one, node):
                check_value(word, value, one.operator, self.spot(path))
                if isinstance(word, Choice) and word.options:
                    self.option(word, value, one.operator, self.spot(path))

    def at_columns(self, listing: Listing, node: Node) -> None:
        """Look at the columns of a list."""
        words = {name: self.name(name) for name in listing.columns}
        strange = {name: one for name, one in words.items() if isinstance(one, Stranger)}
        report_columns(listing.columns, strange, self.spot(node.at("columns")))

    def at_aggregate(self, aggregate: Aggregate, node: Node) -> None:
        """Look at the fields of an aggregate, and at what is computed."""
        for attribute, name in (("group", aggregate.group), ("field", aggregate.field)):
            word = self.read(name, compared=False)
            spot = self.spot(node.at(attribute))
            if isinstance(word, Stranger):
                word.report(spot)
            elif attribute == "field" and not _computes(aggregate.function, word):
                report_function(word, aggregate.function, spot)

    def spot(self, path: Path) -> Spot:
        """A place of the payload."""
        return Spot(path, self.walk)

    def read(self, name: str, *, compared: bool) -> Word[Any] | Stranger:
        """The field that a filter or an aggregate reads, or what is said of its name."""
        word = meant = self.name(name)
        message = f"{shown(name)} is a column of lists, which nothing else is known to read"
        if isinstance(word, Stranger) and word.to is not None:
            message, meant = word.message, self.account.words[word.to]
        return _only_shown(meant, message, compared=compared) if isinstance(meant, Column) else word

    def name(self, name: str) -> Word[Any] | Stranger:
        """The field of a name, or what is said of a name without one."""
        word = self.account.word(name)
        if word is not None:
            return word
        meant = self.account.names.surely(name)
        if meant is not None and meant.how is How.DISPLAYED:
            return _display_name(name, meant)
        message = f"{shown(name)} is no field of the account"
        if meant is not None and meant.how is How.OTHER_LETTERS:
            message = f"{shown(name)} is {meant.names[0]!r} in other letters"
        elif name in STANDARD:
            hint = "it is a standard one; list it with the others if the account has it"
            return Stranger(Rule.UNKNOWN_FIELD, message, hint)
        meant = meant or self.guesses.make(lambda: self.account.names.nearly(name, _CUTOFF))
        if meant is None:
            return Stranger(Rule.UNKNOWN_FIELD, message, "write the schema name of one")
        return Stranger(Rule.UNKNOWN_FIELD, message, f"write {meant.said}", meant.only)

    def option(self, word: Choice, value: str, operator: Operator, spot: Spot) -> None:
        """Look for a value among the options of a dropdown."""
        if operator in (Operator.CONTAINS, Operator.DOES_NOT_CONTAIN):
            return
        if word.name not in self.options:
            self.options[word.name] = {one: one for one in word.options}
        options = self.options[word.name]
        if value in options:
            return
        near = self.guesses.make(lambda: _near_option(value, options))
        fix = None if near is None else spot.fix(Change.WRITE, near, safe=False)
        hint = _said_options(word) if near is None else f"write {near!r}"
        message = f"{shown(value)} is none of the options of {shown(word.name)}"
        spot.report(Rule.OPTION, message, hint, fix)


def _values(one: LeadFilter, node: Node) -> Iterator[tuple[str, Path]]:
    """The values of a filter, each with its place."""
    match one:
        case Comparison(_, value):
            yield value, node.at("value")
        case Membership(_, _, values):
            for index, value in enumerate(values):
                yield value, (*node.at("values"), index)


def _computes(function: Function, word: Word[Any]) -> bool:
    """Whether a field has what is computed."""
    return function is Function.COUNT or isinstance(word, (Number, Field))


def _display_name(name: str, meant: Meant) -> Stranger:
    message = f"{shown(name)} is the display name of {meant.said}"
    return Stranger(Rule.DISPLAY_NAME, message, f"write {meant.said}", meant.only)


def _only_shown(column: Column, message: str, *, compared: bool) -> Stranger:
    """What is said of a derived column outside of a list: where it comes from."""
    of = [
        name
        for name, one in STANDARD.items()
        if isinstance(one, Identifier) and column.name.startswith(name)
    ]
    if not of:
        return Stranger(Rule.UNKNOWN_FIELD, message, "name another field")
    if compared:
        return Stranger(Rule.UNKNOWN_FIELD, message, f"compare {of[0]!r} with an id")
    return Stranger(Rule.UNKNOWN_FIELD, message, f"write {of[0]!r}", of[0])


def _near_option(said: str, options: Mapping[str, str]) -> str | None:
    """The option that differs in letter case, blanks and signs alone, else the nearest."""
    plain = folded(said)
    alike = [one for one in options if plain and folded(one) == plain]
    return alike[0] if alike else nearest(said, options)


def _said_options(word: Choice) -> str:
    named = ", ".join(map(shown, word.options[:_NAMED]))
    more = len(word.options) - _NAMED
    return f"the options are {named} and {more} more" if more > 0 else f"the options are {named}"
