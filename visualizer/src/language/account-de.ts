import type { AccountTexts } from "./account-en.ts";

/** Worte über das eigene Konto. */
export const accountDe: AccountTexts = {
  title: "Ihr Konto",
  signedInAs: (name) => `Angemeldet als ${name}`,
  owner: "Sie sind der Betreiber dieses Rechners",
  ownerDetail:
    "Sie haben sich mit dem Token des Betreibers angemeldet. Es hat alle Rechte und kein Konto: Hier gibt es kein Passwort zu ändern und keinen zweiten Faktor. npm run accounts legt Konten an.",
  roles: "Ihre Rollen",
  noRoles: "Sie haben an keinem Ort eine Rolle.",

  password: "Passwort",
  passwordHint: "Ein neues beendet Ihre Sitzungen in allen anderen Browsern.",
  noPassword:
    "Ihr Konto hat kein Passwort: Sie melden sich über den Anmeldedienst Ihrer Organisation an, der eigene Passwörter und Codes hat.",
  current: "Bisheriges Passwort",
  chosen: "Neues Passwort",
  chosenHint: "Mindestens 12 Zeichen.",
  change: "Passwort ändern",
  changed: "Das Passwort ist geändert. Alle Ihre anderen Sitzungen sind beendet.",
  wrongCurrent: "Das ist nicht Ihr bisheriges Passwort.",

  factor: "Zweiter Faktor",
  factorHint:
    "Ein Authenticator auf Ihrem Telefon zeigt jede halbe Minute einen neuen Code. Wer sich mit Ihrem Passwort anmeldet, wird dann danach gefragt.",
  factorOn: "Er ist eingerichtet: Beim Anmelden wird nach einem Code gefragt.",
  factorOff: "Er ist nicht eingerichtet: Ihr Passwort allein lässt Sie ein.",
  setUp: "Einrichten",
  scan: "Lesen Sie das mit Ihrem Authenticator ein, oder geben Sie dort das Geheimnis ein.",
  picture: "QR-Code des Geheimnisses, für einen Authenticator",
  secret: "Geheimnis",
  openLink: "In einem Authenticator auf diesem Gerät öffnen",
  code: "Code",
  codeHint: "Die sechs Ziffern, die der Authenticator zeigt.",
  confirm: "Bestätigen",
  confirmed:
    "Der zweite Faktor ist eingerichtet. Bewahren Sie den Authenticator auf: Ohne ihn muss die Verwaltung Ihnen helfen.",
  codeTrouble: "Geben Sie sechs Ziffern ein.",
  wrongCode: "Der Code stimmt nicht oder wurde schon verwendet. Warten Sie auf den nächsten.",
  offerOver: "Dieses Geheimnis ist zu alt: Richten Sie den zweiten Faktor noch einmal ein.",
  removeHint: "Um ihn zu entfernen, geben Sie einen letzten Code ein.",
  remove: "Zweiten Faktor entfernen",
  removed: "Der zweite Faktor ist entfernt.",
};
