/* Heat keeps its size on the ground: on a phone, where the whole community is small, its spots would flow together into one. A plain script: Folium's document has no modules. */
(() => {
  const FULL_ZOOM = 16; // from here on the spots are as large as they are made
  const L = /** @type {any} */ (globalThis).L;
  L.HeatLayer.addInitHook(/** @this {any} */ function () {
    const { radius, blur } = this.options;
    const fit = () => {
      const scale = Math.min(1, 2 ** (this._map.getZoom() - FULL_ZOOM));
      this.setOptions({ radius: radius * scale, blur: blur * scale });
    };
    this.on("add", () => {
      fit();
      this._map.on("zoomend", fit);
    });
    this.on("remove", () => this._map?.off("zoomend", fit));
  });
})();
