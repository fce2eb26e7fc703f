"""Texts and bytes that are no JSON, and values of kinds that no text holds."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, strategies as st

from leadquery import check
from leadquery._util.text import describe_json, json_type_name
from leadquery.lint.json_parser.parser import find_issues, repair

TEXT = (
    '{"Output": {"Type": "list", "IncludeCSV": "Phone"}, '
    '"Paging": {"PageIndex": 1, "PageSize": %s}}'
)
COLUMNS = (
    '{"Output": {"Type": "list", "IncludeCSV": %s}, "Paging": {"PageIndex": 1, "PageSize": 100}}'
)


def test_a_text_problem_has_its_place() -> None:
    """What is not JSON is named at its line and column."""
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
def test_a_value_is_shown_in_the_words_of_people(value: object, text: str) -> None:
    """Texts and numbers are shown, shortened; the rest by its kind."""
    assert describe_json(value) == text


@pytest.mark.parametrize(("value", "expected"), [("", "text"), (1, "a number")])
def test_kinds_have_names(value: object, expected: str) -> None:
    """A text is text, and a number a number."""
    assert json_type_name(value) == expected


def test_a_diagnostic_after_a_syntax_error_keeps_its_place() -> None:
    """What was left out or put in before a place does not move it."""
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
def test_slips_that_meet_are_read_on_behind(text: str, repaired: str) -> None:
    """Two slips at one place are mended like two slips apart."""
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
def test_escapes_of_other_languages_are_read_as_meant(text: str, repaired: str) -> None:
    """A quote needs its backslash in one language only; any other lone backslash stands itself."""
    found, _ = find_issues(text)

    assert repair(text, found) == repaired


@pytest.mark.parametrize("text", ['"a\\\\\'b"', '"“it’s”"', r'"\u00e9\/\n"'])
def test_valid_json_escapes_are_no_mistake(text: str) -> None:
    """Quotes of other languages, and the escapes of JSON, stand as they are."""
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
    """The place of a lost end is the object or the list that it should close."""
    [diagnostic] = check(text)

    assert (diagnostic.code, diagnostic.path) == ("LQ111", path)


def test_a_semicolon_before_the_end_is_one_mistake() -> None:
    """Where nothing follows, it is too much, and stands for no comma."""
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
def test_what_is_read_on_behind_is_json(text: str) -> None:
    """A text whose slips are all mended is JSON; of any other, one slip ended the reading."""
    found, readable = find_issues(text)
    if not readable:
        assert any(issue.replacement is None for issue in found)
    else:
        json.loads(repair(text, found))


@given(text=st.text(alphabet="{}[],:;=\"'“” \n\r\xa0\ufeffa1/*#\\") | PIECES)
def test_every_text_gets_an_answer(text: str) -> None:
    """Each problem points into the text, and to its end at most."""
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
def test_a_mark_that_cannot_be_mended_is_named(text: str, message: str, column: int) -> None:
    """With what belongs in its place."""
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
def test_what_cannot_be_read_is_named_at_its_place(
    text: str, code: str, message: str, column: int
) -> None:
    """Too deep, or with too many digits."""
    [diagnostic] = check(text)

    assert (diagnostic.code, diagnostic.message) == (code, message)
    assert (diagnostic.line, diagnostic.column) == (1, column)


def test_a_number_of_as_many_digits_as_can_be_read_is_read() -> None:
    """It is too large all the same, for what it stands for."""
    [diagnostic] = check(TEXT % ("1" * 4_300))

    assert (diagnostic.code, diagnostic.column, diagnostic.width) == (
        "LQ309",
        TEXT.index("%") + 1,
        4_300,
    )


@pytest.mark.parametrize("many", [57, 58])
def test_a_long_text_is_not_repeated(many: int) -> None:
    """Of 58 letters and two quotes the hint would be longer than what it is about."""
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
def test_a_fix_writes_what_can_be_read(columns: str, fixed: str) -> None:
    """As it stands in the text, and spelt out where it cannot be seen."""
    assert check(COLUMNS % columns).fixed(unsafe=True) == COLUMNS % fixed


def test_the_first_keys_go_with_the_commas_behind_them() -> None:
    """What is left is JSON, whatever goes."""
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
    """Where more stands behind it in its line, too."""
    [issue] = [one for one in check(text) if one.code.startswith("LQ1")]

    assert issue.column is not None
    assert issue.width is not None
    assert text[issue.column - 1 :][: issue.width] == marked
