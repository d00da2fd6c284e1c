"""How much a server takes in at once, where it tells: its context in tokens, its places for calls."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from assistant.model.endpoint import Endpoint

if TYPE_CHECKING:
    import openai

PATIENCE = 2.0
"""Seconds for all that is asked: it comes before the first row."""
OLLAMA = 4_096
"""Tokens that Ollama has where nobody said otherwise; what is beyond is cut off in silence."""
_NAMES = (
    "max_model_len", "loaded_context_length", "context_length", "context_window", "max_context_length",
    "n_ctx",
)  # fmt: skip
"""What servers call it in their list of models: vLLM, LM Studio, OpenRouter, Groq, Mistral, llama.cpp."""


@dataclass(frozen=True)
class Room:
    """`context` in tokens, question and answer together; `places` for calls at once. 0: not told."""

    context: int = 0
    places: int = 0


async def room_of(client: openai.AsyncOpenAI, endpoint: Endpoint) -> Room:
    """Asks /v1/models; of servers on this machine or a private network also llama.cpp's /props, LM Studio's
    list, Ollama's /api/ps and /api/show. What does not answer in time tells nothing; no prompt is sent.
    """
    root = "{0.scheme}://{0.netloc}".format(urlsplit(endpoint.base_url))
    near = ("props", "api/v0/models", "api/ps") if endpoint.near else ()
    questions = [
        _get(client, f"{endpoint.base_url}/models"),
        *(_get(client, f"{root}/{path}") for path in near),
    ]
    if near:
        questions.append(_get(client, f"{root}/api/show", {"model": endpoint.model}))
    listed, props, studio, running, shown = (*await asyncio.gather(*questions), *[None] * 5)[:5]
    context = (
        _whole(_part(_part(props, "default_generation_settings"), "n_ctx"))
        or _of_ollama(running, shown, endpoint.model)
        or _in_list(studio, endpoint.model)
        or _in_list(listed, endpoint.model)
    )
    return Room(context, _whole(_part(props, "total_slots")))


async def _get(client: openai.AsyncOpenAI, address: str, body: dict[str, str] | None = None) -> Any:
    import httpx2

    try:
        async with asyncio.timeout(PATIENCE):
            if body is None:
                answer = await client.get(address, cast_to=httpx2.Response)
            else:
                answer = await client.post(address, body=body, cast_to=httpx2.Response)
            return json.loads(answer.text)
    except Exception:  # noqa: BLE001  a server that does not know the question may do anything
        return None


def _of_ollama(running: Any, shown: Any, model: str) -> int:
    """What a model has while it runs, else what it is started with; 0 for any other server."""
    if not isinstance(_part(running, "models"), list):
        return 0
    for each in running["models"]:
        if _part(each, "name") == model and (context := _whole(_part(each, "context_length"))):
            return context
    told = re.search(r"^num_ctx\s+(\d+)", str(_part(shown, "parameters") or ""), re.MULTILINE)
    return int(told[1]) if told else OLLAMA


def _in_list(listed: Any, model: str) -> int:
    entries = _list(_part(listed, "data"))
    entry = next((each for each in entries if _part(each, "id") == model), None)
    for place in (entry, _part(entry, "meta"), _part(entry, "top_provider")):
        for name in _NAMES:
            if found := _whole(_part(place, name)):
                return found
    return 0


def _part(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _whole(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
