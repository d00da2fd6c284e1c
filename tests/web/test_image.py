"""One image: its page, its files, its star, its way out of the gallery and back."""

from __future__ import annotations

import html
import io
import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image as Pillow

from jobs import ids
from jobs.services import LOCAL, Services
from jobs.store import images
from jobs.store.images import Image, Wanted
from tests.jobs import making
from tests.web import rows
from tests.web.conftest import Person

HTMX = {"HX-Request": "true"}


@pytest.fixture
def made(services: Services, person: Person) -> list[Image]:
    """Two rows of three images; the first row's settings are set, the second's are defaults."""
    items = [
        making.item(
            2,
            "a fox <b>in</b> snow",
            3,
            aspect_ratio="2:3",
            color_palette="ember",
            style="design",
            model="3.0",
        ),
        making.item(3, "an owl", 3),
    ]
    batch_id = rows.of_items(services, items, name="Winter")
    first = rows.end(
        services, batch_id, (2,), prompt_used="a fox in deep snow, soft light", notes=["Ignored."]
    )
    return first + rows.end(services, batch_id, (3,))


def text(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def put(person: Person, address: str, **form: object) -> tuple[int, dict[str, object]]:
    """Send a form as htmx does; returns the status and the event that the page is told."""
    person.get("/notices")
    answer = person.client.post(address, data=form, headers=HTMX | {"X-CSRFToken": person.token})
    return answer.status_code, json.loads(answer.headers.get("HX-Trigger", "{}"))


def test_the_page_tells_what_the_image_was_made_of(person: Person, made: list[Image]) -> None:
    page = person.page(f"/creations/{made[1].id}")
    said = text(page)
    assert "Row 2, image 2 of 3" in said
    assert "a fox <b>in</b> snow" in said
    assert "<b>in</b>" not in page, "a prompt is no markup"
    assert "a fox in deep snow, soft light" in said
    for setting in (
        "batch Winter",
        "aspect_ratio 2:3",
        "model 3.0",
        "style design",
        "seed_number 202 as used",
        "visibility private",
        "drawn by proof not an image model",
        "said of it Ignored.",
    ):
        assert setting in said, setting
    assert "ember approximate" in said
    assert '<dt>rendering</dt><dd class="dft">default' in page
    assert "<dt>model</dt><dd>3.0" in page
    assert re.search(r"file 0002_2_a-fox-b-in-b-snow_\w+\.png", said)


def test_a_prompt_that_was_used_as_written_is_not_told_twice(person: Person, made: list[Image]) -> None:
    assert "Prompt really used" not in person.page(f"/creations/{made[3].id}")


def test_the_film_shows_the_rows_images_in_their_order(person: Person, made: list[Image]) -> None:
    page = person.page(f"/creations/{made[4].id}")
    assert re.findall(r'id="film-(\w+)"', page) == [image.id for image in made[3:]]
    assert page.count('aria-current="true"') == 1


def test_neighbours_are_those_of_what_was_asked_for(
    person: Person, services: Services, made: list[Image]
) -> None:
    with services.database.write() as connection:
        for image in (made[0], made[2], made[5]):
            images.star(connection, LOCAL, image.id, True)
    page = person.page(f"/creations/{made[2].id}?starred=1")
    assert f'rel="prev" href="/creations/{made[5].id}?starred=1"' in page
    assert f'rel="next" href="/creations/{made[0].id}?starred=1"' in page
    last = person.page(f"/creations/{made[0].id}?starred=1")
    assert 'rel="next"' not in last
    assert f'href="/creations?starred=1#figure-{made[0].id}" aria-label="Close"' in last


def test_the_file_is_whole_typed_named_and_kept_for_good(
    person: Person, services: Services, made: list[Image]
) -> None:
    answer = person.get(f"/images/{made[0].id}")
    assert answer.data == services.files.get(made[0].key)
    assert answer.mimetype == "image/png"
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert answer.headers["Content-Disposition"].startswith("inline")
    taken = person.get(f"/images/{made[0].id}?download=1").headers["Content-Disposition"]
    assert re.fullmatch(r"attachment; filename=0002_1_a-fox-b-in-b-snow_\w+\.png", taken)


def test_a_thumb_is_small_made_once_and_kept_for_good(person: Person, services: Services) -> None:
    batch_id = rows.of_items(services, [making.item(2, aspect_ratio="3:1")])
    (image,) = rows.end(services, batch_id, (2,))
    large = io.BytesIO()
    Pillow.new("RGB", (1536, 512), "teal").save(large, "PNG")
    services.files.put(image.key, large.getvalue())
    answer = person.get(f"/images/{image.id}/thumb")
    assert (answer.mimetype, answer.headers["Cache-Control"]) == (
        "image/webp",
        "private, max-age=31536000, immutable",
    )
    with Pillow.open(io.BytesIO(answer.data)) as small:
        assert small.size == (480, 160)
    kept = services.files.path(f"thumbs/{image.key}.webp")
    written = kept.stat().st_mtime_ns
    assert person.get(f"/images/{image.id}/thumb").data == answer.data
    assert kept.stat().st_mtime_ns == written


def test_many_may_ask_for_a_thumb_at_once(person: Person, services: Services, made: list[Image]) -> None:
    clients = [person.client.application.test_client() for _ in range(16)]
    with ThreadPoolExecutor(16) as together:
        answers = list(together.map(lambda client: client.get(f"/images/{made[0].id}/thumb"), clients))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.data for answer in answers}) == 1
    folder = services.files.path(f"thumbs/{made[0].key}").parent
    assert [path.name[0] for path in folder.iterdir()] != ["."], "no draft is left behind"


@pytest.mark.parametrize("mode", ["P", "LA", "RGBA", "CMYK", "I;16", "1"])
def test_every_kind_of_image_has_a_thumb(
    person: Person, services: Services, made: list[Image], mode: str
) -> None:
    file = io.BytesIO()
    Pillow.new(mode, (600, 600)).save(file, "TIFF" if mode == "CMYK" else "PNG")
    services.files.put(made[0].key, file.getvalue())
    with Pillow.open(io.BytesIO(person.get(f"/images/{made[0].id}/thumb").data)) as small:
        assert small.size == (480, 480)


def test_what_cannot_be_made_small_is_shown_as_it_is(
    person: Person, services: Services, made: list[Image]
) -> None:
    services.files.put(made[0].key, services.files.get(made[0].key)[:40])
    answer = person.get(f"/images/{made[0].id}/thumb")
    assert (answer.status_code, len(answer.data)) == (200, 40)


def test_a_thumb_that_cannot_be_kept_is_no_reason_to_show_nothing(
    person: Person, services: Services, made: list[Image]
) -> None:
    services.files.put("thumbs", b"a file where the folder of thumbs should be")
    assert person.get(f"/images/{made[0].id}/thumb").status_code == 200


def test_a_file_that_is_gone_is_said_and_its_image_keeps_its_place(
    person: Person, services: Services, made: list[Image]
) -> None:
    services.files.delete(made[0].key)
    for address in (f"/images/{made[0].id}", f"/images/{made[0].id}/thumb"):
        answer = person.get(address)
        assert answer.status_code == 404
        assert "The file of this image is gone" in answer.text
    assert "file gone" in person.page("/creations")
    page = person.page(f"/creations/{made[0].id}")
    assert "The file of this image is gone" in page
    assert 'aria-label="Download"' not in page


def test_a_star_is_what_was_asked_for_however_often(
    person: Person, services: Services, made: list[Image]
) -> None:
    address, image = f"/creations/{made[0].id}/star", made[0].id
    for _ in range(2):
        assert put(person, address, starred="1") == (204, {"starred": {"id": image, "starred": True}})
    page = person.page("/creations")
    assert "6 images · 1 starred" in page
    assert re.search(rf'id="star-{image}"[^>]*value="0"[^>]*aria-pressed="true"', page)
    assert put(person, address, starred="0")[1] == {"starred": {"id": image, "starred": False}}


def test_without_scripts_a_star_leads_back_to_where_it_was_pressed(person: Person, made: list[Image]) -> None:
    image = made[0].id
    answer = person.send(f"/creations/{image}/star?q=fox", starred="1")
    assert (answer.status_code, answer.location) == (303, f"/creations?q=fox#figure-{image}")
    answer = person.send(f"/creations/{image}/star?alone=1&q=fox", starred="1")
    assert answer.location == f"/creations/{image}?q=fox"


def test_a_deleted_image_is_out_of_every_list_and_comes_back(
    person: Person, services: Services, made: list[Image]
) -> None:
    image = made[1]
    answer = person.send(f"/creations/{image.id}/delete")
    assert (answer.status_code, answer.location) == (303, "/creations")
    page = person.page("/creations")
    assert "Image 2.2 is deleted." in page
    assert f"/creations/{image.id}/restore" in page
    assert f"figure-{image.id}" not in page
    assert person.get(f"/creations/{image.id}").status_code == 404
    assert image.id not in person.page(f"/batches/{image.batch_id}")
    assert services.files.has(image.key), "the file is kept, or nothing could be brought back"
    assert person.send(f"/creations/{image.id}/restore").status_code == 303
    assert f"figure-{image.id}" in person.page("/creations")


def test_a_page_that_deletes_is_told_and_gets_the_undo(person: Person, made: list[Image]) -> None:
    image = made[0].id
    person.get("/notices")
    answer = person.client.post(f"/creations/{image}/delete", headers=HTMX | {"X-CSRFToken": person.token})
    assert json.loads(answer.headers["HX-Trigger"]) == {"deleted": {"id": image}}
    assert 'id="toasts" hx-swap-oob="beforeend"' in answer.text
    assert f"/creations/{image}/restore" in answer.text
    assert put(person, f"/creations/{image}/restore") == (204, {"restored": {"id": image}})


def test_nobody_sees_or_moves_anothers_image(person: Person, services: Services) -> None:
    batch_id = rows.batch(services, 1)
    (image,) = rows.end(services, batch_id, (2,))
    with services.database.write() as connection:
        connection.execute(images.images.update().values(owner="somebody"))
    for address in (f"/creations/{image.id}", f"/images/{image.id}", f"/images/{image.id}/thumb"):
        assert person.get(address).status_code == 404
    for deed in ("star", "delete", "restore"):
        assert person.send(f"/creations/{image.id}/{deed}").status_code == 404
    with services.database.read() as connection:
        assert images.count(connection, "somebody", Wanted()) == 1


def test_an_image_that_never_was_is_not_found(person: Person) -> None:
    answer = person.get(f"/creations/{ids.new()}")
    assert answer.status_code == 404
    assert "It may have been deleted" in answer.text
