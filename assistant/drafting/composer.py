"""The composer: puts a brief's own words together anew. It is not a language model and invents nothing."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import product
from math import ceil, prod

from assistant.drafting import variants
from assistant.drafting.brief import Brief
from assistant.drafting.near import Near, key
from assistant.drafting.recipe import recipe_of
from assistant.drafting.walk import Walk
from assistant.drafting.wishes import PROMPT
from schema.wording import listed

NEGATIVE = "negative_prompt"
EXACT = 5_000
"""Combinations up to which `capacity` is counted out one by one; of more, it is what they multiply to."""
_MANY = 5
"""Subjects beyond which one kind of part alone is a poor way to more rows."""
_VARIANTS = 500
"""Prompts written out of the variants of a brief, for a draft of fewer rows."""
_NAMES = {
    "opening": ("opening", "openings"),
    "subject": ("subject", "subjects"),
    "action": ("scene", "scenes"),
    "also": ("action", "actions"),
    "finish": ("finish", "finishes"),
    "background": ("background", "backgrounds"),
    "light": ("light", "lights"),
    "palette": ("palette", "palettes"),
    "composition": ("view", "views"),
    "style": ("style", "styles"),
    "mood": ("mood", "moods"),
    "quality": ("quality", "qualities"),
    "detail": ("detail", "details"),
    "lead": ("beginning", "beginnings"),
    "frame": ("frame", "frames"),
}


class Composer:
    """Rows out of a brief's own words: examples taken apart, lists in goal and context, put together anew.

    The same brief and seed give the same rows. Lines with variants come first, as they are written; then the
    combinations, so that neighbours have little in common and every value comes as often as another.
    """

    def __init__(self, brief: Brief, seed: int) -> None:
        self._seed = seed
        self._plain = [example for example in brief.examples if not variants.varies(example)]
        self.written: Sequence[str] = variants.written(brief.examples, max(_VARIANTS, brief.rows))
        """The prompts of lines with variants, which are rows as they stand."""
        self._recipe, self._wanted = recipe_of(brief, [*self._plain, *self.written])
        self._forbids = bool(self._wanted.forbidden.keywords) and brief.wish(NEGATIVE).kind == "model"

    def rows(self, taken: Collection[str] = ()) -> Iterator[dict[str, str]]:
        """Rows of cells: the prompt, and the negative prompt where goal or context forbid something.

        None says what an example or one of the prompts `taken` says already. Ends when the combinations are
        used up. Combinations that are much alike come last.
        """
        before = frozenset(taken)
        seen: set[Hashable] = {key(text) for text in (*self._plain, *taken)}
        near, later = Near(taken), []
        for prompt in self.written:
            if key(prompt) not in seen:
                seen.add(key(prompt))
                near.add(prompt)
                yield self._cells(prompt)
        for prompt in self._composed(Walk(self._recipe.sizes, self._seed), seen):
            like = near.like(prompt)
            if like is None:
                near.add(prompt)
                yield self._cells(prompt)
            elif like not in before:
                later.append(prompt)
        yield from map(self._cells, later)

    @cached_property
    def capacity(self) -> int:
        """How many different rows it can make: counted up to EXACT combinations, of more their number."""
        seen: set[Hashable] = {key(text) for text in self._plain}
        written = {key(text) for text in self.written} - seen
        if prod(self._recipe.sizes) > EXACT:
            return self._recipe.count - len(seen | written) + len(written)
        every = product(*map(range, self._recipe.sizes))
        return len(written) + sum(1 for _ in self._composed(every, seen | written))

    @property
    def parts(self) -> tuple[str, ...]:
        """What it found to put together, in words: “5 subjects”, “3 scenes”, “2 backgrounds”."""
        return tuple(_counted(size, kind) for kind, size in self._recipe.parts if size > 1)

    @property
    def sentence(self) -> str:
        """How far a brief goes: “With these words it can make 102 different rows: 6 subjects, 3 scenes.”"""
        most = "at most " if prod(self._recipe.sizes) > EXACT else ""
        rows = f"{self.capacity:,} different rows" if self.capacity != 1 else "one row"
        said = f"With these words it can make {most}{rows if self.capacity else 'no new row'}"
        return f"{said}: {listed(self.parts)}." if self.parts and self.capacity else f"{said}."

    @property
    def unused(self) -> tuple[str, ...]:
        """What goal and context say that it cannot put into a prompt."""
        return self._wanted.unused

    def advice(self, missing: int) -> str:
        """What to add for so many more rows: “Add 3 subjects for 30 more rows.” Empty where none miss."""
        if missing < 1:
            return ""
        more, rows = self._more(missing)
        said = f"Add {_counted(more, 'subject')} for {rows:,} more row{'s' * (rows != 1)}"
        other = self._other(missing)
        if other and other[0] < more:
            said += f", or {_counted(other[0], other[1])} for {other[2]:,}"
        elif more > _MANY:
            across = ceil((self.capacity + missing) ** 0.5)
            said += f", or fewer in new scenes: {across} subjects in {across} scenes make {across**2:,}"
        return f"{said}. Write them into the goal as a list, or into an example as {{fox|owl}}."

    def _more(self, missing: int) -> tuple[int, int]:
        """How many subjects bring so many more rows, and how many rows that are.

        Where only one word stands for all subjects, or none, the first one named takes its place.
        """
        recipe = self._recipe
        each = len(recipe.openings) * len(recipe.actions) * prod(len(slot.values) for slot in recipe.slots)
        more = ceil(missing / each)
        return more + recipe.themed, more * each

    def _other(self, missing: int) -> tuple[int, str, int] | None:
        """The other kind of part of which the fewest values bring so many rows."""
        count = self._recipe.count
        found = [
            (ceil(missing * size / count), kind, count // size)
            for kind, size in self._recipe.parts[1:]
            if size > 1 and kind != "opening"
        ]
        more, kind, each = min(found, default=(0, "", 0))
        return (more, kind, more * each) if kind else None

    def _composed(self, choices: Iterable[Sequence[int]], seen: set[Hashable]) -> Iterator[str]:
        """The prompts of choices that say something new and nothing forbidden; adds them to what was seen."""
        for choice in choices:
            if not self._recipe.fits(choice):
                continue
            prompt = self._recipe.prompt(choice)
            said = key(prompt)
            if said and said not in seen and not self._wanted.forbidden.meets(prompt):
                seen.add(said)
                yield prompt

    def _cells(self, prompt: str) -> dict[str, str]:
        negative = self._wanted.forbidden.cell(prompt) if self._forbids else ""
        return {PROMPT: prompt, NEGATIVE: negative} if negative else {PROMPT: prompt}


def _counted(count: int, kind: str) -> str:
    return f"{count:,} {_NAMES[kind][count != 1]}"
