import { texts } from "../language/language.ts";
import { ManageDoor } from "../manage/ManageDoor.tsx";
import { managed } from "../manage/manage-address.ts";
import type { AppProps } from "./app-props.ts";
import { WordPage } from "./WordPage.tsx";

/** What stands in place of a map that one's role does not have: the venue's settings, or the way to its log. */
export function NoMap({ state, opening }: AppProps) {
  const words = texts.value.access;
  if (state.rights.value.manage) {
    managed.value ??= state.venueId.value;
    return <ManageDoor state={state} opening={opening} />;
  }
  const audit = `/v1/audit?${new URLSearchParams({ venue: state.venueId.value ?? "" })}`;
  return (
    <WordPage title={words.noMap} detail={words.noMapDetail} connection="connecting">
      <a class="primary primary-link" href={audit}>
        {words.auditLog}
      </a>
      <button type="button" class="plain" onClick={() => void opening.signOut().catch(() => {})}>
        {texts.value.signOut}
      </button>
    </WordPage>
  );
}
