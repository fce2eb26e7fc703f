"""Lead fields in a file: the metadata of an account as JSON, or a Python module of fields."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from keyword import iskeyword
from pathlib import Path
from typing import Any, Final
from unicodedata import normalize

import click

from leadquery._util.layout import display_width
from leadquery._util.text import quote
from leadquery.cli.files import PYTHON, exists, read_input
from leadquery.cli.loader import load_file
from leadquery.errors import QueryError
from leadquery.expr import BaseField, Choice
from leadquery.expr.source_layout import LINE_WIDTH, CallNode, Node, PairNode, format_assignment
from leadquery.fields import FIELD_TYPES, STANDARD
from leadquery.lint.catalog import FieldCatalog, read_fields
from leadquery.query.decompile import OWN_NAMES, FieldModule, import_statement
from leadquery.users import EmailAddress, User

Fields = Mapping[str, BaseField[Any]]
"""Lead fields by schema name."""

Users = Mapping[str, tuple[str, str]]
"""The id and the address of each user by Python name."""

MARK: Final = '"""The lead fields of an account, written by `leadquery fields --python`.'
"""How each module begins."""

_HEADER: Final = f'''{MARK}

Run the command again instead of editing this file. With --check, it prints what has
changed in the account.
"""

# ruff: noqa
'''

USERS_CLASS: Final = "Users"

RESERVED: Final = frozenset(
    {
        *(field_type.__name__ for field_type in FIELD_TYPES),
        *("Literal", "final", "get_args", USERS_CLASS),
        *OWN_NAMES,
    }
)
"""Names that the module, or a file that imports fields from it, has already."""


def module_source(fields: Fields, users: Users | None = None) -> str:
    """The source of a module with a variable for each field, and a class of the users' ids.

    The same fields have the same source, whatever their order.
    """
    ordered = [fields[name] for name in sorted(fields, key=lambda name: (name.casefold(), name))]
    names = python_names(fields)
    taken = {*names.values(), *RESERVED}
    declared = "".join(_declaration(field, names[field.name], taken) for field in ordered)
    typing = {"Literal", "get_args"} if any(map(options, ordered)) else set()
    typing |= set() if users is None else {"final"}
    imports = import_statement("typing", typing) + "\n" * bool(typing)
    imports += import_statement("leadquery.fields", {type_name(field) for field in ordered})
    return f"{_HEADER}\n{imports}\n{declared}{'' if users is None else _users_class(users)}"


def type_name(field: BaseField[Any]) -> str:
    """The name of the field type in `leadquery.fields`, of which a user's own is a subclass."""
    return next(base.__name__ for base in type(field).__mro__ if base in FIELD_TYPES)


def options(field: BaseField[Any]) -> tuple[str, ...]:
    """The options of a dropdown: each once, without an empty one, which no value can equal."""
    found = field.options if isinstance(field, Choice) else ()
    return tuple(dict.fromkeys(filter(None, found)))


def similar_options(field: BaseField[Any]) -> list[str]:
    """What is suspicious in the options of a dropdown, as sentences."""
    counts = Counter(filter(None, field.options if isinstance(field, Choice) else ()))
    groups: dict[str, list[str]] = {}
    for option in counts:
        groups.setdefault("".join(option.casefold().split()), []).append(option)
    return [
        *(f"{quote(option)} is listed {n} times." for option, n in counts.items() if n > 1),
        *(
            f"{', '.join(map(quote, group))} differ only in letter case or blanks."
            for group in groups.values()
            if len(group) > 1
        ),
    ]


def _declaration(field: BaseField[Any], name: str, taken: set[str]) -> str:
    head, lines, known = type_name(field), "", options(field)
    arguments: list[Node] = [quote(field.name)]
    if field.label != field.name:
        arguments.append(quote(field.label))
    if known:
        alias = _free_name(f"{name}_Option", taken)
        literal = CallNode("Literal[", tuple(map(quote, known)), "]")
        lines = format_assignment(alias, literal)
        values = f"{alias} | str" if _others(field) else alias
        if display_width(f"{name} = {head}[{values}](") <= LINE_WIDTH:
            head = f"{head}[{values}]"
        else:
            if display_width(f"    {values}") > LINE_WIDTH:
                values = values.replace(" | ", "\n    | ")
            head = f"{head}[\n    {values}\n]"
        arguments.append(PairNode("options", CallNode("get_args(", (alias,))))
    if _others(field):
        arguments.append(PairNode("others", "True"))
    lines += format_assignment(name, CallNode(f"{head}(", tuple(arguments)))
    return f"{lines}{_docstring(field.label, similar_options(field))}\n"


def _docstring(title: str, sentences: Iterable[str] = ()) -> str:
    more = "\n".join(map(_escape, sentences))
    # A quotation mark may neither end the text nor be one of three.
    text = re.sub('"(?=""|$)', r"\\" + '"', _escape(title))
    return f'"""{text}\n\n{more}\n"""' if more else f'"""{text}"""'


def _escape(text: str) -> str:
    return "".join(one if one.isprintable() and one != "\\" else repr(one)[1:-1] for one in text)


def _users_class(users: Users) -> str:
    lines = [
        f"{format_assignment(name, quote(id_), 4)}    {_docstring(address or name)}\n"
        for name, (id_, address) in sorted(users.items())
    ]
    head = f'@final\nclass {USERS_CLASS}:\n    """The ids of the users, by name."""\n'
    return "".join(["\n\n", head, "\n" * bool(lines), *lines])


# Names


def python_names(texts: Iterable[str], prefix: str = "field") -> dict[str, str]:
    """The Python name of each schema name: the schema name itself, where that is possible.

    A character that no name has is `_`. A name that does not begin with a letter begins with
    `field_`. One that Python or the module has already ends with `_`. If several schema names
    become one, those that are changed end with the code points of the characters they lost.
    """
    spellings = {text: _spell(text, prefix) for text in sorted(texts)}
    counts = Counter(spellings.values())
    taken = {text for text, name in spellings.items() if text == name}
    names = {}
    for text, name in spellings.items():
        lost = [f"{ord(character):x}" for character in text if character not in name]
        own = "_".join([name, *lost]) if counts[name] > 1 else name
        names[text] = name if name == text else _free_name(own, taken)
    return names


def _free_name(name: str, taken: set[str]) -> str:
    """The name, with as many `_` behind it as it takes until nothing else has it."""
    while name in taken:
        name += "_"
    taken.add(name)
    return name


def _spell(text: str, prefix: str) -> str:
    # Python reads names in this form.
    composed = normalize("NFKC", text)
    name = "".join(one if f"a{one}".isidentifier() else "_" for one in composed)
    if not name[:1].isidentifier() or name.startswith("_"):
        name = f"{prefix}_{name}"
    is_used = name in RESERVED or (name in STANDARD and name != text)
    return f"{name}_" if iskeyword(name) or is_used else name


def users_by_name(users: Iterable[Mapping[str, Any]]) -> Users:
    """The id and the address of each user by Python name.

    A user without a name has the part of the address before the `@`. The names of users that are
    alike, whatever their letter case, end with the first part of the id.
    """
    found = {user.id: user for user in map(User, users)}
    spelled = {
        id_: _spell(user.name or _address(user).partition("@")[0] or id_, "user")
        for id_, user in found.items()
    }
    counts = Counter(name.casefold() for name in spelled.values())
    named: dict[str, tuple[str, str]] = {}
    for id_, name in sorted(spelled.items()):
        is_shared = counts[name.casefold()] > 1
        whole = _spell(f"{name}_{id_}", "user")
        short = _spell(f"{name}_{id_.partition('-')[0]}", "user") if is_shared else name
        named[whole if short in named else short] = id_, _address(found[id_])
    return named


def _address(user: Mapping[str, Any]) -> str:
    address = user.get(EmailAddress.name)
    return address if isinstance(address, str) else ""


# Differences

_MAX_NAMED: Final = 5
"""How many options of each kind a line lists."""


def field_differences(before: Fields, after: Fields) -> Iterator[str]:
    """A line for each field that is new or gone, and for each change of a field."""
    for name in sorted({**before, **after}, key=lambda name: (name.casefold(), name)):
        if name not in before:
            yield f"{name}: new field of the type {type_name(after[name])}"
        elif name not in after:
            yield f"{name}: no longer a field"
        else:
            for change in _changes(before[name], after[name]):
                yield f"{name}: {change}"


def _changes(before: BaseField[Any], after: BaseField[Any]) -> Iterator[str]:
    if before.label != after.label:
        yield f"display name is {quote(after.label)}, was {quote(before.label)}"
    if type_name(before) != type_name(after):
        yield f"type is {type_name(after)}, was {type_name(before)}"
        return
    old, new = options(before), options(after)
    added, removed = _without(new, old), _without(old, new)
    if added or removed:
        yield "; ".join([*_listed("new", added), *_listed("removed", removed)])
    elif old != new:
        yield "options are in another order"
    if _others(before) != _others(after):
        yield f"values other than the options are {'' if _others(after) else 'not '}possible"


def _without(some: tuple[str, ...], others: tuple[str, ...]) -> list[str]:
    known = set(others)
    return [option for option in some if option not in known]


def _listed(kind: str, found: list[str]) -> Iterator[str]:
    if found:
        more = len(found) - _MAX_NAMED
        rest = f" and {more:,} more" if more > 0 else ""
        noun = "options" if len(found) > 1 else "option"
        yield f"{kind} {noun} {', '.join(map(quote, found[:_MAX_NAMED]))}{rest}"


def _others(field: BaseField[Any]) -> bool:
    return isinstance(field, Choice) and field.others


def user_differences(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    """A line for each user that is new, gone, or has another name; both are ids by name."""
    old, new = ({id_: name for name, id_ in users.items()} for users in (before, after))
    for id_ in sorted({**old, **new}):
        if id_ not in old:
            yield f"{USERS_CLASS}.{new[id_]}: new user"
        elif id_ not in new:
            yield f"{USERS_CLASS}.{old[id_]}: no longer a user"
        elif old[id_] != new[id_]:
            yield f"{USERS_CLASS}.{old[id_]}: name is {new[id_]}"


fields_option: Final = click.option(
    "--fields",
    metavar="FILE.json|.py",
    help="The lead fields of your account, as 'leadquery fields' writes them.",
)


def is_module(file: str) -> bool:
    """Whether a file declares its fields in Python."""
    return file.lower().endswith(PYTHON)


def load_fields(file: str) -> dict[str, BaseField[Any]]:
    """The fields of a file by schema name. A module is run, as that of FILE.py:NAME is."""
    if is_module(file):
        return by_schema_name(load_field_module(file).fields)
    try:
        return read_fields(read_input(file))
    except QueryError as error:
        raise click.UsageError(f"{file!r}: {error}") from None


def load_catalog(file: str) -> FieldCatalog:
    """The fields of a file as those of the account."""
    return FieldCatalog.of(load_fields(file).values())


def load_field_module(file: str) -> FieldModule:
    """A module with its fields."""
    advice = f"write it with 'leadquery fields --python {file}'"
    if not exists(file):
        raise click.UsageError(f"{file!r} does not exist; {advice}")
    variables = vars(load_file(Path(file)))
    fields = {name: value for name, value in variables.items() if isinstance(value, BaseField)}
    if not fields:
        raise click.UsageError(f"{file!r} declares no fields; {advice}")
    return FieldModule(Path(file).stem, fields)


def by_schema_name(fields: Mapping[str, BaseField[Any]]) -> dict[str, BaseField[Any]]:
    """The fields of a module by schema name."""
    return {field.name: field for field in fields.values()}


def load_users(file: str) -> dict[str, str]:
    """The ids of the users by name, from the class of a module; none if it has no such class."""
    found = getattr(load_file(Path(file)), USERS_CLASS, None)
    members = vars(found) if isinstance(found, type) else {}
    return {name: value for name, value in members.items() if name[0] != "_"}
