import type { Doors } from "../options/doors.ts";
import { UsageError } from "../options/usage-error.ts";
import { findOperatorToken, oneKey, readKeyFile } from "./credentials.ts";
import { OperatorDoor } from "./operator-door.ts";
import { type ReadyVenue, setUpVenue, takeBackKeys, type WantedVenue } from "./venue-setup.ts";

/** What lets a tool speak for its venues. */
export interface Access {
  /** Gateway key by venue. */
  readonly keys: ReadonlyMap<string, string>;
  /** The operators' door, null where there is no operator token. */
  readonly door: OperatorDoor | null;
  /** Gives back what was made for this run. */
  readonly release: () => Promise<void>;
}

/**
 * Keys for venues: those given, else new ones of venues that are created or changed as wanted.
 * @throws UsageError where nothing was given that would let the tool in, OperatorDoorError where the door refuses
 */
export async function gainAccess(doors: Doors, venues: readonly WantedVenue[], keyName: string): Promise<Access> {
  const venueIds = venues.map(({ venueId }) => venueId);
  const token = findOperatorToken(doors.operatorTokenFile, doors.operatorToken);
  const door = token === null ? null : new OperatorDoor(doors.apiUrl, token);
  if (doors.keyFile !== undefined) return { keys: readKeyFile(doors.keyFile, venueIds), door, release: nothing };
  if (doors.key !== undefined) return { keys: oneKey(doors.key, venueIds), door, release: nothing };
  if (door === null) {
    throw new UsageError(
      "no credential: run this where npm start keeps its .data folder, or give --operator-token-file FILE, OPERATOR_TOKEN, or a gateway key with --key",
    );
  }
  const ready: ReadyVenue[] = [];
  for (const venue of venues) ready.push(await setUpVenue(door, venue, keyName));
  return {
    keys: new Map(ready.map(({ venueId, key }) => [venueId, key.key])),
    door,
    release: () => takeBackKeys(door, ready),
  };
}

async function nothing(): Promise<void> {}
