import { vi } from "vitest";

/** Waits until an expectation holds; as patient as a busy machine needs. */
export function eventually(expectation: () => void | Promise<void>, timeoutMs = 15_000): Promise<void> {
  return vi.waitFor(expectation, { timeout: timeoutMs, interval: 20 });
}
