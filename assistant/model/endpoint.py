"""Where a language model is: address, key and model of an OpenAI-compatible endpoint, set or saved."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import SplitResult, urlsplit

from jobs.errors import Invalid, NotConfigured
from jobs.services import Services
from jobs.settings import Settings
from jobs.store import endpoints
from jobs.vault import Vault
from schema.wording import quoted

PUBLIC = "https://api.openai.com/v1"
_PATHS = re.compile(r"/(?:chat/completions|completions|models|responses|embeddings)$")
_PRIVATE_NAMES = (".local", ".localhost", ".lan", ".home", ".internal", ".home.arpa")
_SHAPE = "It takes one such as https://api.openai.com/v1 or http://localhost:11434/v1."


@dataclass(frozen=True)
class Endpoint:
    """`base_url` without a slash at its end; no key where the server needs none; "" asks it for its model."""

    base_url: str
    key: str = field(default="", repr=False)
    model: str = ""

    @classmethod
    def of(cls, base_url: str, key: str = "", model: str = "") -> Endpoint:
        """An endpoint as a person writes it, with or without scheme, /v1 and slash. Raises Invalid.

        A key goes over plain http only to this machine and to private networks, never in clear over others;
        addresses of the link (169.254…, where clouds keep their secrets) are refused altogether.
        """
        key, model = key.strip(), model.strip()
        if not (key.isascii() and (key.isprintable() or not key) and " " not in key):
            raise Invalid(
                "The key has characters that no key has. Copy it once more, without spaces or line ends."
            )
        parts = _parts(base_url.strip())
        place = _place(parts.hostname or "")
        if place == "refused":
            raise Invalid(
                f"{quoted(parts.hostname or '')} is no address that a language model can have. {_SHAPE}"
            )
        if parts.scheme == "http" and key and place == "public":
            raise Invalid(
                f"http://{parts.netloc} would carry the key unprotected over the network. Write https:// "
                "instead; plain http with a key is only for this machine and for private networks."
            )
        path = _PATHS.sub("", parts.path.rstrip("/")).rstrip("/") or "/v1"
        return cls(f"{parts.scheme}://{parts.netloc}{path}", key, model)

    @property
    def host(self) -> str:
        """The host for sentences, with its port where it has one."""
        return urlsplit(self.base_url).netloc

    @property
    def here(self) -> bool:
        """Whether it is on this machine: then no proxy of the environment stands between."""
        return _place(urlsplit(self.base_url).hostname or "") == "here"

    @property
    def near(self) -> bool:
        """Whether it is on this machine or on a private network, by its name alone."""
        return _place(urlsplit(self.base_url).hostname or "") in ("here", "private")

    @property
    def named(self) -> str:
        """The model for sentences."""
        return self.model or "the model"

    def masked(self, text: str) -> str:
        """`text` without the key, should a server repeat it."""
        return text.replace(self.key, "…") if self.key else text

    def with_model(self, model: str) -> Endpoint:
        return replace(self, model=model)


def configured(services: Services, owner: str, secret_key: str) -> Endpoint | None:
    """The endpoint a person saved, else that of the settings, else None; nothing is asked over the network.

    A key of the environment goes to the address of the environment and nowhere else. Raises NotConfigured
    where the one or the other cannot be used.
    """
    with services.database.read() as connection:
        saved = endpoints.get(connection, owner)
    if saved is None:
        return of_settings(services.settings)
    try:
        return Endpoint.of(saved.base_url, Vault(secret_key).open(saved.sealed_key), saved.model)
    except Invalid as reason:
        raise NotConfigured(f"The language model's address cannot be used. {reason}") from None


def of_settings(settings: Settings) -> Endpoint | None:
    """OPENAI_BASE_URL, OPENAI_API_KEY and PROMPTSHEET_MODEL; with a key alone, OpenAI's own address."""
    if not settings.openai_base_url and not settings.openai_api_key:
        return None
    try:
        return Endpoint.of(settings.openai_base_url or PUBLIC, settings.openai_api_key, settings.model)
    except Invalid as reason:
        name = "OPENAI_API_KEY" if "The key" in str(reason) else "OPENAI_BASE_URL"
        raise NotConfigured(f"{name}: {reason}") from None


def likely(names: Sequence[str]) -> Sequence[str]:
    """Those of an endpoint's models that may be for chat, all of them where none looks so."""
    other = re.compile(
        r"embed|whisper|tts|dall-e|image|rerank|moderation|transcri|audio|realtime|sora|video", re.IGNORECASE
    )
    return [name for name in names if not other.search(name)] or names


def _parts(text: str) -> SplitResult:
    """The address taken apart. Raises Invalid."""
    if not text:
        raise Invalid(f"The address is empty. {_SHAPE}")
    if not re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*://", text):
        host = text.split("/")[0].rsplit(":", 1)[0].strip("[]")
        text = f"{'https' if _place(host) == 'public' else 'http'}://{text}"
    try:
        parts = urlsplit(text)
        fits = parts.scheme in {"http", "https"} and (parts.hostname or "").encode("idna") and parts.port != 0
    except ValueError:  # a name, a port or an IPv6 address that is none
        fits = False
    if not fits or re.search(r"\s", text):
        raise Invalid(f"{quoted(re.sub(r'//[^/]*@', '//…@', text))} is no web address. {_SHAPE}")
    if parts.username or parts.password:
        raise Invalid(
            "The address holds a name or a password. Write it without, and give the key on its own."
        )
    if parts.query or parts.fragment:
        raise Invalid(
            f"The address ends in {quoted(parts.query or parts.fragment, 30)}. Leave that out. {_SHAPE}"
        )
    return parts


def _place(host: str) -> str:
    """Where a host is, by its name alone: here, private, public, or refused."""
    host = host.lower().rstrip(".")
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        if host == "localhost" or host.endswith(".localhost"):
            return "here"
        if host in {"metadata.google.internal", "metadata"}:
            return "refused"
        return "private" if "." not in host or host.endswith(_PRIVATE_NAMES) else "public"
    address = getattr(address, "ipv4_mapped", None) or address
    if address.is_loopback or address.is_unspecified:
        return "here"
    if address.is_link_local or address.is_multicast or address.is_reserved:
        return "refused"
    return "private" if address.is_private else "public"
