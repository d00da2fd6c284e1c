"""The room of briefs: what is to be drafted, typed and saved all along, and the answer of one's own chat."""

from assistant.web.brief import page, saving, sending, telling
from assistant.web.brief.room import pages

__all__ = ["page", "pages", "saving", "sending", "telling"]
