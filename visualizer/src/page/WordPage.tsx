import type { ComponentChildren } from "preact";
import type { Connection } from "../server/live-connection.ts";
import { Brand } from "./Brand.tsx";

interface Props {
  readonly title: string;
  readonly detail?: string;
  readonly connection: Connection;
  /** What may be done about it. */
  readonly children?: ComponentChildren;
}

/** A page that has one thing to say, for want of a map. */
export function WordPage({ title, detail, connection, children }: Props) {
  return (
    <main class="word-page" id="map" data-connection={connection} data-circles="0" data-lines="0" data-minute="">
      <div class="word-card" role="status">
        <Brand />
        <h1>{title}</h1>
        {detail !== undefined && <p>{detail}</p>}
        {children}
      </div>
    </main>
  );
}
