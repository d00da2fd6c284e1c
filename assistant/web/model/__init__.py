"""The room of the language model: which one drafts, its key, whether it answers, what runs here."""

from assistant.web.model import keeping, page, trying
from assistant.web.model.room import pages

__all__ = ["keeping", "page", "pages", "trying"]
