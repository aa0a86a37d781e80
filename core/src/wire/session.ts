import Type from "typebox";

/** Signs in with the operator token. */
export const SessionStart = Type.Object({ token: Type.String({ minLength: 1, description: "the operator token" }) });
export type SessionStart = Type.Static<typeof SessionStart>;

/** A link that signs in once. */
export const SignInLink = Type.Object({ url_path: Type.String({ description: "path of the one-time link" }) });
export type SignInLink = Type.Static<typeof SignInLink>;
