import fc from "fast-check";

/** The place of a time of now and so many ms in a generated text: it is sent later than it is made. */
const TIME = /"@(-?\d+)@"/g;

/** Fills a text's times in. */
export function atTime(text: string, nowMs: number): string {
  return text.replaceAll(TIME, (_, offset: string) => String(nowMs + Number(offset)));
}

/** Texts of JSON numbers and near-numbers that no ordinary sender writes. */
const NUMBERS = [
  ...["0", "-0", "1e400", "-1e400", "1e-400", "1E+2", "0.1e1", "5e-324", "1.7976931348623157e308", "9007199254740993"],
  ...["NaN", "Infinity", "0x10", "01", "1.", ".5", "+1", "1_000", "85.05112878", "85.05112879", "-85.05112878"],
  ...["180", "-180", "180.00000000000003", "4", "4.000000000000001", "1000", "1001", "-100", "-101", "0.5", "1e21"],
];

/** Members that JavaScript gives a meaning. */
const NAMES = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "then", "length", "$ref", ""];

const deep = fc.integer({ min: 1, max: 5_000 }).map((depth) => "[".repeat(depth) + "]".repeat(depth));
const number = fc.oneof(fc.constantFrom(...NUMBERS), fc.double({ noNaN: true, noDefaultInfinity: true }).map(String));
const text = fc
  .oneof(
    fc.string({ maxLength: 20 }),
    fc.string({ unit: "binary", maxLength: 20 }),
    fc.constantFrom(
      "",
      ".",
      "..",
      "a".repeat(128),
      "a".repeat(129),
      "\u{1f600}".repeat(64),
      "é\u0000",
      "\u0085",
      "\ud800",
    ),
  )
  .map((value) => JSON.stringify(value));
const member = fc.oneof(fc.constantFrom(...NAMES), fc.string({ maxLength: 8 })).map((name) => JSON.stringify(name));
const object = fc.array(fc.tuple(member, fc.oneof(number, text)), { maxLength: 4 }).map(objectText);

/** Any JSON, or what looks a little like it. */
const anything: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: number },
  { weight: 4, arbitrary: text },
  { weight: 2, arbitrary: fc.constantFrom("null", "true", "false", "[]", "{}", "[null]", '"4"', "undefined") },
  { weight: 2, arbitrary: object },
  { weight: 1, arbitrary: deep },
);

function objectText(members: readonly (readonly [string, string])[]): string {
  return `{${members.map(([name, value]) => `${name}:${value}`).join()}}`;
}

const time = fc
  .oneof(
    { weight: 6, arbitrary: fc.integer({ min: -4 * 60_000, max: 60_000 }) },
    // Clear of the edges: the door's clock and this one are read at different moments.
    {
      weight: 1,
      arbitrary: fc.constantFrom(180_000, 3_600_000, -86_400_000 + 43_200_000, -86_400_000 - 60_000, -1e12),
    },
  )
  .map((offset) => `"@${offset}@"`);

/** A fix that is right in all, or nearly all, of its members. */
export function fixText(venueIds: readonly string[], deviceIds: readonly string[]): fc.Arbitrary<string> {
  const id = (ids: readonly string[]) => fc.constantFrom(...ids.map((each) => JSON.stringify(each)));
  const position = fc.tuple(
    fc.constantFrom("45", "45.00001", "-85.05112878", "85.05112878"),
    fc.constantFrom("120", "-180", "180", "1e-9"),
    fc.constantFrom("0", "1", "3.999", "4", "4.5", "100"),
    fc.option(fc.constantFrom("0", "4", "-100", "1000"), { nil: null }),
  );
  const right = fc.tuple(id(deviceIds), id(venueIds), time, position).map(([device, venue, at, parts]) => ({
    '"device_id"': device,
    '"venue_id"': venue,
    '"timestamp"': at,
    '"latitude"': parts[0],
    '"longitude"': parts[1],
    '"accuracy"': parts[2],
    ...(parts[3] === null ? {} : { '"floor"': parts[3] }),
  }));
  const change = fc.record({
    what: fc.constantFrom("none", "none", "none", "none", "drop", "replace", "replace", "add", "double", "whole"),
    at: fc.nat(20),
    name: member,
    value: anything,
  });
  return fc.tuple(right, change).map(([fix, { what, at, name, value }]) => {
    if (what === "whole") return value;
    const members = Object.entries(fix);
    const index = at % members.length;
    const chosen = members[index] as [string, string];
    if (what === "drop") members.splice(index, 1);
    if (what === "replace") members[index] = [chosen[0], value];
    if (what === "add") members.push([name, value]);
    if (what === "double") members.push([chosen[0], value]);
    const isInside = ([each]: [string, string]) => /^"(latitude|longitude|accuracy|floor)"$/.test(each);
    const inside = objectText(members.filter(isInside));
    return objectText([...members.filter((each) => !isInside(each)), ['"position"', inside]]);
  });
}

/** A frame in any of its forms, whole, cut short or with something where it does not belong. */
export function frameText(venueIds: readonly string[], deviceIds: readonly string[]): fc.Arbitrary<string> {
  const fixes = fc.array(fixText(venueIds, deviceIds), { maxLength: 6 }).map((each) => `[${each.join()}]`);
  const label = fc.constantFrom(
    '"17"',
    '""',
    '"\u{1f600}"',
    JSON.stringify("b".repeat(64)),
    JSON.stringify("b".repeat(65)),
    "17",
    "{}",
  );
  const whole = fc.oneof(
    { weight: 4, arbitrary: fixText(venueIds, deviceIds) },
    { weight: 4, arbitrary: fixes },
    { weight: 4, arbitrary: fc.tuple(label, fixes).map(([batch, list]) => `{"batch":${batch},"positions":${list}}`) },
    { weight: 1, arbitrary: anything },
    {
      weight: 1,
      arbitrary: fc.constantFrom(`[${Array(1_001).fill("{}").join()}]`, `[${Array(1_000).fill("1").join()}]`),
    },
  );
  const damage = fc.record({
    kind: fc.constantFrom("none", "none", "none", "none", "none", "none", "cut", "insert", "pad"),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    piece: fc.oneof(fc.string({ maxLength: 4 }), fc.constantFrom("\u0000", "\ufeff", "\u2028", "//", ",", "}")),
  });
  const damaged = fc.tuple(whole, damage).map(([frame, { kind, at, piece }]) => {
    const index = Math.floor(at * frame.length);
    if (kind === "cut") return frame.slice(0, index);
    if (kind === "insert") return frame.slice(0, index) + piece + frame.slice(index);
    return kind === "pad" ? `\n\t ${frame} \r\n` : frame;
  });
  // Half a character cannot be sent: what is judged is what arrives in its place.
  return damaged.map((frame) => Buffer.from(frame).toString());
}
