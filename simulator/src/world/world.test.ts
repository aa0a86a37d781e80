import { expect, test } from "vitest";
import { builtInPlan } from "./building.ts";
import { LocalFrame } from "./local-frame.ts";
import { Site } from "./site.ts";
import { peoplePerBuilding, World } from "./world.ts";

const frame = new LocalFrame(8.55, 47.37);

test.each([1, 2, 3, 6])("a building of %d floors has a desk for everybody it is built for", (floors) => {
  const plan = builtInPlan(floors);
  const world = new World(new Site(plan), { plan, frame, buildings: 1 }, peoplePerBuilding(floors), 1);
  expect(world.desks).toBeGreaterThanOrEqual(peoplePerBuilding(floors));
});

test("in halls all people stay on one floor, and move", () => {
  const plan = builtInPlan(1);
  const people = 2 * peoplePerBuilding(1);
  const world = new World(new Site(plan), { plan, frame, buildings: 2 }, people, 7);
  const places = Array.from({ length: people }, (_, person) => {
    const resident = world.resident(person);
    return [0, 20, 40, 60].map((minute) => resident.at(minute * 60_000));
  });
  expect(new Set(places.flat().map(({ floor }) => floor))).toEqual(new Set([0]));
  const moved = places.filter(
    (way) => new Set(way.map(({ longitude, latitude }) => `${longitude} ${latitude}`)).size > 1,
  );
  expect(moved.length).toBeGreaterThan(people / 2);
});
