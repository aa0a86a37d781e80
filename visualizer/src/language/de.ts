import type { Texts } from "./en.ts";

/** Every text of the page in German. */
export const de: Texts = {
  code: "de",
  name: "Deutsch",
  title: "Encounter",
  mapTitle: "Karte der Geräte. Pfeiltasten verschieben, Plus und Minus zoomen.",
  skipToDevices: "Zur Geräteliste springen",
  starting: "Die Karte wird geöffnet",

  venue: "Ort",
  floor: "Etage",
  floorNumber: (floor) => `Etage ${floor}`,
  devicesOnFloor: (devices) => (devices === 1 ? "1 Gerät" : `${devices} Geräte`),
  language: "Sprache",

  devices: "Geräte",
  inContact: "In Kontakt",
  near: "In der Nähe",
  stale: "Veraltet",
  lines: "Linien",
  linesDetail: (contact, near) => `${contact} Kontakte, ${near} in der Nähe`,
  all: "Alle",
  numbers: "Der Ort in Zahlen",

  live: "Live",
  connecting: "Verbindet",
  lost: "Verbindung verloren",
  lostDetail: (time) =>
    `Die Positionen sind von ${time}. Linien sind ausgeblendet, denn wer jetzt wem nahe ist, weiß niemand.`,
  retryIn: (seconds) => (seconds <= 0 ? "Neuer Versuch" : `Neuer Versuch in ${seconds} s`),
  serverTrouble: "Der Server erreicht seinen Speicher gerade nicht.",
  retryNow: "Jetzt versuchen",
  signedOut: "Abgemeldet",

  search: "Geräte suchen",
  searchHint: "Geräte suchen  ( / )",
  filter: "Zeigen",
  room: "Wo",
  accuracy: "Genauigkeit",
  accuracyColumn: "± m",
  seen: "Gesehen",
  noMatch: "Kein Gerät passt dazu.",
  noDevicesYet: "In den letzten zehn Minuten hat sich kein Gerät gemeldet.",
  deviceState: {
    alone: "Meldet sich",
    near: "Einem Gerät nahe",
    contact: "In Kontakt",
    stale: "Ohne neue Position",
  },
  contactsBadge: (count) => `in Kontakt mit ${count}`,
  ago: (text) => `vor ${text}`,
  seconds: (count) => `${count} s`,
  minutes: (count) => `${count} min`,

  deviceCard: (name) => `Gerät ${name}`,
  close: "Schließen",
  lastFix: "Letzte Position",
  certain: "sicher",
  possible: "möglich",
  nearNow: "Jetzt in der Nähe",
  nobodyNear: "Niemand in der Nähe.",

  legend: "Legende",
  legendContact: (minutes) => `In Kontakt, ab ${minutes} min`,
  legendNear: (proximityM, minutes) => `Näher als ${proximityM} m, unter ${minutes} min`,
  legendPossible: "Gestrichelt: nur möglich",
  legendStale: (seconds) => `Seit ${seconds} s ohne Position`,
  legendRing: "Ring: Genauigkeit in Metern",

  zoomIn: "Vergrößern",
  zoomOut: "Verkleinern",
  showVenue: "Den ganzen Ort zeigen",
  north: "Nach Norden ausrichten",

  emptyFloor: "Auf dieser Etage ist gerade niemand.",
  emptyFloorBut: (floor) => `Zu Etage ${floor}`,
  noVenues: "Noch kein Ort",
  noVenuesDetail:
    "Legen Sie einen mit PUT /v1/venues/{venue} an; wie, steht unter /docs. Diese Seite zeigt ihn dann von selbst.",
  unreachable: "Der Server antwortet nicht",
  unreachableDetail: "Die Seite öffnet sich von selbst, sobald er es tut.",
  outdated: "Die Karte konnte nicht gezeichnet werden",

  signIn: "Anmelden",
  signInDetail:
    "Öffnen Sie den Link, der beim Start des Systems ausgegeben wurde, oder geben Sie das Betreiber-Token ein.",
  signOut: "Abmelden",
  linkExpired: "Dieser Link ist schon benutzt oder zu alt.",
  token: "Betreiber-Token",
  wrongToken: "Das ist nicht das Betreiber-Token.",
  signInFailed: "Der Server antwortet nicht. Versuchen Sie es gleich noch einmal.",
};
