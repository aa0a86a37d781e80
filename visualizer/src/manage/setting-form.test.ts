import type { Venue } from "@encounter/core/wire/venue";
import { describe, expect, it } from "vitest";
import { de } from "../language/de.ts";
import { en } from "../language/en.ts";
import { changeOf, settingNamed, settingTexts, settingTroubles, typedNumber } from "./setting-form.ts";

const venue: Venue = {
  venue_id: "hall",
  name: "Hall",
  time_zone: "Europe/Berlin",
  max_accuracy: 4,
  proximity: 2.5,
  min_minutes: 5,
  cap: 10,
  retention_days: 1_400,
  mappedin: false,
  pseudonyms: false,
  place: null,
};
const form = settingTexts(venue, "de");

describe("the form of settings", () => {
  it("shows numbers as the language writes them, and reads them back", () => {
    expect([form.proximity, form.retention_days]).toEqual(["2,5", "1400"]);
    expect(settingTexts(venue, "en").proximity).toBe("2.5");
    expect(changeOf(form, venue)).toEqual({});
    expect(changeOf({ ...form, proximity: "3.5 ", name: " Hall " }, venue)).toEqual({ proximity: 3.5 });
  });

  it.each(["", "five", "1e3", "0x10", "1 000", "1,2,3", "--1", "Infinity", "."])("takes %j for no number", (text) => {
    expect(typedNumber(text)).toBeNaN();
  });

  it("finds nothing wrong with what is right, at both ends", () => {
    expect(settingTroubles(form, en)).toEqual({});
    const least = { max_accuracy: "0", proximity: "0", min_minutes: "1", cap: "0", retention_days: "1" };
    expect(settingTroubles({ ...form, ...least }, en)).toEqual({});
    const most = { max_accuracy: "50", proximity: "25", min_minutes: "1440", cap: "25", retention_days: "3650" };
    expect(settingTroubles({ ...form, ...most }, en)).toEqual({});
  });

  it("names the range of what is wrong, in the language", () => {
    const wrong = { ...form, max_accuracy: "50.1", proximity: "2.55", min_minutes: "1.5", retention_days: "0" };
    expect(settingTroubles(wrong, en)).toEqual({
      max_accuracy: "Must be 0 to 50 m.",
      proximity: "Must be 0 to 25 m, in steps of 0.1.",
      min_minutes: "Must be a whole number, 1 to 1,440 minutes.",
      retention_days: "Must be a whole number, 1 to 3,650 days.",
    });
    expect(settingTroubles(wrong, de).retention_days).toBe("Erlaubt: eine ganze Zahl, 1 bis 3.650 Tage.");
    expect(settingTroubles({ ...form, name: " ", time_zone: "Berlin" }, en)).toMatchObject({
      name: "Must have 1 to 200 characters.",
      time_zone: expect.stringContaining("Europe/Berlin"),
    });
  });

  it("wants a cap no less than the proximity", () => {
    expect(settingTroubles({ ...form, proximity: "12" }, en)).toEqual({
      cap: "Must be 12 to 25 m: no less than the proximity.",
    });
  });

  it("knows which setting the server speaks of", () => {
    expect(settingNamed("cap is fixed at 10 m: the venue has fixes")).toBe("cap");
    expect(settingNamed("the store does not answer")).toBeNull();
  });
});
