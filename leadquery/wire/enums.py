"""The operators, functions, keys and paths of the API: the text sent, and its label."""

from __future__ import annotations

from enum import Enum, auto
from typing import Final


class ResponseFormat(Enum):
    """The two forms of a response."""

    JSON = "JSON"
    CSV = "CSV"


class Arity(Enum):
    """How many values an operator takes."""

    NONE = auto()
    ONE = auto()
    MANY = auto()


class WireEnum(Enum):
    """A row of a fixed list: its first column is the token on the wire, its second the label."""

    token: str
    label: str

    def __init__(self, token: str, label: str) -> None:
        self.token = token
        self.label = label

    # Members are singletons, and the default hash of an enum is slow.
    __hash__ = object.__hash__

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every spelling that the page itself uses; the first is the one to write."""
        return (self.token,)


class Operator(WireEnum):
    """How a lead field is compared.

    Columns: token, label, how it is written in Python, how many values it takes.
    """

    takes: Arity
    python: str

    def __init__(self, token: str, label: str, python: str, takes: Arity) -> None:
        super().__init__(token, label)
        self.python = python
        self.takes = takes

    EQUAL = "=", "equal to", "==", Arity.ONE
    # Absent from the operator table, used by the page's own sample.
    NOT_EQUAL = "<>", "not equal to", "!=", Arity.ONE
    ABOVE = ">", "above", ">", Arity.ONE
    BELOW = "<", "below", "<", Arity.ONE
    AT_LEAST = ">=", "at least", ">=", Arity.ONE
    AT_MOST = "<=", "at most", "<=", Arity.ONE
    CONTAINS = "lik", "containing", "contains", Arity.ONE
    DOES_NOT_CONTAIN = "nlik", "not containing", "does_not_contain", Arity.ONE
    # The star behind it in the operator table is the mark of a footnote.
    ONE_OF = "in", "one of", "is_in", Arity.MANY
    HAS_DATA = "def", "that has data", "has_data", Arity.NONE
    HAS_NO_DATA = "ndef", "that has no data", "has_no_data", Arity.NONE

    @property
    def opposite(self) -> Operator | None:
        """The exact opposite among leads with data in the field; ONE_OF has none."""
        return _OPPOSITES.get(self)


# Reading a row off its class takes as long as a call; queries name these by themselves.
EQUAL, NOT_EQUAL, ABOVE, BELOW, AT_LEAST, AT_MOST, CONTAINS, DOES_NOT_CONTAIN, ONE_OF, *_ = Operator

_PAIRS = (
    (Operator.EQUAL, Operator.NOT_EQUAL),
    (Operator.BELOW, Operator.AT_LEAST),
    (Operator.ABOVE, Operator.AT_MOST),
    (Operator.CONTAINS, Operator.DOES_NOT_CONTAIN),
    (Operator.HAS_DATA, Operator.HAS_NO_DATA),
)

_OPPOSITES = {one: other for pair in _PAIRS for one, other in (pair, pair[::-1])}


class UserOperator(WireEnum):
    """How a user attribute is compared: the two operators anyone has seen."""

    EQUAL = "eq", "equal to"
    CONTAINS = "lik", "containing"


class LogicalOperator(WireEnum):
    """How a condition or a group is joined to the next one."""

    AND = "AND", "and"
    OR = "OR", "or"

    @property
    def other(self) -> LogicalOperator:
        """AND for OR, OR for AND."""
        return OR if self is AND else AND


AND, OR = LogicalOperator


class DateField(WireEnum):
    """The two dates a report can be limited by."""

    CREATED = "LeadCreatedOn", "created"
    MODIFIED = "LeadModifiedOn", "modified"


class AggregateFunction(WireEnum):
    """What is computed for each group; the number of leads always comes with it."""

    COUNT = "Count", "number of leads"
    AVERAGE = "Average", "average"
    SUM = "Sum", "sum"


class OutputType(WireEnum):
    """What a report shows. The page spells each in two ways; the sample's is the first."""

    LIST = "list", "list"
    AGGREGATE = "aggregate", "aggregate"

    @property
    def spellings(self) -> tuple[str, ...]:
        return (self.token, self.token.capitalize())


LIST, AGGREGATE = OutputType


ALIASES: Final[dict[WireEnum, tuple[str, ...]]] = {
    Operator.EQUAL: ("==", "===", "eq", "equals", "equal", "is"),
    Operator.NOT_EQUAL: ("!=", "!==", "ne", "neq", "not equals", "not equal", "is not"),
    Operator.ABOVE: ("gt", "greater than", "above", "after"),
    Operator.BELOW: ("lt", "less than", "below", "before"),
    # The API page names these by words in its table.
    Operator.AT_LEAST: (
        *("=>", "gte", "ge", "at least", "≥"),
        *("greater than equal to", "greater than or equal to", "greater than or equals"),
    ),
    Operator.AT_MOST: (
        *("=<", "lte", "le", "at most", "≤"),
        *("less than equal to", "less than or equal to", "less than or equals"),
    ),
    Operator.CONTAINS: ("like", "contains", "contain", "ilike", "%"),
    Operator.DOES_NOT_CONTAIN: (
        "not like",
        "notlike",
        "not contains",
        "does not contain",
        "ncontains",
        "doesn't contain",
    ),
    Operator.ONE_OF: ("in*", "is in", "one of", "any of", "isin"),
    Operator.HAS_DATA: (
        *("is not null", "not null", "exists", "has data", "notnull", "is not empty"),
        *("contains data", "not blank"),
    ),
    Operator.HAS_NO_DATA: (
        "is null",
        "null",
        "isnull",
        "not exists",
        "has no data",
        "is empty",
        "empty",
        "doesn't contain data",
        "does not contain data",
        "blank",
    ),
    UserOperator.EQUAL: ("=", "==", "equals", "is"),
    UserOperator.CONTAINS: ("like", "contains", "ilike"),
    LogicalOperator.AND: ("&", "&&"),
    LogicalOperator.OR: ("|", "||"),
    DateField.CREATED: ("CreatedOn", "Created_On", "Created", "CreatedDate", "Created On"),
    DateField.MODIFIED: ("ModifiedOn", "Modified_On", "Modified", "LastModifiedOn", "Modified On"),
    AggregateFunction.COUNT: ("Cnt", "Number"),
    AggregateFunction.AVERAGE: ("Avg", "Mean"),
    AggregateFunction.SUM: ("Total",),
    OutputType.LIST: ("rows", "leads", "table"),
    OutputType.AGGREGATE: ("aggregation", "group", "summary"),
}
"""What people write for a token, as other APIs and languages spell it."""

UNSUPPORTED_OPERATORS: Final[dict[str, str]] = {
    **dict.fromkeys(
        ("between", "bt", "in between"),
        f"write two filters, with {Operator.AT_LEAST.token!r} and {Operator.AT_MOST.token!r}",
    ),
    **dict.fromkeys(
        ("not in", "notin", "nin", "!in", "not one of", "none of", "is not in"),
        f"write a filter with {Operator.NOT_EQUAL.token!r} for each value",
    ),
    **dict.fromkeys(
        ("starts with", "startswith", "begins with", "ends with", "endswith", "^=", "$="),
        f"write {Operator.CONTAINS.token!r}, which finds it anywhere in the text",
    ),
}
"""What to write for operators that other APIs have and this one lacks."""


class ExceptionType(Enum):
    """What went wrong, in the API's words; these four have been seen."""

    INVALID_INPUT = "MXInvalidInputException"
    MANDATORY_MISSING = "MXMandatoryAttributeMissingException"
    INVALID_ACCESS = "MXInvalidAccessDetailsException"
    RATE_LIMIT = "MXAPIRateLimitExceededException"


class Certainty(Enum):
    """How a fact about the API is known."""

    STATED = "stated by the vendor"
    SAMPLE = "shown in the vendor's sample"
    SEEN = "seen in production code"
    THIRD_PARTY = "reported by a third party"
    INFERRED = "inferred"


DOMAIN: Final = "leadsquared.com"
"""Every host of the API is below it."""

API_PAGE: Final = "https://apidocs.leadsquared.com/lead-distribution-analytics/"
"""The vendor's page of the API."""

PATH: Final = "/Leads/LeadDistribution/FilterByLeadField"

METHOD: Final = "POST"

CONTENT_TYPE: Final = "application/json"

ACCESS_KEY: Final = "accessKey"

SECRET_KEY: Final = "secretKey"

RESPONSE_FORMAT: Final = "responseformat"

TOTAL: Final = "TotalCount"

ROWS: Final = "Results"

COUNT: Final = "Count"

STATUS: Final = "Status"

STATUS_ERROR: Final = "Error"

EXCEPTION_TYPE: Final = "ExceptionType"

EXCEPTION_MESSAGE: Final = "ExceptionMessage"

TRUE: Final = "1"

FALSE: Final = "0"

SEPARATOR: Final = ","

CALLS: Final = 25

SECONDS: Final = 5
"""How many calls the API takes in how many seconds. (API page: HTTP Response Codes)"""

STATUSES: Final[dict[int, str]] = {
    200: "the result, or an error that says so in its body",
    400: "the body is not as the API's page specifies it",
    401: "the keys are not known on this host",
    404: "there is no such API on this host",
    429: "more calls than the account allows",
    500: "the call failed; the message says why, where there is one",
}
"""The statuses of the API's responses, and what each means. (API page: HTTP Response Codes)"""

TIMESTAMP: Final = "yyyy-MM-dd HH:mm:ss"
"""A moment on the wire: 24-hour clock, taken as UTC."""

ACCESS_KEY_HEADER: Final = "x-LSQ-AccessKey"

SECRET_KEY_HEADER: Final = "x-LSQ-SecretKey"

CSV_CONTENT_TYPE: Final = "text/csv"

INPUT_EXCEPTIONS: Final = ("MXInvalid", "MXMandatory", "MXUnknownAttribute")
"""How the types begin that are about what was sent: the same call would bring them again."""

# On the account's ordinary API host, which may be another one than that of reports.
FIELDS_PATH: Final = "/v2/LeadManagement.svc/LeadsMetaData.Get"

FIELDS_METHOD: Final = "GET"

USERS_PATH: Final = "/v2/UserManagement.svc/Users.Get"

USERS_METHOD: Final = "GET"

USER_SEARCH_PATH: Final = "/v2/UserManagement.svc/User/AdvancedSearch"

SEARCH_COLUMNS: Final = "Columns"

INCLUDED_COLUMNS: Final = "Include_CSV"

LISTED_USERS: Final = "Users"

USERS_PER_PAGE: Final = 1_000
"""The most users of a page of the advanced search, as it was seen."""

USER_IDS: Final = ("ID", "UserId", "UserID")
"""The names of a user's id: in the list of users, in their advanced search, and in filters."""

DATE: Final = "Date"
"""The header that says when a response was made, to the second."""

UNDATED: Final = "X-Leads-Undated"
"""The header by which the mock API says that some of its leads have no CreatedOn.

Those of an account have one.
"""

WITHOUT_OPTIONS: Final = "excludeOptionSets"

SCHEMA_NAME: Final = "SchemaName"

DISPLAY_NAME: Final = "DisplayName"

DATA_TYPE: Final = "DataType"

RENDERED_TYPE: Final = "RenderTypeTextValue"

WITH_OTHERS: Final = "WithOthers"
"""How the type of a dropdown ends in which people can write values of their own."""

OPTIONS: Final = "Options"

OPTION: Final = "Value"

MANDATORY: Final = "IsMandatory"

HOST: Final = "LEADQUERY_HOST"

ACCESS: Final = "LEADQUERY_ACCESS_KEY"

SECRET: Final = "LEADQUERY_SECRET_KEY"

VARIABLES: Final = (HOST, ACCESS, SECRET)

ORDINARY_HOST: Final = "LEADQUERY_API_HOST"
"""Names the account's ordinary API host, if that is not the host for reports."""
