import Type from "typebox";
import { PasswordSignIn } from "./accounts.ts";

/** Signs in with the operator token. */
const TokenSignIn = Type.Object({ token: Type.String({ minLength: 1, description: "the operator token" }) });

/** Signs in with the operator token, or to an account. */
export const SessionStart = Type.Union([TokenSignIn, PasswordSignIn]);
export type SessionStart = Type.Static<typeof SessionStart>;

/** A link that signs in once. */
export const SignInLink = Type.Object({ url_path: Type.String({ description: "path of the one-time link" }) });
export type SignInLink = Type.Static<typeof SignInLink>;
