import Type from "typebox";
import { Compile } from "typebox/compile";
import { LATITUDE_LIMIT } from "../domain/fix.ts";
import { ID_LENGTH_MAX, idTrouble } from "./identity.ts";

const Id = (description: string) => Type.String({ minLength: 1, maxLength: ID_LENGTH_MAX, description });

/** A position on the wire: degrees, floor, accuracy radius in metres. */
export const WirePosition = Type.Object({
  latitude: Type.Number({ minimum: -LATITUDE_LIMIT, maximum: LATITUDE_LIMIT }),
  longitude: Type.Number({ minimum: -180, maximum: 180 }),
  floor: Type.Optional(Type.Integer({ minimum: -100, maximum: 1000, description: "0 where absent" })),
  accuracy: Type.Number({ minimum: 0, description: "radius in metres" }),
});

/** A fix as devices send it. Unknown further members are ignored. */
export const WireFix = Type.Object({
  device_id: Id("1 to 128 UTF-16 units, no control characters"),
  venue_id: Id("1 to 128 UTF-16 units, no control characters"),
  timestamp: Type.Integer({ minimum: 0, description: "ms since the Unix epoch" }),
  position: WirePosition,
});
export type WireFix = Type.Static<typeof WireFix>;

const shape = Compile(WireFix);

/** What is wrong with a value that should be a fix (the member and the reason), or null where it is one. */
export function fixTrouble(value: unknown): string | null {
  if (!shape.Check(value)) return describe(value);
  const deviceTrouble = idTrouble(value.device_id);
  if (deviceTrouble !== null) return `device_id ${deviceTrouble}`;
  const venueTrouble = idTrouble(value.venue_id);
  return venueTrouble === null ? null : `venue_id ${venueTrouble}`;
}

const REASONS = new Map([
  ["device_id", `must be a string of 1 to ${ID_LENGTH_MAX} characters`],
  ["venue_id", `must be a string of 1 to ${ID_LENGTH_MAX} characters`],
  ["timestamp", "must be an integer >= 0: ms since the Unix epoch"],
  ["position", "must be an object with latitude, longitude and accuracy"],
  ["position.latitude", `must be between ${-LATITUDE_LIMIT} and ${LATITUDE_LIMIT}`],
  ["position.longitude", "must be between -180 and 180"],
  ["position.floor", "must be an integer between -100 and 1000"],
  ["position.accuracy", "must be a finite number >= 0"],
]);

function describe(value: unknown): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "a fix must be an object";
  const error = shape.Errors(value)[0];
  if (error === undefined) return "not a fix";
  const path = error.instancePath.slice(1).replaceAll("/", ".");
  const missing = "requiredProperties" in error.params ? error.params.requiredProperties[0] : undefined;
  if (missing !== undefined) return `${path === "" ? missing : `${path}.${missing}`} is missing`;
  return `${path} ${REASONS.get(path) ?? error.message}`;
}
