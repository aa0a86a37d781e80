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
const HEAD_PX = 64;
const FOOT_PX = 44;
const EDGE_PX = 18;

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
  const heightPx = map.clientHeight + HEAD_PX + FOOT_PX;
  const sheet = new OffscreenCanvas(map.width, Math.round(heightPx * ratio));
  const pen = sheet.getContext("2d")!;
  pen.scale(ratio, ratio);
  pen.fillStyle = colours.panel;
  pen.fillRect(0, 0, widthPx, heightPx);
  pen.drawImage(map, 0, HEAD_PX, widthPx, map.clientHeight);
  drawHead(pen, texts, colours);
  drawFoot(pen, texts, palette, colours, { widthPx, topPx: HEAD_PX + map.clientHeight });
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

interface Foot {
  readonly widthPx: number;
  readonly topPx: number;
}

function drawFoot(pen: Pen, texts: SheetTexts, palette: Palette, colours: Colours, { widthPx, topPx }: Foot): void {
  const middle = topPx + FOOT_PX / 2;
  pen.font = `450 12px ${FONT}`;
  pen.textBaseline = "middle";
  let x = EDGE_PX;
  for (const { look, text } of texts.legend) {
    drawSign(pen, look, palette, x, middle);
    pen.fillStyle = colours.text;
    pen.fillText(text, x + 36, middle);
    x += 36 + pen.measureText(text).width + 20;
  }
  pen.fillStyle = colours.soft;
  pen.textAlign = "right";
  pen.fillText(texts.credit, widthPx - EDGE_PX, middle);
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
