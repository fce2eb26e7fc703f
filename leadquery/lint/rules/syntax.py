"""LQ1xx: text that is not JSON."""

from __future__ import annotations

from typing import Final

from leadquery.lint.rules.base import Certainty, Rule, Severity
from leadquery.lint.rules.examples import (
    LIST,
    lead_filters,
)

NOT_JSON: Final = Rule(
    code="LQ101",
    name="not-json",
    severity=Severity.ERROR,
    title="the text is not JSON",
    rationale="The body of the call is one JSON object.",
    spec_section="JSON Body",
    certainty=Certainty.STATED,
    bad='{"Output": }',
    good=LIST,
)

NOT_UTF8: Final = Rule(
    code="LQ102",
    name="not-utf8",
    severity=Severity.ERROR,
    title="the bytes are not UTF-8",
    rationale="JSON is sent as UTF-8.",
    spec_section="JSON Body",
    certainty=Certainty.SEEN,
    bad='{"Output": {"Type": "list", "IncludeCSV": "mx_Caf\udce9"}}',
    good='{"Output": {"Type": "list", "IncludeCSV": "mx_Café"}}',
)

TOO_DEEP: Final = Rule(
    code="LQ103",
    name="too-deep",
    severity=Severity.ERROR,
    title="nested too deeply",
    rationale="No report needs more than a few levels of groups.",
    spec_section="User Filter",
    certainty=Certainty.INFERRED,
    bad="[" * 100_000 + "]" * 100_000,
    good=LIST,
)

EXTRA_COMMA: Final = Rule(
    code="LQ104",
    name="extra-comma",
    severity=Severity.ERROR,
    title="an extra comma",
    rationale=(
        "JSON allows commas only between entries, not before the first or after the last one."
    ),
    spec_section="JSON Body",
    certainty=Certainty.STATED,
    bad='{"Output": {"Type": "list", "IncludeCSV": "Phone",}}',
    good=LIST,
)

COMMENT: Final = Rule(
    code="LQ105",
    name="comment",
    severity=Severity.ERROR,
    title="a comment",
    rationale="JSON has no comments.",
    spec_section="JSON Body",
    certainty=Certainty.STATED,
    bad='{"Output": {"Type": "list", "IncludeCSV": "Phone"}  // all leads\n}',
    good=LIST,
)

MISSING_PUNCTUATION: Final = Rule(
    code="LQ106",
    name="missing-punctuation",
    severity=Severity.ERROR,
    title="a missing comma or colon",
    rationale="A comma separates two entries, a colon a key from its value.",
    spec_section="JSON Body",
    certainty=Certainty.STATED,
    bad='{"Output": {"Type": "list" "IncludeCSV": "Phone"}}',
    good=LIST,
)

INVALID_QUOTES: Final = Rule(
    code="LQ107",
    name="invalid-quotes",
    severity=Severity.ERROR,
    title="missing quotes, or other quotes than JSON allows",
    rationale="Keys and text are enclosed in straight double quotes.",
    spec_section="JSON Body",
    certainty=Certainty.STATED,
    bad='{"Output": {\'Type\': "list", "IncludeCSV": "Phone"}}',
    good=LIST,
)

INVALID_WHITESPACE: Final = Rule(
    code="LQ108",
    name="invalid-whitespace",
    severity=Severity.ERROR,
    title="a byte-order mark, or whitespace that JSON does not allow",
    rationale=(
        "JSON allows four whitespace characters between values: space, tab and the two line ends."
    ),
    spec_section="JSON Body",
    certainty=Certainty.STATED,
    bad='{"Output":\xa0{"Type": "list", "IncludeCSV": "Phone"}}',
    good=LIST,
)

INVALID_LITERAL: Final = Rule(
    code="LQ109",
    name="invalid-literal",
    severity=Severity.ERROR,
    title="a literal of another language",
    rationale="JSON has true, false and null, but no NaN or infinity.",
    spec_section="JSON Body",
    certainty=Certainty.STATED,
    bad='{"Paging": {"PageIndex": 1, "PageSize": NaN}}',
    good='{"Paging": {"PageIndex": 1, "PageSize": 100}}',
)

DUPLICATE_KEY: Final = Rule(
    code="LQ110",
    name="duplicate-key",
    severity=Severity.ERROR,
    title="a duplicate key",
    rationale="Only the last value of a duplicate key counts; the others are silently lost.",
    spec_section="JSON Body",
    certainty=Certainty.STATED,
    bad='{"Output": {"Type": "aggregate", "Type": "list", "IncludeCSV": "Phone"}}',
    good=LIST,
    at_key=True,
)

UNCLOSED: Final = Rule(
    code="LQ111",
    name="unclosed",
    severity=Severity.ERROR,
    title="an unclosed bracket, quote or object",
    rationale="Where the text ends too early, the rest cannot be guessed.",
    spec_section="JSON Body",
    certainty=Certainty.STATED,
    bad='{"Output": {"Type": "list", "IncludeCSV": "Phone"}',
    good=LIST,
)

UNESCAPED_CHARACTER: Final = Rule(
    code="LQ112",
    name="unescaped-character",
    severity=Severity.ERROR,
    title="an unescaped character in text",
    rationale="Backslashes, tabs and other control characters in text must be escaped.",
    spec_section="JSON Body",
    certainty=Certainty.STATED,
    bad=lead_filters('{"LookUpName": "Company", "LookUpValue": "AC\\DC", "SqlOperator": "="}'),
    good=lead_filters('{"LookUpName": "Company", "LookUpValue": "AC\\\\DC", "SqlOperator": "="}'),
)
