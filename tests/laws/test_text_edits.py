"""Laws of the changes that fix one mistake: in a text, and in a file that the text is inside of."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, strategies as st

from leadquery import check
from leadquery.lint.fixes import (
    Replacement,
    apply_to_object,
    each_replacements,
    edits_in_text,
    replace,
)
from leadquery.lint.json_text import parse
from leadquery.lint.request_files import read_requests
from leadquery.lint.request_files.checking import written_replacements
from tests.fuzz.spoiled import spoiled
from tests.laws.mutations import mutated
from tests.request_files import COMMANDS, DOCUMENTS, document

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
    file = read_requests(written.encode())
    assert file is not None
    [body] = file.bodies
    if body.text is None:
        return
    report = check(body.text.text)
    found = report.diagnostics
    for one, parts in zip(found, written_replacements(body.text, report, found), strict=True):
        edits = one.fix.edits if one.fix else ()
        try:
            changed = body.text.replace(edits_in_text(body.text.text, edits))
        except ValueError:
            assert parts is None
            continue
        assert parts is not None
        assert replace(file.text, parts) == file.with_texts([changed]).text


@given(st.data())
def test_a_replacement_in_a_file_is_that_in_its_body(data: st.DataObject) -> None:
    """Wherever it begins and ends."""
    body = data.draw(st.text("ab\"'\\ é\n{}", min_size=1, max_size=20))
    kind = data.draw(st.sampled_from([*COMMANDS]))
    file = read_requests(COMMANDS[kind]("{" + body).encode())
    assert file is not None
    [request] = file.bodies
    if request.text is None:
        return
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(request.text.text))] * 2)))
    part = Replacement(start, end, data.draw(st.text("x'\"\\", max_size=2)))
    try:
        expected = request.text.replace([part])
    except ValueError:
        return

    changed = request.text.written_replacement(part)

    assert replace(file.text, [changed]) == file.with_texts([expected]).text
