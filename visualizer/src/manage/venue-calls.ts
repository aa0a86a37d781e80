import type { Role } from "@encounter/core/domain/account";
import type { Account, AccountList, PasswordLink } from "@encounter/core/wire/accounts";
import type { VenueMinute } from "@encounter/core/wire/contacts";
import type { GatewayKeyList } from "@encounter/core/wire/credentials";
import type { ErasureList, ErasureReceipt } from "@encounter/core/wire/erasure";
import type { Venue, VenueChange } from "@encounter/core/wire/venue";
import type { FeatureCollection } from "geojson";
import { exchangeJson, getJson, sendJson } from "../server/requests.ts";
import { fetchStatus, venuePath } from "../server/venues.ts";

export type GatewayKey = GatewayKeyList["keys"][number];

// All of these throw SignedOut, Refused or Unreachable.

/** Creates a venue, or changes what is named of it. */
export function saveVenue(venueId: string, change: VenueChange): Promise<Venue> {
  return exchangeJson<Venue>("PUT", venuePath(venueId), change);
}

/** Ends a venue with all that it stored. */
export function deleteVenue(venueId: string): Promise<void> {
  return sendJson("DELETE", venuePath(venueId));
}

export async function fetchKeys(venueId: string): Promise<GatewayKey[]> {
  return (await getJson<GatewayKeyList>(venuePath(venueId, "/keys"))).keys;
}

/** Makes a gateway key; what it answers is not to be had again. */
export async function createKey(venueId: string, name: string): Promise<string> {
  return (await exchangeJson<{ key: string }>("POST", venuePath(venueId, "/keys"), { name })).key;
}

export function deleteKey(venueId: string, keyId: string): Promise<void> {
  return sendJson("DELETE", venuePath(venueId, `/keys/${encodeURIComponent(keyId)}`));
}

/** Makes an invite code; what it answers is not to be had again. */
export async function createInvite(venueId: string, maxUses: number): Promise<string> {
  return (await exchangeJson<{ code: string }>("POST", venuePath(venueId, "/invites"), { max_uses: maxUses })).code;
}

/** Replaces the floor plan; one without features removes it. */
export function storePlan(venueId: string, plan: FeatureCollection): Promise<void> {
  return sendJson("PUT", venuePath(venueId, "/plan"), plan);
}

/** The fixes of the newest minute that was evaluated; none where the venue has none. */
export async function fetchNewestFixes(venueId: string): Promise<VenueMinute["fixes"]> {
  const { newest_minute: minute } = await fetchStatus(venueId);
  if (minute === null) return [];
  return (await getJson<VenueMinute>(venuePath(venueId, `/minutes/${minute}?proximity=0`))).fixes;
}

/** Accounts with a role in the venue. @throws SignedOut | Refused | Unreachable */
export async function fetchPeople(venueId: string): Promise<readonly Account[]> {
  return (await getJson<AccountList>(venuePath(venueId, "/accounts"))).accounts;
}

/** Gives an account its roles in the venue. @throws SignedOut | Refused | Unreachable */
export function giveRoles(venueId: string, name: string, roles: readonly Role[]): Promise<void> {
  return sendJson("PUT", venuePath(venueId, `/accounts/${encodeURIComponent(name)}`), { roles });
}

/** Makes a one-time link to set an account's password. @throws SignedOut | Refused | Unreachable */
export async function createPasswordLink(venueId: string, name: string): Promise<string> {
  const path = venuePath(venueId, `/accounts/${encodeURIComponent(name)}/link`);
  return (await exchangeJson<PasswordLink>("POST", path, undefined)).url_path;
}

/** Erases a device everywhere; what it answers is the beginning. @throws SignedOut | Refused | Unreachable */
export function eraseDevice(venueId: string, deviceId: string): Promise<ErasureReceipt> {
  return exchangeJson<ErasureReceipt>(
    "DELETE",
    venuePath(venueId, `/devices/${encodeURIComponent(deviceId)}`),
    undefined,
  );
}

/** The venue's erasures, the newest first. @throws SignedOut | Refused | Unreachable */
export async function fetchErasures(venueId: string): Promise<readonly ErasureReceipt[]> {
  return (await getJson<ErasureList>(venuePath(venueId, "/erasures"))).erasures;
}
