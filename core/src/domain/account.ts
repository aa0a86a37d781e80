/** What a person may do in a venue. One may have several, and others in another venue. */
export const ROLES = ["viewer", "tracer", "admin", "auditor"] as const;
export type Role = (typeof ROLES)[number];

/** The machine owner's name in the audit log: no account may have it. */
export const OPERATOR_NAME = "operator";

export const ACCOUNT_NAME_LENGTH_MAX = 64;
export const PASSWORD_LENGTH_MIN = 12;
export const PASSWORD_LENGTH_MAX = 256;
/** Longest reference to the case for which somebody traces contacts, UTF-16 units. */
export const CASE_LENGTH_MAX = 128;

const NAME = /^[\p{L}\p{N}][\p{L}\p{N}._@+-]*$/u;
const CONTROL = /\p{Cc}/u;

/** A name as accounts are kept by: the same however it is typed. */
export function accountName(typed: string): string {
  return typed.trim().normalize("NFC").toLowerCase();
}

/** What is wrong with an account's name, or null. */
export function accountNameTrouble(name: string): string | null {
  if (name === OPERATOR_NAME) return `must not be "${OPERATOR_NAME}"`;
  if (name.length <= ACCOUNT_NAME_LENGTH_MAX && NAME.test(name)) return null;
  return `must be 1 to ${ACCOUNT_NAME_LENGTH_MAX} letters, digits and . _ @ + -, and begin with a letter or digit`;
}

/** What is wrong with a password, or null. */
export function passwordTrouble(password: string, name: string): string | null {
  if (password.length < PASSWORD_LENGTH_MIN || password.length > PASSWORD_LENGTH_MAX) {
    return `must have ${PASSWORD_LENGTH_MIN} to ${PASSWORD_LENGTH_MAX} characters`;
  }
  return accountName(password) === name ? "must not be the account's name" : null;
}

/** What is wrong with a case reference, or null. */
export function caseTrouble(reference: string): string | null {
  if (reference.trim() === "") return "must not be empty";
  if (reference.length > CASE_LENGTH_MAX) return `must have at most ${CASE_LENGTH_MAX} characters`;
  return CONTROL.test(reference) ? "must not hold control characters" : null;
}
