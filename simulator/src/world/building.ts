import { furnish } from "./furnishing.ts";
import { cornersOf, type Plan, type PlanShape, type Point } from "./plan.ts";
import {
  BUILDING_DEPTH_M,
  BUILDING_WIDTH_M,
  CORE,
  CORRIDOR,
  type RoomSketch,
  type Row,
  roomsOf,
  type Side,
} from "./storeys.ts";

/** Storeys of the built-in building where nobody says how many: canteen and auditorium below, offices above. */
export const BUILDING_FLOORS = 3;

const DOOR_M = 1.2;
const WIDE_DOOR_M = 2.4;

/** The built-in building: an office of 60 x 40 m, or a hall where it has one floor; its south-west corner at the origin. */
export function builtInPlan(floors = BUILDING_FLOORS): Plan {
  return Array.from({ length: floors }, (_, floor) => storey(floor, roomsOf(floor, floors))).flat();
}

function storey(floor: number, rowsOfFloor: readonly Row[]): PlanShape[] {
  const outline = { westM: 0, southM: 0, eastM: BUILDING_WIDTH_M, northM: BUILDING_DEPTH_M };
  const name = floor === 0 ? "Ground floor" : `Floor ${floor}`;
  const entrance: Opening[] = floor === 0 ? [{ atM: 8, widthM: WIDE_DOOR_M, name: "Main entrance" }] : [];
  return [
    { kind: "floor", floor, name, form: "polygon", rings: [cornersOf(outline)] },
    {
      kind: "room",
      floor,
      name: "Corridor",
      form: "polygon",
      rings: [cornersOf(CORRIDOR), cornersOf(CORE).reverse()],
    },
    ...wallRun(floor, [0, 0], [BUILDING_WIDTH_M, 0], entrance),
    wall(floor, ...cornersOf(outline).slice(1), [0, 0]),
    ...rowsOfFloor.flatMap((row) => rowShapes(floor, row)),
  ];
}

/** A gap in a wall from `atM` along it, with a door in it. */
interface Opening {
  readonly atM: number;
  readonly widthM: number;
  readonly name: string;
}

function rowShapes(floor: number, row: Row): PlanShape[] {
  const shapes: PlanShape[] = [];
  const openings: Record<Side, Opening[]> = { south: [], north: [] };
  let westM = row.westM;
  for (const room of row.rooms) {
    const rectangle = { westM, southM: row.southM, eastM: westM + room.widthM, northM: row.northM };
    shapes.push({ kind: "room", floor, name: room.name, form: "polygon", rings: [cornersOf(rectangle)] });
    shapes.push(...furnish(floor, room.furnishing, rectangle));
    for (const side of room.doorSides ?? row.doorSides) openings[side].push(doorOf(room, westM - row.westM));
    westM = rectangle.eastM;
    if (westM < BUILDING_WIDTH_M) shapes.push(partition(floor, westM, row));
  }
  if (row.westM > 0) shapes.push(partition(floor, row.westM, row));
  if (row.southM > 0) shapes.push(...wallRun(floor, [row.westM, row.southM], [westM, row.southM], openings.south));
  if (row.northM < BUILDING_DEPTH_M) {
    shapes.push(...wallRun(floor, [row.westM, row.northM], [westM, row.northM], openings.north));
  }
  return shapes;
}

function doorOf(room: RoomSketch, fromM: number): Opening {
  const widthM = room.wideDoors ? WIDE_DOOR_M : DOOR_M;
  return { atM: fromM + (room.widthM - widthM) / 2, widthM, name: `${room.name} door` };
}

/** A wall from west to east with its openings, in that order, left out, and a door in each. */
function wallRun(floor: number, [westM, yM]: Point, [eastM]: Point, openings: readonly Opening[]): PlanShape[] {
  const shapes: PlanShape[] = [];
  let fromM = westM;
  for (const { atM, widthM, name } of openings) {
    const doorWestM = westM + atM;
    shapes.push(wall(floor, [fromM, yM], [doorWestM, yM]));
    fromM = doorWestM + widthM;
    shapes.push({
      kind: "door",
      floor,
      name,
      form: "line",
      rings: [
        [
          [doorWestM, yM],
          [fromM, yM],
        ],
      ],
    });
  }
  shapes.push(wall(floor, [fromM, yM], [eastM, yM]));
  return shapes;
}

function partition(floor: number, xM: number, { southM, northM }: Row): PlanShape {
  return wall(floor, [xM, southM], [xM, northM]);
}

function wall(floor: number, ...line: readonly Point[]): PlanShape {
  return { kind: "wall", floor, form: "line", rings: [line] };
}
