"""Mistakes in JSON syntax: LQ101 to LQ112."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, Final

from hypothesis import strategies as st

from tests.laws.formatting import Layout, Mark, Path, literal, styles
from tests.laws.mistakes import clean
from tests.laws.mistakes.mistake import Mistake, at, paths_of, places, replaced

Json = Any

TextMake = Callable[[st.DrawFn, Json, Layout], Mistake]

_NAMED: Final = re.compile("[A-Za-z_][A-Za-z0-9_]*").fullmatch
_NO_NAMES: Final = {"true", "false", "null", "None", "True", "False", "undefined", "nan", "inf"}


@st.composite
def with_syntax_mistake(draw: st.DrawFn, make: TextMake) -> Mistake:
    """A clean payload in one style, with one syntax mistake."""
    payload = clean.payload(draw, "filters", "users")
    return make(draw, payload, Layout(payload, draw(styles)))


def _spliced(layout: Layout, start: int, end: int, text: str) -> str:
    return layout.text[:start] + text + layout.text[end:]


def _put(
    layout: Layout, start: int, end: int, text: str, path: Path, payload: Json, **more: Any
) -> Mistake:
    """A mistake that replaces part of the text, with a fix inside that part."""
    written = _spliced(layout, start, end, text)
    stretch = (start, start + len(text))
    mistake = Mistake(written, path, start, "safe", (stretch,), payload)
    return mistake._replace(**more)


def not_json(draw: st.DrawFn, payload: Json, layout: Layout) -> Mistake:
    """An empty text, a second value, a stray colon, or a missing value."""
    end = layout.spans[()].end
    variant = draw(st.sampled_from(("empty", "second", "mark", "left out")))
    if variant == "empty":
        return Mistake(draw(st.sampled_from(("", " ", "\n\n", "\t\r\n "))), (), 0)
    if variant == "second":
        gap = draw(st.sampled_from(("", " ", "\n", "\r\n\r\n")))
        second = draw(st.sampled_from(("{}", "[1]", '"x"', "}", ",", "1")))
        text, at = _spliced(layout, end, end, gap + second), end + len(gap)
        if second in ("{}", "[1]"):
            return Mistake(text, (), at)
        return Mistake(text, (), at, "safe", ((at, at + len(second)),), payload)
    if variant == "mark":
        colon = draw(st.sampled_from([mark for mark in layout.marks if mark.text == ":"]))
        return Mistake(_spliced(layout, colon.at, colon.at, ":"), colon.path, colon.at + 1)
    path = draw(st.sampled_from([one for one in places(payload) if isinstance(one[-1], str)]))
    span = layout.spans[path]
    written = _spliced(layout, span.value, span.end, "")
    # The diagnostic is at the next token, a comma or a closing bracket.
    gap_end = re.compile(r"[ \t\r\n]*").match(written, span.value)
    return Mistake(written, path, gap_end.end() if gap_end else 0)


def not_utf8(draw: st.DrawFn, payload: Json, layout: Layout) -> Mistake:
    """Another encoding, in one place or throughout."""
    encoding = draw(st.sampled_from(("utf-16", "latin-1", "cut", "stray")))
    if encoding == "utf-16":
        raw = layout.text.encode("utf-16", "surrogatepass")
        whole = ((0, len(layout.text)),)
        return Mistake(layout.text, (), 0, "safe", whole, payload, raw=raw)
    text = draw(
        st.sampled_from([one for one in paths_of(payload, *_KEYS) if _text_at(payload, one)])
    )
    start = layout.spans[text].value + 1
    wrong = {"latin-1": "é".encode("latin-1"), "cut": "é".encode()[:1], "stray": b"\xff"}[encoding]
    raw = layout.text[:start].encode() + wrong + layout.text[start:].encode()
    return Mistake(layout.text, (), start, raw=raw)


_KEYS: Final = ("LookUpValue", "LookupValue", "LookUpName", "LookupName")


def _text_at(payload: Json, path: Path) -> bool:
    value = at(payload, path)
    return isinstance(value, str) and value != ""


def too_deep(draw: st.DrawFn, payload: Json, layout: Layout) -> Mistake:
    """A hundred thousand nested brackets."""
    opener, closer = draw(st.sampled_from((("[", "]"), ('{"GroupConditions":[', "]}"))))
    path = draw(st.sampled_from(places(payload)))
    span, deep = layout.spans[path], 100_000
    text = _spliced(layout, span.value, span.end, opener * deep + closer * deep)
    # Parsing ends at bracket 1,001.
    left = 1_000 - len(path)
    each = opener.count("[") + opener.count("{")
    at = span.value + left // each * len(opener)
    return Mistake(text, (), at + opener.rindex("[") * (left % each))


def extra_comma(draw: st.DrawFn, payload: Json, layout: Layout) -> Mistake:
    """A comma before a closing bracket, after an opening one, or after a comma."""
    blank = draw(st.sampled_from(("", " ", "\n")))
    marks = [one for one in layout.marks if one.text != ":"]
    mark = draw(st.sampled_from(marks))
    if mark.text in "}]":
        comma = draw(st.sampled_from(",;"))
        return _put(layout, mark.at, mark.at, comma + blank, mark.path, payload)
    start = mark.at + 1
    mistake = _put(layout, start, start, f"{blank},", mark.path, payload)
    return mistake._replace(at=start + len(blank))


def comment(draw: st.DrawFn, payload: Json, layout: Layout) -> Mistake:
    """A comment between two tokens."""
    gap = draw(st.sampled_from(layout.gaps))
    content = draw(st.sampled_from(("", " TODO", ' "x": 1,', " { [ / * '")))
    ends = draw(st.sampled_from(("\n", "\r\n")))
    text = draw(
        st.sampled_from(
            (f"/*{content}*/", f"/*{content}\n*/", f"//{content}{ends}", f"#{content}\n")
        )
    )
    mistake = _put(layout, gap.at, gap.at, text, gap.within, payload)
    # The blanks around it, and its line, may go with it.
    start = len(mistake.text[: gap.at].rstrip(" \t"))
    rest = re.compile(r"[ \t]*(?:\r\n|\r|\n)?").match(mistake.text, gap.at + len(text))
    return mistake._replace(stretches=((start, rest.end() if rest else gap.at),))


def missing_mark(draw: st.DrawFn, payload: Json, layout: Layout) -> Mistake:
    """A missing or wrong comma or colon."""
    mark = draw(st.sampled_from([one for one in layout.marks if one.text in ",:"]))
    other = draw(st.sampled_from(("", {",": ";", ":": "="}[mark.text])))
    if other:
        return _put(layout, mark.at, mark.at + 1, other, mark.path, payload)
    before = max(_ends(layout, mark))
    after = min(start for start in _starts(layout) if start > mark.at) - 1
    mistake = Mistake(_spliced(layout, mark.at, mark.at + 1, ""), mark.path, after, "safe")
    return mistake._replace(stretches=((before, after),), fixed_payload=payload)


def _ends(layout: Layout, mark: Mark) -> list[int]:
    ends = [end for span in layout.spans.values() for end in (span.key_end, span.end)]
    return [end for end in ends if end <= mark.at]


def _starts(layout: Layout) -> list[int]:
    return [start for span in layout.spans.values() for start in (span.start, span.value)]


def quotes(draw: st.DrawFn, payload: Json, layout: Layout) -> Mistake:
    """A key or a text in other quotes, or without quotes."""
    found = [one for one in places(payload) if isinstance(one[-1], str)]
    path = draw(st.sampled_from(found))
    span, content = layout.spans[path], at(payload, path)
    start, end = span.value, span.end
    keyed = draw(st.booleans())
    if keyed or not isinstance(content, str):
        start, end, content = span.start, span.key_end, str(path[-1])
    variants = [_single(content), f"“{json.dumps(content)[1:-1]}”", f"‘{_single(content)[1:-1]}’"]
    if _NAMED(content) and content not in _NO_NAMES:
        variants.append(content)
    return _put(layout, start, end, draw(st.sampled_from(variants)), path, payload)


def _single(text: str) -> str:
    return "'" + json.dumps(text)[1:-1].replace("'", "\\'") + "'"


def unusual_whitespace(draw: st.DrawFn, payload: Json, layout: Layout) -> Mistake:
    """Whitespace that JSON does not allow, or a byte-order mark, between two tokens."""
    gap = draw(st.sampled_from(layout.gaps))
    blank = draw(st.sampled_from("\ufeff\u00a0\u200b\u2009\u3000\u2028\u2060"))
    return _put(layout, gap.at, gap.at, blank, gap.within, payload)


def foreign_literal(draw: st.DrawFn, payload: Json, layout: Layout) -> Mistake:
    """A null or a number as another language writes it."""
    nulls = [one for one in places(payload) if at(payload, one) is None]
    wants_null: bool = draw(st.booleans())
    if nulls and wants_null:
        path = draw(st.sampled_from(nulls))
        span = layout.spans[path]
        foreign = draw(st.sampled_from(("None", "undefined")))
        return _put(layout, span.value, span.end, foreign, path, payload)
    path = draw(st.sampled_from(paths_of(payload, "PageSize", "PageIndex", "LookUpValue")))
    span = layout.spans[path]
    foreign = draw(st.sampled_from(("NaN", "Infinity", "-Infinity", "nan", "inf", "-inf")))
    return Mistake(_spliced(layout, span.value, span.end, foreign), path, span.value)


def duplicate_key(draw: st.DrawFn, payload: Json, layout: Layout) -> Mistake:
    """A key that occurs twice in its object."""
    path = draw(st.sampled_from([one for one in places(payload) if isinstance(one[-1], str)]))
    beside = [one for one in layout.spans if one[:-1] == path[:-1] and one]
    start = layout.spans[draw(st.sampled_from(beside))].start
    start = min(start, layout.spans[path].start)
    value = draw(st.sampled_from(("1", "null", '"x"', "[]", '{"a": 1}')))
    added = f"{literal(path[-1], layout.style.escaped)}: {value}, "
    return Mistake(
        _spliced(layout, start, start, added), path, layout.spans[path].start + len(added)
    )


def unclosed(draw: st.DrawFn, payload: Json, layout: Layout) -> Mistake:
    """A text that ends too early, or a wrong closing bracket."""
    variant = draw(st.sampled_from(("cut", "text", "bracket")))
    if variant == "cut":
        gap = draw(st.sampled_from(layout.gaps[1:-1]))
        cut = layout.text[: gap.at]
        return Mistake(cut, gap.within, len(cut.rstrip()))
    if variant == "bracket":
        mark = draw(st.sampled_from([one for one in layout.marks if one.text in "}]"]))
        other = {"}": "]", "]": "}"}[mark.text]
        return Mistake(_spliced(layout, mark.at, mark.at + 1, other), mark.path, mark.at)
    path = draw(st.sampled_from([one for one in places(payload) if _text_at(payload, one)]))
    span = layout.spans[path]
    ends = draw(st.sampled_from(("", "\n")))
    return Mistake(layout.text[: span.end - 1] + ends, path, span.value)


def escape(draw: st.DrawFn, payload: Json, layout: Layout) -> Mistake:
    """A control character or an invalid backslash in a string."""
    found = [one for one in paths_of(payload, "LookupValue") if _text_at(payload, one)]
    path = draw(st.sampled_from(found))
    # A tab at the end of one of several values would be a second mistake.
    payload = replaced(payload, (*path[:-1], "Operator"), "lik")
    payload = replaced(payload, path, value := "acme")
    layout = Layout(payload, draw(styles))
    span = layout.spans[path]
    written, decoded = draw(
        st.sampled_from(
            (("\t", "\t"), ("\x00", "\x00"), ("\x1f", "\x1f"), ("\\d", "\\d"), ("\\'", "'"))
        )
    )
    first = draw(st.booleans())
    place = span.value + 1 if first else span.end - 1
    fixed_payload = replaced(payload, path, decoded + value if first else value + decoded)
    text = _spliced(layout, place, place, written)
    stretch = (span.value, span.end + len(written))
    return Mistake(text, path, span.value, "safe", (stretch,), fixed_payload)


SYNTAX: Final[dict[str, TextMake]] = {
    "LQ101": not_json,
    "LQ102": not_utf8,
    "LQ103": too_deep,
    "LQ104": extra_comma,
    "LQ105": comment,
    "LQ106": missing_mark,
    "LQ107": quotes,
    "LQ108": unusual_whitespace,
    "LQ109": foreign_literal,
    "LQ110": duplicate_key,
    "LQ111": unclosed,
    "LQ112": escape,
}
