import Type from "typebox";
import { FixShown } from "./contacts.ts";

const TimeOrNull = (description: string) => Type.Union([Type.Integer(), Type.Null()], { description });

/** A device that was seen in a venue. */
export const DeviceSeen = Type.Object({
  device_id: Type.String(),
  first_fix: TimeOrNull("time of its first fix, ms; null until that is evaluated"),
  last_fix: TimeOrNull("time of its last fix, ms; null until that is evaluated"),
});
export type DeviceSeen = Type.Static<typeof DeviceSeen>;

/** A page of a venue's devices, sorted by id (UTF-16 units). */
export const DeviceList = Type.Object({
  devices: Type.Array(DeviceSeen),
  next_cursor: Type.Union([Type.String(), Type.Null()]),
});
export type DeviceList = Type.Static<typeof DeviceList>;

/** A device's fix of one minute. */
export const DeviceFix = Type.Object({ minute: Type.Integer(), ...FixShown.properties });
export type DeviceFix = Type.Static<typeof DeviceFix>;

/** A device's minutes that have a fix, ascending: the others are missing. */
export const DeviceFixes = Type.Object({
  venue_id: Type.String(),
  device_id: Type.String(),
  from: Type.Integer(),
  to: Type.Integer(),
  fixes: Type.Array(DeviceFix),
});
export type DeviceFixes = Type.Static<typeof DeviceFixes>;
