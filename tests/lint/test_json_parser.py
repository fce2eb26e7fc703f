"""Invalid JSON, and Python values that JSON cannot have."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, strategies as st

from leadquery import check
from leadquery._util.text import describe_json, json_type_name
from leadquery.lint.json_parser import find_issues, repair

TEXT = (
    '{"Output": {"Type": "list", "IncludeCSV": "Phone"}, '
    '"Paging": {"PageIndex": 1, "PageSize": %s}}'
)
COLUMNS = (
    '{"Output": {"Type": "list", "IncludeCSV": %s}, "Paging": {"PageIndex": 1, "PageSize": 100}}'
)


def test_a_syntax_error_has_its_place() -> None:
    """Line and column."""
    [diagnostic] = check('{\n  "Output": \n}').diagnostics

    assert (diagnostic.line, diagnostic.column) == (3, 1)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a" * 61, f"'{'a' * 57}'…"),
        (True, "true"),
        (False, "false"),
        (None, "null"),
        ([], "a list"),
        ({}, "an object"),
        (1.5, "1.5"),
        (10**70, "a very large number"),
        (b"", "a Python bytes"),
    ],
)
def test_values_in_messages_are_short(value: object, text: str) -> None:
    """Texts and numbers are shortened; others are named by their type."""
    assert describe_json(value) == text


@pytest.mark.parametrize(("value", "expected"), [("", "text"), (1, "a number")])
def test_json_types_have_names(value: object, expected: str) -> None:
    assert json_type_name(value) == expected


def test_a_diagnostic_after_a_syntax_error_keeps_its_place() -> None:
    """Whatever was missing or extra before it."""
    text = (
        '// all\n{,"Output": {Type: \'list\' "IncludeCSV": ""},\n'
        '"Paging": {PageIndex: 1, "PageSize": 1},}'
    )
    found = [(diagnostic.code, diagnostic.line, diagnostic.column) for diagnostic in check(text)]

    assert found == [
        ("LQ105", 1, 1),
        ("LQ104", 2, 2),
        ("LQ107", 2, 14),
        ("LQ107", 2, 20),
        ("LQ106", 2, 27),
        ("LQ206", 2, 41),
        ("LQ107", 3, 12),
        ("LQ104", 3, 40),
    ]


@pytest.mark.parametrize(
    ("text", "repaired"),
    [
        ('["a"//x\n"b"]', '["a",\n"b"]'),
        ('["a"/*x*/"b"]', '["a","b"]'),
        ('["a"\xa0"b"]', '["a","b"]'),
        ('{"a"/*x*/1}', '{"a":1}'),
        ('{"a": 1;}', '{"a": 1}'),
        ('["a";]', '["a"]'),
        ('["a"; "b"]', '["a", "b"]'),
        ('["a"; /*x*/]', '["a" ]'),
        ("{-inf: 1}", '{"-inf": 1}'),
        ("{NaN: 1, True: 2}", '{"NaN": 1, "True": 2}'),
        ("[,,1,,2,,]", "[1,2]"),
    ],
)
def test_adjacent_mistakes_are_fixed(text: str, repaired: str) -> None:
    """Like mistakes apart."""
    found, readable = find_issues(text)

    assert readable
    assert repair(text, found) == repaired


@pytest.mark.parametrize(
    ("text", "repaired"),
    [
        (r'"it\'s"', '"it\'s"'),
        (r"'it\'s'", '"it\'s"'),
        (r"'say \"x\"'", r'"say \"x\""'),
        ("'say \"x\"'", r'"say \"x\""'),
        (r"“it\”s”", '"it”s"'),
        (r"'C:\\'", r'"C:\\"'),
        (r'"\d"', r'"\\d"'),
    ],
)
def test_escapes_of_other_languages(text: str, repaired: str) -> None:
    """An escaped quote is a quote; any other lone backslash is kept."""
    found, _ = find_issues(text)

    assert repair(text, found) == repaired


@pytest.mark.parametrize("text", ['"a\\\\\'b"', '"“it’s”"', r'"\u00e9\/\n"'])
def test_valid_json_escapes_are_no_mistake(text: str) -> None:
    assert find_issues(text) == ([], True)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("{", "$"),
        ('{"Output": {', "$.Output"),
        ('{"Output": {"Type": "list"', "$.Output"),
        ('{"Output": {"Type": "list",', "$.Output"),
        ('{"Output": {"Type": "list", "IncludeCSV"', "$.Output"),
        ('{"DateFilter": [{}, {"FromDate": 1', "$.DateFilter[1]"),
    ],
)
def test_a_text_that_ends_early_names_what_is_open(text: str, path: str) -> None:
    """The diagnostic is at the object or list that is not closed."""
    [diagnostic] = check(text)

    assert (diagnostic.code, diagnostic.path) == ("LQ111", path)


def test_a_semicolon_before_the_end_is_one_mistake() -> None:
    """It is extra there, not a comma."""
    text = '{"Output": {"Type": "list", "IncludeCSV": "Phone";}, "Paging": null}'
    [semicolon, _] = check(text)

    assert str(semicolon) == (
        "1:50: LQ104 error  $.Output\ntrailing semicolon; remove it   [fix: safe]"
    )


PIECES = st.lists(
    st.sampled_from(
        [
            *"{}[],:;=",
            *('"a"', "'b'", "“c”", "“d", "e", "1", "01", "-inf", "NaN", "True", "None", "null"),
            *("//x\n", "#y\n", "/*z*/", "\ufeff", "\xa0", " ", "\n", '"\t"', '"\\d"', '"', "\\"),
            *('"k": 1', "k: ", '{"a": 1}', "[1]", "{", "}", "[", "]", ",", ",", ":"),
        ]
    )
).map("".join)


@given(text=st.sampled_from(["{", "[", ""]).flatmap(lambda opener: PIECES.map(opener.__add__)))
def test_a_text_with_fixes_only_becomes_json(text: str) -> None:
    """Otherwise one mistake ended parsing."""
    found, readable = find_issues(text)
    if not readable:
        assert any(issue.replacement is None for issue in found)
    else:
        json.loads(repair(text, found))


@given(text=st.text(alphabet="{}[],:;=\"'“” \n\r\xa0\ufeffa1/*#\\") | PIECES)
def test_every_text_gets_a_report(text: str) -> None:
    """Each diagnostic is inside the text, or at its end."""
    report = check(text)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")

    assert len(report) > 0
    for diagnostic in report:
        assert diagnostic.line is not None
        assert diagnostic.column is not None
        assert 1 <= diagnostic.column <= len(lines[diagnostic.line - 1]) + 1


@pytest.mark.parametrize(
    ("text", "message", "column"),
    [
        ('{"a" ; 1}', "expected a colon, found ';'", 6),
        ('{"a", "b": 1}', "expected a colon, found ','", 5),
        ('{"a"}', "missing colon before '}'", 5),
        ('{"a": 1 . "b": 2}', "expected a comma, found '.'", 9),
        ('{"a": 1 = 2}', "expected a comma, found '='", 9),
        ("[1, ; 2]", "expected a value, found ';'", 5),
        ('{"a": ]', "missing value before ']'", 7),
    ],
)
def test_an_unexpected_token_without_a_fix(text: str, message: str, column: int) -> None:
    """The hint says what is expected."""
    [diagnostic] = check(text)

    assert (diagnostic.code, diagnostic.message, diagnostic.hint) == ("LQ101", message, None)
    assert (diagnostic.line, diagnostic.column, diagnostic.width) == (1, column, 1)


@pytest.mark.parametrize(
    ("text", "code", "message", "column"),
    [
        ("[" * 100_000, "LQ103", "the text is nested too deeply", 1_001),
        ('{"a": %s}' % ("1" * 4_301), "LQ101", "the number has too many digits", 7),
        ("{'a': %s}" % ("1" * 4_301), "LQ101", "the number has too many digits", 7),
    ],
)
def test_nesting_and_digits_are_limited(text: str, code: str, message: str, column: int) -> None:
    [diagnostic] = check(text)

    assert (diagnostic.code, diagnostic.message) == (code, message)
    assert (diagnostic.line, diagnostic.column) == (1, column)


@pytest.mark.parametrize(
    "encoding",
    ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"],
)
def test_wide_encodings_are_read(encoding: str) -> None:
    """With a byte order mark and without."""
    content = (TEXT % 1).encode(encoding)
    report = check(content)

    assert [one.message for one in report] == [f"the text is in {encoding[:6].upper()}, not UTF-8"]
    assert report.fixed() == (TEXT % 1).encode()


@pytest.mark.parametrize("content", [b"\0\0", b'{\0"', "{\0\0".encode("utf-16-le")])
def test_zero_bytes_alone_are_no_encoding(content: bytes) -> None:
    assert "LQ102" not in [one.code for one in check(content)]


@pytest.mark.parametrize(
    "rest",
    [";", ",", "}", "\0", " // end", "\n2026-01-31 12:00:00 INFO done\nexit 0\n", " 'x"],
)
def test_text_after_a_payload_is_removed(rest: str) -> None:
    """The payload before it is read."""
    report = check((TEXT % 0) + rest)
    found = {one.code: one for one in report}

    assert found.keys() == {"LQ309", "LQ105" if "//" in rest else "LQ101"}
    assert check(report.fixed()).diagnostics[0].code == "LQ309"
    assert report.fixed().startswith(TEXT % 0)


@pytest.mark.parametrize(
    "text", [f"{TEXT % 1}{TEXT % 2}", f"{TEXT % 1}, [1]", "x y", '"x" y', "1 2"]
)
def test_text_that_may_be_the_payload_is_not_removed(text: str) -> None:
    report = check(text)

    assert [one.code for one in report][-1] == "LQ101"
    assert not any(one.fix for one in report)


def test_a_text_that_python_may_not_read_is_one_diagnostic() -> None:
    """How deep Python reads depends on its version."""
    [diagnostic] = check("[" * 1_000 + "]" * 1_000)

    found = (diagnostic.code, diagnostic.column, diagnostic.width)
    assert found in {("LQ103", 1, 1), ("LQ204", 1, 2_000)}


def test_utf_16_that_is_cut_off_is_named() -> None:
    """Half a character cannot be read."""
    [diagnostic] = check((TEXT % 1).encode("utf-16")[:-1])

    assert (diagnostic.code, diagnostic.hint) == (
        "LQ102",
        "this looks like UTF-16; save it as UTF-8",
    )


def test_a_number_with_the_most_digits_is_parsed() -> None:
    """It is reported as too large."""
    [diagnostic] = check(TEXT % ("1" * 4_300))

    assert (diagnostic.code, diagnostic.column, diagnostic.width) == (
        "LQ309",
        TEXT.index("%") + 1,
        4_300,
    )


@pytest.mark.parametrize("many", [57, 58])
def test_a_long_text_is_not_repeated(many: int) -> None:
    """A hint would be longer than the text."""
    text = "x" * many
    messages = [one.hint for one in check(COLUMNS % f"'{text}'") if one.code == "LQ107"]

    assert messages == [f'write "{text}"' if many == 57 else None]


@pytest.mark.parametrize(
    ("columns", "fixed"),
    [
        ('["é"]', '"é"'),
        ('["é\\u200b"]', '"\\u00e9\\u200b"'),
        ('"Phone", "GroupBy": "a"', '"Phone"'),
        ('"Phone", "GroupBy": "a", "AggregateField": "b"', '"Phone"'),
    ],
)
def test_a_fix_escapes_invisible_characters(columns: str, fixed: str) -> None:
    """Only those."""
    assert check(COLUMNS % columns).fixed(unsafe=True) == COLUMNS % fixed


def test_removing_the_first_keys_removes_their_commas() -> None:
    text = COLUMNS.replace('"Type"', '"GroupBy": "a", "AggregateField": "b", "Type"') % '"Phone"'

    assert check(text).fixed(unsafe=True) == COLUMNS % '"Phone"'


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("{\"Output\": {'Type': 5}}", "'Type'"),
        ('{"Output": {"Type": None}}', "None"),
        ('{"Output": {"Type" 5}}', "5"),
        ('{"Output": {"Type": 5 "IncludeCSV": 5}}', '"IncludeCSV"'),
        ('{"Output": {"Type": 5,, "IncludeCSV": 5}}', ","),
        ('{"Output": {"Type" = 5}}', "="),
    ],
)
def test_a_syntax_error_is_marked_completely(text: str, marked: str) -> None:
    """Also if more follows in its line."""
    [issue] = [one for one in check(text) if one.code.startswith("LQ1")]

    assert issue.column is not None
    assert issue.width is not None
    assert text[issue.column - 1 :][: issue.width] == marked


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_comment_is_removed_with_its_line_or_the_blanks_before_it(end: str) -> None:
    """What it leaves is as if it had never been there."""
    clean = json.dumps(json.loads(TEXT % 5), indent=2).replace("\n", end) + end
    lines = clean.split(end)
    commented = end.join(
        [
            "// what it is for",
            f"{lines[0]}\t// the body",
            f"  /* first */{end}\t# second",
            *lines[1:4],
            f"{lines[4]} /* a */ // b",
            f"{lines[5]}/* c */ ",
            *lines[6:],
        ]
    )

    assert check(commented + "# end").fixed() == clean


def test_a_comment_within_a_line_leaves_its_blanks() -> None:
    assert check((TEXT % 5).replace(": {", ": /* a *//* b */ {")).fixed() == (TEXT % 5).replace(
        ": {", ":  {"
    )


@pytest.mark.parametrize("text", ["hello", "hello world", "None", "NaN", "0x1F", "2026-01-31"])
def test_a_bare_word_is_no_payload(text: str) -> None:
    """With quotes it would be none, either, so nothing is fixed."""
    found = text.partition(" ")[0]
    report = check(f"{text}\n")

    message = f"expected an object, found {found!r}"
    assert [(one.code, one.message, one.fix) for one in report] == [("LQ101", message, None)]
    assert report.fixed() == f"{text}\n"


@pytest.mark.parametrize(
    "value", [">=", "=", "<>", "!=", "==", "2026-01-31 23:59:59", "2026-01-31T23:59:59.000Z"]
)
def test_an_operator_or_a_moment_without_quotes_gets_them(value: str) -> None:
    report = check(COLUMNS % value)

    assert report.diagnostics[0].message == "missing quotes"
    assert find_issues(COLUMNS % value)[0][0].replacement == f'"{value}"'


def test_arrows_of_other_languages_are_read_as_colons() -> None:
    report = check((TEXT % 5).replace(":", " =>"))

    assert {one.message for one in report} == {"expected a colon, found '=>'"}
    assert json.loads(report.fixed()) == json.loads(TEXT % 5)
