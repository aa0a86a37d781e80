import { signal } from "@preact/signals";

/** Calls that a tracer makes for a case. */
const TRACED = /^\/v1\/venues\/[^/]+\/(?:contacts|minutes\/|devices\b)/;
const KEPT = "encounter.case";

function kept(): string | null {
  try {
    return sessionStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

/** The case for which whoever is signed in traces, until they sign out; null where none was named. */
export const caseReference = signal<string | null>(kept());

/** Names the case, or forgets it. */
export function nameCase(reference: string | null): void {
  caseReference.value = reference;
  try {
    if (reference === null) sessionStorage.removeItem(KEPT);
    else sessionStorage.setItem(KEPT, reference);
  } catch {
    // A browser that keeps nothing is asked again when the page is loaded anew.
  }
}

/** A call's path with the case that it is made for, where one was named and the call is about devices. */
export function withCase(path: string): string {
  const reference = caseReference.peek();
  if (reference === null || !TRACED.test(path)) return path;
  return `${path}${path.includes("?") ? "&" : "?"}${new URLSearchParams({ case: reference })}`;
}
