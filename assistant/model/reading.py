"""What is asked of a model, and how its answer is read while it comes: objects, and when it runs away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from assistant.model import ladder
from assistant.model.braces import Object, Scanner
from assistant.model.ladder import Message
from assistant.model.lists import List
from assistant.model.loops import Loops
from assistant.model.thoughts import Thoughts
from schema.wire import Spec

_PREFACE = 120
"""Characters of a sentence that may stand before a fence: “Here are the rows:”. More may be thoughts."""
_LETTERS, _LEAST = 8, 20_000
"""Characters of an answer for each token that it was to take, and the least bound: beyond, it runs away."""
_SURE = 5
"""The same of an answer that began as what was asked for, so that it holds no thoughts."""


@dataclass(frozen=True)
class Request:
    """What is asked of a model.

    messages   of a chat; the last one is the person's
    schema     of the answer: `{key: [{…}]}`
    tokens     that the answer takes at most, 0 where that is not known
    longest    characters of one object in it, 0 where that is not known
    otherwise  reads objects out of an answer that has none, of whatever shape
    optional   whether a list with nothing in it is an answer
    begun      a list that a model goes on with where it keeps to no shape; None where that is no way
    """

    messages: Sequence[Message]
    schema: Spec
    key: str = "rows"
    tokens: int = 0
    longest: int = 0
    otherwise: Callable[[str], Sequence[Object]] = field(default=lambda _: ())
    optional: bool = False
    begun: List | None = None

    @property
    def names(self) -> set[str]:
        """The keys of an object in the answer."""
        return set(ladder.item(self.schema, self.key)["properties"])


class Reading:
    """The objects of one answer, as it comes.

    Objects are held back while what stands before them may be thoughts whose opening mark was left out: such
    thoughts are full of rows that the model does not mean.

    count    objects so far                    odd      whether one has other keys than were asked for
    text     what was answered before them     runaway  in words, why nothing good will come any more
    """

    def __init__(self, request: Request, longest: int, tokens: int, *, candid: bool) -> None:
        self.scanner, self.thoughts = Scanner(longest), Thoughts()
        self.count, self.odd, self.runaway, self.text = 0, False, "", ""
        self._request, self._longest, self._candid = request, longest, candid
        self._most, self._enough = max(_LEAST, tokens * _LETTERS), tokens * _SURE
        self._names = request.names
        self._loops = Loops()
        self._held: list[Object] = []
        self._letters, self._visible = 0, 0

    def feed(self, piece: str) -> list[Object]:
        """The objects that are surely answered by now."""
        alone = self.thoughts.alone
        visible = self.thoughts.feed(piece)
        if self.thoughts.alone > alone:  # all that came before that mark was thought
            self.scanner, self._held = Scanner(self._longest), []
            self.count, self.odd, self.text = 0, False, ""
        self.text += "" if self.count else visible
        self._visible += len(visible)
        self._keep(self.scanner.feed(visible))
        self._bound(piece)
        return self._given() if self._held and self._is_answer() else []

    def rest(self, *, whole: bool) -> list[Object]:
        """What is left at the end; `whole` says that the answer was brought to its end."""
        tail = self.thoughts.rest()
        self.text += "" if self.count else tail
        self._keep([*self.scanner.feed(tail), *self.scanner.rest(whole=whole)])
        return self._given()

    def _keep(self, found: Sequence[Object]) -> None:
        self.count += len(found)
        self.odd = self.odd or any(set(value) != self._names for value in found)
        self._held += found

    def _given(self) -> list[Object]:
        held, self._held = self._held, []
        return held

    def _is_answer(self) -> bool:
        """Whether what has come is surely no thought: a list of objects, or a fence after a short sentence.

        Prose with objects in it is an answer once the model was seen to end one without such a mark.
        """
        text = self.text.lstrip()
        fence = text.find("```")
        return self._candid or self._begun_well or (0 <= fence <= _PREFACE and "{" not in text[:fence])

    @property
    def _begun_well(self) -> bool:
        return self.text.lstrip()[:1] in ("{", "[")

    def _bound(self, piece: str) -> None:
        self._letters += len(piece)
        if self._loops.feed(piece):
            self.runaway = "repeats itself without end"
        elif self._request.longest and self.scanner.running_away:
            self.runaway = "wrote a row without end"
        elif self._letters > self._most or (self._visible > self._enough and self._begun_well):
            self.runaway = "wrote much more than was asked for"
