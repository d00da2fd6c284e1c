"""The room of batches: the list, a batch as it runs, what a person may tell it, what is taken home of it."""

from assistant.web.batch import acting, listing, taking, telling, watching
from assistant.web.batch.room import pages

__all__ = ["acting", "listing", "pages", "taking", "telling", "watching"]
