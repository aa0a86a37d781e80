import type { Palette } from "../theme/palette.ts";

/** What is written on a picture of the map. */
export interface SheetTexts {
  readonly title: string;
  /** Beneath the title: the floor, the time, the measure. */
  readonly details: readonly string[];
  readonly legend: readonly {
    readonly look: "contact" | "near" | "possible" | "alone" | "stale";
    readonly text: string;
  }[];
  /** Whose base map it is, where somebody wants it said. */
  readonly credit: string;
}

const FONT = '"Inter Variable", system-ui, sans-serif';
const LEGEND_FONT = `450 12px ${FONT}`;
const HEAD_PX = 64;
const ROW_PX = 26;
const EDGE_PX = 18;
/** From one entry of the legend to the next, and from its sign to its text. */
const GAP_PX = 22;
const SIGN_PX = 36;

/**
 * Lays out a sheet: title and time above the map, the legend below it.
 * @param map the map's own canvas, in the same turn in which it was drawn
 * @param colours of the page: `panel` and `text`
 */
export function drawMapSheet(
  map: HTMLCanvasElement,
  texts: SheetTexts,
  palette: Palette,
  colours: { readonly panel: string; readonly text: string; readonly soft: string },
): OffscreenCanvas {
  const ratio = map.width / map.clientWidth;
  const widthPx = map.clientWidth;
  const entries = legendEntries(texts, widthPx);
  const rows = entries.at(-1)?.row ?? 0;
  const heightPx = map.clientHeight + HEAD_PX + (rows + 2) * ROW_PX;
  const sheet = new OffscreenCanvas(map.width, Math.round(heightPx * ratio));
  const pen = sheet.getContext("2d")!;
  pen.scale(ratio, ratio);
  pen.fillStyle = colours.panel;
  pen.fillRect(0, 0, widthPx, heightPx);
  pen.drawImage(map, 0, HEAD_PX, widthPx, map.clientHeight);
  drawHead(pen, texts, colours);
  pen.translate(0, HEAD_PX + map.clientHeight + ROW_PX);
  for (const entry of entries) drawEntry(pen, entry, palette, colours);
  drawCredit(pen, texts.credit, widthPx, colours);
  return sheet;
}

type Pen = OffscreenCanvasRenderingContext2D;
type Colours = Parameters<typeof drawMapSheet>[3];

function drawHead(pen: Pen, { title, details }: SheetTexts, { text, soft }: Colours): void {
  pen.textBaseline = "alphabetic";
  pen.fillStyle = text;
  pen.font = `650 19px ${FONT}`;
  pen.fillText(title, EDGE_PX, 28);
  pen.fillStyle = soft;
  pen.font = `500 13px ${FONT}`;
  pen.fillText(details.join("   ·   "), EDGE_PX, 50);
}

type Entry = SheetTexts["legend"][number] & { readonly xPx: number; readonly row: number };

/** The legend from left to right, in as many rows as it needs. */
function legendEntries({ legend }: SheetTexts, widthPx: number): Entry[] {
  const pen = new OffscreenCanvas(1, 1).getContext("2d")!;
  pen.font = LEGEND_FONT;
  const entries: Entry[] = [];
  let xPx = EDGE_PX;
  let row = 0;
  for (const { look, text } of legend) {
    const entryPx = SIGN_PX + pen.measureText(text).width;
    if (xPx > EDGE_PX && xPx + entryPx > widthPx - EDGE_PX) {
      xPx = EDGE_PX;
      row++;
    }
    entries.push({ look, text, xPx, row });
    xPx += entryPx + GAP_PX;
  }
  return entries;
}

function drawEntry(pen: Pen, { look, text, xPx, row }: Entry, palette: Palette, colours: Colours): void {
  drawSign(pen, look, palette, xPx, row * ROW_PX);
  pen.font = LEGEND_FONT;
  pen.textBaseline = "middle";
  pen.fillStyle = colours.text;
  pen.fillText(text, xPx + SIGN_PX, row * ROW_PX);
}

/** In the map's corner, where its own credit stood. */
function drawCredit(pen: Pen, credit: string, widthPx: number, colours: Colours): void {
  if (credit === "") return;
  pen.textAlign = "right";
  pen.fillStyle = colours.soft;
  pen.fillText(credit, widthPx - EDGE_PX, -ROW_PX - 12);
  pen.textAlign = "left";
}

function drawSign(pen: Pen, look: SheetTexts["legend"][number]["look"], palette: Palette, x: number, y: number): void {
  const line = look === "contact" || look === "near" || look === "possible";
  const colour = {
    contact: palette.contact,
    near: palette.near,
    possible: palette.near,
    alone: palette.device,
    stale: palette.stale,
  };
  pen.strokeStyle = colour[look];
  pen.fillStyle = colour[look];
  pen.lineWidth = look === "contact" ? 3 : 2;
  pen.setLineDash(look === "possible" ? [5, 4] : []);
  pen.beginPath();
  if (line) {
    pen.moveTo(x, y);
    pen.lineTo(x + 26, y);
  } else pen.arc(x + 13, y, 8, 0, 2 * Math.PI);
  pen.stroke();
  pen.setLineDash([]);
  if (look === "possible") return;
  pen.beginPath();
  for (const dot of line ? [x + 2, x + 24] : [x + 13]) pen.arc(dot, y, 3.5, 0, 2 * Math.PI);
  pen.fill();
}
