"""A language model behind an OpenAI-compatible endpoint, asked for objects that it gives as they come."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from assistant.model import ladder
from assistant.model.answer import Limits, connect
from assistant.model.endpoint import Endpoint
from assistant.model.ladder import Manners
from assistant.model.listing import chosen
from assistant.model.question import Question
from assistant.model.reading import Request
from assistant.model.room import Room, room_of

if TYPE_CHECKING:
    import openai

__all__ = ["Limits", "Manners", "Model", "Request", "Room"]

_MANNERS, _LIMITS = Manners(), Limits()


class Model:
    """Asks one endpoint, any number of questions at once, and learns on the way how it wants to be asked.

    manners    as learnt so far; the caller remembers them for the next time
    given      objects that it gave so far
    candid     whether it was seen to answer in prose without thinking aloud before
    rate       rows a minute that one call was seen to write, None before; the caller remembers it too
    throttled  how often it was told that there were too many calls
    tokens     counted so far, 0 where the server does not say
    said       sentences for the person about what was fallen back to or left out
    """

    def __init__(self, endpoint: Endpoint, manners: Manners = _MANNERS, *, limits: Limits = _LIMITS) -> None:
        self.endpoint = endpoint
        self.manners = manners
        self.limits = limits
        self.candid = False
        self.given = 0
        self.rate: float | None = None
        self.throttled = 0
        self.tokens = 0
        self.said: list[str] = []
        self._client: openai.AsyncOpenAI | None = None
        self._room: Room | None = None
        self._choosing = asyncio.Lock()

    async def objects(self, request: Request) -> AsyncGenerator[dict[str, Any]]:
        """Ask for a list of objects, and give each as it closes.

        Objects are as the model wrote them: their keys and values are the caller's to check. Raises a
        ModelError at the end, after all that came, where the answer is not whole or none could be had.
        """
        question = Question(self, request)
        while not question.done:
            answer = await question.ask()
            try:
                async with aclosing(question.read(answer)) as values:
                    async for value in values:
                        self.given += 1
                        yield value
            finally:
                await answer.close()
                self.tokens += answer.tokens

    async def room(self) -> Room:
        """What the server tells of its context and its places, asked once; nothing where it does not tell."""
        if self._room is None:
            await self.choose()
            self._room = await room_of(self.client(), self.endpoint)
        return self._room

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    def client(self) -> openai.AsyncOpenAI:
        self._client = self._client or connect(self.endpoint, self.limits)
        return self._client

    async def choose(self) -> None:
        """Where no model is named, take the first that the endpoint lists, and say so. Raises ModelError."""
        async with self._choosing:
            if not self.endpoint.model:
                model, sentence = await chosen(self.client(), self.endpoint)
                self.endpoint = self.endpoint.with_model(model)
                self.say(sentence)

    def say(self, sentence: str) -> None:
        if sentence and sentence not in self.said:
            self.said.append(sentence)

    def learn(self, manners: Manners) -> None:
        """A server took a question that was asked in these manners."""
        learnt = self.manners.with_those_of(manners)
        if learnt.rung > self.manners.rung:
            self.say(ladder.STEPPED[learnt.rung])
        self.manners = learnt
