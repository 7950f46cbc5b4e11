import assert from "node:assert/strict";
import { test } from "node:test";

import { Rhythm } from "../../static/js/server/lag.js";
import { Tabs } from "../../static/js/server/tabs.js";
import { addressOf, backoff, Wire } from "../../static/js/server/wire.js";

/** A browser whose time stands still until it is told to pass. */
function made() {
  /** @type {{address: string, closed: boolean, on: Record<string, (event: any) => void>, say: (name: string, data?: unknown, id?: number) => void}[]} */
  const sources = [];
  /** @type {Map<number, {act: () => void, at: number}>} */
  const timers = new Map();
  let [time, count] = [1_000_000, 0];
  const around = {
    open: (/** @type {string} */ address) => {
      /** @type {any} */
      const source = {
        address, closed: false, on: {},
        addEventListener(/** @type {string} */ name, /** @type {any} */ act) { this.on[name] = act; },
        close() { this.closed = true; },
        say(/** @type {string} */ name, data = {}, id = NaN) { if (!this.closed) this.on[name]?.({ data: JSON.stringify(data), lastEventId: String(id) }); },
      };
      sources.push(source);
      return source;
    },
    now: () => time,
    random: () => 1,
    later: (/** @type {() => void} */ act, /** @type {number} */ ms) => (timers.set(++count, { act, at: time + ms }), count),
    never: (/** @type {number} */ timer) => void timers.delete(timer),
  };
  const pass = (/** @type {number} */ ms) => {
    for (const end = time + ms; ; ) {
      const next = [...timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
      if (!next) return void (time = end);
      timers.delete(next[0]);
      time = next[1].at;
      next[1].act();
    }
  };
  const greet = (server = "A", at = 0) => sources.at(-1)?.say("server", { server, static: "v", beat_s: 5, at });
  return { sources, around, pass, greet, open: () => sources.filter(({ closed }) => !closed).map(({ address }) => address) };
}

function wired() {
  const world = made();
  /** @type {string[]} */
  const told = [];
  /** @type {import("../../static/js/server/wire.js").Status[]} */
  const statuses = [];
  const wire = new Wire((topic, name) => told.push(`${topic} ${name}`), (status) => statuses.push(status), world.around);
  return { ...world, wire, told, statuses, states: () => statuses.map(({ state }) => state) };
}

test("sessions and races are followed over one address", () => {
  assert.equal(addressOf(["session:a", "race:x", "session:b"]), "/api/stream?sessions=a,b&races=x");
  assert.equal(addressOf(["race:x"]), "/api/stream?races=x");
});

test("it waits longer each time, at most 15 s, and never the same for everybody", () => {
  assert.deepEqual([0, 1, 2, 10].map((attempt) => backoff(attempt, 1)), [500, 1000, 2000, 15000]);
  assert.equal(backoff(10, 0), 7500);
});

test("events are told with the topic that they are about", () => {
  const { wire, sources, pass, greet, told } = wired();
  wire.want(new Set(["session:a", "session:b"]));
  pass(50);
  greet();
  const [source] = sources;
  source.say("about", { session: "b" });
  source.say("topology");
  source.say("frame");
  source.say("about", { session: "a" });
  source.say("state");
  source.say("end", { race: "x", found: false });
  assert.deepEqual(told, ["session:b topology", "session:b frame", "session:a state", "race:x end"]);
});

test("when others are followed the old connection is heard until the new one is open, and no longer", () => {
  const { wire, sources, pass, greet, open, told } = wired();
  wire.want(new Set(["session:a"]));
  pass(50);
  greet();
  wire.want(new Set(["session:a", "session:b"]));
  pass(50);
  sources[0].say("about", { session: "a" });
  sources[0].say("frame");
  assert.deepEqual(told, ["session:a frame"]);
  greet();
  assert.deepEqual(open(), ["/api/stream?sessions=a,b"]);
});

test("nobody looks: no connection", () => {
  const { wire, pass, greet, open } = wired();
  wire.want(new Set(["session:a"]));
  pass(50);
  greet();
  wire.want(new Set());
  pass(1000);
  assert.deepEqual(open(), []);
  pass(100_000);
  assert.deepEqual(open(), []);
});

test("silence is told of after a beat and a half, and given up after three; then it is tried again", () => {
  const { wire, sources, pass, greet, open, states, statuses } = wired();
  wire.want(new Set(["session:a"]));
  pass(50);
  greet();
  pass(7000);
  sources[0].say("beat");
  pass(7000);
  assert.deepEqual(states(), ["live"]);
  pass(2500);
  assert.deepEqual(states(), ["live", "silent"]);
  sources[0].say("beat");
  assert.deepEqual(states(), ["live", "silent", "live"]);
  pass(16_000);
  assert.deepEqual(states().slice(3), ["silent", "lost", "connecting"]);
  assert.ok((statuses.at(-2)?.retryAt ?? 0) > 0);
  assert.equal(open().length, 1);
  greet("B");
  assert.deepEqual([statuses.at(-1)?.state, statuses.at(-1)?.server], ["live", "B"]);
});

test("what comes late is told to be late, however much the clocks differ, until something comes in time again", () => {
  const { wire, sources, pass, greet, statuses } = wired();
  wire.want(new Set(["session:a"]));
  pass(50);
  greet("A", 500_000);
  const [source] = sources;
  const late = () => statuses.at(-1)?.lateMs;
  pass(1000);
  source.say("frame", {}, 100_000); // that was all the news there was for long
  source.say("frame", {}, 500_900);
  assert.equal(late(), 0);
  pass(3000);
  source.say("frame", {}, 502_000);
  assert.equal(late(), 2000);
  pass(1000);
  source.say("frame", {}, 504_200);
  assert.equal(late(), 800);
  pass(1000);
  source.say("beat", { at: 505_800 });
  assert.equal(late(), 0);
  pass(800);
  source.say("frame", {}, 505_900);
  assert.equal(late(), 0);
});

test("a frame of a session that plays is overdue after 1.5 s, or four times what is usual", () => {
  const flatOut = { playing: true, play: { per_second: 0 } };
  const rhythm = new Rhythm();
  assert.equal(rhythm.next(flatOut, 0), 1500);
  assert.equal(rhythm.next(flatOut, 100), 1500);
  assert.equal(rhythm.next(flatOut, 1100), 4000);
  for (let i = 1; i <= 8; i++) rhythm.next(flatOut, 1100 + 50 * i);
  assert.equal(rhythm.next(flatOut, 1550), 1500);
  assert.equal(rhythm.next({ playing: false, play: null }, 1600), 0);
  assert.equal(rhythm.next({ playing: true, play: { per_second: 0.5 } }, 60_000), 8000);
});

test("a refused connection is tried again and again, later each time, and at once when somebody asks", () => {
  const { wire, sources, pass } = wired();
  wire.want(new Set(["session:a"]));
  pass(50);
  for (const wait of [500, 1000, 2000]) {
    const before = sources.length;
    sources.at(-1)?.say("error");
    pass(wait - 1);
    assert.equal(sources.length, before);
    pass(1);
    assert.equal(sources.length, before + 1);
  }
  sources.at(-1)?.say("error");
  const before = sources.length;
  wire.hurry();
  assert.equal(sources.length, before + 1);
});

test("a server that takes the connection and says nothing is given up", () => {
  const { wire, pass, states } = wired();
  wire.want(new Set(["session:a"]));
  pass(10_100);
  assert.deepEqual(states(), ["lost"]);
});

/** @param {Tabs} tabs */
function tab(tabs) {
  /** @type {any[]} */
  const told = [];
  const port = /** @type {any} */ ({ postMessage: (/** @type {any} */ message) => told.push(message) });
  tabs.add(port);
  return { told, ask: (/** @type {string | null} */ want) => port.onmessage({ data: { want } }), names: () => told.filter(({ name }) => name).map(({ name }) => name) };
}

test("twelve tabs share one connection; each is told only of its own, and a hidden one of nothing", () => {
  const { sources, around, pass, greet, open } = made();
  const tabs = new Tabs(around);
  const all = Array.from({ length: 12 }, () => tab(tabs));
  all.forEach((one, i) => one.ask(`session:${i}`));
  pass(50);
  greet();
  assert.deepEqual(open(), ["/api/stream?sessions=0,1,2,3,4,5,6,7,8,9,10,11"]);
  const frame = (/** @type {number} */ i) => {
    sources.at(-1)?.say("about", { session: String(i) });
    sources.at(-1)?.say("frame");
  };
  frame(3);
  assert.deepEqual(all.map((one) => one.names().length), all.map((_, i) => Number(i === 3)));
  all[3].ask(null);
  frame(3);
  assert.equal(all[3].names().length, 1);
});

test("a tab that was closed without a word is dropped", () => {
  const { around, pass, greet, open, sources } = made();
  const tabs = new Tabs(around);
  const [dead, alive] = [tab(tabs), tab(tabs)];
  dead.ask("session:dead");
  alive.ask("session:alive");
  pass(50);
  greet();
  for (let i = 0; i < 5; i++) {
    pass(2500);
    sources.at(-1)?.say("beat");
    pass(2500);
    sources.at(-1)?.say("beat");
    alive.ask("session:alive");
  }
  pass(600);
  greet();
  assert.deepEqual(open(), ["/api/stream?sessions=alive"]);
});

test("a tab that comes later is given what is newest by a new connection", () => {
  const { around, pass, greet, sources } = made();
  const tabs = new Tabs(around);
  tab(tabs).ask("session:a");
  pass(50);
  greet();
  tab(tabs).ask("session:a");
  pass(50);
  assert.equal(sources.length, 2);
});
