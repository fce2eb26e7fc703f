"""Text for messages: quoted, shortened, and safe to print; and the names that it may mean.

This module is loaded with the first query, so it imports little.
"""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Generic, TypeVar

_MAX_REPR: Final = 60
"""Characters after which the repr of a value is cut."""


def safe_repr(value: object) -> str:
    """The repr of a value on one line, shortened; its type if the repr fails."""
    try:
        text = escape_unprintable(repr(value))
    except Exception:  # noqa: BLE001 - the repr is the user's code.
        return f"<{type(value).__name__}>"
    return text if len(text) <= _MAX_REPR else f"{text[:_MAX_REPR]}..."


def escape_unprintable(text: str) -> str:
    """The text with unprintable characters, such as terminal codes, escaped as Python does."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )


exact_str: Final = str.__str__
"""A string of type `str` exactly; a subclass, such as an enum, may define another `__str__`."""


def quote(text: str) -> str:
    """The text as a Python literal, in double quotes unless single quotes need fewer escapes."""
    mark = '"' if text.count('"') <= text.count("'") else "'"
    return f"{mark}{''.join(_escape_character(character, mark) for character in text)}{mark}"


def python_literal(value: object) -> str:
    """A value as Python source, for messages."""
    return quote(value) if isinstance(value, str) else repr(value)


def _escape_character(character: str, mark: str) -> str:
    if character in (mark, "\\"):
        return f"\\{character}"
    return character if character.isprintable() else repr(character)[1:-1]


def describe_json(value: object) -> str:
    """A JSON value in a message: text and numbers shortened, anything else by its type."""
    if isinstance(value, str):
        return repr(value) if len(value) <= 60 else f"{value[:57]!r}…"
    if isinstance(value, (bool, list, dict)) or value is None:
        return json_type_name(value)
    if isinstance(value, int) and value.bit_length() > 190:
        return "a very large number"
    return str(value)[:60] if isinstance(value, (int, float)) else json_type_name(value)


def json_type_name(value: object) -> str:
    """The type of a JSON value in plain words: 'a list', 'an object', 'null'."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    for types, name in _JSON_TYPES:
        if isinstance(value, types):
            return name
    return f"a Python {type(value).__name__}"


_JSON_TYPES = ((str, "text"), (list, "a list"), (dict, "an object"), ((int, float), "a number"))

T = TypeVar("T")

_MAX_LENGTH = 60


def closest_match(name: str, candidates: Mapping[str, T], cutoff: float = 0.7) -> T | None:
    """The value of the candidate most similar to `name`, or None if none is similar enough.

    Names of one or two characters and very long ones match only exactly. `cutoff` is that of
    `difflib.get_close_matches`.
    """
    from difflib import get_close_matches

    if name in candidates:
        return candidates[name]
    if not 2 < len(name) <= _MAX_LENGTH:
        return None
    matches = get_close_matches(name, candidates, n=1, cutoff=cutoff)
    return candidates[matches[0]] if matches else None


def misspelled(name: str, candidates: Mapping[str, T], *, shortest: int = 5) -> list[T]:
    """The values of the candidates that `name` probably misspells: of those nearest to it.

    `shortest` is the length of a word from which on a letter may be missing.
    Unlike for `closest_match`, words that two names share do not make them similar: without the
    words that both begin or end with, what is left has to be mistyped.

    >>> names = {name: name for name in ("mx_PAN", "mx_Course_Id", "mx_Course_Fee")}
    >>> misspelled("mx_Cuorse_Fee", names), misspelled("mx_PIN", names)
    (['mx_Course_Fee'], [])
    """
    return SpellingIndex(candidates).misspelled(name, shortest=shortest)


class SpellingIndex(Generic[T]):
    """Candidates for `misspelled`, among which several names are looked for."""

    def __init__(self, candidates: Mapping[str, T]) -> None:
        # With another number it is another name.
        self._by_digits: dict[str, list[tuple[_Spelling, T]]] = {}
        for candidate, value in candidates.items():
            entry = _Spelling(candidate), value
            self._by_digits.setdefault(_digits(candidate), []).append(entry)

    def misspelled(self, name: str, *, shortest: int = 5) -> list[T]:
        """The values of the candidates that `name` probably misspells."""
        if len(name) > _MAX_LENGTH:
            return []
        written = _Spelling(name)
        found: dict[int, list[T]] = {}
        for known, value in self._by_digits.get(_digits(name), ()):
            if not written.may_misspell(known):
                continue
            mistakes = _typing_mistakes(*_differing_part(written.words, known.words), shortest)
            if mistakes:
                found.setdefault(mistakes, []).append(value)
        return list(dict.fromkeys(found[min(found)])) if found else []


class _Spelling:
    """The words of a name, and which letters they have."""

    def __init__(self, name: str) -> None:
        self.words = _words(name)
        text = "".join(self.words)
        self.length, self.letters, self.is_ascii = len(text), frozenset(text), text.isascii()

    def may_misspell(self, known: _Spelling) -> bool:
        """Whether the letters are similar enough, which takes less time than to compare the words.

        Two mistakes change the length by two at most, and replace two letters by two others.
        """
        if not (self.is_ascii and known.is_ascii):
            return True
        return abs(self.length - known.length) <= 2 and len(self.letters ^ known.letters) <= 4


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def corrected_name(name: str, candidates: Mapping[str, T]) -> T | None:
    """The value of the only candidate that has the letters of the name, or that it misspells.

    The candidates are names of this package, so short words may be misspelled, too.

    >>> corrected_name("groupby", {"group_by": 1}), corrected_name("median", {"mean": 1})
    (1, None)
    """
    letters = normalize_name(name)
    alike = [value for other, value in candidates.items() if normalize_name(other) == letters]
    found = [*dict.fromkeys(alike or misspelled(name, candidates, shortest=4))]
    return found[0] if len(found) == 1 else None


def nearest_option(value: str, options: Iterable[str]) -> str | None:
    """The only option that differs in letter case, spaces and commas, or that a value misspells.

    Signs such as those of "A+" and "< 5" make another option.

    >>> nearest_option("bsc hons", ("BSc (Hons)", "MBA")), nearest_option("A-", ("A", "A+"))
    ('BSc (Hons)', None)
    """
    options = list(options)
    folded = _fold_option(value)
    alike = [option for option in options if folded and _fold_option(option) == folded]
    found = alike or misspelled(value, {option: option for option in options})
    return found[0] if len(found) == 1 else None


# Compiled, and kept, by the re module on first use.
_SPACES: Final = r"[\s'\"()\[\]:;&_]"

# A hyphen after a letter joins two words; elsewhere it is a minus, a range, or "A-".
_SEPARATORS: Final = r"(?<=[^\W\d])[-.,/](?=.)|[.,]\Z"


def _fold_option(text: str) -> str:
    return re.sub(_SEPARATORS, "", re.sub(_SPACES, "", plain_letters(text).casefold()))


# Not \w, which has no vowel signs of Indian scripts.
_WORD_PATTERN: Final = r"[0-9]+|[^\s0-9!-/:-@\[-`{-~]+"

_CAMEL_CASE: Final = "(?<=[a-z])(?=[A-Z])"


def _words(text: str) -> list[str]:
    """The words and numbers of a name, without letter case."""
    return [word.casefold() for word in re.findall(_WORD_PATTERN, re.sub(_CAMEL_CASE, " ", text))]


def _differing_part(written: Sequence[str], known: Sequence[str]) -> tuple[str, str]:
    """What is left of two names without the words that both begin or end with."""
    start = _common_length(written, known)
    written, known = written[start:], known[start:]
    end = _common_length(written[::-1], known[::-1])
    written, known = written[: len(written) - end], known[: len(known) - end]
    if not written or not known or written == known:
        return "", ""
    # The words of the one may be written together.
    text = "".join(written)
    while len(known) > 1 and text.startswith(known[0]):
        text, known = text.removeprefix(known[0]), known[1:]
    while len(known) > 1 and text.endswith(known[-1]):
        text, known = text.removesuffix(known[-1]), known[:-1]
    return text, "".join(known)


def _common_length(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words two lists begin with alike."""
    length = 0
    for word, known in zip(one, other, strict=False):
        if word != known:
            break
        length += 1
    return length


def _typing_mistakes(written: str, known: str, shortest: int) -> int:
    """How many letters of a word are mistyped, at most two; 0 if it is another word.

    Both have the same numbers. With another first or last letter it is another word: "mail" and
    "email", "trainer" and "trainee". So is a short one with any other letter: "state" and "stage".
    """
    if not written or not known or written == known:
        return 0
    if _without_accents(written) == _without_accents(known):
        return 1
    starts_alike = written[0] == known[0] or sorted(written[:2]) == sorted(known[:2])
    if not starts_alike or abs(len(written) - len(known)) > 2:
        return 0
    length = max(len(written), len(known))
    mistakes = _edit_distance(written, known, limit=2)
    if mistakes <= 2 and sorted(written) == sorted(known):
        likely = length >= 4
    elif mistakes == 1 and len(written) != len(known):
        likely = length >= shortest
    elif mistakes == 1:
        likely = length >= 6 and written[-1] == known[-1]
    else:
        likely = mistakes == 2 and length >= 10
    return mistakes if likely else 0


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    from unicodedata import normalize

    return re.sub("[\u0300-\u036f]", "", normalize("NFD", text))


def _edit_distance(one: str, other: str, limit: int) -> int:
    """The letters to insert, remove, replace or swap with the next to turn a text into another.

    Above `limit` they are not counted to the end. Equal letters at both ends do not count.
    """
    start = _common_length(one, other)
    one, other = one[start:], other[start:]
    end = _common_length(one[::-1], other[::-1])
    one, other = one[: len(one) - end], other[: len(other) - end]
    before, row = [0] * (len(other) + 1), list(range(len(other) + 1))
    for i, letter in enumerate(one):
        last_but_one, before, row = before, row, [i + 1]
        for j, expected in enumerate(other):
            cost = min(before[j] + (letter != expected), before[j + 1] + 1, row[j] + 1)
            if i and j and letter == other[j - 1] != expected == one[i - 1]:
                cost = min(cost, last_but_one[j - 1] + 1)
            row.append(cost)
        if min(row) > limit:
            break
    return row[-1]


def normalize_name(name: str) -> str:
    """A name without case, spaces and underscores, to compare it with others."""
    return "".join(name.casefold().replace("_", " ").split())


# Letters that only look like those of English names come from another keyboard, or with text that
# was copied. Unicode's NFKC turns full-width letters into English ones, but not these.
_CYRILLIC: Final = ("АВЕЅІЈКМНОРСТУХаеѕіјкморстухһ", "ABESIJKMHOPCTYXaesijkmopctyxh")
_GREEK: Final = ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοι", "ABEZHIKMNOPTYXoi")  # noqa: RUF001
_TURKISH: Final = ("ıİ", "iI")

_ENGLISH: Final = {
    ord(letter): english
    for letters, similar in (_CYRILLIC, _GREEK, _TURKISH)
    for letter, english in zip(letters, similar, strict=True)
}


def plain_letters(text: str) -> str:
    """The text with English letters for those that look alike, and without invisible characters.

    >>> plain_letters("S\u0441ore"), plain_letters("\uff33core\u200b"), plain_letters("Zoë")
    ('Score', 'Score', 'Zoë')
    """
    if text.isascii():
        return text
    from unicodedata import category, normalize

    visible = "".join(one for one in text if category(one) != "Cf")
    return normalize("NFKC", visible).translate(_ENGLISH)


def with_lookalike(message: str, text: str) -> str:
    """A message about a text, with the first letter in it that only looks like an English one.

    >>> with_lookalike("unknown field", "S\u0441ore"), with_lookalike("unknown field", "Scor")
    ("unknown field: '\u0441' is CYRILLIC SMALL LETTER ES", 'unknown field')
    """
    if text.isascii():
        return message
    from unicodedata import name

    found = next((one for one in text[:_MAX_NAMED] if plain_letters(one) != one), None)
    return message if found is None else f"{message}: {found!r} is {name(found, 'another letter')}"


_MAX_NAMED: Final = 200
"""How many letters of a text are compared."""


def mixes_scripts(text: str) -> bool:
    """Whether a word has English letters and others that look alike.

    A word of one script is right, such as a Russian one, and so is a sign such as that of m².

    >>> mixes_scripts("mx_\u0421ity"), mixes_scripts("mx_\u0422\u0435\u0441\u0442_m²")
    (True, False)
    """
    plain = plain_letters(text)
    if plain == text or not plain.isascii():
        return False
    return any(map(_is_mixed, re.split(r"[\s_~]", text)))


def _is_mixed(word: str) -> bool:
    signs = {one.isascii() for one in word if one.isalpha() or not one.isprintable()}
    return len(signs) == 2


def warn_user(message: str, category: type[Warning] = UserWarning) -> None:
    """Warn at the first line outside this package."""
    depth, frame = 1, sys._getframe()
    # Code that is run by `exec` may have no name.
    while frame.f_back is not None and str(frame.f_globals.get("__name__")).startswith(
        "leadquery."
    ):
        depth, frame = depth + 1, frame.f_back
    warnings.warn(message, category, stacklevel=depth)
