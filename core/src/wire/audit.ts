import Type from "typebox";

/** One entry of the audit log. */
export const AuditEntryShown = Type.Object({
  seq: Type.Integer({ description: "its number in the log, from 1 on" }),
  at: Type.Integer({ description: "ms since the Unix epoch" }),
  actor: Type.String({ description: "an account, `operator` for the machine's owner, or `nobody`" }),
  action: Type.String(),
  venue_id: Type.Union([Type.String(), Type.Null()]),
  case: Type.Union([Type.String(), Type.Null()]),
  device: Type.Union([Type.String(), Type.Null()], { description: "keyed hash of the device's id" }),
  detail: Type.Record(Type.String(), Type.Unknown()),
});
export type AuditEntryShown = Type.Static<typeof AuditEntryShown>;

export const AuditPage = Type.Object({
  entries: Type.Array(AuditEntryShown),
  next_cursor: Type.Union([Type.String(), Type.Null()]),
});
export type AuditPage = Type.Static<typeof AuditPage>;

/** Whether the log is what was written. */
export const AuditVerdict = Type.Object({
  whole: Type.Boolean(),
  checked_at: Type.Integer({ description: "ms since the Unix epoch" }),
  trouble: Type.Union([Type.String(), Type.Null()], { description: "what is wrong with it" }),
});
export type AuditVerdict = Type.Static<typeof AuditVerdict>;

/** A stretch of the log as it is stored, for verifying it. */
export const AuditStretch = Type.Object({
  entries: Type.Array(Type.Object({ seq: Type.Integer(), text: Type.String(), hash: Type.String() })),
  head: Type.Object({ count: Type.Integer(), hash: Type.String() }, { description: "where the log says that it ends" }),
  anchor: Type.Union(
    [Type.Object({ count: Type.Integer(), hash: Type.String(), at: Type.Integer(), seal: Type.String() }), Type.Null()],
    {
      description:
        "the last entry that was removed for its age, the time of the newest removed, and a keyed hash of both",
    },
  ),
});
export type AuditStretch = Type.Static<typeof AuditStretch>;
