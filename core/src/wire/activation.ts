import Type from "typebox";
import { Compile } from "typebox/compile";
import { ID_LENGTH_MAX, idTrouble } from "./identity.ts";

/** Longest text that is looked at as an invite code, with its spaces and dashes. */
export const CODE_LENGTH_MAX = 64;

/** What a device sends to be let into a venue. Unknown further members are ignored. */
export const ActivationRequest = Type.Object({
  code: Type.String({
    minLength: 1,
    maxLength: CODE_LENGTH_MAX,
    description: "invite code; case and dashes do not matter",
  }),
  device_id: Type.String({ minLength: 1, maxLength: ID_LENGTH_MAX }),
});
export type ActivationRequest = Type.Static<typeof ActivationRequest>;

/** A device's token, shown once. */
export const ActivationReply = Type.Object({
  venue_id: Type.String(),
  token: Type.String(),
  expires_at: Type.Integer({ description: "ms since the Unix epoch" }),
});
export type ActivationReply = Type.Static<typeof ActivationReply>;

const shape = Compile(ActivationRequest);

/** What is wrong with a value that should be an {@link ActivationRequest}, or null where it is one. */
export function activationTrouble(value: unknown): string | null {
  if (!shape.Check(value)) {
    return `send {"code":"...","device_id":"..."}: a code of at most ${CODE_LENGTH_MAX} characters and an id of 1 to ${ID_LENGTH_MAX}`;
  }
  const trouble = idTrouble(value.device_id);
  return trouble === null ? null : `device_id ${trouble}`;
}
