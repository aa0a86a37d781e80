import type { Fix } from "@encounter/core/domain/fix";
import { distanceM } from "@encounter/core/domain/geodesy";
import { nearness } from "@encounter/core/domain/proximity";
import { decodeLiveFrame, fromAnchored, type LiveFrame, type MapAnchor, readAnchor } from "@encounter/core/wire/live";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { at, NOW_MINUTE, together } from "./fixes.ts";
import { OPERATOR_TOKEN, OperatorsDoor } from "./operators-door.ts";

let door: OperatorsDoor;
/** Also the edge of a timeline's chunk. */
const MIDNIGHT = Math.floor(NOW_MINUTE / 1_440) * 1_440;

beforeAll(async () => {
  door = await OperatorsDoor.open();
});
afterAll(() => door.close());

interface Shown {
  readonly frame: LiveFrame;
  readonly anchor: MapAnchor;
}

async function show(venueId: string, minute: number, query = ""): Promise<Shown> {
  const url = `${door.api.url}/v1/venues/${venueId}/minutes/${minute}/frame${query}`;
  const response = await fetch(url, { headers: { authorization: `Bearer ${OPERATOR_TOKEN}` } });
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("application/octet-stream");
  const anchor = readAnchor(response.headers.get("Encounter-Anchor")) as MapAnchor;
  return { frame: decodeLiveFrame(await response.arrayBuffer()), anchor };
}

type Line = { gapDm: number; reachDm: number; minutes: number };

/** `a-b` (ids in order) to what the frame says of the pair. */
function linesOf({ names, lines }: LiveFrame): Map<string, Line> {
  const found = new Map<string, Line>();
  for (let i = 0; i < (lines?.count ?? 0); i++) {
    const pair = [names[lines?.a[i] as number], names[lines?.b[i] as number]].sort().join("-");
    const { gapDm = [], reachDm = [], minutes = [] } = lines ?? {};
    found.set(pair, { gapDm: gapDm[i] as number, reachDm: reachDm[i] as number, minutes: minutes[i] as number });
  }
  expect(found.size).toBe(lines?.count);
  return found;
}

/** Rounded up; never the negative zero. */
const inDm = (metres: number) => Math.ceil(Math.round(metres * 1e6) / 1e5) + 0;

/** The same by definition: every pair of the minute out to the cap, every minute before looked at. */
class History {
  private readonly byMinute = new Map<number, Map<string, Fix>>();
  readonly fixes: Fix[] = [];

  add(fix: Fix): void {
    const minute = Math.floor(fix.fixTimeMs / 60_000);
    const ofMinute = this.byMinute.get(minute) ?? new Map<string, Fix>();
    this.byMinute.set(minute, ofMinute);
    this.fixes.push(fix);
    if (!ofMinute.has(fix.deviceId)) ofMinute.set(fix.deviceId, fix);
  }

  private pair(minute: number, a: string, b: string): { gapDm: number; reachDm: number } | null {
    const [one, other] = [this.byMinute.get(minute)?.get(a), this.byMinute.get(minute)?.get(b)];
    if (one === undefined || other === undefined || one.floor !== other.floor) return null;
    const { gapM, reachM } = nearness(one, other);
    return { gapDm: inDm(gapM), reachDm: inDm(reachM) };
  }

  lines(minute: number, capDm: number, proximityDm: number, certain: boolean): Map<string, Line> {
    const lines = new Map<string, Line>();
    const ids = [...(this.byMinute.get(minute)?.keys() ?? [])].sort();
    const counts = (at: number, a: string, b: string) => {
      const pair = this.pair(at, a, b);
      return pair !== null && (certain ? pair.reachDm : pair.gapDm) <= proximityDm;
    };
    for (const a of ids) {
      for (const b of ids.filter((id) => id > a)) {
        const pair = this.pair(minute, a, b);
        if (pair === null || pair.gapDm > capDm) continue;
        let minutes = 0;
        while (minutes < 240 && counts(minute - minutes, a, b)) minutes++;
        lines.set(`${a}-${b}`, { ...pair, minutes });
      }
    }
    return lines;
  }

  devicesAt(minute: number): string[] {
    return [...(this.byMinute.get(minute)?.keys() ?? [])].sort();
  }
}

/** Repeatable randomness: mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe("a past minute as a frame", () => {
  test("says where its metres count from, and when each fix was", async () => {
    const record = await door.createVenue("hall");
    const fixes = [
      at("a", MIDNIGHT, 0, { fixTimeMs: MIDNIGHT * 60_000 }),
      at("b", MIDNIGHT, 40, { northM: -3, floor: 7, accuracyM: 2.5, fixTimeMs: MIDNIGHT * 60_000 + 59_900 }),
    ];
    await door.feed(record, fixes);
    await door.evaluate(record);
    const { frame, anchor } = await show("hall", MIDNIGHT);
    expect(anchor).toEqual((await door.ask("/v1/venues/hall")).json.place);
    expect(frame).toMatchObject({ snapshot: true, minute: MIDNIGHT, firstName: 0, proximityDm: 50, certain: false });
    expect(frame.timeMs).toBe((MIDNIGHT + 1) * 60_000);
    expect([...frame.names].sort()).toEqual(["a", "b"]);
    for (let i = 0; i < 2; i++) {
      const fix = fixes.find(({ deviceId }) => deviceId === frame.names[frame.fixes.device[i] as number]) as Fix;
      const shown = fromAnchored(anchor, frame.fixes.eastM[i] as number, frame.fixes.northM[i] as number);
      expect(distanceM(shown.longitude, shown.latitude, fix.longitude, fix.latitude)).toBeLessThan(0.001);
      expect(frame.fixes.floor[i]).toBe(fix.floor);
      expect(frame.fixes.accuracyCm[i]).toBe(fix.accuracyM * 100);
      expect(frame.timeMs - (frame.fixes.ageDs[i] as number) * 100).toBe(fix.fixTimeMs);
    }
    expect(frame.lines?.count).toBe(0);
  });

  test("may be empty, also past the retention and where the venue is nowhere", async () => {
    await door.createVenue("empty");
    const { frame, anchor } = await show("empty", MIDNIGHT);
    expect([frame.fixes.count, frame.lines?.count, anchor]).toEqual([0, 0, { longitude: 0, latitude: 0 }]);
    const record = await door.createVenue("forgetful", { retention_days: 1 });
    const old = NOW_MINUTE - 1_440 - 10;
    await door.feed(record, together("a", "b", old, 20, 3));
    await door.evaluate(record);
    expect((await show("forgetful", old)).frame.fixes.count).toBe(0);
    const { minutes } = linesOf((await show("forgetful", old + 19)).frame).get("a-b") as Line;
    expect(minutes).toBeGreaterThan(0);
    expect(minutes).toBeLessThan(15);
  });

  test.each([
    [`/v1/venues/empty/minutes/${MIDNIGHT}/frame?proximity=10.1`, 400, "10 m"],
    [`/v1/venues/empty/minutes/${MIDNIGHT}/frame?proximity=2.55`, 400, "0.1"],
    [`/v1/venues/empty/minutes/${MIDNIGHT}/frame?certain=yes`, 400, "true or false"],
    [`/v1/venues/empty/minutes/${MIDNIGHT}/frame?step=1`, 400, "proximity, certain"],
    [`/v1/venues/empty/minutes/now/frame`, 400, "whole number"],
    [`/v1/venues/nowhere/minutes/${MIDNIGHT}/frame`, 404, "no venue"],
  ])("%s is answered %i", async (path, status, message) => {
    const answer = await door.ask(path);
    expect(answer.status).toBe(status);
    expect(answer.json.error.message).toContain(message);
  });

  test("is for operators", async () => {
    expect((await door.ask(`/v1/venues/hall/minutes/${MIDNIGHT}/frame`, { guest: true })).status).toBe(401);
  });
});

describe("runs so far", () => {
  const MEASURES = [0, 2, 5, 10].flatMap((proximity) => [false, true].map((certain) => ({ proximity, certain })));
  const FIRST = MIDNIGHT - 16;
  const LAST = MIDNIGHT + 8;

  /** People who mill about in 14 m, and miss a minute now and then. */
  function milling(random: () => number): History {
    const history = new History();
    const places = Array.from({ length: 9 }, () => random() * 14);
    for (let minute = FIRST; minute <= LAST; minute++) {
      for (const [i, place] of places.entries()) {
        places[i] = Math.min(14, Math.max(0, place + (random() - 0.5) * 1.5));
        if (random() < 0.06) continue;
        const floor = random() < 0.04 ? 1 : 0;
        history.add(at(`d${i}`, minute, places[i] as number, { floor, accuracyM: random() * 2 }));
      }
    }
    return history;
  }

  async function compare(venueId: string, history: History, minute: number, m: (typeof MEASURES)[number]) {
    const { frame } = await show(venueId, minute, `?proximity=${m.proximity}&certain=${m.certain}`);
    expect(frame).toMatchObject({ proximityDm: m.proximity * 10, certain: m.certain });
    expect([...frame.names].sort()).toEqual(history.devicesAt(minute));
    const expected = history.lines(minute, 100, m.proximity * 10, m.certain);
    expect([...linesOf(frame)].sort(), `minute ${minute - MIDNIGHT} from midnight`).toEqual([...expected].sort());
  }

  test("are those of a brute force, whatever the measure, asked in order, at once or anyhow, and after late fixes", async () => {
    const seed = Date.now() % 1_000_000;
    console.info(`seed ${seed}`);
    const random = randomFrom(seed);
    const history = milling(random);
    const record = await door.createVenue("milling");
    const isLate = () => random() < 0.03;
    const late = history.fixes.filter(isLate);
    const known = new History();
    for (const fix of history.fixes.filter((each) => !late.includes(each))) known.add(fix);
    await door.feed(record, known.fixes);
    await door.evaluate(record);

    const minutes = Array.from({ length: LAST - FIRST + 1 }, (_, i) => FIRST + i);
    const mixed = [...minutes].sort(() => random() - 0.5);
    for (const [i, measure] of MEASURES.entries()) {
      const order = i % 3 === 0 ? minutes : mixed;
      if (i % 3 === 2) await Promise.all(order.map((minute) => compare("milling", known, minute, measure)));
      else for (const minute of order) await compare("milling", known, minute, measure);
    }
    expect(late.length).toBeGreaterThan(0);
    for (const fix of late) known.add(fix);
    await door.feed(record, late);
    await door.evaluate(record);
    for (const measure of MEASURES) {
      await Promise.all(minutes.slice(-8).map((minute) => compare("milling", known, minute, measure)));
    }
  }, 60_000);

  test("a late fix joins two runs at once, though the minutes after it were just asked for", async () => {
    const record = await door.createVenue("joined");
    const all = together("a", "b", MIDNIGHT - 9, 20, 3);
    const isHeldBack = ({ deviceId, fixTimeMs }: Fix) =>
      deviceId === "b" && Math.floor(fixTimeMs / 60_000) === MIDNIGHT - 3;
    await door.feed(
      record,
      all.filter((fix) => !isHeldBack(fix)),
    );
    await door.evaluate(record);
    const minutesAt = async (minute: number) => linesOf((await show("joined", minute)).frame).get("a-b")?.minutes;
    expect([await minutesAt(MIDNIGHT + 5), await minutesAt(MIDNIGHT + 6)]).toEqual([8, 9]);
    await door.feed(record, all.filter(isHeldBack));
    await door.evaluate(record);
    expect([await minutesAt(MIDNIGHT + 6), await minutesAt(MIDNIGHT + 7)]).toEqual([16, 17]);
    expect(await minutesAt(MIDNIGHT - 3)).toBe(7);
  });

  test("are followed four hours back, or as long as a contact is, however they are asked for", async () => {
    const first = MIDNIGHT - 250;
    const record = await door.createVenue("long");
    await door.feed(record, together("a", "b", first, 252, 3));
    await door.evaluate(record);
    const minutesAt = async (minute: number) => linesOf((await show("long", minute)).frame).get("a-b")?.minutes;
    expect(await minutesAt(first + 251)).toBe(240);
    for (const length of [239, 240, 241, 242]) expect(await minutesAt(first + length - 1)).toBe(Math.min(240, length));
    await door.createVenue("long", { min_minutes: 245 });
    for (const length of [244, 245, 246]) expect(await minutesAt(first + length - 1)).toBe(Math.min(245, length));
  });

  test("minute after minute costs one list more, not the whole way back", async () => {
    const record = await door.createVenue("cheap");
    await door.feed(record, together("a", "b", MIDNIGHT - 100, 110, 3));
    await door.evaluate(record);
    const reads = async (minute: number) => {
      const before = await calls("get");
      await show("cheap", minute);
      return (await calls("get")) - before;
    };
    expect(await reads(MIDNIGHT)).toBeGreaterThan(100);
    expect(await reads(MIDNIGHT + 1)).toBe(1);
    expect(await reads(MIDNIGHT + 2)).toBe(1);
    expect(await reads(MIDNIGHT + 4)).toBe(2);
    expect(await reads(MIDNIGHT + 4)).toBe(1);
  });
});

/** How often Redis was asked to do something. */
async function calls(command: string): Promise<number> {
  const info = await door.redis.info("commandstats");
  return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(info)?.[1] ?? 0);
}
