/** The box that most devices are in, metres, and which share of it they use. */
export interface Extent {
  readonly eastM: number;
  readonly northM: number;
  /** 1 where they are spread evenly, less where they stand together and leave the rest empty. */
  readonly used: number;
}

const SAMPLES = 500;
const OUTLIERS = 0.05;
const ROOMY_PX = 22;
const CROWDED_PX = 8;

/**
 * Measures the middle nine tenths of the devices each way, so that one far away does not make a crowd look roomy.
 * @param devices device texels, eight numbers a slot, of which the third and fourth are metres east and north
 */
export function extentOf(devices: Float32Array, count: number): Extent {
  const step = Math.max(1, Math.floor(count / SAMPLES));
  const span = (offset: number) => {
    const values = new Float32Array(Math.ceil(count / step));
    for (let i = 0; i < values.length; i++) values[i] = devices[i * step * 8 + offset]!;
    values.sort();
    const edge = Math.floor(values.length * OUTLIERS);
    return values.length === 0 ? 0 : values[values.length - 1 - edge]! - values[edge]!;
  };
  const [eastM, northM] = [span(2), span(3)];
  return { eastM, northM, used: usedShare(devices, count, eastM, northM) };
}

/** Squares in which there would be this many if all were spread evenly: then hardly any is empty. */
const SQUARE_COUNT = 4;

function usedShare(devices: Float32Array, count: number, eastM: number, northM: number): number {
  const squareM = Math.sqrt((Math.max(1, eastM) * Math.max(1, northM) * SQUARE_COUNT) / Math.max(1, count));
  const used = new Set<number>();
  for (let slot = 0; slot < count; slot++) {
    const column = Math.floor(devices[slot * 8 + 2]! / squareM);
    used.add(column * 65_536 + Math.floor(devices[slot * 8 + 3]! / squareM));
  }
  return Math.min(1, (used.size * SQUARE_COUNT) / Math.max(1, count));
}

/**
 * How little room devices have on the screen, 0 (roomy) to 1: by the distance to the next one, if they were spread
 * evenly over the place they use. The rings of a crowd would be a blob.
 */
export function crowdingOf(count: number, extent: Extent, pxPerM: number): number {
  const placePx = Math.max(1, extent.eastM * pxPerM) * Math.max(1, extent.northM * pxPerM) * extent.used;
  const apartPx = Math.sqrt(placePx / Math.max(1, count));
  return Math.min(1, Math.max(0, (ROOMY_PX - apartPx) / (ROOMY_PX - CROWDED_PX)));
}

const FAR_ZOOM = 12;
const FAR_PX = 60;

/** Whether a venue is so small on the screen that it is better shown as one disc with a count. */
export function isFarAway(extent: Pick<Extent, "eastM" | "northM">, pxPerM: number, zoom: number): boolean {
  return zoom < FAR_ZOOM && Math.max(extent.eastM, extent.northM) * pxPerM < FAR_PX;
}
