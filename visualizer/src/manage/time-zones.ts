/** A time zone to choose, with its distance from UTC. */
export interface ZoneChoice {
  readonly name: string;
  readonly offset: string;
}

const MOST_CHOICES = 60;
let names: readonly string[] | null = null;

function allNames(): readonly string[] {
  names ??= [...new Set(["UTC", ...Intl.supportedValuesOf("timeZone")])];
  return names;
}

/** Time zones that a person may mean: all words are somewhere in the name; what begins with the text comes first. */
export function findZones(text: string, nowMs: number): { choices: ZoneChoice[]; count: number } {
  const words = plain(text).split(" ").filter(Boolean);
  const found = allNames().filter((name) => words.every((word) => plain(name).includes(word)));
  const begins = (name: string) =>
    plain(name)
      .split(" ")
      .some((part) => part.startsWith(words[0] ?? ""));
  const sorted = [...found.filter(begins), ...found.filter((name) => !begins(name))];
  const choices = sorted.slice(0, MOST_CHOICES).map((name) => ({ name, offset: offsetOf(name, nowMs) }));
  return { choices, count: found.length };
}

/** `Europe/Isle_of_Man` as somebody types it. */
function plain(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[/_\s]+/g, " ")
    .trim();
}

function offsetOf(timeZone: string, nowMs: number): string {
  const format = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" });
  const offset = format.formatToParts(nowMs).find(({ type }) => type === "timeZoneName")?.value ?? "";
  // Browsers of different ages write no offset at all in two ways.
  return offset.replace("GMT", "UTC").replace("+00:00", "").replace("-", "−");
}
