"""The room of the grid: a sheet seen and edited cell by cell, and what keeps several pages of it alike."""

from assistant.web.grid import editing, page, parting, streaming
from assistant.web.grid.room import pages

__all__ = ["editing", "page", "pages", "parting", "streaming"]
