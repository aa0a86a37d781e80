import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { texts } from "../language/language.ts";
import { type Plan, readPlan } from "../plan/plan.ts";
import type { Opening } from "../state/opening.ts";
import { failureWords } from "./failure.ts";
import { PlanPreview } from "./PlanPreview.tsx";
import { farAway, type KnownPlace } from "./plan-place.ts";
import type { PlanReading } from "./plan-reading.ts";
import { farAwayWords, featureName, featureWords, wholeWords } from "./plan-words.ts";

interface Props {
  readonly reading: PlanReading;
  /** Where the venue is, null where nothing says so. */
  readonly place: KnownPlace | null;
  readonly opening: Opening;
  /** Stores the plan. */
  readonly send: () => Promise<void>;
  readonly onCancel: () => void;
}

/** A plan that was read and is not sent yet: how it looks, and what is wrong with it. */
export function PlanDraft({ reading, place, opening, send, onCancel }: Props) {
  const words = texts.value.manage;
  const accepted = useSignal(false);
  const busy = useSignal(false);
  const trouble = useSignal("");
  const heading = useRef<HTMLHeadingElement>(null);
  const plan = useMemo(() => readPlan({ type: "FeatureCollection", features: drawn(reading) }), [reading]);
  const far = plan.bounds === null || place === null ? null : farAway(plan.bounds, place);
  const isRight = reading.whole === null && reading.wrongCount === 0 && reading.drawable.length > 0;
  useEffect(() => heading.current?.focus(), [reading]);

  async function upload(): Promise<void> {
    busy.value = true;
    trouble.value = "";
    try {
      await send();
    } catch (error) {
      trouble.value = failureWords(error, opening);
    } finally {
      busy.value = false;
    }
  }

  return (
    <div class="draft">
      <h3 ref={heading} tabIndex={-1}>
        {reading.fileName}
      </h3>
      {reading.plan !== null && <PlanFacts plan={plan} features={reading.plan.features.length} />}
      <PlanTroubles reading={reading} />
      {far !== null && (
        <div class="warning" role="alert">
          <p>
            <strong>{farAwayWords(far, texts.value)}</strong> {far.swapped && words.swapped}
          </p>
          {isRight && (
            <label class="check">
              <input
                type="checkbox"
                checked={accepted.value}
                onChange={(event) => {
                  accepted.value = event.currentTarget.checked;
                }}
              />
              {words.placeIsRight}
            </label>
          )}
        </div>
      )}
      {plan.bounds !== null && <PlanPreview plan={plan} marks={crossingMarks(reading)} />}
      <p class="trouble" role="alert">
        {trouble.value}
      </p>
      <div class="actions">
        <button type="button" class="plain" onClick={onCancel}>
          {words.cancel}
        </button>
        <button
          type="button"
          class="primary"
          disabled={!isRight || busy.value || (far !== null && !accepted.value)}
          onClick={() => void upload()}
        >
          {words.upload}
        </button>
      </div>
    </div>
  );
}

/** How much there is in a plan. */
export function PlanFacts({ plan, features }: { plan: Plan; features: number }) {
  const { planFeatures, planFloors, planRooms } = texts.value.manage;
  const rooms = plan.features.filter(({ properties }) => properties.kind === "room").length;
  return <p class="soft">{[planFloors(plan.floors.length), planRooms(rooms), planFeatures(features)].join(" · ")}</p>;
}

function PlanTroubles({ reading }: { reading: PlanReading }) {
  const words = texts.value;
  const { wrong, wrongCount, whole } = reading;
  if (whole !== null) {
    return (
      <p class="wrong" role="alert">
        {wholeWords(whole, words)}
      </p>
    );
  }
  if (wrongCount === 0) {
    return <p class="soft">{reading.drawable.length === 0 ? words.manage.planEmpty : words.manage.planFine}</p>;
  }
  return (
    <div class="wrong" role="alert">
      <strong>{words.manage.planWrong(wrongCount)}</strong>
      <ul>
        {wrong.map((each) => (
          <li key={each.number}>
            <b>{featureName(each, words)}</b> {featureWords(each.found, words)}
          </li>
        ))}
      </ul>
      {wrongCount > wrong.length && <p>{words.manage.planMore(wrongCount - wrong.length)}</p>}
    </div>
  );
}

/** What is right, and what only crosses itself: that is best seen. */
function drawn({ drawable, wrong, plan }: PlanReading) {
  const crossing = wrong.filter(isCrossing).map(({ number }) => plan!.features[number - 1]!);
  return [...drawable, ...crossing];
}

function isCrossing({ found }: PlanReading["wrong"][number]): boolean {
  return found.trouble === "coordinates" && found.geometry.trouble === "crossing";
}

function crossingMarks({ wrong, plan }: PlanReading) {
  return wrong.flatMap(({ number, found }) => {
    if (found.trouble !== "coordinates" || found.geometry.trouble !== "crossing") return [];
    const { longitude, latitude } = found.geometry;
    return [{ longitude, latitude, floor: Number(plan!.features[number - 1]!.properties?.floor) }];
  });
}
