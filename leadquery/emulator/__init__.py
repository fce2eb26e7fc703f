"""The API in a box: for tests, for everyone without keys, and for the first five minutes.

>>> from leadquery.emulator import Emulator
>>> emulator = Emulator.demo(500)
>>> emulator.session().get("https://example.com/").status_code
404
"""

from __future__ import annotations

from leadquery.emulator.app import App
from leadquery.emulator.clock import Clock
from leadquery.emulator.demo import demo_fields, demo_leads, demo_users
from leadquery.emulator.emulator import Emulator
from leadquery.emulator.faults import Fault, Faults
from leadquery.emulator.messages import ApiRequest, ApiResponse

__all__ = [
    "ApiRequest",
    "ApiResponse",
    "App",
    "Clock",
    "Emulator",
    "Fault",
    "Faults",
    "demo_fields",
    "demo_leads",
    "demo_users",
]
