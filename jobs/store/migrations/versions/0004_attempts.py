"""A row's earlier attempts, other wordings of refused rows, images taken over from an earlier batch."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "past_attempts",
        sa.Column("batch_id", sa.String(length=20), nullable=False),
        sa.Column("row_id", sa.String(length=20), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("ticket", sa.Text(), nullable=True),
        sa.Column("at", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"]),
        sa.PrimaryKeyConstraint("batch_id", "row_id", "n", name=op.f("pk_past_attempts")),
    )
    op.create_table(
        "rewordings",
        sa.Column("batch_id", sa.String(length=20), nullable=False),
        sa.Column("row_id", sa.String(length=20), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("holder", sa.String(length=120), nullable=True),
        sa.Column("lease", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"]),
        sa.PrimaryKeyConstraint("batch_id", "row_id", name=op.f("pk_rewordings")),
    )
    op.create_index(op.f("ix_rewordings_state"), "rewordings", ["state"])
    with op.batch_alter_table("images", schema=None) as batch_op:
        batch_op.add_column(sa.Column("source", sa.String(length=20), nullable=True))
    op.create_index(op.f("ix_batch_rows_row_id"), "batch_rows", ["row_id"])
