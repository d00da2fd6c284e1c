"""A batch watched from a terminal, its images taken as they come."""

from __future__ import annotations

import time

from assistant.commands.asked import Asked
from assistant.commands.engine import Engine
from assistant.commands.folder import Folder
from assistant.commands.screen import screen
from assistant.parts import LOOK
from assistant.words import count, span
from jobs import amounts, control
from jobs.progress import Progress, progress
from jobs.services import LOCAL, Services

STOPPING = "Stopping: the rows on their way are finished and kept. Ctrl-C again does not wait."


def follow(services: Services, engine: Engine, asked: Asked, folder: Folder, batch_id: str) -> None:
    """Take the images as they come, until nothing of the batch changes by itself any more.

    Asked once, the batch is stopped and its rows on their way are waited for; asked twice, they are not.
    """
    stopping = False
    with screen() as shown:
        while True:
            for sentence in engine.tend():
                shown.say(sentence)
            now = progress(services, LOCAL, batch_id)
            folder.take(services, now.batch)
            shown.show(now.settled, now.batch.rows, figures(now))
            if not now.live or asked.times > 1:
                return
            if asked and not stopping:
                stopping = True
                control.stop(services, LOCAL, batch_id)
                shown.say(STOPPING)
            time.sleep(LOOK)


def figures(now: Progress) -> str:
    """12 of 499 rows, 48 images, 1 row failed, 4 to 6 min left, 12.5 credits."""
    parts = [f"{now.settled:,} of {count(now.batch.rows, 'row')}", count(now.made, "image")]
    if now.waiting:
        parts.append(f"{count(now.waiting, 'row')} failed")
    if now.left:
        parts.append(f"{span(now.left)} left")
    if now.spent:
        parts.append(f"{amounts.spoken(now.spent)} credits")
    return ", ".join(parts)
