/** No ordinal: the device has no accepted fix in the minute. */
const NONE = 0xffff_ffff;
const CAPACITY_MIN = 256;

/** Who has a fix in a minute, in the order of acceptance. */
export class Roster {
  private accepted = 0;
  private ordinals = new Uint32Array(CAPACITY_MIN).fill(NONE);

  /** Notes that the device of an index had its fix of this minute accepted; telling one twice changes nothing. */
  accept(deviceIndex: number): void {
    if (deviceIndex >= this.ordinals.length) this.grow(deviceIndex + 1);
    if (this.ordinals[deviceIndex] !== NONE) return;
    this.ordinals[deviceIndex] = this.accepted++;
  }

  /** Whether the device's fix is among the first so many of the minute. */
  isAmongFirst(deviceIndex: number, count: number): boolean {
    return (this.ordinals[deviceIndex] ?? NONE) < count;
  }

  private grow(length: number): void {
    const ordinals = new Uint32Array(Math.max(length, this.ordinals.length * 2)).fill(NONE);
    ordinals.set(this.ordinals);
    this.ordinals = ordinals;
  }
}

/** The rosters of the minutes near the present: the same for all measures of a venue, and told once. */
export class Rosters {
  private readonly byMinute = new Map<number, Roster>();

  /** The roster of a minute, made where there is none yet. */
  of(minute: number): Roster {
    const known = this.byMinute.get(minute);
    if (known !== undefined) return known;
    const roster = new Roster();
    this.byMinute.set(minute, roster);
    return roster;
  }

  /** Lets those before a minute go; whoever holds one keeps it. */
  forgetBefore(minute: number): void {
    for (const each of this.byMinute.keys()) if (each < minute) this.byMinute.delete(each);
  }
}
