import Type from "typebox";
import { INVITE_USES, NAME_LENGTH_MAX } from "../domain/venue-settings.ts";

/** A wish for a gateway key. */
export const GatewayKeyWish = Type.Object({ name: Type.String({ minLength: 1, maxLength: NAME_LENGTH_MAX }) });
export type GatewayKeyWish = Type.Static<typeof GatewayKeyWish>;

/** A gateway key, shown once. */
export const GatewayKeyShown = Type.Object({ id: Type.String(), key: Type.String({ description: "shown once" }) });

/** A venue's gateway keys, oldest first, without what they open with. */
export const GatewayKeyList = Type.Object({
  keys: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      created_at: Type.Integer({ description: "ms since the Unix epoch" }),
    }),
  ),
});
export type GatewayKeyList = Type.Static<typeof GatewayKeyList>;

/** A wish for an invite code. */
export const InviteWish = Type.Object({
  max_uses: Type.Integer({
    minimum: INVITE_USES.least,
    maximum: INVITE_USES.most,
    description: "devices that it lets in",
  }),
});
export type InviteWish = Type.Static<typeof InviteWish>;

/** An invite code, shown once. */
export const InviteShown = Type.Object({
  code: Type.String({ description: "shown once; devices exchange it for a token" }),
  max_uses: Type.Integer(),
});

/** A device's token, shown once. */
export const DeviceTokenShown = Type.Object({
  token: Type.String({ description: "shown once" }),
  expires_at: Type.Integer({ description: "ms since the Unix epoch" }),
});
