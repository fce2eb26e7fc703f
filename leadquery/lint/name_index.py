"""An index of known names, which finds what an unknown name was probably meant to be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum, auto
from functools import cache, cached_property
from typing import Final, NamedTuple, TypeVar
from unicodedata import category

import attrs

from leadquery._util.text import SpellingIndex, plain_letters
from leadquery.fields import STANDARD, alias_index
from leadquery.lint.diagnostics import Fix, Path, RawDiagnostic
from leadquery.lint.rules import Rule
from leadquery.wire.enums import SEPARATOR

T = TypeVar("T")

CUSTOM_PREFIX: Final = "mx"

MEMBER: Final = "~"
"""Separates a set of fields from one of its members."""

_OPTIONAL_PREFIXES: Final = ("lead", CUSTOM_PREFIX)
"""What people leave out of a name, or add to it."""

_MAX_LENGTH: Final = 200

_MAX_NAMED: Final = 5
"""How many names a hint lists."""


class MatchKind(Enum):
    """How a text matches a name, the most certain first."""

    LETTER_CASE = auto()
    DISPLAY_NAME = auto()
    PUNCTUATION = auto()
    ALIAS = auto()
    SIMILAR = auto()


class Match(NamedTuple):
    """The names that a text may stand for, usually one, and how they match."""

    names: tuple[str, ...]
    kind: MatchKind

    @property
    def single(self) -> str | None:
        """The name, if there is only one."""
        return self.names[0] if len(self.names) == 1 else None

    def __str__(self) -> str:
        return name_list(self.names)


def name_list(names: Sequence[str]) -> str:
    """Some names in a hint."""
    return " or ".join(map(repr, names[:_MAX_NAMED]))


@attrs.frozen(eq=False, repr=False, slots=False)
class NameIndex:
    """Known names, each with its display name."""

    labels: Mapping[str, str]

    def exact(self, name: str) -> Match | None:
        """The names that match but for letter case and punctuation, also by label or alias."""
        if known := self._by_case.get(name.casefold()):
            return Match((known,), MatchKind.LETTER_CASE)
        if known := self._by_case.get(plain_letters(name).casefold()):
            return Match((known,), MatchKind.SIMILAR)
        folded = fold(name)
        if displayed := self.display_names.get(folded):
            return Match(displayed, MatchKind.DISPLAY_NAME)
        known = self._by_letters.get(folded) or self._by_letters.get(_strip_prefix(folded))
        if folded and known:
            return Match((known,), MatchKind.PUNCTUATION)
        names = self._by_alias.get(folded) or self._by_alias.get(_strip_prefix(folded))
        return Match(names, MatchKind.ALIAS) if names else None

    def split(self, text: str) -> list[str]:
        """The names in a text that has several, or spaces around one; none in any other text."""
        if _find_separator(text) is None:
            return []
        parts = [part for part in re.split(r"[\s,;|]+", text[:_MAX_LENGTH]) if part]
        names = list(dict.fromkeys(self._by_case.get(part.casefold(), part) for part in parts))
        return names if all(name in self.labels or is_custom(name) for name in names) else []

    def misspelled(self, name: str) -> Match | None:
        """The names that a text probably misspells, or whose labels it does."""
        names = self._by_any_text.misspelled(plain_letters(name))
        return Match(tuple(names), MatchKind.SIMILAR) if names else None

    @cached_property
    def display_names(self) -> dict[str, tuple[str, ...]]:
        """The names by their folded labels."""
        found: dict[str, list[str]] = {}
        for name, text in self.labels.items():
            label = fold(text)
            if label and text.casefold() != name.casefold():
                found.setdefault(label, []).append(name)
        # An account may rename a field, while people remember its standard label.
        for name in self.labels:
            if name in STANDARD and STANDARD[name].label != name:
                found.setdefault(fold(STANDARD[name].label), [name])
        return {label: tuple(names) for label, names in found.items()}

    @cached_property
    def _by_alias(self) -> dict[str, tuple[str, ...]]:
        return alias_index(self.labels, fold)

    @cached_property
    def _by_case(self) -> dict[str, str]:
        return {name.casefold(): name for name in self.labels}

    @cached_property
    def _by_letters(self) -> dict[str, str]:
        """The names by their letters; a whole name or label wins over one without its prefix."""
        folded = [(fold(name), name) for name in self.labels]
        labels = [(label, names[0]) for label, names in self.display_names.items()]
        # "Lead Owner" of an account may be another field than its "Owner".
        standard = [(label, name) for label, name in labels if name in STANDARD]
        shortened = [(_strip_prefix(text), name) for text, name in (*folded, *standard)]
        return dict([*reversed(shortened), *reversed([*folded, *labels])])

    @cached_property
    def _by_any_text(self) -> SpellingIndex[str]:
        """The names by their labels and by themselves, in which words can be told apart."""
        labels = {text: name for name, text in self.labels.items() if text}
        return SpellingIndex(labels | {name: name for name in self.labels})


def fold(text: str) -> str:
    """The letters and digits of a text, without case; of a very long one, those at its start."""
    text = plain_letters(text[:_MAX_LENGTH]).translate(_ASCII_SIGNS)
    if not text.isascii():
        text = "".join(filter(_is_part_of_word, text))
    return text.casefold()


_ASCII_SIGNS: Final = {code: None for code in range(128) if not chr(code).isalnum()}


def _is_part_of_word(character: str) -> bool:
    """Whether a character is a letter, a digit, or a mark such as the vowel signs of Hindi."""
    return character.isalnum() or category(character)[0] == "M"


def _strip_prefix(folded: str) -> str:
    for prefix in _OPTIONAL_PREFIXES:
        folded = folded.removeprefix(prefix)
    return folded


@cache
def standard_fields() -> NameIndex:
    """The lead fields of every account."""
    return NameIndex({name: field.label for name, field in STANDARD.items()})


@cache
def user_attributes() -> NameIndex:
    """The known attributes of users."""
    from leadquery.users import STANDARD as ATTRIBUTES, UserID

    # The vendor's list of users has the id under another name.
    return NameIndex({name: name for name in ATTRIBUTES} | {UserID.name: "ID"})


def is_custom(name: str) -> bool:
    """Whether a name looks like a custom field of an account.

    >>> is_custom("mx1_Amount"), is_custom("mx_A~mx_B"), is_custom("Scor"), is_custom("mx_A,mx_B")
    (True, True, False, False)
    """
    is_one = name.isidentifier() or _find_separator(name) is None
    return is_one and (MEMBER in name or (name.startswith(CUSTOM_PREFIX) and "_" in name))


_find_separator: Final = re.compile(r"[\s,;|]").search
"""Finds what no schema name has, and what people write between several."""


class FuzzyBudget:
    """Limits fuzzy searches, which are slow, to the first of a payload."""

    def __init__(self, left: int = 50) -> None:
        self.left = left

    def spend(self, search: Callable[[], T | None]) -> T | None:
        """The result of a search, or None when the budget is spent."""
        self.left -= 1
        return search() if self.left >= 0 else None


class UnknownName(NamedTuple):
    """What is wrong with an unknown name, and the name to write instead."""

    rule: Rule
    message: str
    hint: str
    replacement: str | None = None

    def at(self, path: Path) -> RawDiagnostic:
        """The diagnostic of the name as the value at a path."""
        return self._at(path, self.replacement)

    def _at(self, path: Path, corrected: str | None) -> RawDiagnostic:
        fix = None if self.replacement is None else Fix.write(path, corrected, safe=False)
        return RawDiagnostic(self.rule, path, self.message, self.hint, fix)


def unknown_columns(
    columns: Iterable[str], unknown: Mapping[str, UnknownName], path: Path
) -> Iterator[RawDiagnostic]:
    """The diagnostics of unknown names in a column list, whose fixes correct all of them."""
    corrected = [unknown[name].replacement or name if name in unknown else name for name in columns]
    names = SEPARATOR.join(corrected).split(SEPARATOR)
    text = SEPARATOR.join(dict.fromkeys(names))
    for name in unknown.values():
        yield name._at(path, text)
