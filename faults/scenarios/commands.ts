import { encodeId } from "@encounter/core/storage/keys";

/** Tells the script call that accepts fixes of a venue: it alone names the venue's devices. */
export function acceptsFixesOf(venueId: string): (command: Buffer) => boolean {
  return (command) => isScript(command) && names(command, venueId, "names");
}

/** Tells the script call that merges a minute's pairs of a venue and clears them from pending. */
export function mergesPairsOf(venueId: string): (command: Buffer) => boolean {
  return (command) => isScript(command) && names(command, venueId, "first");
}

/** Tells the script calls that take an erased device's fixes out of a venue's minutes. */
export function erasesFixesOf(venueId: string): (command: Buffer) => boolean {
  return (command) => isErasing(command, venueId) && command.includes(":fixes:");
}

/** Tells the script calls that blank an erased device's records in a venue's minutes, one a minute. */
export function blanksPairsOf(venueId: string): (command: Buffer) => boolean {
  return (command) => isErasing(command, venueId) && command.includes(":pairs:");
}

function isErasing(command: Buffer, venueId: string): boolean {
  return isScript(command) && command.includes(tagOf(venueId)) && command.includes(":erasure:");
}

function isScript(command: Buffer): boolean {
  return command.subarray(0, 32).toString("latin1").toUpperCase().includes("\r\nEVAL");
}

function names(command: Buffer, venueId: string, key: string): boolean {
  return command.includes(tagOf(venueId)) && command.includes(`:${key}\r\n`);
}

function tagOf(venueId: string): string {
  return `{v:${encodeId(venueId)}}:`;
}
