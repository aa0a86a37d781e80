import "@fontsource-variable/inter/index.css";

const FAMILY = '"Inter Variable"';

/**
 * Loads the page's font for a text, in the weights that the map draws. The engines draw text into pictures once and
 * keep these, so the font has to be there before the text is.
 */
export async function loadFontFor(text: string): Promise<void> {
  const characters = [...new Set(text)].join("");
  await Promise.all([500, 600].map((weight) => document.fonts.load(`${weight} 16px ${FAMILY}`, characters || "a")));
}

const pen = new OffscreenCanvas(1, 1).getContext("2d")!;
const widths = new Map<string, number>();
const MOST_WIDTHS = 5_000;

/** Width of a label at a size, CSS pixels. */
export function labelWidthPx(text: string, sizePx: number): number {
  const key = `${sizePx} ${text}`;
  let widthPx = widths.get(key);
  if (widthPx === undefined) {
    if (widths.size >= MOST_WIDTHS) widths.clear();
    pen.font = `600 ${sizePx}px ${FAMILY}, sans-serif`;
    widthPx = pen.measureText(text).width * 1.02;
    widths.set(key, widthPx);
  }
  return widthPx;
}
