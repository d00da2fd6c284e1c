"""The room of drafts: the bar over a sheet that is being written, and rows that a chat app is asked for."""

from assistant.web.draft import acting, answer, bar
from assistant.web.draft.room import pages

__all__ = ["acting", "answer", "bar", "pages"]
