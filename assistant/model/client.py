"""A language model behind an OpenAI-compatible endpoint, asked for objects that it gives as they come."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.model import ladder
from assistant.model.answer import Limits, connect
from assistant.model.endpoint import Endpoint
from assistant.model.ladder import Manners, Message
from assistant.model.listing import chosen
from assistant.model.question import Question
from jobs.errors import ModelAnswerBroken
from schema.wire import Spec, listing, typed

if TYPE_CHECKING:
    import openai

__all__ = ["Limits", "Manners", "Model", "Tested"]

_MANNERS, _LIMITS = Manners(), Limits()


@dataclass(frozen=True)
class Tested:
    """What a test found: a sentence for the person; the rung and the tokens (0: not told) it rests on."""

    model: str
    rung: int
    tokens: int
    sentence: str


class Model:
    """Asks one endpoint, any number of questions at once, and learns on the way how it wants to be asked.

    manners  as learnt so far; the caller remembers them for the next time
    tokens   counted so far, 0 where the server does not say
    said     sentences for the person about what was fallen back to or left out
    """

    def __init__(self, endpoint: Endpoint, manners: Manners = _MANNERS, *, limits: Limits = _LIMITS) -> None:
        self.endpoint = endpoint
        self.manners = manners
        self.limits = limits
        self.tokens = 0
        self.said: list[str] = []
        self._client: openai.AsyncOpenAI | None = None
        self._choosing = asyncio.Lock()

    async def objects(
        self, messages: Sequence[Message], schema: Spec, *, key: str = "rows"
    ) -> AsyncGenerator[dict[str, Any]]:
        """Ask for a list of objects (`schema` is `{key: [{…}]}`), and give each as it closes.

        Objects are as the model wrote them: their keys and values are the caller's to check. Raises a
        ModelError at the end, after all that came, where the answer is not whole or none could be had.
        """
        question = Question(self, messages, schema, key)
        while not question.done:
            answer = await question.ask()
            try:
                async with aclosing(question.read(answer)) as values:
                    async for value in values:
                        yield value
            finally:
                await answer.close()
                self.tokens += answer.tokens

    async def test(self) -> Tested:
        """Ask for two words by a schema, which costs few tokens, and say how the endpoint answers."""
        schema = listing("rows", {"animal": typed("string", ["fox", "owl", "hare", "deer"])})
        before = self.tokens
        message = {"role": "user", "content": "Name exactly 2 animals of the forest."}
        found = [value async for value in self.objects([message], schema)]
        if not found:
            raise ModelAnswerBroken(f"{self.endpoint.named} at {self.endpoint.host} answers with nothing.")
        return Tested(
            self.endpoint.model, self.manners.rung, self.tokens - before, self._found(self.tokens - before)
        )

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

    def _found(self, tokens: int) -> str:
        words = [f"{self.endpoint.named} at {self.endpoint.host} {ladder.HOLDS[self.manners.rung]}."]
        if "stream" in self.manners.dropped:
            words.append("It does not stream: the rows of a call come all at once.")
        words.append(f"It counts tokens: {tokens} for this test." if tokens else "It does not count tokens.")
        return " ".join(words)
