/* The heatmap as a picture: what is drawn now is drawn once more on one canvas, with the legend. A plain script: Folium's document has no modules. */
(() => {
  const SCALE = 2;
  /** @param {CanvasRenderingContext2D} context @param {SVGPathElement} path @param {DOMRect} frame */
  function drawPath(context, path, frame) {
    const style = getComputedStyle(path);
    const matrix = path.getScreenCTM();
    if (!matrix || style.display === "none" || style.visibility === "hidden") return;
    context.save();
    context.setTransform(SCALE * matrix.a, SCALE * matrix.b, SCALE * matrix.c, SCALE * matrix.d, SCALE * (matrix.e - frame.left), SCALE * (matrix.f - frame.top));
    const shape = new Path2D(path.getAttribute("d") ?? "");
    if (style.fill !== "none") {
      context.globalAlpha = Number(style.fillOpacity);
      context.fillStyle = style.fill;
      context.fill(shape, "evenodd");
    }
    if (style.stroke !== "none") {
      context.globalAlpha = Number(style.strokeOpacity);
      context.strokeStyle = style.stroke;
      context.lineWidth = Number.parseFloat(style.strokeWidth);
      context.setLineDash(style.strokeDasharray === "none" ? [] : style.strokeDasharray.split(/[ ,]+/).map(Number.parseFloat));
      context.stroke(shape);
    }
    context.restore();
  }

  /** @param {CanvasRenderingContext2D} context @param {Element} legend @param {DOMRect} frame */
  function drawLegend(context, legend, frame) {
    const box = legend.getBoundingClientRect();
    const style = getComputedStyle(legend);
    context.save();
    context.setTransform(SCALE, 0, 0, SCALE, SCALE * (box.left - frame.left), SCALE * (box.top - frame.top));
    context.fillStyle = style.backgroundColor;
    context.fillRect(0, 0, box.width, box.height);
    for (const part of legend.querySelectorAll("h1, p, span, i")) {
      const at = part.getBoundingClientRect();
      const look = getComputedStyle(part);
      if (part.tagName === "I") {
        const ramp = context.createLinearGradient(at.left - box.left, 0, at.right - box.left, 0);
        (part.getAttribute("data-ramp") ?? "").split(" ").filter(Boolean).forEach((stop) => ramp.addColorStop(Number(stop.split(":")[0]), stop.split(":")[1]));
        context.fillStyle = ramp;
        context.fillRect(at.left - box.left, at.top - box.top, at.width, at.height);
      } else if (part.children.length === 0) {
        context.fillStyle = look.color;
        context.font = `${look.fontWeight} ${look.fontSize} ${look.fontFamily}`;
        context.textBaseline = "middle";
        context.fillText(part.textContent ?? "", at.left - box.left, (at.top + at.bottom) / 2 - box.top, at.width + 2);
      }
    }
    context.restore();
  }

  /** @returns {Promise<Blob>} a PNG of what is seen */
  const picture = () => {
    const map = /** @type {HTMLElement} */ (document.querySelector(".leaflet-container"));
    const frame = map.getBoundingClientRect();
    const canvas = document.createElement("canvas");
    canvas.width = frame.width * SCALE;
    canvas.height = frame.height * SCALE;
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    context.fillStyle = getComputedStyle(map).backgroundColor;
    context.fillRect(0, 0, canvas.width, canvas.height);
    const drawn = [...map.querySelectorAll(".leaflet-pane canvas, .leaflet-pane svg path")];
    /** @param {Element|null} element */
    const height = (element) => (element && Number(getComputedStyle(element).zIndex)) || 0;
    /** @param {Element} element */
    const level = (element) => height(element.closest(".leaflet-pane")) * 10_000 + height(element.closest("svg, canvas"));
    const order = drawn.map((element, index) => ({ element, index, level: level(element) }));
    order.sort((a, b) => a.level - b.level || a.index - b.index);
    for (const { element } of order) {
      if (element instanceof HTMLCanvasElement) {
        const at = element.getBoundingClientRect();
        context.globalAlpha = Number(getComputedStyle(element).opacity);
        context.drawImage(element, (at.left - frame.left) * SCALE, (at.top - frame.top) * SCALE, at.width * SCALE, at.height * SCALE);
        context.globalAlpha = 1;
      } else drawPath(context, /** @type {SVGPathElement} */ (element), frame);
    }
    const legend = document.querySelector(".heat-legend");
    if (legend) drawLegend(context, legend, frame);
    return new Promise((done, failed) => canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("no picture"))), "image/png"));
  };
  Object.assign(window, { weiwangPicture: picture });
})();
