import { accountName } from "@encounter/core/domain/account";
import type { PasswordSignIn } from "@encounter/core/wire/accounts";
import { unauthorized } from "../access/access.ts";
import type { MachineKey } from "../access/machine-key.ts";
import type { SessionOwner } from "../access/session-store.ts";
import type { AuditLog } from "../audit/audit-log.ts";
import { ApiError } from "../http/api-error.ts";
import type { AccountStore, StoredAccount } from "./account-store.ts";
import type { PasswordHasher } from "./password-hash.ts";
import type { SecondFactor } from "./second-factor.ts";
import type { Throttle } from "./throttle.ts";

export interface SignInDependencies {
  readonly accounts: AccountStore;
  readonly passwords: PasswordHasher;
  readonly secondFactor: SecondFactor;
  readonly throttle: Throttle;
  readonly audit: AuditLog;
  readonly key: MachineKey;
  readonly isToken: (text: string) => boolean;
}

/** Signing in with something one knows. Each attempt is counted before it is looked at, and written down. */
export class SignIn {
  private readonly dependencies: SignInDependencies;

  constructor(dependencies: SignInDependencies) {
    this.dependencies = dependencies;
  }

  /** @throws ApiError 401 where it is not the operator token, 429 after too many attempts */
  async withToken(token: string, address: string): Promise<SessionOwner> {
    await this.count("operator", address);
    if (!this.dependencies.isToken(token)) return this.fail("operator", "token");
    await this.succeed("operator", "token");
    return { kind: "operator" };
  }

  /** @throws ApiError 401 where name, password or code are wrong or a code is missing, 429 after too many attempts */
  async withPassword({ name: typed, password, code }: PasswordSignIn, address: string): Promise<SessionOwner> {
    const { accounts, passwords } = this.dependencies;
    const name = accountName(typed);
    await this.count(name, address);
    const account = await accounts.load(name);
    const isRight = await passwords.verify(password, account?.passwordHash ?? null);
    if (account === null || !isRight) return this.fail(account === null ? null : name, "password", name);
    if (account.totp !== null) await this.requireCode(account, account.totp, code);
    await this.succeed(name, "password");
    return { kind: "account", name, generation: account.generation };
  }

  private async requireCode({ name }: StoredAccount, totp: string, code: string | undefined): Promise<void> {
    if (code === undefined) throw new ApiError(401, "code_needed", "send the code of your authenticator, too: `code`");
    if (!(await this.dependencies.secondFactor.accepts(name, totp, code))) await this.fail(name, "code");
  }

  private async count(name: string, address: string): Promise<void> {
    try {
      await this.dependencies.throttle.attempt(name, address);
    } catch (error) {
      const detail = { name: this.nameMark(name) };
      await this.dependencies.audit.note({ actor: "nobody", action: "sign-in.throttled", detail }, ["throttled", name]);
      throw error;
    }
  }

  /** @param name null where there is no such account: what was typed may be a password, so it is kept as a keyed hash */
  private async fail(name: string | null, by: string, typed = ""): Promise<never> {
    const detail = { by, ...(name === null ? { name: this.nameMark(typed) } : {}) };
    await this.dependencies.audit.note({ actor: name ?? "nobody", action: "sign-in.failed", detail });
    throw name === "operator" ? unauthorized() : wrongPassword();
  }

  private async succeed(name: string, by: string): Promise<void> {
    await this.dependencies.throttle.succeeded(name);
    await this.dependencies.audit.write({ actor: name, action: "sign-in", detail: { by } });
  }

  private nameMark(name: string): string {
    return this.dependencies.key.hash("audit mark", "name", name).slice(0, 22);
  }
}

/** The same whatever was wrong. */
function wrongPassword(): ApiError {
  return new ApiError(401, "unauthorized", "name, password or code are wrong", {
    "www-authenticate": 'Bearer realm="encounter"',
  });
}
