/**
 * Tiles of another map under the community's own layers, where the office has chosen one. Tiles drawn in another datum lie some
 * 500 m off: the tiles are moved to where they belong, the data stay where they are.
 */
const L = /** @type {any} */ (globalThis).L;

/**
 * @param {{url: string, subdomains: string, shift: [number, number], highest: number, attribution: string}} chosen
 *   shift: how far off the tiles draw the community, degrees east and north
 * @returns {any} a Leaflet layer
 */
export function rasterLayer({ url, subdomains, shift, highest, attribution }) {
  return new Moved(url, { subdomains: subdomains || "a", maxNativeZoom: highest, maxZoom: 22, attribution, pane: "raster", shift });
}

/** Every centre that Leaflet wants tiles around is taken to where the tiles' maker has drawn it. */
const Moved = L.TileLayer.extend({
  /** @param {{lat: number, lng: number}} at */
  _drawn({ lat, lng }) {
    const [east, north] = this.options.shift;
    return L.latLng(lat + north, lng + east);
  },

  /** @param {any} centre */
  _getTiledPixelBounds(centre) {
    return L.TileLayer.prototype._getTiledPixelBounds.call(this, this._drawn(centre));
  },

  /** @param {any} level @param {any} centre @param {number} zoom */
  _setZoomTransform(level, centre, zoom) {
    return L.TileLayer.prototype._setZoomTransform.call(this, level, this._drawn(centre), zoom);
  },
});
