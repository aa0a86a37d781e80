import { addProtocol, type LayerSpecification, type SourceSpecification } from "maplibre-gl";
import { FetchSource, PMTiles, Protocol, TileType } from "pmtiles";
import { loadFontFor } from "../theme/fonts.ts";
import type { Palette } from "../theme/palette.ts";
import { ARCHIVE_SOURCE, KNOWN_LAYERS, rasterLayers, vectorLayers } from "./archive-layers.ts";
import type { Base } from "./base.ts";
import { ownBase } from "./world-layers.ts";

/** How long an archive may take to say what it holds, ms. */
const ANSWER_MS = 10_000;
/** A letter of each alphabet that the page's font has: which place names there are is not known before. */
const ALPHABETS = "aāΩЖẤ";

const protocol = new Protocol({ metadata: true });
let registered = false;

/**
 * A base out of one PMTiles file, which is read in ranges.
 * @param url a path on this service, or anywhere
 * @throws where it does not answer, is no such archive, or holds nothing that can be drawn
 */
export async function archiveBase(url: string, palette: Palette): Promise<Base> {
  const address = new URL(url, location.href).href;
  const archive = new PMTiles(new FetchSource(address));
  const held = await within(ANSWER_MS, vectorLayersOf(archive));
  if (!registered) addProtocol("pmtiles", protocol.tile);
  registered = true;
  protocol.add(archive);
  // Place names are drawn once, with the font that is there by then.
  if (held !== null) await loadFontFor(ALPHABETS);
  const source: SourceSpecification =
    held === null
      ? { type: "raster", url: `pmtiles://${address}`, tileSize: 256 }
      : { type: "vector", url: `pmtiles://${address}` };
  return {
    style: { ...ownBase(palette), sources: { [ARCHIVE_SOURCE]: source } },
    token: undefined,
    ownWorld: true,
    layers: (colours: Palette): LayerSpecification[] => (held === null ? rasterLayers() : vectorLayers(colours, held)),
  };
}

/** Names of an archive's layers, null where it holds pictures. @throws where it holds neither, or no layer that we know */
async function vectorLayersOf(archive: PMTiles): Promise<readonly string[] | null> {
  const { tileType } = await archive.getHeader();
  if (tileType !== TileType.Mvt) {
    const isPicture = [TileType.Png, TileType.Jpeg, TileType.Webp, TileType.Avif].includes(tileType);
    if (!isPicture) throw new Error("the archive holds tiles of a kind that cannot be drawn");
    return null;
  }
  const metadata = (await archive.getMetadata()) as { vector_layers?: { id: string }[] };
  const names = (metadata.vector_layers ?? []).map(({ id }) => id);
  if (!names.some((name) => KNOWN_LAYERS.includes(name))) {
    throw new Error(`the archive has none of the layers ${KNOWN_LAYERS.join(", ")}`);
  }
  return names;
}

async function within<Answer>(limitMs: number, answer: Promise<Answer>): Promise<Answer> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error("the archive does not answer")), limitMs);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
