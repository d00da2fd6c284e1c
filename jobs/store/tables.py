"""Every table in one place, for what must know them all: migrations and the test that compares them."""

from jobs.store.batches import batch_rows, batches, events
from jobs.store.credits import credit_entries
from jobs.store.edits import edit_groups, edits
from jobs.store.images import images
from jobs.store.notices import notices
from jobs.store.sheets import sheet_rows, sheets

ALL = (sheets, sheet_rows, edit_groups, edits, batches, batch_rows, events, images, credit_entries, notices)
