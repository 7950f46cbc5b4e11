// The page in a frame of another site: the picture, its words and its transport, put together as the whole page is in main.js.

import { Api } from "./server/api.js";
import * as control from "./server/control.js";
import { Sign } from "./server/connection.js";
import * as hand from "./page/hand.js";
import * as keyboard from "./page/keyboard.js";
import * as layout from "./page/layout.js";
import { Line } from "./words/line.js";
import { ResponseMaps } from "./data/maps.js";
import { Motion } from "./picture/motion.js";
import { Place } from "./page/place.js";
import { Pointing } from "./picture/pointing.js";
import * as problem from "./page/problem.js";
import { Say } from "./words/say.js";
import { Scene } from "./picture/scene.js";
import { Spoken } from "./picture/spoken.js";
import { Store } from "./store.js";
import { Stream } from "./server/stream.js";
import { t } from "./words/texts.js";
import * as theme from "./page/theme.js";
import { Transport } from "./run/transport.js";
import { Views } from "./picture/views.js";
import { WeightImages } from "./picture/weights.js";
import { Zoom } from "./picture/zoom.js";

const { url, kind } = /** @type {{url: string, kind: string}} */ (/** @type {unknown} */ (document.body.dataset));

const api = new Api(url);
control.carry(api);
const store = new Store();
const motion = new Motion(store);
const scene = new Scene(/** @type {HTMLElement} */ (document.getElementById("stage")), store, motion);
const views = new Views(store, scene);
const transport = new Transport(api, store, motion);
new problem.Trouble(store, new Say(store), transport);
const pointing = new Pointing(scene);
const zoom = new Zoom(scene);
const maps = kind === "plane" ? new ResponseMaps(api, store, scene) : null;
const weights = kind === "image" ? new WeightImages(store, scene, zoom) : null;
new Spoken(store, scene);
new Line(store);
new Place(store, transport, pointing);

hand.watch();
layout.fit(() => scene.rebind());
theme.start(() => {
  scene.repaint();
  maps?.repaint();
  weights?.repaint();
});
keyboard.listen(transport, {
  choose: (connections) => views.choose(connections),
  help: () => {},
  letters: { "+": () => zoom.press(1), "=": () => zoom.press(1), "-": () => zoom.press(-1), 0: () => zoom.reset() },
});

const stream = new Stream(`session:${document.body.dataset.session}`, {
  topology: (topology) => store.setTopology(topology),
  frame: (frame) => store.setFrame(frame),
  state(state) {
    transport.told(state);
    if (state.reason === "deleted") problem.tell(t("problem-deleted"));
  },
  connection: (connection) => sign.show(connection),
});
const sign = new Sign({ hurry: () => stream.hurry() });
stream.open();
