import fc from "fast-check";
import { expect, test } from "vitest";
import { idTrouble } from "../wire/identity.ts";
import { credentialText, hashSecret, isSecretOf, newCredential, parseCredential } from "./credential-token.ts";

const id = fc.string({ unit: "binary", minLength: 1, maxLength: 128 }).filter((text) => idTrouble(text) === null);

test("every venue and device can be named in a text that is read back", () => {
  fc.assert(
    fc.property(id, fc.option(id), (venueId, deviceId) => {
      const credential = newCredential(venueId, deviceId);
      expect(parseCredential(credentialText(credential))).toEqual(credential);
    }),
  );
});

test("a text is allowed in a header and as a WebSocket subprotocol", () => {
  fc.assert(
    fc.property(id, fc.option(id), (venueId, deviceId) => {
      expect(`bearer.${credentialText(newCredential(venueId, deviceId))}`).toMatch(/^[\w!#$%&'*+.^`|~-]+$/);
    }),
  );
});

test("the longest ids make a text that is read", () => {
  const longest = "\u{ffff}".repeat(128);
  expect(parseCredential(credentialText(newCredential(longest, longest)))?.deviceId).toBe(longest);
});

test("a text that nobody was given is not read", () => {
  const text = credentialText(newCredential("venue", "device"));
  for (const wrong of [
    "",
    text.slice(1),
    text.slice(0, -1),
    `${text}A`,
    `${text} `,
    text.replace("dt_", "ek_"),
    text.replace("dt_", "dt_="),
    // Another text of the same bytes: base64 whose unused bits are not zero.
    text.replace(".ZGV2aWNl.", ".ZGV2aWNl=."),
    text.replace("dt_dmVudWU.", "dt_dmVudWV."),
    // "..": no id
    text.replace("dt_dmVudWU.", "dt_Li4."),
    `dt_${"A".repeat(5_000)}.ZGV2aWNl.${"a".repeat(12)}.${"a".repeat(43)}`,
  ]) {
    expect(parseCredential(wrong), wrong).toBeNull();
  }
});

test("a stored hash tells its secret from all others, and is not the secret", () => {
  const { secret } = newCredential("venue", null);
  const hash = hashSecret(secret);
  expect(hash).not.toContain(secret);
  expect(isSecretOf(secret, hash)).toBe(true);
  expect(isSecretOf(newCredential("venue", null).secret, hash)).toBe(false);
  expect(isSecretOf(secret, "")).toBe(false);
});
