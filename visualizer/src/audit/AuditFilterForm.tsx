import { AUDIT_ACTIONS, type AuditAction } from "@encounter/core/domain/audit-action";
import { texts } from "../language/language.ts";
import type { Venue } from "../server/venues.ts";
import { besideLink } from "../state/beside.ts";
import type { AuditModel } from "./audit-model.ts";

interface Props {
  readonly model: AuditModel;
  readonly venues: readonly Venue[];
}

/** Which entries one wants to see. Lists take effect at once, the device's id when it is sent. */
export function AuditFilterForm({ model, venues }: Props) {
  const words = texts.value.audit;
  const filter = model.filter.value;
  const { venueId } = filter;

  function submit(event: SubmitEvent): void {
    event.preventDefault();
    const typed = new FormData(event.currentTarget as HTMLFormElement);
    void model.show({ ...filter, deviceId: String(typed.get("device") ?? "") });
  }

  return (
    <form class="audit-filter" onSubmit={submit}>
      <label class="audit-field">
        <span>{words.venue}</span>
        <select
          value={venueId}
          onChange={(event) => {
            location.hash = besideLink("audit", event.currentTarget.value);
          }}
        >
          <option value="">{words.allVenues}</option>
          {venues.map(({ venue_id, name }) => (
            <option key={venue_id} value={venue_id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label class="audit-field">
        <span>{words.action}</span>
        <select
          value={filter.action}
          onChange={(event) => void model.show({ ...filter, action: event.currentTarget.value })}
        >
          <option value="">{words.allActions}</option>
          {Object.entries(words.everyOf).map(([prefix, name]) => (
            <option key={prefix} value={prefix}>
              {name}
            </option>
          ))}
          <hr />
          {AUDIT_ACTIONS.map((action: AuditAction) => (
            <option key={action} value={action}>
              {words.actions[action]}
            </option>
          ))}
        </select>
      </label>
      <label class="audit-field">
        <span>{words.device}</span>
        <input
          name="device"
          autocomplete="off"
          spellcheck={false}
          disabled={venueId === ""}
          aria-describedby="audit-device-hint"
        />
      </label>
      <button type="submit" class="plain" disabled={venueId === ""}>
        {words.filter}
      </button>
      <p class="hint" id="audit-device-hint">
        {venueId === "" ? words.deviceNeedsVenue : words.deviceHint}
      </p>
    </form>
  );
}
