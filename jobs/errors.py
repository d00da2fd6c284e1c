"""The error tree, drawn once. The sentence is for the person; `retry` says whether trying again helps.

PromptsheetError                    schema/errors.py
├── Unreadable              422     a file that is no sheet we can read
├── Unwritable              422     a text that the wanted kind of file cannot hold
├── Invalid                 422     what was given cannot be used (a setting, a value, a budget)
├── NotFound                404     no such sheet, batch or image, or somebody else's
├── Conflict                409     not now: the sheet has errors, the batch is running, changed meanwhile
├── OutOfCredits            402     more is needed than there is
├── NotConfigured           503     a setting is missing or wrong; names it
├── StorageFull             507     no room where images are kept                          (retry)
├── QueueAway               503     Redis does not answer                                  (retry)
├── DatabaseAway            503     the database does not answer                           (retry)
├── ModelError              502     what asking a language model ended in
│   ├── ModelKeyRefused             401, 403: the key is wrong or may not do this
│   ├── ModelFundsGone              402, insufficient_quota: the account is empty
│   ├── ModelUnknown                404, model_not_found: the endpoint has no such model
│   ├── ModelUnreachable            no server, no network, no TLS, 5xx, 429 to the end       (retry)
│   ├── ModelDeclined               the model or its provider declines this goal
│   └── ModelAnswerBroken           cut, empty, not what was asked for, too slow             (retry)
└── BackendError                    what a call to an image back end ended in
    ├── Refused                     the provider declines the prompt: policy       → row refused
    ├── Rejected                    the provider cannot take these values (400)    → row failed
    ├── Halted                      no further call can succeed: key, funds        → batch paused
    ├── Throttled                   too many at once (429), not accepted           → same attempt (retry)
    ├── Unavailable                 not accepted: refused connection, 5xx          → same attempt (retry)
    └── AnswerLost                  sent, and no answer will come                  → row unknown
"""

from __future__ import annotations

from schema.errors import PromptsheetError, Unreadable, Unwritable

__all__ = [
    "AnswerLost",
    "BackendError",
    "Conflict",
    "DatabaseAway",
    "Halted",
    "Invalid",
    "ModelAnswerBroken",
    "ModelDeclined",
    "ModelError",
    "ModelFundsGone",
    "ModelKeyRefused",
    "ModelUnknown",
    "ModelUnreachable",
    "NotConfigured",
    "NotFound",
    "OutOfCredits",
    "PromptsheetError",
    "QueueAway",
    "Refused",
    "Rejected",
    "StorageFull",
    "Throttled",
    "Unavailable",
    "Unreadable",
    "Unwritable",
]


class Invalid(PromptsheetError):
    """What was given cannot be used."""

    code = "invalid"
    status = 422


class NotFound(PromptsheetError):
    """No such thing, or it is somebody else's: the two are not told apart."""

    code = "not-found"
    status = 404


class Conflict(PromptsheetError):
    """It cannot be done now."""

    code = "conflict"
    status = 409


class OutOfCredits(PromptsheetError):
    """`needed` and `available` in thousandths of a credit."""

    code = "out-of-credits"
    status = 402

    def __init__(self, sentence: str, needed: int, available: int) -> None:
        super().__init__(sentence)
        self.needed = needed
        self.available = available


class NotConfigured(PromptsheetError):
    """A setting is missing or wrong; the sentence names it."""

    code = "not-configured"
    status = 503


class StorageFull(PromptsheetError):
    """No room where images are kept."""

    code = "storage-full"
    status = 507
    retry = True


class QueueAway(PromptsheetError):
    """Redis does not answer; nothing is lost, work goes on when it is back."""

    code = "queue-away"
    status = 503
    retry = True


class DatabaseAway(PromptsheetError):
    """The database does not answer; nothing was written, and trying again may help."""

    code = "database-away"
    status = 503
    retry = True


class ModelError(PromptsheetError):
    """A language model did not answer as asked; what came before it is kept by whoever asked."""

    code = "model"
    status = 502


class ModelKeyRefused(ModelError):
    """The endpoint refuses the key, or the key may not use this model."""

    code = "model-key-refused"


class ModelFundsGone(ModelError):
    """The account behind the key is empty; asking again does not help before it is topped up."""

    code = "model-funds-gone"


class ModelUnknown(ModelError):
    """The endpoint has no model of this name, or its address is not that of an endpoint."""

    code = "model-unknown"


class ModelUnreachable(ModelError):
    """No answer could be had: no server, no network, or it failed each time it was tried."""

    code = "model-unreachable"
    retry = True


class ModelDeclined(ModelError):
    """The model or its provider declines this goal; its own words are in the sentence."""

    code = "model-declined"


class ModelAnswerBroken(ModelError):
    """An answer came, and was cut, empty, too slow or not what was asked for."""

    code = "model-answer-broken"
    retry = True


class BackendError(PromptsheetError):
    """A call to an image back end did not give its images."""

    code = "back-end"
    status = 502


class Refused(BackendError):
    """The provider declines the prompt. `billed` images were charged all the same (withheld ones)."""

    code = "refused"

    def __init__(self, sentence: str, billed: int = 0) -> None:
        super().__init__(sentence)
        self.billed = billed


class Rejected(BackendError):
    """The provider cannot take these values; its own words are in the sentence."""

    code = "rejected"


class Halted(BackendError):
    """No further call of this batch can succeed until a person acts (key refused, funds used up)."""

    code = "halted"


class Throttled(BackendError):
    """Not accepted: too many calls at once. `retry_after` seconds, None where the provider gave none.

    `limit` is how many images at once it says it allows, None where it does not say.
    """

    code = "throttled"
    retry = True

    def __init__(self, sentence: str, retry_after: float | None = None, limit: int | None = None) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after
        self.limit = limit


class Unavailable(BackendError):
    """Not accepted: the server failed, or with `reached` False no server was found.

    `retry_after` in seconds, None where the provider gave none.
    """

    code = "unavailable"
    retry = True

    def __init__(self, sentence: str, retry_after: float | None = None, *, reached: bool = True) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after
        self.reached = reached


class AnswerLost(BackendError):
    """The call was sent and may have been billed, and no answer will ever come."""

    code = "answer-lost"
