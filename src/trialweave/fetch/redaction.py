"""What we send to nobody but a host must not come back in its answers: some pages of errors repeat the headers."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from requests.utils import get_environ_proxies, select_proxy

STARS = "***"
_SHORTEST = 6
"""A shorter word is no secret worth the name, and stands in many a text."""

_SHORTEST_IN_PAYLOAD = 12


@dataclass(frozen=True, slots=True)
class Secrets:
    """`whole` are values as they are sent; `words` are those and their parts, such as the token behind `Bearer`."""

    whole: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @classmethod
    def of(cls, headers: Iterable[str], proxy: str | None) -> Secrets:
        """The secrets in the values of headers and in the address of a proxy."""
        whole, words = [value for value in headers if len(value) >= _SHORTEST], list[str]()
        for value in whole:
            words += [part for part in value.split()[1:] if len(part) >= _SHORTEST]
        if proxy is not None and (password := _password(proxy)):
            user, word = password
            whole.append(base64.b64encode(f"{user}:{word}".encode()).decode())
            words += [part for part in (word,) if len(part) >= _SHORTEST]
        return cls(tuple(whole), tuple(sorted({*whole, *words}, key=len, reverse=True)))

    def out_of(self, text: str) -> str:
        """A text of an answer without any of them."""
        for word in self.words:
            text = text.replace(word, STARS)
        return text

    def out_of_error(self, body: bytes) -> bytes:
        """The body of an answer that is no payload."""
        for word in self.words:
            body = body.replace(word.encode(), STARS.encode())
        return body

    def out_of_payload(self, body: bytes) -> bytes:
        """The body of a good answer, in which a word may stand by chance, and a long value as we sent it does not."""
        if not body.lstrip().startswith((b"{", b"[")):
            return self.out_of_error(body)
        for value in self.whole:
            if len(value) >= _SHORTEST_IN_PAYLOAD:
                body = body.replace(value.encode(), STARS.encode())
        return body


def proxy_to(address: str) -> str | None:
    """The proxy that the environment names for an address, with whatever password stands in it."""
    return select_proxy(address, get_environ_proxies(address))


def _password(proxy: str) -> tuple[str, str] | None:
    try:
        parts = urlsplit(proxy if "//" in proxy else f"//{proxy}")
    except ValueError:
        return None
    return None if parts.password is None else (unquote(parts.username or ""), unquote(parts.password))
