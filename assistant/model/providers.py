"""Where a language model can be had: servers for one's own machine, and providers, each by its name.

The addresses are those of the providers' own pages on their OpenAI-compatible endpoints.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from assistant.model.endpoint import PUBLIC


@dataclass(frozen=True)
class Provider:
    """A name to pick, the endpoint's address, and the page where it is installed or a key is made."""

    title: str
    base_url: str
    page: str

    @property
    def host(self) -> str:
        """The page's host, for sentences."""
        return urlsplit(self.page).netloc

    @property
    def port(self) -> int:
        """The port of its address, 0 where that names none."""
        return urlsplit(self.base_url).port or 0


OWN = (
    Provider("Ollama", "http://127.0.0.1:11434/v1", "https://ollama.com/download"),
    Provider("llama.cpp", "http://127.0.0.1:8080/v1", "https://github.com/ggml-org/llama.cpp"),
    Provider("LM Studio", "http://127.0.0.1:1234/v1", "https://lmstudio.ai/download"),
    Provider("vLLM", "http://127.0.0.1:8000/v1", "https://docs.vllm.ai"),
)
"""Servers for the machine of the person, on the ports where nobody said otherwise; none needs a key."""

HOSTED = (
    Provider("OpenAI", PUBLIC, "https://platform.openai.com/api-keys"),
    Provider("OpenRouter", "https://openrouter.ai/api/v1", "https://openrouter.ai/settings/keys"),
    Provider(
        "Google",
        "https://generativelanguage.googleapis.com/v1beta/openai",
        "https://aistudio.google.com/apikey",
    ),
    Provider("Anthropic", "https://api.anthropic.com/v1", "https://console.anthropic.com/settings/keys"),
    Provider("Mistral", "https://api.mistral.ai/v1", "https://console.mistral.ai/api-keys"),
    Provider("Groq", "https://api.groq.com/openai/v1", "https://console.groq.com/keys"),
    Provider("DeepSeek", "https://api.deepseek.com/v1", "https://platform.deepseek.com/api_keys"),
)
"""Providers that ask for a key."""

LOCAL = {one.port: one.title for one in OWN}
"""What usually listens on a port of this machine."""


def provider(title: str | None) -> Provider | None:
    """The one of this name, None where there is none."""
    return next((one for one in (*OWN, *HOSTED) if one.title == title), None)
