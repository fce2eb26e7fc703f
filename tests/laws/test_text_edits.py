"""Laws of the changes that fix one mistake: in a text, and in a file that the text is inside of."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, strategies as st

from leadquery import check
from leadquery.lint.fixes import (
    apply_to_object,
    each_replacements,
    edits_in_text,
    replace,
)
from leadquery.lint.json_text import parse
from tests.fuzz.spoiled import spoiled
from tests.laws.mutations import mutated
from tests.request_files import COMMANDS, DOCUMENTS, checked, document, read

KINDS = st.sampled_from([*DOCUMENTS, *COMMANDS])


@given(spoiled())
def test_a_fix_in_a_text_is_that_of_what_is_read(content: bytes) -> None:
    """Also where the text is no JSON, and the others are not applied."""
    report = check(content)
    source, found = report.source, report.diagnostics
    if source is None:
        assert not found
        return
    read = parse(content).raw
    for one, changes in zip(found, each_replacements(report, found), strict=True):
        if one.fix is None:
            assert changes == ()
        else:
            again = parse(replace(source.text, changes))
            assert repr(again.raw) == repr(apply_to_object(read, one.fix.edits))


@given(payload=mutated(), kind=KINDS, ascii_only=st.booleans())
def test_a_fix_in_a_file_is_that_of_its_body(payload: Any, kind: str, *, ascii_only: bool) -> None:
    """Each changes what `--fix` would, if it were the only one."""
    text = json.dumps(payload, ensure_ascii=ascii_only).encode("utf-8", "replace").decode()
    if "\0" in text or not isinstance(payload, dict):
        return
    written = document(kind, text) if kind in DOCUMENTS else COMMANDS[kind](text)
    [payload_in_file] = checked(written).payloads
    if payload_in_file.text is None:
        return
    found = payload_in_file.report.diagnostics
    for one, parts in zip(found, payload_in_file.replacements(found), strict=True):
        edits = one.fix.edits if one.fix else ()
        [body] = read(replace(written, parts)).bodies
        assert body.text is not None
        assert body.text.text == replace(text_of(written), edits_in_text(text_of(written), edits))


def text_of(written: str) -> str:
    """The body in a file."""
    [body] = read(written).bodies
    assert body.text is not None
    return body.text.text
