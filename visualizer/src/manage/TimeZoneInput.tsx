import { useSignal } from "@preact/signals";
import { useMemo, useRef } from "preact/hooks";
import { texts } from "../language/language.ts";
import { describedBy } from "./Field.tsx";
import { findZones } from "./time-zones.ts";

interface Props {
  readonly id: string;
  readonly value: string;
  readonly trouble?: string | undefined;
  readonly onChange: (zone: string) => void;
}

/** A text field with a list beneath it that one searches by typing; arrow keys and Enter choose. */
export function TimeZoneInput({ id, value, trouble, onChange }: Props) {
  const open = useSignal(false);
  const active = useSignal(-1);
  /** Whether the text is what was chosen before: then the list has all zones. */
  const untouched = useSignal(true);
  const list = useRef<HTMLDivElement>(null);
  const search = untouched.value ? "" : value;
  const { choices, count } = useMemo(
    () => (open.value ? findZones(search, Date.now()) : { choices: [], count: 0 }),
    [open.value, search],
  );

  function show(): void {
    if (open.value) return;
    untouched.value = true;
    active.value = -1;
    open.value = true;
  }

  function choose(zone: string): void {
    onChange(zone);
    open.value = false;
  }

  function move(step: number): void {
    show();
    active.value = Math.min(choices.length - 1, Math.max(0, active.value + step));
    list.current?.children[active.value]?.scrollIntoView({ block: "nearest" });
  }

  function press(event: KeyboardEvent): void {
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Enter" && open.value && choices[active.value]) choose(choices[active.value]!.name);
    else if (event.key === "Escape" && open.value) open.value = false;
    else return;
    event.preventDefault();
  }

  return (
    <div class="combo">
      <input
        {...describedBy(id, trouble)}
        role="combobox"
        aria-expanded={open.value}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={open.value && active.value >= 0 ? `${id}-${active.value}` : undefined}
        autocomplete="off"
        spellcheck={false}
        value={value}
        onInput={(event) => {
          show();
          untouched.value = false;
          active.value = -1;
          onChange(event.currentTarget.value);
        }}
        onClick={show}
        onBlur={() => {
          open.value = false;
        }}
        onKeyDown={press}
      />
      <span class="unseen" role="status">
        {open.value && !untouched.value ? texts.value.manage.timeZonesFound(count) : ""}
      </span>
      <div
        id={`${id}-list`}
        ref={list}
        class="choices"
        role="listbox"
        aria-label={texts.value.manage.timeZone}
        hidden={!open.value || count === 0}
      >
        {choices.map(({ name, offset }, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the input has the keys
          // biome-ignore lint/a11y/useFocusableInteractive: the input has the focus
          <div
            key={name}
            id={`${id}-${index}`}
            class="choice"
            role="option"
            aria-selected={index === active.value}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => choose(name)}
          >
            <span>{name.replaceAll("_", " ")}</span>
            <span class="soft">{offset}</span>
          </div>
        ))}
      </div>
    </div>
  );
}
