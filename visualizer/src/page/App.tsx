import { passwordCode } from "../access/password-link.ts";
import { texts } from "../language/language.ts";
import { ManageDoor } from "../manage/ManageDoor.tsx";
import { managed, manageLink } from "../manage/manage-address.ts";
import type { AppProps } from "./app-props.ts";
import { CasePage } from "./CasePage.tsx";
import { MapPage } from "./MapPage.tsx";
import { NoMap } from "./NoMap.tsx";
import { PasswordPage } from "./PasswordPage.tsx";
import { SignInPage } from "./SignInPage.tsx";
import { WordPage } from "./WordPage.tsx";

/** The page, by what it is about now. */
export function App(props: AppProps) {
  const { state, opening } = props;
  const words = texts.value;
  const { phase } = state;
  const code = passwordCode.value;
  if (code !== null) return <PasswordPage opening={opening} code={code} />;
  if (managed.value !== null && (phase.value === "map" || phase.value === "no-venues")) {
    return <ManageDoor state={state} opening={opening} />;
  }
  switch (phase.value) {
    case "map":
      if (!state.rights.value.watch) return <NoMap {...props} />;
      return state.asksCase.value ? <CasePage state={state} /> : <MapPage {...props} />;
    case "sign-in":
      return <SignInPage opening={opening} />;
    case "no-venues":
      return (
        <WordPage title={words.noVenues} detail={words.noVenuesDetail} connection="live">
          {state.session.value.operator && (
            <a class="primary primary-link" href={manageLink()}>
              {words.manage.create}
            </a>
          )}
        </WordPage>
      );
    case "unreachable":
      return <WordPage title={words.unreachable} detail={words.unreachableDetail} connection="lost" />;
    default:
      return <WordPage title={words.starting} connection="connecting" />;
  }
}
