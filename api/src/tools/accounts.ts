import { parseArgs } from "node:util";
import { ROLES, type Role } from "@encounter/core/domain/account";
import { StartError } from "@encounter/core/service/environment";
import type { Account, AccountList, PasswordLink } from "@encounter/core/wire/accounts";
import { call, findOwner, type Owner, runTool } from "./operators-call.ts";

const HELP = `npm run accounts -- COMMAND [NAME] [options]

Accounts of people who sign in on the map, for the machine's owner.

  list                                      all accounts with their roles
  add NAME --venue V --role R [--role R2]   gives roles in a venue, makes the account where there is none, and prints a
                                            one-time link with which its person sets a password
  take NAME --venue V                       takes the account's roles in a venue
  link NAME                                 prints another one-time link
  mail NAME ADDRESS                         binds the account to whoever the OpenID provider says has this address
  reset-code NAME                           takes a lost second factor away
  remove NAME                               ends the account and its sessions

  --role R         ${ROLES.join(", ")}
  --api URL        the operators' door (default http://127.0.0.1:8081)
  --data-dir DIR   where npm start keeps the operator token (default .data)
  --help           this text

Environment: OPERATOR_TOKEN, where npm start does not keep it; API_PORT.
`;

const options = {
  venue: { type: "string" },
  role: { type: "string", multiple: true },
  api: { type: "string" },
  "data-dir": { type: "string" },
  help: { type: "boolean", default: false },
} as const;

interface Wish {
  readonly owner: Owner;
  readonly name: string;
  readonly more: string | undefined;
  readonly venue: string | undefined;
  readonly roles: readonly string[];
}

const commands: Record<string, (wish: Wish) => Promise<void>> = {
  async list({ owner }) {
    const { accounts } = await call<AccountList>(owner, "GET", "/v1/accounts");
    for (const account of accounts) say(describe(account));
  },
  async add({ owner, name, venue, roles }) {
    if (roles.length === 0) throw new StartError(`add needs --role: ${ROLES.join(", ")}`);
    for (const role of roles)
      if (!ROLES.includes(role as Role)) throw new StartError(`there is no role ${role}: ${ROLES.join(", ")}`);
    const account = await call<Account>(owner, "PUT", inVenue(venue, name), { roles });
    say(`${account.name} is ${roles.join(", ")} of ${venue}`);
    if (!account.has_password && !account.has_openid) await showLink(owner, name);
  },
  async take({ owner, name, venue }) {
    await call(owner, "PUT", inVenue(venue, name), { roles: [] });
    say(`${name} has no role in ${venue} any more`);
  },
  async link({ owner, name }) {
    await showLink(owner, name);
  },
  async mail({ owner, name, more }) {
    if (more === undefined) throw new StartError("mail needs a name and an address");
    say(describe(await call<Account>(owner, "PUT", pathOf(name), { mail: more })));
  },
  async "reset-code"({ owner, name }) {
    await call(owner, "PUT", pathOf(name), { totp: null });
    say(`${name} signs in without a code`);
  },
  async remove({ owner, name }) {
    await call(owner, "DELETE", pathOf(name));
    say(`${name} is gone`);
  },
};

await runTool(async () => {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const [command = "", name, more] = positionals;
  const run = commands[command];
  if (values.help || run === undefined || (name === undefined && command !== "list")) {
    say(HELP.trimEnd());
    return values.help ? 0 : 1;
  }
  const owner = findOwner(values, process.env);
  await run({ owner, name: name ?? "", more, venue: values.venue, roles: values.role ?? [] });
  return 0;
});

async function showLink(owner: Owner, name: string): Promise<void> {
  const { url_path: path, expires_at: expiresAt } = await call<PasswordLink>(owner, "POST", `${pathOf(name)}/link`);
  say(`set the password before ${new Date(expiresAt).toISOString()}: ${owner.apiUrl}${path}`);
}

function pathOf(name: string): string {
  return `/v1/accounts/${encodeURIComponent(name)}`;
}

function inVenue(venue: string | undefined, name: string): string {
  if (venue === undefined) throw new StartError("say in which venue: --venue");
  return `/v1/venues/${encodeURIComponent(venue)}/accounts/${encodeURIComponent(name)}`;
}

function describe({ name, roles, has_password, has_totp, has_openid, mail }: Account): string {
  const signsInBy = [has_password && "password", has_totp && "code", has_openid && "OpenID", mail !== null && mail];
  const venues = Object.entries(roles).map(([venue, each]) => `${venue}: ${each.join(", ")}`);
  return `${name}  [${signsInBy.filter(Boolean).join(", ") || "no way to sign in yet"}]  ${venues.join("; ") || "no roles"}`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
