import type { SimulateOptions } from "../options/simulate-options.ts";
import type { Fleet } from "../simulating/fleet.ts";
import { counted, moment, time } from "./wording.ts";

/** What a person is told before anything is sent. */
export function introductionLines(options: SimulateOptions, fleet: Fleet, sockets: number): string[] {
  const venues = fleet.venueIds.length === 1 ? `venue ${fleet.venueIds[0]}` : `${fleet.venueIds.length} venues`;
  const what = `${counted(fleet.size, "device")} in ${venues}, a fix every ${time(options.intervalMs)} each`;
  const desks = fleet.worlds.reduce((sum, world) => sum + world.desks, 0);
  return [
    `${what}, on ${counted(sockets, "socket")} to ${options.doors.positionsUrl}`,
    ...(desks < fleet.size ? [`note: there are ${counted(desks, "seat")}, so some people share one`] : []),
  ];
}

/** From when to when it goes, told once that is known. */
export function spanLine(options: SimulateOptions, startMs: number, seed: string): string {
  const until = options.durationMs === Infinity ? "until Ctrl-C" : `for ${time(options.durationMs)}`;
  return `from ${moment(startMs)} ${until}${speedText(options.speed)}; seed ${seed}`;
}

function speedText(speed: number): string {
  if (speed === 1) return "";
  return speed === Infinity ? ", as fast as it goes" : `, ${speed} times as fast until it is live`;
}
