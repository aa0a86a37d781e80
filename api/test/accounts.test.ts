import { randomBytes } from "node:crypto";
import { ACCOUNTS_KEY } from "@encounter/core/storage/keys";
import { Secret, TOTP } from "otpauth";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MachineKey } from "../src/access/machine-key.ts";
import { PasswordHasher } from "../src/accounts/password-hash.ts";
import { Throttle } from "../src/accounts/throttle.ts";
import { type Answer, cookieIn, OPERATOR_TOKEN, OperatorsDoor, type Person } from "./operators-door.ts";

let door: OperatorsDoor;
let offsetMs = 0;
const now = () => Date.now() + offsetMs;

beforeAll(async () => {
  door = await OperatorsDoor.open(
    { TRUST_PROXY: "1", SESSION_IDLE_MINUTES: "30", SESSION_MAX_MINUTES: "60" },
    {},
    { now },
  );
  await door.createVenue("hall");
});
afterAll(() => door.close());

let addresses = 0;
/** Each attempt from an address of its own: what is counted by address is a test of its own. */
const signIn = (body: object, headers: Record<string, string> = {}): Promise<Answer> => {
  addresses++;
  return door.ask("/v1/session", {
    method: "POST",
    guest: true,
    body,
    headers: { "x-forwarded-for": `10.0.${addresses >> 8}.${addresses & 255}`, ...headers },
  });
};
const codeOf = (secret: string) => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: now() });

describe("a password", () => {
  let person: Person;
  beforeAll(async () => {
    person = await door.person("paula", { hall: ["viewer"] });
  });

  test("is set with a link that works once, and is stored as argon2id", async () => {
    const { url_path: path } = (await door.ask("/v1/accounts/paula/link", { method: "POST" })).json;
    const set = (password: string) =>
      door.ask("/v1/password", { method: "POST", guest: true, body: { code: path.slice(15), password } });
    for (const bad of ["short", "x".repeat(257)]) expect((await set(bad)).status).toBe(400);
    expect((await set(person.password)).status).toBe(204);
    expect((await set(person.password)).status).toBe(404);
    const stored = (await door.redis.hget(ACCOUNTS_KEY, "paula")) as string;
    expect(stored).toContain("$argon2id$v=19$m=19456,t=2,p=1$");
    expect(stored).not.toContain(person.password);
    expect((await door.redis.keys("*")).join()).not.toContain(path.slice(15));
  });

  test("signs in, in any writing of the name, and ends the sessions before it", async () => {
    expect((await person.ask("/v1/session")).status).toBe(401);
    const signed = await signIn({ name: " Paula ", password: person.password });
    expect(signed.status).toBe(204);
    const info = await door.ask("/v1/session", { guest: true, headers: { cookie: cookieIn(signed) } });
    expect(info.json).toEqual({
      name: "paula",
      operator: false,
      has_password: true,
      has_totp: false,
      roles: { hall: ["viewer"] },
    });
  });

  test("that is wrong is refused as a name is that nobody has, and takes as long", async () => {
    const wrong = await signIn({ name: "paula", password: "not the password" });
    const nobody = await signIn({ name: "nobody-has-this", password: "not the password" });
    expect([wrong.status, wrong.text]).toEqual([401, nobody.text]);
    const passwords = new PasswordHasher();
    const hash = await passwords.hash("right");
    const timed = async (stored: string | null) => {
      const times: number[] = [];
      for (let n = 0; n < 5; n++) {
        // The processor's time, of all threads: the clock's is also that of whoever else shares the machine.
        const before = process.cpuUsage();
        expect(await passwords.verify("wrong", stored)).toBe(false);
        const { user, system } = process.cpuUsage(before);
        times.push((user + system) / 1_000);
      }
      return Math.min(...times);
    };
    const [known, unknown] = [await timed(hash), await timed(null)];
    expect(Math.max(known, unknown) / Math.min(known, unknown)).toBeLessThan(2);
    expect(known).toBeGreaterThan(10);
    expect(await passwords.verify("right", hash)).toBe(true);
    await passwords.stop();
  });

  test("does not sign in where there is none yet", async () => {
    await door.ask("/v1/accounts/empty", { method: "PUT", body: {} });
    expect((await signIn({ name: "empty", password: "anything at all" })).status).toBe(401);
  });
});

describe("one's own password", () => {
  let person: Person;
  const change = (body: object) => person.ask("/v1/session/password", { method: "PUT", body });
  const isOpen = async (cookie: string) =>
    (await door.ask("/v1/session", { guest: true, headers: { cookie } })).status === 200;
  const password = "another password of tests";
  beforeAll(async () => {
    person = await door.person("olga", { hall: ["viewer"] });
  });

  test("is changed by whoever knows it: every other session ends, links to set one die, this browser goes on", async () => {
    const elsewhere = cookieIn(await signIn({ name: "olga", password: person.password }));
    const { url_path: link } = (await door.ask("/v1/accounts/olga/link", { method: "POST" })).json;
    expect(await isOpen(elsewhere)).toBe(true);
    const changed = await change({ current: person.password, password });
    expect(changed.status).toBe(204);
    expect(await Promise.all([elsewhere, person.cookie, cookieIn(changed)].map(isOpen))).toEqual([false, false, true]);
    const used = { code: link.slice(15), password: "what the link would set" };
    expect((await door.ask("/v1/password", { method: "POST", guest: true, body: used })).status).toBe(404);
    expect((await signIn({ name: "olga", password: person.password })).status).toBe(401);
    expect((await signIn({ name: "olga", password })).status).toBe(204);
  });

  test("stays where the current one is wrong or the new one is none; it is in the log, and counted as guessing", async () => {
    person = await door.person("oskar", {});
    for (const body of [
      { current: "something wrong", password },
      { current: person.password, password: "short" },
      { current: person.password, password: "x".repeat(257) },
      { password },
    ]) {
      expect((await change(body)).status).toBe(400);
    }
    const { entries } = (await door.ask("/v1/audit?action=password.")).json;
    const mine = entries.filter(({ actor }: { actor: string }) => actor === "oskar");
    expect(mine[0]).toMatchObject({ action: "password.set" });
    expect(mine.filter(({ action }: { action: string }) => action === "password.refused")).toHaveLength(1);
    expect(JSON.stringify(mine)).not.toMatch(/wrong|another/);
    // As after ten guesses, each of which would take its time.
    const counters = await door.redis.keys("encounter:throttle:account:*");
    for (const counter of counters) await door.redis.set(counter, 10, "KEEPTTL");
    const { status, json } = await change({ current: person.password, password });
    expect([status, json.error.code]).toEqual([429, "too_many_attempts"]);
    expect(await isOpen(person.cookie)).toBe(true);
    await door.redis.del(...counters);
    expect((await change({ current: person.password, password })).status).toBe(204);
  });

  test("is none of the machine owner's, nor of another site's page", async () => {
    const body = { current: "x", password };
    expect((await door.ask("/v1/session/password", { method: "PUT", body })).status).toBe(409);
    const elsewhere = { method: "PUT", body, headers: { origin: "https://elsewhere.example" } };
    expect((await person.ask("/v1/session/password", elsewhere)).status).toBe(401);
    const other = await door.person("otto", {});
    expect((await other.ask("/v1/session/password", elsewhere)).status).toBe(403);
    expect((await door.ask("/v1/session/password", { method: "PUT", body, guest: true })).status).toBe(401);
  });
});

describe("a second factor", () => {
  test("is asked for once it was confirmed, each code counts once, and an owner takes it away", async () => {
    const person = await door.person("tom", {});
    const offer = (await person.ask("/v1/session/second-factor", { method: "POST" })).json;
    expect(offer.url).toMatch(/^otpauth:\/\/totp\/Encounter:tom\?/);
    const confirm = (code: string) => person.ask("/v1/session/second-factor", { method: "PUT", body: { code } });
    expect((await signIn({ name: "tom", password: person.password })).status).toBe(204);
    expect(
      (
        await confirm(
          String(Number(codeOf(offer.secret)) + 1)
            .padStart(6, "0")
            .slice(-6),
        )
      ).status,
    ).toBe(400);
    expect((await confirm(codeOf(offer.secret))).status).toBe(204);
    expect((await door.redis.hget(ACCOUNTS_KEY, "tom")) as string).not.toContain(offer.secret);

    const asked = await signIn({ name: "tom", password: person.password });
    expect([asked.status, asked.json.error.code, asked.headers.has("set-cookie")]).toEqual([401, "code_needed", false]);
    offsetMs += 60_000;
    const code = codeOf(offer.secret);
    expect((await signIn({ name: "tom", password: person.password, code })).status).toBe(204);
    expect((await signIn({ name: "tom", password: person.password, code })).status).toBe(401);
    offsetMs += 300_000;
    expect((await signIn({ name: "tom", password: person.password, code })).status).toBe(401);
    expect(
      (await signIn({ name: "tom", password: "wrong password", code: codeOf(offer.secret) })).json.error.code,
    ).toBe("unauthorized");
    await door.ask("/v1/accounts/tom", { method: "PUT", body: { totp: null } });
    expect((await signIn({ name: "tom", password: person.password })).status).toBe(204);
    offsetMs = 0;
  });
});

describe("guessing", () => {
  const throttled = ({ status, json, headers }: Answer) => {
    expect([status, json.error.code]).toEqual([429, "too_many_attempts"]);
    const waitS = Number(headers.get("retry-after"));
    expect(waitS).toBeGreaterThan(0);
    expect(waitS).toBeLessThanOrEqual(300);
  };

  test("one account ends after ten attempts, wherever they come from, also with the right password", async () => {
    const person = await door.person("victim", {});
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) => signIn({ name: "victim", password: `guess number ${n}` })),
    );
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(10);
    throttled(await signIn({ name: "victim", password: person.password }));
    const keys = await door.redis.keys("encounter:throttle:*");
    expect(keys.join()).not.toMatch(/victim|10\.0/);
    for (const key of keys) expect(await door.redis.pttl(key)).toBeGreaterThan(0);
    await door.redis.del(...(await door.redis.keys("encounter:throttle:account:*")));
    expect((await signIn({ name: "victim", password: person.password })).status).toBe(204);
  });

  test("the operator token ends, too, while its bearer goes on", async () => {
    for (let n = 0; n < 10; n++) await signIn({ token: `guess ${n}` });
    throttled(await signIn({ token: OPERATOR_TOKEN }));
    expect((await door.ask("/v1/venues")).status).toBe(200);
    await door.redis.del(...(await door.redis.keys("encounter:throttle:account:*")));
  });

  test("from one address ends, whatever the names; a success buys no more", async () => {
    const limits = { windowMs: 60_000, perAccount: 100, perAddress: 3 };
    const throttle = new Throttle(door.redis, new MachineKey(randomBytes(8).toString("hex")), limits);
    for (const name of ["a", "b", "c"]) await throttle.attempt(name, "192.0.2.7");
    await throttle.succeeded("a");
    await expect(throttle.attempt("d", "192.0.2.7")).rejects.toMatchObject({ status: 429 });
    await expect(throttle.attempt("d", "192.0.2.8")).resolves.toBeUndefined();
  });
});

describe("a session", () => {
  const isOpen = async (cookie: string) =>
    (await door.ask("/v1/session", { guest: true, headers: { cookie } })).status === 200;

  test("ends when nobody uses it, and after its longest time however much it is used", async () => {
    const cookie = cookieIn(await signIn({ token: OPERATOR_TOKEN }));
    const lifetimes = await Promise.all(
      (await door.redis.keys("encounter:session:*")).map((key) => door.redis.pttl(key)),
    );
    expect(Math.max(...lifetimes)).toBeLessThanOrEqual(30 * 60_000);
    offsetMs = 45 * 60_000;
    expect(await isOpen(cookie)).toBe(true);
    offsetMs = 61 * 60_000;
    expect(await isOpen(cookie)).toBe(false);
    offsetMs = 0;
    expect(await isOpen(cookie)).toBe(false);
  });

  test("over TLS is in a cookie that only this host can set, and the bare name then counts nothing", async () => {
    const overTls = { "x-forwarded-proto": "https" };
    const signed = await signIn({ token: OPERATOR_TOKEN }, overTls);
    const cookie = signed.headers.get("set-cookie") as string;
    expect(cookie).toMatch(/^__Host-encounter_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Secure$/);
    const id = cookieIn(signed).split("=")[1];
    const ask = (name: string) =>
      door.ask("/v1/session", { guest: true, headers: { ...overTls, cookie: `${name}=${id}` } });
    expect((await ask("__Host-encounter_session")).status).toBe(200);
    expect((await ask("encounter_session")).status).toBe(401);
  });

  test("does not start where others could listen in", async () => {
    const { host } = new URL(door.api.url);
    expect((await signIn({ token: OPERATOR_TOKEN }, { host })).status).toBe(204);
    const { status, text } = await plainSignIn("encounter.example");
    expect([status, text]).toEqual([403, expect.stringContaining("https")]);
  });

  test("of an account that is gone, or whose password is another, is over", async () => {
    const person = await door.person("leaver", { hall: ["admin"] });
    expect(await isOpen(person.cookie)).toBe(true);
    await door.ask("/v1/accounts/leaver", { method: "DELETE" });
    expect(await isOpen(person.cookie)).toBe(false);
    await door.person("leaver", {});
    expect(await isOpen(person.cookie)).toBe(false);
  });
});

/** `fetch` sets the host itself. */
async function plainSignIn(host: string): Promise<{ status: number; text: string }> {
  const { request } = await import("node:http");
  return new Promise((resolve, reject) => {
    const asked = request(
      `${door.api.url}/v1/session`,
      { method: "POST", headers: { host, "content-type": "application/json" } },
      async (answer) => {
        let text = "";
        for await (const piece of answer) text += piece;
        resolve({ status: answer.statusCode ?? 0, text });
      },
    );
    asked.on("error", reject);
    asked.end(JSON.stringify({ token: OPERATOR_TOKEN }));
  });
}
