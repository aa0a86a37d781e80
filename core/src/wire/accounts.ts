import Type from "typebox";
import { ACCOUNT_NAME_LENGTH_MAX, PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN, ROLES } from "../domain/account.ts";

const RoleName = Type.Enum([...ROLES]);
const RoleNames = Type.Array(RoleName, { maxItems: ROLES.length, uniqueItems: true });
const VenueRoles = Type.Record(Type.String(), RoleNames, { description: "roles by venue" });
const OpenIdSubject = Type.Object({
  issuer: Type.String({ minLength: 1, maxLength: 512 }),
  subject: Type.String({ minLength: 1, maxLength: 256 }),
});
const Mail = Type.String({ minLength: 3, maxLength: 254, pattern: "^[^\\s@]+@[^\\s@]+$" });

/** An account without its secrets. */
export const Account = Type.Object({
  name: Type.String(),
  has_password: Type.Boolean(),
  has_totp: Type.Boolean({ description: "whether a code is asked for with the password" }),
  has_openid: Type.Boolean({ description: "whether a person of the OpenID provider is bound to it" }),
  mail: Type.Union([Type.String(), Type.Null()], {
    description: "whoever the OpenID provider says has this address, verified, is bound to the account",
  }),
  roles: VenueRoles,
});
export type Account = Type.Static<typeof Account>;

export const AccountList = Type.Object({ accounts: Type.Array(Account) });
export type AccountList = Type.Static<typeof AccountList>;

/** A wish to make or change an account; what is absent stays. */
export const AccountChange = Type.Object({
  roles: Type.Optional(VenueRoles),
  mail: Type.Optional(Type.Union([Mail, Type.Null()])),
  openid: Type.Optional(Type.Union([OpenIdSubject, Type.Null()])),
  totp: Type.Optional(Type.Null({ description: "null takes a lost second factor away" })),
});
export type AccountChange = Type.Static<typeof AccountChange>;

/** The roles of an account in one venue, all of them; none takes them away. */
export const RolesChange = Type.Object({ roles: RoleNames });
export type RolesChange = Type.Static<typeof RolesChange>;

/** Where somebody sets a password, once. */
export const PasswordLink = Type.Object({
  url_path: Type.String({ description: "path of the one-time link on this service" }),
  expires_at: Type.Integer({ description: "ms since the Unix epoch" }),
});
export type PasswordLink = Type.Static<typeof PasswordLink>;

export const PasswordChoice = Type.Object({
  code: Type.String({ minLength: 1, maxLength: 128, description: "what the link holds after `set-password=`" }),
  password: Type.String({ description: `${PASSWORD_LENGTH_MIN} to ${PASSWORD_LENGTH_MAX} characters` }),
});
export type PasswordChoice = Type.Static<typeof PasswordChoice>;

/** A new password for one's own account. */
export const OwnPasswordChange = Type.Object({
  current: Type.String({ minLength: 1, maxLength: PASSWORD_LENGTH_MAX, description: "the password so far" }),
  password: Type.String({ description: `the new one, ${PASSWORD_LENGTH_MIN} to ${PASSWORD_LENGTH_MAX} characters` }),
});
export type OwnPasswordChange = Type.Static<typeof OwnPasswordChange>;

/** Who is signed in. */
export const SessionInfo = Type.Object({
  name: Type.String({ description: "`operator` for the machine's owner, else the account" }),
  operator: Type.Boolean({ description: "whether it has every right" }),
  has_password: Type.Boolean({
    description: "whether the account has one: not where a provider alone knows its person",
  }),
  has_totp: Type.Boolean(),
  roles: VenueRoles,
});
export type SessionInfo = Type.Static<typeof SessionInfo>;

/** In which ways one may sign in here. */
export const SignInWays = Type.Object({
  openid: Type.Union([Type.Object({ name: Type.String(), url_path: Type.String() }), Type.Null()]),
});
export type SignInWays = Type.Static<typeof SignInWays>;

/** A second factor that counts once a code of it was given. */
export const TotpOffer = Type.Object({
  secret: Type.String({ description: "base32, shown this once" }),
  url: Type.String({ description: "otpauth:// for an authenticator" }),
});
export type TotpOffer = Type.Static<typeof TotpOffer>;

const TotpDigits = Type.String({ pattern: "^\\d{6}$" });
export const TotpCode = Type.Object({ code: TotpDigits });
export type TotpCode = Type.Static<typeof TotpCode>;

/** Name and password, with a code where one is asked for. */
export const PasswordSignIn = Type.Object({
  name: Type.String({ minLength: 1, maxLength: ACCOUNT_NAME_LENGTH_MAX * 2 }),
  password: Type.String({ minLength: 1, maxLength: PASSWORD_LENGTH_MAX }),
  code: Type.Optional(TotpDigits),
});
export type PasswordSignIn = Type.Static<typeof PasswordSignIn>;
