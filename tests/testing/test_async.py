"""Async tests with the fixture, under the plugins that run them."""

from __future__ import annotations

from pathlib import Path

from tests.testing.test_plugin import run_with_plugins

SUITE = """
import aiohttp
import httpx
import pytest

from leadquery import AsyncClient, Leads

PAYLOAD = Leads.select("FirstName").page(1, 2).to_payload()
URL = "https://api.leadsquared.com/Leads/LeadDistribution/FilterByLeadField"
KEYS = {"accessKey": "leadsquared-access", "secretKey": "leadsquared-secret"}


async def ask_httpx(account):
    account.load([{"FirstName": "Asha"}])
    async with httpx.AsyncClient() as client:
        response = await client.post(URL, params=KEYS, json=PAYLOAD)
        assert response.json()["Results"] == [{"FirstName": "Asha"}]
    async with AsyncClient.from_env() as client:
        assert await client.count(Leads) == 1
    assert len(account.payloads) == 2


async def ask_aiohttp():
    async with aiohttp.ClientSession() as session:
        async with session.post(URL, params=KEYS, json=PAYLOAD) as response:
            assert (await response.json())["TotalCount"] == "500"


@pytest.mark.asyncio
async def test_pytest_asyncio(leadsquared):
    await ask_httpx(leadsquared)
    leadsquared.load([{}] * 500)
    await ask_aiohttp()


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request):
    return request.param


@pytest.mark.anyio
async def test_anyio(leadsquared, anyio_backend):
    if anyio_backend == "asyncio":
        await ask_aiohttp()
    else:
        await ask_httpx(leadsquared)
"""


def test_an_async_suite(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(SUITE, "utf-8")

    output = run_with_plugins(
        tmp_path,
        *("pytest_leadquery", "pytest_asyncio.plugin", "anyio.pytest_plugin"),
        options=["-q", "-W", "error", "-W", "default::pytest.PytestDeprecationWarning"],
    )

    assert "3 passed" in output
