import { texts } from "../language/language.ts";
import type { MapScene } from "../scene/map-scene.ts";
import type { MapState } from "../state/map-state.ts";
import { ageText, metresText } from "./wording.ts";

/** Names the device under the pointer. */
export function DeviceTip({ state, scene }: { state: MapState; scene: MapScene }) {
  const pointed = scene.pointed.value;
  if (pointed === null) return null;
  state.revision.value;
  const index = state.table.indexOf(pointed.device);
  if (index < 0) return null;
  const { accuracyM, fixTimeMs } = state.table;
  const age = ageText(state.shownTimeMs() - fixTimeMs[index]!, texts.value);
  return (
    <div class="tip" style={{ transform: `translate(${Math.round(pointed.xPx)}px, ${Math.round(pointed.yPx)}px)` }}>
      <div class="tip-body">
        <strong>{pointed.device}</strong>
        <span>
          ± {metresText(accuracyM[index]!, texts.value.code)} m · {texts.value.ago(age)}
        </span>
      </div>
    </div>
  );
}
