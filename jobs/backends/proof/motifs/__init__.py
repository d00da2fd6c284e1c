"""The compositions a poster is chosen from: each draws on a plate with the chances it is given."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from jobs.backends.proof.motifs import figures, landscapes, nature, patterns, still_lifes
from jobs.backends.proof.plate import Plate

Motif = Callable[[Plate, Random], None]

ALL: tuple[Motif, ...] = (*landscapes.ALL, *nature.ALL, *still_lifes.ALL, *patterns.ALL, *figures.ALL)
