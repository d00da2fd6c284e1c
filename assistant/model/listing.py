"""The models that an endpoint lists, and servers on this machine that list any; no prompt is sent."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.model import failures
from assistant.model.answer import Limits, connect
from assistant.model.bounded import TooMuch
from assistant.model.endpoint import Endpoint, likely
from assistant.model.failures import Told
from assistant.model.providers import LOCAL
from jobs.errors import ModelError, ModelUnknown
from schema.wording import counted

if TYPE_CHECKING:
    import openai

_LISTING = Limits(connect=5.0, idle=10.0, answer=4 << 20)
_GLANCE = Limits(connect=0.5, idle=1.5, answer=1 << 20)


@dataclass(frozen=True)
class Found:
    """A server on this machine: what usually listens on its port, its address, and its models' names."""

    title: str
    base_url: str
    models: tuple[str, ...]


async def models(endpoint: Endpoint) -> list[str]:
    """The names of an endpoint's models, as it lists them. Raises a ModelError."""
    client = connect(endpoint, _LISTING)
    try:
        return await _listed(client, endpoint)
    finally:
        await client.close()


async def chosen(client: openai.AsyncOpenAI, endpoint: Endpoint) -> tuple[str, str]:
    """The model to use where none is named, and a sentence about it. Raises a ModelError."""
    names = likely(await _listed(client, endpoint))
    if not names:
        raise ModelUnknown(f"{endpoint.host} lists no models. Name the one to use.")
    if len(names) == 1:
        return names[0], f"No model was named; {names[0]} is the only one at {endpoint.host}."
    return names[
        0
    ], f"No model was named; {names[0]} is the first of {counted(len(names))} at {endpoint.host}."


async def discover(ports: Sequence[int] = tuple(LOCAL)) -> list[Found]:
    """Servers on this machine that list models, each asked for that list and nothing else."""
    found = await asyncio.gather(*map(_look, ports))
    return [server for server in found if server]


async def _look(port: int) -> Found | None:
    endpoint = Endpoint.of(f"http://127.0.0.1:{port}/v1")
    client = connect(endpoint, _GLANCE)
    try:
        names = await _listed(client, endpoint)
    except ModelError:
        return None
    finally:
        await client.close()
    return Found(LOCAL.get(port, "a server"), endpoint.base_url, tuple(names)) if names else None


async def _listed(client: openai.AsyncOpenAI, endpoint: Endpoint) -> list[str]:
    """The names in GET /models, in any of the shapes in use. Raises a ModelError."""
    import openai

    try:
        body = (await client.models.with_raw_response.list()).text
    except openai.APIStatusError as reason:
        told, headers = Told.read(reason.body), reason.response.headers
        fault = failures.of_status(endpoint, reason.status_code, told, headers.get("location", ""))
    except openai.APITimeoutError:
        fault = failures.silent(endpoint, _LISTING.idle, began=False)
    except (openai.OpenAIError, TooMuch, ValueError) as reason:
        fault = failures.of_connection(endpoint, reason)
    else:
        return list(dict.fromkeys(_names(body)))
    raise fault


def _names(body: str) -> list[str]:
    try:
        answer: Any = json.loads(body)
    except (ValueError, RecursionError):
        return []
    if isinstance(answer, dict):
        answer = answer.get("data") or answer.get("models") or []
    entries = answer if isinstance(answer, list) else []
    names = [entry.get("id") or entry.get("name") if isinstance(entry, dict) else entry for entry in entries]
    return [name for name in names if isinstance(name, str) and name]
