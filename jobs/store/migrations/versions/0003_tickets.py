"""The ticket of a row that was ordered and can be fetched: with it no order is made twice."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    with op.batch_alter_table("batch_rows", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ticket", sa.Text(), nullable=True))
