"""Robots: only their services are ever called, and of each message it is known whether it may be sent again."""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from gis.errors import InvalidInputError
from gis.notices.robots import SERVICES, masked, send, target
from tests.receiver import ADDRESSES, Receiver, receiving

OFFICIAL = {
    "wecom": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa",
    "dingtalk": "https://oapi.dingtalk.com/robot/send?access_token=0123456789abcdef&secret=SEC0123456789",
    "feishu": "https://open.feishu.cn/open-apis/bot/v2/hook/0a1b2c3d-4e5f-6789-abcd-ef0123456789",
}


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.mark.parametrize("kind", SERVICES)
def test_the_services_own_addresses_are_taken(kind: str) -> None:
    found = target(kind, OFFICIAL[kind])
    assert found.origin == f"https://{SERVICES[kind].host}"
    assert found.key not in repr(found)
    assert found.key not in masked(OFFICIAL[kind])


@pytest.mark.parametrize("kind", SERVICES)
@pytest.mark.parametrize(
    "origin",
    [
        "http://127.0.0.1:8000",
        "https://169.254.169.254",
        "http://{host}",
        "https://{host}:8443",
        "https://{host}@127.0.0.1",
        "https://{host}.example.com",
        "https://127.0.0.1#{host}",
        "file://",
        "",
    ],
)
def test_any_other_host_is_refused(kind: str, origin: str) -> None:
    address = origin.format(host=SERVICES[kind].host) + ADDRESSES[kind]
    with pytest.raises(InvalidInputError) as refused:
        target(kind, address)
    assert refused.value.code == "robot_host_refused"


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("wecom", "/cgi-bin/webhook/send"),
        ("wecom", "/cgi-bin/webhook/send?key="),
        ("wecom", "/cgi-bin/webhook/send?key=a/../b"),
        ("wecom", "/cgi-bin/token?key=abcdef"),
        ("dingtalk", "/robot/send?access_token=abcdef&secret=%0a"),
        ("feishu", "/open-apis/bot/v2/hook/a/b"),
        ("feishu", "/open-apis/bot/v2/hook/" + "a" * 600),
    ],
)
def test_an_address_without_a_key_is_refused(kind: str, path: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        target(kind, f"https://{SERVICES[kind].host}{path}")
    assert refused.value.code == "robot_address_invalid"


@pytest.mark.parametrize("kind", SERVICES)
def test_a_message_arrives_in_the_form_of_its_service(kind: str, receiver: Receiver) -> None:
    assert (
        send(target(kind, receiver.address(kind), [receiver.origin]), "【紧急】下水 · 网格 01").state
        == "sent"
    )
    assert receiver.texts == ["【紧急】下水 · 网格 01"]
    assert receiver.got[0][0].rstrip("/") == ADDRESSES[kind]


def test_dingtalk_is_signed_so_that_it_can_be_checked(receiver: Receiver) -> None:
    robot = target("dingtalk", receiver.address("dingtalk") + "&secret=SECabc", [receiver.origin])
    assert send(robot, "好").state == "sent"
    asked = parse_qs(urlsplit(receiver.got[0][0]).query)
    signed = f"{asked['timestamp'][0]}\nSECabc".encode()
    expected = base64.b64encode(hmac.new(b"SECabc", signed, hashlib.sha256).digest()).decode()
    assert asked["sign"] == [expected]


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ({"body": b'{"errcode":93000,"errmsg":"invalid webhook url"}'}, "refused"),
        ({"body": b'{"code":9499,"msg":"Bad Request"}'}, "refused"),
        ({"body": b'{"StatusCode":0,"code":0}'}, "sent"),
        ({"status": 503}, "refused"),
        ({"status": 302}, "refused"),
        ({"status": 504}, "unknown"),
        ({"drop": True}, "unknown"),
    ],
)
def test_what_is_certain_of_a_message(answer: dict, state: str, receiver: Receiver) -> None:
    for name, value in answer.items():
        setattr(receiver, name, value)
    assert send(target("wecom", receiver.address(), [receiver.origin]), "好").state == state
    assert len(receiver.got) == 1


def test_no_answer_in_time_is_not_certain(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gis.notices.robots.ANSWER_S", 0.2)
    receiver.wait_s = 0.6
    assert send(target("feishu", receiver.address("feishu"), [receiver.origin]), "好").state == "unknown"


def test_nobody_there_is_certain() -> None:
    with receiving() as gone:
        pass
    assert send(target("wecom", gone.address(), [gone.origin]), "好").state == "unreached"
