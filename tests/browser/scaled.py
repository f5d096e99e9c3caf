"""A page in twice the usual type, as somebody sets it in their browser: nothing cut, nothing beside the window."""

from __future__ import annotations

from playwright.async_api import CDPSession, Page, ViewportSize

USUAL_PX, DOUBLE_PX = 16, 32
WIDTHS: tuple[ViewportSize, ...] = ({"width": 360, "height": 780}, {"width": 1440, "height": 900})
LOST = """async () => {
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const styles = new Map(), boxes = new Map();
    const kept = (map, one, make) => map.get(one) ?? map.set(one, make(one)).get(one);
    const style = (one) => kept(styles, one, (it) => getComputedStyle(it));
    const box = (one) => kept(boxes, one, (it) => it.getBoundingClientRect());
    const called = (one, text) => `${one.localName}.${one.className?.baseVal ?? one.className} ${text.trim().replace(/\\s+/g, " ").slice(0, 30)}`;
    const apart = ".leaflet-pane, .leaflet-control, svg, canvas, .skip, [aria-hidden=true], iframe, script, style, .hidden-text, option, .chart";
    const meant = (one) => style(one).textOverflow === "ellipsis" || style(one).webkitLineClamp !== "none";
    const lost = (one, rect) => {
        for (let at = one; at && at !== document.documentElement; at = at.parentElement) {
            const { overflowX, overflowY, position } = style(at);
            if (at !== one || overflowX !== "visible") {
                const around = box(at);
                if (around.width < 3 || around.height < 3) return null; // for the ear only
                const [over, under] = [rect.right - around.right > 2 || around.left - rect.left > 2, rect.bottom - around.bottom > 2 || around.top - rect.top > 2];
                if (over && ["hidden", "clip"].includes(overflowX) || under && ["hidden", "clip"].includes(overflowY)) return meant(at) ? null : "cut";
                if (/auto|scroll/.test(overflowX) && over) return null;
            }
            if (position === "fixed") break;
        }
        return rect.right > innerWidth + 2 || rect.left < -2 ? "beside the window" : null;
    };
    const found = new Set();
    const look = (one, rect, text) => {
        if (rect.width < 2 || rect.height < 2 || one.closest(apart)) return;
        const what = lost(one, rect);
        if (what && one.checkVisibility({ visibilityProperty: true, opacityProperty: true, contentVisibilityAuto: true })) found.add(`${what}: ${called(one, text)}`);
    };
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    while (texts.nextNode()) {
        const { data, parentElement } = texts.currentNode;
        if (!data.trim()) continue;
        range.selectNodeContents(texts.currentNode);
        look(parentElement, range.getBoundingClientRect(), data);
    }
    for (const one of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) look(one, box(one), one.textContent || one.name || "");
    const bars = [...document.querySelectorAll(".header, .tabs, .submit-bar, .bulk-bar, .bar-bottom")].filter((one) => ["fixed", "sticky"].includes(style(one).position));
    const taken = bars.reduce((sum, one) => sum + box(one).height, 0);
    if (taken > innerHeight * 0.6) found.add(`bars take ${Math.round(taken)} of ${innerHeight} px`);
    if (document.documentElement.scrollWidth > innerWidth) found.add(`${document.documentElement.scrollWidth} px wide`);
    return [...found].slice(0, 8);
}"""
"""Text and controls that something cuts off, or that lie where nobody can scroll to; what ends in an ellipsis is meant so."""


async def type_size(page: Page, size_px: int) -> CDPSession:
    """Have a browser's own setting of the size of type for a page; return the session that it was told in."""
    session = await page.context.new_cdp_session(page)
    await _set(session, size_px)
    return session


async def _set(session: CDPSession, size_px: int) -> None:
    await session.send("Page.setFontSizes", {"fontSizes": {"standard": size_px, "fixed": size_px * 13 // 16}})


async def lost_in_double_type(page: Page) -> list[str]:
    """Return what is cut or out of reach on a page that is open, in twice the usual type, on a phone and on a desk.

    Parameters
    ----------
    page
        Its size and type are as before, afterwards.
    """
    usual = page.viewport_size
    found: list[str] = []
    session = await type_size(page, DOUBLE_PX)
    for size in WIDTHS:
        await page.set_viewport_size(size)
        found += [f"double type, {size['width']} px: {one}" for one in await page.evaluate(LOST)]
    await _set(session, USUAL_PX)
    await session.detach()
    if usual:
        await page.set_viewport_size(usual)
    return found
