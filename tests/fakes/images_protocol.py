"""OpenAI's images protocol as its reference has it, read strictly: what a call must and must not hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

STANDARD = {(1024, 1024), (1536, 1024), (1024, 1536)}
GPT_QUALITY = {"auto", "low", "medium", "high"}
EVERYWHERE = {"model", "prompt", "n", "size", "quality", "user", "safety_identifier"}
GPT_ONLY = {"background", "moderation", "output_format", "output_compression", "stream", "partial_images"}


@dataclass(frozen=True)
class Model:
    """What one model takes. `sizes` None: any; `flexible`: multiples of 16 within limits beside `sizes`."""

    sizes: set[tuple[int, int]] | None
    quality: set[str]
    fields: set[str]
    most: int = 10
    flexible: bool = False
    longest: int = 32_000


GPT = EVERYWHERE | GPT_ONLY
MODELS = {
    **dict.fromkeys(
        ("gpt-image-2", "gpt-image-2.5-flare", "gpt-image-2.5-sunburst"),
        Model(STANDARD, GPT_QUALITY, GPT, flexible=True),
    ),
    **dict.fromkeys(
        ("gpt-image-1", "gpt-image-1-mini", "gpt-image-1.5", "chatgpt-image-latest"),
        Model(STANDARD, GPT_QUALITY, GPT),
    ),
    "dall-e-3": Model(
        {(1024, 1024), (1792, 1024), (1024, 1792)},
        {"standard", "hd"},
        EVERYWHERE | {"response_format", "style"},
        most=1,
        longest=4000,
    ),
    "dall-e-2": Model(
        {(256, 256), (512, 512), (1024, 1024)},
        {"standard"},
        EVERYWHERE | {"response_format"},
        longest=1000,
    ),
    "some-local-model": Model(None, GPT_QUALITY, EVERYWHERE),
}


class Complaint(Exception):
    """Why a call is not taken, as the error object that the protocol answers with."""

    def __init__(
        self, message: str, parameter: str | None, code: str = "invalid_value", status: int = 400
    ) -> None:
        super().__init__(message)
        self.status = status
        self.error = {
            "message": message,
            "type": "invalid_request_error",
            "param": parameter,
            "code": code,
        }


@dataclass(frozen=True)
class Wanted:
    """A call that is in order. `as_base64`: the answer must hold the images themselves."""

    prompt: str
    images: int
    size: tuple[int, int]
    as_base64: bool


def check(call: Any) -> Wanted:
    """Raises Complaint with the first thing that is wrong."""
    if not isinstance(call, dict):
        raise Complaint("The body must be a JSON object.", None, "invalid_json")
    model = MODELS.get(call.get("model", ""))
    if model is None:
        raise Complaint(f"The model '{call.get('model')}' does not exist.", None, "model_not_found", 404)
    for field in call:
        if field not in model.fields:
            raise Complaint(f"Unknown parameter: '{field}'.", field, "unknown_parameter")
    asked = call.get("response_format", "url")
    if asked not in {"url", "b64_json"}:
        raise Complaint(f"Invalid value: '{asked}'.", "response_format")
    if call.get("quality", min(model.quality)) not in model.quality:
        raise Complaint(f"Invalid value: '{call['quality']}'.", "quality")
    return Wanted(
        _prompt(call.get("prompt"), model),
        _count(call.get("n", 1), model),
        _size(call.get("size", "1024x1024"), model),
        as_base64="response_format" not in model.fields or asked == "b64_json",
    )


def _prompt(prompt: object, model: Model) -> str:
    if not isinstance(prompt, str) or not prompt:
        raise Complaint("You must provide a prompt.", "prompt", "missing_required_parameter")
    if len(prompt) > model.longest:
        raise Complaint(f"The prompt has more than {model.longest} characters.", "prompt", "string_too_long")
    return prompt


def _count(count: object, model: Model) -> int:
    if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= model.most:
        raise Complaint(f"Expected a whole number from 1 to {model.most}.", "n", "integer_out_of_range")
    return count


def _size(text: object, model: Model) -> tuple[int, int]:
    try:
        width, height = (int(part) for part in str(text).split("x"))
    except ValueError:
        raise Complaint(f"Invalid size '{text}'.", "size") from None
    short, long = sorted((width, height))
    within = not (width % 16 or height % 16) and long <= 3840 and long <= 3 * short
    fits = model.flexible and within and 655_360 <= width * height <= 8_294_400
    if model.sizes is not None and (width, height) not in model.sizes and not fits:
        raise Complaint(f"Invalid size '{text}' for this model.", "size")
    return width, height
