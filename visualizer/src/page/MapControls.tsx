import { texts } from "../language/language.ts";
import type { MapScene } from "../scene/map-scene.ts";
import { scaleLength, scaleText } from "./scale.ts";

const MOST_PX = 110;

/** Zoom, the way back to the venue, north, and the scale. */
export function MapControls({ scene }: { scene: MapScene }) {
  const words = texts.value;
  const bearing = scene.outlook.value?.bearing ?? 0;
  return (
    <div class="controls">
      <ScaleBar scene={scene} />
      <div class="buttons">
        <button type="button" onClick={() => scene.zoomBy(1)} aria-label={words.zoomIn} title={words.zoomIn}>
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d="M8 3v10M3 8h10" />
          </svg>
        </button>
        <button type="button" onClick={() => scene.zoomBy(-1)} aria-label={words.zoomOut} title={words.zoomOut}>
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d="M3 8h10" />
          </svg>
        </button>
        <button type="button" onClick={() => scene.showVenue()} aria-label={words.showVenue} title={words.showVenue}>
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d="M3 6V3h3M10 3h3v3M13 10v3h-3M6 13H3v-3" />
          </svg>
        </button>
        {Math.abs(bearing) > 0.5 && (
          <button type="button" onClick={() => scene.turnNorth()} aria-label={words.north} title={words.north}>
            <svg viewBox="0 0 16 16" aria-hidden="true" style={{ transform: `rotate(${-bearing}deg)` }}>
              <path d="M8 2l3 6H5zM5 8h6l-3 6z" class="needle" />
            </svg>
          </button>
        )}
      </div>
    </div>
  );
}

function ScaleBar({ scene }: { scene: MapScene }) {
  const outlook = scene.outlook.value;
  if (outlook === null) return null;
  const { lengthM, widthPx } = scaleLength(outlook.metresPerPx, MOST_PX);
  return (
    <div class="scale" style={{ width: `${widthPx}px` }}>
      {scaleText(lengthM)}
    </div>
  );
}
