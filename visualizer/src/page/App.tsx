import { passwordCode } from "../access/password-link.ts";
import { texts } from "../language/language.ts";
import { manageLink } from "../manage/manage-address.ts";
import { beside, besideLink } from "../state/beside.ts";
import type { AppProps } from "./app-props.ts";
import { besidePages } from "./beside-pages.ts";
import type { BesideProps } from "./beside-props.ts";
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
  if (beside.value !== null && (phase.value === "map" || phase.value === "no-venues")) {
    const Page = besidePages[beside.value.page];
    return <Page state={state} opening={opening} />;
  }
  switch (phase.value) {
    case "map":
      if (!state.rights.value.watch) return <NoMap state={state} />;
      return state.asksCase.value ? <CasePage state={state} /> : <MapPage {...props} />;
    case "sign-in":
      return <SignInPage opening={opening} />;
    case "no-venues":
      return state.session.value.operator ? <NoVenues /> : <NoRoles state={state} opening={opening} />;
    case "unreachable":
      return <WordPage title={words.unreachable} detail={words.unreachableDetail} connection="lost" />;
    default:
      return <WordPage title={words.starting} connection="connecting" />;
  }
}

function NoVenues() {
  const words = texts.value;
  return (
    <WordPage title={words.noVenues} detail={words.noVenuesDetail} connection="live">
      <a class="primary primary-link" href={manageLink()}>
        {words.manage.create}
      </a>
    </WordPage>
  );
}

/** For whoever has an account that may do nothing yet. */
function NoRoles({ state, opening }: BesideProps) {
  const { access, account, signOut } = texts.value;
  return (
    <WordPage title={access.noRoles} detail={access.noRolesDetail(state.session.value.name)} connection="live">
      <a class="primary primary-link" href={besideLink("account")}>
        {account.title}
      </a>
      <button type="button" class="plain" onClick={() => void opening.signOut().catch(() => {})}>
        {signOut}
      </button>
    </WordPage>
  );
}
