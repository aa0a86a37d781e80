import { crc32, deflateSync } from "node:zlib";

const HEADER_BYTES = 127;
const NO_COMPRESSION = 1;
const VECTOR = 1;
const PNG = 2;

/** A run of tiles with one content, by the number of the first: 0 is the world, 1 to 4 its quarters. */
interface TileRun {
  readonly first: number;
  readonly count: number;
  readonly content: Uint8Array;
}

interface ArchiveContent {
  readonly type: number;
  readonly maxZoom: number;
  readonly metadata: object;
  readonly runs: readonly TileRun[];
}

/** A PMTiles archive of pictures, each of one colour: one for the world, one for its quarters. */
export function rasterArchive(world: Rgb, quarters: Rgb): Uint8Array {
  const runs = [
    { first: 0, count: 1, content: png(world) },
    { first: 1, count: 4, content: png(quarters) },
  ];
  return archive({ type: PNG, maxZoom: 1, metadata: { attribution: "Painted by a test" }, runs });
}

/** A PMTiles archive of one vector tile: layers by their names, each covering the tile from left to a part of it. */
export function vectorArchive(layers: Readonly<Record<string, number>>): Uint8Array {
  const ids = Object.keys(layers).map((id) => ({ id, fields: { kind: "String" } }));
  const content = bytes(Object.entries(layers).map(([name, part]) => field(3, layer(name, part))));
  return archive({
    type: VECTOR,
    maxZoom: 0,
    metadata: { vector_layers: ids, attribution: "Drawn by a test" },
    runs: [{ first: 0, count: 1, content }],
  });
}

/** The format's third version: header, directory, metadata, tiles. */
function archive({ type, maxZoom, metadata, runs }: ArchiveContent): Uint8Array {
  const directory = directoryOf(runs);
  const described = new TextEncoder().encode(JSON.stringify(metadata));
  const tiles = bytes(runs.map(({ content }) => content));
  const header = new Uint8Array(HEADER_BYTES);
  header.set(new TextEncoder().encode("PMTiles"));
  const view = new DataView(header.buffer);
  view.setUint8(7, 3);
  let offset = HEADER_BYTES;
  for (const [index, length] of [directory.length, described.length, 0, tiles.length].entries()) {
    view.setBigUint64(8 + index * 16, BigInt(offset), true);
    view.setBigUint64(16 + index * 16, BigInt(length), true);
    offset += length;
  }
  header.set([1, NO_COMPRESSION, NO_COMPRESSION, type, 0, maxZoom], 96);
  for (const [index, degrees] of [-180, -85, 180, 85].entries()) view.setInt32(102 + index * 4, degrees * 1e7, true);
  return bytes([header, directory, described, tiles]);
}

function directoryOf(runs: readonly TileRun[]): Uint8Array {
  const steps = runs.map(({ first }, index) => first - (runs[index - 1]?.first ?? 0));
  const columns = [
    steps,
    runs.map(({ count }) => count),
    runs.map(({ content }) => content.length),
    // One more than the offset for the first, 0 for what follows at once.
    runs.map((_, index) => (index === 0 ? 1 : 0)),
  ];
  return Uint8Array.from([runs.length, ...columns.flat()].flatMap(varint));
}

/** A layer of a vector tile: a rectangle of kind `test` over the left part of it. */
function layer(name: string, part: number): Uint8Array {
  const right = Math.round(4096 * part);
  const zigzag = (value: number) => (value < 0 ? -2 * value - 1 : 2 * value);
  const geometry = [9, 0, 0, 26, zigzag(right), 0, 0, zigzag(4096), zigzag(-right), 0, 15];
  const feature = bytes([
    field(2, Uint8Array.from([0, 0])),
    Uint8Array.from([...varint(3 << 3), 3]),
    field(4, Uint8Array.from(geometry.flatMap(varint))),
  ]);
  const text = (value: string) => new TextEncoder().encode(value);
  return bytes([
    field(1, text(name)),
    field(2, feature),
    field(3, text("kind")),
    field(4, field(1, text("test"))),
    Uint8Array.from([...varint(5 << 3), ...varint(4096), ...varint(15 << 3), 2]),
  ]);
}

/** A length-delimited field of a protocol buffer. */
function field(number: number, content: Uint8Array): Uint8Array {
  return bytes([Uint8Array.from([...varint((number << 3) | 2), ...varint(content.length)]), content]);
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}

export type Rgb = readonly [red: number, green: number, blue: number];

const SIDE_PX = 256;

/** A tile of one colour. */
export function png(colour: Rgb): Uint8Array {
  const row = [0, ...Array.from({ length: SIDE_PX }, () => colour).flat()];
  const header = new Uint8Array(13);
  new DataView(header.buffer).setUint32(0, SIDE_PX);
  new DataView(header.buffer).setUint32(4, SIDE_PX);
  header.set([8, 2, 0, 0, 0], 8);
  const rows = Uint8Array.from(Array.from({ length: SIDE_PX }, () => row).flat());
  const signature = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return bytes([signature, chunk("IHDR", header), chunk("IDAT", deflateSync(rows)), chunk("IEND", new Uint8Array(0))]);
}

function chunk(name: string, content: Uint8Array): Uint8Array {
  const named = bytes([new TextEncoder().encode(name), content]);
  const whole = new Uint8Array(named.length + 8);
  new DataView(whole.buffer).setUint32(0, content.length);
  whole.set(named, 4);
  new DataView(whole.buffer).setUint32(named.length + 4, crc32(named));
  return whole;
}

function bytes(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
