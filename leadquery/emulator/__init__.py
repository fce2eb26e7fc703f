"""The mock API: it answers payloads as the documented API would, from leads of your own.

Use it in tests, without keys, and for a first try. Start reading at `Emulator`, which holds the
leads and makes sessions and servers; `App` handles one request; `Faults` says what goes wrong.
`leadquery.emulator.assumptions` lists what is assumed where the API's page is silent.

>>> from leadquery.emulator import Emulator
>>> emulator = Emulator.demo(500)
>>> emulator.session().get("https://example.com/").status_code
404
"""

from __future__ import annotations

from leadquery.emulator.app import ApiRequest, ApiResponse, App
from leadquery.emulator.demo import demo_fields, demo_leads, demo_users
from leadquery.emulator.emulator import Emulator
from leadquery.emulator.faults import Clock, Fault, Faults

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
