"""Drafting against a scripted model on loopback: how soon a row is on the page, how near the ideal a draft is, and
what drafts and turns cost in tokens."""

from __future__ import annotations

import asyncio
import json
import os
import re
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import aiohttp
import requests
from playwright.sync_api import sync_playwright

from assistant.chat.conversation import ask
from assistant.desk import Desk
from assistant.drafting import start
from assistant.drafting.brief import Brief, parse
from assistant.drafting.deal import Deal
from assistant.drafting.pasted import cells_of
from assistant.drafting.plan import TOGETHER, UNPLANNED
from assistant.drafting.samples import sample
from assistant.drafting.sieve import Arrival, Sieve
from assistant.drafting.wishes import PROMPT
from assistant.model.reading import Reading, Request
from bench.stack import up
from bench.table import Table
from jobs import talk
from jobs.intake import take_in
from jobs.services import LOCAL, Services, open_services
from jobs.settings import Settings
from jobs.store import drafts
from schema.columns import load
from schema.wire import wire
from tests.backends.posters import made_prompts
from tests.conftest import QUIET
from tests.fakes.chat_server import ChatServer
from tests.fakes.chat_words import between
from tests.machine import chromium

PROMISE = """\
A row is on the page at most 150 ms after its closing brace left the server (median). 40 rows: no call before the first
that writes. 300 rows with 6 strands at once take at most 1.25 times the ideal of the same tokens. Tokens in and out a row
at 60 rows: at most 60 % of the 101 and 101 of the design before. Reading and checking a row costs at most 0.5 ms CPU. Ten
drafts at once do not slow each other by more than the endpoint does. “All 16:9” over 499 rows takes at most 300 tokens out.

The model is a script that waits 0.2 s and then writes a row, or an entry of a plan, every 40 ms. The bare client asks the
same questions in the same order (the plan, then the strands at once, the calls of each in turn) and throws the answers
away; without a gap is the time of its calls after the plan over six. A plan's entry takes the script as long as a row, a
model longer. A token is four characters of messages and answers; schemas are not counted. The design before, counted so,
took 87 in and 91 out, its script's prompts being 39 tokens long where today's are 18: at equal length ours would be about
half. The worker is warm: its first draft also loads the client's library, about a second."""

SPEED: dict[str, Any] = {"latency": 0.2, "pace": 0.04}
BEARS: dict[str, Any] = {"context": 1 << 16, "slots": TOGETHER}
"""What the script tells of itself: room for all that is sent, and six calls at once."""
FULL, MANY, USUAL, SMALL, TEN = 499, 300, 60, 50, 10
BEFORE = 101
"""Tokens a row, in and out alike, of the design before, for 60 rows."""
PIECE = 23
"""Characters that the script sends at once."""
WIDE = {"op": "set", "rows": "all", "column": "aspect_ratio", "values": ["16:9"]}

WATCH = """
window.seen = {};
new MutationObserver(() => {
  for (const cell of document.querySelectorAll('td[data-label="prompt"]')) seen[cell.textContent.trim()] ??= Date.now();
}).observe(document, { childList: true, subtree: true, characterData: true });
"""

Call = Mapping[str, Any]
"""A request as the script keeps it."""


def measure() -> tuple[Table, ...]:
    rows = (
        ("a row on the page, after its brace left the server", f"{_on_page() * 1000:.0f} ms", "median"),
        (f"{UNPLANNED} rows: calls before the first that writes", *_unplanned()),
        *_whole(),
        *_tokens(),
        ("reading and checking a row", f"{_checking() * 1000:.2f} ms", f"CPU, of {FULL} rows"),
        (f"{TEN} drafts of {SMALL} rows at once, beside one alone", *_ten()),
        *_turn(),
    )
    return (Table("Drafting", PROMISE, ("what", "measured", "of"), rows),)


@contextmanager
def _at(**behaviour: Any) -> Iterator[tuple[ChatServer, Services]]:
    """The script, and warm services that draft with it."""
    with ChatServer(**BEARS, **behaviour) as chat, tempfile.TemporaryDirectory() as folder:
        settings = Settings.read({"PROMPTSHEET_DATA": folder, **chat.environment()})
        with closing(open_services(settings)) as services:
            services.database.migrate()
            _written(services, _brief(5))
            chat.reset()
            yield chat, services


def _brief(rows: int, number: int = 1) -> Brief:
    return parse({"goal": f"Stickers of woodland animals, set {number}", "rows": rows}, 500)


def _written(services: Services, *briefs: Brief) -> float:
    """Seconds for drafts at once; every one comes whole."""
    began = time.perf_counter()
    made = [start.start(services, LOCAL, brief) for brief in briefs]
    asyncio.run(Desk(services).run())
    took = time.perf_counter() - began
    with services.database.read() as connection:
        assert all(drafts.get(connection, LOCAL, one.id).came == one.asked for one in made)
    return took


def _unplanned() -> tuple[str, str]:
    with _at() as (chat, services):
        _written(services, _brief(UNPLANNED))
        writing = ["Write exactly" in _text(call) for call in chat.requests()]
    return str(writing.index(True)), f"{len(writing)} calls"


def _whole() -> Iterator[tuple[str, str, str]]:
    """A draft beside a client that asks the same questions, beside its calls without a gap, and one long answer."""
    with _at(**SPEED) as (chat, services):
        took = _written(services, _brief(MANY))
        asked = chat.requests()
        bare, ideal = asyncio.run(_bare(chat, asked))
        long, _ = asyncio.run(_bare(chat, [_in_one_answer(asked[-1])]))
    what = f"{MANY} rows, {TOGETHER} strands at once"
    yield f"{what}, beside a bare client", f"{took / bare:.2f} ×", f"{bare:.1f} s for {len(asked)} calls"
    yield f"{what}, beside its calls without a gap", f"{took / ideal:.2f} ×", f"{ideal:.1f} s"
    yield f"{what}, beside one chat answer of all", f"{took / long:.2f} ×", f"{long:.1f} s"


def _in_one_answer(call: Call) -> Call:
    """The call for some rows as one for all of them."""
    text = re.sub(r"exactly \d+", f"exactly {MANY}", _text(call))
    body = {name: value for name, value in call["body"].items() if "tokens" not in name}
    return {"body": body | {"messages": [{"role": "user", "content": text}]}}


async def _bare(chat: ChatServer, asked: Sequence[Call]) -> tuple[float, float]:
    """Seconds for the same calls as they depend on each other, and for the same without a gap."""
    began, chains = time.perf_counter(), defaultdict[tuple[str, str], list[Call]](list)
    for call in asked:
        chains[_place(call)].append(call)
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {chat.key}"}) as session:

        async def in_turn(calls: Sequence[Call], places: asyncio.Semaphore) -> float:
            took = 0.0
            for call in calls:
                async with places:
                    sent = time.perf_counter()
                    async with session.post(f"{chat.url}/chat/completions", json=call["body"]) as answer:
                        await answer.read()
                    took += time.perf_counter() - sent
            return took

        async def draft(goal: str) -> float:
            places = asyncio.Semaphore(TOGETHER)
            first = await in_turn(chains[goal, ""], places)
            rest = [calls for (of, strand), calls in chains.items() if of == goal and strand]
            return first + sum(await asyncio.gather(*(in_turn(calls, places) for calls in rest))) / TOGETHER

        ideal = max(await asyncio.gather(*map(draft, {goal for goal, _ in chains})))
    return time.perf_counter() - began, ideal


def _place(call: Call) -> tuple[str, str]:
    """The goal and the strand that a call is for; a plan has none."""
    strand = re.search(r"# Your strand\n(.+)", _text(call))
    return between("goal", _text(call)), strand[1] if strand else ""


def _tokens() -> Iterator[tuple[str, str, str]]:
    with _at() as (chat, services):
        _written(services, replace(sample(), rows=USUAL))
        counts, own = chat.counts(), sum(len(prompt) for _, prompt in chat.sent()) / 4
    for what, tokens in (("in", counts.read), ("out", counts.written)):
        each = tokens / USUAL
        yield f"tokens {what} a row, {USUAL} rows", f"{each:.0f}", f"{each / BEFORE:.0%} of {BEFORE} before"
    yield "of those out, the prompts' own", f"{own / USUAL:.0f}", ""


def _checking() -> float:
    """CPU seconds for a row from the pieces of an answer to a checked row, near-duplicates included."""
    brief = parse({"goal": "Anything", "rows": FULL, "settings": {"style": {"fixed": "design"}}}, 500)
    columns, names = load(), (PROMPT, "aspect_ratio", "rendering")
    rows = [{PROMPT: one, "aspect_ratio": "16:9", "rendering": "Turbo"} for one in made_prompts(FULL)]
    text = json.dumps({"rows": rows})
    began = time.process_time()
    reading = Reading(Request((), wire(names, columns)), 1_000, len(text), candid=False)
    sieve, deal = Sieve(brief), Deal(brief)
    taken = [
        sieve.take(cells_of(value, columns), deal.cells())
        for at in range(0, len(text), PIECE)
        for value in reading.feed(text[at : at + PIECE])
    ]
    took = time.process_time() - began
    assert sum(isinstance(one, Arrival) for one in taken) == FULL
    return took / FULL


def _ten() -> tuple[str, str]:
    with _at(**SPEED) as (chat, services):
        one = _written(services, _brief(SMALL))
        chat.reset()
        ten = _written(services, *(_brief(SMALL, number) for number in range(TEN)))
        bare, _ = asyncio.run(_bare(chat, chat.requests()))
    return f"{ten / one:.2f} ×", f"{ten / bare:.2f} × a bare client's ten"


def _turn() -> Iterator[tuple[str, str, str]]:
    """A request over a full sheet, from the press of a key to its proposal."""
    sheet = "prompt,visibility\n" + "".join(f"{prompt},private\n" for prompt in made_prompts(FULL))
    with _at(**SPEED, says={"16:9": [WIDE]}) as (chat, services):
        sheet_id = take_in(services, LOCAL, sheet.replace(", ", " ").encode(), "full.csv")
        began = time.perf_counter()
        asked = ask(services, LOCAL, sheet_id, "all 16:9")
        asyncio.run(Desk(services).run())
        took = time.perf_counter() - began
        assert len(talk.turn(services, LOCAL, sheet_id, asked.n).changes) == FULL
        counts, own = chat.counts(), SPEED["latency"] + SPEED["pace"]
    what = f"“all 16:9” over {FULL} rows"
    yield f"{what}: tokens out", str(counts.written), f"{counts.read:,} in"
    yield f"{what}: until it is proposed", f"{took:.2f} s", f"{own:.2f} s the endpoint's own"


def _on_page() -> float:
    """Seconds from a row's closing brace to the row in the page's table, the median."""
    with (
        ChatServer(**BEARS, **SPEED) as chat,
        tempfile.TemporaryDirectory() as folder,
        patch.dict(os.environ, chat.environment()),
        up(Path(folder)) as (_, url),
        sync_playwright() as playwright,
    ):
        arguments = [*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        browser = playwright.chromium.launch(executable_path=chromium(), args=arguments)
        page = browser.new_page(bypass_csp=True)  # the watching script is no part of the page
        page.add_init_script(WATCH)
        order: Any = {"goal": "Stickers of woodland animals", "rows": USUAL}
        made = requests.post(f"{url}/api/v1/drafts", json=order, timeout=10).json()
        page.goto(f"{url}/sheets/{made['sheet_id']}/grid")
        page.wait_for_function(f"Object.keys(seen).length >= {USUAL}", timeout=60_000)
        seen: dict[str, float] = page.evaluate("seen")
        browser.close()
        sent = {prompt: at for at, prompt in chat.sent()}
    return statistics.median(at / 1000 - sent[prompt] for prompt, at in seen.items() if prompt in sent)


def _text(call: Call) -> str:
    return str(call["body"]["messages"][-1]["content"])
