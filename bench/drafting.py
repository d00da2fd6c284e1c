"""Drafting against a scripted model on loopback: how soon a row is on the page, and how near the ideal a draft is."""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import requests
from playwright.sync_api import sync_playwright

from assistant.desk import Desk
from assistant.drafting import start
from assistant.drafting.brief import parse
from assistant.drafting.sieve import Sieve
from bench.stack import up
from bench.table import Table
from jobs.services import LOCAL, Services, open_services
from jobs.settings import Settings
from jobs.store import drafts
from tests.backends.posters import made_prompts, real_prompts
from tests.conftest import QUIET
from tests.fakes.chat_server import ChatServer
from tests.machine import chromium

PROMISE = """\
A row is on the page at most 150 ms after its closing brace left the server (median). 499 rows in 20 chunks with 4 at
once take at most 1.15 times what the endpoint alone takes; reading and checking a row costs at most 0.5 ms CPU; 10 drafts at once do not
slow each other by more than the endpoint does.

The model is a script that waits 0.2 s and then writes a row every 40 ms. What the endpoint alone takes is measured by
a bare client that asks the same questions and throws the answers away; ten drafts at once are compared with one. The
worker is warm: its first draft also loads the client's library, about a second."""

LATENCY, PACE = 0.2, 0.04
ROWS, LINES = 499, 4
ON_PAGE = 60
MANY, SMALL = 10, 50

WATCH = """
window.seen = {};
new MutationObserver(() => {
  for (const cell of document.querySelectorAll('td[data-label="prompt"]')) seen[cell.textContent.trim()] ??= Date.now();
}).observe(document, { childList: true, subtree: true, characterData: true });
"""


def measure() -> tuple[Table, ...]:
    rows = (
        ("a row on the page, after its brace left the server", f"{_on_page() * 1000:.0f} ms", "median"),
        (f"{ROWS} rows, four calls at once", *_whole()),
        ("reading and checking a row", f"{_checking() * 1000:.2f} ms", "CPU"),
        (f"{MANY} drafts of {SMALL} rows at once, beside one alone", f"{_many():.2f} ×", "time"),
    )
    return (Table("Drafting", PROMISE, ("what", "measured", "of"), rows),)


@contextmanager
def _at(chat: ChatServer) -> Iterator[Services]:
    with tempfile.TemporaryDirectory() as folder:
        services = open_services(Settings.read({"PROMPTSHEET_DATA": folder, **chat.environment()}))
        services.database.migrate()
        yield services
        services.close()


def _draft(services: Services, rows: int) -> str:
    brief = parse({"goal": "Stickers of woodland animals", "rows": rows}, 500)
    return start.start(services, LOCAL, brief).id


def _written(services: Services, orders: int, rows: int) -> float:
    """Seconds for so many drafts at once; every one comes whole."""
    began = time.perf_counter()
    made = [_draft(services, rows) for _ in range(orders)]
    asyncio.run(Desk(services).run())
    took = time.perf_counter() - began
    with services.database.read() as connection:
        assert all(drafts.get(connection, LOCAL, one).came == rows for one in made)
    return took


def _whole() -> tuple[str, str]:
    """A draft beside a client that asks the same questions, four at once, and throws the answers away."""
    with ChatServer(latency=LATENCY, pace=PACE) as chat, _at(chat) as services:
        _written(services, 1, 5)
        chat.reset()
        took = _written(services, 1, ROWS)
        asked = chat.requests()
        bare = asyncio.run(_bare(chat, asked))
    return f"{took / bare:.2f} ×", f"a bare client's {bare:.1f} s for {len(asked)} calls"


async def _bare(chat: ChatServer, asked: Sequence[Mapping[str, Any]]) -> float:
    """Seconds for the same calls: the first alone, because the others need its plan, then four at once."""
    places = asyncio.Semaphore(LINES)
    began = time.perf_counter()
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {chat.key}"}) as session:

        async def ask(call: Mapping[str, Any]) -> None:
            async with places, session.post(f"{chat.url}/chat/completions", json=call["body"]) as answer:
                await answer.read()

        await ask(asked[0])
        await asyncio.gather(*map(ask, asked[1:]))
    return time.perf_counter() - began


def _many() -> float:
    with ChatServer(latency=LATENCY, pace=PACE) as chat, _at(chat) as services:
        return _written(services, MANY, SMALL) / _written(services, 1, SMALL)


def _checking() -> float:
    """CPU seconds for a row from its cells to a checked row, near-duplicates included."""
    prompts = (real_prompts(ROWS) or made_prompts(ROWS))[:ROWS]
    brief = parse({"goal": "Anything", "rows": ROWS, "settings": {"style": {"fixed": "design"}}}, 500)
    began = time.process_time()
    sieve = Sieve(brief)
    for prompt in prompts:
        sieve.take({"prompt": prompt, "model": "3", "aspect_ratio": "16:9", "rendering": "Turbo"})
    return (time.process_time() - began) / len(prompts)


def _on_page() -> float:
    """Seconds from a row's closing brace to the row in the page's table, the median."""
    with (
        ChatServer(latency=LATENCY, pace=PACE) as chat,
        tempfile.TemporaryDirectory() as folder,
        _environment(chat),
        up(Path(folder)) as (_, url),
        sync_playwright() as playwright,
    ):
        arguments = [*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        browser = playwright.chromium.launch(executable_path=chromium(), args=arguments)
        page = browser.new_page(bypass_csp=True)  # the watching script is no part of the page
        page.add_init_script(WATCH)
        order = json.dumps({"goal": "Stickers of woodland animals", "rows": ON_PAGE})
        kind = {"Content-Type": "application/json"}
        made = requests.post(f"{url}/api/v1/drafts", data=order, headers=kind, timeout=10).json()
        page.goto(f"{url}/sheets/{made['sheet_id']}/grid")
        page.wait_for_function(f"Object.keys(seen).length >= {ON_PAGE}", timeout=60_000)
        seen: dict[str, float] = page.evaluate("seen")
        browser.close()
        sent = {prompt: at for at, prompt in chat.sent()}
    return statistics.median(at / 1000 - sent[prompt] for prompt, at in seen.items() if prompt in sent)


@contextmanager
def _environment(chat: ChatServer) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(chat.environment())
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
