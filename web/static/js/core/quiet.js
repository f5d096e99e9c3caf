/**
 * Call a function once things have been quiet for a moment.
 * @param {() => void} action
 * @param {number} [quiet_ms]
 */
export function settled(action, quiet_ms = 250) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = window.setTimeout(action, quiet_ms);
  };
}
