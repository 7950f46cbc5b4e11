// The numbers of one connection, as far as they are known where the cursor stands.

import { charged, ledger, sent } from "./protocol.js";
import { sendingLayer } from "./phases.js";

/** @typedef {import("./store.js").Seen} Seen */
/** @typedef {"weight" | "sent" | "charged" | "ledger"} Kind */
/** @typedef {{w: number, after: number | null, sent: number | null, charged: number | null, ledger: number | null}} ConnectionNumbers */

/**
 * @param {Seen} seen
 * @param {number} layer that the connection leads into, from 2
 * @param {number} j from 0
 * @param {number} k from 0
 * @returns {ConnectionNumbers}
 */
export function connection({ frame, topology, reached }, layer, j, k) {
  const above = frame.layers[layer - 1];
  const nBelow = topology.layers[layer - 2];
  const at = j * nBelow + k;
  return {
    w: above.w ? above.w[at] : NaN,
    after: above.wAfter && reached("after", layer) ? above.wAfter[at] : null,
    sent: above.delta && reached("sent", layer) ? sent(above, nBelow, j, k) : null,
    charged: above.delta && reached("charged", layer) ? charged(above, frame.layers[layer - 2], j, k) : null,
    ledger: above.delta && reached("ledger", layer) ? ledger(above, frame.layers[layer - 2], j, k) : null,
  };
}

/**
 * What a connection shows of its numbers; null if that is not known yet.
 * @param {ConnectionNumbers} numbers
 * @param {Kind} kind
 */
export const shown = (numbers, kind) => (kind === "weight" ? (numbers.after ?? numbers.w) : numbers[kind]);

/**
 * How prominently the connections into a layer stand out: in play, arrived before, or not concerned.
 * @param {Seen} seen
 * @param {Kind} kind
 * @param {number} layer
 * @returns {"active" | "rest" | "quiet"}
 */
export function prominence({ cursor, reached, topology }, kind, layer) {
  if (kind === "weight") return "active";
  const { phase, layer: phaseLayer } = cursor;
  if (!reached(kind, layer)) return "quiet";
  if (kind === "ledger") return "active";
  if (kind === "sent") {
    if (phase === "send_back") return sendingLayer(cursor) === layer ? "active" : "quiet";
    if (phase === "gate") return layer === Number(phaseLayer) + 1 ? "rest" : "quiet";
    return layer > 2 || topology.layers.length === 2 ? "active" : "rest";
  }
  return phase === "gradient" && layer !== phaseLayer ? "rest" : "active";
}

/**
 * What the connections show when a phase is entered, until somebody chooses otherwise.
 * @param {import("./phases.js").Phase} phase
 * @returns {Kind}
 */
export function customary({ phase }) {
  if (phase === "output_error" || phase === "send_back" || phase === "gate") return "sent";
  return phase === "gradient" ? "charged" : "weight";
}

/**
 * The connections with the most of what is shown, of the layers where it is known: [layer, j, k], j and k from 0.
 * @param {Seen} seen
 * @param {Kind} kind
 * @param {number} count
 * @param {number[]} drawn how many neurons of each layer have a place in the picture, layer 1 first
 * @returns {{chosen: [number, number, number][], least: number}} `least`: the smallest size among them
 */
export function strongest(seen, kind, count, drawn) {
  const layers = sizes(seen, kind, drawn);
  const all = new Float32Array(layers.reduce((sum, { sizes: of }) => sum + of.length, 0));
  let offset = 0;
  for (const { sizes: of } of layers) {
    all.set(of, offset);
    offset += of.length;
  }
  all.sort();
  const least = all.length > count ? all[all.length - count] : 0;
  /** @type {[number, number, number][]} */
  const chosen = [];
  for (const { layer, sizes: of } of layers) {
    const nBelow = seen.topology.layers[layer - 2];
    for (let at = 0; at < of.length; at++)
      if (of[at] > 0 && of[at] >= least) chosen.push([layer, Math.floor(at / nBelow), at % nBelow]);
  }
  chosen.length = Math.min(chosen.length, count);
  const smallest = chosen.reduce((least_, [layer, j, k]) => Math.min(least_, Math.abs(shown(connection(seen, layer, j, k), kind) ?? 0)), Infinity);
  return { chosen, least: chosen.length ? smallest : 0 };
}

/**
 * The size of what each connection shows, layer by layer; 0 where it has no place in the picture or no number.
 * @param {Seen} seen
 * @param {Kind} kind
 * @param {number[]} drawn
 */
function sizes(seen, kind, drawn) {
  const found = [];
  for (let layer = 2; layer <= seen.topology.layers.length; layer++) {
    if (kind !== "weight" && !seen.reached(kind, layer)) continue;
    const [nBelow, nAbove] = [seen.topology.layers[layer - 2], seen.topology.layers[layer - 1]];
    const of = new Float32Array(nBelow * nAbove);
    for (let j = 0; j < Math.min(nAbove, drawn[layer - 1]); j++)
      for (let k = 0; k < Math.min(nBelow, drawn[layer - 2]); k++) {
        const size = Math.abs(shown(connection(seen, layer, j, k), kind) ?? 0);
        of[j * nBelow + k] = Number.isFinite(size) ? size : 0;
      }
    found.push({ layer, sizes: of });
  }
  return found;
}
