"""An address that somebody enters for a robot makes the service call upon nobody but chat services."""

import socket
from collections.abc import Callable
from typing import Any

import pytest

from gis.errors import InvalidInputError
from gis.notices import outside
from gis.notices.robots import Target, send, target
from tests.receiver import receiving

INSIDE = [
    "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fd00::1", "fd00:ec2::254", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:169.254.169.254", "2002:7f00:1::", "2001:0:7f00:1::",
]  # fmt: skip
WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=key-1234"
TRICKS = [
    "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=key-1234",
    "https://qyapi.weixin.qq.com:8443/cgi-bin/webhook/send?key=key-1234",
    "https://qyapi.weixin.qq.com@127.0.0.1/cgi-bin/webhook/send?key=key-1234",
    "https://user:pass@qyapi.weixin.qq.com/cgi-bin/webhook/send?key=key-1234",
    "https://qyapi.weixin.qq.com.example.com/cgi-bin/webhook/send?key=key-1234",
    "https://127.0.0.1/cgi-bin/webhook/send?key=key-1234",
    "https://2130706433/cgi-bin/webhook/send?key=key-1234",
    "https://[::1]/cgi-bin/webhook/send?key=key-1234",
    "https://169.254.169.254/latest/meta-data",
    "https://qyapi。weixin。qq。com/cgi-bin/webhook/send?key=key-1234",
    "https://qyapi.weixin.qq.com\\@127.0.0.1/cgi-bin/webhook/send?key=key-1234",
    "https://qyapi.weixin.qq.com/cgi-bin/webhook/../../x?key=key-1234",
    "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=key-1234%0d%0aX:y",
    "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=../../x",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_x",
    "//qyapi.weixin.qq.com/cgi-bin/webhook/send?key=key-1234",
    "https://[qyapi.weixin.qq.com/cgi-bin/webhook/send?key=key-1234",
]


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture
def leads_to(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Give a way to say where every name leads, one look after the other; what was looked up is noted."""

    def said(*addresses: str) -> list[str]:
        asked: list[str] = []

        def look_up(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
            address = addresses[min(len(asked), len(addresses) - 1)]
            asked.append(host)
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            return [(family, socket.SOCK_STREAM, 6, "", (address, port))]

        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        return asked

    return said


@pytest.mark.parametrize("address", INSIDE)
def test_what_is_inside_is_no_place_for_a_chat_service(address: str) -> None:
    assert not outside.allowed(address, own_network=False)


def test_what_is_outside_is() -> None:
    assert outside.allowed("203.119.204.1", own_network=False)
    assert outside.allowed("2400:3200::1", own_network=False)
    assert outside.allowed("::ffff:203.119.204.1", own_network=False)
    # a host that the operator has named may be in the office's own network, but never the metadata of a cloud
    assert outside.allowed("192.168.1.9", own_network=True)
    assert not outside.allowed("169.254.169.254", own_network=True)


@pytest.mark.parametrize("address", TRICKS)
def test_addresses_that_lead_elsewhere_are_refused(address: str) -> None:
    with pytest.raises(InvalidInputError):
        target("wecom", address)


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "10.0.0.1", "::1"])
def test_a_name_that_leads_inside_is_not_called_upon(
    address: str, leads_to: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    reached: list[Any] = []
    monkeypatch.setattr(socket, "create_connection", lambda *given, **_: reached.append(given))
    leads_to(address)
    assert send(target("wecom", WECOM), "x").state == "unreached"
    assert reached == []


def test_a_name_that_leads_elsewhere_at_the_second_look_is_looked_up_once(
    leads_to: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    reached: list[Any] = []

    def refuse(address: Any, *_: Any, **__: Any) -> None:
        reached.append(address)
        raise OSError("nobody there")

    asked = leads_to("203.119.204.1", "127.0.0.1")
    monkeypatch.setattr(socket, "create_connection", refuse)
    assert send(target("wecom", WECOM), "x").state == "unreached"
    assert (asked, reached) == (["qyapi.weixin.qq.com"], [("203.119.204.1", 443)])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(status: int) -> None:
    with receiving() as inside, receiving() as robot:
        robot.status, robot.location = status, inside.address()
        found = send(Target("wecom", robot.origin, "key-1234"), "x")
        assert (len(robot.got), inside.got) == (1, [])
        assert (found.state, found.detail) == ("refused", f"HTTP {status}")
