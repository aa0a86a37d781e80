import { createInvite } from "@encounter/core/service/credential-invite";
import {
  createDeviceToken,
  createGatewayKey,
  listGatewayKeys,
  revokeDeviceTokens,
  revokeGatewayKey,
} from "@encounter/core/service/credential-store";
import {
  DeviceTokenShown,
  GatewayKeyList,
  GatewayKeyShown,
  GatewayKeyWish,
  InviteShown,
  InviteWish,
} from "@encounter/core/wire/credentials";
import type { FastifyInstance } from "fastify";
import { notFound, noVenue } from "../http/api-error.ts";
import {
  answers,
  type DeviceParams,
  DevicePath,
  emptyAnswer,
  jsonAnswer,
  KeyPath,
  type VenueParams,
  VenuePath,
} from "../http/route-schema.ts";
import type { ApiServices } from "../services.ts";
import { findDevice, findVenue } from "./find-venue.ts";

const tags = ["credentials"];

/** Credentials of the devices' door. */
export function credentialRoutes(app: FastifyInstance, services: ApiServices): void {
  gatewayKeyRoutes(app, services);
  inviteRoute(app, services);
  deviceTokenRoutes(app, services);
}

function gatewayKeyRoutes(app: FastifyInstance, services: ApiServices): void {
  const { redis, now } = services;

  app.post<{ Params: VenueParams; Body: GatewayKeyWish }>(
    "/v1/venues/:venue/keys",
    {
      schema: {
        tags,
        summary: "Makes a gateway key, which may send for any device of the venue",
        params: VenuePath,
        body: GatewayKeyWish,
        response: answers({ 201: jsonAnswer("the key, shown this once", GatewayKeyShown) }, 400, 401, 403, 404),
      },
    },
    async (request, reply) => {
      const record = await findVenue(services, request.params);
      const key = await createGatewayKey(redis, record, request.body.name, now());
      if (key === null) throw noVenue(record.venueId);
      return reply.code(201).send(key);
    },
  );

  app.get<{ Params: VenueParams }>(
    "/v1/venues/:venue/keys",
    {
      schema: {
        tags,
        summary: "The gateway keys, without what they open with",
        params: VenuePath,
        response: answers({ 200: jsonAnswer("oldest first", GatewayKeyList) }, 401, 404),
      },
    },
    async (request): Promise<GatewayKeyList> => {
      const keys = await listGatewayKeys(redis, await findVenue(services, request.params));
      return { keys: keys.map(({ id, name, createdMs }) => ({ id, name, created_at: createdMs })) };
    },
  );

  app.delete<{ Params: VenueParams & { id: string } }>(
    "/v1/venues/:venue/keys/:id",
    {
      schema: {
        tags,
        summary: "Ends a gateway key; its sockets close",
        params: KeyPath,
        response: answers({ 204: emptyAnswer("it is ended") }, 401, 403, 404),
      },
    },
    async (request, reply) => {
      const record = await findVenue(services, request.params);
      if (!(await revokeGatewayKey(redis, record, request.params.id))) {
        throw notFound("there is no such key: GET /v1/venues/{venue}/keys lists them");
      }
      return reply.code(204).send();
    },
  );
}

function inviteRoute(app: FastifyInstance, services: ApiServices): void {
  app.post<{ Params: VenueParams; Body: InviteWish }>(
    "/v1/venues/:venue/invites",
    {
      schema: {
        tags,
        summary: "Makes an invite code, which devices exchange for a token of their own",
        params: VenuePath,
        body: InviteWish,
        response: answers({ 201: jsonAnswer("the code, shown this once", InviteShown) }, 400, 401, 403, 404),
      },
    },
    async (request, reply) => {
      const record = await findVenue(services, request.params);
      const invite = await createInvite(services.redis, record, request.body.max_uses);
      if (invite === null) throw noVenue(record.venueId);
      return reply.code(201).send({ code: invite.code, max_uses: invite.maxUses });
    },
  );
}

function deviceTokenRoutes(app: FastifyInstance, services: ApiServices): void {
  const { redis, now } = services;

  app.post<{ Params: DeviceParams }>(
    "/v1/venues/:venue/devices/:device/token",
    {
      schema: {
        tags,
        summary: "Makes a token for one device",
        params: DevicePath,
        response: answers({ 201: jsonAnswer("the token, shown this once", DeviceTokenShown) }, 400, 401, 403, 404),
      },
    },
    async (request, reply) => {
      const record = await findVenue(services, request.params);
      const deviceId = findDevice(services, record, request.params);
      const issued = await createDeviceToken(redis, record, deviceId, now());
      if (issued === null) throw noVenue(record.venueId);
      return reply.code(201).send({ token: issued.token, expires_at: issued.expiresAtMs });
    },
  );

  app.delete<{ Params: DeviceParams }>(
    "/v1/venues/:venue/devices/:device/token",
    {
      schema: {
        tags,
        summary: "Ends all tokens of a device; its sockets close",
        params: DevicePath,
        response: answers({ 204: emptyAnswer("they are ended") }, 401, 403, 404),
      },
    },
    async (request, reply) => {
      const record = await findVenue(services, request.params);
      const deviceId = findDevice(services, record, request.params);
      if (!(await revokeDeviceTokens(redis, record, deviceId))) throw notFound("this device has no token here");
      return reply.code(204).send();
    },
  );
}
