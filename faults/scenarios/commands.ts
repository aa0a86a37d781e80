import { encodeId } from "@encounter/core/storage/keys";

/** Tells the script call that accepts fixes of a venue: it alone names the venue's devices. */
export function acceptsFixesOf(venueId: string): (command: Buffer) => boolean {
  return (command) => isScript(command) && names(command, venueId, "names");
}

/** Tells the script call that merges a minute's pairs of a venue and clears them from pending. */
export function mergesPairsOf(venueId: string): (command: Buffer) => boolean {
  return (command) => isScript(command) && names(command, venueId, "first");
}

function isScript(command: Buffer): boolean {
  return command.subarray(0, 32).toString("latin1").toUpperCase().includes("\r\nEVAL");
}

function names(command: Buffer, venueId: string, key: string): boolean {
  return command.includes(`{v:${encodeId(venueId)}}:`) && command.includes(`:${key}\r\n`);
}
