"""Corrupted texts: payloads of tests/cases with pieces inserted, removed and mixed."""

from __future__ import annotations

from pathlib import Path

from hypothesis import strategies as st

CASES = sorted((Path(__file__).parent.parent / "cases").glob("*/*.json"))
LONGEST = 6_000
TEXTS = [text for path in CASES if len(text := path.read_bytes()) <= LONGEST]

PIECES = (
    *(b"{", b"}", b"[", b"]", b",", b":", b";", b"=", b'"', b"'", b"\\", b"/*", b"*/", b"// x\n"),
    *(b"#", b"None", b"NaN", b"-inf", b"null", b"true", b"0", b"-1", b"1e999", b"9" * 5_000),
    *(
        "“".encode(),
        "’".encode(),
        b"\xef\xbb\xbf",
        b"\xc2\xa0",
        "😀".encode(),
        b"\xff",
        b"\xed\xa0\x80",
    ),
    *(b"\x00", b"\t", b"\r", b"\r\n", b"\\ud800", b"\\u0000", b'"Type":', b'"LookUpValues":'),
)


@st.composite
def spoiled(draw: st.DrawFn) -> bytes:
    """The text of a payload after a few changes."""
    text = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        other = draw(st.sampled_from(TEXTS))
        start = draw(st.integers(0, len(other)))
        width = draw(st.integers(0, 60))
        middle = draw(
            st.sampled_from((b"", other[start : start + width]))
            | st.sampled_from(PIECES)
            | st.binary(max_size=3)
        )
        text = text[:at] + middle + text[at + draw(st.sampled_from((0, 0, 1, 2, width))) :]
    return text
