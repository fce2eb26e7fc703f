"""Paths and parameters of the API, and the keys of an account's lead fields."""

from __future__ import annotations

from typing import Final

DOMAIN: Final = "leadsquared.com"
"""Every host of the API is below it."""

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
    200: "the answer, or an error that says so in its body",
    400: "the body is not as the API's page specifies it",
    401: "the keys are not known on this host",
    404: "there is no such API on this host",
    429: "more calls than the account allows",
    500: "the call failed; the message says why, where there is one",
}
"""The statuses that the API answers with, and what each means. (API page: HTTP Response Codes)"""

TIMESTAMP: Final = "yyyy-MM-dd HH:mm:ss"
"""A moment on the wire: 24-hour clock, taken as UTC."""

ACCESS_KEY_HEADER: Final = "x-LSQ-AccessKey"

SECRET_KEY_HEADER: Final = "x-LSQ-SecretKey"

CSV_CONTENT_TYPE: Final = "text/csv"

INPUT_EXCEPTIONS: Final = ("MXInvalid", "MXMandatory")
"""How the types begin that are about what was sent: the same call would bring them again."""

# On the account's ordinary API host, which may be another one than that of reports.
FIELDS_PATH: Final = "/v2/LeadManagement.svc/LeadsMetaData.Get"

FIELDS_METHOD: Final = "GET"

WITHOUT_OPTIONS: Final = "excludeOptionSets"

SCHEMA_NAME: Final = "SchemaName"

DISPLAY_NAME: Final = "DisplayName"

DATA_TYPE: Final = "DataType"

RENDERED_TYPE: Final = "RenderTypeTextValue"

OPTIONS: Final = "Options"

OPTION: Final = "Value"

MANDATORY: Final = "IsMandatory"

HOST: Final = "LEADQUERY_HOST"

ACCESS: Final = "LEADQUERY_ACCESS_KEY"

SECRET: Final = "LEADQUERY_SECRET_KEY"

VARIABLES: Final = (HOST, ACCESS, SECRET)
