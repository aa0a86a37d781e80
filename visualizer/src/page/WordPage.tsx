import type { Connection } from "../server/live-connection.ts";
import { Brand } from "./Brand.tsx";

/** A page that has one thing to say, for want of a map. */
export function WordPage({ title, detail, connection }: { title: string; detail?: string; connection: Connection }) {
  return (
    <main class="word-page" id="map" data-connection={connection} data-circles="0" data-lines="0" data-minute="">
      <div class="word-card" role="status">
        <Brand />
        <h1>{title}</h1>
        {detail !== undefined && <p>{detail}</p>}
      </div>
    </main>
  );
}
