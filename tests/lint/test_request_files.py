"""Files of requests: which bodies are read, where they are, and what is written back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from leadquery import check
from leadquery.lint import fixes
from leadquery.lint.checked_file import CheckedFile
from leadquery.lint.fixes import Replacement, replace
from leadquery.lint.request_files import RequestFile, read_requests
from leadquery.lint.request_files.checking import UNREADABLE, check_body
from leadquery.lint.request_files.curl import UNKNOWN
from leadquery.lint.request_files.embedded import from_json
from tests import request_files
from tests.request_files import (
    COMMANDS,
    DOCUMENTS,
    OTHER_URL,
    URL,
    checked,
    checked_body,
    document,
    places,
    postman_request,
    read,
    replaced,
)

PAGING = '"Paging": {"PageIndex": 1, "PageSize": 100}'
CLEAN = '{"Output": {"Type": "list", "IncludeCSV": "Phone"}, ' + PAGING + "}"
WRONG = (
    '{\n  "ReportFilter": {"LeadFilters": [\n'
    '    {"LookUpName": "mx_City", "LookUpValue": "D\'Arc é😀 \\"x\\" 5% $a `b`", '
    '"SqlOperator": "LIKE"}\n  ]},\n'
    '  "Output": {"Type": "list", "IncludeCSV": "Phone"},\n  ' + PAGING + "\n}"
)
FIXED = WRONG.replace('"LIKE"', '"lik"')


def texts(file: RequestFile) -> list[str | None]:
    return [body.text.text if body.text else None for body in file.bodies]


def as_written(file: CheckedFile) -> str:
    """The only body of a file, with its variables."""
    [payload] = file.payloads
    assert payload.text is not None
    return payload.text.as_written


FILES = [
    *((kind, document(kind, CLEAN, WRONG)) for kind in DOCUMENTS),
    *((f"{kind}, indented", document(kind, CLEAN, WRONG, indent=2)) for kind in DOCUMENTS),
    *(
        (f"{kind}, as it is", document(kind, CLEAN, WRONG, ensure_ascii=False))
        for kind in DOCUMENTS
    ),
    *((kind, write(CLEAN) + "\n" + write(WRONG)) for kind, write in COMMANDS.items()),
]


@pytest.mark.parametrize("text", [text for _, text in FILES], ids=[kind for kind, _ in FILES])
def test_a_body_is_read_corrected_and_written_back(text: str) -> None:
    """Its diagnostics are where the file has the mistake, and only that changes."""
    file = read(text)
    assert [body and body.strip() for body in texts(file)] == [CLEAN, WRONG]
    clean, wrong = checked(text).payloads
    assert clean.report.diagnostics == ()
    [found] = wrong.report
    place = wrong.placed(found)
    assert place.line is not None
    assert place.column is not None

    line = text.split("\n")[place.line - 1]
    assert "LIKE" in line[place.column - 1 :][: place.width]
    assert line[: place.column - 1].endswith(('SqlOperator\\": ', '"SqlOperator": ', '": ', "^: "))

    fixed = checked(text).fixed()
    assert fixed.content == text.replace("LIKE", "lik")
    assert fixed.requests is not None
    assert places(fixed.requests) == places(read(fixed.content))
    assert [one.fixed for one in fixed.payloads] == [(), (place,)]


@pytest.mark.parametrize(
    "write", [request_files.curl_doubled, request_files.curl_cmd, request_files.curl_powershell]
)
def test_curl_on_windows(write: Callable[[str], str]) -> None:
    """The words of a line end, and lines go on, as cmd.exe and PowerShell have it."""
    for text in (write(CLEAN), write(CLEAN).replace("\n", "\r\n")):
        assert texts(read(text)) == [CLEAN]


def test_a_byte_order_mark_stays() -> None:
    text = "\ufeff" + document("postman", WRONG)

    assert texts(read(text)) == [WRONG]
    assert checked(text).fixed().content == text.replace("LIKE", "lik")


def test_one_character_is_one_character_in_the_file() -> None:
    text = CLEAN.rstrip().removesuffix("}") + ",}"
    payload = checked_body(document("postman", text))
    [found] = [one for one in payload.report if one.width == 1]

    assert payload.placed(found).width == 1


def test_names_and_other_apis() -> None:
    file = read(document("postman", CLEAN, CLEAN))

    assert [body.name for body in file.bodies] == ["Reports / Report 1", "Reports / Report 2"]
    assert (file.label, file.others) == ("a Postman collection", 1)
    assert [one.name for one in read(document("har", CLEAN)).bodies] == ["entry 1"]
    assert [one.name for one in read(document("n8n", CLEAN)).bodies] == ["Ask 1"]
    assert [one.name for one in read(request_files.curl_single(CLEAN)).bodies] == [""]


URLS = [
    (URL, "{}", True),
    ("{{host}}/leads//leaddistribution/filterbyleadfield", "{}", True),
    ("https://x/Leads%2FLeadDistribution/FilterByLeadField?a", "{}", True),
    ("{{host}}/Leads/NotContacted?a", "{}", True),
    ("https://x/Tasks/LeadsWithNoActiveTasks", "{}", True),
    ("{{url}}", CLEAN, True),
    ("https://proxy.example.com/report", '{"reportfilter": {', True),
    ("https://proxy.example.com/report", '{"date_filter": []}', True),
    ("https://proxy.example.com/report", '{"Output": {}}', False),
    ("https://proxy.example.com/report", '{"Parameter": {}}', False),
    (OTHER_URL, CLEAN, False),
    ("", "{}", False),
]


@pytest.mark.parametrize(("url", "body", "chosen"), URLS)
def test_requests_for_this_api(url: str, body: str, chosen: bool) -> None:
    """By the path of the URL, or by the keys of the body where the URL is of no other API."""
    file = read(json.dumps({"item": [{"name": "x", "request": postman_request(body, url)}]}))

    assert (len(file.bodies), file.others) == ((1, 0) if chosen else (0, 1))


NOTES = [
    ({"mode": "formdata", "formdata": []}, "its body is in the mode 'formdata', not 'raw'"),
    ({"mode": "raw", "raw": " "}, "it has no body"),
    ({"mode": "raw", "raw": CLEAN, "disabled": True}, "its body is disabled"),
    (None, "it has no body"),
    (
        {"mode": "raw", "raw": "{{body}}"},
        "its body is a variable or an expression; check what it stands for",
    ),
]


@pytest.mark.parametrize(("body", "note"), NOTES)
def test_why_a_body_of_postman_is_not_checked(body: Any, note: str) -> None:
    request = {"url": {"path": ["Leads", "LeadDistribution", "FilterByLeadField"]}, "body": body}
    [found] = read(json.dumps({"item": [{"request": request}]})).bodies

    assert (found.text, found.note) == (None, note)


PARAMETERS = [
    ({"sendBody": False, "jsonBody": CLEAN}, "its body is not sent: 'sendBody' is false"),
    (
        {"specifyBody": "keypair", "jsonBody": "x", "bodyParameters": {"parameters": [{}]}},
        "its body is given field by field; give it as JSON",
    ),
    (
        {"bodyParametersUi": {"parameter": [{}]}},
        "its body is given field by field; give it as JSON",
    ),
    ({}, "it has no body"),
    (
        {"jsonBody": "={{ JSON.stringify($json) }}"},
        "its body is a variable or an expression; check what it stands for",
    ),
]


@pytest.mark.parametrize(("parameters", "note"), PARAMETERS)
def test_why_a_body_of_n8n_is_not_checked(parameters: Any, note: str) -> None:
    flow = {"nodes": [{"name": "Ask", "parameters": {"url": URL, **parameters}}]}
    [found] = read(json.dumps(flow)).bodies

    assert (found.text, found.note) == (None, note)


def test_other_bodies_that_are_not_checked() -> None:
    posted = {"text": "eyJPdXRwdXQiOg==", "encoding": "base64"}
    requests = [{"url": URL, "postData": posted}, {"url": URL, "method": "OPTIONS"}, {"url": URL}]
    found = read(json.dumps({"log": {"entries": [{"request": one} for one in requests]}}))
    assert [one.note for one in found.bodies] == [
        "its body is in Base64; write it as text",
        "it has no body",
    ]
    resource = {"_type": "request", "url": URL}
    [one] = read(json.dumps({"_type": "export", "resources": [resource]})).bodies
    assert one.note == "it has no body"
    [_, one] = read(json.dumps({"requests": [{"rawModeData": CLEAN}, {"url": URL}]})).bodies
    assert one.note == "it has no body"


COMMAND_NOTES = [
    ('-d "$BODY"', "its body is a variable or an expression; check what it stands for"),
    ('-d "$(cat body.json)"', "its body is a variable or an expression; check what it stands for"),
    ("-d @body.json", "its body is in 'body.json'; check that file"),
    ("--data @- --compressed", "its body is in '-'; check that file"),
    ("-d '{' -d '}'", "its body is given by several options, which curl joins; give it by one"),
    ("--data-urlencode a=b", "its body is sent as a form; give it with '--data-raw'"),
    ("-F a=b", "its body is sent as a form; give it with '--data-raw'"),
    ("--form a=b", "its body is sent as a form; give it with '--data-raw'"),
    ("--form-string a=b", "its body is sent as a form; give it with '--data-raw'"),
    ("", "it has no body"),
    ("-d", "it has no body"),
]


@pytest.mark.parametrize(("options", "note"), COMMAND_NOTES)
def test_why_a_body_of_curl_is_not_checked(options: str, note: str) -> None:
    [found] = read(f"curl '{URL}' {options}").bodies

    assert (found.text, found.note) == (None, note)


OPTIONS = [
    "curl -X POST --url '{url}' --data='{body}'",
    "curl -H 'A: {{' -u a:b --max-time 5 -k -o out.json '{url}' -d '{body}'",
    "curl --data-binary '{body}' -- '{url}' # a comment",
    "result=$(curl '{url}' -d '{body}')",
    "cat x | curl '{url}' -d '{body}' | jq .",
    "# curl here\n> curl '{url}' -d '{body}' && echo ok",
    'curl {bare} -d "{escaped}"',
    "curl.exe --insecure '{url}' --json '{body}' > out.json",
    "curl '{url}' --data-raw '@{body}' ; curl '{url}' -d '{body}'",
]


@pytest.mark.parametrize("command", OPTIONS)
def test_options_of_curl(command: str) -> None:
    text = command.replace("{url}", URL).replace("{body}", CLEAN)
    text = text.replace("{escaped}", CLEAN.replace('"', '\\"')).replace("{bare}", URL.split("?")[0])

    assert texts(read(text))[-1] == CLEAN


def test_variables_of_a_shell_are_unknown() -> None:
    body = '{"Output": {"Type": "list", "IncludeCSV": "$COLUMNS"}, "Paging": ${PAGING}}'
    text = f"curl '{URL}' -d \"{body.replace(chr(34), chr(92) + chr(34))}\""
    [found] = read(text).bodies
    assert found.text is not None

    assert [*found.text.unknown.values()] == ["$COLUMNS", "${PAGING}"]
    assert check_body(found, check) == check(found.text.text).__class__(found.text.text)
    assert found.text.as_written == body


TEMPLATES = {
    "LookUpName": '"{{name}}"',
    "SqlOperator": '"{{ operator }}"',
    "LookUpValue": '{{ $json["value"] }}',
    "FromDate": '"{{from}}"',
    "PageSize": "{{size}}",
    "IncludeCSV": '"{{columns}}, Phone"',
}
TEMPLATED = """{
  "ReportFilter": {"LeadFilters": [
    {"LookUpName": NAME, "LookUpValue": VALUE, "SqlOperator": OPERATOR},
    {"LookUpName": "Score", "LookUpValue": "5", "SqlOperator": "gte"},
    {"LookUpName": "Score", "LookUpValue": "{{a}}", "SqlOperator": "="},
    {"LookUpName": "Score", "LookUpValue": "{{b}}", "SqlOperator": "="}
  ]},
  "DateFilter": [{"DateField": "LeadCreatedOn", "FromDate": FROM, "ToDate": "2026-01-31 00:00:00"}],
  "Output": {"type": "list", "IncludeCSV": COLUMNS},
  "Paging": {"PageIndex": 1, "PageSize": SIZE}
}"""


def templated() -> str:
    text = TEMPLATED
    for key, value in TEMPLATES.items():
        mark = {"LookUpName": "NAME", "LookUpValue": "VALUE", "SqlOperator": "OPERATOR"}
        mark |= {"FromDate": "FROM", "PageSize": "SIZE", "IncludeCSV": "COLUMNS"}
        text = text.replace(mark[key], value)
    return text


@pytest.mark.parametrize("kind", ["postman", "n8n expression", "insomnia"])
def test_what_does_not_depend_on_variables_is_checked(kind: str) -> None:
    """And fixed, while the variables stay as they are."""
    text = document(kind, templated())

    assert [one.path for one in checked_body(text).report] == [
        "$.ReportFilter.LeadFilters[1].SqlOperator",
        "$.Output.type",
    ]
    expected = templated().replace('"gte"', '">="').replace('"type"', '"Type"')
    assert checked(text).fixed(unsafe=True).content == document(kind, expected)


def test_without_variables_a_file_is_literal() -> None:
    """A HAR file has what was sent."""
    body = CLEAN.replace("Phone", "{{columns}}")
    [found] = read(document("har", body)).bodies

    assert found.text is not None
    assert not found.text.unknown


def test_a_variable_behind_a_backslash() -> None:
    """The client replaces it, whatever JSON says of the backslash."""
    [found] = read(document("postman", CLEAN.replace("Phone", "\\{{x}}"))).bodies

    assert found.text is not None
    assert [*found.text.unknown.values()] == ["{{x}}"]


def test_a_body_that_is_no_json_with_its_variables() -> None:
    [found] = read(document("postman", '{"Output": {{a}}{{b}}, {{members}}}')).bodies

    assert check_body(found, check) == UNREADABLE


def test_a_key_that_is_unknown() -> None:
    """What is missing beside it may be there."""
    payload = checked_body(document("postman", '{"{{key}}": 1, ' + PAGING + "}"))

    assert not payload.report.diagnostics


def test_a_body_of_a_sibling_api_is_translated_with_its_variables() -> None:
    body = (
        '{"Parameter": {"LookupName": "Score", "LookupValue": "{{value}}", "SqlOperator": ">"}, '
        '"Columns": {"Include_CSV": "Phone"}, ' + PAGING + "}"
    )
    fixed = checked(document("postman", body)).fixed(unsafe=True)

    assert '"LookUpValue": "{{value}}"' in as_written(fixed)
    assert '\\"{{value}}\\"' in fixed.content


@pytest.mark.parametrize(
    "text",
    [
        CLEAN,
        '{"item": 1}',
        '{"log": {"entries": 1}}',
        '{"nodes": [1, {"a": 1}]}',
        '{"resources": []}',
        '{"collection": {"item": 1}, "requests": [1]}',
        "[]",
        '{"item": [}',
        '{"item": ' + "[" * 100_000,
        "curling",
        "# curl\n{}",
        "",
        '{"item": [], "Output": {}}',
    ],
)
def test_other_files(text: str) -> None:
    assert read_requests(text.encode()) is None
    assert read_requests(b"\xff" + text.encode()) is None


def test_a_deep_collection() -> None:
    """Its folders are read, or the file is left to what reports that it is too deep."""
    item: Any = {"name": "x", "request": postman_request(WRONG)}
    for _ in range(300):
        item = {"name": "f", "item": [item]}

    assert texts(read(json.dumps(item))) == [WRONG]
    text = '{"item": [' * 900 + json.dumps({"request": postman_request(WRONG)}) + "]}" * 900
    found = read_requests(text.encode())
    assert found is None or texts(found) == [WRONG]


def test_a_text_is_changed_at_its_ends_and_between_quotes() -> None:
    file = read(f"curl '{URL}' -d '{{\"Output\": '\"\\\"a\\\"\"', 1}}'")
    assert texts(file) == ['{"Output": "a", 1}']
    end = len('{"Output": "a", 1}')
    changed = replaced(
        file,
        [
            Replacement(9, 15, "overlaps"),
            Replacement(16, 17, "b's"),
            Replacement(end, end, '"\'"'),
        ],
    )

    assert texts(read(changed)) == ['{"Output"overlaps b\'s}"\'"']


def test_an_unknown_value_is_not_written_over() -> None:
    literal = '"a\\u00e9 {{x}} b"'
    text = from_json(literal, 0, len(literal)).with_unknown(re.compile("{{x}}"))
    at = text.text.index("LEAD")

    for span in [(at, at + 3), (at + 3, at + 4), (at, at + len(text.text))]:
        with pytest.raises(ValueError, match="x"):
            text.written_replacement(Replacement(*span, "y"))
    change = text.written_replacement(Replacement(at - 2, len(text.text), "-"))
    assert replace(literal, [change]) == '"a\\u00e9-"'
    assert text.span(1, 2) == (2, 8)
    assert UNKNOWN.pattern == "\0"


def test_a_text_is_not_replaced_from_within_an_escape() -> None:
    """A program of Windows reads two backslashes and a quote together."""
    [body] = read(request_files.curl_carets('{"a": "x\\\\"}')).bodies
    assert body.text is not None
    at = body.text.text.index("\\")

    for span in [(0, at + 1), (at + 1, at + 3)]:
        with pytest.raises(ValueError, match=r"\\"):
            body.text.written_replacement(Replacement(*span, "y"))


@pytest.mark.parametrize(
    "body",
    [
        '{"Output": {"Type": ',
        f"payload = {CLEAN}",
    ],
)
def test_what_cannot_be_corrected_stays(body: str) -> None:
    text = document("har", body)
    assert not checked_body(text).report.ok

    assert checked(text).fixed(unsafe=True).content == text


def test_what_can_be_corrected_is_fixed_beside_what_cannot() -> None:
    """As in a payload."""
    body = '{"Output": {"type": "list", "IncludeCSV": "Phone"}, "Paging": {"PageIndex": 0x1}}'

    assert as_written(checked(document("har", body)).fixed()) == check(body).fixed() != body


def test_rounds_of_fixing_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is no JSON takes one, and what is wrong in JSON another."""
    text = document("har", CLEAN.replace('"Type"', '"type"').replace("100}", "100,}"))
    monkeypatch.setattr(fixes, "MAX_FIX_ROUNDS", 1)

    fixed = checked(text).fixed()

    assert as_written(fixed) == CLEAN.replace('"Type"', '"type"')
    [payload] = fixed.payloads
    assert [[one.code for one in found] for found in (payload.fixed or (), payload.report)] == [
        ["LQ104"],
        ["LQ202"],
    ]


@pytest.mark.parametrize("comment", ['// 5" wide', '# 5" wide', '/* 5"\n{{x}} */', "// {{x}}"])
def test_quotes_in_a_comment_do_not_count(comment: str) -> None:
    """Postman allows comments in a body; a variable behind one is still fixed around."""
    body = CLEAN.replace("{", "{" + comment + "\n", 1).replace("100", "{{size}}")
    text = document("postman", body.replace('"Phone"', '"//{{host}}"'))
    payload = checked_body(text)

    assert [one.code for one in payload.report] == ["LQ105"]
    assert payload.text is not None
    assert [*payload.text.unknown.values()] == ["{{host}}", "{{size}}"]
    assert as_written(checked(text).fixed()) == body.replace(comment, "").replace(
        "Phone", "//{{host}}"
    )


def test_unclear_quotes_are_corrected_first() -> None:
    """With one double quote in single quotes, what follows is not known to be in quotes."""
    body = '{\'5" a\': 1, "Output": {{output}}, ' + PAGING + "}"
    text = document("postman", body)
    assert checked_body(text).report.summary() == "2 errors; 1 can be fixed"

    fixed = checked(text).fixed()

    assert as_written(fixed) == body.replace("'5\" a'", '"5\\" a"')
    [payload] = fixed.payloads
    assert [one.code for one in payload.fixed or ()] == ["LQ107"]


def test_text_that_is_no_json_is_corrected_first() -> None:
    body = (
        CLEAN.replace('"list"', '"LIKE",').replace('"Phone"}', '"Phone",}').replace("LIKE", "lst")
    )
    body = body.replace('"lst",,', '"lst",')
    fixed = checked(document("postman", body)).fixed(unsafe=True)
    [payload] = fixed.payloads

    assert as_written(fixed) == CLEAN
    assert [one.code for one in payload.fixed or ()][-1] == "LQ301"


def test_a_fix_that_would_write_over_a_variable_is_none() -> None:
    """The single object with a variable in it has no list around it; that can be added."""
    body = (
        '{"DateFilter": {{dates}}, "ReportFilter": {"LeadFilters": [{"LookUpName": "Score", '
        '"LookUpValue": {"{{a}}": 1}, "SqlOperator": "="}]}, '
        '"Output": {"Type": "list", "IncludeCSV": ["{{a}}", "Phone"]}, ' + PAGING + "}"
    )

    assert "{{dates}}" in as_written(checked(document("postman", body)).fixed(unsafe=True))


@pytest.mark.parametrize(
    "text",
    [
        f"curl '{URL}' -d '{{",
        f"curl '{URL}' -d \"{{",
        f"curl '{URL}' -d $'{{",
        f"curl '{URL}' -d $'{{\\",
        f"curl '{URL}' -d \"{{\\",
        f"curl '{URL}' -d \\",
        f"curl '{URL}' -d @- <<END\n{{",
        f"curl -d '{{}}' \\\n '{URL.split('?')[0]}",
    ],
)
def test_a_command_that_ends_early(text: str) -> None:
    file = read_requests(text.encode())

    assert file is None or not [body for body in file.bodies if body.text]


def test_characters_that_a_shell_writes_by_number() -> None:
    body = CLEAN.replace("Phone", "\u00e9\U0001f600\x01a")
    text = f"curl '{URL}' -d $'" + CLEAN.replace("Phone", r"\u00e9\U1f600\x01\141") + "'"

    assert texts(read(text)) == [body]
    assert texts(read(text.replace("1f600", "ffffffff"))) != [body]


def test_a_body_that_is_an_object_of_the_document() -> None:
    text = json.dumps({"nodes": [{"parameters": {"url": URL, "jsonBody": json.loads(WRONG)}}]})

    assert checked(text).fixed().content == text.replace("LIKE", "lik")


def test_a_body_without_quotes() -> None:
    file = read(f"curl '{URL}' -d {{\\\"output\\\":1}}\n")
    [found] = file.bodies
    assert found.text is not None
    assert found.text.text == '{"output":1}'

    assert texts(read(replaced(file, [Replacement(1, 9, '"a b"')]))) == ['{"a b":1}']


def test_a_command_in_a_body_is_none() -> None:
    body = CLEAN.replace("Phone", "\ncurl -d x y\n")

    assert texts(read(request_files.curl_single(body))) == [body]


def test_a_comma_before_an_unknown_value_is_not_added() -> None:
    """It would be written where the variable is."""
    body = CLEAN.replace('"PageSize": 100', '"PageSize": 100, "X": [{{a}}{{b}}]')
    report = checked_body(document("postman", body)).report

    assert [one.fix for one in report if one.code == "LQ106"] == [None]


ESCAPES = [
    *(("n", "\n"), ("r", "\r"), ("t", "\t"), ("a", "\a"), ("b", "\b"), ("e", "\x1b")),
    *(("f", "\f"), ("x41", "A"), ("u00e9", "é"), ("U0001f600", "😀"), ("101", "A")),
    *(("\\", "\\"), ("'", "'"), ('"', '"')),
]


@pytest.mark.parametrize(("escape", "character"), ESCAPES)
def test_escapes_of_a_shell(escape: str, character: str) -> None:
    """In `$'…'`, as browsers copy a request."""
    [body] = read(f"curl '{URL}' -d $'[1,\\{escape}2]'").bodies

    assert body.text is not None
    assert body.text.text == f"[1,{character}2]"


@pytest.mark.parametrize("character", ["\n", "\r", "\t", "\\", "'", '"', "é", "$"])
def test_characters_are_escaped_for_a_shell(character: str) -> None:
    file = read(f"curl '{URL}' -d $'[\\n2]'")

    changed = replaced(file, [Replacement(1, 1, character)])

    assert "\n" not in changed
    assert texts(read(changed)) == [f"[{character}\n2]"]


def test_a_body_that_is_empty_is_where_it_would_be() -> None:
    text = f"curl '{URL}' -d ''\n"
    payload = checked_body(text)
    [found] = payload.report

    assert payload.placed(found).column == text.index(" ''") + 2


def test_the_other_place_that_a_message_names_is_in_the_file() -> None:
    first = '{"LookUpName": "Score", "LookUpValue": "5", "SqlOperator": "="}'
    filters = f'{{"ReportFilter": {{"LeadFilters": [\n{first}, {first}]}},\n {CLEAN[1:]}'
    text = request_files.curl_single(filters)
    payload = checked_body(text)
    [found] = payload.report

    related = payload.placed(found).related
    assert related is not None
    assert related.line is not None
    assert related.column is not None
    line = text.split("\n")[related.line - 1]
    assert line[related.column - 1 :][: related.width] == first
    assert related.column < (payload.placed(found).column or 0)


def test_joined_lines_in_quotes_of_a_shell_stay() -> None:
    body = CLEAN.replace("Type", "ty\\\npe").replace('"', '\\"')
    text = f"curl '{URL}' -d \"{body}\""
    assert texts(read(text)) == [CLEAN.replace("Type", "type")]

    fixed = checked(text).fixed().content

    assert texts(read(fixed)) == [CLEAN]
    assert fixed.count("\\\n") == 1


@pytest.mark.parametrize("unclosed", ['"{\\', "\"{'}", "$'{\\", "$'{}", "'{}", "\\"])
def test_a_quote_that_is_not_closed_ends_the_command(unclosed: str) -> None:
    [found] = read(f"curl '{URL}' -d {unclosed}").bodies

    assert (found.text, found.note) == (None, "it has no body")


def test_a_command_of_windows_may_end_in_a_space() -> None:
    command = request_files.curl_carets(CLEAN).rstrip("\n")
    for end in ("", " ", "\t \n"):
        [body] = read(command + end).bodies

        assert body.text is not None
        assert body.text.text == CLEAN


def test_a_body_of_curl_may_be_empty_or_have_a_variable() -> None:
    [empty] = read(f"curl '{URL}' -d ''").bodies
    [variable] = read(f"curl '{URL}' -d \"[$BODY]\"").bodies

    assert empty.text is not None
    assert empty.text.text == ""
    assert variable.text is not None
    assert [*variable.text.unknown.values()] == ["$BODY"]


def test_an_unknown_value_is_not_divided() -> None:
    [found] = read(document("postman", CLEAN.replace("100", "{{size}}"))).bodies
    assert found.text is not None
    at = found.text.text.index(next(iter(found.text.unknown)))

    with pytest.raises(ValueError, match="size"):
        found.text.written_replacement(Replacement(at + 1, at + 2, "x"))


@pytest.mark.parametrize("text", ['{"a": "x\\\\"}', '{"a": "\\""}', '{"a": "\\\\\\"x\\\\\\\\"}'])
def test_backslashes_before_quotes_in_a_command_of_windows(text: str) -> None:
    [body] = read(request_files.curl_carets(text)).bodies

    assert body.text is not None
    assert body.text.text == text
