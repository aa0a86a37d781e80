import { useEffect, useMemo, useRef } from "preact/hooks";
import { rightsIn } from "../access/rights.ts";
import { texts } from "../language/language.ts";
import { ErasureList } from "../manage/ErasureList.tsx";
import type { BesideProps } from "../page/beside-props.ts";
import { PageBar } from "../page/PageBar.tsx";
import type { Venue } from "../server/venues.ts";
import { beside } from "../state/beside.ts";
import { AuditFilterForm } from "./AuditFilterForm.tsx";
import { AuditTable } from "./AuditTable.tsx";
import { AuditModel } from "./audit-model.ts";
import { ChainStatus } from "./ChainStatus.tsx";
import "../manage/erase.css";
import "../manage/manage.css";
import "./audit.css";

/** Who read or changed what, for auditors. */
export function AuditPage({ state, opening }: BesideProps) {
  const words = texts.value.audit;
  const session = state.session.value;
  const venues = state.venues.value.filter(({ venue_id }) => rightsIn(session, venue_id).audit);
  const asked = beside.value?.venueId ?? "";
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  useEffect(() => {
    document.title = `${words.title} · ${texts.value.title}`;
  }, [words.title]);
  const isMine = session.operator || venues.length > 0;

  return (
    <div class="manage">
      <PageBar state={state} opening={opening} page="audit" venueId={asked === "" ? state.venueId.value : asked} />
      <main class="manage-main">
        <article class="venue-detail audit-page">
          <header class="venue-head">
            <h1 ref={heading} tabIndex={-1}>
              {words.title}
            </h1>
            <p class="soft">{isMine ? words.hint : words.noAudit}</p>
          </header>
          {isMine && <Log key={asked} {...{ state, opening, venues, asked }} />}
        </article>
      </main>
    </div>
  );
}

interface LogProps extends BesideProps {
  /** Those whose log may be read. */
  readonly venues: readonly Venue[];
  /** The venue that the address names, `""` for all. */
  readonly asked: string;
}

function Log({ opening, venues, asked }: LogProps) {
  const model = useMemo(() => new AuditModel(opening), [opening]);
  useEffect(() => void model.show({ venueId: asked, action: "", deviceId: "" }), [model, asked]);
  const isKnown = venues.some(({ venue_id }) => venue_id === asked);
  return (
    <>
      <ChainStatus opening={opening} />
      <section class="card" aria-label={texts.value.audit.title}>
        <AuditFilterForm model={model} venues={venues} />
        <AuditTable model={model} venues={venues} opening={opening} />
      </section>
      {isKnown && (
        <section class="card" aria-labelledby="erasures-title">
          <h2 id="erasures-title">{texts.value.audit.erasures}</h2>
          <ErasureList venueId={asked} opening={opening} />
        </section>
      )}
    </>
  );
}
