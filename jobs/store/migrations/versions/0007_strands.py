"""Strands of rows and in plans; drafts by combinations; what a turn's page showed, an endpoint's speed."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.alter_column("source", type_=sa.String(length=20), existing_type=sa.String(length=10))
    with op.batch_alter_table("sheet_rows", schema=None) as batch_op:
        batch_op.add_column(sa.Column("strand", sa.String(length=20), nullable=True))
    with op.batch_alter_table("manners", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rate", sa.Float(), nullable=True))
    with op.batch_alter_table("turns", schema=None) as batch_op:
        batch_op.add_column(sa.Column("operations", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("seen", sa.JSON(), nullable=False, server_default="{}"))
    op.execute("UPDATE drafts SET source = 'combinations' WHERE source = 'composer'")
    op.execute("UPDATE drafts SET plan = NULL")
    op.execute("UPDATE edit_groups SET origin = 'combinations' WHERE origin = 'composer'")
    op.execute("UPDATE turns SET source = 'program' WHERE source = 'composer'")
