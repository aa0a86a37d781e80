import { useId } from "preact/hooks";

interface Props {
  readonly label: string;
  readonly least: number;
  readonly most: number;
  readonly step: number;
  readonly value: number;
  /** The value as one reads it, with its unit. */
  readonly text: (value: number) => string;
  readonly choose: (value: number) => void;
}

/** A labelled slider with its value beside it. */
export function Slider({ label, least, most, step, value, text, choose }: Props) {
  const id = useId();
  return (
    <div class="slider">
      <label for={id}>{label}</label>
      <output for={id}>{text(value)}</output>
      <input
        id={id}
        type="range"
        min={least}
        max={most}
        step={step}
        value={value}
        aria-valuetext={text(value)}
        onInput={(event) => choose(event.currentTarget.valueAsNumber)}
      />
    </div>
  );
}
