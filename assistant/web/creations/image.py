"""One image by itself: large, with the row it was made of and its neighbours among those asked for."""

from __future__ import annotations

from flask import render_template

from assistant.here import owner, services
from assistant.web.creations import wanted as wishes
from assistant.web.creations.room import pages
from jobs.backends import registry
from jobs.bundle import outside_name
from jobs.store import batches, images
from schema import columns


@pages.get("/creations/<image_id>")
def image(image_id: str) -> str:
    """The same addresses as the gallery's choose the neighbours."""
    here, wanted = services(), wishes.asked()
    with here.database.read() as connection:
        shown = images.get(connection, owner(), image_id)
        batch = batches.get(connection, owner(), shown.batch_id)
        row = batches.rows(connection, owner(), shown.batch_id, ids=[shown.row_id])[0]
        film = images.of_rows(connection, owner(), shown.batch_id, [shown.row_id])
        newer, older = images.neighbours(connection, owner(), wanted, shown.seq)
    return render_template(
        "creations/image.html",
        image=shown,
        batch=batch,
        row=row,
        film=film,
        newer=newer,
        older=older,
        address=wishes.address(wanted),
        columns=columns.load(),
        traits=registry.traits(batch.backend, here.settings),
        file=outside_name(batch, shown),
    )
