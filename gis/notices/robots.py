"""Group robots (群机器人) of WeCom, DingTalk and Feishu: which addresses are theirs, and sending one message by apprise.

apprise makes the request; what it doesn't tell is whether the service took the message, for these services answer
"200" to what they refuse, and an error of the network looks the same whether anything was sent or not. So the answer is
looked at as it comes by. The rule: once sending has begun, a message is sent again only when it is certain that it was
not taken. Whoever reads a group sees a message once, or in rare cases never; never twice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Any, Literal
from urllib.parse import parse_qs, unquote, urlsplit

from gis.errors import InvalidInputError
from gis.notices.outside import session

State = Literal["sent", "refused", "unreached", "unknown"]
CONNECT_S, ANSWER_S = 5.0, 10.0
MOST_ADDRESS = 500
OK = 200
GATEWAYS = frozenset({502, 504})
"""Answers of something in between: what lies behind it may have taken the message."""


@dataclass(frozen=True, slots=True)
class _Service:
    plugin: str
    host: str
    path: re.Pattern[str]
    query: str | None
    field: str


SERVICES: Mapping[str, _Service] = {
    "wecom": _Service(
        "wecombot.NotifyWeComBot", "qyapi.weixin.qq.com", re.compile("/cgi-bin/webhook/send"), "key", "key"
    ),
    "dingtalk": _Service(
        "dingtalk.NotifyDingTalk", "oapi.dingtalk.com", re.compile("/robot/send"), "access_token", "token"
    ),
    "feishu": _Service(
        "feishu.NotifyFeishu",
        "open.feishu.cn",
        re.compile(r"/open-apis/bot/v2/hook/([A-Za-z0-9_-]+)/?"),
        None,
        "token",
    ),
}
_HOSTS = frozenset(one.host for one in SERVICES.values())
_KEY = re.compile(r"[A-Za-z0-9_-]{4,128}")


@dataclass(frozen=True, slots=True)
class Target:
    """A robot that a message can be sent to; the keys are kept out of logs."""

    kind: str
    origin: str
    key: str = field(repr=False)
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a message, and why."""

    state: State
    detail: str = ""


def target(kind: str, address: str, origins: Sequence[str] = ()) -> Target:
    """Return the robot that an address names.

    Parameters
    ----------
    kind
        ``wecom``, ``dingtalk`` or ``feishu``.
    address
        As the chat group shows it. DingTalk's signing secret may follow as ``&secret=``.
    origins
        Besides the service's own host, where such addresses may lead: ``https://host[:port]``, for installations of
        one's own. Anything else is refused, so that no address can make the service call upon machines inside.

    Raises
    ------
    InvalidInputError
        ``robot_kind_unknown``, ``robot_address_invalid``, ``robot_host_refused``.
    """
    service = SERVICES.get(kind)
    if service is None:
        raise InvalidInputError("no such kind of robot", code="robot_kind_unknown", field="kind")
    try:
        found = urlsplit(address.strip())
        asked = parse_qs(found.query, strict_parsing=True) if found.query else {}
    except ValueError as error:
        raise _invalid() from error
    origin = f"{found.scheme}://{found.netloc}".lower()
    if origin != f"https://{service.host}" and origin not in {one.rstrip("/").lower() for one in origins}:
        raise InvalidInputError(
            "not a host of this service", code="robot_host_refused", field="address", host=service.host
        )
    path = service.path.fullmatch(found.path)
    if path is None or len(address) > MOST_ADDRESS:
        raise _invalid()
    key = path[1] if service.query is None else "".join(asked.get(service.query, [])[:1])
    secret = "".join(asked.get("secret", [])[:1]) if kind == "dingtalk" else ""
    if not _KEY.fullmatch(key) or (secret and not secret.isalnum()):
        raise _invalid()
    return Target(kind, origin, key, secret or None)


def _invalid() -> InvalidInputError:
    return InvalidInputError("not a robot's address", code="robot_address_invalid", field="address")


def masked(address: str) -> str:
    """Return an address as it may be shown: where it leads, without its key.

    Parameters
    ----------
    address
        Of a robot.
    """
    found = urlsplit(address)
    return f"{found.scheme}://{found.netloc}/…{address.rstrip('/')[-4:]}"


def send(robot: Target, text: str) -> Outcome:
    """Send one message and say what is certain of it; takes up to 15 seconds, so it is called in a thread.

    Parameters
    ----------
    robot
        From ``target``.
    text
        Plain text.
    """
    plugin = _plugin(robot)
    _seen.set(None)
    plugin.send(body=text)
    return judge(_seen.get())


def judge(seen: Any) -> Outcome:
    """Return what an answer, or the lack of one, says of a message.

    Parameters
    ----------
    seen
        The answer, the error that came instead, or None when nothing was sent at all.
    """
    from requests import RequestException

    if seen is None:
        return Outcome("refused", "not sent")
    if isinstance(seen, RequestException):
        name = type(seen).__name__
        return Outcome("unreached" if _before_sending(seen) else "unknown", name)
    if seen.status_code != OK:
        return Outcome(
            "unknown" if seen.status_code in GATEWAYS else "refused", f"HTTP {int(seen.status_code)}"
        )
    code = _code(seen)
    return Outcome("refused", f"code {code}") if code else Outcome("sent")


def _before_sending(error: Exception) -> bool:
    """Tell whether an error came before anything could be sent: no address, no connection, no trust."""
    from requests.exceptions import ConnectTimeout, ProxyError, SSLError
    from urllib3.exceptions import NewConnectionError

    if isinstance(error, (ConnectTimeout, ProxyError, SSLError)):
        return True
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, NewConnectionError)


def _code(answer: Any) -> int | str:
    """Return the service's own code of an answer; 0: taken."""
    try:
        body = answer.json()
    except ValueError:
        return 0
    if not isinstance(body, dict):
        return 0
    named = (body[name] for name in ("errcode", "code", "StatusCode") if name in body)
    code = next(named, 0)
    return code if isinstance(code, int) else "?"


_seen: ContextVar[Any] = ContextVar("_seen", default=None)


class _Watched:
    """The library ``requests`` as apprise's plugins see it: the same, but what came of a request is kept."""

    def __init__(self, library: Any) -> None:
        self._library = library

    def post(self, url: str, **named: Any) -> Any:
        # what is no service's own host is one that the operator has named
        own_network = urlsplit(url).hostname not in _HOSTS
        try:
            with session(own_network=own_network) as sending:
                answer = sending.post(url, **named)
        except self._library.RequestException as error:
            _seen.set(error)
            raise
        _seen.set(answer)
        return answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._library, name)


@cache
def _class(kind: str, origin: str) -> Any:
    """Return apprise's plugin for a service, bound to an origin, with its requests watched."""
    name, _, plugin = SERVICES[kind].plugin.partition(".")
    module: Any = import_module(f"apprise.plugins.{name}")
    if not isinstance(module.requests, _Watched):
        module.requests = _Watched(module.requests)
    found: Any = getattr(module, plugin)
    _, _, rest = found.notify_url.removeprefix("https://").partition("/")
    return type(f"{plugin}Here", (found,), {"notify_url": f"{origin}/{rest}", **_MENDED.get(kind, {})})


def _signature(plugin: Any) -> tuple[str, str]:
    """Return DingTalk's time and signature as they are: the plugin escapes the signature, and the request again."""
    timestamp, signature = super(type(plugin), plugin).get_signature()
    return timestamp, unquote(signature)


_MENDED: Mapping[str, Mapping[str, Any]] = {"dingtalk": {"get_signature": _signature}}


def _plugin(robot: Target) -> Any:
    given: dict[str, Any] = {SERVICES[robot.kind].field: robot.key}
    if robot.secret:
        given["secret"] = robot.secret
    return _class(robot.kind, robot.origin)(redirect="no", cto=CONNECT_S, rto=ANSWER_S, **given)
