"""Every table in one place, for what must know them all: migrations and the test that compares them."""

from jobs.store.attempts import past_attempts
from jobs.store.batches import batch_rows, batches, events
from jobs.store.briefs import briefs
from jobs.store.credits import credit_entries
from jobs.store.drafts import drafts
from jobs.store.edits import edit_groups, edits
from jobs.store.endpoints import endpoints, manners
from jobs.store.images import images
from jobs.store.notices import notices
from jobs.store.rewordings import rewordings
from jobs.store.sheets import sheet_rows, sheets
from jobs.store.turns import turns

ALL = (
    sheets,
    sheet_rows,
    edit_groups,
    edits,
    briefs,
    drafts,
    turns,
    endpoints,
    manners,
    batches,
    batch_rows,
    past_attempts,
    rewordings,
    events,
    images,
    credit_entries,
    notices,
)
