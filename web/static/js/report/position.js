/** The phone's own position: the best fix of a window, never a blind first one. */

export const WINDOW_MS = 20000;
const GOOD_M = 6;

/**
 * @typedef {{lon: number, lat: number, accuracy_m: number, heading_deg: number|null, fixed_at: string}} Fix
 */

/**
 * Watch the position for a while and report each fix that is better than those before.
 * @param {{better: (fix: Fix) => void, ended: (best: Fix|null, denied: boolean) => void}} listener
 * @returns {() => void} stops watching
 */
export function bestFix({ better, ended }) {
  /** @type {Fix|null} */
  let best = null;
  let over = false;
  const finish = (denied = false) => {
    if (over) return;
    over = true;
    navigator.geolocation.clearWatch(watch);
    clearTimeout(timer);
    ended(best, denied);
  };
  const watch = navigator.geolocation.watchPosition(({ coords, timestamp }) => {
    if (best && coords.accuracy >= best.accuracy_m) return;
    best = {
      lon: coords.longitude, lat: coords.latitude, accuracy_m: coords.accuracy,
      heading_deg: Number.isFinite(coords.heading) ? coords.heading : null, fixed_at: new Date(timestamp).toISOString(),
    };
    better(best);
    if (coords.accuracy <= GOOD_M) finish();
  }, (error) => {
    if (error.code === error.PERMISSION_DENIED) finish(true);
  }, { enableHighAccuracy: true, maximumAge: 0, timeout: WINDOW_MS });
  const timer = setTimeout(finish, WINDOW_MS);
  return () => finish();
}
