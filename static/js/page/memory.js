// What a browser remembers for its user; storage may be forbidden, and then nothing is remembered.

/** @param {string} name @returns {string | null} */
export function recall(name) {
  try {
    return localStorage.getItem(`blameflow-${name}`);
  } catch {
    return null;
  }
}

/** @param {string} name @param {string | null} value null: forget it */
export function remember(name, value) {
  try {
    if (value === null) localStorage.removeItem(`blameflow-${name}`);
    else localStorage.setItem(`blameflow-${name}`, value);
  } catch {
    // Nothing to be done: it is a convenience.
  }
}
