import type { Logger } from "@encounter/core/service/log";
import type { RedisClient } from "@encounter/core/service/redis";
import type { VenueEditor } from "@encounter/core/service/venue-store";
import type { MaintenanceJob } from "@encounter/core/storage/jobs";
import type { OperatorAccess } from "./access/operator-access.ts";
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
  readonly access: OperatorAccess;
  readonly editor: VenueEditor;
  readonly enqueue: (job: MaintenanceJob) => Promise<void>;
  readonly names: DeviceNames;
  readonly places: VenuePlaces;
  readonly frames: MinuteFrames;
  readonly finder: ContactFinder;
  readonly live: Pick<Live, "status">;
  readonly metrics: ApiMetrics;
}
