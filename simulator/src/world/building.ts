import { type Furnishing, furnish } from "./furnishing.ts";
import { type Box, cornersOf, type Plan, type PlanShape, type Point } from "./plan.ts";

/** Size of the built-in building, metres. */
export const BUILDING_WIDTH_M = 60;
export const BUILDING_DEPTH_M = 40;
/** Storeys of the built-in building: a ground floor with canteen and auditorium, and office floors. */
const BUILDING_FLOORS = [0, 1, 2] as const;

const DOOR_M = 1.2;
const WIDE_DOOR_M = 2.4;

/** A room of a row: how wide it is, where its doors are, and what stands in it. */
interface RoomSketch {
  readonly name: string;
  readonly widthM: number;
  readonly furnishing: Furnishing;
  /** Sides with a door, from the row's own sides where absent. */
  readonly doorSides?: readonly Side[];
  readonly wideDoors?: boolean;
}

type Side = "south" | "north";

/** A row of rooms, side by side from west to east. */
interface Row {
  readonly westM: number;
  readonly southM: number;
  readonly northM: number;
  readonly doorSides: readonly Side[];
  readonly rooms: readonly RoomSketch[];
}

/** The corridor runs round the core. */
const CORRIDOR: Box = { westM: 0, southM: 13, eastM: BUILDING_WIDTH_M, northM: 27 };
const CORE: Box = { westM: 3, southM: 16, eastM: 57, northM: 24 };

function stairs(name: string): RoomSketch {
  return { name, widthM: 6, furnishing: "empty", doorSides: ["south", "north"] };
}

function groundFloor(): Row[] {
  const core: RoomSketch[] = [
    stairs("Stairs A"),
    { name: "Washroom A", widthM: 6, furnishing: "empty" },
    { name: "Meeting 0.1", widthM: 8, furnishing: "meeting" },
    { name: "Coffee bar", widthM: 8, furnishing: "coffee", doorSides: ["south", "north"], wideDoors: true },
    { name: "Meeting 0.2", widthM: 8, furnishing: "meeting" },
    { name: "Store", widthM: 6, furnishing: "empty" },
    { name: "Washroom B", widthM: 6, furnishing: "empty" },
    stairs("Stairs B"),
  ];
  const south: RoomSketch[] = [
    { name: "Foyer", widthM: 24, furnishing: "foyer", wideDoors: true },
    { name: "Workshop 0.1", widthM: 12, furnishing: "workshop" },
    { name: "Workshop 0.2", widthM: 12, furnishing: "workshop" },
    { name: "Cloakroom", widthM: 12, furnishing: "empty" },
  ];
  const north: RoomSketch[] = [
    { name: "Auditorium", widthM: 20, furnishing: "auditorium", wideDoors: true },
    { name: "Canteen", widthM: 30, furnishing: "canteen", wideDoors: true },
    { name: "Kitchen", widthM: 10, furnishing: "kitchen" },
  ];
  return rows(south, core, north);
}

function officeFloor(floor: number): Row[] {
  const meeting = (number: number): RoomSketch => ({
    name: `Meeting ${floor}.${number}`,
    widthM: 6,
    furnishing: "meeting",
  });
  const office = (number: number): RoomSketch => ({
    name: `Office ${floor}.${number}`,
    widthM: 20,
    furnishing: "office",
  });
  const core: RoomSketch[] = [
    stairs("Stairs A"),
    { name: "Washroom A", widthM: 6, furnishing: "empty" },
    meeting(1),
    meeting(2),
    { name: `Coffee ${floor}`, widthM: 6, furnishing: "coffee", doorSides: ["south", "north"], wideDoors: true },
    meeting(3),
    meeting(4),
    { name: "Washroom B", widthM: 6, furnishing: "empty" },
    stairs("Stairs B"),
  ];
  return rows([office(1), office(2), office(3)], core, [office(4), office(5), office(6)]);
}

function rows(south: RoomSketch[], core: RoomSketch[], north: RoomSketch[]): Row[] {
  return [
    { westM: 0, southM: 0, northM: CORRIDOR.southM, doorSides: ["north"], rooms: south },
    { westM: CORE.westM, southM: CORE.southM, northM: CORE.northM, doorSides: ["south"], rooms: core },
    { westM: 0, southM: CORRIDOR.northM, northM: BUILDING_DEPTH_M, doorSides: ["south"], rooms: north },
  ];
}

/** The built-in building: an office of 60 x 40 m with three floors, its south-west corner at the origin. */
export function builtInPlan(): Plan {
  return BUILDING_FLOORS.flatMap((floor) => storey(floor, floor === 0 ? groundFloor() : officeFloor(floor)));
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
