import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { texts } from "../language/language.ts";
import { WordPage } from "./WordPage.tsx";

/** A page that is fetched when somebody comes for it: most come for the map. */
export function lazyPage<Props extends object>(fetchPage: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  const page = signal<ComponentType<Props> | null>(null);
  const failed = signal(false);

  function load(): void {
    failed.value = false;
    fetchPage().then(
      (fetched) => {
        page.value = fetched;
      },
      () => {
        failed.value = true;
      },
    );
  }

  return (props: Props) => {
    const words = texts.value;
    const Page = page.value;
    if (Page !== null) return <Page {...props} />;
    if (failed.value) return <WordPage title={words.unreachable} connection="lost" />;
    load();
    return <WordPage title={words.opening} connection="connecting" />;
  };
}
