import type { VenueRecord } from "@encounter/core/service/venue-store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bare, expectedOfDevice, expectedOfVenue } from "./brute-force.ts";
import { at, NOW_MINUTE, together } from "./fixes.ts";
import { OperatorsDoor } from "./operators-door.ts";

let door: OperatorsDoor;
let record: VenueRecord;

/** First minute of the recording. */
const M = NOW_MINUTE - 300;
const ms = (minute: number) => minute * 60_000;
const WINDOW = `from=${ms(M)}&to=${ms(M + 200)}`;

beforeAll(async () => {
  door = await OperatorsDoor.open();
  record = await door.createVenue("hall", { min_minutes: 2 });
  await door.feed(record, [
    // For 7 minutes 4 m apart, the third and the fifth nearer; gap 2 m less, reach 2 m more.
    ...[4, 4, 3.5, 4, 3.5, 4, 4].flatMap((apartM, index) => [at("ABC", M + index, 0), at("DEF", M + index, apartM)]),
    // One minute apart from that, and another pair at the same time.
    ...together("ABC", "=cmd", M + 8, 3, 1),
    ...together("x", "y", M, 3, 6.5).map((fix) => ({ ...fix, floor: 5 })),
    // Ids of their own kind, far from all others.
    ...together('say "hi", there', "=a+1", M + 20, 2, 0.5).map((fix) => ({ ...fix, floor: 2 })),
  ]);
  await door.evaluate(record);
});
afterAll(async () => {
  await door.close();
});

const ofDevice = (id: string, query: string) =>
  door.ask(`/v1/venues/hall/devices/${encodeURIComponent(id)}/contacts?${query}`);
const ofVenue = (query: string) => door.ask(`/v1/venues/hall/contacts?${query}`);

describe("the contacts of a device", () => {
  test("are told with their closest minute and their path", async () => {
    const { status, headers, json } = await ofDevice("ABC", WINDOW);
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(json).toMatchObject({
      venue_id: "hall",
      device_id: "ABC",
      from: ms(M),
      to: ms(M + 200),
      proximity: 5,
      min_minutes: 2,
      next_cursor: null,
    });
    expect(Object.keys(json).sort()).toEqual([
      "contacts",
      "device_id",
      "from",
      "min_minutes",
      "next_cursor",
      "proximity",
      "to",
      "venue_id",
    ]);
    const [contact, second] = json.contacts;
    expect(json.contacts).toHaveLength(2);
    expect(second).toMatchObject({ other: "=cmd", start: ms(M + 8), end: ms(M + 11), minutes: 3, certain_minutes: 3 });
    expect(contact).toMatchObject({
      device_id: "ABC",
      other: "DEF",
      start: ms(M),
      end: ms(M + 7),
      minutes: 7,
      certain_minutes: 0,
      closest: { minute: M + 2, floor: 0, distance: 3.5, gap: 1.5 },
    });
    expect(contact.path).toHaveLength(7);
    expect(contact.path[2]).toEqual({
      minute: M + 2,
      distance: 3.5,
      gap: 1.5,
      certain: false,
      self: { timestamp: ms(M + 2) + 30_000, latitude: 47.4, longitude: 8.5, floor: 0, accuracy: 1 },
      other: {
        timestamp: ms(M + 2) + 30_000,
        latitude: 47.4,
        longitude: at("DEF", M, 3.5).longitude,
        floor: 0,
        accuracy: 1,
      },
    });
  });

  test("are found under the other device, too, seen from there", async () => {
    const { json } = await ofDevice("DEF", WINDOW);
    expect(json.contacts).toHaveLength(1);
    expect(json.contacts[0]).toMatchObject({ device_id: "DEF", other: "ABC", start: ms(M), end: ms(M + 7) });
    expect(json.contacts[0].path[0].self.longitude).toBe(at("DEF", M, 4).longitude);
  });

  test("come without a path if that is not wanted", async () => {
    const { json } = await ofDevice("ABC", `${WINDOW}&path=false`);
    expect(json.contacts[0].path).toBeUndefined();
    expect(json.contacts[0].closest).toEqual({ minute: M + 2, floor: 0, distance: 3.5, gap: 1.5 });
  });

  test("are none for a device that was never seen", async () => {
    const { status, json } = await ofDevice("who?", "");
    expect([status, json.contacts, json.next_cursor, json.device_id]).toEqual([200, [], null, "who?"]);
  });

  test("are none of a venue that is not there", async () => {
    const { status, json } = await door.ask("/v1/venues/nowhere/devices/ABC/contacts");
    expect([status, json.error.code]).toEqual([404, "not_found"]);
  });

  test("depend on the proximity exactly, by the decimetre", async () => {
    // 6.5 m apart with radii of 1 m: gap 4.5, reach 8.5.
    expect((await ofDevice("x", `${WINDOW}&proximity=4.4`)).json.contacts).toHaveLength(0);
    expect((await ofDevice("x", `${WINDOW}&proximity=4.5`)).json.contacts).toHaveLength(1);
    expect((await ofDevice("x", `${WINDOW}&proximity=8.4&certain=true`)).json.contacts).toHaveLength(0);
    const certain = (await ofDevice("x", `${WINDOW}&proximity=8.5&certain=true`)).json.contacts;
    expect(certain).toMatchObject([{ minutes: 3, certain_minutes: 3 }]);
    expect(certain[0].path.map((point: { certain: boolean }) => point.certain)).toEqual([true, true, true]);
  });

  test("are whole, however little of them the window touches, and half-open at both ends", async () => {
    const found = async (from: number, to: number) =>
      (await ofDevice("DEF", `from=${from}&to=${to}`)).json.contacts.map((c: { start: number; end: number }) => [
        c.start,
        c.end,
      ]);
    const whole = [[ms(M), ms(M + 7)]];
    expect(await found(ms(M + 3) + 1, ms(M + 3) + 2)).toEqual(whole);
    expect(await found(ms(M) - 5, ms(M) + 1)).toEqual(whole);
    expect(await found(ms(M + 7) - 1, ms(M + 8))).toEqual(whole);
    expect(await found(ms(M) - 5, ms(M))).toEqual([]);
    expect(await found(ms(M + 7), ms(M + 8))).toEqual([]);
  });

  test("count the whole interval's minutes, not those within the window", async () => {
    const window = `from=${ms(M)}&to=${ms(M + 1)}`;
    expect((await ofDevice("DEF", `${window}&min_minutes=7`)).json.contacts).toHaveLength(1);
    expect((await ofDevice("DEF", `${window}&min_minutes=8`)).json.contacts).toHaveLength(0);
  });

  test("are asked for with times in ISO 8601, too", async () => {
    const iso = (timeMs: number, offset: string, offsetMs: number) =>
      new Date(timeMs + offsetMs).toISOString().replace("Z", offset);
    const from = encodeURIComponent(iso(ms(M), "+02:00", 7_200_000));
    const to = encodeURIComponent(iso(ms(M + 200), "Z", 0));
    const { json } = await ofDevice("ABC", `from=${from}&to=${to}`);
    expect([json.from, json.to, json.contacts.length]).toEqual([ms(M), ms(M + 200), 2]);
    // A plus sign that nobody encoded is a blank in a query.
    expect((await ofDevice("ABC", `from=${iso(ms(M), "+02:00", 7_200_000)}&to=${to}`)).json.from).toBe(ms(M));
  });

  test("are those of the last 24 hours where no window is given", async () => {
    const before = Date.now();
    const { json } = await ofDevice("ABC", "");
    expect(json.to).toBeGreaterThanOrEqual(before);
    expect(json.to - json.from).toBe(86_400_000);
    expect(json.contacts).toHaveLength(2);
    const { json: later } = await ofDevice("ABC", `to=${ms(M)}`);
    expect([later.from, later.to]).toEqual([ms(M) - 86_400_000, ms(M)]);
  });
});

describe("the contacts of a venue", () => {
  test("name each pair once, by start, device_id and other, without closest and path", async () => {
    const { json } = await ofVenue(WINDOW);
    expect(json.device_id).toBeUndefined();
    expect(json.contacts).toEqual([
      { device_id: "ABC", other: "DEF", start: ms(M), end: ms(M + 7), minutes: 7, certain_minutes: 0 },
      { device_id: "x", other: "y", start: ms(M), end: ms(M + 3), minutes: 3, certain_minutes: 0 },
      { device_id: "=cmd", other: "ABC", start: ms(M + 8), end: ms(M + 11), minutes: 3, certain_minutes: 3 },
      {
        device_id: "=a+1",
        other: 'say "hi", there',
        start: ms(M + 20),
        end: ms(M + 22),
        minutes: 2,
        certain_minutes: 2,
      },
    ]);
  });

  test("tell closest and path if that is wanted", async () => {
    const [contact] = (await ofVenue(`${WINDOW}&path=true`)).json.contacts;
    expect(contact.closest).toEqual({ minute: M + 2, floor: 0, distance: 3.5, gap: 1.5 });
    expect(contact.path).toEqual((await ofDevice("ABC", WINDOW)).json.contacts[0].path);
  });

  test("hold nothing of another venue", async () => {
    const other = await door.createVenue("other hall", { min_minutes: 1 });
    await door.feed(other, together("ABC", "stranger", M, 3, 1));
    await door.evaluate(other);
    expect((await ofDevice("ABC", WINDOW)).json.contacts).toHaveLength(2);
    expect((await door.ask(`/v1/venues/other%20hall/contacts?${WINDOW}`)).json.contacts).toHaveLength(1);
  });
});

describe("pages", () => {
  test("follow each other without gap or repeat, with the first page's window", async () => {
    const starts: number[] = [];
    let cursor = "";
    let to = 0;
    for (;;) {
      const { json } = await ofVenue(`limit=1${cursor === "" ? "" : `&cursor=${cursor}`}`);
      starts.push(...json.contacts.map((contact: { start: number }) => contact.start));
      to ||= json.to;
      expect(json.to).toBe(to);
      if (json.next_cursor === null) break;
      cursor = json.next_cursor;
    }
    expect(starts).toEqual([ms(M), ms(M), ms(M + 8), ms(M + 20)]);
  });

  test("of one query are not those of another", async () => {
    const { next_cursor: cursor } = (await ofVenue(`${WINDOW}&limit=1`)).json;
    const refused = async (
      answer: Promise<{ status: number; json: { error: { message: string } } }>,
      message: string,
    ) => {
      const { status, json } = await answer;
      expect(status).toBe(400);
      expect(json.error.message).toContain(message);
    };
    await refused(ofVenue(`cursor=${cursor}&proximity=4`), "of another query");
    await refused(ofVenue(`cursor=${cursor}&from=${ms(M) + 1}`), "of another query");
    await refused(ofVenue(`cursor=${cursor}&min_minutes=3`), "of another query");
    await refused(ofVenue(`cursor=${cursor}&certain=true`), "of another query");
    await refused(ofDevice("ABC", `cursor=${cursor}`), "next_cursor");
    await refused(ofVenue("cursor=bm9uc2Vuc2U"), "next_cursor");
    await refused(ofVenue("cursor="), "next_cursor");
    expect(
      (await ofVenue(`cursor=${cursor}&${WINDOW}&proximity=5&min_minutes=2&certain=false`)).json.contacts,
    ).toHaveLength(3);
  });
});

describe("other forms", () => {
  const QUERY = `from=${ms(M + 5)}&to=${ms(M + 200)}`;

  test("CSV has a header and a line a contact, ids as they are", async () => {
    const { headers, text } = await ofVenue(`${QUERY}&format=csv`);
    expect(headers.get("content-type")).toContain("text/csv");
    expect(text.split("\r\n")).toEqual([
      "device_id,other,start,end,minutes,certain_minutes,closest_minute,closest_floor,closest_distance,closest_gap",
      `ABC,DEF,${ms(M)},${ms(M + 7)},7,0,,,,`,
      `"=cmd",ABC,${ms(M + 8)},${ms(M + 11)},3,3,,,,`,
      `"=a+1","say ""hi"", there",${ms(M + 20)},${ms(M + 22)},2,2,,,,`,
      "",
    ]);
    const ofOne = (await ofDevice("ABC", `${QUERY}&format=csv`)).text.split("\r\n");
    expect(ofOne[1]).toBe(`ABC,DEF,${ms(M)},${ms(M + 7)},7,0,${M + 2},0,3.5,1.5`);
  });

  test("NDJSON has the JSON's contacts, a line each", async () => {
    const { headers, text } = await ofDevice("ABC", `${QUERY}&format=ndjson`);
    expect(headers.get("content-type")).toContain("application/x-ndjson");
    expect(text.endsWith("\n")).toBe(true);
    const lines = text.trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual((await ofDevice("ABC", QUERY)).json.contacts);
  });

  test("GeoJSON has a feature a contact: its line, or its closest point", async () => {
    const { headers, json } = await ofDevice("ABC", `${QUERY}&format=geojson`);
    expect(headers.get("content-type")).toContain("application/geo+json");
    expect(json.type).toBe("FeatureCollection");
    expect(json.features[0].geometry).toEqual({
      type: "LineString",
      coordinates: Array.from({ length: 7 }, () => [8.5, 47.4]),
    });
    const { path, ...facts } = (await ofDevice("ABC", QUERY)).json.contacts[0];
    expect(json.features[0].properties).toEqual(facts);
    const points = (await ofVenue(`${QUERY}&format=geojson`)).json.features;
    expect(points).toHaveLength(3);
    expect(points[0]).toEqual({
      type: "Feature",
      properties: (await ofVenue(QUERY)).json.contacts[0],
      geometry: { type: "Point", coordinates: [8.5, 47.4] },
    });
  });

  test.each(["csv", "ndjson", "geojson"])("%s has the same pages, with the cursor in a header", async (format) => {
    const { headers } = await ofVenue(`${QUERY}&format=${format}&limit=2`);
    const cursor = headers.get("encounter-next-cursor");
    expect(cursor).toBe((await ofVenue(`${QUERY}&limit=2`)).json.next_cursor);
    const rest = await ofVenue(`${QUERY}&format=${format}&limit=2&cursor=${cursor}`);
    expect(rest.headers.has("encounter-next-cursor")).toBe(false);
    expect(rest.text).toContain("=a+1");
    expect(rest.text).not.toContain("DEF");
  });

  test("all contacts come in one answer if that is wanted", async () => {
    for (const format of ["json", "csv", "ndjson", "geojson"]) {
      const { status, headers, text } = await ofVenue(`${WINDOW}&limit=all&format=${format}`);
      expect(status).toBe(200);
      expect(headers.has("encounter-next-cursor")).toBe(false);
      expect(text.match(/=cmd|DEF|=a\+1|"?x"?,|"x"/g)?.length).toBeGreaterThanOrEqual(4);
    }
    expect((await ofVenue(`${WINDOW}&limit=all`)).json).toEqual((await ofVenue(WINDOW)).json);
  });
});

describe("what is out of range is answered with what is allowed", () => {
  test.each([
    ["proximity=10.1", "between 0 and 10 m"],
    ["proximity=-0.1", "between 0 and 10 m"],
    ["proximity=5.05", "in steps of 0.1"],
    ["proximity=1e1", "between 0 and 10 m"],
    ["proximity=", "between 0 and 10 m"],
    ["proximity=NaN", "between 0 and 10 m"],
    ["min_minutes=0", "between 1 and 1440"],
    ["min_minutes=1441", "between 1 and 1440"],
    ["min_minutes=2.5", "between 1 and 1440"],
    ["certain=yes", "true or false"],
    ["path=1", "true or false"],
    ["limit=0", "between 1 and 1000"],
    ["limit=1001", "between 1 and 1000"],
    ["limit=ten", "between 1 and 1000"],
    ["format=xml", "json, csv, geojson, ndjson"],
    ["from=2020-04-24T10:00:00", "with an offset"],
    ["from=2020-02-30T10:00:00Z", "ISO 8601"],
    ["to=yesterday", "ISO 8601"],
    ["from=1.5", "whole milliseconds"],
    ["from=-1", "whole milliseconds"],
    ["from=1000&to=1000", "from must be before to"],
    ["from=1001&to=1000", "from must be before to"],
    ["from=99999999999999", "from must be before to"],
    ["proximty=5", 'unknown parameter "proximty"'],
    ["proximity=5&proximity=6", "given once"],
  ])("%s", async (query, message) => {
    for (const { status, json } of [await ofDevice("ABC", query), await ofVenue(query)]) {
      expect([status, json.error.code]).toEqual([400, "bad_request"]);
      expect(json.error.message).toContain(message);
    }
  });

  test("the cap itself, 0 and whole steps are allowed", async () => {
    for (const proximity of ["0", "10", "10.0", "0.1", "0.3", "2.90", "5."]) {
      expect((await ofVenue(`${WINDOW}&proximity=${proximity}`)).status, proximity).toBe(200);
    }
  });
});

test("what is older than the venue's retention is told no more", async () => {
  const old = await door.createVenue("forgetful", { retention_days: 1, min_minutes: 1 });
  const edge = Math.floor(Date.now() / 60_000) - 1_440;
  await door.feed({ ...old, settings: { ...old.settings, retention_days: 5 } }, [
    ...together("a", "b", edge - 20, 5, 1),
    ...together("a", "b", edge + 20, 5, 1),
  ]);
  await door.evaluate(old);
  for (const path of ["devices/a/contacts", "contacts"]) {
    const { json } = await door.ask(`/v1/venues/forgetful/${path}?from=0`);
    expect(json.contacts.map((contact: { start: number }) => contact.start)).toEqual([ms(edge + 20)]);
  }
  const { json } = await door.ask("/v1/venues/forgetful/devices/a/fixes?from=0");
  expect(json.fixes[0].minute).toBe(edge + 20);
  expect((await door.ask(`/v1/venues/forgetful/minutes/${edge - 20}`)).json.fixes).toEqual([]);
});

test("nine months are searched like an hour", async () => {
  const long = await door.createVenue("long", { retention_days: 400 });
  const first = NOW_MINUTE - 273 * 1_440;
  const fixes = Array.from({ length: 150 }, (_, index) =>
    together("a", `b${index % 3}`, first + index * 2_600, 4, 1),
  ).flat();
  await door.feed(long, fixes);
  await door.evaluate(long);
  const query = { fromMs: ms(first + 2), toMs: Date.now(), proximityDm: 50, minMinutes: 4, certain: false };
  const asked = `from=${query.fromMs}&to=${query.toMs}&min_minutes=4&limit=1000`;
  const expected = expectedOfVenue(fixes, query);
  expect(expected).toHaveLength(150);
  expect((await door.ask(`/v1/venues/long/contacts?${asked}`)).json.contacts).toEqual(expected.map(bare));
  const ofDevice = (await door.ask(`/v1/venues/long/devices/b1/contacts?${asked}`)).json.contacts;
  expect(ofDevice).toEqual(expectedOfDevice(fixes, query, "b1"));
  expect(ofDevice).toHaveLength(50);
});
