"""axe-core over a page: what it finds that would keep somebody from using it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from playwright.async_api import BrowserContext, Page

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = ("serious", "critical")
RUN = """async (dark) => {
    if (!window.axe) return null;
    const sheet = [...document.querySelectorAll("link[href*='css/dark.css']")][0];
    if (sheet) sheet.media = dark ? "all" : "not all";
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const slight = axe._audit.rules.filter((one) => !["serious", "critical"].includes(one.impact));
    const found = await axe.run(document, { iframes: false, resultTypes: ["violations"],
        rules: Object.fromEntries(slight.map((one) => [one.id, { enabled: false }])),
        runOnly: dark ? { type: "rule", values: ["color-contrast"] } : undefined });
    return found.violations.flatMap((one) => one.nodes.map((node) =>
        ({ impact: one.impact, rule: one.id, where: node.target.join(" "), why: node.failureSummary || "" })));
}"""
"""The dark is put on over the same page: only colours differ, so only contrast is looked at again.

Whatever a rule finds has the rule's own impact: those that find nothing grave needn't be asked.
"""


@cache
def _source() -> str:
    return AXE.read_text("utf-8")


async def carry_axe(context: BrowserContext) -> None:
    """Have every page of a context bring axe-core along, where many are looked at: a tenth of what it takes to send it anew."""
    await context.add_init_script(script=_source())


async def grave_findings(page: Page, *, dark: bool = True) -> list[str]:
    """Return serious and critical findings of a page that is open, in light and in dark.

    Parameters
    ----------
    page
        With the theme that follows the machine, so that both can be shown.
    dark
        Whether to look in the dark as well.
    """
    found = []
    for theme in (False, True) if dark else (False,):
        findings = await page.evaluate(RUN, theme)
        if findings is None:
            await page.evaluate(_source())
            findings = await page.evaluate(RUN, theme)
        for one in findings:
            if one["impact"] in GRAVE:
                why = " ".join(one["why"].split())[:160]
                found.append(f"{'dark ' if theme else ''}{one['rule']} {one['where']}: {why}")
    return found
