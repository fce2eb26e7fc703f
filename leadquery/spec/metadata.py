"""What the API says of an account's lead fields: where, and the keys of each field."""

from __future__ import annotations

from typing import Final

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
