import { describedBy, Field } from "./Field.tsx";

interface Props {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  /** From what to what, with the unit. */
  readonly range: string;
  readonly unit: string;
  readonly value: string;
  readonly trouble?: string | undefined;
  readonly disabled?: boolean;
  readonly onInput: (value: string) => void;
}

/** A number with its unit and what it may be. It is a text field, for a comma is as good as a point. */
export function NumberInput({ id, label, hint, range, unit, value, trouble, disabled = false, onInput }: Props) {
  return (
    <Field id={id} label={label} hint={hint} trouble={trouble}>
      <div class="measured">
        <input
          {...describedBy(id, trouble)}
          inputMode="decimal"
          autocomplete="off"
          value={value}
          disabled={disabled}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
        <span class="unit" aria-hidden="true">
          {unit}
        </span>
        <span class="range">{range}</span>
      </div>
    </Field>
  );
}
