// The numbers of one connection, as far as they are known where the cursor stands.

import { charged, ledger, sent } from "../server/protocol.js";
import { sendingLayer } from "../phases.js";

/** @typedef {import("../store.js").Seen} Seen */
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
 * @param {import("../phases.js").Phase} phase
 * @returns {Kind}
 */
export function customary({ phase }) {
  if (phase === "output_error" || phase === "send_back" || phase === "gate") return "sent";
  return phase === "gradient" ? "charged" : "weight";
}
