import { fromAnchored } from "@encounter/core/wire/live";
import { expect, test } from "vitest";
import { DeviceColumns } from "./device-columns.ts";

const NOW_MS = 1_700_000_000_000;

function fix(deviceId: string, ageMs: number, longitude = 11, latitude = 48) {
  return { deviceId, fixTimeMs: NOW_MS - ageMs, longitude, latitude, floor: 2, accuracyM: 1.25 };
}

test("a device's newest fix by its own time stays, whatever the order of arrival", () => {
  const columns = new DeviceColumns(null);
  columns.put(fix("a", 5_000, 11, 48));
  columns.put(fix("a", 9_000, 12, 48));
  columns.put(fix("a", 1_000, 11, 48.001));
  const { count, eastM, northM, ageDs, accuracyCm, floor } = columns.all(NOW_MS);
  expect(count).toBe(1);
  const place = fromAnchored({ longitude: 11, latitude: 48 }, eastM[0] as number, northM[0] as number);
  expect(place.longitude).toBeCloseTo(11, 6);
  expect(place.latitude).toBeCloseTo(48.001, 6);
  expect([ageDs[0], accuracyCm[0], floor[0]]).toEqual([10, 125, 2]);
});

test("a change is told once, and a device only while it is there", () => {
  const columns = new DeviceColumns({ longitude: 11, latitude: 48 });
  columns.put(fix("a", 0));
  columns.put(fix("b", 700_000));
  columns.put(fix("a", -100));
  columns.forgetBefore(NOW_MS - 600_000);
  expect([...columns.takeChanges(NOW_MS).device]).toEqual([0]);
  expect(columns.takeChanges(NOW_MS).count).toBe(0);
  expect([...columns.all(NOW_MS).device]).toEqual([0]);
  expect([columns.present, columns.gone]).toEqual([1, 1]);
});

test("a device that comes back has its index and name as before", () => {
  const columns = new DeviceColumns(null);
  for (let i = 0; i < 1_000; i++) columns.put(fix(`device ${i}`, 1_000 + i));
  columns.forgetBefore(NOW_MS);
  expect(columns.present).toBe(0);
  columns.put(fix("device 777", 0));
  expect([...columns.all(NOW_MS).device]).toEqual([777]);
  expect(columns.names[777]).toBe("device 777");
});

test("ages and radii beyond the columns' range are clipped, not wrapped", () => {
  const columns = new DeviceColumns(null);
  columns.put({ ...fix("a", 0), fixTimeMs: NOW_MS - 9_000_000, accuracyM: 5_000 });
  const { ageDs, accuracyCm } = columns.all(NOW_MS);
  expect([ageDs[0], accuracyCm[0]]).toEqual([32_767, 65_535]);
});

test("counts devices by the time of their fix, also ahead of the clock", () => {
  const columns = new DeviceColumns(null);
  for (const ageMs of [-90_000, 0, 59_999, 60_000, 61_000]) columns.put(fix(`${ageMs}`, ageMs));
  expect(columns.countSince(NOW_MS - 60_000)).toBe(3);
});
