"""The desk watches a case climb the ladder, and pauses one."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browser.conftest import DESKTOP, Visit
from tests.browser.running import API, Site

STEPS = {1: "扩大范围", 2: "升到网格员", 3: "升到社区值班", 4: "升到街道"}


async def hasten(site: Site) -> None:
    """Have the time come at which the ladder looks at the case."""
    await site.execute(
        "UPDATE \"case\" SET climb_at = now() - interval '1 s' WHERE climb_at IS NOT NULL",
        "UPDATE procrastinate_jobs SET scheduled_at = now() WHERE task_name = 'climb' AND status = 'todo'",
    )


async def test_desk_watches_a_case_climb_the_ladder(visit: Visit, site: Site) -> None:
    building = (await site.buildings())[40]
    filed = await site.report("resident", building, category="gas_smell", description="楼道有煤气味")
    desk = await visit("desk", size=DESKTOP)
    await desk.go("/desk")
    row = desk.page.locator(f"#cases [data-case='{filed['case_id']}']")
    await expect(row.locator(".badge.light")).to_have_text("正常")
    await expect(row.locator(".badge.step")).to_have_count(0)
    for level, word in STEPS.items():
        await hasten(site)
        step = row.locator(".badge.step")
        await expect(step).to_have_text(word, timeout=20_000)
        await expect(step).to_have_attribute("data-level", str(level))
    await site.execute("UPDATE \"case\" SET answer_due_at = now() - interval '1 s'")
    await desk.go("/desk?light=red")
    await expect(row.locator(".badge.light")).to_have_text("超时限")
    await desk.go(f"/cases/{filed['case_id']}")
    timeline = desk.page.locator(".timeline li")
    for word in STEPS.values():
        await expect(timeline.filter(has_text=word)).to_have_count(1)
    await desk.go("/desk")
    async with site.client("desk") as client:
        answer = await client.post(
            f"{API}/cases/{filed['case_id']}/refer", json={"agency": "fire", "reason": "请消防处理"}
        )
        assert answer.status_code in {200, 400}, answer.text
        if answer.status_code == 400:
            answer = await client.post(
                f"{API}/cases/{filed['case_id']}/refer", json={"agency": "property", "reason": "请物业处理"}
            )
        assert answer.status_code == 200, answer.text
    await expect(row.locator(".badge.status")).to_have_text("已转办", timeout=20_000)
    await expect(row.locator(".badge.step")).to_have_count(0)


async def test_a_pause_is_asked_for_and_approved_by_clicking(visit: Visit, site: Site) -> None:
    building = (await site.buildings())[41]
    filed = await site.report("resident", building, category="sewer", description="下水堵了")
    async with site.client("desk") as client:
        answer = await client.post(
            f"{API}/cases/{filed['case_id']}/refer", json={"agency": "water", "reason": "请处理"}
        )
        assert answer.status_code == 200, answer.text
    water = await visit("water")
    await water.go(f"/cases/{filed['case_id']}")
    form = water.page.locator("details[data-verb=pause]")
    await form.locator("summary").click()
    await form.get_by_text("等材料").click()
    await form.locator("[name=until]").fill("2099-01-01T10:00")
    await form.locator("[name=reason]").fill("等管子")
    await form.locator("button[type=submit]").click()
    await expect(water.page.get_by_text("暂停最长").first).to_be_visible()
    water.forget("400")
    until = await water.page.evaluate(
        "new Date(Date.now() + 3 * 86400e3).toLocaleString('sv', {timeZone: 'Asia/Shanghai'}).slice(0, 16).replace(' ', 'T')"
    )
    await water.go(f"/cases/{filed['case_id']}")
    await expect(form.locator("[name=reason]")).to_have_value("等管子")  # what was refused is kept
    await form.locator("[name=until]").fill(until)
    await form.locator("button[type=submit]").click()
    await expect(water.page.locator(".badge.paused").first).to_have_text("申请暂停中")
    desk = await visit("desk", size=DESKTOP)
    await desk.go(f"/cases/{filed['case_id']}")
    approve = desk.page.locator("details[data-verb=approve_pause]")
    await approve.locator("summary").click()
    await expect(approve).to_contain_text("等管子")
    await approve.locator("button[type=submit]").click()
    await expect(desk.page.locator(".badge.paused").first).to_have_text("暂停计时")
