"""The configuration of `check`: leadquery.toml, or `[tool.leadquery]` of pyproject.toml."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

import click
from attrs import frozen

from leadquery.cli.check_formats import FORMATS
from leadquery.cli.files import CUTOFF, PYTHON, read
from leadquery.lint.selection import EVERY_RULE, Selection, parse_codes

if TYPE_CHECKING:
    from pathlib import Path

PYPROJECT: Final = "pyproject.toml"
FILES: Final = ("leadquery.toml", PYPROJECT)
TABLE: Final = ("tool", "leadquery")


@frozen(repr=False)
class Config:
    """The values of a file; a key that it does not have is None."""

    file: Path | None = None
    selection: Selection = EVERY_RULE
    per_file: tuple[tuple[str, tuple[str, ...]], ...] = ()
    fields: str | None = None
    format: str | None = None
    strict: bool | None = None
    max_diagnostics: int | None = None

    def selection_of(self, name: str) -> Selection:
        """The rules to report of a file. A pattern is for its path from here, or its name."""
        if self.file is None or not self.per_file:
            return self.selection
        from fnmatch import fnmatchcase
        from pathlib import Path

        folder = self.file.parent
        path = Path(os.path.abspath(name))  # noqa: PTH100 - a link has a name of its own.
        inside = path.relative_to(folder) if path.is_relative_to(folder) else path
        never = tuple(
            code
            for pattern, codes in self.per_file
            if fnmatchcase(inside.as_posix(), pattern) or fnmatchcase(path.name, pattern)
            for code in codes
        )
        return self.selection.then(Selection(never=never))


def find_config(folder: str) -> Config:
    """The configuration for files in a folder: that of the nearest folder above that has one."""
    while True:
        for name in FILES:
            config = _read(os.path.join(folder, name))  # noqa: PTH118 - pathlib is slow to load.
            if config is not None:
                return config
        parent = os.path.dirname(folder)  # noqa: PTH120
        if parent == folder:
            return Config()
        folder = parent


def read_config(file: str) -> Config:
    """The configuration in a file that is named. It ends the command if there is none."""
    from pathlib import Path

    path = Path(file).absolute()
    if not path.is_file():
        raise click.UsageError(f"there is no configuration {file!r}; name a TOML file")
    config = _read(str(path))
    if config is None:
        raise click.UsageError(f"{file!r} has no table [tool.leadquery]")
    return config


def _read(file: str) -> Config | None:
    """The configuration in a file; None if it has none."""
    try:
        content = read(file)
    except OSError:
        return None
    if file.endswith(PYPROJECT) and b"leadquery" not in content:
        return None
    from pathlib import Path

    return _parse(Path(file), content)


def _parse(file: Path, content: bytes) -> Config | None:
    import tomllib

    try:
        text = content.decode()
        values: Any = tomllib.loads(text)
    except UnicodeDecodeError:
        raise config_error(file, None, "is not UTF-8; save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        message, line = _split_place(str(error))
        raise config_error(file, line, f"is not TOML: {message}") from None
    path = TABLE if file.name == PYPROJECT else ()
    for key in path:
        values = values.get(key) if isinstance(values, dict) else None
    if values is None:
        return None
    if not isinstance(values, dict):
        raise config_error(file, _line_of(text, path), "is not a table; write [tool.leadquery]")
    try:
        return Config(file, **_converted(values))
    except _ValueError as error:
        line = _line_of(text, (*path, *error.path), error.value)
        raise config_error(file, line, str(error)) from None


class _ValueError(ValueError):
    """A wrong key or value, the path to it, and the value if it is one of a list."""

    def __init__(self, message: str, *path: str, value: str = "") -> None:
        super().__init__(message)
        self.path = path
        self.value = value


def _converted(values: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes of the configuration in a table."""
    attributes: dict[str, Any] = {}
    codes: dict[str, tuple[str, ...]] = {}
    for key, value in values.items():
        if key not in _CONVERTERS:
            raise _ValueError(_unknown_key(key), key)
        converted = _convert(key, value, _CONVERTERS[key])
        if key in ("select", "ignore"):
            codes[key] = converted
        else:
            attributes[_ATTRIBUTES.get(key, key)] = converted
    return {**attributes, "selection": Selection(**codes)}


def _convert(key: str, value: Any, converter: Callable[[Any], Any]) -> Any:
    try:
        return converter(value)
    except _ValueError as error:
        message, path = f"{key!r}: {error}", (key, *error.path)
        raise _ValueError(message, *path, value=error.value) from None
    except ValueError as error:
        raise _ValueError(f"{key!r}: {error}", key) from None


def _unknown_key(key: str) -> str:
    from leadquery._util.text import closest_match

    if key in ("fix", "unsafe-fixes", "diff"):
        return f"{key!r} is an option only; write --{key}"
    alike = closest_match(key.replace("_", "-"), {known: known for known in _CONVERTERS}, CUTOFF)
    hint = f"did you mean {alike!r}?" if alike else f"the keys are {', '.join(_CONVERTERS)}"
    return f"there is no key {key!r}; {hint}"


def _is(kind: type, noun: str) -> Callable[[Any], Any]:
    def convert(value: Any) -> Any:
        if type(value) is not kind:
            raise ValueError(f"{value!r} is not {noun}")
        return value

    return convert


_bool: Final = _is(bool, "true or false")
_string: Final = _is(str, "text")


def _fields(value: Any) -> str:
    if _string(value).lower().endswith(PYTHON):
        raise ValueError("a Python file is run, so name it with --fields; write a JSON file here")
    return str(value)


_number: Final = _is(int, "a whole number")
_table: Final = _is(dict, 'a table; write "*.json" = ["LQ507"]')


def _codes(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ValueError(f'{value!r} is not a list of codes; write ["LQ3", "LQ501"]')
    return tuple(code for one in value for code in _code(one))


def _code(text: str) -> tuple[str, ...]:
    try:
        return parse_codes([text])
    except ValueError as error:
        raise _ValueError(str(error), value=text) from None


def _limit(value: Any) -> int:
    number: int = _number(value)
    if number < 0:
        raise ValueError(f"{number} is less than 0")
    return number


def _format(value: Any) -> str:
    name: str = _string(value)
    if name not in FORMATS:
        raise ValueError(f"there is no format {name!r}; write one of {', '.join(FORMATS)}")
    return name


def _per_file(value: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
    items = _table(value).items()
    return tuple((pattern, _convert(pattern, codes, _codes)) for pattern, codes in items)


_CONVERTERS: Final[dict[str, Callable[[Any], Any]]] = {
    "fields": _fields,
    "select": _codes,
    "ignore": _codes,
    "per-file-ignores": _per_file,
    "format": _format,
    "strict": _bool,
    "max-diagnostics": _limit,
}
"""The keys, which are the names of the options, and what converts the value of each."""

_ATTRIBUTES: Final = {"per-file-ignores": "per_file", "max-diagnostics": "max_diagnostics"}


def config_error(file: Path, line: int | None, message: str) -> click.UsageError:
    """The error for a line of a configuration, or for all of it."""
    from pathlib import Path

    try:
        name = str(file.relative_to(Path.cwd()))
    except ValueError:
        name = str(file)
    return click.UsageError(f"{name}: {message}" if line is None else f"{name}:{line}: {message}")


def _split_place(message: str) -> tuple[str, int | None]:
    """The message of a parser without its place, and the line."""
    found = re.search(r" \(at line (\d+), column \d+\)", message)
    if found is None:
        return message, None
    return message[: found.start()], int(found[1])


def _line_of(text: str, path: tuple[str, ...], value: str = "") -> int | None:
    """The line of a key in a TOML text, or of a text in its value.

    It is the first line with which the text has the key.
    """
    lines = [f"{line}\n" for line in text.split("\n")]
    for number, line in enumerate(lines):
        if path[-1] in line and _parses(lines[:number]) and not _has(lines[:number], path):
            end = next(end for end in range(number + 1, len(lines) + 1) if _parses(lines[:end]))
            if _has(lines[:end], path):
                inside = (index for index in range(number, end) if value in lines[index])
                return 1 + (next(inside, number) if value else number)
    return None


def _load(lines: list[str]) -> dict[str, Any] | None:
    """The values of some lines; None if they end inside of one."""
    import tomllib

    try:
        return tomllib.loads("".join(lines))
    except tomllib.TOMLDecodeError:
        return None


def _parses(lines: list[str]) -> bool:
    return _load(lines) is not None


def _has(lines: list[str], path: tuple[str, ...]) -> bool:
    value: Any = _load(lines)
    for key in path:
        if not isinstance(value, dict) or key not in value:
            return False
        value = value[key]
    return True
