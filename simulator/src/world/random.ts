const UINT32 = 4_294_967_296;

/** A well mixed 32-bit number of any integers: the same numbers, the same result. For choices that need no state. */
export function mix(...numbers: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const number of numbers) {
    hash = Math.imul(hash ^ (number | 0), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return hash >>> 0;
}

/** A number in [0, 1) of any integers: {@link mix} as a fraction. */
export function fractionOf(...numbers: readonly number[]): number {
  return mix(...numbers) / UINT32;
}

/** A 32-bit number of a text: a seed may be any text. */
export function seedOf(text: string): number {
  return mix(...Array.from(text, (character) => character.codePointAt(0) ?? 0));
}

/** A seeded generator of random numbers (sfc32): the same seed, the same numbers, on every machine. */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  constructor(seed: number) {
    this.a = mix(seed, 1);
    this.b = mix(seed, 2);
    this.c = mix(seed, 3);
    for (let round = 0; round < 8; round++) this.next();
  }

  /** The next number in [0, 1). */
  next(): number {
    const sum = (this.a + this.b + this.counter++) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return (sum >>> 0) / UINT32;
  }

  /** A number in [from, to). */
  between(from: number, to: number): number {
    return from + this.next() * (to - from);
  }

  /** A number of the standard normal distribution (Box and Muller's method; two draws each). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }
}
