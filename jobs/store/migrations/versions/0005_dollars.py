"""What a row costs in dollars, kept at the start: prices may change while a batch runs."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    with op.batch_alter_table("batch_rows", schema=None) as batch_op:
        batch_op.add_column(sa.Column("micros", sa.BigInteger(), nullable=True))
