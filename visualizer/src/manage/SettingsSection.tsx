import { useRef } from "preact/hooks";
import { texts } from "../language/language.ts";
import type { Opening } from "../state/opening.ts";
import { ConfirmDialog } from "./ConfirmDialog.tsx";
import { describedBy, Field, FieldNotes } from "./Field.tsx";
import { NumberInput } from "./NumberInput.tsx";
import { type NumberSetting, rangeWords, type SettingName, typedNumber, unitOf } from "./setting-form.ts";
import type { SettingsModel } from "./settings-model.ts";
import { TimeZoneInput } from "./TimeZoneInput.tsx";

interface Props {
  readonly model: SettingsModel;
}

const idOf = (setting: SettingName) => `setting-${setting}`;

/** All settings of a venue, to be changed. */
export function SettingsSection({ model, opening }: Props & { opening: Opening }) {
  const { manage } = texts.value;
  const element = useRef<HTMLFormElement>(null);

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const wrong = await model.submit();
    if (wrong === null) return;
    const input = element.current?.querySelector<HTMLInputElement>(`#${idOf(wrong)}`);
    // A field that was fixed meanwhile takes no focus: what is said about it does.
    if (input?.disabled === true) element.current?.querySelector<HTMLElement>("#settings-title")?.focus();
    else input?.focus();
  }

  return (
    <>
      <form
        ref={element}
        class="card"
        noValidate
        onSubmit={(event) => void submit(event)}
        aria-labelledby="settings-title"
      >
        <h2 id="settings-title" tabIndex={-1}>
          {manage.settings}
        </h2>
        <GeneralFields model={model} />
        <ContactFields model={model} />
        <DataFields model={model} />
        <SaveBar model={model} />
      </form>
      <RetentionQuestion model={model} opening={opening} />
    </>
  );
}

function GeneralFields({ model }: Props) {
  const { manage } = texts.value;
  const { name, time_zone } = model.form.value;
  const troubles = model.troubles.value;
  return (
    <fieldset>
      <legend>{manage.general}</legend>
      <Field id={idOf("name")} label={manage.settingName} hint={manage.nameHint} trouble={troubles.name}>
        <input
          {...describedBy(idOf("name"), troubles.name)}
          value={name}
          autocomplete="off"
          onInput={(event) => model.set("name", event.currentTarget.value)}
        />
      </Field>
      <Field id={idOf("time_zone")} label={manage.timeZone} hint={manage.timeZoneHint} trouble={troubles.time_zone}>
        <TimeZoneInput
          id={idOf("time_zone")}
          value={time_zone}
          trouble={troubles.time_zone}
          onChange={(zone) => model.set("time_zone", zone)}
        />
      </Field>
    </fieldset>
  );
}

function ContactFields({ model }: Props) {
  const { manage } = texts.value;
  const fixed = model.fixed.value.has("cap");
  return (
    <fieldset>
      <legend>{manage.contacts}</legend>
      <NumberField model={model} setting="proximity" label={manage.proximity} hint={manage.proximityHint} />
      <NumberField model={model} setting="min_minutes" label={manage.minMinutes} hint={manage.minMinutesHint} />
      <NumberField
        model={model}
        setting="cap"
        label={manage.cap}
        hint={fixed ? manage.capFixed : manage.capHint}
        disabled={fixed}
      />
      <NumberField model={model} setting="max_accuracy" label={manage.maxAccuracy} hint={manage.maxAccuracyHint} />
    </fieldset>
  );
}

function DataFields({ model }: Props) {
  const { manage } = texts.value;
  const fixed = model.fixed.value.has("pseudonyms");
  const shorter = model.deletes(model.change());
  const days = typedNumber(model.form.value.retention_days);
  return (
    <fieldset>
      <legend>{manage.data}</legend>
      <NumberField
        model={model}
        setting="retention_days"
        label={manage.retention}
        hint={shorter ? manage.retentionShorter(days) : manage.retentionHint}
      />
      <CheckField model={model} setting="mappedin" label={manage.mappedin} hint={manage.mappedinHint} />
      <CheckField
        model={model}
        setting="pseudonyms"
        label={manage.pseudonyms}
        hint={fixed ? manage.pseudonymsFixed : manage.pseudonymsHint}
        disabled={fixed}
      />
    </fieldset>
  );
}

interface CheckFieldProps extends Props {
  readonly setting: "mappedin" | "pseudonyms";
  readonly label: string;
  readonly hint: string;
  readonly disabled?: boolean;
}

function CheckField({ model, setting, label, hint, disabled = false }: CheckFieldProps) {
  const id = idOf(setting);
  const trouble = model.troubles.value[setting];
  return (
    <div class="check">
      <input
        {...describedBy(id, trouble)}
        type="checkbox"
        checked={model.form.value[setting]}
        disabled={disabled}
        onChange={(event) => model.set(setting, event.currentTarget.checked)}
      />
      <label for={id}>{label}</label>
      <FieldNotes id={id} hint={hint} trouble={trouble} />
    </div>
  );
}

interface NumberFieldProps extends Props {
  readonly setting: NumberSetting;
  readonly label: string;
  readonly hint: string;
  readonly disabled?: boolean;
}

function NumberField({ model, setting, label, hint, disabled = false }: NumberFieldProps) {
  const words = texts.value;
  const form = model.form.value;
  return (
    <NumberInput
      id={idOf(setting)}
      label={label}
      hint={hint}
      range={rangeWords(setting, form, words)}
      unit={unitOf(setting, words)}
      value={form[setting]}
      trouble={model.troubles.value[setting]}
      disabled={disabled}
      onInput={(value) => model.set(setting, value)}
    />
  );
}

function SaveBar({ model }: Props) {
  const { manage } = texts.value;
  const outcome = model.outcome.value;
  const busy = model.busy.value;
  const dirty = Object.keys(model.change()).length > 0;
  return (
    <div class="actions">
      <span role="status" class={outcome?.saved === false ? "trouble" : "soft"}>
        {outcome?.text ?? (dirty ? manage.unsaved : "")}
      </span>
      {dirty && (
        <button type="button" class="plain" onClick={() => model.discard()}>
          {manage.discard}
        </button>
      )}
      <button type="submit" class="primary" disabled={!dirty || busy}>
        {busy ? manage.saving : manage.save}
      </button>
    </div>
  );
}

/** A shorter retention deletes what is stored: not without a question. */
function RetentionQuestion({ model, opening }: Props & { opening: Opening }) {
  const { manage } = texts.value;
  const change = model.asking.value;
  if (change === null) return null;
  return (
    <ConfirmDialog
      title={manage.retention}
      detail={manage.retentionShorter(change.retention_days!)}
      action={manage.deleteOlder}
      opening={opening}
      act={() => model.save(change)}
      onClosed={() => {
        model.asking.value = null;
      }}
    />
  );
}
