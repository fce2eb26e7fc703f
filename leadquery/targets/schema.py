"""The JSON Schema of a payload, with the queries as its examples."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from leadquery.payload.schema import schema
from leadquery.targets.target import Sending, Target
from leadquery.targets.texts import as_yaml_too


def _write(sent: Sequence[Sending]) -> str:
    return f"{as_yaml_too({**schema(), 'examples': [one.payload for one in sent]})}\n"


TARGET: Final = Target(
    name="schema",
    title="JSON Schema, draft 2020-12: editors, validators, code generators",
    suffix=".schema.json",
    write=_write,
    writer="leadquery's own walk over its model, and `json`",
    several=True,
    url=False,
)
