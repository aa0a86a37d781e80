import Type from "typebox";

const Count = (description: string) => Type.Integer({ minimum: 0, description });
const TimeOrNull = (description: string) => Type.Union([Type.Integer(), Type.Null()], { description });

/** What came of the wish to erase a device. It does not name the device: keep its id with the request. */
export const ErasureReceipt = Type.Object({
  erasure_id: Type.String(),
  venue_id: Type.String(),
  state: Type.Enum(["removing", "rewriting", "complete"], {
    description:
      "`removing`: records are being removed; `rewriting`: all are, and the store's append-only files are written anew",
  }),
  requested_at: Type.Integer({
    description: "ms; no query finds the device from here on, and its credentials are dead",
  }),
  removed_at: TimeOrNull("ms; the store holds nothing of the device from here on"),
  completed_at: TimeOrNull("ms; nor do the store's own files"),
  removed: Type.Object({
    fixes: Count("minutes of which the device's fix was removed"),
    pair_minutes: Count("minutes with another device, removed from both devices' records"),
    timelines: Count("chunks of four hours of the device's own timeline"),
    tokens: Count("its tokens, all of which are dead"),
    invites: Count("invite codes that no longer name it; their use stays counted"),
  }),
  append_only_files: Type.Union([Type.Enum(["rewritten", "not_allowed", "off"]), Type.Null()], {
    description:
      "`not_allowed`: the store refuses the command (managed ones do); the operator of the store must have its files " +
      "rewritten. `off`: the store keeps none. Backups and snapshots taken before are not touched by any of this",
  }),
});
export type ErasureReceipt = Type.Static<typeof ErasureReceipt>;

/** A venue's erasures, the newest first. */
export const ErasureList = Type.Object({ erasures: Type.Array(ErasureReceipt) });
export type ErasureList = Type.Static<typeof ErasureList>;
