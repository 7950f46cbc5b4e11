// Whether the server can be reached now. What writes is refused at once while it cannot, so that nothing waits unseen.

let lost = false;
let waiting = new AbortController();

/** @param {boolean} now */
export function lose(now) {
  if (now && !lost) {
    waiting.abort();
    waiting = new AbortController();
  }
  lost = now;
}

export const isLost = () => lost;

/** Ends when the connection is lost: nobody waits for an answer that will not come. */
export const whileReached = () => waiting.signal;
