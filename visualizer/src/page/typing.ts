/** Where a letter is a letter. */
const TEXT_INPUT = "input:not([type=radio]):not([type=checkbox]):not([type=range]), select, textarea";

/** Whether a key is meant for what has the focus, or for the browser, and not for the whole page. */
export function isMeantElsewhere({ target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  const typing = target instanceof HTMLElement && target.matches(TEXT_INPUT);
  return typing || ctrlKey || metaKey || altKey;
}
