"""When a brief was discarded; and of which brief a draft is, since one can be drafted more than once."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    with op.batch_alter_table("briefs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("discarded_at", sa.Float(), nullable=True))
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("brief_id", sa.String(length=20), nullable=True))
    op.execute(
        "UPDATE drafts SET brief_id = (SELECT max(id) FROM briefs WHERE briefs.sheet_id = drafts.sheet_id)"
    )
