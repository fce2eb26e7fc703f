"""The keys of a lead field in what the API says of an account's fields."""

from __future__ import annotations

from typing import Final

SCHEMA_NAME: Final = "SchemaName"
DISPLAY_NAME: Final = "DisplayName"
DATA_TYPE: Final = "DataType"
RENDERED_TYPE: Final = "RenderTypeTextValue"
OPTIONS: Final = "Options"
OPTION: Final = "Value"
