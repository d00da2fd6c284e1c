"""The in-flight cap shared by all workers: leases in a Redis sorted set, on Redis' own clock.

A call for four images takes four places. A place is given back when its call ends. One whose process died
stays taken until its lease runs out, because the provider may be busy with the call all the same; one that is
busy longer answers 429, which is met like any other. Without Redis nobody gets a place.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence

from redis.asyncio import Redis
from redis.exceptions import RedisError

LEASE = 10.0
"""Seconds a place outlives its process; renewed every third of it."""

POLL = 0.1
"""Seconds between two looks for a place that another process gives back."""

NEWS = 2.0
"""The same where all places are this process' own: it hears of those, but not of a width that grew again."""

AWAY = 0.5
"""Seconds between two tries while Redis does not answer."""

GROW = 20
"""Calls that must succeed before a width that shrank after a 429 grows by one."""

# KEYS: places, width. ARGV: lease ms, places allowed, wanted, own, then the own and the wanted.
# Own places are written again after Redis was away: should it have lost a second, they still count.
# Answers -1 for taken, else how many places are taken now, by whomever.
_TAKE = """
local now = redis.call('TIME'); now = now[1] * 1000 + math.floor(now[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local own = tonumber(ARGV[4])
for i = 5, 4 + own do redis.call('ZADD', KEYS[1], now + ARGV[1], ARGV[i]) end
local width = math.min(tonumber(redis.call('GET', KEYS[2]) or ARGV[2]), tonumber(ARGV[2]))
local wanted = tonumber(ARGV[3])
local taken = redis.call('ZCARD', KEYS[1])
if taken > 0 and taken + wanted > width then return taken end
for i = 5 + own, #ARGV do redis.call('ZADD', KEYS[1], now + ARGV[1], ARGV[i]) end
return -1
"""

# KEYS: width. ARGV: places allowed. One place fewer than before, never below one, for ten minutes.
_SHRINK = """
local width = tonumber(redis.call('GET', KEYS[1]) or ARGV[1])
redis.call('SET', KEYS[1], math.max(1, math.min(width, tonumber(ARGV[1])) - 1), 'EX', 600)
"""

# KEYS: width. ARGV: places allowed, which have become fewer.
_FIT = """
local width = tonumber(redis.call('GET', KEYS[1]) or ARGV[1])
redis.call('SET', KEYS[1], math.max(1, math.min(width, tonumber(ARGV[1]))), 'EX', 600)
"""

_GROWN = """
local width = redis.call('GET', KEYS[1])
if width then
  if tonumber(width) + 1 >= tonumber(ARGV[1]) then redis.call('DEL', KEYS[1])
  else redis.call('SET', KEYS[1], width + 1, 'EX', 600) end
end
"""


class Slots:
    """One process' view of the places of one account at one back end: a limit is a key's, not a program's.

    `take` is called by one coroutine at a time.
    """

    def __init__(self, redis: Redis, backend: str, account: str, places: int) -> None:
        self._keys = (f"promptsheet:places:{backend}:{account}", f"promptsheet:width:{backend}:{account}")
        self._redis, self._places = redis, places
        self._take = redis.register_script(_TAKE)
        self._shrink = redis.register_script(_SHRINK)
        self._fit = redis.register_script(_FIT)
        self._grow = redis.register_script(_GROWN)
        self._own: dict[str, list[str]] = {}
        self._given_back = asyncio.Event()
        self._since_shrink = 0
        self._of_one_burst = False
        self._owed: list[str] = []
        self._in_doubt = True

    async def take(self, attempt: str, count: int) -> None:
        """Wait until `count` places are free, and take them for this attempt; fails closed without Redis.

        A call for more places than there are runs when it is alone.
        """
        wanted = _places(attempt, count)
        while True:
            self._given_back.clear()  # before the look: a place given back while it is under way counts
            taken = await self._try(wanted)
            if taken < 0:
                break
            alone = taken <= sum(map(len, self._own.values()))
            # Not wait_for: until Python 3.12 it loses a cancellation that comes with what it waits for.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(NEWS if alone else POLL):
                    await self._given_back.wait()
        self._own[attempt] = wanted

    async def take_over(self, before: str, attempt: str, count: int) -> None:
        """Take the places of an attempt whose process is gone: its call is under way, it has them already."""
        self._owed += _places(before, count)
        self._own[attempt] = _places(attempt, count)
        await self.renew()

    async def give_back(self, attempt: str) -> None:
        """Free an attempt's places at once, or when Redis is back."""
        await self.forget(attempt, len(self._own.pop(attempt, ())))

    async def forget(self, attempt: str, count: int) -> None:
        """Free the places of a process that died, where its call is known to be over."""
        self._owed += _places(attempt, count)
        with contextlib.suppress(RedisError):
            await self._settle()
        self._given_back.set()

    async def renew(self) -> None:
        """Sign of life for every place this process has."""
        self._in_doubt = True
        await self._try(())

    async def shrink(self, limit: int | None = None) -> None:
        """The provider said too many at once: one place fewer for everybody, or as many as it says it allows.

        Where it said so, the width does not grow beyond that while this process lives, and what else it turns
        away before a call went through is of the same burst.
        """
        if limit is not None and 0 < limit < self._places:
            self._places = limit
            await self._change(self._fit)
        elif limit is None or not self._of_one_burst:
            await self._change(self._shrink)
        self._since_shrink, self._of_one_burst = 0, True

    async def succeeded(self) -> None:
        """A call went through; after enough of them a shrunken width grows again."""
        self._since_shrink += 1
        self._of_one_burst = False
        if self._since_shrink % GROW == 0:
            await self._change(self._grow)

    async def _change(self, script: object) -> None:
        try:
            await script(keys=self._keys[1:], args=[self._places])  # type: ignore[operator]
        except RedisError:
            return

    async def _settle(self) -> None:
        owed, self._owed = self._owed, []
        try:
            if owed:
                await self._redis.zrem(self._keys[0], *owed)
        except RedisError:
            self._owed += owed
            raise

    async def _try(self, wanted: Sequence[str]) -> int:
        """-1 where the wanted places were taken, else how many others are; without Redis all the others."""
        own = [place for places in self._own.values() for place in places] if self._in_doubt else []
        args: list[str | int] = [int(LEASE * 1000), self._places, len(wanted), len(own), *own, *wanted]
        try:
            await self._settle()
            taken = await self._take(keys=self._keys, args=args)
        except RedisError:
            self._in_doubt = True
            await asyncio.sleep(AWAY)
            return self._places + sum(map(len, self._own.values()))
        self._in_doubt = False
        return int(taken)


def _places(attempt: str, count: int) -> list[str]:
    return [f"{attempt}/{place}" for place in range(count)]
