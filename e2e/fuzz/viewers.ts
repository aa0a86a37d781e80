import fc from "fast-check";
import { expect } from "vitest";
import { clientFrame, RawConnection, upgradeRequest } from "../../core/test/raw-connection.ts";
import { OPERATOR_TOKEN, type System } from "../system.ts";
import { socketBytes } from "./byte-salad.ts";
import type { FuzzRun } from "./fuzz-run.ts";

const look = fc
  .oneof(
    fc.record({ type: fc.constantFrom("look", "look", "hello"), proximity: fc.jsonValue(), certain: fc.jsonValue() }),
    fc.jsonValue(),
  )
  .map((said) => clientFrame(1, Buffer.from(JSON.stringify(said))));

/** What no viewer says, said on the live map's socket. */
export async function viewersSalad(run: FuzzRun, system: System, venueId: string, frames: number): Promise<void> {
  const path = `/v1/venues/${encodeURIComponent(venueId)}/live`;
  const some = fc.array(fc.oneof(look, socketBytes), { minLength: 1, maxLength: 5 });
  await run.check("viewers' frames", frames, some, async (salads) => {
    const raw = await RawConnection.open(system.apiUrl);
    raw.send(upgradeRequest(path, { Authorization: `Bearer ${OPERATOR_TOKEN}` }));
    expect(await raw.until(/\r\n\r\n/)).toMatch(/^HTTP\/1.1 101 /);
    for (const salad of salads) raw.send(salad);
    raw.socket.end();
    await raw.ended;
    return salads.length;
  });
}
