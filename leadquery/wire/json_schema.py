"""The JSON Schema of a payload, made from the model."""

from __future__ import annotations

from typing import Final

from attrs import Factory, frozen

from leadquery.lint.diagnostics import Json
from leadquery.wire.descriptions import DESCRIPTIONS
from leadquery.wire.model import Request
from leadquery.wire.samples import SAMPLES
from leadquery.wire.schema import Array, Class, Form, JoinedArray, Object, Union, keys_of
from leadquery.wire.serializer import to_payload
from leadquery.wire.types import AnyString, EnumType

Schema = dict[str, Json]

DEFINITIONS: Final = "$defs"


def schema() -> Schema:
    """The JSON Schema (draft 2020-12) of a payload; a fresh copy at each call.

    It accepts whatever `check` has nothing to say of. What only `check` sees is the order of
    dates, the calendar, and how conditions are joined. (API page: Request Parameters)

    >>> from leadquery import schema
    >>> schema()["required"]
    ['Output']
    """
    parts = SchemaBuilder(f"#/{DEFINITIONS}/")
    root = parts.of(Request)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Lead Distribution Analytics request",
        **root,
        "examples": [to_payload(sample) for sample in SAMPLES],
        DEFINITIONS: parts.named,
    }


@frozen
class SchemaBuilder:
    """The schemas of the model, gathered by name as they are referred to.

    `place` is where they will stand. `generators` adds what generators of code look for, and no
    validator of JSON Schema knows: names of enums, and which key tells variants apart.
    """

    place: str
    generators: bool = False
    named: dict[str, Schema] = Factory(dict)

    def refer(self, cls: Class, others: tuple[str, ...] = ()) -> Schema:
        """A reference to a class of the model; `others` are keys that may stand beside its own."""
        name = cls.__name__
        if name not in self.named:
            self.named[name] = {}
            own = {key.token for key in keys_of(cls).values()}
            beside = tuple(token for token in others if token not in own)
            self.named[name] = self.of(cls, beside)
        return {"$ref": f"{self.place}{name}"}

    def of(self, cls: Class, beside: tuple[str, ...] = ()) -> Schema:
        """The schema of a class of the model."""
        properties: dict[str, Schema] = {}
        for attribute, key in keys_of(cls).items():
            made = self._schema(key.form, cls)
            notes = f" {made['description']}" if "description" in made else ""
            properties[key.token] = {
                **made,
                "description": f"{DESCRIPTIONS[cls][attribute]}{notes}",
            }
        for token in beside:
            properties[token] = {
                **AnyString().schema(),
                "description": "Not read beside this type.",
            }
        described: Schema = {
            "type": "object",
            "description": (cls.__doc__ or "").partition("\n")[0],
            "properties": properties,
            "required": [key.token for key in keys_of(cls).values() if key.required],
            "additionalProperties": False,
        }
        return self._either(cls, described) if hasattr(cls, "either") else described

    def _either(self, cls: Class, described: Schema) -> Schema:
        """An object that has one key or another."""
        tokens = [keys_of(cls)[one].token for one in cls.either]
        if not self.generators:
            return {**described, "anyOf": [{"required": [token]} for token in tokens]}
        # Generators take an entry that names no property for anything at all.
        said = {"description": described.pop("description")}
        return {**said, "anyOf": [{**described, "required": [token]} for token in tokens]}

    def _schema(self, form: Form, inside: Class) -> Schema:
        """The schema of a form, as it stands inside a class."""
        match form:
            case Object(of):
                return self.refer(of)
            case Union():
                return self._variants(form)
            case Array() | JoinedArray():
                items = self._schema(form.of, inside)
                return {"type": "array", "minItems": 1, "items": items}
            case EnumType():
                return self._choice(form, inside)
            case _:
                return form.schema()

    def _variants(self, form: Union) -> Schema:
        """Each row of the telling key belongs to one of them."""
        tokens = {key.token: None for cls in form.of for key in keys_of(cls).values()}
        beside = tuple(tokens) if form.ignored else ()
        references = [self.refer(cls, beside) for cls in form.of]
        if not self.generators:
            return {"anyOf": references}
        telling = [keys_of(cls)[form.by] for cls in form.of]
        mapping = {
            spelling: reference["$ref"]
            for reference, key in zip(references, telling, strict=True)
            for spelling in key.form.spelt()
        }
        told = {"propertyName": telling[0].token, "mapping": mapping}
        return {"oneOf": references, "discriminator": told}

    def _choice(self, form: EnumType[Json], inside: Class) -> Schema:
        """A fixed list under a name of its own, so that what is generated has one for it."""
        narrowed = len(form.allowed()) < len(form.terms.__members__)
        name = f"{inside.__name__}{form.terms.__name__}" if narrowed else form.terms.__name__
        names = {"x-enum-varnames": [*form.spelt().values()]} if self.generators else {}
        self.named[name] = {**form.schema(), **names}
        reference = {"$ref": f"{self.place}{name}"}
        return {"anyOf": [reference, {"type": "null"}]} if form.nullable else reference
