import { texts } from "../language/language.ts";
import type { ContactEvent } from "./contact-events.ts";
import type { Heralds } from "./watch-list.ts";

/** Whether the browser may show notifications: `granted`, `denied`, `default` (not asked yet), or cannot at all. */
export type Permission = NotificationPermission | "unsupported";

export function notificationPermission(): Permission {
  return "Notification" in globalThis ? Notification.permission : "unsupported";
}

export async function askForNotifications(): Promise<Permission> {
  return "Notification" in globalThis ? Notification.requestPermission() : "unsupported";
}

const TONE_HZ = 880;
const TONE_S = 0.18;
const LOUDNESS = 0.15;

/** The browser's own ways of telling somebody. */
export const browserHeralds: Heralds = {
  notify(event: ContactEvent): void {
    if (notificationPermission() !== "granted") return;
    const words = texts.peek().watch;
    try {
      new Notification(words.reached(event.device, event.other, event.minutes), { tag: event.id });
    } catch {
      // Some browsers only let service workers notify; the page tells of it anyway.
    }
  },
  sound(): void {
    const audio = new AudioContext();
    const loudness = new GainNode(audio, { gain: LOUDNESS });
    const tone = new OscillatorNode(audio, { frequency: TONE_HZ });
    tone.connect(loudness).connect(audio.destination);
    tone.onended = () => void audio.close();
    tone.start();
    tone.stop(audio.currentTime + TONE_S);
  },
};
