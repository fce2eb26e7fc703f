"""Payloads checked by leadquery and by validators."""

# mypy: ignore-errors
# The peers are not there when types are checked.

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import fastjsonschema
import jsonschema
import jsonschema_rs
import msgspec
from pydantic import TypeAdapter, ValidationError

from leadquery import Report, check, schema
from tests.benchmarks.compare_others import Request as Structs
from tests.benchmarks.race import Contest
from tests.benchmarks.shape import Request
from tests.benchmarks.workloads import CASES, compared, sample

PYDANTIC = TypeAdapter(Request)
JSONSCHEMA = jsonschema.Draft202012Validator(schema())
RUST = jsonschema_rs.validator_for(schema())
FAST = fastjsonschema.compile(schema())
MSGSPEC = msgspec.json.Decoder(Structs)

Check = Callable[[Any], Any]

OBJECTS: dict[str, Check] = {
    "leadquery": check,
    "pydantic": PYDANTIC.validate_python,
    "msgspec": partial(msgspec.convert, type=Structs),
    "jsonschema-rs": RUST.validate,
    "fastjsonschema": FAST,
    "jsonschema": JSONSCHEMA.validate,
}
TEXTS: dict[str, Check] = {
    "leadquery": check,
    "pydantic": PYDANTIC.validate_json,
    "msgspec": MSGSPEC.decode,
    "jsonschema-rs, json.loads": lambda text: RUST.validate(json.loads(text)),
    "fastjsonschema, json.loads": lambda text: FAST(json.loads(text)),
    "jsonschema, json.loads": lambda text: JSONSCHEMA.validate(json.loads(text)),
}
EVERY: dict[str, Check] = {
    "leadquery": lambda text: [str(one) for one in check(text)],
    "pydantic": lambda text: _errors(PYDANTIC.validate_json, text),
    "jsonschema-rs, json.loads": lambda text: [
        one.message for one in RUST.iter_errors(json.loads(text))
    ],
    "jsonschema, json.loads": lambda text: [
        one.message for one in JSONSCHEMA.iter_errors(json.loads(text))
    ],
}
# Those of pydantic, jsonschema-rs and fastjsonschema are ValueErrors.
REFUSALS = (ValueError, msgspec.ValidationError, jsonschema.ValidationError)


def _errors(validate: Check, text: str) -> list[str]:
    try:
        validate(text)
    except ValidationError as wrong:
        return [one["msg"] for one in wrong.errors()]
    return []


def _refuses(validate: Check, payload: object) -> bool:
    """Whether a validator rejects an invalid payload."""
    try:
        result = validate(payload)
    except REFUSALS:
        return True
    return isinstance(result, Report) and not result.ok


def contests() -> Iterator[Contest]:
    """Valid payloads as object and text, invalid ones, and large ones."""
    payload = sample()
    text = json.dumps(payload, indent=1)
    wrong = json.loads(text) | {"Output": {"Type": "lst"}}
    assert not len(check(payload))
    assert all(_refuses(one, wrong) for one in OBJECTS.values())
    assert all(_refuses(one, json.dumps(wrong)) for one in TEXTS.values())
    yield Contest(
        "Check a valid object",
        "The sample on the API's page, parsed by `json.loads`.",
        {name: partial(one, payload) for name, one in OBJECTS.items()},
    )
    yield Contest(
        "Check valid JSON text",
        f"The same as {len(text) / 1000:.1f} kB of text. Validators that cannot parse JSON get "
        "the object from `json.loads`.",
        {name: partial(one, text) for name, one in TEXTS.items()},
    )
    mistaken = (CASES / "bad" / "many-values-as-they-come.json").read_text("utf-8")
    result = {name: len(one(mistaken)) for name, one in EVERY.items()}
    assert all(result.values())
    yield Contest(
        "Report every mistake",
        "`many-values-as-they-come.json` has six mistakes. leadquery's messages include the line, "
        "the column and what to write instead. fastjsonschema and msgspec stop at the first "
        "mistake. Number of messages: "
        + ", ".join(f"{name.partition(',')[0]} {count}" for name, count in result.items())
        + ".",
        {name: partial(one, mistaken) for name, one in EVERY.items()},
    )
    yield _large()


def _large() -> Contest:
    large = json.dumps(compared(60_000, 200, 4))
    return Contest(
        "Find four mistakes in a large file",
        f"60,000 filters on 200 fields, {len(large) / 1e6:.0f} MB; `json.loads` only parses it.",
        {
            **{name: partial(one, large) for name, one in EVERY.items()},
            "json.loads": partial(json.loads, large),
        },
        rounds=5,
    )
