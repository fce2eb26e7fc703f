"""Requests in curl commands, for a POSIX shell, PowerShell or the command line of Windows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from leadquery.lint.request_files.documents import NO_BODY
from leadquery.lint.request_files.embedded import EmbeddedText, Encode, Piece, embed, join

find_commands = re.compile(
    r"(?m)(?:^|[|;&(`])[ \t]*(?:[$>%][ \t]+)?curl(?:\.exe)?(?=[ \t\\^])"
).finditer
"""The commands of a text, each at the start of a line or of a command of a shell."""


class Command(NamedTuple):
    """A curl command: its URL, and its body or a note that says why there is none to check."""

    url: str
    body: EmbeddedText | None
    note: str


def read_commands(text: str) -> Iterator[Command]:
    """The curl commands of a text."""
    end = 0
    for found in find_commands(text):
        if found.start() < end:
            # It is inside an argument of the command before.
            continue
        # The next line of a command for Windows ends in ^, of one for a shell in \.
        split = split_windows if _is_for_windows(text, found.end()) else split_posix
        words, end = split(text, found.end())
        document = _here_document(text, end)
        end = end if document is None else document[1]
        yield _command(words, None if document is None else document[0])


_is_for_windows = re.compile(
    r"""[^'"\r\n]*(?:\^"|"[^'\r\n]*\{"")|(?:[^'"\r\n]|"(?:[^"\\\r\n]|\\.)*")*\^\r?\n"""
).match
"""Whether the first quotes of a command are escaped, its line ends are, or quotes are doubled."""


# What the options mean

_BODY_OPTIONS: Final = ("--data", "--data-raw", "--data-binary", "--data-ascii", "--json")

_JOINED: Final = "its body is given by several options, which curl joins; give it by one"

_FORM_OPTIONS: Final = ("--data-urlencode", "--form", "--form-string")

_NOT_JSON: Final = "its body is sent as a form; give it with '--data-raw'"

_FLAGS: Final = re.compile(
    "--(?:compressed|fail.*|globoff|get|head|http.*|include|insecure|ipv[46]|location.*|no-.*|"
    "progress-bar|remote-name.*|show-error|silent|ssl.*|tlsv.*|tr-encoding|verbose|parallel.*|"
    "path-as-is|raw|create-dirs|digest|basic|ntlm|negotiate|anyauth|next)"
).fullmatch
"""The long options without a value. Any other one has a value."""

_short_option = re.compile(
    r"-[^-AbcCdDeEFhHKmoPQrtTuUwxXyYz]*([AbcCdDeEFhHKmoPQrtTuUwxXyYz])"
).match
"""A short option with a value, which may be part of the word, behind flags: -sSXPOST, -d'{…}'."""


def _command(words: list[EmbeddedText], document: EmbeddedText | None) -> Command:
    url, bodies, notes = "", [], []
    for option, value in _arguments(words):
        if option in ("", "--url"):
            url = url or value.text
        elif option in _FORM_OPTIONS:
            notes.append(_NOT_JSON)
        elif option in _BODY_OPTIONS:
            if value.text == "@-" and document is not None:
                bodies.append(document)
                continue
            if option != "--data-raw" and value.text.startswith("@"):
                notes.append(f"its body is in {value.text[1:][:_MAX_NAME]!r}; check that file")
            bodies.append(value)
    if len(bodies) != 1:
        notes.append(_JOINED if bodies else NO_BODY)
    return Command(url, None if notes else bodies[0], notes[0] if notes else "")


def _arguments(words: Iterable[EmbeddedText]) -> Iterator[tuple[str, EmbeddedText]]:
    """The options of a command by their long names, and their values; "" for what has none."""
    waiting = iter(words)
    for word in waiting:
        option, value = word.text, None
        if option.startswith("--"):
            option, equals, _ = option.partition("=")
            value = word[len(option) + 1 :] if equals else None
            if value is None and not _FLAGS(option):
                value = next(waiting, None)
        elif found := _short_option(option):
            is_alone = len(option) == found.end()
            value = next(waiting, None) if is_alone else word[found.end() :]
            option = _LONG.get(found[1], option)
        elif not option.startswith("-"):
            option, value = "", word
        if value is not None:
            yield option, value


_LONG: Final = {"d": "--data", "F": "--form"}


# POSIX shells


def _in_single_quotes(text: str) -> str:
    return text.replace("'", "'\\''")


def _in_double_quotes(text: str) -> str:
    return re.sub(r'([\\"$`])', r"\\\1", text)


def _in_ansi_quotes(text: str) -> str:
    escaped = re.sub(r"([\\'])", r"\\\1", text)
    return escaped.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")


def _unquoted(text: str) -> str:
    return re.sub(r"([^\w@%+=:,./-])", r"\\\1", text)


_ANSI: Final = {"n": "\n", "r": "\r", "t": "\t", "a": "\a", "b": "\b", "e": "\x1b", "f": "\f"}

_SINGLE: Final = re.compile(r"[^']+")

_ANSI_PART: Final = re.compile(
    r"(?P<plain>[^\\']+)|\\x(?P<x>[\da-fA-F]{1,2})|\\u(?P<u>[\da-fA-F]{1,4})"
    r"|\\U(?P<U>[\da-fA-F]{1,8})|\\(?P<o>[0-7]{1,3})|\\(?P<other>.)",
    re.DOTALL,
)

_VARIABLE: Final = r"\$\w+|\$\{[^}]*\}|\$\([^)]*\)|`[^`]*`"

_DOUBLE_PART: Final = re.compile(
    rf'(?P<plain>[^\\"$`]+)|\\(?P<escaped>[\\"$`])|(?P<joined>\\\r?\n)|(?P<variable>{_VARIABLE})'
    r"|(?P<other>[\\$`])"
)

_BARE_PART: Final = re.compile(
    rf"(?P<plain>[^\s\\'\"$`;&|<>()]+)|(?P<joined>\\\r?\n)|\\(?P<escaped>.)"
    rf"|(?P<variable>{_VARIABLE})|(?P<other>\$)",
    re.DOTALL,
)

UNKNOWN: Final = re.compile("\0")
"""What is read in place of a variable of the shell."""

_MAX_NAME: Final = 80


_blank = re.compile(r"(?:[ \t]+|[\\`]\r?\n)+").match
"""What divides words. The lines of a shell go on after a backslash, those of PowerShell after a
backtick."""


def split_posix(text: str, start: int) -> tuple[list[EmbeddedText], int]:
    """The words of a command from an offset on, and where it ends."""
    words: list[EmbeddedText] = []
    offset = start
    while offset < len(text):
        blank = _blank(text, offset)
        if blank:
            offset = blank.end()
            continue
        if text[offset] in "\r\n;&|)#<>" or (text[offset] == "(" and not words):
            break
        start, pieces = offset, list[Piece]()
        while part := _posix_part(text, offset):
            pieces += part
            offset += sum(len(piece.written) for piece in part)
        if not pieces:
            break
        words.append(embed(text, start, pieces))
    return words, offset


def _posix_part(text: str, offset: int) -> list[Piece]:
    """The quotes at an offset, or what is there without quotes; nothing at the end of a word."""
    read = next(read for opening, read in _POSIX_PARTS if text.startswith(opening, offset))
    return list(read(text, offset))


def _read_single(text: str, offset: int) -> Iterator[Piece]:
    end = text.find("'", offset + 1)
    if end < 0:
        return
    yield _mark("'")
    if end > offset + 1:
        inside = text[offset + 1 : end]
        yield Piece(inside, inside, _in_single_quotes)
    yield _mark("'")


def _mark(written: str) -> Piece:
    """Quotes, or a line that is joined to the next one."""
    return Piece("", written, _unquoted)


def _read_ansi(text: str, offset: int) -> Iterator[Piece]:
    pieces = [_mark("$'")]
    position = offset + 2
    while position < len(text) and text[position] != "'":
        found = _ANSI_PART.match(text, position)
        if found is None:
            return
        pieces.append(Piece(_ansi_text(found), found[0], _in_ansi_quotes))
        position = found.end()
    if position < len(text):
        yield from (*pieces, _mark("'"))


def _ansi_text(found: re.Match[str]) -> str:
    kind = found.lastgroup or ""
    value = found[kind]
    if kind in ("x", "u", "U"):
        code = int(value, 16)
        return chr(code) if code <= 0x10FFFF else found[0]
    if kind == "o":
        return chr(int(value, 8) & 0xFF)
    return _ANSI.get(value, value) if kind == "other" else value


def _read_double(text: str, offset: int) -> Iterator[Piece]:
    pieces = [_mark('"')]
    position = offset + 1
    while found := _DOUBLE_PART.match(text, position):
        pieces.append(_part(found, _in_double_quotes))
        position = found.end()
    if position < len(text):
        yield from (*pieces, _mark('"'))


def _part(found: re.Match[str], encode: Encode) -> Piece:
    if found.lastgroup == "joined":
        return _mark(found[0])
    if found.lastgroup == "variable":
        return Piece(UNKNOWN.pattern, found[0], None)
    return Piece(found[found.lastgroup or 0], found[0], encode)


def _read_bare(text: str, offset: int) -> Iterator[Piece]:
    found = _BARE_PART.match(text, offset)
    if found is not None:
        yield _part(found, _unquoted)


_POSIX_PARTS: Final = (
    ("$'", _read_ansi),
    ("'", _read_single),
    ('"', _read_double),
    ("", _read_bare),
)


_here = re.compile(
    r"[^\n]*?<<-?[ \t]*(?P<quote>['\"]?)(?P<end>\w+)(?P=quote)[^\n]*\n"
    r"(?P<body>.*?)^[ \t]*(?P=end)[ \t\r]*$",
    re.DOTALL | re.MULTILINE,
).match


def _here_document(text: str, offset: int) -> tuple[EmbeddedText, int] | None:
    """The document that a shell passes to a command, whose words end at an offset; its end."""
    line = text[offset : text.find("\n", offset) + 1]
    found = _here(text, offset) if "<<" in line else None
    if found is None:
        return None
    body, start = found["body"], found.start("body")
    pieces: Iterable[Piece] = [Piece(body, body, str)]
    if not found["quote"]:
        parts = re.compile(f'{_DOUBLE_PART.pattern}|(?P<quotes>"+)').finditer(body)
        pieces = (_part(part, _in_double_quotes_of_document) for part in parts)
    return embed(text, start, pieces), found.end()


def _in_double_quotes_of_document(text: str) -> str:
    return re.sub(r"([\\$`])", r"\\\1", text)


# The command line of Windows: what cmd.exe passes on, and how a program divides it

_SHELL_PART: Final = re.compile(
    r"""(?P<quoted>"[^"\r\n]*"?)|\^\r?\n(?P<newline>\r?\n)|(?P<joined>\^\r?\n)"""
    r"""|\^(?P<escaped>.)|(?P<plain>[^"^\r\n|&<>]+)""",
    re.DOTALL,
)
"""What cmd.exe reads: between quotes, a caret is itself."""

_ARGUMENT_PART: Final = re.compile(
    r"""(?P<slashes>\\+)(?P<quote>")|(?P<mark>""?)|(?P<space>[ \t\n]+)"""
    r"""|(?P<plain>\\+|[^\\" \t\n]+)"""
)
"""What a program reads: backslashes mean something before a quote only."""


def split_windows(text: str, start: int) -> tuple[list[EmbeddedText], int]:
    """The words of a command from an offset on, and where it ends."""
    shell_parts = list(_shell_parts(text, start))
    line = embed(text, start, shell_parts)
    words: list[EmbeddedText] = []
    parts: list[EmbeddedText] = []
    in_quotes = False
    for found in _ARGUMENT_PART.finditer(line.text):
        if found["space"] and not in_quotes:
            words += [join(parts)] if parts else []
            parts = []
        else:
            parts.append(_argument_part(line, found, in_quotes=in_quotes))
            in_quotes ^= _divides(found)
    words += [join(parts)] if parts else []
    return words, start + sum(len(piece.written) for piece in shell_parts)


def _shell_parts(text: str, start: int) -> Iterator[Piece]:
    offset = start
    while found := _SHELL_PART.match(text, offset):
        offset = found.end()
        kind = found.lastgroup or "plain"
        read = "" if kind == "joined" else "\n" if kind == "newline" else found[kind]
        yield Piece(read, found[0], _in_quotes if kind == "quoted" else _in_carets)


def _divides(found: re.Match[str]) -> bool:
    """Whether quotes begin or end here."""
    return bool(found["mark"] == '"' or (found["quote"] and len(found["slashes"]) % 2 == 0))


def _argument_part(line: EmbeddedText, found: re.Match[str], *, in_quotes: bool) -> EmbeddedText:
    """A part of an argument as a program reads it."""
    if found["quote"]:
        slashes = len(found["slashes"])
        read = "\\" * (slashes // 2) + '"' * (slashes % 2)
    elif found["mark"]:
        # Two quotes between quotes stand for one.
        read = '"' if in_quotes and found["mark"] == '""' else ""
    else:
        return line[slice(*found.span())]
    return line.read_as(*found.span(), read, line.encoders[found.start()])


def _in_quotes(text: str) -> str:
    return re.sub(r'(\\*)"', r'\1\1\\"', text)


def _in_carets(text: str) -> str:
    escaped = re.sub(r"[^\w\s:=+~'/.,?;()*`-]", r"^\g<0>", _in_quotes(text))
    return re.sub(r"\r?\n", "^\n\n", escaped)
