import { useEffect } from "preact/hooks";
import { texts } from "../language/language.ts";
import { manageLink } from "../manage/manage-address.ts";
import type { AppProps } from "./app-props.ts";
import { WordPage } from "./WordPage.tsx";

/** What stands in place of a map that one's role does not have: the venue's settings, or the way to its log. */
export function NoMap({ state, opening }: AppProps) {
  const words = texts.value.access;
  const { manage } = state.rights.value;
  const venueId = state.venueId.value ?? "";
  useEffect(() => {
    if (manage) location.replace(manageLink(venueId));
  }, [manage, venueId]);
  if (manage) return <WordPage title={texts.value.manage.opening} connection="connecting" />;
  const audit = `/v1/audit?${new URLSearchParams({ venue: venueId })}`;
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
