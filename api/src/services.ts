import type { Logger } from "@encounter/core/service/log";
import type { RedisClient } from "@encounter/core/service/redis";
import type { RefusalTrace } from "@encounter/core/service/refusal-trace";
import type { VenueEditor } from "@encounter/core/service/venue-store";
import type { MaintenanceJob } from "@encounter/core/storage/jobs";
import type { Aliases } from "./access/aliases.ts";
import type { Connections } from "./access/connection.ts";
import type { SessionStore } from "./access/session-store.ts";
import type { AccountStore } from "./accounts/account-store.ts";
import type { PasswordHasher } from "./accounts/password-hash.ts";
import type { PasswordLinks } from "./accounts/password-links.ts";
import type { SecondFactor } from "./accounts/second-factor.ts";
import type { SignIn } from "./accounts/sign-in.ts";
import type { Throttle } from "./accounts/throttle.ts";
import type { AuditLog } from "./audit/audit-log.ts";
import type { ApiConfig } from "./config.ts";
import type { ContactFinder } from "./contacts/contact-finder.ts";
import type { DeviceNames } from "./contacts/device-names.ts";
import type { Live } from "./live/index.ts";
import type { ApiMetrics } from "./metrics.ts";
import type { MinuteFrames } from "./minutes/minute-frame.ts";
import type { VenuePlaces } from "./place/venue-places.ts";

/** What the routes work with. */
export interface ApiServices {
  readonly config: ApiConfig;
  readonly redis: RedisClient;
  readonly log: Logger;
  readonly now: () => number;
  readonly sessions: SessionStore;
  readonly connections: Connections;
  readonly trace: RefusalTrace;
  readonly accounts: AccountStore;
  readonly passwords: PasswordHasher;
  readonly links: PasswordLinks;
  readonly secondFactor: SecondFactor;
  readonly throttle: Throttle;
  readonly signIn: SignIn;
  readonly audit: AuditLog;
  readonly aliases: Aliases;
  readonly editor: VenueEditor;
  readonly enqueue: (job: MaintenanceJob) => Promise<void>;
  readonly names: DeviceNames;
  readonly places: VenuePlaces;
  readonly frames: MinuteFrames;
  readonly finder: ContactFinder;
  readonly live: Pick<Live, "status">;
  readonly metrics: ApiMetrics;
}
