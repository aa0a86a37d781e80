import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { texts } from "../language/language.ts";
import { WordPage } from "../page/WordPage.tsx";
import type { ManageProps } from "./manage-props.ts";

const page = signal<ComponentType<ManageProps> | null>(null);
const failed = signal(false);

function load(): void {
  failed.value = false;
  import("./ManagePage.tsx").then(
    ({ ManagePage }) => {
      page.value = ManagePage;
    },
    () => {
      failed.value = true;
    },
  );
}

/** The page about venues, fetched when somebody comes for it: most come for the map. */
export function ManageDoor(props: ManageProps) {
  const words = texts.value;
  const Page = page.value;
  if (Page !== null) return <Page {...props} />;
  if (failed.value) return <WordPage title={words.unreachable} connection="lost" />;
  load();
  return <WordPage title={words.manage.opening} connection="connecting" />;
}
