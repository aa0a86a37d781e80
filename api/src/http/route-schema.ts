import { CASE_LENGTH_MAX } from "@encounter/core/domain/account";
import { ID_LENGTH_MAX } from "@encounter/core/wire/identity";
import { ErrorAnswer } from "@encounter/core/wire/trouble";
import type { RouteOptions } from "fastify";
import Type, { type TSchema } from "typebox";

const Id = (what: string) =>
  Type.String({ minLength: 1, maxLength: ID_LENGTH_MAX, description: `${what}'s id, percent-encoded UTF-8` });

/** Path of a venue, of a device in it, and of other things in it. */
export const VenuePath = Type.Object({ venue: Id("venue") });
export const DevicePath = Type.Object({ venue: Id("venue"), device: Id("device") });
export const KeyPath = Type.Object({ venue: Id("venue"), id: Type.String() });
export const MinutePath = Type.Object({
  venue: Id("venue"),
  minute: Type.Integer({ minimum: 0, description: "floor(ms since the Unix epoch / 60000)" }),
});

export const AccountPath = Type.Object({ account: Type.String({ description: "the account's name" }) });
export const VenueAccountPath = Type.Object({ venue: Id("venue"), account: Type.String({ description: "its name" }) });

/** For which case somebody traces: checked and written down before the call is made. */
export const caseParameter = {
  case: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: CASE_LENGTH_MAX,
      description: "reference of the case for which a tracer reads this; it stands in the audit log",
    }),
  ),
};

export interface VenueParams {
  readonly venue: string;
}
export interface DeviceParams extends VenueParams {
  readonly device: string;
}

/** `from` and `to` of a query. */
export const windowParameters = {
  from: Type.Optional(
    Type.String({
      description: "start of the window: ms, or ISO 8601 with an offset; 24 hours before `to` where absent",
    }),
  ),
  to: Type.Optional(
    Type.String({ description: "end of the window, exclusive: ms, or ISO 8601 with an offset; now where absent" }),
  ),
};

const ERRORS: Record<number, string> = {
  400: "something in the request is wrong; the message says what, and what is allowed",
  401: "no operator token and no session",
  403: "whoever asks has another role, or it is a signed-in browser, but from another site's page",
  404: "there is no such thing",
  405: "the path takes other methods",
  409: "it does not go together with what is stored",
  413: "the body is too large",
  415: "the body is not JSON",
  429: "too many attempts: try again after `Retry-After` seconds",
  426: "this is a WebSocket",
  503: "Redis does not answer, or too many searches wait: try again after `Retry-After` seconds",
};

/** Answers of a call: its own, and the errors it may have. */
export function answers(own: Record<number, unknown>, ...errors: number[]): Record<number, unknown> {
  const troubles = errors.map((status) => [status, { description: ERRORS[status], ...ErrorAnswer }]);
  return { ...own, ...Object.fromEntries(troubles) };
}

/** An answer of one JSON form. */
export function jsonAnswer(description: string, schema: TSchema): unknown {
  return { description, content: { "application/json": { schema } } };
}

/** An answer without a body. */
export function emptyAnswer(description: string): unknown {
  return { description, type: "null" };
}

/** Says in a call's description who may make it. */
export function describeRight(route: RouteOptions, words: string): void {
  const schema = route.schema ?? {};
  const { description, response } = schema;
  route.schema = {
    ...schema,
    description: description === undefined ? words : `${description}\n\n${words}`,
    response: { ...answers({}, 401, 403, 503), ...(response as object) },
  };
}
