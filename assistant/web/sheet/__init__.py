"""The room of sheets: upload, list, a sheet's problems and how they are mended, details before a start."""

from assistant.web.sheet import details, listing, mending, page, price, upload
from assistant.web.sheet.room import pages

__all__ = ["details", "listing", "mending", "page", "pages", "price", "upload"]
