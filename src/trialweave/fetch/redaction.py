"""What we send to nobody but a host must not come back in its answers: some pages of errors repeat the headers."""

from __future__ import annotations

import base64
import html
import re
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
    """`whole` are values as they are sent; `words` are those and their parts, such as the token behind `Bearer`.

    Each is looked for as it is, and as an address, HTML or JSON would spell it.
    """

    whole: re.Pattern[str] | None = None
    words: re.Pattern[str] | None = None

    @classmethod
    def of(cls, headers: Iterable[str], proxy: str | None) -> Secrets:
        """The secrets in the values of headers and in the address of a proxy."""
        whole, words = [value for value in headers if len(value) >= _SHORTEST], list[str]()
        for value in whole:
            words += [*value.split()[1:], *_basic_password(value)]
        if proxy is not None and (password := _password(proxy)):
            user, word = password
            whole.append(base64.b64encode(f"{user}:{word}".encode()).decode())
            words.append(word)
        return cls(_any_of(whole, _SHORTEST_IN_PAYLOAD), _any_of([*whole, *words], _SHORTEST))

    def out_of(self, text: str) -> str:
        """A text of an answer without any of them."""
        return text if self.words is None else self.words.sub(STARS, text)

    def out_of_error(self, body: bytes) -> bytes:
        """The body of an answer that is no payload."""
        return _without(self.words, body)

    def out_of_payload(self, body: bytes) -> bytes:
        """The body of a good answer, in which a word may stand by chance, and a long value as we sent it does not."""
        return _without(self.whole if body.lstrip().startswith((b"{", b"[")) else self.words, body)


def _without(secrets: re.Pattern[str] | None, body: bytes) -> bytes:
    return body if secrets is None else re.sub(secrets.pattern.encode(), STARS.encode(), body)


def _any_of(words: Iterable[str], shortest: int) -> re.Pattern[str] | None:
    """A pattern of the words that are long enough, the longest first; None where there is none."""
    kept = sorted({word for word in words if len(word) >= shortest}, key=len, reverse=True)
    return re.compile("|".join("".join(map(_spellings, word)) for word in kept)) if kept else None


def _spellings(char: str) -> str:
    """The pattern of a character in plain text, in an address, in HTML and in JSON."""
    if char.isascii() and char.isalnum():
        return char
    number, named = ord(char), html.escape(char)
    spelled = {re.escape(char), rf"\\{re.escape(char)}", re.escape(named), f"&#0*{number};", f"(?i:&#x0*{number:x};)"}
    spelled |= {"(?i:" + "".join(f"%{byte:02x}" for byte in char.encode()) + ")", rf"(?i:\\u{number:04x})"}
    return f"(?:{'|'.join(sorted(spelled | ({re.escape('+')} if char == ' ' else set())))})"


def _basic_password(header: str) -> list[str]:
    """The password in the value of an `Authorization: Basic`, which a page of errors may name."""
    scheme, _, sent = header.partition(" ")
    try:
        return [base64.b64decode(sent, validate=True).decode().partition(":")[2]] if scheme.lower() == "basic" else []
    except ValueError:
        return []


def proxy_to(address: str) -> str | None:
    """The proxy that the environment names for an address, with whatever password stands in it."""
    return select_proxy(address, get_environ_proxies(address))


def _password(proxy: str) -> tuple[str, str] | None:
    try:
        parts = urlsplit(proxy if "//" in proxy else f"//{proxy}")
    except ValueError:
        return None
    return None if parts.password is None else (unquote(parts.username or ""), unquote(parts.password))
