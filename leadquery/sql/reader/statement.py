"""A SQL statement as text: parsing it, and the places in it that errors point at."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

import attrs
from sqlglot.errors import ErrorLevel, SqlglotError

from leadquery._util.layout import snippet
from leadquery._util.text import safe_repr
from leadquery.errors import QueryError, SqlError, SqlIssue
from leadquery.lint.source_text import LineIndex
from leadquery.sql.dialects import find_dialect

if TYPE_CHECKING:
    from sqlglot import exp
    from sqlglot.dialects.dialect import Dialect
    from sqlglot.errors import ParseError
    from sqlglot.tokenizer_core import Token

MAX_NESTING: Final = 25
"""How deep brackets may be nested: the parser calls itself some 25 times for each pair."""

MAX_JOINS: Final = 12
"""The parser takes twice the time for each JOIN without ON."""

_WIDTH: Final = 100
"""Columns of an error's text."""

_MAX_LENGTH: Final = 60
"""Characters of a piece of SQL in a message."""


class Place(NamedTuple):
    """A piece of the text, by the offsets of its start and its end."""

    start: int
    end: int


class UnreadableError(Exception):
    """A part of a statement that cannot be read, and what to write instead."""

    def __init__(self, node: exp.Expr | Place, message: str) -> None:
        super().__init__(message)
        self.node, self.message = node, message


def unreadable(node: exp.Expr | Place, error: QueryError) -> UnreadableError:
    """The error of a query as one of a place."""
    message = str(error)
    return UnreadableError(node, message if "; " in message else f"{message}; write another value")


@attrs.frozen(slots=False, eq=False)
class Source:
    """The text of a statement and its tokens."""

    text: str
    dialect: Dialect
    tokens: list[Token] = attrs.field(factory=list)

    @cached_property
    def lines(self) -> LineIndex:
        """The lines of the text."""
        return LineIndex(self.text)

    @property
    def first(self) -> Place:
        """The first token of the statement."""
        return next((Place(one.start, one.end + 1) for one in self.tokens), Place(0, 0))

    def place(self, node: exp.Expr | Place) -> Place:
        """Where a node begins; a node without a place is where the one around it is."""
        if isinstance(node, Place):
            return node
        found = [one.meta for one in node.walk() if "start" in one.meta]
        if found:
            first = min(found, key=lambda meta: int(meta["start"]))
            return Place(first["start"], first["end"] + 1)
        # TRUE, FALSE and NULL have no place.
        around = self.first if node.parent is None else self.place(node.parent)
        keyword = generate(node, self.dialect).upper()
        same = (one for one in self.tokens if one.text.upper() == keyword)
        inside = (Place(one.start, one.end + 1) for one in same if one.start >= around.start)
        return next(inside, around)

    def keyword(self, node: exp.Expr | None, *keywords: str) -> Place:
        """The last of some keywords before a node, or else the first in the text."""
        before = len(self.text) if node is None else self.place(node).start
        found = [token for token in self.tokens if token.text.upper() in keywords]
        chosen = [token for token in found if token.start <= before][-1:] or found[:1]
        return Place(chosen[0].start, chosen[0].end + 1) if chosen else Place(0, 0)

    def has_keyword(self, keyword: str, after: exp.Expr, before: exp.Expr | None) -> bool:
        """Whether a keyword stands between the starts of two nodes."""
        start = self.place(after).start
        end = len(self.text) if before is None else self.place(before).start
        return any(one.text.upper() == keyword for one in self.tokens if start < one.start < end)

    def sql(self, node: exp.Expr) -> str:
        """A node as SQL on one line, cut if it is long."""
        text = " ".join(generate(node, self.dialect, comments=False).split())
        return text if len(text) <= _MAX_LENGTH else f"{text[:_MAX_LENGTH]}…"

    def position(self, node: exp.Expr) -> str:
        """The line and column of a node, as text."""
        line, column = self.lines.position(self.place(node).start)
        return f"{line}:{column}"

    def error(self, refusals: list[UnreadableError]) -> SqlError:
        """The error for what cannot be read, in the order of the text."""
        places = sorted({(self.place(one.node), one.message) for one in refusals})
        return SqlError(*(self._issue(place, message) for place, message in places))

    def _issue(self, place: Place, message: str) -> SqlIssue:
        """A message with its place, and the line that it is about."""
        line, column = self.lines.position(place.start)
        number = f"{line:5} | "
        width = _WIDTH - len(number)
        excerpt = snippet(self.lines.line(line), column, place.end - place.start, width)
        carets = f"{'| ':>{len(number)}}{excerpt.carets}"
        return SqlIssue(line, column, message, f"{number}{excerpt.line}\n{carets}")


def find_parser(name: str | None) -> Dialect:
    """The parser of a dialect, None for common SQL. Raises QueryError for an unknown one."""
    from sqlglot.dialects.dialect import Dialect

    return Dialect.get_or_raise(None if name is None else find_dialect(name).name)


def generate(node: exp.Expr, dialect: str | Dialect, *, comments: bool = True) -> str:
    """A node as SQL, without warnings of what the dialect lacks.

    Raises SqlglotError for a node that cannot be written, such as a function without an argument.
    """
    try:
        text: str = node.sql(dialect, comments=comments, unsupported_level=ErrorLevel.IGNORE)
    except RecursionError:
        raise
    except Exception as error:
        # The generator may fail in any way.
        raise SqlglotError(str(error)) from error
    return text


def parse(text: object, dialect: Dialect) -> tuple[exp.Select, Source]:
    """The SELECT of a text. Raises SqlError for text that is not one SELECT."""
    from sqlglot import exp
    from sqlglot.errors import ParseError

    source = _tokenize(text, dialect)
    _check_start(source)
    _check_nesting(source)
    try:
        found = dialect.parser().parse(source.tokens, source.text)
    except ParseError as error:
        raise source.error([_syntax_error(source, error)]) from None
    except Exception:  # noqa: BLE001 - the parser may fail in any way where text is no SQL.
        raise source.error([UnreadableError(source.first, NOT_SQL)]) from None
    statements = [one for one in found if one is not None and not isinstance(one, exp.Semicolon)]
    if len(statements) > 1:
        message = "there is a second statement; write one SELECT, and read each by itself"
        raise source.error([UnreadableError(source.keyword(None, ";"), message)])
    statement = statements[0]
    while isinstance(statement, exp.Subquery) and not _other_parts(statement):
        statement = statement.this
    if isinstance(statement, exp.SetOperation):
        keyword = type(statement).__name__.upper()
        message = (
            f"{keyword} is not read; join the conditions by OR in one WHERE, or read each SELECT "
            "by itself"
        )
        raise source.error(
            [UnreadableError(source.keyword(statement.expression, keyword), message)]
        )
    if not isinstance(statement, exp.Select):
        raise source.error([UnreadableError(source.first, _ONE_SELECT)])
    return statement, source


def _other_parts(statement: exp.Subquery) -> bool:
    """Whether there is more than a statement in brackets, such as an alias."""
    return any(value for key, value in statement.args.items() if key != "this")


_SELECT_HINT: Final = "write SELECT columns FROM leads WHERE conditions"

_ONE_SELECT: Final = f"only SELECT is read; {_SELECT_HINT}"

NOT_SQL: Final = f"this cannot be read as SQL; {_SELECT_HINT}"

TOO_DEEP: Final = (
    f"more than {MAX_NESTING} brackets, CASE or NOT inside each other; leave out those that change "
    "nothing"
)


def _tokenize(text: object, dialect: Dialect) -> Source:
    from sqlglot.errors import TokenError

    if not isinstance(text, str):
        raise QueryError(f"from_sql takes a statement as text, not {safe_repr(text)}")
    # The tokenizer reads no lone surrogates.
    readable = "".join("\ufffd" if "\ud800" <= one <= "\udfff" else one for one in text)
    source = Source(readable, dialect)
    try:
        return Source(readable, dialect, dialect.tokenize(readable))
    except TokenError as error:
        raise source.error([_unclosed(readable, error)]) from None


def _unclosed(text: str, error: Exception) -> UnreadableError:
    """The refusal of a text in which a quote or a comment does not end."""
    match = re.match(r"Missing (\S+) from \d+:(\d+)", str(error.__cause__))
    start = text.rfind("/*")
    if match is not None:
        start = min(int(match[2]), len(text) - 1)
        return UnreadableError(
            Place(start, start + 1), f"{match[1]} is not closed; write another {match[1]}"
        )
    if start >= 0:
        return UnreadableError(
            Place(start, start + 2), "the comment is not closed; write */ at its end"
        )
    return UnreadableError(Place(0, 1), NOT_SQL)


_STARTS: Final = ("SELECT", "WITH", "FROM", "(")


def _check_start(source: Source) -> None:
    """Raise SqlError for anything but a SELECT, for which the parser would log a warning."""
    first = next((one.text.upper() for one in source.tokens if one.text != ";"), None)
    if first is None:
        raise source.error(
            [UnreadableError(source.first, f"there is no statement; {_SELECT_HINT}")]
        )
    if first not in _STARTS:
        raise source.error([UnreadableError(source.first, _ONE_SELECT)])


def _check_nesting(source: Source) -> None:
    """Raise SqlError for a statement that is nested too deep for the parser."""
    depth = run = joins = 0
    for token in source.tokens:
        keyword = token.text.upper() if token.token_type.name not in _QUOTED else ""
        depth += (keyword in _OPENING) - (keyword in _CLOSING)
        run = run + 1 if keyword in _PREFIXES else 0
        joins += keyword == "JOIN"
        if joins > MAX_JOINS:
            message = f"more than {MAX_JOINS} JOINs are not read; write FROM and one table of leads"
            raise source.error([UnreadableError(Place(token.start, token.end + 1), message)])
        if depth > MAX_NESTING or run > MAX_NESTING:
            raise source.error([UnreadableError(Place(token.start, token.end + 1), TOO_DEEP)])


_QUOTED: Final = ("STRING", "IDENTIFIER")

_OPENING: Final = ("(", "[", "{", "CASE")

_CLOSING: Final = (")", "]", "}", "END")

_PREFIXES: Final = ("NOT", "-", "+", "~", "!")


def _syntax_error(source: Source, error: ParseError) -> UnreadableError:
    """The refusal of the token at which the parser stopped."""
    if not error.errors:
        return UnreadableError(source.first, NOT_SQL)
    found = error.errors[0]
    line, column = found.get("line"), found.get("col")
    at = [one for one in source.tokens if (one.line, one.col) == (line, column)]
    place = Place(at[0].start, at[0].end + 1) if at else source.first
    text, description = source.text[place.start : place.end], found.get("description") or ""
    if description.startswith("Expecting "):
        return UnreadableError(
            place, f"{text!r} is not expected here; write {description[10:]} before it"
        )
    if description.startswith("Required keyword"):
        return UnreadableError(
            place, f"something is missing after {text!r}; write the value, or leave it out"
        )
    return UnreadableError(place, f"{text!r} is not expected here; {_SELECT_HINT}")
