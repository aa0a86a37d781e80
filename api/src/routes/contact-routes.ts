import { DeviceContacts, VenueContacts } from "@encounter/core/wire/contacts";
import type { FastifyInstance, FastifyReply } from "fastify";
import Type, { type TSchema } from "typebox";
import { Breather } from "../breather.ts";
import { answerPieces, type ContactAnswer } from "../contacts/contact-answer.ts";
import { CONTACT_FORMATS } from "../contacts/contact-format.ts";
import { deviceNumber } from "../contacts/device-names.ts";
import { goneSignal, sendText } from "../http/answer-stream.ts";
import {
  answers,
  caseParameter,
  type DeviceParams,
  DevicePath,
  type VenueParams,
  VenuePath,
  windowParameters,
} from "../http/route-schema.ts";
import { type ContactQueryTexts, cursorAfter, readContactQuery } from "../query/contact-query.ts";
import type { ApiServices } from "../services.ts";
import { findDevice, findVenue } from "./find-venue.ts";

const tags = ["contacts"];

const ContactsQuery = Type.Object({
  ...windowParameters,
  ...caseParameter,
  proximity: Type.Optional(
    Type.Number({
      minimum: 0,
      maximum: 25,
      description: "metres, steps of 0.1, up to the venue's cap; the venue's where absent",
    }),
  ),
  min_minutes: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1440,
      description: "shortest interval that is a contact; the venue's where absent",
    }),
  ),
  certain: Type.Optional(
    Type.Boolean({
      default: false,
      description: "intervals are runs of certain minutes: in proximity wherever in their circles they were",
    }),
  ),
  path: Type.Optional(Type.Boolean({ description: "whether each minute is told; for one device true where absent" })),
  limit: Type.Optional(
    Type.Union([Type.Integer({ minimum: 1, maximum: 1000 }), Type.Literal("all")], {
      default: 100,
      description: "contacts of a page; `all` streams every one and has no next page",
    }),
  ),
  cursor: Type.Optional(
    Type.String({ description: "`next_cursor` of the page before; it brings that query's values with it" }),
  ),
  format: Type.Optional(Type.Enum(Object.keys(CONTACT_FORMATS), { default: "json" })),
});

const SEMANTICS = `An interval is a maximal run of consecutive minutes in proximity, whole and not cut at the window's edges; one that
overlaps the window and has at least \`min_minutes\` is a contact. Missing minutes are not bridged and walls are not considered.

\`format\` gives the same contacts in another form. The next page's cursor is then in the header \`encounter-next-cursor\`.

- \`ndjson\`: a contact a line.
- \`csv\`: RFC 4180, with a header; one line a contact, without its path. Ids are data of whoever named a device and are
  not changed: one that begins with \`=\`, \`+\`, \`-\` or \`@\` is quoted, but a spreadsheet may still take it for a formula,
  so import ids as text.
- \`geojson\`: a feature a contact: a point where \`device_id\` was in the closest minute or, with the path, its line.`;

function contactsAnswer(schema: TSchema) {
  const text = Type.String();
  return {
    description: "a page of contacts",
    headers: { "encounter-next-cursor": { description: "as `next_cursor`; absent at the end", type: "string" } },
    content: {
      "application/json": { schema },
      "text/csv": { schema: text },
      "application/geo+json": { schema: text },
      "application/x-ndjson": { schema: text },
    },
  };
}

/** Who was near whom. */
export function contactRoutes(app: FastifyInstance, services: ApiServices): void {
  app.get<{ Params: DeviceParams; Querystring: ContactQueryTexts }>(
    "/v1/venues/:venue/devices/:device/contacts",
    {
      schema: {
        tags,
        summary: "The contacts of a device, sorted by start, then other",
        description: `A device that was never seen has none.\n\n${SEMANTICS}`,
        params: DevicePath,
        querystring: ContactsQuery,
        response: answers({ 200: contactsAnswer(DeviceContacts) }, 400, 401, 404, 503),
      },
    },
    async (request, reply) => {
      const record = await findVenue(services, request.params);
      const id = findDevice(services, record, request.params);
      const scope = { venueId: record.venueId, deviceId: id };
      const query = readContactQuery(request.query, scope, record.settings, services.now());
      const number = await deviceNumber(services.redis, record.keys, id);
      const subject = number === null ? null : { record, device: { id, number } };
      const facts = { venue_id: record.venueId, device_id: id };
      return answerContacts(services, reply, { subject, scope, query, facts, record, isClosestTold: true });
    },
  );

  app.get<{ Params: VenueParams; Querystring: ContactQueryTexts }>(
    "/v1/venues/:venue/contacts",
    {
      schema: {
        tags,
        summary: "Every contact of the venue, each pair once, sorted by start, device_id, other",
        description: `\`closest\` and \`path\` are told with \`path=true\` only. \`device_id\` comes before \`other\`.\n\n${SEMANTICS}`,
        params: VenuePath,
        querystring: ContactsQuery,
        response: answers({ 200: contactsAnswer(VenueContacts) }, 400, 401, 404, 503),
      },
    },
    async (request, reply) => {
      const record = await findVenue(services, request.params);
      const scope = { venueId: record.venueId, deviceId: null };
      const query = readContactQuery(request.query, scope, record.settings, services.now());
      const facts = { venue_id: record.venueId };
      const subject = { record, device: null };
      return answerContacts(services, reply, { subject, scope, query, facts, record, isClosestTold: query.path });
    },
  );
}

async function answerContacts(
  services: ApiServices,
  reply: FastifyReply,
  answer: ContactAnswer,
): Promise<FastifyReply> {
  const { scope, query } = answer;
  const format = CONTACT_FORMATS[query.format];
  const breather = new Breather(goneSignal(reply));
  const { last, pieces } = await answerPieces(services, answer, breather);
  if (last !== null && query.format !== "json") {
    reply.header("encounter-next-cursor", cursorAfter(scope, query.selection, last));
  }
  return sendText(reply, format.contentType, pieces);
}
