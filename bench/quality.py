"""Rows as a program can see them: of files, or drafted for the sample briefs through any endpoint.

`python -m bench.quality FILE … [--examples FILE_OR_TEXT]`, `python -m bench.quality --endpoint URL [--model NAME]
[--rows N]` with its key in OPENAI_API_KEY.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sys
import tempfile
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import pairwise
from math import exp, log
from pathlib import Path
from statistics import mean

from assistant.desk import Desk
from assistant.drafting import start
from assistant.drafting.brief import Brief
from assistant.drafting.near import Near
from assistant.drafting.quality import OPENING, quality
from assistant.drafting.samples import samples
from assistant.drafting.wishes import PROMPT
from assistant.drafting.words import content, words
from bench.table import Table
from jobs.services import LOCAL, Services, open_services
from jobs.settings import Settings
from jobs.store import drafts
from schema.sheet import examine
from tests.fakes.chat_server import ChatServer

ROWS = 60
"""Of each sample brief: enough for a plan, few enough for any endpoint."""
DRAWS = 5
"""Samples of which the mean is told."""
GRAMS = 4
"""Words of the longest run that Self-BLEU looks at."""
FILLED = 0.9
"""The part of its rows from which a strand is covered."""

COLUMNS = """\
Scenes again: rows with the same content words as an earlier one, and rows that share subject and setting with one.
Words: the mean of a row, and of an example. Distinct-2 (different of all pairs of neighbouring words: more is more
varied), compression (letters for each that zlib leaves) and Self-BLEU (of each row against all others; of both less is
more varied) are the means of five samples with as many words as the smallest of these files has. Strands: those of the
plan with nine tenths of their rows or more."""

SCRIPT = f"""\
No title and no scene twice, no near-duplicate, every strand filled, where the model is hostile: {ROWS} rows of each
sample brief from a script of which every fifth row repeats the one before, every seventh has the first one's title and
every ninth is thrice as long. Its words are the script's: this shows what the program holds, not how a model writes.
A strand is asked again three times at most, the last time with twice the bound on length; what is
missing then stays missing.
"""

HEAD = (
    "rows of", "rows", "titles", "scenes again", "near-duplicates", "words (examples)", "most frequent opening",
    "distinct-2", "compression", "Self-BLEU", "strands",
)  # fmt: skip


@dataclass(frozen=True)
class Rows:
    """Prompts under a name, and the examples that they were written after.

    asked    how many were to be written     strands  how many of the plan's are covered; both where it is known
    """

    name: str
    prompts: Sequence[str]
    examples: Sequence[str] = ()
    asked: int = 0
    strands: str = "–"


def measure() -> tuple[Table, ...]:
    found = []
    with ChatServer(repeat=5, title_every=7, long_every=9) as chat:
        for one in _drafted(chat.environment(), ROWS):
            found.append(one)
            chat.reset()
    return (table("Quality of drafted rows", f"{SCRIPT}\n{COLUMNS}", found),)


def table(title: str, promise: str, found: Sequence[Rows]) -> Table:
    """A line for each, comparable with one another."""
    size = min(sum(len(words(prompt)) for prompt in one.prompts) for one in found)
    return Table(title, promise, HEAD, tuple(_line(one, size) for one in found))


def _line(found: Rows, size: int) -> tuple[str, ...]:
    counted = quality(found.prompts, Brief("", tuple(found.examples)))
    said = [words(prompt) for prompt in found.prompts]
    again = len(said) - len({tuple(sorted(content(one))) for one in said})
    ((opening, times),) = Counter(" ".join(one[:OPENING]) for one in said).most_common(1)
    drawn = [_sample(said, size, seed) for seed in range(DRAWS)]
    return (
        found.name,
        f"{counted.rows}" + (f" of {found.asked}" if found.asked else ""),
        f"{counted.titles - counted.repeated} of {counted.titles}" if counted.titles else "–",
        f"{again} / {counted.shared}",
        str(_near_duplicates(found.prompts)),
        f"{counted.words:.1f}" + (f" ({counted.asked:.1f})" if counted.asked else ""),
        f"{opening} … ({times / len(said):.0%})",
        *(f"{mean(map(figure, drawn)):.2f}" for figure in (distinct_2, compression, self_bleu)),
        found.strands,
    )


def _near_duplicates(prompts: Sequence[str]) -> int:
    near, found = Near(), 0
    for prompt in prompts:
        if near.like(prompt) is None:
            near.add(prompt)
        else:
            found += 1
    return found


def _sample(said: Sequence[Sequence[str]], size: int, seed: int) -> list[Sequence[str]]:
    """Rows drawn without looking, `size` words in all; the last is cut there."""
    drawn: list[Sequence[str]] = []
    for row in random.Random(seed).sample(said, len(said)):
        if size <= 0:
            break
        drawn.append(row[:size])
        size -= len(row)
    return drawn


def distinct_2(rows: Sequence[Sequence[str]]) -> float:
    pairs = [pair for row in rows for pair in pairwise(row)]
    return len(set(pairs)) / max(1, len(pairs))


def compression(rows: Sequence[Sequence[str]]) -> float:
    text = "\n".join(map(" ".join, rows)).encode()
    return len(text) / len(zlib.compress(text, 9))


def self_bleu(rows: Sequence[Sequence[str]]) -> float:
    """The mean BLEU of each row with all others as its references; where no run is shared, a tenth of one is."""
    scores = [0.0] * len(rows)
    for size in range(1, GRAMS + 1):
        grams = [Counter(zip(*(row[at:] for at in range(size)), strict=False)) for row in rows]
        most: dict[tuple[str, ...], tuple[int, int]] = defaultdict(
            lambda: (0, 0)
        )  # of two rows, the larger last
        for gram, times in (item for each in grams for item in each.items()):
            low, high = most[gram]
            most[gram] = max(low, min(high, times)), max(high, times)
        for place, each in enumerate(grams):
            shared = sum(min(times, most[gram][times < most[gram][1]]) for gram, times in each.items())
            scores[place] += log(max(shared, 0.1) / max(1, each.total())) / GRAMS
    return mean(map(exp, scores))


def _drafted(environment: Mapping[str, str], rows: int) -> Iterator[Rows]:
    """The sample briefs, drafted one after the other with the product."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.read({**environment, "PROMPTSHEET_DATA": folder})
        with closing(open_services(settings)) as services:
            services.database.migrate()
            for one in samples():
                yield _draft(services, one.title, replace(one.brief, rows=rows))


def _draft(services: Services, name: str, brief: Brief) -> Rows:
    order = start.start(services, LOCAL, brief)
    asyncio.run(Desk(services).run())
    with services.database.read() as connection:
        draft = drafts.get(connection, LOCAL, order.id)
    if draft.reason:
        print(f"{name}: {draft.reason}", file=sys.stderr)
    done = start.progress(services, LOCAL, draft)
    strands = done.plan["strands"] if done.plan else ()
    filled = sum(one["came"] >= FILLED * one["rows"] for one in strands)
    prompts = [row.cells[PROMPT] for row in done.view.rows if row.cells.get(PROMPT)]
    return Rows(name, prompts, brief.examples, brief.rows, f"{filled} of {len(strands)}" if strands else "–")


def _prompts(file: str) -> list[str]:
    found = examine(Path(file).read_bytes(), Path(file).name, max_rows=100_000)
    return [cells[PROMPT] for cells in found.cells if cells.get(PROMPT)]


def _examples(given: str) -> list[str]:
    """Of a file of rows, else a line each."""
    if given.endswith((".csv", ".xlsx", ".xls", ".ods")):
        return _prompts(given)
    text = Path(given).read_text(encoding="utf-8") if given.endswith(".txt") else given
    return list(filter(str.strip, text.splitlines()))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="*", metavar="FILE", help="a sheet of rows")
    parser.add_argument(
        "--examples", default="", metavar="FILE_OR_TEXT", help="what the rows were written after"
    )
    parser.add_argument("--endpoint", metavar="URL", help="draft the sample briefs through this endpoint")
    parser.add_argument(
        "--model", default="", metavar="NAME", help="of the endpoint; else the first that it lists"
    )
    parser.add_argument("--rows", type=int, default=ROWS, metavar="N", help="of each sample brief")
    given = parser.parse_args()
    if bool(given.endpoint) == bool(given.files):
        parser.error("Name files, or an endpoint.")
    if given.endpoint:
        key = os.environ.get("OPENAI_API_KEY", "")
        named = {"OPENAI_BASE_URL": given.endpoint, "OPENAI_API_KEY": key, "PROMPTSHEET_MODEL": given.model}
        found = list(_drafted(named, given.rows))
    else:
        examples = _examples(given.examples)
        found = [Rows(file, _prompts(file), examples) for file in given.files]
    filled = [one for one in found if one.prompts]
    if not filled:
        sys.exit("There is no row to look at.")
    print(table("Quality of rows", COLUMNS, filled).markdown())


if __name__ == "__main__":
    main()
