import { useSignal } from "@preact/signals";
import type { FeatureCollection } from "geojson";
import { useEffect, useMemo } from "preact/hooks";
import { texts } from "../language/language.ts";
import { readPlan } from "../plan/plan.ts";
import { fetchPlan, type Venue, venuePath } from "../server/venues.ts";
import type { Opening } from "../state/opening.ts";
import { ConfirmDialog } from "./ConfirmDialog.tsx";
import { failureWords } from "./failure.ts";
import { PlanDraft, PlanFacts } from "./PlanDraft.tsx";
import { PlanFilePicker } from "./PlanFilePicker.tsx";
import { PlanPreview } from "./PlanPreview.tsx";
import { type KnownPlace, middleOf, middleOfPlan } from "./plan-place.ts";
import { type PlanReading, readPlanFile } from "./plan-reading.ts";
import { fetchNewestFixes, storePlan } from "./venue-calls.ts";

/** Where a venue without a plan is, by the server's word: amid its newest devices. */
function placeOf({ place }: Venue): KnownPlace | null {
  return place === null ? null : { ...place, by: "devices" };
}

const NO_PLAN: FeatureCollection = { type: "FeatureCollection", features: [] };

interface Props {
  readonly venue: Venue;
  readonly opening: Opening;
  /** Whether it is the machine's owner who looks: nobody else who keeps a venue may read where its devices are. */
  readonly isOwner: boolean;
}

/** The venue's floor plan, and a new one in its place. */
export function PlanSection({ venue, opening, isOwner }: Props) {
  const { venue_id: venueId } = venue;
  const words = texts.value.manage;
  /** Undefined until it is known. */
  const stored = useSignal<FeatureCollection | undefined>(undefined);
  const reading = useSignal<PlanReading | null>(null);
  const place = useSignal<KnownPlace | null>(null);
  const said = useSignal("");
  const trouble = useSignal("");
  const removing = useSignal(false);
  const plan = useMemo(() => readPlan(stored.value ?? NO_PLAN), [stored.value]);

  useEffect(() => {
    const request = new AbortController();
    fetchPlan(venueId, request.signal).then(
      (found) => {
        stored.value = found ?? NO_PLAN;
      },
      (error) => {
        if (!request.signal.aborted) trouble.value = failureWords(error, opening);
      },
    );
    return () => request.abort();
  }, [venueId, opening, stored, trouble]);

  async function take(file: File): Promise<void> {
    said.value = words.checking(file.name);
    // Without a place to compare with, a plan can still be looked at.
    const fixes = isOwner ? fetchNewestFixes(venueId).catch(() => []) : [];
    const read = await readPlanFile(file);
    place.value = middleOf(await fixes) ?? (plan.bounds === null ? placeOf(venue) : middleOfPlan(plan.bounds));
    reading.value = read;
    said.value = "";
  }

  async function store(next: FeatureCollection, done: string): Promise<void> {
    await storePlan(venueId, next);
    stored.value = next;
    reading.value = null;
    said.value = done;
  }

  return (
    <section class="card" aria-labelledby="plan-title">
      <h2 id="plan-title">{words.plan}</h2>
      <p class="soft">{words.planHint}</p>
      <p class="trouble" role="alert">
        {trouble.value}
      </p>
      {reading.value === null && stored.value !== undefined && (
        <>
          {plan.bounds === null ? (
            <p class="soft empty">{words.noPlan}</p>
          ) : (
            <>
              <PlanFacts plan={plan} features={stored.value.features.length} />
              <PlanPreview plan={plan} />
            </>
          )}
          <PlanFilePicker
            label={plan.bounds === null ? words.chooseFile : words.replace}
            take={(file) => void take(file)}
          />
          {plan.bounds !== null && (
            <div class="actions">
              <button
                type="button"
                class="plain"
                onClick={() => {
                  removing.value = true;
                }}
              >
                {words.remove}
              </button>
              <a class="plain" href={venuePath(venueId, "/plan")} download={`${venueId}.geojson`}>
                {words.download}
              </a>
            </div>
          )}
        </>
      )}
      {reading.value !== null && (
        <>
          <PlanDraft
            reading={reading.value}
            place={place.value}
            opening={opening}
            send={() => store(reading.value!.plan!, words.uploaded)}
            onCancel={() => {
              reading.value = null;
            }}
          />
          <PlanFilePicker label={words.anotherFile} take={(file) => void take(file)} />
        </>
      )}
      <p role="status" class="said">
        {said.value}
      </p>
      {removing.value && (
        <ConfirmDialog
          title={words.removePlan}
          detail={words.removePlanDetail}
          action={words.remove}
          opening={opening}
          act={() => store(NO_PLAN, words.removed)}
          onClosed={() => {
            removing.value = false;
          }}
        />
      )}
    </section>
  );
}
