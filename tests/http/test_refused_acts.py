"""An act on a case that is refused: why is said beside its field, by the field's own name, and all that was typed is still there."""

import html
import re

import pytest

from tests.http.conftest import Service
from tests.http.test_pages import signed_in

REASON = "电杆要倒了"


@pytest.mark.parametrize(
    ("verb", "typed", "said", "kept"),
    [
        ("refer", {"agency": "nobody", "reason": REASON, "due_at": "2026-06-10T10:00"}, ("agency", "nobody"), "2026-06-10T10:00"),
        ("refer", {"agency": "water", "due_at": "gestern", "reason": REASON}, ("due_at", "时限"), 'value="water" selected'),
        ("refer", {"agency": "water"}, ("reason", "请写明原因。"), 'value="water" selected'),
        ("classify", {"reason": REASON}, ("category", "还缺“改成哪个类别”。"), REASON),
        ("merge", {"into": "20260603-99999", "reason": REASON}, ("into", "案件"), 'value="20260603-99999"'),
        ("offer", {"to": "没有这个人", "reason": REASON}, ("to", "没有这个人"), 'value="没有这个人"'),
    ],
)  # fmt: skip
async def test_why_is_said_beside_the_field(
    service: Service, verb: str, typed: dict[str, str], said: tuple[str, str], kept: str
) -> None:
    filed = await service.report()
    client, csrf = await signed_in(service, "desk")
    answer = await client.post(f"/cases/{filed['case_id']}/{verb}", data={"csrf": csrf, **typed})
    assert answer.status_code in {400, 404, 409}, answer.text[:300]
    page = html.unescape(answer.text)
    (form,) = re.findall(rf'<details[^>]*data-verb="{verb}" open>.*?</details>', page, re.DOTALL)
    ((field, sentence),) = re.findall(r'<p class="error" id="error-(\w+)">(.*?)</p>', form)
    assert field == said[0]
    assert said[1] in sentence
    assert kept in form
    assert all(text in form for name, text in typed.items() if name == "reason")
