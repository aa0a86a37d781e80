import { describe, expect, test } from "vitest";
import { encodeParcels, parcelOf } from "./parcel.ts";
import { readLine } from "./recording.ts";

const fix = {
  device_id: "a",
  venue_id: "v",
  timestamp: 1_587_696_631_000,
  position: { latitude: 45, longitude: 120, floor: 4, accuracy: 2 },
};
const line = (text: string | null) => ({ number: 7, text });

describe("a recorded line", () => {
  test("is a fix, for its own venue or the one that is wanted", () => {
    expect(readLine(line(JSON.stringify(fix)), null)).toEqual({ number: 7, fix });
    expect(readLine(line(JSON.stringify(fix)), "w")).toEqual({ number: 7, fix: { ...fix, venue_id: "w" } });
    const { venue_id: _, ...anywhere } = fix;
    expect(readLine(line(JSON.stringify(anywhere)), "w")).toMatchObject({ fix: { venue_id: "w" } });
  });

  test.each([
    ["not json", "not JSON"],
    ['{"device_id":"a"', "not JSON"],
    ["[]", "must be an object"],
    ["42", "must be an object"],
    [JSON.stringify({ ...fix, device_id: "" }), "device_id must be a string of 1 to 128 characters"],
    [JSON.stringify({ ...fix, timestamp: "now" }), "timestamp must be an integer"],
    [JSON.stringify({ ...fix, position: { ...fix.position, latitude: 91 } }), "position.latitude must be between"],
    [JSON.stringify({ ...fix, position: undefined }), "position is missing"],
    [null, "longer than"],
  ])("%j is none, and says why", (text, reason) => {
    const recorded = readLine(line(text), null);
    expect(recorded).toMatchObject({ number: 7, reason: expect.stringContaining(reason) });
  });

  test("is sent with its time shifted and all else as it was, unknown members too", () => {
    const recorded = readLine(line(JSON.stringify({ ...fix, speed: 3 })), null);
    expect(JSON.parse(parcelOf(recorded, 60_000)!.text)).toEqual({
      ...fix,
      timestamp: fix.timestamp + 60_000,
      speed: 3,
    });
  });

  test("that is bad can be sent as it is: in a frame where it is JSON, else as a frame of its own", () => {
    const bad = parcelOf(readLine(line(JSON.stringify({ ...fix, device_id: 7 })), null), 60_000)!;
    const worse = parcelOf(readLine(line("not json"), null), 60_000)!;
    expect(JSON.parse(encodeParcels("5", [bad]))).toEqual({
      batch: "5",
      positions: [{ ...fix, device_id: 7, timestamp: fix.timestamp + 60_000 }],
    });
    expect(encodeParcels("6", [worse])).toBe("not json");
    expect(parcelOf(readLine(line(null), null), 0)).toBeNull();
  });
});
