import { PLANTS, type Plant } from "../plants/plants.ts";

/** The source of a module as Node's loader hands it from hook to hook. */
interface Loaded {
  readonly format: string;
  readonly source?: string | ArrayBuffer | NodeJS.TypedArray;
}

let plant: Plant | undefined;

export function initialize({ plant: name }: { plant: string }): void {
  plant = PLANTS[name];
  if (plant === undefined) throw new Error(`no plant is named ${name}`);
}

/**
 * Changes the source text of the planted service's bundle on its way in.
 * @throws where the text to change is not there exactly once: the product has changed, and the plant must follow
 */
export async function load(
  url: string,
  context: unknown,
  nextLoad: (url: string, context: unknown) => Promise<Loaded>,
): Promise<Loaded> {
  const loaded = await nextLoad(url, context);
  if (plant === undefined || !url.endsWith(`/${plant.service}/dist/main.js`)) return loaded;
  let source = Buffer.from(loaded.source as Uint8Array).toString("utf8");
  for (const { find, replace } of plant.changes) {
    const found = source.split(find).length - 1;
    if (found !== 1) throw new Error(`the plant's text is in ${plant.service} ${found} times, not once: ${find}`);
    source = source.replace(find, () => replace);
  }
  return { ...loaded, source };
}
