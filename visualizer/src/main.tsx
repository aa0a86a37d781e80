import { render } from "preact";
import { loadEngineAhead } from "./engine/open-engine.ts";
import { startLanguage } from "./language/language.ts";
import { App } from "./page/App.tsx";
import { ActivityWatch } from "./past/activity-watch.ts";
import { TimeMachine } from "./past/time-machine.ts";
import { keepAddress } from "./state/address.ts";
import { FrameMeter } from "./state/frame-meter.ts";
import { MapState } from "./state/map-state.ts";
import { Opening } from "./state/opening.ts";
import { VenueWatch } from "./state/venue-watch.ts";
import { loadFontFor } from "./theme/fonts.ts";
import { browserHeralds } from "./watch/heralds.ts";
import { WatchList } from "./watch/watch-list.ts";
import "./page/tokens.css";
import "./page/page.css";
import "./page/map.css";
import "./page/devices.css";
import "./past/past.css";
import "./watch/watch.css";
import "./view-options/view-options.css";
import "./table/table.css";
import "./window/window.css";
import "./network/network.css";
import "./device-page/device-page.css";

loadEngineAhead();
startLanguage();
const state = new MapState();
const meter = new FrameMeter();
const opening = new Opening(state);
const watch = new VenueWatch(state, meter, () => void opening.start());
const machine = new TimeMachine(state, () => watch.refresh());
const activity = new ActivityWatch(state, machine);
const watchList = new WatchList(state, browserHeralds);

keepAddress(state);
watch.start();
machine.start();
activity.start();
watchList.start();
void opening.start();
// Text that is drawn into the map is drawn once, with whatever font is there by then.
void loadFontFor("0123456789").finally(() => {
  const page = document.getElementById("page");
  if (page !== null) render(<App {...{ state, opening, watch, meter, machine, activity, watchList }} />, page);
});
