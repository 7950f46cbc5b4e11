// The page is put together here: one stream in, one store in the middle, everything that is drawn around it.

import * as address from "./page/address.js";
import { Aim } from "./data/aim.js";
import { Api } from "./server/api.js";
import { Batch } from "./run/batch.js";
import * as control from "./server/control.js";
import { CostChart } from "./run/charts.js";
import { Compass } from "./matrix/compass.js";
import { guardForms, Sign } from "./server/connection.js";
import { Cuts } from "./run/cuts.js";
import { Chooser } from "./data/chooser.js";
import { Digits } from "./data/digits.js";
import * as documents from "./server/documents.js";
import { Focus } from "./picture/focus.js";
import * as glossary from "./words/glossary.js";
import * as help from "./page/help.js";
import * as hand from "./page/hand.js";
import { Ink } from "./picture/ink.js";
import { Inspector } from "./cards/inspector.js";
import * as keyboard from "./page/keyboard.js";
import * as layout from "./page/layout.js";
import { Lesson } from "./lesson/lesson.js";
import { goOn } from "./lesson/progress.js";
import { Line } from "./words/line.js";
import { ResponseMaps } from "./data/maps.js";
import { MatrixPanel } from "./matrix/panel.js";
import { Motion } from "./picture/motion.js";
import { notation } from "./words/notation.js";
import { Notice } from "./run/notice.js";
import { Parts } from "./page/parts.js";
import * as picture from "./picture/export.js";
import { Place } from "./page/place.js";
import { Pointing } from "./picture/pointing.js";
import { enlargement, Presentation } from "./page/present.js";
import * as problem from "./page/problem.js";
import { Say } from "./words/say.js";
import { Scene } from "./picture/scene.js";
import { Shape } from "./picture/shape.js";
import { Share } from "./page/share.js";
import { Spoken } from "./picture/spoken.js";
import { Store } from "./store.js";
import { Stream } from "./server/stream.js";
import { Table } from "./picture/table.js";
import { t } from "./words/texts.js";
import * as theme from "./page/theme.js";
import { Timeline } from "./run/timeline.js";
import { Tips } from "./page/tips.js";
import { Transport } from "./run/transport.js";
import { Views } from "./picture/views.js";
import { WeightImages } from "./picture/weights.js";
import { Zoom } from "./picture/zoom.js";

const { url, kind } = /** @type {{url: string, kind: string}} */ (/** @type {unknown} */ (document.body.dataset));

notation.start(address.read(location.search).notation);
const api = new Api(url);
const store = new Store();
const motion = new Motion(store);
const scene = new Scene(/** @type {HTMLElement} */ (document.getElementById("stage")), store, motion);
const views = new Views(store, scene);
const say = new Say(store);
const transport = new Transport(api, store, motion);
new problem.Trouble(store, say, transport);
const timeline = new Timeline(store, transport);
new Batch(store, transport);
const chart = new CostChart(api, store, transport);
new Cuts(store);
const notice = new Notice(transport);
const pointing = new Pointing(scene);
const inspector = new Inspector(api, store, pointing);
const zoom = new Zoom(scene);
const focus = new Focus(store, scene, pointing);
const maps = kind === "plane" ? new ResponseMaps(api, store, scene) : null;
const aim = maps && new Aim(store, transport, maps);
const digits = kind === "image" ? new Digits(store) : null;
const weights = kind === "image" ? new WeightImages(store, scene, zoom) : null;
const ink = kind === "image" ? new Ink(store, scene) : null;

const chooser = new Chooser(store, transport, maps);
new Spoken(store, scene);
new Compass(api, store, transport);
const table = new Table(store, scene);
const matrix = new MatrixPanel(store, scene, motion, pointing, api, transport);
const shape = new Shape(scene);
zoom.onScale((scale) => shape.hide(scale > 1));
new Line(store);
const place = new Place(store, transport, pointing, { table, matrix });
const presentation = new Presentation(() => place.changed());
new Parts(() => place.changed());
new Share(api, place);

control.follow();

notation.onChange(() => {
  place.changed();
  store.ask();
});

new Lesson(api, { store, pointing, matrix, transport });

document.getElementById("lesson-menu")?.addEventListener("beforetoggle", goOn);

documents.listen();
picture.listen(scene);
hand.watch();
glossary.start();
new Tips(store);
help.start();
layout.sheets();
layout.folding();
layout.refusals();
layout.standIns();
layout.fit(() => {
  scene.rebind();
  timeline.rebind();
}, (width, height) => enlargement(presentation.on, width, height));
theme.start(() => {
  scene.repaint();
  maps?.repaint();
  aim?.repaint();
  digits?.repaint();
  weights?.repaint();
  ink?.repaint();
  chooser.repaint();
  chart.rebuild();
  place.changed();
  inspector.repaint();
});
keyboard.listen(transport, {
  choose: (connections) => views.choose(connections),
  help: help.toggle,
  letters: {
    d: () => table.toggle(),
    e: () => chooser.toggle(),
    f: () => focus.toggle(),
    m: () => matrix.toggle(),
    t: () => matrix.transpose(),
    p: () => presentation.toggle(),
    "+": () => zoom.press(1),
    "=": () => zoom.press(1),
    "-": () => zoom.press(-1),
    0: () => zoom.reset(),
  },
});

let config = "";
let settingsTimer = 0;
/** Settings that changed elsewhere, or were taken back, are shown in the panel too, and so is what undo would do. */
function settingsChanged() {
  settingsTimer ||= setTimeout(() => {
    settingsTimer = 0;
    document.body.dispatchEvent(new CustomEvent("blameflow:settings"));
  });
}

const stream = new Stream(`session:${document.body.dataset.session}`, {
  topology(topology) {
    store.setTopology(topology);
    const now = JSON.stringify(topology.config);
    if (config && config !== now) settingsChanged();
    config = now;
  },
  frame: (frame) => store.setFrame(frame),
  state(state) {
    transport.told(state);
    chart.told(state);
    notice.told(state);
    if (["edited", "undone", "redone"].includes(state.reason)) settingsChanged();
    if (state.reason === "deleted") problem.tell(t("problem-deleted"));
  },
  connection: (connection) => sign.show(connection),
});
const sign = new Sign({ hurry: () => stream.hurry(), settings: () => store.topology?.config });
guardForms();
stream.open();
