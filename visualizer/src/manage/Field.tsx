import type { ComponentChildren } from "preact";

interface Props {
  readonly id: string;
  readonly label: string;
  readonly hint?: string | undefined;
  /** What is wrong with it, `""` where nothing is. */
  readonly trouble?: string | undefined;
  readonly children: ComponentChildren;
}

/** A label, what it labels, and what there is to say about it, which {@link describedBy} ties to it. */
export function Field({ id, label, hint, trouble, children }: Props) {
  return (
    <div class="manage-field">
      <label for={id}>{label}</label>
      {children}
      <FieldNotes id={id} hint={hint} trouble={trouble} />
    </div>
  );
}

/** What there is to say about a field. */
export function FieldNotes({ id, hint, trouble }: Pick<Props, "id" | "hint" | "trouble">) {
  return (
    <>
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <p class="trouble" id={`${id}-trouble`}>
        {trouble}
      </p>
    </>
  );
}

/** Attributes of a field's input that tie to it what is said about it. */
export function describedBy(id: string, trouble: string | undefined) {
  const wrong = trouble !== undefined && trouble !== "";
  return { id, "aria-describedby": `${id}-trouble ${id}-hint`, "aria-invalid": wrong };
}
