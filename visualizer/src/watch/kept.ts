/** Lists of words that this browser keeps for a venue; one that keeps nothing forgets them with the page. */
export class Kept {
  private readonly prefix: string;

  constructor(venueId: string) {
    this.prefix = `encounter.watch.${venueId}.`;
  }

  read(name: string): string[] {
    try {
      const value: unknown = JSON.parse(localStorage.getItem(this.prefix + name) ?? "[]");
      return Array.isArray(value) ? value.filter((word) => typeof word === "string") : [];
    } catch {
      return [];
    }
  }

  write(name: string, words: readonly string[]): void {
    try {
      localStorage.setItem(this.prefix + name, JSON.stringify(words));
    } catch {
      // It still holds until the page is closed.
    }
  }
}
