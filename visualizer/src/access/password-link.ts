import { signal } from "@preact/signals";

function read(): string | null {
  return new URLSearchParams(location.hash.slice(1)).get("set-password");
}

/** The code of the one-time link to set a password that brought somebody here; null where they came for anything else. */
export const passwordCode = signal(read());

// The link may be opened in a tab that shows this page already.
addEventListener("hashchange", () => {
  passwordCode.value = read();
});

/** Goes on to the page itself; the code leaves the address. */
export function leavePasswordLink(): void {
  history.replaceState(null, "", location.pathname);
  passwordCode.value = null;
}
