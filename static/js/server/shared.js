// The worker that all tabs of a browser share.

import { Tabs } from "./tabs.js";

const tabs = new Tabs();
addEventListener("connect", (event) => tabs.add(/** @type {MessageEvent} */ (event).ports[0]));
