import { areaOf, contains, edgesOf, middleOf, type Plan, type PlanShape, type Point } from "./plan.ts";
import type { WalkGrid } from "./walk-grid.ts";

/** What people do at a place. */
export type Purpose = "desk" | "meeting" | "canteen" | "coffee" | "errand";

/** Spots that belong together: the seats round one table, or where one stands in a room without any. */
export interface Place {
  readonly purpose: Purpose;
  readonly name: string;
  readonly floorIndex: number;
  readonly spots: readonly Point[];
}

/** How far from a table's edge one sits, metres. */
const SEAT_M = 0.45;
/** Most people round one table; more is two groups. */
const GROUP_MAX = 10;

/** The places of a plan that one can stand or sit at. */
export function placesOf(plan: Plan, grid: WalkGrid): Place[] {
  const named = plan.some((shape) => shape.kind === "room" && purposeOf(shape.name) !== null);
  const seated = [...placesAtTables(plan, grid), ...placesOnChairs(plan, grid)];
  const places = named ? [...seated, ...emptyRooms(plan, grid, seated)] : byTurns(seated);
  return places.length > 0 ? places : byTurns(standingGroups(grid));
}

const PURPOSES: readonly (readonly [RegExp, Purpose])[] = [
  [/coffee|kiosk|pantry|foyer|lounge|reception/i, "coffee"],
  [/canteen|caf|restaurant|lunch|dining/i, "canteen"],
  [/meeting|conference|workshop|board|seminar|auditorium|hall|class|lecture/i, "meeting"],
  [/office|desk|team|studio|lab|work/i, "desk"],
  [/washroom|toilet|wc|store|cloak|print|archive|kitchen/i, "errand"],
];

function purposeOf(name: string | undefined): Purpose | null {
  return PURPOSES.find(([pattern]) => pattern.test(name ?? ""))?.[1] ?? null;
}

function roomAround(plan: Plan, floor: number, point: Point): PlanShape | undefined {
  const rooms = plan.filter((shape) => shape.kind === "room" && shape.floor === floor && contains(shape, point));
  return rooms.sort((a, b) => areaOf(a) - areaOf(b))[0];
}

function placesAtTables(plan: Plan, grid: WalkGrid): Place[] {
  const tables = plan.filter((shape) => shape.kind === "furniture" && !isChair(shape) && areaOf(shape) > 0.3);
  const hasChairs = plan.some(isChair);
  if (hasChairs && !plan.some((shape) => shape.kind === "room")) return [];
  return tables.flatMap((table) => {
    const room = roomAround(plan, table.floor, middleOf(table));
    const floorIndex = grid.floorIndex(table.floor);
    const spots = spotsAround(table).filter(
      (spot) => grid.isFree(grid.nodeAt(spot, floorIndex)) && (room === undefined || contains(room, spot)),
    );
    const purpose = purposeOf(room?.name) ?? purposeOf(table.name) ?? "errand";
    return inGroups(spots).map((group) => ({ purpose, name: room?.name ?? "", floorIndex, spots: group }));
  });
}

/** Where people sit along the sides of a table: a desk is 1.6 m wide, at a table one has 0.8 m. */
function spotsAround(table: PlanShape): Point[] {
  const isDesk = /desk/i.test(table.name ?? "");
  const widthM = isDesk ? 1.6 : 0.8;
  const outline: PlanShape = { ...table, rings: table.rings.slice(0, 1) };
  return [...edgesOf(outline)].flatMap(([a, b]) => spotsAlong(table, a, b, widthM, isDesk ? 2 : widthM));
}

function spotsAlong(table: PlanShape, a: Point, b: Point, widthM: number, shortestM: number): Point[] {
  const lengthM = Math.hypot(b[0] - a[0], b[1] - a[1]);
  if (lengthM < shortestM - 0.01) return [];
  const count = Math.floor(lengthM / widthM + 0.01);
  const out: Point = [((b[1] - a[1]) / lengthM) * SEAT_M, (-(b[0] - a[0]) / lengthM) * SEAT_M];
  return Array.from({ length: count }, (_, i): Point => {
    const share = (i + 0.5) / count;
    const [x, y] = [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share];
    const outside: Point = [x + out[0], y + out[1]];
    return contains(table, outside) ? [x - out[0], y - out[1]] : outside;
  });
}

function isChair(shape: PlanShape): boolean {
  return shape.kind === "furniture" && /chair|seat|stool/i.test(shape.name ?? "");
}

/** Chairs that stand together are a place. */
function placesOnChairs(plan: Plan, grid: WalkGrid): Place[] {
  return grid.floors.flatMap((floor, floorIndex) => {
    const spots = plan
      .filter((shape) => isChair(shape) && shape.floor === floor)
      .map((chair) => freeSpot(grid, middleOf(chair), floorIndex))
      .filter((spot) => spot !== null);
    return neighbourhoods(spots)
      .flatMap(inGroups)
      .map((group) => {
        const room = roomAround(plan, floor, group[0]!);
        return { purpose: purposeOf(room?.name) ?? "errand", name: room?.name ?? "", floorIndex, spots: group };
      });
  });
}

/** The spot itself where it is free, else the middle of the nearest free cell: chairs are drawn half under tables. */
function freeSpot(grid: WalkGrid, spot: Point, floorIndex: number): Point | null {
  if (grid.isFree(grid.nodeAt(spot, floorIndex))) return spot;
  const node = grid.nearestFree(spot, floorIndex, 0.75);
  return node < 0 ? null : grid.middleOf(node);
}

/** How near the next chair of the same group is, metres. */
const NEIGHBOUR_M = 2.6;

function neighbourhoods(spots: readonly Point[]): Point[][] {
  const left = new Set(spots);
  const groups: Point[][] = [];
  for (const first of spots) {
    if (!left.delete(first)) continue;
    const group = [first];
    for (const member of group) {
      for (const other of left) {
        if (Math.hypot(other[0] - member[0], other[1] - member[1]) > NEIGHBOUR_M) continue;
        left.delete(other);
        group.push(other);
      }
    }
    groups.push(group);
  }
  return groups;
}

function inGroups(spots: readonly Point[]): Point[][] {
  const count = Math.ceil(spots.length / GROUP_MAX);
  const size = Math.ceil(spots.length / Math.max(1, count));
  return Array.from({ length: count }, (_, i) => spots.slice(i * size, (i + 1) * size));
}

/** Named rooms in which no table stands: one goes there for a moment. */
function emptyRooms(plan: Plan, grid: WalkGrid, seated: readonly Place[]): Place[] {
  const used = new Set(seated.map((place) => `${place.floorIndex} ${place.name}`));
  return plan
    .filter((shape) => shape.kind === "room" && purposeOf(shape.name) !== null)
    .map((room) => ({ room, floorIndex: grid.floorIndex(room.floor) }))
    .filter(({ room, floorIndex }) => !used.has(`${floorIndex} ${room.name}`))
    .map(({ room, floorIndex }) => ({
      purpose: purposeOf(room.name) ?? "errand",
      name: room.name ?? "",
      floorIndex,
      spots: someOf(standingSpots(grid, floorIndex, 1.5).filter((spot) => contains(room, spot))),
    }))
    .filter((place) => place.spots.length > 0);
}

/** At most a group's worth of spots, from all over the room. */
function someOf(spots: readonly Point[]): Point[] {
  const every = Math.ceil(spots.length / GROUP_MAX);
  return spots.filter((_, index) => index % every === 0);
}

/** Free spots of a storey on a lattice. */
function standingSpots(grid: WalkGrid, floorIndex: number, apartM: number): Point[] {
  const { westM, southM, cellM, columns, rows } = grid.area;
  const spots: Point[] = [];
  for (let yM = southM + apartM / 2; yM < southM + rows * cellM; yM += apartM) {
    for (let xM = westM + apartM / 2; xM < westM + columns * cellM; xM += apartM) {
      if (grid.isFree(grid.nodeAt([xM, yM], floorIndex))) spots.push([xM, yM]);
    }
  }
  return spots;
}

/** A plan without furniture: people stand about in groups of six, four metres apart. */
function standingGroups(grid: WalkGrid): Place[] {
  return grid.floors.flatMap((_, floorIndex) =>
    standingSpots(grid, floorIndex, 6).map((middle): Place => {
      const around = [0, 1, 2, 3, 4, 5].map(
        (i): Point => [middle[0] + 1.2 * Math.cos((i * Math.PI) / 3), middle[1] + 1.2 * Math.sin((i * Math.PI) / 3)],
      );
      const free = around.filter((spot) => grid.isStraight(middle, spot, floorIndex));
      return { purpose: "errand", name: "", floorIndex, spots: free.length > 0 ? free : [middle] };
    }),
  );
}

/** Where no room says what it is for, places take turns: six in ten are desks. */
function byTurns(places: readonly Place[]): Place[] {
  const turns: readonly Purpose[] = [
    "desk",
    "desk",
    "meeting",
    "desk",
    "canteen",
    "desk",
    "desk",
    "meeting",
    "desk",
    "coffee",
  ];
  return places.map((place, index) => ({ ...place, purpose: turns[index % turns.length]! }));
}
