"""What a model thinks aloud within its answer, in any of the marks in use, parted from what it answers."""

from __future__ import annotations

import re

_TAGS = r"think|thinking|thought|thoughts|reasoning|analysis|reflection|scratchpad|seed:think"
_OPENS = re.compile(
    rf"(?:\A|(?<=\n))[ \t]*(?:<(?:{_TAGS})>|\[THINK\]|◁think▷|<\|(?:begin_of_thought|START_THINKING)\|>)"
    r"|<\|channel\|>\s*(?:analysis|commentary).{0,60}?<\|message\|>",
    re.IGNORECASE,
)
_CLOSES = re.compile(
    rf"</(?:{_TAGS})>|\[/THINK\]|◁/think▷|<\|(?:end_of_thought|END_THINKING|end)\|>"
    r"|<\|channel\|>\s*final.{0,60}?<\|message\|>|assistantfinal",
    re.IGNORECASE,
)
_NOISE = re.compile(r"<\|(?:start\|>\s*assistant|return\|>|begin_of_solution\|>|end_of_solution\|>)")
_STRIPPED = "assistantfinal"
_MAY_BEGIN = re.compile(
    r"(?:<\|(?:channel|start)\|>[^{\n]{0,120}|<[/|]?[\w:|]{0,24}|\[/?[A-Za-z]{0,6}|◁/?\w{0,6}|"
    rf"(?:{'|'.join(_STRIPPED[:count] for count in range(1, len(_STRIPPED)))}))\Z"
)
"""What may be the beginning of a mark, at the end of a piece."""


class Thoughts:
    """A filter over a stream: what is thought is left out.

    Marks are those of DeepSeek, Qwen, Mistral, Kimi, Cohere and of OpenAI's open models (channels). Some
    servers send the closing mark alone, because the opening one stands in their template: then all that came
    before it was thought, and `alone` counts that.
    """

    def __init__(self) -> None:
        self.alone = 0
        self._inside = False
        self._carry = ""

    def feed(self, piece: str) -> str:
        """What of this piece is answered. Where `alone` has grown, only what follows that mark."""
        text, self._carry = self._carry + piece, ""
        held = _MAY_BEGIN.search(text)
        if held and not (_OPENS.match(text, held.start()) or _CLOSES.match(text, held.start())):
            text, self._carry = text[: held.start()], text[held.start() :]
        return self._answered(text)

    def rest(self) -> str:
        """What was kept back because it might have begun a mark."""
        text, self._carry = self._carry, ""
        return self._answered(text)

    def _answered(self, text: str) -> str:
        found: list[str] = []
        while text:
            if self._inside:
                end = _CLOSES.search(text)
                if not end:
                    break
                self._inside, text = False, text[end.end() :]
                continue
            opens, closes = _OPENS.search(text), _CLOSES.search(text)
            if closes and not (opens and opens.start() < closes.start()):
                found.clear()
                self.alone += 1
                text = text[closes.end() :]
            elif opens:
                found.append(text[: opens.start()])
                self._inside, text = True, text[opens.end() :]
            else:
                found.append(text)
                break
        return _NOISE.sub("", "".join(found))


def answered(text: str) -> str:
    """A whole answer without what was thought in it."""
    thoughts = Thoughts()
    before = thoughts.feed(text)
    return before + thoughts.rest()
