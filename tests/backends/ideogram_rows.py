"""Rows sent through the ideogram back end to its stand-in."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from jobs.backends import ideogram
from jobs.backends.ideogram import Ideogram
from jobs.backends.port import Answer, Request
from jobs.settings import Settings
from schema import columns
from schema.columns import Value
from tests.backends import rows
from tests.fakes.ideogram_server import IdeogramServer

T = TypeVar("T")


def settings(server: IdeogramServer, **more: str) -> Settings:
    return Settings.read(server.environment() | {f"IDEOGRAM_{name.upper()}": v for name, v in more.items()})


def use(given: Settings, work: Callable[[Ideogram], Awaitable[T]]) -> T:
    """Open it, do the work in an event loop, close it."""

    async def run() -> T:
        backend = ideogram.connect(given)
        try:
            return await work(backend)
        finally:
            await backend.close()

    return asyncio.run(run())


def request(prompt: str = "A cheerful fox", images: int = 1, **cells: Value) -> Request:
    row = rows.values(prompt, num_images=images, **cells)
    return rows.request(row, columns.load().size(row), images)


def make(given: Settings, prompt: str = "A cheerful fox", images: int = 1, **cells: Value) -> Answer:
    """One row, ordered and fetched as the runner does it."""
    asked = request(prompt, images, **cells)

    async def work(backend: Ideogram) -> Answer:
        ticket = await backend.begin(asked)
        return await backend.collect(asked, await backend.wait(asked, ticket))

    return use(given, work)
