"""The benchmarks against other tools run."""

from __future__ import annotations

import requests

from .peers.sending import looped, serving


def test_a_loop_reads_all_leads_of_the_mock_api() -> None:
    with serving(3, 0.0, "none") as url:
        assert looped(requests.post, url, 2) == 3
