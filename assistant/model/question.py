"""One question to a language model: asked, and asked otherwise, until an answer is read or no way left."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.model import failures, ladder
from assistant.model.answer import Answer
from assistant.model.braces import Object, Scanner
from assistant.model.failures import Told
from assistant.model.ladder import LIST, Manners
from assistant.model.lists import Lines
from assistant.model.loops import Loops
from assistant.model.reading import Reading, Request
from assistant.model.thoughts import answered
from jobs.errors import ModelAnswerBroken, ModelDeclined, ModelError
from schema.wording import counted

if TYPE_CHECKING:
    import openai

    from assistant.model.client import Model

_REFUSALS = 10
"""Refused ways of asking, after each of which one other is tried at once."""
_SECOND_ANSWERS = 2
"""Answers without a row after which it is asked once more, further down the ladder."""
_FEW = 2
"""Objects that a model may have given and still be taken for one that keeps to no shape."""
_EMPTY = re.compile(r'\s*(?:\{\s*"\w+"\s*:\s*)?\[\s*\]\s*\}?\s*')
_DECLINES = re.compile(
    r"can(?:no|'|’)t\b|\bcannot\b|\bwon(?:'|’)t\b|\bwill not\b|unable to|not able to|\bdeclin|"
    r"not comfortable|against (?:my|our|the)\b|\bsorry\b|apologi[sz]e|tut mir leid|kann dabei nicht|"
    r"désolée?\b|lo siento|mi dispiace|не могу|抱歉|无法|申し訳",
    re.IGNORECASE,
)


class Question:
    """`done` says that no further call is to be made; before, `ask` makes one and `read` reads its answer."""

    def __init__(self, model: Model, asked: Request) -> None:
        self.done = False
        self._model, self._asked = model, asked
        self._limits = model.limits
        self._tokens = asked.tokens or model.limits.tokens
        self._longest = min(asked.longest or model.limits.object, model.limits.object)
        self._deadline = asyncio.get_running_loop().time() + model.limits.wall
        self._manners = model.manners
        self._tries = 1
        self._second = _SECOND_ANSWERS
        self._refused: ModelError | None = None
        self._letters = sum(len(message["content"]) for message in asked.messages)

    async def ask(self) -> Answer:
        """Make the call, otherwise where the server refuses how it was asked, again where that may help."""
        import openai

        await self._model.choose()
        for _ in range(_REFUSALS + self._limits.tries):
            answer = Answer(self._model.endpoint, self._limits, self._deadline)
            refused: openai.APIStatusError | None = None
            failed: ModelError | None = None
            try:
                await answer.ask(
                    self._model.client(), self._parameters(), stream="stream" not in self._manners.dropped
                )
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

    def read(self, answer: Answer) -> AsyncGenerator[Object]:
        """The objects of an answer; afterwards the question is done, or to be asked once more."""
        return self._read_lines(answer) if self._listing else self._read_objects(answer)

    @property
    def _listing(self) -> bool:
        """Whether a list is gone on with."""
        return self._manners.rung == LIST and self._asked.begun is not None

    def _parameters(self) -> dict[str, object]:
        """The parameters of the call."""
        model = {"model": self._model.endpoint.model}
        if self._listing and self._asked.begun:
            text = self._asked.begun
            if "completions" not in self._manners.dropped:
                return ladder.going_on(self._manners, text.whole, self._tokens) | model
            return ladder.request(self._manners, text.messages, self._asked.schema, self._tokens) | model
        manners = replace(self._manners, rung=min(self._manners.rung, ladder.ANYTHING))
        if self._manners.rung == LIST:  # so small a model goes on until its context is full
            manners = replace(manners, dropped=manners.dropped | {ladder.OWN_LIMIT})
        return ladder.request(manners, self._asked.messages, self._asked.schema, self._tokens) | model

    async def _read_lines(self, answer: Answer) -> AsyncGenerator[Object]:
        """The lines of a list that was gone on with, each as an object with a prompt."""
        assert self._asked.begun
        lines, loops = Lines(self._asked.begun), Loops()
        count, broken = 0, ""
        async with aclosing(answer.pieces()) as pieces:
            async for piece in pieces:
                for line in lines.feed(piece):
                    count += 1
                    yield {"prompt": line}
                if lines.over or loops.feed(piece):
                    broken = "" if lines.over else "repeats itself without end"
                    break
        for line in lines.rest():
            count += 1
            yield {"prompt": line}
        self.done = True
        self._model.learn(self._manners)
        if not count:
            raise ModelAnswerBroken(f"{self._model.endpoint.named} {broken or 'wrote no line of the list'}.")

    async def _read_objects(self, answer: Answer) -> AsyncGenerator[Object]:
        reading = Reading(self._asked, self._longest, self._tokens, candid=self._model.candid)
        broken: ModelError | None = None
        try:
            async with aclosing(answer.pieces()) as pieces:
                async for piece in pieces:
                    for value in reading.feed(piece):
                        yield value
                    if reading.runaway:
                        raise Runaway(f"{self._model.endpoint.named} {reading.runaway}, and was stopped.")
        except ModelError as reason:
            broken = reason
        for value in reading.rest(whole=answer.finish == "stop" and not broken):
            yield value
        self._note(answer, reading)
        if broken:
            await self._broke(broken, answer, reading.count)
            return
        if not answer.began:
            self._unheard()
            return
        self._judge(answer, reading.count)
        if reading.count:
            self._heeded(reading)
            return
        for value in self._anything(reading.text, answer.thoughts):
            yield value

    async def _broke(self, broken: ModelError, answer: Answer, count: int) -> None:
        """After an answer that broke off: ask for a list instead where it lost the thread, else say why."""
        if isinstance(broken, Runaway) and count <= _FEW and self._step_down_to_a_list():
            return
        await self._wait(broken, None, again=failures.passes(broken) and not answer.began)

    def _step_down_to_a_list(self) -> bool:
        """The lowest way of asking, for a model that loses the thread before its first row, if it is one."""
        if self._asked.begun is None or self._listing or self._model.given > _FEW:
            return False
        self._manners = replace(self._manners, rung=LIST)
        self._model.learn(self._manners)
        return True

    def _judge(self, answer: Answer, count: int) -> None:
        """The question is done. Raises a ModelError where the answer was not brought to its end."""
        self.done = True
        host, model = self._model.endpoint.host, self._model.endpoint.named
        if answer.finish is None or answer.finish == "error":
            raise ModelAnswerBroken(f"{host} ended its answer in the middle.")
        if answer.finish == "length" and not self._manners.reserved(self._tokens):
            self._model.learn(Manners(dropped=frozenset({ladder.OWN_LIMIT})))
        if answer.finish == "length" and not count:
            if not answer.thoughts and self._step_down_to_a_list():
                self.done = False
                return
            raise ModelAnswerBroken(
                f"{model} at {host} thought until its limit of tokens, and wrote nothing. Ask for fewer "
                "rows, or take a model that thinks less."
                if answer.thoughts
                else f"{model} at {host} was cut off at its limit of tokens."
            )
        if answer.finish == "length":
            raise ModelAnswerBroken(f"{model} at {host} was cut off at its limit of tokens.")
        if answer.finish == "filter":
            raise ModelDeclined(
                f"The content filter at {host} stopped the answer. Put the goal in other words."
            )
        if answer.refusal:
            raise self._declined(answer.refusal)

    def _anything(self, text: str, thoughts: str) -> Sequence[Object]:
        """What an answer without objects is: rows in another shape, a refusal, or reason to ask otherwise."""
        if not self.done or (self._asked.optional and _EMPTY.fullmatch(text)):
            return []
        if rows := self._asked.otherwise(text):
            self._model.learn(Manners(ladder.ANYTHING))
            return rows
        if not text.strip() and thoughts:  # some servers put all that a model says among its thoughts
            scanner = Scanner(self._longest)
            inner = answered(thoughts)
            if rows := [*scanner.feed(inner), *scanner.rest(whole=True)] or self._asked.otherwise(inner):
                return rows
        if _DECLINES.search(text[:400]):
            raise self._declined(text)
        below = ladder.below(self._manners)
        if below is None or not self._second:
            if self._step_down_to_a_list():
                self.done = False
                return []
            words = failures.said(self._model.endpoint, text) or " with nothing"
            one = self._asked.key.removesuffix("s")
            raise ModelAnswerBroken(f"{self._model.endpoint.named} answered without a single {one}{words}.")
        self._second -= 1
        self._manners, self.done = below, False
        return []

    def _heeded(self, reading: Reading) -> None:
        """Remember the next rung, where the schema was ignored; the rows came all the same."""
        heeded = self._manners.rung >= ladder.LINES or not (
            reading.scanner.loose or (reading.odd and self._manners.rung <= ladder.SCHEMA)
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
        if self._listing and "completions" not in self._manners.dropped and status in {400, 404, 405, 422}:
            self._manners = self._manners.with_those_of(Manners(dropped=frozenset({"completions"})))
            return
        vague = status in {400, 422} and type(error) is ModelAnswerBroken
        changed = ladder.after_refusal(self._manners, status, told, self._letters, self._tokens)
        changed = changed or (
            ladder.plainest(self._manners) if vague and not failures.too_long(told) else None
        )
        if changed:
            self._refused = self._refused or error
            self._manners = changed
            return
        if self._refused and vague:
            raise self._refused
        self._model.throttled += status == 429
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

    def _note(self, answer: Answer, reading: Reading) -> None:
        """Remember that the server took the question so, and say what was left out."""
        if answer.began:
            unstreamed = Manners(dropped=frozenset({"stream"} if answer.whole else ()))
            self._model.learn(self._manners.with_those_of(unstreamed))
        self._model.candid |= answer.finish == "stop" and reading.scanner.loose and not reading.thoughts.alone
        if left := reading.scanner.too_long:
            rows = "A row was" if left == 1 else f"{counted(left).capitalize()} rows were"
            self._model.say(f"{rows} longer than {self._longest:,} characters, and left out.")


class Runaway(ModelAnswerBroken):
    """An answer that loops, or goes on without end."""
