"""Places in a real Valkey: shared by all who use one key, and by nobody else."""

from __future__ import annotations

import asyncio

import pytest
from redis.asyncio import Redis

from jobs.backends import registry
from jobs.services import Services
from jobs.settings import Settings
from jobs.slots import Slots

pytestmark = pytest.mark.usefixtures("valkey")


@pytest.fixture
def accounts() -> tuple[str, str]:
    """Of two keys at one address."""
    keys = ({"IDEOGRAM_API_KEY": key} for key in ("one", "other"))
    one, other = (registry.connect("ideogram", Settings.read(key)).account for key in keys)
    return one, other


def test_two_keys_have_a_limit_each_and_one_key_has_one(
    services: Services, accounts: tuple[str, str]
) -> None:
    async def places() -> list[int]:
        redis: Redis = services.async_redis()
        mine, others, again = (
            Slots(redis, "ideogram", account, 10) for account in (accounts[0], accounts[1], accounts[0])
        )
        async with asyncio.timeout(5):
            await mine.take("a", 10)
            await others.take("b", 10)
            waiting = asyncio.create_task(again.take("c", 4))
            taken = [await redis.zcard(f"promptsheet:places:ideogram:{account}") for account in accounts]
            assert not waiting.done()
            await mine.give_back("a")
            await waiting
        await redis.aclose()
        return taken

    assert accounts[0] != accounts[1]
    assert asyncio.run(places()) == [10, 10]


def test_places_of_a_process_that_died_are_taken_over_and_freed(
    services: Services, accounts: tuple[str, str]
) -> None:
    async def left() -> int:
        redis: Redis = services.async_redis()
        gone, heir = (Slots(redis, "ideogram", accounts[0], 10) for _ in range(2))
        await gone.take("a", 4)
        await gone.take("b", 4)
        await heir.take_over("a", "c", 4)
        await heir.forget("b", 4)
        await heir.give_back("c")
        found: int = await redis.zcard(f"promptsheet:places:ideogram:{accounts[0]}")
        await redis.aclose()
        return found

    assert asyncio.run(left()) == 0
