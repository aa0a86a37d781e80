import type { MachineKey } from "./machine-key.ts";

const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH = 8;

/** Names devices for whom their own must not be shown. */
export type NameDevice = (deviceId: string) => string;

/** The device's own name. */
export const ownName: NameDevice = (deviceId) => deviceId;

/**
 * Numbers in place of devices' names, for whoever may watch but not know whom. They are the same for all who watch a
 * venue, live and in the past, and others every day (UTC): nobody is followed by them from one day to the next.
 */
export class Aliases {
  private readonly key: MachineKey;

  constructor(key: MachineKey) {
    this.key = key;
  }

  /** Names for the devices of a venue on a day, counted since the Unix epoch. */
  of(incarnation: string, day: number): NameDevice {
    return (deviceId) => {
      const digest = Buffer.from(this.key.hash("alias", incarnation, String(day), deviceId), "base64url");
      const letters = Array.from(digest.subarray(0, LENGTH), (byte) => LETTERS[byte & 31]).join("");
      return `${letters.slice(0, 4)}-${letters.slice(4)}`;
    };
  }
}
