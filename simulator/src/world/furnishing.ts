import { type Box, cornersOf, type PlanShape } from "./plan.ts";

/** What a room is furnished as. */
export type Furnishing =
  | "office"
  | "benches"
  | "meeting"
  | "workshop"
  | "coffee"
  | "canteen"
  | "kitchen"
  | "foyer"
  | "auditorium"
  | "empty";

/** A piece of furniture, `eastM` and `northM` of the room's south-west corner to its middle. */
interface Piece {
  readonly name: string;
  readonly eastM: number;
  readonly northM: number;
  readonly widthM: number;
  readonly depthM: number;
}

/** How each kind of room is furnished; positions suit the rooms of the built-in building. */
const FURNISHINGS: Record<Furnishing, (room: Box) => Piece[]> = {
  office: (room) => lattice("Desks", room, { columns: 3, rows: 2, widthM: 4.8, depthM: 1.6 }),
  benches: (room) => lattice("Desks", room, { columns: 3, rows: 3, widthM: 4.8, depthM: 1.6 }),
  meeting: (room) => [inMiddle("Meeting table", room, { widthM: 1.4, depthM: 3.6 })],
  workshop: (room) => [inMiddle("Workshop table", room, { widthM: 2, depthM: 5 })],
  coffee: (room) => [inMiddle("Counter", room, { widthM: 2.4, depthM: 1 })],
  canteen: (room) => lattice("Canteen table", room, { columns: 5, rows: 3, widthM: 2.4, depthM: 1 }),
  kitchen: (room) => lattice("Kitchen counter", room, { columns: 1, rows: 2, widthM: 5, depthM: 1 }),
  foyer: (room) => [
    { name: "Reception desk", eastM: 4, northM: 6, widthM: 1, depthM: 3.2 },
    ...lattice("Standing table", room, { columns: 4, rows: 1, widthM: 0.8, depthM: 0.8 }),
  ],
  auditorium: (room) => lattice("Chair", room, { columns: 8, rows: 6, widthM: 0.5, depthM: 0.5 }),
  empty: () => [],
};

/** The furniture of a room as shapes of the plan. */
export function furnish(floor: number, furnishing: Furnishing, room: Box): PlanShape[] {
  return FURNISHINGS[furnishing](room).map((piece) => {
    const westM = room.westM + piece.eastM - piece.widthM / 2;
    const southM = room.southM + piece.northM - piece.depthM / 2;
    const outline = { westM, southM, eastM: westM + piece.widthM, northM: southM + piece.depthM };
    return {
      kind: "furniture",
      floor,
      name: piece.name,
      form: "polygon",
      rings: [cornersOf(outline)],
    };
  });
}

interface Size {
  readonly widthM: number;
  readonly depthM: number;
}

function inMiddle(name: string, room: Box, size: Size): Piece {
  return { name, eastM: (room.eastM - room.westM) / 2, northM: (room.northM - room.southM) / 2, ...size };
}

/** Pieces in columns and rows with equal space between and around them. */
function lattice(name: string, room: Box, { columns, rows, ...size }: Size & { columns: number; rows: number }) {
  const columnM = (room.eastM - room.westM) / columns;
  const rowM = (room.northM - room.southM) / rows;
  const pieces: Piece[] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      pieces.push({ name, eastM: (column + 0.5) * columnM, northM: (row + 0.5) * rowM, ...size });
    }
  }
  return pieces;
}
