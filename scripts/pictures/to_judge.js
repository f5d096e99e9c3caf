/* What a person has to judge on a page that is open: Chinese words where the reader reads English, what is lower than a
   finger wants (44 px; links within a line are not), and words that are cut without an ellipsis. */
([language, size]) => {
  const shown = (one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const short = (text) => text.trim().replace(/\s+/g, " ").slice(0, 40);
  const found = [];
  if (language === "en") {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const chinese = new Set();
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const inside = node.parentElement;
      if (/[\u4e00-\u9fff]/.test(node.data) && !inside.closest("script, style, [lang=zh]") && shown(inside)) chinese.add(short(node.data));
    }
    found.push(...chinese);
  }
  if (size === "phone") {
    const low = new Set();
    for (const one of document.querySelectorAll("button, summary, select, input:not([type=hidden], [type=checkbox], [type=radio]), textarea, a.button, a.chip, nav a, .item, label.choice")) {
      const box = one.getBoundingClientRect();
      if (shown(one) && box.width && (box.height < 43 || box.width < 40) && !one.closest(".leaflet-control")) low.add(`LOW ${Math.round(box.width)}x${Math.round(box.height)} ${short(one.textContent || one.name || one.className)}`);
    }
    found.push(...low);
  }
  for (const one of document.querySelectorAll("main *")) {
    const style = getComputedStyle(one);
    if (shown(one) && style.overflowX === "hidden" && style.textOverflow !== "ellipsis" && one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 2 && one.childElementCount === 0 && one.textContent.trim()) found.push(`CUT ${short(one.textContent)}`);
  }
  return found;
}
