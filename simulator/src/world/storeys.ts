import type { Furnishing } from "./furnishing.ts";
import type { Box } from "./plan.ts";

/** Size of the built-in building, metres. */
export const BUILDING_WIDTH_M = 60;
export const BUILDING_DEPTH_M = 40;

/** A room of a row: how wide it is, where its doors are, and what stands in it. */
export interface RoomSketch {
  readonly name: string;
  readonly widthM: number;
  readonly furnishing: Furnishing;
  /** Sides with a door, from the row's own sides where absent. */
  readonly doorSides?: readonly Side[];
  readonly wideDoors?: boolean;
}

export type Side = "south" | "north";

/** A row of rooms, side by side from west to east. */
export interface Row {
  readonly westM: number;
  readonly southM: number;
  readonly northM: number;
  readonly doorSides: readonly Side[];
  readonly rooms: readonly RoomSketch[];
}

/** The corridor runs round the core. */
export const CORRIDOR: Box = { westM: 0, southM: 13, eastM: BUILDING_WIDTH_M, northM: 27 };
export const CORE: Box = { westM: 3, southM: 16, eastM: 57, northM: 24 };

function stairs(name: string): RoomSketch {
  return { name, widthM: 6, furnishing: "empty", doorSides: ["south", "north"] };
}

/**
 * The rooms of a storey of the built-in building.
 * @param floors storeys in all; one alone is a hall, where people work, meet and eat on the same floor
 */
export function roomsOf(floor: number, floors: number): Row[] {
  if (floors === 1) return hall();
  return floor === 0 ? groundFloor() : officeFloor(floor);
}

function hall(): Row[] {
  const area = (number: number): RoomSketch => ({
    name: `Team area ${number}`,
    widthM: 20,
    furnishing: "benches",
    wideDoors: true,
  });
  const meeting = (number: number): RoomSketch => ({ name: `Meeting ${number}`, widthM: 4.5, furnishing: "meeting" });
  const core: RoomSketch[] = [
    { name: "Washroom A", widthM: 6, furnishing: "empty" },
    ...[1, 2, 3, 4].map(meeting),
    { name: "Coffee bar", widthM: 6, furnishing: "coffee", doorSides: ["south", "north"], wideDoors: true },
    ...[5, 6, 7, 8].map(meeting),
    { name: "Washroom B", widthM: 6, furnishing: "empty" },
  ];
  const canteen: RoomSketch = { name: "Canteen", widthM: 20, furnishing: "canteen", wideDoors: true };
  return rows([area(1), area(2), area(3)], core, [area(4), canteen, area(5)]);
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
