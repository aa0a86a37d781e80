import { useSignal } from "@preact/signals";
import { useId, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { texts } from "../language/language.ts";
import type { Plan } from "../plan/plan.ts";
import { drawFloor } from "./plan-drawing.ts";

const MOST_HEIGHT_PX = 440;

interface Props {
  readonly plan: Plan;
  /** Places to point at, with the floor that each is on. */
  readonly marks?: readonly { readonly longitude: number; readonly latitude: number; readonly floor: number }[];
}

/** A plan as the map would draw it, floor by floor. */
export function PlanPreview({ plan, marks = [] }: Props) {
  const words = texts.value;
  const group = useId();
  const widthPx = useSignal(0);
  const chosen = useSignal<number | null>(null);
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      widthPx.value = Math.floor(entry!.contentRect.width);
    });
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, [widthPx]);
  const floor = chosen.value !== null && plan.floors.includes(chosen.value) ? chosen.value : firstFloor(plan, marks);
  const nameOf = (each: number) => plan.floorNames.get(each) ?? words.floorNumber(each);
  const drawing = useMemo(
    () => (widthPx.value > 0 ? drawFloor(plan, floor, widthPx.value, MOST_HEIGHT_PX) : null),
    [plan, floor, widthPx.value],
  );

  return (
    <div class="preview">
      {plan.floors.length > 1 && (
        <fieldset class="floors preview-floors">
          <legend class="unseen">{words.floor}</legend>
          {plan.floors.map((each) => (
            <label key={each} class="floor">
              <input
                type="radio"
                name={group}
                class="unseen"
                checked={each === floor}
                onChange={() => {
                  chosen.value = each;
                }}
              />
              <span>{nameOf(each)}</span>
            </label>
          ))}
        </fieldset>
      )}
      <div ref={box} class="preview-box">
        {drawing !== null && (
          <svg
            class="preview-plan"
            width={drawing.widthPx}
            height={drawing.heightPx}
            role="img"
            aria-label={`${words.manage.preview}: ${nameOf(floor)}`}
          >
            {drawing.paths.map(({ look, path }) => (
              <path key={look} class={`drawn drawn-${look}`} d={path} fill-rule="evenodd" />
            ))}
            {drawing.names.map(({ text, xPx, yPx }) => (
              <text key={`${text} ${xPx} ${yPx}`} x={xPx} y={yPx}>
                {text}
              </text>
            ))}
            {marks
              .filter((mark) => mark.floor === floor)
              .map(({ longitude, latitude }) => {
                const [x, y] = drawing.at(longitude, latitude);
                return <circle key={`${x} ${y}`} class="drawn-mark" cx={x} cy={y} r={9} />;
              })}
          </svg>
        )}
      </div>
    </div>
  );
}

/** A floor with something to look at, else the one nearest the ground. */
function firstFloor(plan: Plan, marks: NonNullable<Props["marks"]>): number {
  const marked = marks.find(({ floor }) => plan.floors.includes(floor));
  if (marked !== undefined) return marked.floor;
  return plan.floors.reduce((best, floor) => (Math.abs(floor) < Math.abs(best) ? floor : best), plan.floors[0] ?? 0);
}
