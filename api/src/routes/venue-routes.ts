import { listVenueIds, loadVenue, type SaveOutcome, type VenueRecord } from "@encounter/core/service/venue-store";
import { SETTING_NAMES, Venue, VenueChange, VenueList } from "@encounter/core/wire/venue";
import type { FastifyInstance } from "fastify";
import { passOf } from "../access/guard.ts";
import { rolesIn } from "../access/principal.ts";
import type { StoredAccount } from "../accounts/account-store.ts";
import { compareText } from "../contacts/contact-order.ts";
import { ApiError, badRequest, noVenue } from "../http/api-error.ts";
import { answers, emptyAnswer, jsonAnswer, type VenueParams, VenuePath } from "../http/route-schema.ts";
import { acceptAnyBody } from "../http/validation.ts";
import type { ApiServices } from "../services.ts";
import { checkId, findVenue } from "./find-venue.ts";

const VENUES_PER_LOOK = 256;
const tags = ["venues"];

/** Venues: made, changed, listed and ended. */
export function venueRoutes(app: FastifyInstance, services: ApiServices): void {
  const { redis, editor, enqueue } = services;

  app.get(
    "/v1/venues",
    {
      schema: {
        tags,
        summary: "The venues that one has a role in, sorted by id; all for the machine's owner",
        response: answers({ 200: jsonAnswer("the venues", VenueList) }, 401),
      },
    },
    async (request) => {
      const { account } = passOf(request).principal;
      const ids = account === null ? await listVenueIds(redis) : account.roles.map(({ venueId }) => venueId);
      const venues = await loadAll(services, ids, account);
      return { venues: venues.sort((a, b) => compareText(a.venue_id, b.venue_id)) };
    },
  );

  app.get<{ Params: VenueParams }>(
    "/v1/venues/:venue",
    {
      schema: {
        tags,
        summary: "A venue",
        params: VenuePath,
        response: answers({ 200: jsonAnswer("the venue", Venue) }, 401, 404),
      },
    },
    async (request) => shownVenue(services, await findVenue(services, request.params)),
  );

  app.put<{ Params: VenueParams }>(
    "/v1/venues/:venue",
    {
      validatorCompiler: acceptAnyBody,
      schema: {
        tags,
        summary: "Creates or changes a venue",
        description:
          "Absent settings keep their value or default. `cap` is fixed once the venue has fixes; `max_accuracy` binds " +
          "fixes that arrive from then on; a new `retention_days` holds for what is stored, too. Only the machine's " +
          "owner creates venues.",
        params: VenuePath,
        body: VenueChange,
        response: answers(
          { 200: jsonAnswer("it was changed", Venue), 201: jsonAnswer("it was created", Venue) },
          400,
          401,
          403,
          409,
        ),
      },
    },
    async (request, reply) => {
      const venueId = checkId("venue", request.params.venue);
      const change = readChange(venueId, request.body);
      const outcome = await editor.save(venueId, change);
      const record = savedRecord(outcome);
      // Also where it is that long already: whoever asks again may do so because this was not heard the first time.
      if (change.retention_days !== undefined && outcome.outcome !== "created") {
        await enqueue({ kind: "retention", venueId });
      }
      return reply.code(outcome.outcome === "created" ? 201 : 200).send(await shownVenue(services, record));
    },
  );

  app.delete<{ Params: VenueParams }>(
    "/v1/venues/:venue",
    {
      schema: {
        tags,
        summary: "Ends a venue",
        description:
          "Its keys and tokens die, its sockets close, running work writes nothing more, all it stored is removed. " +
          "The same id later starts empty.",
        params: VenuePath,
        response: answers({ 204: emptyAnswer("it is gone") }, 401, 403, 404),
      },
    },
    async (request, reply) => {
      const record = await findVenue(services, request.params);
      // Asked for before the venue ends, so that nothing is left behind if this service dies in between.
      await enqueue({ kind: "purge", venueId: record.venueId, incarnation: record.incarnation });
      if (!(await editor.delete(record))) throw noVenue(record.venueId);
      return reply.code(204).send();
    },
  );
}

/** @param account whose venues they are to be; null for all */
async function loadAll(services: ApiServices, ids: readonly string[], account: StoredAccount | null): Promise<Venue[]> {
  const venues: (Venue | null)[] = [];
  const load = async (id: string) => {
    const record = await loadVenue(services.redis, id);
    if (record === null) return null;
    const isMine = account === null || rolesIn(account, id, record.incarnation).length > 0;
    return isMine ? shownVenue(services, record) : null;
  };
  for (let at = 0; at < ids.length; at += VENUES_PER_LOOK) {
    venues.push(...(await Promise.all(ids.slice(at, at + VENUES_PER_LOOK).map(load))));
  }
  return venues.filter((venue) => venue !== null);
}

/** What a body wants to change. It may be an answer: `venue_id` must then be the path's, `place` is passed over. */
function readChange(venueId: string, body: unknown): VenueChange {
  if (body === undefined) return {};
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw badRequest("the body must be a JSON object");
  const { venue_id: repeatedId, place: _, ...change } = body as Record<string, unknown>;
  if (repeatedId !== undefined && repeatedId !== venueId) throw badRequest("venue_id must be the one of the path");
  for (const name of Object.keys(change)) {
    if (SETTING_NAMES.has(name)) continue;
    throw badRequest(`unknown setting ${JSON.stringify(name)}: the settings are ${[...SETTING_NAMES].join(", ")}`);
  }
  return change as VenueChange;
}

function savedRecord(outcome: SaveOutcome): VenueRecord {
  if (outcome.outcome === "invalid") throw badRequest(outcome.trouble);
  if (outcome.outcome === "pseudonyms-fixed") {
    const how = `pseudonyms is fixed at ${outcome.pseudonyms}`;
    throw new ApiError(409, "conflict", `${how}: the venue has fixes, or credentials of devices, that are named so`);
  }
  if (outcome.outcome !== "cap-fixed") return outcome.record;
  throw new ApiError(409, "conflict", `cap is fixed at ${outcome.cap} m: the venue has fixes, evaluated out to there`);
}

async function shownVenue({ places }: ApiServices, record: VenueRecord): Promise<Venue> {
  return { venue_id: record.venueId, ...record.settings, place: await places.of(record) };
}
