import { caseReference } from "../access/case-reference.ts";
import { texts } from "../language/language.ts";
import type { MapState } from "../state/map-state.ts";

/** As who one is signed in, and for which case. */
export function RoleBadge({ state }: { state: MapState }) {
  const words = texts.value.access;
  const roles = state.rights.value.roles.map((role) => words.roles[role]).join(", ");
  const reference = state.rights.value.needsCase ? caseReference.value : null;
  return (
    <span class="role-badge" title={words.signedInAs(state.session.value.name, roles)}>
      {reference === null ? roles : words.caseShown(reference)}
    </span>
  );
}
