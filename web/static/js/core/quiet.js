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

/**
 * Tell answers that a later question has overtaken: on a slow line they may come in another order.
 * @returns {() => () => boolean} called with each question; what it returns tells whether that is still the last one
 */
export function inTurn() {
  let last = 0;
  return () => {
    const mine = (last += 1);
    return () => mine === last;
  };
}
