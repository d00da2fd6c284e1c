"""Where the web listens: loopback only while there is no login, and a sentence where the port is taken."""

from __future__ import annotations

import errno
import ipaddress
import socket

from jobs.errors import NotConfigured
from jobs.settings import Settings


def listen(settings: Settings) -> socket.socket:
    """The open socket of PROMPTSHEET_HOST and PROMPTSHEET_PORT; port 0 takes a free one.

    Raises NotConfigured where the address is not loopback, the port is taken, or either cannot be had.
    """
    family, place = _resolve(settings)
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(place)
        listening.listen(1024)
    except OSError as reason:
        listening.close()
        raise NotConfigured(_why(settings, reason)) from reason
    return listening


def address(listening: socket.socket) -> str:
    """What to open in a browser."""
    host, port = listening.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def _resolve(settings: Settings) -> tuple[int, tuple[str, int]]:
    try:
        found = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
    except OSError as reason:
        raise NotConfigured(f"PROMPTSHEET_HOST: there is no address “{settings.host}”.") from reason
    family, *_, place = found[0]
    host = str(place[0])
    if not ipaddress.ip_address(host.partition("%")[0]).is_loopback or settings.auth == "required":
        raise NotConfigured(
            f"Promptsheet has no login yet, so it listens on this computer only, not on {settings.host}. "
            "Leave PROMPTSHEET_HOST at 127.0.0.1 and PROMPTSHEET_AUTH at auto."
        )
    return family, (host, int(place[1]))


def _why(settings: Settings, reason: OSError) -> str:
    if reason.errno == errno.EADDRINUSE:
        return (
            f"Port {settings.port} is taken by another program. End that one, "
            "or choose another port: PROMPTSHEET_PORT=8001, or 0 for any that is free."
        )
    if reason.errno in (errno.EACCES, errno.EPERM):
        return f"Port {settings.port} needs an administrator. Choose one above 1023 with PROMPTSHEET_PORT."
    return f"Promptsheet cannot listen on {settings.host}, port {settings.port}: {reason.strerror}."
