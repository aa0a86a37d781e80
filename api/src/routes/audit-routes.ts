import { type AuditEntryShown, AuditPage, AuditStretch, AuditVerdict } from "@encounter/core/wire/audit";
import type { FastifyInstance } from "fastify";
import Type from "typebox";
import { passOf } from "../access/guard.ts";
import type { rolesIn } from "../access/principal.ts";
import { presentRoles } from "../accounts/shown-account.ts";
import type { AuditEntry, StoredEntry } from "../audit/audit-entry.ts";
import { badRequest, noVenue } from "../http/api-error.ts";
import { answers, jsonAnswer } from "../http/route-schema.ts";
import { readInteger } from "../query/number-value.ts";
import type { ApiServices } from "../services.ts";

const tags = ["audit"];
const LIMIT_MAX = 1_000;
/** Entries read at once, and looks of one answer: whoever seeks something rare gets short pages. */
const ENTRIES_PER_LOOK = 1_000;
const LOOKS_MAX = 20;

interface AuditTexts {
  readonly venue?: string;
  readonly device?: string;
  readonly action?: string;
  readonly limit?: string;
  readonly cursor?: string;
}

/** Which entries somebody asks for and may see. */
type Wanted = (entry: AuditEntry) => boolean;

/** Who read or changed what. */
export function auditRoutes(app: FastifyInstance, services: ApiServices): void {
  const { audit, chain, redis } = services;

  app.get<{ Querystring: AuditTexts }>(
    "/v1/audit",
    {
      schema: {
        tags,
        summary: "The audit log, newest first",
        description:
          "An auditor sees the entries of the venues in which they are one; the machine's owner all, those that are " +
          "about no venue too (sign-ins, accounts). A page may be shorter than `limit` and still have a next one.",
        querystring: Type.Object({
          venue: Type.Optional(Type.String({ description: "of this venue alone" })),
          device: Type.Optional(Type.String({ description: "about this device of the venue, by its own id" })),
          action: Type.Optional(Type.String({ description: "of this kind, or of all that begin so: `read.`" })),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: LIMIT_MAX, default: 100 })),
          cursor: Type.Optional(Type.String({ description: "`next_cursor` of the page before" })),
        }),
        response: answers({ 200: jsonAnswer("a page", AuditPage) }, 400, 401, 404),
      },
    },
    async (request): Promise<AuditPage> => {
      const { cursor, limit: limitText = "100", ...asked } = request.query;
      const limit = readInteger("limit", limitText, 1, LIMIT_MAX);
      const mine = await venuesOf(passOf(request).principal.account);
      if (mine !== null && asked.venue !== undefined && !mine.has(asked.venue)) throw noVenue(asked.venue);
      const wanted = wantedBy(asked, mine);
      let before = cursor === undefined ? Number.MAX_SAFE_INTEGER : readInteger("cursor", cursor, 1, 2 ** 53 - 1);
      const entries: AuditEntryShown[] = [];
      for (let look = 0; look < LOOKS_MAX && before > 1 && entries.length < limit; look++) {
        const found = await audit.before(before, ENTRIES_PER_LOOK);
        if (found.length === 0) before = 1;
        for (const stored of found) {
          if (entries.length === limit) break;
          before = stored.seq;
          const entry = JSON.parse(stored.text) as AuditEntry;
          if (wanted(entry)) entries.push(shown(stored, entry));
        }
      }
      return { entries, next_cursor: before > 1 ? String(before) : null };
    },
  );

  /** Incarnations of the venues in which an account is an auditor; null for the machine's owner: all. */
  async function venuesOf(account: Parameters<typeof rolesIn>[0] | null): Promise<Map<string, string> | null> {
    if (account === null) return null;
    const present = await presentRoles(redis, account);
    const audited = account.roles.filter(({ venueId }) => present[venueId]?.includes("auditor"));
    return new Map(audited.map(({ venueId, incarnation }) => [venueId, incarnation]));
  }

  function wantedBy({ venue, device, action }: AuditTexts, mine: Map<string, string> | null): Wanted {
    if (device !== undefined && venue === undefined) throw badRequest("say the device's venue, too: venue=");
    const mark = device === undefined ? undefined : audit.deviceMark(venue ?? "", device);
    return (entry) => {
      if (mine !== null && !isOfMine(entry, mine)) return false;
      if (venue !== undefined && entry.venue !== venue) return false;
      if (mark !== undefined && entry.device !== mark) return false;
      return (
        action === undefined || entry.action === action || (action.endsWith(".") && entry.action.startsWith(action))
      );
    };
  }

  app.get(
    "/v1/audit/verification",
    {
      schema: {
        tags,
        summary: "Whether the audit log was altered or cut",
        description:
          "Of the whole log, whatever venues it is about; the verdict is of the last minute. That its end was cut, and " +
          "where it ends set back, is found out only by who knows where it ended: `npm run audit -- --verify` does.",
        response: answers({ 200: jsonAnswer("the verdict", AuditVerdict) }, 401),
      },
    },
    async (): Promise<AuditVerdict> => {
      const { checkedMs, trouble } = await chain.verdict();
      return { whole: trouble === null, checked_at: checkedMs, trouble };
    },
  );

  app.get<{ Querystring: { after?: string } }>(
    "/v1/audit/chain",
    {
      schema: {
        tags,
        summary: "The audit log as it is stored, oldest first, for verifying it",
        description:
          "Each hash is keyed by the machine's key, over the entry's number, the hash before it and its text: " +
          "`npm run audit -- --verify` follows them. Entries past `AUDIT_RETENTION_DAYS` are removed; the anchor is the last " +
          "of them, which the rest follows.",
        querystring: Type.Object({
          after: Type.Optional(Type.Integer({ minimum: 0, default: 0, description: "number of the entry before" })),
        }),
        response: answers({ 200: jsonAnswer(`at most ${ENTRIES_PER_LOOK} entries`, AuditStretch) }, 400, 401),
      },
    },
    async (request): Promise<AuditStretch> => {
      const after = readInteger("after", request.query.after ?? "0", 0, 2 ** 53 - 1);
      return audit.stretch(after, ENTRIES_PER_LOOK);
    },
  );
}

/** Whether an entry is about one of these venues, and not about an earlier one of the same id. */
function isOfMine({ venue, incarnation }: AuditEntry, mine: ReadonlyMap<string, string>): boolean {
  return venue !== undefined && incarnation !== undefined && mine.get(venue) === incarnation;
}

function shown({ seq }: StoredEntry, entry: AuditEntry): AuditEntryShown {
  return {
    seq,
    at: entry.at,
    actor: entry.actor,
    action: entry.action,
    venue_id: entry.venue ?? null,
    case: entry.case ?? null,
    device: entry.device ?? null,
    detail: { ...entry.detail },
  };
}
