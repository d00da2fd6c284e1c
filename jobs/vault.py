"""Keys that people give us, sealed with the secret key, so that a copy of the database does not hold them."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from jobs.errors import NotConfigured


class Vault:
    """Seals short texts by Fernet (AES-128-CBC and an HMAC), with a key made of the secret key by HKDF."""

    def __init__(self, secret_key: str) -> None:
        derived = HKDF(SHA256(), 32, salt=None, info=b"promptsheet endpoint keys").derive(secret_key.encode())
        self._fernet = Fernet(base64.urlsafe_b64encode(derived))

    def seal(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode() if text else ""

    def open(self, sealed: str) -> str:
        """Raises NotConfigured where it was sealed with another secret key."""
        if not sealed:
            return ""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise NotConfigured(
                "The key of the language model was kept with another secret key. Enter it once more."
            ) from None


def masked(key: str) -> str:
    """A key as it may be shown: its last four characters, where enough others stay hidden."""
    return f"…{key[-4:]}" if len(key) >= 16 else "set" if key else "none"
