"""The JSON Schema of a payload, derived from the model, and the sentences in it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from attrs import Factory, frozen

from leadquery.wire.enums import TIMESTAMP, WireEnum
from leadquery.wire.examples import SAMPLES
from leadquery.wire.model import (
    AggregateOutput,
    ComparisonFilter,
    DateRange,
    ListOutput,
    MembershipFilter,
    Paging,
    PresenceFilter,
    ReportFilter,
    Request,
    UserCondition,
    UserFilter,
    UserGroup,
)
from leadquery.wire.schema import (
    SCHEMA_KEY,
    Array,
    Class,
    JoinedArray,
    Object,
    Type,
    Union,
    keys_of,
)
from leadquery.wire.serializer import to_payload
from leadquery.wire.types import (
    AnyString,
    CommaList,
    EmptyString,
    EnumType,
    Json,
    OpenEnumType,
    Timestamp,
)

_FIELD: Final = "Schema name of the lead field."

_IGNORED: Final = "Ignored for this type."

_OF_EDITORS: Final = "The JSON Schema that an editor checks the payload against; it is not sent."

_MESSAGES: Final = {
    Timestamp: f"write a date and time as {TIMESTAMP}, in UTC, such as 2026-01-31 00:00:00",
    CommaList: "write schema names of lead fields, separated by commas",
}

_NEXT: Final = "to the next one; null or absent on the last."

DESCRIPTIONS: Final[dict[Class, dict[str, str]]] = {
    ComparisonFilter: {
        "name": _FIELD,
        "value": "The value to compare with, as text; this includes numbers, dates and booleans.",
        "operator": "How the field compares with the value.",
    },
    MembershipFilter: {
        "name": _FIELD,
        "operator": "The field has one of the values.",
        "values": "The values, as text, one entry each.",
    },
    PresenceFilter: {
        "name": _FIELD,
        "operator": "The field has data, or has none.",
        "value": "Empty; it may be left out.",
    },
    UserCondition: {
        "name": "Schema name of the user attribute.",
        "operator": "How the attribute compares with the value; these are the known ones.",
        "value": "The value to compare with; several ids are separated by commas.",
        "joiner": f"The operator that joins the condition {_NEXT}",
    },
    UserGroup: {
        "conditions": "The conditions of the group; all are joined by the same operator.",
        "groups": "Groups inside the group; all are joined by the same operator.",
        "joiner": f"The operator that joins the group {_NEXT}",
    },
    UserFilter: {
        "groups": "The groups that a lead's owner matches; all are joined by the same operator.",
        "joiner": "Ignored: nothing follows.",
    },
    ReportFilter: {
        "users": "Which owners' leads; without it, those of all users.",
        "filters": "Which leads, by their fields; the filters are joined by AND.",
        "activities": "For Leads Not Contacted only: the activities; its keys are not documented.",
        "tasks": "For the reports on tasks only: types and statuses; its keys are not documented.",
    },
    DateRange: {
        "field": "The date that the range limits.",
        "start": "The start of the range.",
        "end": "The end of the range, included; not before its start.",
    },
    ListOutput: {
        "type": "A list of leads.",
        "columns": "Schema names of the lead fields to show, separated by commas.",
    },
    AggregateOutput: {
        "type": "A row for each group of leads.",
        "group": "Schema name of the lead field to group by.",
        "function": "What is computed for each group, beside the number of its leads.",
        "field": "Schema name of the lead field to compute with; a count takes any.",
    },
    Paging: {
        "index": "The page, counted from 1.",
        "size": "How many rows a page has.",
    },
    Request: {
        "report": "Which leads, by their owners and by their fields; without it, all.",
        "dates": "Which leads, by when they were created or modified; joined by AND.",
        "output": "What to show of the leads.",
        "paging": "Which page of the response.",
    },
}
"""The attributes of the model, by class. (API page: Request Parameters)"""

Schema = dict[str, Json]

DEFINITIONS: Final = "$defs"


def schema() -> Schema:
    """The JSON Schema (draft 2020-12) of a payload; a fresh copy at each call.

    It accepts every payload in which `check` finds nothing. Only `check` sees the order of dates,
    whether they exist, and how conditions are joined. (API page: Request Parameters)

    >>> from leadquery import schema
    >>> schema()["required"]
    ['Output']
    """
    return build_schema()


def build_schema(*, for_editors: bool = False) -> Schema:
    """The JSON Schema of a payload; for editors with what `SchemaBuilder` adds for them."""
    builder = SchemaBuilder(f"#/{DEFINITIONS}/", for_editors=for_editors)
    root = builder.build(Request)
    if for_editors:
        root["properties"][SCHEMA_KEY] = {"type": "string", "description": _OF_EDITORS}
    return {
        SCHEMA_KEY: "https://json-schema.org/draft/2020-12/schema",
        "title": "Lead Distribution Analytics request",
        **root,
        "examples": [to_payload(sample) for sample in SAMPLES],
        DEFINITIONS: builder.definitions,
    }


@frozen
class SchemaBuilder:
    """The schemas of the model's classes, collected by name as they are referenced.

    `prefix` is the JSON pointer of the definitions. `for_generators` adds what code generators
    look for and JSON Schema does not define: names of enums, and the discriminator of a union.
    `for_editors` adds what VS Code and others read: a description of each member of an enum,
    messages for patterns, and which keys not to suggest because the API ignores them.
    """

    prefix: str
    for_generators: bool = False
    for_editors: bool = False
    definitions: dict[str, Schema] = Factory(dict)

    def reference(self, cls: Class, union_keys: tuple[str, ...] = ()) -> Schema:
        """A reference to a class; it may also have the `union_keys` of the other classes."""
        name = cls.__name__
        if name not in self.definitions:
            self.definitions[name] = {}
            own = {key.name for key in keys_of(cls).values()}
            ignored = tuple(other for other in union_keys if other not in own)
            self.definitions[name] = self.build(cls, ignored)
        return {"$ref": f"{self.prefix}{name}"}

    def build(self, cls: Class, ignored: tuple[str, ...] = ()) -> Schema:
        """The schema of a class of the model."""
        properties: dict[str, Schema] = {}
        for attribute, key in keys_of(cls).items():
            schema = self._schema(key.type, cls)
            notes = f" {schema['description']}" if "description" in schema else ""
            properties[key.name] = {
                **schema,
                "description": f"{DESCRIPTIONS[cls][attribute]}{notes}",
            }
            if self.for_editors and is_ignored(key.type):
                properties[key.name]["doNotSuggest"] = True
        for name in ignored:
            properties[name] = {**self._ignored(), "description": _IGNORED}
        built: Schema = {
            "type": "object",
            "description": (cls.__doc__ or "").partition("\n")[0],
            "properties": properties,
            "required": [key.name for key in keys_of(cls).values() if key.required],
            "additionalProperties": False,
        }
        return self._any_required(cls, built) if hasattr(cls, "any_required") else built

    def _any_required(self, cls: Class, built: Schema) -> Schema:
        """The schema of an object that needs at least one of some keys."""
        names = [keys_of(cls)[attribute].name for attribute in cls.any_required]
        if not self.for_generators:
            return {**built, "anyOf": [{"required": [name]} for name in names]}
        # Code generators take a branch without properties for an object of any kind.
        description = {"description": built.pop("description")}
        return {**description, "anyOf": [{**built, "required": [name]} for name in names]}

    def _schema(self, wire_type: Type, owner: Class) -> Schema:
        """The schema of a type, as the value of a key of `owner`."""
        match wire_type:
            case Object(of=of):
                return self.reference(of)
            case Union():
                return self._union(wire_type)
            case Array() | JoinedArray():
                items = self._schema(wire_type.of, owner)
                return {"type": "array", "minItems": 1, "items": items}
            case EnumType():
                return self._enum(wire_type, owner)
            case OpenEnumType() if self.for_editors:
                return {"anyOf": [_with_descriptions(wire_type.enum), wire_type.json_schema()]}
            case Timestamp() | CommaList() if self.for_editors:
                return {
                    **wire_type.json_schema(),
                    "patternErrorMessage": _MESSAGES[type(wire_type)],
                }
            case _:
                return wire_type.json_schema()

    def _ignored(self) -> Schema:
        """The schema of a key that the API ignores: an editor warns of a value, and hides it."""
        if not self.for_editors:
            return AnyString().json_schema()
        filled = {"type": "string", "minLength": 1}
        warning = {"deprecationMessage": _IGNORED}
        return {**AnyString().json_schema(), "if": filled, "then": warning, "doNotSuggest": True}

    def _union(self, union: Union) -> Schema:
        names = {key.name: None for cls in union.of for key in keys_of(cls).values()}
        union_keys = tuple(names) if union.ignores_other_keys else ()
        references = [self.reference(cls, union_keys) for cls in union.of]
        if self.for_editors:
            return self._conditions(union, references)
        if not self.for_generators:
            return {"anyOf": references}
        discriminators = [keys_of(cls)[union.discriminator] for cls in union.of]
        mapping = {
            spelling: reference["$ref"]
            for reference, key in zip(references, discriminators, strict=True)
            for spelling in key.type.spellings()
        }
        discriminator = {"propertyName": discriminators[0].name, "mapping": mapping}
        return {"oneOf": references, "discriminator": discriminator}

    def _conditions(self, union: Union, references: list[Schema]) -> Schema:
        """A union as what its classes share, and a condition for each.

        An editor then suggests every value of the discriminator, and only the keys that go with it.
        """
        keys = [keys_of(cls) for cls in union.of]
        shared = [attribute for attribute in keys[0] if all(attribute in one for one in keys)]
        first = self.definitions[union.of[0].__name__]["properties"]
        properties = {keys[0][one].name: first[keys[0][one].name] for one in shared}
        discriminator = keys[0][union.discriminator].name
        members = _with_descriptions(union.discriminator_type.enum)
        about = (union.discriminator_type.enum.__doc__ or "").partition("\n")[0]
        properties[discriminator] = {"type": "string", **members, "description": about}
        return {
            "type": "object",
            "properties": properties,
            "required": [keys[0][one].name for one in shared if keys[0][one].required],
            "allOf": [
                {
                    "if": {
                        "properties": {
                            discriminator: {"enum": [*one[union.discriminator].type.spellings()]}
                        },
                        "required": [discriminator],
                    },
                    "then": reference,
                }
                for one, reference in zip(keys, references, strict=True)
            ],
        }

    def _enum(self, wire_type: EnumType[Json], owner: Class) -> Schema:
        """A fixed list as a definition of its own, so that generated code has one enum for it."""
        narrowed = len(wire_type.allowed()) < len(wire_type.enum.__members__)
        # ListOutputType, not ListOutputOutputType.
        prefix = owner.__name__.removesuffix("Output") if narrowed else ""
        name = f"{prefix}{wire_type.enum.__name__}"
        names = (
            {"x-enum-varnames": [*wire_type.spellings().values()]} if self.for_generators else {}
        )
        self.definitions[name] = {**wire_type.json_schema(), **names}
        if self.for_editors:
            self.definitions[name] |= _with_descriptions(wire_type.enum, wire_type.spellings())
        reference = {"$ref": f"{self.prefix}{name}"}
        return {"anyOf": [reference, {"type": "null"}]} if wire_type.nullable else reference


def is_ignored(wire_type: Type) -> bool:
    """Whether the API ignores a value of this type, so that there is no use in writing one."""
    return isinstance(wire_type, EmptyString) or (
        isinstance(wire_type, EnumType) and wire_type.unused
    )


def _with_descriptions(enum: type[WireEnum], spellings: Iterable[str] | None = None) -> Schema:
    """The members of an enum, each with what it means, for the completion of editors."""
    labels = {spelling: row.label for row in enum for spelling in row.spellings}
    tokens = [*labels] if spellings is None else [*spellings]
    return {"enum": tokens, "enumDescriptions": [labels[token] for token in tokens]}
