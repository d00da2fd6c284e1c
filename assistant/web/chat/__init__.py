"""The room of talking: the conversation over a sheet, its proposals taken or not, row by row or whole."""

from assistant.web.chat import deciding, panel
from assistant.web.chat.room import pages

__all__ = ["deciding", "pages", "panel"]
