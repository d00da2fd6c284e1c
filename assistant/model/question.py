"""One question to a language model: asked, and asked otherwise, until an answer is read or no way left."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING

from assistant.drafting.pasted import read_any
from assistant.model import failures, ladder
from assistant.model.answer import Answer
from assistant.model.braces import Object, Scanner
from assistant.model.failures import Told
from assistant.model.ladder import Manners, Message
from jobs.errors import ModelAnswerBroken, ModelDeclined, ModelError
from schema.columns import load
from schema.wire import Spec
from schema.wording import counted

if TYPE_CHECKING:
    import openai

    from assistant.model.client import Model

_REFUSALS = 10
"""Refused ways of asking, after each of which one other is tried at once."""
_SECOND_ANSWERS = 2
"""Answers without a row after which it is asked once more, further down the ladder."""
_LETTERS = 12
"""Characters a token stands for at most: a question that was counted shorter was not read as a whole."""
_DECLINES = re.compile(
    r"can(?:no|'|’)t\b|\bcannot\b|\bwon(?:'|’)t\b|\bwill not\b|unable to|not able to|\bdeclin|"
    r"not comfortable|against (?:my|our|the)\b|\bsorry\b|apologi[sz]e|tut mir leid|kann dabei nicht|"
    r"désolée?\b|lo siento|mi dispiace|не могу|抱歉|无法|申し訳",
    re.IGNORECASE,
)


class Question:
    """`done` says that no further call is to be made; before, `ask` makes one and `read` reads its answer."""

    def __init__(self, model: Model, messages: Sequence[Message], schema: Spec, key: str) -> None:
        self.done = False
        self._model, self._messages, self._schema, self._key = model, messages, schema, key
        self._limits = model.limits
        self._deadline = asyncio.get_running_loop().time() + model.limits.wall
        self._manners = model.manners
        self._tries = 1
        self._second = _SECOND_ANSWERS
        self._refused: ModelError | None = None
        self._names = set(ladder.item(schema, key)["properties"])

    async def ask(self) -> Answer:
        """Make the call, otherwise where the server refuses how it was asked, again where that may help."""
        import openai

        await self._model.choose()
        for _ in range(_REFUSALS + self._limits.tries):
            answer = Answer(self._model.endpoint, self._limits, self._deadline)
            asked = ladder.request(self._manners, self._messages, self._schema, self._limits.tokens)
            asked["model"] = self._model.endpoint.model
            refused: openai.APIStatusError | None = None
            failed: ModelError | None = None
            try:
                await answer.ask(self._model.client(), asked, stream="stream" not in self._manners.dropped)
            except openai.APIStatusError as reason:
                refused = reason
            except ModelError as reason:
                failed = reason
            if refused:
                await self._otherwise(refused)
            elif failed:
                await self._wait(failed, None, again=failures.passes(failed))
            else:
                return answer
        raise self._refused or ModelAnswerBroken(f"{self._model.endpoint.host} takes no way of asking.")

    async def read(self, answer: Answer) -> AsyncGenerator[Object]:
        """The objects of an answer; afterwards the question is done, or to be asked once more."""
        scanner = Scanner(self._limits.object)
        kept: list[str] = []
        count, odd = 0, False
        broken: ModelError | None = None
        try:
            async with aclosing(answer.pieces()) as pieces:
                async for piece in pieces:
                    kept += [piece] if not count else []
                    for value in scanner.feed(piece):
                        count, odd = count + 1, odd or set(value) != self._names
                        yield value
        except ModelError as reason:
            broken = reason
        for value in scanner.rest(whole=answer.finish == "stop" and not broken):
            count, odd = count + 1, odd or set(value) != self._names
            yield value
        self._note(answer, scanner)
        if broken:
            await self._wait(broken, None, again=failures.passes(broken) and not answer.began)
            return
        if not answer.began:
            self._unheard()
            return
        self._judge(answer, count)
        if count:
            self._heeded(scanner, odd=odd)
            return
        for value in self._anything("".join(kept)):
            yield value

    def _judge(self, answer: Answer, count: int) -> None:
        """The question is done. Raises a ModelError where the answer was not brought to its end."""
        self.done = True
        host, model = self._model.endpoint.host, self._model.endpoint.named
        if answer.finish is None or answer.finish == "error":
            raise ModelAnswerBroken(f"{host} ended its answer in the middle.")
        if answer.finish == "length" and answer.thought and not count:
            raise ModelAnswerBroken(
                f"{model} at {host} thought until its limit of tokens, and wrote nothing. Ask for fewer "
                "rows, or take a model that thinks less."
            )
        if answer.finish == "length":
            raise ModelAnswerBroken(f"{model} at {host} was cut off at its limit of tokens.")
        if answer.finish == "filter":
            raise ModelDeclined(
                f"The content filter at {host} stopped the answer. Put the goal in other words."
            )
        if answer.refusal:
            raise self._declined(answer.refusal)

    def _anything(self, text: str) -> list[Object]:
        """What an answer without objects is: rows in another shape, a refusal, or reason to ask otherwise."""
        if "prompt" in self._names and self._names <= set(load().names):
            rows = [{**row} for row in read_any(text)]
            if rows:
                self._model.learn(Manners(ladder.ANYTHING))
                return rows
        if _DECLINES.search(text[:400]):
            raise self._declined(text)
        below = ladder.below(self._manners)
        if below is None or not self._second:
            words = failures.said(self._model.endpoint, text) or " with nothing"
            raise ModelAnswerBroken(f"{self._model.endpoint.named} answered without a single row{words}.")
        self._second -= 1
        self._manners, self.done = below, False
        return []

    def _heeded(self, scanner: Scanner, *, odd: bool) -> None:
        """Remember the next rung, where the schema was ignored; the rows came all the same."""
        heeded = self._manners.rung >= ladder.LINES or not (
            scanner.loose or (odd and self._manners.rung <= ladder.SCHEMA)
        )
        below = None if heeded else ladder.below(self._manners)
        if below:
            self._model.learn(below)

    def _unheard(self) -> None:
        """Not one chunk came: the server does not stream. Ask again without; once."""
        host = self._model.endpoint.host
        if "stream" in self._manners.dropped:
            raise ModelAnswerBroken(f"{host} answers with nothing.")
        self._manners = self._manners.with_those_of(Manners(dropped=frozenset({"stream"})))

    async def _otherwise(self, reason: openai.APIStatusError) -> None:
        """Change the manners after a refusal, or wait after a passing one; raises what it amounts to."""
        told, status = Told.read(reason.body), reason.status_code
        headers = reason.response.headers
        error = failures.of_status(self._model.endpoint, status, told, headers.get("location", ""))
        vague = status in {400, 422} and type(error) is ModelAnswerBroken
        changed = ladder.after_refusal(self._manners, status, told)
        changed = changed or (
            ladder.plainest(self._manners) if vague and not failures.too_long(told) else None
        )
        if changed:
            self._refused = self._refused or error
            self._manners = changed
            return
        if self._refused and vague:
            raise self._refused
        again = status in failures.PASSING and error.retry
        await self._wait(error, failures.retry_after(headers), again=again)

    async def _wait(self, error: ModelError, asked: float | None, *, again: bool) -> None:
        """Wait before another try. Raises the error where there is none, or the wait would be too long."""
        pause = self._limits.pause * 2 ** (self._tries - 1) if asked is None else asked
        left = self._deadline - asyncio.get_running_loop().time()
        if not again or self._tries >= self._limits.tries or pause > min(self._limits.patience, left):
            self.done = True
            raise error
        if pause >= 5:
            self._model.say(f"{self._model.endpoint.host} asked to wait {pause:.0f} s before the next call.")
        self._tries += 1
        await asyncio.sleep(pause)

    def _declined(self, text: str) -> ModelDeclined:
        words = failures.said(self._model.endpoint, text)
        return ModelDeclined(f"{self._model.endpoint.named} declines{words}. Put the goal in other words.")

    def _note(self, answer: Answer, scanner: Scanner) -> None:
        """Remember that the server took the question so, and say what was left out on either side."""
        if answer.began:
            unstreamed = Manners(dropped=frozenset({"stream"} if answer.whole else ()))
            self._model.learn(self._manners.with_those_of(unstreamed))
        asked = sum(len(message["content"]) for message in self._messages)
        if answer.read and answer.read * _LETTERS < asked:
            self._model.say(
                f"{self._model.endpoint.host} seems to have read only the end of the question: its memory is "
                "too small for it. Give it a larger context, or shorten the context and the examples."
            )
        if scanner.too_long:
            rows = (
                "A row was"
                if scanner.too_long == 1
                else f"{counted(scanner.too_long).capitalize()} rows were"
            )
            self._model.say(f"{rows} longer than {self._limits.object:,} characters, and left out.")
