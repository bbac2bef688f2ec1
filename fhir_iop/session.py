"""The one HTTP client: every call to a pharmacy, an EHR or a package registry goes out through here.

It never waits for ever, never follows a redirect to another host, never takes more bytes than agreed, always checks
the certificate, and tells a failure in words that name the host and the cause and nothing of the address's path or
query, which may name a patient.
"""

from __future__ import annotations

import ipaddress
import logging
import time
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import DecodeError, HTTPError, InvalidHeader, NameResolutionError, ReadTimeoutError
from urllib3.exceptions import SSLError as BodySSLError
from urllib3.util.retry import Retry

from fhir_iop.errors import Unavailable, Unusable
from fhir_iop.issue import issue

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    from fhir_iop.issue import Issue

# urllib3 logs whole addresses, and the query of a search names a patient.
logging.getLogger("urllib3").setLevel(logging.CRITICAL + 1)

_AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_MOST_REDIRECTS: Final = 5
_CHUNK: Final = 16 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said. ``url`` is the address that answered, after redirects; header names are lower case.

    ``media_type`` is the Content-Type without its parameters, in lower case, empty where none was given; ``body`` is
    decoded from its transfer and content coding, and otherwise as sent.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """The bare Content-Type."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def ok(self) -> bool:
        """Whether the status is 2xx. Transport success says nothing about what the body means."""
        return 200 <= self.status < 300


class _Failed(Exception):
    # never leaves this module: it carries an Issue to Session._ask
    def __init__(self, found: Issue, *, again: bool) -> None:
        super().__init__()
        self.found = found
        self.again = again


class _Requests(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Leave redirects to us: requests would read the whole body of one first, however long, to look at the next."""
        return None


class Session:
    """A client with one set of limits. Not safe to share between threads; cheap to make. Use it in a ``with``.

    ``timeout``: seconds a server may stay silent, while connecting and between two bytes of its answer; a whole body
    may take ten times as long. ``body_limit``: bytes of an answer, decoded. ``attempts``: how often a call that may be
    repeated is made at most; between two of them it waits for ``backoff`` × 2ⁿ seconds, or as long as Retry-After
    asks, never longer than ``longest_wait``. ``headers`` go with every call (a log-in, say) and reach no other host,
    for no redirect does. ``ca_bundle``: a file of certificates to trust in place of the usual ones; there is no way to
    trust all. ``plain_hosts``: hosts beside this machine that may be called without TLS.
    Proxies, cookies and ``.netrc`` are not used: what a deployment wants is in its settings.
    """

    def __init__(
        self,
        *,
        timeout: float,
        body_limit: int = 50_000_000,
        attempts: int = 3,
        backoff: float = 0.5,
        longest_wait: float = 30.0,
        headers: Mapping[str, str] | None = None,
        ca_bundle: str | None = None,
        plain_hosts: frozenset[str] = frozenset(),
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._timeout = timeout
        self._body_limit = body_limit
        self._attempts = attempts
        self._retry = Retry(total=None, status_forcelist=_AGAIN, allowed_methods=None, backoff_factor=backoff)
        self._longest_wait = longest_wait
        self._plain_hosts = plain_hosts
        self._sleep = sleep
        self._monotonic = monotonic
        self._requests = _Requests()
        self._requests.trust_env = False
        self._requests.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._requests.headers.update({"User-Agent": "fhir-iop", **(headers or {})})
        self._requests.verify = ca_bundle or True

    def get(self, url: str, *, accept: str = "*/*") -> Answer:
        """Read ``url``, following redirects on the same origin.

        Raises Unavailable when no whole answer came, and Unusable for an address that can't be called. Any status is
        an answer.
        """
        return self._ask("GET", url, {"Accept": accept}, None, self._attempts)

    def post(
        self, url: str, body: bytes, *, content_type: str, accept: str = "*/*", repeatable: bool = False
    ) -> Answer:
        """Send ``body`` to ``url``. Raises as :meth:`get` does; a redirect is always refused.

        ``repeatable``: the body carries an id by which the receiver knows a repeat, so it may be sent again when no
        whole answer came. Otherwise it is sent once.
        """
        headers = {"Accept": accept, "Content-Type": content_type}
        return self._ask("POST", url, headers, body, self._attempts if repeatable else 1)

    def close(self) -> None:
        """Give back the connections."""
        self._requests.close()

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, method: str, url: str, headers: dict[str, str], body: bytes | None, attempts: int) -> Answer:
        self._check(url)
        retry = self._retry
        for left in reversed(range(attempts)):
            asked = None
            try:
                answer = self._once(method, url, headers, body)
            except _Failed as failed:
                if not (failed.again and left):
                    raise Unavailable(failed.found) from None
            else:
                asked = answer.headers.get("retry-after")
                if not left or not retry.is_retry(method, answer.status, asked is not None):
                    return answer
            retry = retry.increment(method, host_of(url))
            self._sleep(min(self._longest_wait, _wait(retry, asked)))
        raise AssertionError("attempts is at least 1")

    def _check(self, url: str) -> None:
        scheme, host, _ = _origin(url)
        if scheme not in {"http", "https"} or not host:
            raise Unusable(issue("peer-address"))
        if scheme == "http" and not _is_loopback(host) and host not in self._plain_hosts:
            raise Unusable(issue("peer-plain", host=host_of(url)))

    def _once(self, method: str, url: str, headers: dict[str, str], body: bytes | None) -> Answer:
        for _ in range(_MOST_REDIRECTS + 1):
            try:
                response = self._requests.request(
                    method,
                    url,
                    data=body,
                    headers=headers,
                    timeout=self._timeout,
                    allow_redirects=False,
                    stream=True,
                )
            except requests.RequestException as error:
                raise self._failure(url, error) from None
            with response:
                if not response.is_redirect:
                    content = self._body(url, response)
                    return Answer(
                        url, response.status_code, {k.lower(): v for k, v in response.headers.items()}, content
                    )
                target = joined(url, response.headers["location"])
            if method != "GET" or not same_origin(target, url):
                raise _Failed(
                    issue("peer-redirect", host=host_of(url), target=host_of(target) or "nowhere"), again=False
                )
            url = target
        raise _Failed(issue("peer-failed", host=host_of(url), cause="it redirects in a circle"), again=False)

    def _body(self, url: str, response: requests.Response) -> bytes:
        parts: list[bytes] = []
        size = 0
        until = self._monotonic() + 10 * self._timeout
        try:
            # read1 gives what has come: read would wait for a full chunk, which a server may drip for ever.
            while part := response.raw.read1(_CHUNK, decode_content=True):
                parts.append(part)
                size += len(part)
                if size > self._body_limit:
                    raise _Failed(issue("peer-large", host=host_of(url), limit=self._body_limit), again=False)
                if self._monotonic() > until:
                    cause = f"its answer took longer than {10 * self._timeout:g} s"
                    raise _Failed(issue("peer-failed", host=host_of(url), cause=cause), again=False)
        except (HTTPError, OSError) as error:
            raise self._failure(url, error) from None
        return b"".join(parts)

    def _failure(self, url: str, error: Exception) -> _Failed:
        words, again = self._cause(error)
        return _Failed(issue("peer-failed", host=host_of(url), cause=words), again=again)

    def _cause(self, error: Exception) -> tuple[str, bool]:
        inner = error.args[0] if error.args else error
        reason = getattr(inner, "reason", inner)  # urllib3 wraps what happened in MaxRetryError
        if isinstance(error, (requests.exceptions.SSLError, BodySSLError)):
            return "no TLS connection that can be trusted", False
        if isinstance(error, requests.ConnectTimeout):
            return f"no connection within {self._timeout:g} s", True
        if isinstance(error, (requests.Timeout, ReadTimeoutError, TimeoutError)):
            return f"no answer within {self._timeout:g} s", True
        if isinstance(reason, NameResolutionError):
            return "its name can't be resolved", True
        if isinstance(error, DecodeError):
            return "its answer is not in the content coding that it names", False
        if isinstance(error, requests.ConnectionError) and "refused" in str(reason).lower():
            return "it refuses connections", True
        if isinstance(error, (requests.ConnectionError, HTTPError, OSError)) and not isinstance(error, ValueError):
            return "the connection was cut", True
        return "the call can't be made", False


def _wait(retry: Retry, asked: str | None) -> float:
    """Seconds until the next attempt: what Retry-After asks for, where it can be read."""
    try:
        return retry.parse_retry_after(asked) if asked is not None else retry.get_backoff_time()
    except (InvalidHeader, ValueError, OverflowError):
        return retry.get_backoff_time()


def host_of(url: str) -> str:
    """Return the host of ``url``, with its port where one is named: what may be said of an address. Empty if none."""
    try:
        host, port = urlsplit(url).hostname or "", urlsplit(url).port
    except ValueError:  # a port that is no number, a broken IPv6 address
        return ""
    return f"{host}:{port}" if port else host


def joined(base: str, link: str) -> str:
    """Return the address that ``link``, absolute or relative, means on the page ``base``; empty where it means none."""
    try:
        return urljoin(base, link)
    except ValueError:
        return ""


def same_origin(url: str, other: str) -> bool:
    """Whether both addresses have one scheme, host and port, so that what is meant for one may go to the other."""
    return _origin(url) == _origin(other) != ("", "", 0)


def _origin(url: str) -> tuple[str, str, int]:
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname or "", parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
    except ValueError:
        return "", "", 0


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
