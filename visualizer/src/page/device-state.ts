import { CONTACT, type FloorView, NEAR } from "../live/floor-view.ts";

/** How a device is shown: one word for its colour and form. */
export type DeviceLook = "contact" | "near" | "stale" | "alone";

export function stateOf(view: FloorView, device: number): DeviceLook {
  const standing = view.standingOfDevice(device);
  if (standing === CONTACT) return "contact";
  if (standing === NEAR) return "near";
  return view.isStale(device) ? "stale" : "alone";
}
