"""The room of batches: the list, a batch as it runs, what a person may tell it, what is taken home of it."""

from assistant.web.batch import acting, editing, listing, taking, telling, watching
from assistant.web.batch.room import pages

__all__ = ["acting", "editing", "listing", "pages", "taking", "telling", "watching"]
