/** The map's colours. They are said once, in `tokens.css`, as `--map-...`. */
const NAMES = [
  "sea",
  "land",
  "border",
  "green",
  "road",
  "building",
  "ground",
  "grid",
  "shadow",
  "floor",
  "floor-edge",
  "room",
  "room-edge",
  "zone",
  "zone-edge",
  "furniture",
  "furniture-edge",
  "wall",
  "wall-shadow",
  "door",
  "label",
  "label-soft",
  "label-halo",
  "device",
  "near",
  "contact",
  "stale",
  "casing",
  "selected",
  "on-contact",
  "on-near",
  "heart",
] as const;

type ColourName = (typeof NAMES)[number];
/** Colours as `rgba(...)`, which both engines read; they do not agree on `#rrggbbaa`. */
export type Palette = Readonly<Record<ColourName, string>>;

/** The colours in force where an element is. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const entries = NAMES.map((name) => [name, rgbaText(style.getPropertyValue(`--map-${name}`).trim())] as const);
  return Object.fromEntries(entries) as Record<ColourName, string>;
}

/** `#rrggbb` or `#rrggbbaa`, or the short forms that a build makes of them, as `rgba(...)`. */
export function rgbaText(hexadecimal: string): string {
  const digits = hexadecimal.slice(1);
  const long = digits.length > 4 ? digits : [...digits].map((digit) => digit + digit).join("");
  const channel = (at: number) => Number.parseInt(long.slice(at, at + 2) || "ff", 16);
  return `rgba(${channel(0)},${channel(2)},${channel(4)},${+(channel(6) / 255).toFixed(3)})`;
}

/** A colour of a {@link Palette} as four numbers from 0 to 1, for WebGL; not premultiplied. */
export function rgba(colour: string): [number, number, number, number] {
  const [red = 0, green = 0, blue = 0, opacity = 1] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return [red / 255, green / 255, blue / 255, opacity];
}
